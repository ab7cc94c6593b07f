"""The outbox: "record R may owe organisation O something". Users append, the worker consumes."""

from odoo import api, fields, models
from odoo.tools import SQL

# Key of the context in which a worker writes what an organisation's Xero says: the id of that organisation.
TAKING_IN = "xero_taking_in"
# Data of a change to a document that was posted before: no reason to send what is not in Xero.
EDITED = {"edited": True}


class XeroChange(models.Model):
    """A row is only ever inserted by a user and deleted by the worker: nobody waits for anybody.

    *needed* is the worker's own: a document needs the record at Xero before it can go itself. *touched* is for what
    may be on its way to Xero for the first time, in a transaction that the user's cannot see. Else the worker drops it.
    """

    _name = "xero.change"
    _description = "Xero Change"
    _order = "id"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True)
    resource = fields.Char(required=True, help="Xero's name of what it concerns: Contacts, Invoices, ...")
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    kind = fields.Selection(
        [
            ("changed", "The record changed"),
            ("touched", "The record changed; only the worker knows whether Xero has it"),
            ("needed", "Another record needs it"),
            ("deleted", "It was deleted; the data says what that means in Xero"),
            ("retry", "A person asked for another try"),
            ("match", "A person chose its counterpart"),
            ("create", "A person said that no counterpart exists"),
            ("exempt", "A person took it out of the sync"),
            ("include", "A person put it back"),
            ("remap", "A mapping changed"),
            ("take_odoo", "A person said that Odoo's counts"),
            ("take_xero", "A person said that Xero's counts"),
            ("ignore", "A person said that it may differ"),
        ],
        required=True,
        default="changed",
    )
    link_id = fields.Many2one(
        "xero.link", ondelete="cascade", index="btree_not_null",
        help="Given where the change is about what Xero says, not about the record.",
    )  # fmt: skip
    by_hand = fields.Boolean(help="A person asked for this one: it goes even while auto-sync is off.")
    data = fields.Json(
        help="What the decision says: {xero_id} of a match, {name} of a create, {reason} of an exemption, "
        "{saw: fingerprint of the difference} of a word about it, {edited} of what was posted before, {ended} or "
        "{into: id of the partner that it was merged into} of what was deleted."
    )

    _queue_idx = models.Index("(organisation_id, resource, id)")
    _record_idx = models.Index("(res_model, res_id)")

    @api.model
    def _append(self, records, kind="changed", by_hand=False, data=None, organisations=None, besides=()):
        """Note that ``records`` may owe something to their organisations and wake the workers, in this transaction.

        One INSERT, no lock, no look at what the worker owns.

        :param records: recordset of a model that a ``xero.resource`` serves
        :param organisations: only to these; by default to every connected organisation that a record belongs to
        :param besides: not what these links speak of
        :return: the new changes, in superuser mode
        """
        vals_list = []
        if not records:
            return self.sudo().browse()
        woken = self.env["xero.organisation"].sudo()
        taken_from = self.env.context.get(TAKING_IN)  # what a worker takes over from Xero is owed to all others only
        left_out = {(link.organisation_id.id, link.resource, link.res_model, link.res_id) for link in besides}
        for resource in self.env["xero.resource"]._serving(records._name):
            belonging = resource._by_organisation(records, organisations, kind)
            for organisation, mine in belonging:
                if organisation.id == taken_from:
                    continue
                key = organisation.id, resource._resource, resource._res_model
                mine = mine.filtered(lambda record, key=key: (*key, record.id) not in left_out)
                vals_list += resource._change_values(organisation, mine, kind=kind, by_hand=by_hand, data=data)
                woken |= organisation
            if kind in ("changed", "deleted") and organisations is None:
                for organisation, mine in resource._perhaps_on_their_way(records, belonging):
                    if organisation.id == taken_from:
                        continue
                    vals_list += resource._change_values(organisation, mine, kind="touched")
        # sudo: whoever may change a record may note that it changed, without a right on the integration.
        changes = self.sudo().create(vals_list) if vals_list else self.sudo().browse()
        woken._wake(by_hand=by_hand)
        return changes

    @api.model
    def _append_to_links(self, links, kind, data=None):
        """Note a decision about what Xero says; whether the user may is for the caller to ask.

        :param links: ``xero.link`` records, also of what is only in Xero so far
        :param dict data: {link id: data of the change}
        :return: the new changes, in superuser mode
        """
        # sudo: as above
        changes = self.sudo().create([
            {
                "organisation_id": link.organisation_id.id, "company_id": link.company_id.id, "link_id": link.id,
                "resource": link.resource, "res_model": link.res_model, "res_id": link.res_id, "kind": kind,
                "by_hand": True, "data": (data or {}).get(link.id),
            }
            for link in links.sudo()
        ])  # fmt: skip
        changes.organisation_id._wake(by_hand=True)
        return changes

    @api.model
    def _consume(self, change_ids):
        """The worker is done with these. Nothing hangs on a change, so the ORM's care for what does is spared."""
        if change_ids:
            self.env.cr.execute(SQL("DELETE FROM xero_change WHERE id IN %s", tuple(change_ids)))
            self.browse(change_ids).invalidate_recordset(flush=False)
