"""Contacts that Xero merged: link and documents follow to the one that stays."""

from odoo import models
from odoo.tools import SQL

from .resource_take_in import Differs, Incoming
from .xero_link import NO_ERROR


class XeroResourceContacts(models.AbstractModel):
    _inherit = "xero.resource.contacts"

    def _note_merges(self, news, source):
        """Whatever becomes of it: documents of the partner name the contact that stays from now on. So do those of
        partners whose contact was merged into this one before."""
        organisation = source.organisation
        for one in news:
            target = source.received[one.item["ContactID"]].merged_to
            if not target:
                continue
            target = self.env["xero.contact"]._stays(organisation, target)
            before = self.env["xero.link"].search([
                ("organisation_id", "=", organisation.id), ("resource", "=", self._resource),
                ("id", "in", SQL(
                    "(SELECT id FROM xero_link WHERE organisation_id = %s AND remote->>'merged_to' = %s)",
                    organisation.id, one.item["ContactID"],
                )),
            ])  # fmt: skip
            for link in before | (one.link or before.browse()):
                link.remote = (link.remote or {}) | {"merged_to": target}

    def _bring_merge(self, organisation, run, record, incoming, contact):
        """The link follows to the contact that stays; where that has a partner of its own, a person decides."""
        link = incoming.link
        agreed = self._facts(incoming.item) | NO_ERROR | {
            "outcome": "synced", "remote_digest": incoming.digest, "remote_item": False
        }  # fmt: skip
        other = self._links_of(organisation, [contact.merged_to])
        partner = self.env["res.partner"].browse(other.res_id).exists()
        if incoming.forced or not record:
            return agreed
        if partner:
            texts = f"{record.display_name}, {partner.display_name}", partner.display_name
            raise Differs("ended", [{"label": "Contact", "odoo": texts[0], "xero": texts[1]}])
        other._free_waiting()
        other.unlink()
        link.write({"xero_id": contact.merged_to, "remote": self._new_life(link.remote or {}, True)})
        item = self._ask_for(organisation, run, link)
        if not item:
            return agreed | {"remote_digest": False}
        survivor = Incoming(item, self._remote_digest(item), link, incoming.forced)
        batch = run.contacts
        try:
            source = self._prepare_incoming(organisation, run, [survivor])
            values = self._bring_in(organisation, run, survivor, source)
            batch.notes |= source.notes
        finally:
            run.contacts = batch  # others of it are still to be taken over
        return values
