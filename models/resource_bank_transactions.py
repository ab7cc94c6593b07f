"""Expenses that the company paid: payments with an entry of their own, as Xero's BankTransactions of type SPEND (S1.3).

Pushed only: Xero does not tell whose spending a bank transaction was. What was sent is compared
(``resource_spending_sweep.py``).
"""

from datetime import timedelta

from odoo import models
from odoo.tools import SQL

from ..xero import errors
from .codec import bank_transaction as bank_transaction_codec
from .codec.digest import digest_of
from .resource import Element
from .resource_itemised import FINAL
from .resource_take_in import storable
from .spend_source import SpendSource

CLOCKS = timedelta(minutes=15)  # Xero's and ours need not agree
ENDED = {"Status": "DELETED"}
KEPT = ("sent", "journal")  # of what an element remembers, what its link does


class XeroResourceBankTransactions(models.AbstractModel):
    _name = "xero.resource.bank.transactions"
    _inherit = "xero.resource.itemised"
    _description = "Xero Bank Transactions"

    _resource = "BankTransactions"
    _res_model = "account.payment"
    _id_key = "BankTransactionID"
    _number_key = "Reference"
    _kind = "expenses"
    _not_changeable = ("spend_reconciled", "not_modifiable", "answer_differs", "answer_tax_differs")

    # ---- whose ----------------------------------------------------------------------------------

    def _wanted(self, records):
        """Money spent with nothing owed; and what was that before its entry was deleted."""
        spent = records.filtered(lambda payment: payment._xero_is_spending())
        return spent | self._with_link(records.filtered(lambda payment: not payment.move_id))

    def _going(self, organisation, records):
        """What leaves a bank whose money is recorded in Xero is entered there: sent, it would stand there twice."""
        going = super()._going(organisation, records)
        recorded_by = organisation._recorded_by() if going else {}
        return going.filtered(lambda payment: recorded_by.get(payment.journal_id.id) != "xero")

    def _append_needs(self, organisation, window):
        """The contacts of the next payments."""
        changes = self.env["xero.change"].search(
            [("organisation_id", "=", organisation.id), ("resource", "=", self._resource),
             ("res_model", "=", self._res_model), ("link_id", "=", False)]
            + ([] if organisation.auto_sync else [("by_hand", "=", True)]),
            limit=window, order="id",
        )  # fmt: skip
        by_hand = {change.res_id: change.by_hand for change in changes if not (change.data or {}).get("edited")}
        payments = self._going(organisation, self._wanted(self.env[self._res_model].browse(by_hand).exists()))
        rows = {}
        for payment in payments.filtered(lambda payment: payment.move_id.state == "posted"):
            partner_id = payment._xero_partner().id
            rows[partner_id] = rows.get(partner_id, False) or by_hand[payment.id]
        rows.pop(False, None)
        return self.env["xero.resource.contacts"]._needs_of_partners(organisation, list(rows.items()))

    # ---- encoding -------------------------------------------------------------------------------

    def _versions(self, organisation, record_ids):
        """The row versions of payment, entry and lines, what reverses it, and what else the payload is made of."""
        settings = f"{organisation.mapping_revision}/{organisation.get_base_url()}"
        for model in (self._res_model, "account.move", "account.move.line"):
            self.env[model].flush_model()
        rows = self.env.execute_query(SQL(
            """SELECT p.id, concat_ws(' ', p.xmin, p.ctid, p.write_date, m.xmin, m.ctid, m.write_date,
                      (SELECT string_agg(concat_ws(' ', r.id, r.state), ',' ORDER BY r.id)
                         FROM account_move r WHERE r.reversed_entry_id = m.id)),
                      (SELECT md5(string_agg(concat_ws(' ', l.xmin, l.ctid, l.write_date), ',' ORDER BY l.id))
                         FROM account_move_line l WHERE l.move_id = m.id)
                 FROM account_payment p LEFT JOIN account_move m ON m.id = p.move_id WHERE p.id IN %s""",
            tuple(record_ids),
        ))  # fmt: skip
        return {payment_id: f"{version}/{lines}/{settings}" for payment_id, version, lines in rows}

    def _source(self, organisation, run, records):
        return SpendSource(organisation, run.resolver_of(organisation), self._standing_among(records))

    def _standing_among(self, records):
        return records.filtered(lambda payment: payment.move_id.state == "posted" and not payment._xero_is_ended())

    def _encode_one(self, organisation, payment, link, source):
        if payment._xero_is_ended():
            return self._encode_end(payment.id, link, payment.name, source, payment.date)
        if payment.move_id.state != "posted":
            return None  # reset to draft: it goes again when it is posted, is deleted when it is cancelled
        built = bank_transaction_codec.build(source.spending(payment), source.bank(payment))
        digest = digest_of(built.payload)
        create = not (link and link.xero_id) or link.xero_status in FINAL
        if not create and link.digest == digest:
            return Element(payment.id, built.payload, digest, create=False)
        organisation._check_open(payment.date)
        payload = built.payload if create else {self._id_key: link.xero_id} | self._with_line_ids(built, link)
        told = {"number": payment.move_id.name, "currency": payment.currency_id.name}
        expected = {"Total": str(built.total), "TotalTax": str(built.tax)}
        return Element(
            payment.id, payload, digest, create, lines=built.line_keys, expected=expected, told=told,
            remote={"sent": storable(built.payload), "journal": payment.journal_id.id} | self._tracked_lines(payload),
        )  # fmt: skip

    def _encode_end(self, res_id, link, number, source=None, date=None):
        """Cancelled or deleted here is deleted there. Xero's file wants the whole transaction with its new status, and
        here there may be nothing left of it: what was sent last is kept on the link."""
        if not (link and link.xero_id):
            return None
        digest = digest_of(ENDED)
        if source and link.digest != digest:
            source.organisation._check_open(date)
        sent = (link.remote or {}).get("sent") or {}
        payload = sent | {self._id_key: link.xero_id} | ENDED
        told = {"number": number or link.xero_number}
        return Element(res_id, payload, digest, create=False, told=told, remote={"sent": sent})

    def _gone(self, organisation, link):
        """Deleted in Odoo: deleted in Xero too, unless expenses do not go there (any more)."""
        journal_id = (link.remote or {}).get("journal")
        recorded_there = organisation._recorded_by().get(journal_id) == "xero"
        if not link.xero_id or recorded_there or not organisation._pushes("expenses"):
            return super()._gone(organisation, link)
        return self._encode_end(link.res_id, link, link.xero_number)

    # ---- answers --------------------------------------------------------------------------------

    def _link_values(self, note, item):
        values = super()._link_values(note, item)
        said = {key: note["remote"][key] for key in KEPT if key in note["remote"]}
        return values | {"remote": values["remote"] | said}

    def _is_ours(self, payload, item):
        if self._id_key in payload:
            return item.get(self._id_key) == payload[self._id_key]
        if payload.get("Url"):
            return item.get("Url") == payload["Url"]
        contact_id = (item.get("Contact") or {}).get("ContactID")
        return (item.get("Reference"), contact_id) == (payload["Reference"], payload["Contact"]["ContactID"])

    def _find(self, organisation, run, payloads, sent_at):
        """An update by its id; new ones by their Url among all that changed since they were sent."""
        new = [payload for payload in payloads if self._id_key not in payload]
        since = sent_at - CLOCKS
        made = [
            item for answer in organisation._call_pages(run, self._resource, modified_since=since)
            for item in answer.items if not self._is_closed(item)
        ] if new else []  # fmt: skip
        return [
            next((item for item in made if self._is_ours(payload, item)), None)
            if self._id_key not in payload
            else self._look_at(organisation, run, payload[self._id_key])
            for payload in payloads
        ]

    def _look_at(self, organisation, run, xero_id):
        """Xero's copy as it is now; it has no list by ids. None when it is not there."""
        try:
            return organisation._call(run, "get_one", self._resource, xero_id).items[0]
        except errors.NotFound:
            return None
