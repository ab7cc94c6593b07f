"""What the tests of payments, allocations and overpayments share."""

from odoo import Command

from .both_ways import BothWaysCommon


class PaymentsCommon(BothWaysCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.mapping = cls.map_journal(cls.bank, "090")
        cls.directions("both", contacts="push")
        cls.partner = cls.customer()

    def dollars(self, rates):
        """US dollars, in use on both sides. :param dict rates: {day: dollars per dollar of the company's}"""
        self.sim.organisation("NZ", add_currency="USD")
        self.organisation._refresh_reference()
        usd = self.env.ref("base.USD")
        usd.active = True
        self.env["res.currency.rate"].create([
            {"currency_id": usd.id, "company_id": self.env.company.id, "name": day, "rate": rate}
            for day, rate in rates.items()
        ])  # fmt: skip
        return usd

    # ---- Odoo -----------------------------------------------------------------------------------

    def sold(self, price=100.0, **values):
        """A posted customer document of ``price`` without tax."""
        taxes = self.env["account.tax"]
        return self.invoice(self.partner, [self.line(price, taxes=taxes, account_id=self.income.id)], **values)

    def bought(self, price=100.0, **values):
        line = Command.create({
            "name": "Paper", "price_unit": price, "tax_ids": [Command.clear()], "account_id": self.expense.id,
        })  # fmt: skip
        return self.invoice(self.partner, [line], **({"move_type": "in_invoice", "ref": "S-1"} | values))

    def pay(self, *moves, amount=None, date="2026-06-10", later=None, **values):
        """Odoo's own wizard. :return: the payments"""
        lines = self.env["account.move"].union(*moves)
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=lines.ids
        ).create({"payment_date": date, "journal_id": self.bank.id} | values)  # fmt: skip
        if amount is not None:
            wizard.amount = amount
        for name, value in (later or {}).items():
            wizard[name] = value
        return wizard._create_payments()

    def money(self, amount=100.0, **values):
        """A posted payment that is matched with nothing."""
        payment = self.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": self.partner.id,
            "journal_id": self.bank.id, "amount": amount, "date": "2026-06-10", "memo": "On account",
        } | values)  # fmt: skip
        payment.action_post()
        return payment

    def match(self, *moves):
        """:return: the partial between them"""
        lines = self.env["account.move"].union(*moves).line_ids.filtered(
            lambda line: line.account_id.account_type in ("asset_receivable", "liability_payable")
        )
        before = lines.matched_debit_ids | lines.matched_credit_ids
        lines.filtered(lambda line: not line.reconciled).reconcile()
        return (lines.matched_debit_ids | lines.matched_credit_ids) - before

    def account_for_write_offs(self, mapped=True):
        """An account here, and one in Xero that takes payments."""
        written_off = self.expense.copy({"code": "400478", "name": "Written off"})
        self.sim.books("NZ", "Accounts", "PUT", {
            "Code": "4780", "Name": "Bad debts", "Type": "EXPENSE", "EnablePaymentsToAccount": True,
        })  # fmt: skip
        self.organisation._refresh_reference()
        if mapped:
            self.map_account(written_off, "4780")
        return written_off

    def undo(self, how, move, payment):
        """``how``: unmatch, cancel or delete"""
        if how == "unmatch":
            self.partials(move).unlink()
        elif how == "cancel":
            payment.action_cancel()
        else:
            payment.action_draft()
            payment.unlink()

    def partials(self, move):
        lines = move.line_ids.filtered(
            lambda line: line.account_id.account_type in ("asset_receivable", "liability_payable")
        )
        return lines.matched_debit_ids | lines.matched_credit_ids

    def links(self, records, resource="Payments"):
        return self.env["xero.link"].search([
            ("organisation_id", "=", self.organisation.id), ("resource", "=", resource),
            ("res_model", "=", records._name), ("res_id", "in", records.ids),
        ])  # fmt: skip

    def document_link(self, move):
        resource = "CreditNotes" if "refund" in move.move_type else "Invoices"
        return self.links(move, resource)

    # ---- Xero -----------------------------------------------------------------------------------

    def of_xero(self, resource="Payments", **wanted):
        """What stands in Xero's books; deleted payments do not."""
        items = self.sim.books("NZ", resource, page=1, pageSize=1000)[resource]
        return [
            item for item in items
            if item["Status"] != "DELETED" and all(item.get(key) == value for key, value in wanted.items())
        ]  # fmt: skip

    def there(self, move):
        """Xero's own document, by the link's id."""
        link = self.document_link(move)
        return self.sim.books("NZ", f"{link.resource}/{link.xero_id}")[link.resource][0]

    def due(self, move):
        """(what is open there, what is open here)"""
        item = self.there(move)
        return item.get("AmountDue", item.get("RemainingCredit")), move.amount_residual

    def paid_in_xero(self, move, amount, **values):
        link = self.document_link(move)
        target = {"CreditNote": {"CreditNoteID": link.xero_id}} if link.resource == "CreditNotes" else {
            "Invoice": {"InvoiceID": link.xero_id}
        }  # fmt: skip
        account = {"AccountID": self.account("090").xero_id}
        element = target | {"Account": account, "Date": "2026-06-12", "Amount": amount, "Reference": "By bank"} | values
        return self.in_books("Payments", **element)

    def void_there(self, link):
        """A person voids a credit in Xero: its API cannot."""
        self.sim.organisation("NZ", void_credit=link.xero_id)

    def assertQuiet(self):
        """A further cycle writes nothing, neither there nor here."""
        count = self.env["account.partial.reconcile"].search_count([])
        self.work_again()
        self.assertFalse(self.writes())
        self.assertFalse(self.sim.calls(method="DELETE"))
        self.assertEqual(self.env["account.partial.reconcile"].search_count([]), count)
        self.assertFalse(self.changes())
