"""What payments and allocations have in common: a partial reconcile that is made and taken back, and never changed."""

from odoo import fields, models
from odoo.tools import SQL

from .account_partial_reconcile import UNMATCHED
from .codec.digest import digest_of
from .matching_source import MatchingSource
from .problems import Problem
from .xero_link import NO_ERROR

DOCUMENTS = ("xero.resource.invoices", "xero.resource.credit.notes")
DELETED = digest_of({"Status": "DELETED"})
AGREED = digest_of({})  # of what is never changed


class XeroResourceMatchings(models.AbstractModel):
    _name = "xero.resource.matchings"
    _inherit = "xero.resource"
    _description = "Xero Payments and Allocations"

    _res_model = "account.partial.reconcile"

    # ---- hooks ------------------------------------------------------------------------------------

    def _matching(self, partial):
        """The ``Matching`` that ``partial`` is for this resource, or None."""
        raise NotImplementedError

    def _encode_one(self, organisation, matching, link, source):
        """:rtype: Element | None
        :raise Problem:"""
        raise NotImplementedError

    # ---- whose ------------------------------------------------------------------------------------

    def _wanted(self, records):
        routes = self.env["xero.organisation"]._routes
        return records.filtered(lambda partial: routes(partial.company_id.id) and self._matching(partial))

    def _organisation_ids(self, records):
        """Where its document belongs, whatever journal the money is in."""
        documents = {partial.id: self._matching(partial).document for partial in records}
        moves = self.env["account.move"].union(*documents.values())
        found = {}
        for name in DOCUMENTS:
            resource = self.env[name]
            for organisation_id, mine in resource._organisation_ids(resource._wanted(moves)):
                found.setdefault(organisation_id, set()).update(mine._ids)
        return [
            (organisation_id, records.filtered(lambda partial, ids=ids: documents[partial.id].id in ids))
            for organisation_id, ids in found.items()
        ]

    def _going(self, organisation, records):
        """That something was taken back is noted whichever way it came: where it does not go, its link ends."""
        return records if self.env.context.get(UNMATCHED) else super()._going(organisation, records)

    # ---- encoding ---------------------------------------------------------------------------------

    def _versions(self, organisation, record_ids):
        """A matching does not change: it is there, or it is not."""
        return dict.fromkeys(self.env[self._res_model].browse(record_ids).exists().ids, "there")

    def _encode(self, organisation, run, records, links):
        if run.resolver is None or run.resolver_revision != organisation.mapping_revision:
            run.resolver, run.resolver_revision = organisation._mapping_resolver(), organisation.mapping_revision
        matchings = {partial.id: self._matching(partial) for partial in records}
        source = MatchingSource(organisation, run.resolver, list(filter(None, matchings.values())))
        outcomes = {}
        for partial_id, matching in matchings.items():
            link = links.get(partial_id)
            try:
                outcomes[partial_id] = self._encode_if_owed(organisation, matching, link, source)
            except Problem as problem:
                outcomes[partial_id] = problem
        return outcomes

    def _encode_if_owed(self, organisation, matching, link, source):
        """What is in Xero is agreed for good; a document that a person took out takes this with it."""
        if not matching or (link and link.xero_id and link.xero_status != "DELETED"):
            return None
        if matching.document.state != "posted" or matching.source.state != "posted":
            return None  # it goes when both are posted
        if source.is_exempt(matching.document, matching.source):
            return None
        return self._encode_one(organisation, matching, link, source)

    def _own_digest(self, organisation, run, record, link):
        return link.digest or AGREED

    def _ours_changed(self, organisation, run, record, link):
        return False

    # ---- answers ----------------------------------------------------------------------------------

    def _link_values(self, note, item):
        values = super()._link_values(note, item)
        return values | ({"remote": note["remote"]} if note["remote"] else {})

    def _reached(self, payload, item):
        return payload.get("Status") == item.get("Status") == "DELETED"

    # ---- coming in --------------------------------------------------------------------------------

    def _update_from(self, organisation, run, record, item, link, source):
        """What Xero never changes, neither do we."""

    def _compare(self, organisation, record, item):
        return []

    def _agreed_in(self, organisation, run, record, incoming):
        values = self._facts(incoming.item) | NO_ERROR | {
            "res_id": record.id, "xero_id": incoming.item[self._id_key], "outcome": "synced",
            "remote_digest": incoming.digest, "remote_item": False, "synced_at": fields.Datetime.now(),
            "digest": AGREED, "version": "there", "remote": self._remembered(record),
        }  # fmt: skip
        return values if incoming.link else values | {"from_xero": True}

    def _remembered(self, record):
        """What the link has to know when ``record`` is gone."""
        return {}


class XeroLink(models.Model):
    _inherit = "xero.link"

    def _free_waiting(self):
        """With a document, what hangs on it goes again: payments that waited before the document had a link, and those
        that were read before the document was."""
        result = super()._free_waiting()
        documents = self.filtered(lambda link: link.res_model == "account.move" and link.xero_id)
        if documents:
            self.browse(self._hanging_on(documents)).write({"next_attempt": fields.Datetime.now()})
        return result

    def _hanging_on(self, documents):
        """Ids of the links that wait for ``documents`` without naming them."""
        self.flush_model(["outcome", "error_code", "next_attempt", "parent_xero_id", "res_id"])
        rows = self.env.execute_query(SQL(
            """SELECT l.id FROM account_move_line line
                 JOIN account_partial_reconcile p ON p.debit_move_id = line.id OR p.credit_move_id = line.id
                 JOIN xero_link l ON l.res_model = 'account.partial.reconcile' AND l.res_id = p.id
                WHERE line.move_id IN %(moves)s AND l.organisation_id IN %(organisations)s
                  AND l.outcome = 'waiting' AND l.error_code = 'document_first'
               UNION
               SELECT id FROM xero_link
                WHERE organisation_id IN %(organisations)s
                  AND (parent_xero_id IN %(xero_ids)s OR remote_item #>> '{Invoice,InvoiceID}' IN %(xero_ids)s)
                  AND outcome = 'waiting' AND error_code = 'incoming_first'""",
            moves=tuple(documents.mapped("res_id")), organisations=tuple(documents.organisation_id.ids),
            xero_ids=tuple(documents.mapped("xero_id")),
        ))  # fmt: skip
        return [link_id for (link_id,) in rows]
