"""Money that is matched with nothing as Xero's Overpayments; what it is matched with later are their allocations.

What moved here is what moved there: the Payments of an ``account.payment`` and its Overpayment together come to it.
"""

from datetime import timedelta

from odoo import fields, models

from .codec.digest import digest_of
from .codec.money import decimal
from .codec.received import ENDED, day, number
from .matching import control_lines, partials_of, refund_of
from .problems import Problem
from .resource import Element
from .write_off import WriteOffs

CLOCKS = timedelta(minutes=15)
TYPES = {("inbound", "customer"): "RECEIVE-OVERPAYMENT", ("outbound", "supplier"): "SPEND-OVERPAYMENT"}
TRANSACTIONS = "BankTransactions"
DELETED = digest_of({"Status": "DELETED"})
POSTED = ("in_process", "paid")


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    send_unmatched = fields.Boolean(
        "Send unmatched payments", default=True, tracking=True,
        help="What customers paid and what was paid to vendors, as far as it is matched with no document, stands in "
        "Xero as an overpayment. Off: it goes when it is matched.",
    )  # fmt: skip


class XeroResourceOverpayments(models.AbstractModel):
    _name = "xero.resource.overpayments"
    _inherit = "xero.resource"
    _description = "Xero Overpayments"

    _resource = "Overpayments"
    _res_model = "account.payment"
    _id_key = "OverpaymentID"
    _kind = "payments"

    # ---- whose ------------------------------------------------------------------------------------

    def _wanted(self, records):
        routes = self.env["xero.organisation"]._routes
        return records.filtered(lambda payment: payment.partner_id and routes(payment.company_id.id))

    def _organisation_ids(self, records):
        """Where its journal is mapped, else where documents of the journal go."""
        Organisation = self.env["xero.organisation"]
        # sudo: the mapping decides where it goes, whoever makes it.
        mappings = self.env["xero.journal.mapping"].sudo().search(
            [("journal_id", "in", records.journal_id.ids), ("organisation_id.active", "=", True)], order="id"
        )
        mapped = {}
        for mapping in mappings:
            mapped.setdefault(mapping.journal_id.id, mapping.organisation_id.id)
        found = {}
        for payment in records:
            there = mapped.get(payment.journal_id.id)
            route = [there] if there else Organisation._route(payment.company_id.id, payment.journal_id.id)[:1]
            for organisation_id in route:
                found.setdefault(organisation_id, []).append(payment.id)
        return [(organisation_id, records.browse(ids)) for organisation_id, ids in found.items()]

    # ---- encoding ---------------------------------------------------------------------------------

    def _encode(self, organisation, run, records, links):
        recorded_by = organisation._recorded_by()
        prepaid = self._linked(organisation, records, "Prepayments")
        outcomes = {}
        for payment in records:
            try:
                outcomes[payment.id] = (
                    None if payment.id in prepaid or recorded_by.get(payment.journal_id.id) == "xero"
                    else self._encode_one(organisation, run, payment, links.get(payment.id))
                )  # fmt: skip
            except Problem as problem:
                outcomes[payment.id] = problem
        return outcomes

    def _linked(self, organisation, payments, resource):
        return set(self.env["xero.link"].search_fetch([
            ("organisation_id", "=", organisation.id), ("resource", "=", resource), ("xero_id", "!=", False),
            ("res_model", "=", self._res_model), ("res_id", "in", payments.ids),
        ], ["res_id"]).mapped("res_id"))  # fmt: skip

    def _encode_one(self, organisation, run, payment, link):
        living = link and link.xero_id and link.xero_status not in ENDED
        if payment.state not in POSTED or payment.move_id.state != "posted":
            return self._encode_end(link) if living and payment.state in ("canceled", "rejected") else None
        rest = self._rest_of_money(organisation, payment)
        if living:
            return self._encode_again(organisation, payment, link, rest)
        if not self._goes_as_credit(organisation, payment):
            return None
        return self._encode_new(organisation, run, payment, rest + self._refunded(payment))

    def _goes_as_credit(self, organisation, payment):
        """Whether money goes that is no payment of a document: it is matched with nothing, or went back."""
        if not organisation.send_unmatched or self._type_of(payment) not in TYPES.values():
            return False
        if organisation._recorded_by().get(payment.journal_id.id) == "xero" or payment.state not in POSTED:
            return False
        return bool(self._rest_of_money(organisation, payment) or self._refunded(payment))

    def _refunded(self, payment):
        """What went back of it: at Xero, a payment on the credit. :rtype: Decimal"""
        refunds = [refund for partial in partials_of(payment.move_id) if (refund := refund_of(partial))]
        mine = [refund for refund in refunds if refund.document == payment.move_id]
        return round(sum((decimal(refund.amount) for refund in mine), decimal(0)), 2)

    def _type_of(self, payment):
        return TYPES.get((payment.payment_type, payment.partner_type))

    def _rest(self, payment):
        """What is matched with nothing, in the payment's currency. :rtype: Decimal"""
        residual = sum(map(decimal, control_lines(payment.move_id).mapped("amount_residual_currency")), decimal(0))
        return abs(round(residual, 2))

    def _rest_of_money(self, organisation, payment):
        """The same without what was written off and is taken from no document yet: no money that moved."""
        rest = self._rest(payment)
        if not rest:
            return rest
        return max(rest - WriteOffs(organisation, payment.move_id).unshared(payment.move_id), decimal(0))

    def _allocated(self, organisation, payment):
        """What of it is in Xero as credit, or about to be: matched, but no payment of its own there."""
        lines, partials = control_lines(payment.move_id), partials_of(payment.move_id)
        links = self.env["xero.link"].search_fetch([
            ("organisation_id", "=", organisation.id), ("resource", "=", "Payments"), ("xero_id", "!=", False),
            ("res_model", "=", partials._name), ("res_id", "in", partials.ids), ("xero_status", "!=", "DELETED"),
            ("parent_xero_id", "not in", self._ids_of(organisation, payment)),
        ], ["res_id", "remote"])  # fmt: skip
        members = (member for link in links for member in (link.remote or {}).get("partials") or ())
        paid = {*links.mapped("res_id"), *members}
        credit = partials.filtered(lambda partial: partial.id not in paid)
        receivable = lines.account_id[:1].account_type == "asset_receivable"
        amounts = credit.mapped("credit_amount_currency" if receivable else "debit_amount_currency")
        write_offs = WriteOffs(organisation, payment.move_id)
        written_off = sum((write_offs.shares.get(partial.id, 0) for partial in credit), decimal(0))
        return round(sum(map(decimal, amounts), decimal(0)) - written_off, 2)

    def _ids_of(self, organisation, payment):
        """Xero's ids of the credit that ``payment`` is: refunds of it are no payments of its own."""
        return self.env["xero.link"].search([
            ("organisation_id", "=", organisation.id), ("res_model", "=", self._res_model),
            ("res_id", "=", payment.id), ("xero_id", "!=", False),
        ]).mapped("xero_id")  # fmt: skip

    def _encode_again(self, organisation, payment, link, rest):
        """More or less of it is free than Xero has as credit: as long as none of that is used, it is made anew."""
        allocated = self._allocated(organisation, payment)
        ours = rest + allocated
        theirs = round(decimal(link.xero_total), 2)
        if ours == theirs:
            return None
        if allocated or not (link.remote or {}).get("transaction"):
            raise Problem("overpayment_differs", ours=str(ours), theirs=str(theirs), payment=payment.name)
        return self._encode_end(link)

    def _encode_end(self, link):
        remote = link.remote or {}
        transaction = remote.get("transaction")
        if not transaction:
            raise Problem("overpayment_remains")
        payload = {"BankTransactionID": transaction, "Status": "DELETED"} | remote.get("says", {})
        return Element(link.res_id, payload, DELETED, create=False, path=f"{TRANSACTIONS}/{transaction}")

    def _encode_new(self, organisation, run, payment, rest):
        account = run.resolver_of(organisation).journal(payment.journal_id.id)
        organisation._check_open(payment.date)
        payload = {
            "Type": self._type_of(payment), "Contact": {"ContactID": self._contact_id(organisation, payment)},
            "BankAccount": {"AccountID": account.xero_id}, "Date": str(payment.date),
            "Reference": (payment.name or "")[:255], "LineAmountTypes": "NoTax",
            "CurrencyCode": payment.currency_id.name,
            "LineItems": [{"Description": payment.memo or payment.name, "Quantity": 1, "UnitAmount": rest}],
        }  # fmt: skip
        base = abs(decimal(payment.amount_company_currency_signed))
        if payment.currency_id != organisation.company_id.currency_id and base:
            run.resolver_of(organisation).currency(payment.currency_id.name)
            payload["CurrencyRate"] = round(decimal(payment.amount) / base, 6)
        return Element(payment.id, payload, digest_of(payload), create=True, path=TRANSACTIONS,
                       told={"journal_id": payment.journal_id.id})  # fmt: skip

    def _contact_id(self, organisation, payment):
        partner = payment.partner_id.commercial_partner_id
        link = self.env["xero.link"].search([
            ("organisation_id", "=", organisation.id), ("resource", "=", "Contacts"),
            ("res_model", "=", "res.partner"), ("res_id", "=", partner.id),
        ])  # fmt: skip
        if link.xero_id:
            return link.xero_id
        if not link and not organisation._pushes("contacts"):
            raise Problem("contact_not_sent", contact=partner.display_name)
        again = False
        if not link:
            self.env["xero.resource.contacts"]._needs_of_partners(organisation, [(partner.id, True)])
            again = fields.Datetime.now()
        raise Problem("contact_first", contact=partner.display_name, waiting_for_id=link.id, next_attempt=again)

    def _gone(self, organisation, link):
        if not link.xero_id:
            return None
        if link.xero_status in ENDED or not organisation._pushes(self._kind):
            return Problem("record_gone")
        try:
            return self._encode_end(link)
        except Problem as problem:
            return problem

    # ---- answers ----------------------------------------------------------------------------------

    def _is_ours(self, payload, item):
        if payload.get("Status") == "DELETED":
            return item.get("BankTransactionID") == payload["BankTransactionID"]
        return item.get("Reference", "") == payload["Reference"]

    def _ends(self, item):
        return item.get("Status") in ENDED

    def _facts(self, item):
        facts = {"xero_status": item.get("Status") or False, "xero_number": item.get("Reference") or False}
        if item.get("Total") is not None:
            facts["xero_total"] = float(item["Total"])
        if item.get("RemainingCredit") is not None:
            facts["xero_due"] = float(item["RemainingCredit"])
        return facts

    def _link_values(self, note, item):
        values = super()._link_values(note, item)
        return values | ({"remote": remembered(item)} if item.get("BankTransactionID") else {})

    def _agreed_values(self, note, item):
        """One that was taken back because another sum is free now goes again at once."""
        values = super()._agreed_values(note, item)
        payment = self.env[self._res_model].browse(note["res_id"]).exists()
        if values["outcome"] == "gone" and payment.state in POSTED:
            values |= self._again()
        return values

    def _reached(self, payload, item):
        return payload.get("Status") == "DELETED" and self._ends(item)

    def _find(self, organisation, run, payloads, sent_at):
        """By its transaction, or by the reference that we gave it."""
        found = []
        for payload in payloads:
            if payload.get("Status") == "DELETED":
                where = f'BankTransactionID==guid("{payload["BankTransactionID"]}")'
            else:
                quoted = payload["Reference"].replace("\\", "\\\\").replace('"', '\\"')
                where = f'Type=="{payload["Type"]}" AND Reference=="{quoted}"'
            items = [
                item for answer in organisation._call_pages(run, TRANSACTIONS, where=where) for item in answer.items
            ]
            found.append(next((item for item in items if self._same(organisation, payload, item)), None))
        return found

    def _same(self, organisation, payload, item):
        if payload.get("Status") == "DELETED":
            return True
        amount = decimal(payload["LineItems"][0]["UnitAmount"])
        mine = number(item.get("Total")) == amount and day(item.get("Date")) == payload["Date"]
        return mine and not self._ends(item) and not self._taken_ids(organisation, [item.get(self._id_key)])

    def _remote_values(self, item):
        """Of a transaction as of the overpayment that it made: both are answers about the same."""
        return {
            "ended": self._ends(item), "total": str(round(number(item.get("Total")), 2)), "date": day(item.get("Date")),
        }  # fmt: skip


def remembered(transaction):
    """What Xero wants to hear again when its transaction is taken back. :rtype: dict"""
    bank = transaction.get("BankAccount") or {}
    lines = [
        {"LineItemID": line.get("LineItemID"), "Description": line.get("Description") or "-",
         "Quantity": float(line.get("Quantity") or 1), "UnitAmount": float(line.get("UnitAmount") or 0)}
        for line in transaction.get("LineItems") or ()
    ]  # fmt: skip
    return {
        "transaction": transaction["BankTransactionID"],
        "says": {"Type": transaction.get("Type"), "BankAccount": {"AccountID": bank.get("AccountID")},
                 "LineItems": lines},
    }  # fmt: skip
