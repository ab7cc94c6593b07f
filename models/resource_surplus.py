"""What the bank moved in a payment besides what it settles, a fee or a surplus, as money spent or received (S1.26).

No document bears it, so at Xero it is a BankTransaction beside the Payment: the two together are what the bank moved.
Unlike an overpayment such a one can be deleted, and keeps its Reference (Xero: BankTransactions).
"""

from odoo import models

from .codec.digest import digest_of
from .codec.money import decimal
from .codec.received import ENDED, day, number
from .matching_source import RATE_DIGITS
from .problems import Problem
from .resource import Element
from .resource_overpayments import POSTED, TRANSACTIONS
from .write_off import WriteOffs

DELETED = digest_of({"Status": "DELETED"})
TYPES = {"outbound": ("SPEND", "purchase"), "inbound": ("RECEIVE", "sale")}


class XeroResourceSurplus(models.AbstractModel):
    _name = "xero.resource.surplus"
    _inherit = "xero.resource.overpayments"
    _description = "Xero Money Besides a Payment"

    _resource = "MoneyBesides"  # BankTransactions at Xero; those of expenses are told apart by it
    _id_key = "BankTransactionID"

    def _wanted(self, records):
        """Those with an entry that holds more than the bank and the partner; and what has a link already."""
        several = super()._wanted(records).filtered(lambda payment: len(payment.move_id.line_ids) > 2)
        return several | self._with_link(records - several)

    # ---- encoding ---------------------------------------------------------------------------------

    def _encode_one(self, organisation, run, payment, link):
        living = link and link.xero_id and link.xero_status not in ENDED
        if payment.state not in POSTED or payment.move_id.state != "posted":
            return self._encode_end(link) if living and payment.state in ("canceled", "rejected") else None
        write_offs = WriteOffs(organisation, payment.move_id)
        amount = -write_offs.totals[payment.move_id] if write_offs.is_more(payment.move_id) else decimal(0)
        if living:
            said = link.remote or {}
            same = round(decimal(link.xero_total), 2) == amount and said.get("date") == str(payment.date)
            return None if same else self._encode_end(link)
        return self._encode_besides(organisation, run, payment, write_offs, amount) if amount else None

    def _encode_end(self, link):
        remote = link.remote or {}
        payload = {"BankTransactionID": link.xero_id, "Status": "DELETED"} | remote.get("says", {})
        return Element(link.res_id, payload, DELETED, create=False, path=f"{TRANSACTIONS}/{link.xero_id}")

    def _gone(self, organisation, link):
        if not link.xero_id:
            return None
        if link.xero_status in ENDED or not organisation._pushes(self._kind):
            return Problem("record_gone")
        return self._encode_end(link)

    def _encode_besides(self, organisation, run, payment, write_offs, amount):
        kind, side = TYPES[payment.payment_type]
        lines = write_offs.lines[payment.move_id]
        plain = payment.currency_id == (payment.journal_id.currency_id or payment.company_id.currency_id) and not (
            lines.tax_ids or lines.tax_line_id or any(line.balance * lines[0].balance < 0 for line in lines)
        )
        if not plain:
            shown = f"{amount:.2f} {payment.currency_id.name}"
            names = ", ".join(lines.account_id.mapped("display_name"))
            raise Problem("write_off_surplus", payment=payment.name, amount=shown, account=names)
        resolver = run.resolver_of(organisation)
        bank = resolver.journal(payment.journal_id.id)
        organisation._check_open(payment.date)
        payload = {
            "Type": kind, "Contact": {"ContactID": self._contact_id(organisation, payment)},
            "BankAccount": {"AccountID": bank.xero_id}, "Date": str(payment.date),
            "Reference": (payment.name or "")[:255], "LineAmountTypes": "NoTax",
            "CurrencyCode": payment.currency_id.name,
            "LineItems": [self._line(resolver, line, side) for line in lines],
        }  # fmt: skip
        base = abs(sum(map(decimal, lines.mapped("balance")), decimal(0)))
        if payment.currency_id != organisation.company_id.currency_id and base:
            resolver.currency(payment.currency_id.name)
            payload["CurrencyRate"] = round(amount / base, RATE_DIGITS)
        return Element(payment.id, payload, digest_of(payload), create=True, path=TRANSACTIONS,
                       told={"journal_id": payment.journal_id.id})  # fmt: skip

    def _line(self, resolver, line, side):
        account = resolver.account(None, (), line.account_id.id, side)
        code = {"AccountCode": account.code} if account.code else {"AccountID": account.xero_id}
        amount = abs(round(decimal(line.amount_currency), 2))
        return {"Description": line.name or "-", "Quantity": 1, "UnitAmount": amount, "TaxType": "NONE"} | code

    def _refunded(self, payment):
        return decimal(0)

    # ---- answers ----------------------------------------------------------------------------------

    def _is_ours(self, payload, item):
        if payload.get("Status") == "DELETED":
            return item.get(self._id_key) == payload[self._id_key]
        return item.get("Reference", "") == payload["Reference"]

    def _link_values(self, note, item):
        """The day, because a transaction of another day is another one; and what Xero wants to hear again when it is
        taken back."""
        values = super()._link_values(note, item)
        payment = self.env[self._res_model].browse(note["res_id"]).exists()
        remote = {"says": said_again(item)} | ({"date": str(payment.date)} if payment else {})
        return values | {"remote": values["remote"] | remote}

    def _agreed_values(self, note, item):
        """One that was taken back because it is another one now goes again at once."""
        values = super()._agreed_values(note, item)
        payment = self.env[self._res_model].browse(note["res_id"]).exists()
        if values["outcome"] == "gone" and payment.state in POSTED:
            values |= self._again()
        return values

    def _reached(self, payload, item):
        return payload.get("Status") == "DELETED" and self._ends(item)

    def _find(self, organisation, run, payloads, sent_at):
        """By its id, or by the reference that we gave it."""
        found = []
        for payload in payloads:
            if payload.get("Status") == "DELETED":
                where = f'{self._id_key}==guid("{payload[self._id_key]}")'
            else:
                quoted = payload["Reference"].replace("\\", "\\\\").replace('"', '\\"')
                where = f'Type=="{payload["Type"]}" AND Reference=="{quoted}"'
            items = [
                item for answer in organisation._call_pages(run, TRANSACTIONS, where=where) for item in answer.items
            ]
            found.append(next((item for item in items if self._says_same(organisation, payload, item)), None))
        return found

    def _says_same(self, organisation, payload, item):
        if payload.get("Status") == "DELETED":
            return True
        amount = sum((decimal(line["UnitAmount"]) for line in payload["LineItems"]), decimal(0))
        mine = number(item.get("Total")) == amount and day(item.get("Date")) == payload["Date"]
        return mine and not self._ends(item) and not self._taken_ids(organisation, [item.get(self._id_key)])

    # ---- coming in --------------------------------------------------------------------------------

    def _reads(self, organisation):
        return False  # whose spending a bank transaction was, Xero does not tell


def said_again(transaction):
    """:param dict transaction: as Xero answered it. :rtype: dict"""
    bank = transaction.get("BankAccount") or {}
    lines = [
        {"LineItemID": line.get("LineItemID"), "Description": line.get("Description") or "-",
         "Quantity": float(line.get("Quantity") or 1), "UnitAmount": float(line.get("UnitAmount") or 0)}
        | {key: line[key] for key in ("AccountCode", "AccountID", "TaxType") if line.get(key)}
        for line in transaction.get("LineItems") or ()
    ]  # fmt: skip
    return {
        "Type": transaction.get("Type"), "BankAccount": {"AccountID": bank.get("AccountID")}, "LineItems": lines,
    }  # fmt: skip
