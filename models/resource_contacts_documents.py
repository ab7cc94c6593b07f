"""Contacts as documents from Xero need them: which partner each is, brought along, and what waited for it."""

from odoo import fields, models
from odoo.tools import SQL

from .deleted_here import deleted_here, merged_here
from .resource_take_in import Incoming


class XeroResourceContacts(models.AbstractModel):
    _inherit = "xero.resource.contacts"

    def _partners_of(self, organisation, xero_ids):
        """:return dict: {ContactID: its partner here}; of a contact that was merged, there or here, the one of that
        which stays"""
        here = [("organisation_id", "=", organisation.id)]
        merged = self.env["xero.contact"].search_fetch(
            [*here, ("xero_id", "in", list(xero_ids)), ("merged_to", "!=", False)], ["xero_id", "merged_to"]
        )
        stays = {contact.xero_id: contact.merged_to for contact in merged}
        links = self.env["xero.link"].search_fetch([
            *here, ("resource", "=", self._resource), ("res_model", "=", self._res_model), ("res_id", "!=", 0),
            ("xero_id", "in", [*xero_ids, *stays.values()]),
        ], ["xero_id", "res_id"])  # fmt: skip
        there = self.env["res.partner"].browse(links.mapped("res_id")).exists()
        found = {link.xero_id: there.browse(link.res_id) for link in links if link.res_id in there._ids}
        found |= {old: found[new] for old, new in stays.items() if new in found}
        return found | self._merged_partners(organisation, set(xero_ids) - found.keys())

    def _merged_partners(self, organisation, xero_ids):
        """:return dict: {ContactID: partner that its own was merged into here}"""
        stays = merged_here(organisation, self._resource, xero_ids)
        there = self.env["res.partner"].browse(stays.values()).exists()
        return {xero_id: there.browse(res_id) for xero_id, res_id in stays.items() if res_id in there._ids}

    def _bring_for_documents(self, organisation, run, xero_ids):
        """Take in the contacts of documents that come, whatever else is let in (S2.6): archived since, of no chosen
        group. What is here already, waits, or was deleted here is not asked for.

        :param xero_ids: ContactIDs without a partner
        """
        here = [("organisation_id", "=", organisation.id), ("xero_id", "in", list(xero_ids))]
        merged = self.env["xero.contact"].search_fetch([*here, ("merged_to", "!=", False)], ["xero_id", "merged_to"])
        stays = {contact.xero_id: contact.merged_to for contact in merged}
        wanted = {stays.get(xero_id, xero_id) for xero_id in xero_ids}
        wanted -= set(self._links_of(organisation, list(wanted)).mapped("xero_id"))
        wanted -= deleted_here(organisation, self._resource, wanted)
        items = self._ask_for_all(organisation, run, sorted(wanted))
        if items:
            self.env["xero.contact"]._mirror(organisation, items)
            self._take_in(organisation, run, [Incoming(item, self._remote_digest(item), None) for item in items])
            organisation._follow_groups(items)

    def _free_documents(self, organisation, xero_ids):
        """Documents of Xero's that waited for these contacts, or for one that was merged into them, go again."""
        if xero_ids:
            self.env["xero.link"].flush_model(["next_attempt"])
            self.env.cr.execute(SQL(
                """UPDATE xero_link SET next_attempt = %(now)s
                    WHERE organisation_id = %(organisation)s AND error_code = 'incoming_contact'
                      AND (remote_item->'Contact'->>'ContactID' = ANY(%(ids)s)
                        OR remote_item->'Contact'->>'ContactID' IN (
                           SELECT xero_id FROM xero_contact
                            WHERE organisation_id = %(organisation)s AND merged_to = ANY(%(ids)s)))""",
                now=fields.Datetime.now(), organisation=organisation.id, ids=list(xero_ids),
            ))  # fmt: skip
            self.env["xero.link"].invalidate_model(["next_attempt"])
