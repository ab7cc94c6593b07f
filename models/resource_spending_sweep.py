"""Expenses that the company paid, compared with Xero's bank transactions (S1.4, S1.28).

What the bank shows in Xero is mostly the bookkeeper's own: only what is ours is compared, nothing is missed here.
"""

from odoo import models
from odoo.tools import SQL

from ..xero import dates
from .codec import bank_transaction as bank_transaction_codec
from .codec.refused import Refused
from .problems import Problem
from .resource_documents_in import dated_from
from .resource_documents_sweep import NOT_THERE, _money, _row
from .resource_itemised import FINAL
from .spend_source import SpendSource


class XeroResourceBankTransactions(models.AbstractModel):
    _inherit = "xero.resource.bank.transactions"

    def _sweeps(self, organisation):
        """Not before there is anything of ours."""
        return organisation._pushes("expenses") and bool(self._read_from(organisation))

    def _sweep_params(self, organisation):
        """From the oldest of ours on."""
        dated = dated_from(self._read_from(organisation))
        return {"where": f'Type=="SPEND" AND {dated["where"]}'}

    def _read_from(self, organisation):
        """The day of the oldest of ours; None: there are none."""
        self.env["xero.link"].flush_model(["xero_id", "outcome"])
        self.env[self._res_model].flush_model(["date"])
        [(oldest,)] = self.env.execute_query(SQL(
            """SELECT min(p.date) FROM xero_link l JOIN account_payment p ON p.id = l.res_id
                WHERE l.organisation_id = %s AND l.resource = %s AND l.res_model = 'account.payment'
                  AND l.xero_id IS NOT NULL AND l.outcome NOT IN ('exempt', 'gone')""",
            organisation.id, self._resource,
        ))  # fmt: skip
        return oldest

    # ---- a page ---------------------------------------------------------------------------------

    def _sweep_compare(self, organisation, items, links):
        """Each with what would be sent now; what could not be sent, the work list has."""
        mine = {link.res_id: link for link in links.values() if link.res_id and link.outcome == "synced"}
        busy = self._busy(organisation, list(mine))
        payments = self.env[self._res_model].browse(mine).exists().filtered(lambda payment: payment.id not in busy)
        standing = self._standing_among(payments)
        source = SpendSource(organisation, organisation._mapping_resolver(), standing)
        said = {item[self._id_key]: item for item in items}
        found = {}
        for payment in payments:
            item = said[mine[payment.id].xero_id]
            found[item[self._id_key]] = self._spending_difference(payment, payment in standing, item, source)
        return found

    def _compare(self, organisation, record, item):
        standing = self._standing_among(record)
        source = SpendSource(organisation, organisation._mapping_resolver(), standing)
        _reason, values = self._spending_difference(record, bool(standing), item, source) or ("", [])
        return values

    def _busy(self, organisation, payment_ids):
        """Of these, those with a change that is queued. :rtype: set"""
        changes = self.env["xero.change"].search_fetch([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource),
            ("res_model", "=", self._res_model), ("res_id", "in", payment_ids),
        ], ["res_id"])  # fmt: skip
        return set(changes.mapped("res_id"))

    def _spending_difference(self, payment, standing, item, source):
        """:return: (reason, values) or None"""
        ended, closed = payment._xero_is_ended(), self._is_closed(item)
        if ended or closed:
            row = _row("Status", payment.state, item.get("Status") or "")
            return None if ended and closed else ("ended", [row])
        if not standing:
            return None  # a draft: what it will say is not settled yet
        try:
            bank_id = source.bank(payment)
            built = bank_transaction_codec.build(source.spending(payment), bank_id)
        except (Problem, Refused):
            return None
        return self._values_apart(payment, built, bank_id, item)

    def _values_apart(self, payment, built, bank_id, item):
        theirs = item.get("Contact") or {}
        day = dates.parse_date(item.get("Date")) if item.get("Date") else None
        rows = [
            ("Number", built.payload[self._number_key], item.get(self._number_key) or ""),
            ("Total", _money(built.total), _money(item.get("Total"))),
            ("TotalTax", _money(built.tax), _money(item.get("TotalTax"))),
            ("Date", built.payload["Date"], str(day or "")),
        ]  # fmt: skip
        values = [_row(*row) for row in rows if row[1] != row[2]]
        if built.payload["Contact"]["ContactID"] != theirs.get("ContactID"):
            values.append(_row("Contact", payment._xero_partner().display_name, theirs.get("Name") or ""))
        account = item.get("BankAccount") or {}
        if account.get("AccountID") and account["AccountID"] != bank_id:
            values.append(_row("BankAccount", payment.journal_id.display_name, account.get("Name") or ""))
        return ("values", values) if values else None

    # ---- what Xero did not list -----------------------------------------------------------------

    def _sweep_absent(self, organisation, sweep, after, limit):
        """What stood there and does so no more."""
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """SELECT p.id, l.id, p.name, r.complete_name, p.date, p.amount, c.name
                 FROM xero_link l JOIN account_payment p ON p.id = l.res_id JOIN account_move m ON m.id = p.move_id
                 LEFT JOIN res_partner r ON r.id = p.partner_id
                 LEFT JOIN res_currency c ON c.id = p.currency_id
                WHERE l.organisation_id = %(organisation)s AND l.resource = %(resource)s
                  AND l.res_model = 'account.payment' AND l.xero_id IS NOT NULL AND l.res_id > %(after)s
                  AND m.state = 'posted' AND NOT COALESCE(l.xero_status, '') = ANY(%(final)s)
                  AND (l.outcome = 'synced' OR (l.outcome = 'conflict' AND l.error_code = ANY(%(known_missing)s)))
                  AND NOT EXISTS (SELECT FROM xero_sweep_seen s WHERE s.sweep_id = %(sweep)s AND s.link_id = l.id)
                  AND NOT EXISTS (SELECT FROM xero_change q WHERE q.res_model = 'account.payment' AND q.res_id = p.id
                                     AND q.organisation_id = %(organisation)s AND q.resource = %(resource)s)
                ORDER BY p.id LIMIT %(limit)s""",
            organisation=organisation.id, resource=self._resource, after=after, final=list(FINAL), sweep=sweep.id,
            limit=limit, known_missing=list(NOT_THERE),
        ))  # fmt: skip
        return [(row[0], row[1], _described(*row[2:])) for row in rows]

    # ---- what a person can decide -----------------------------------------------------------------

    def _objection(self, difference, kind):
        if kind == "take_xero":
            return self.env._(
                "Money spent goes from Odoo to Xero only. Change or cancel the payment here if Xero is right."
            )
        payment = self.env[self._res_model].browse(difference.res_id).exists()
        if payment.move_id.state == "draft":
            return self.env._("In Odoo it is a draft, which does not go to Xero. Post it or cancel it; then it goes.")
        return ""


def _described(name, partner, day, total, currency):
    rows = [
        ("Number", name or ""), ("Contact", partner or ""), ("Date", str(day or "")),
        ("Total", f"{_money(total)} {currency}"),
    ]  # fmt: skip
    return [_row(label, value, "") for label, value in rows]
