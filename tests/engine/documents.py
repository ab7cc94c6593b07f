"""What the tests of documents on both sides share: mappings, a linked contact, and a bookkeeper at work in Xero."""

from odoo import Command

from .common import EngineCommon


class DocumentsCommon(EngineCommon):
    def setUp(self):
        super().setUp()
        self.income = self.company_data["default_account_revenue"]
        self.expense = self.company_data["default_account_expense"]
        self.bought15 = self.env["account.tax"].create({
            "name": "GST 15 in", "amount": 15, "type_tax_use": "purchase", "tax_group_id": self.tax15.tax_group_id.id,
        })  # fmt: skip
        self.map_tax(self.bought15, "INPUT2", direction="purchase")
        self.organisation.expense_account_id = self.account("429")
        self.organisation.pull_from = False
        self.map_account(self.income, "200")
        self.map_account(self.expense, "429")
        # one document of ours, so that the contact is linked
        self.partner = self.customer()
        self.first = self.invoice(self.partner)
        self.work()
        self.contact_id = self.link(self.partner).xero_id
        self.directions("both", contacts="push", payments="off")

    def account(self, code):
        return self.organisation.account_ids.filtered(lambda account: account.code == code)

    def map_account(self, account, code, **values):
        return self.env["xero.account.mapping"].create({
            "organisation_id": self.organisation.id, "account_id": account.id,
            "xero_account_id": self.account(code).id,
        } | values)  # fmt: skip

    def in_books(self, resource, **element):
        """What a bookkeeper makes or changes in Xero. :return: Xero's own item"""
        method = "POST" if f"{resource[:-1]}ID" in element else "PUT"
        return self.sim.books("NZ", resource, method, element)[resource][0]

    def theirs(self, **values):
        lines = values.pop("lines", None) or [self.their_line()]
        return {
            "Type": "ACCREC", "Contact": {"ContactID": self.contact_id}, "InvoiceNumber": "INV-0042",
            "Date": "2026-06-03", "DueDate": "2026-07-03", "Status": "AUTHORISED", "Reference": "By phone",
            "LineItems": lines, "LineAmountTypes": "Exclusive",
        } | values  # fmt: skip

    def their_line(self, **values):
        return {
            "Description": "Advice", "Quantity": 3, "UnitAmount": 33.33, "AccountCode": "200", "TaxType": "OUTPUT2",
        } | values  # fmt: skip

    def work_again(self):
        """A further cycle, in which Xero is looked at again."""
        self.env["xero.cursor"].search([]).write({"due_at": False, "read_at": "2026-01-01"})
        self.sim.clear_calls()
        return self.work()

    def of(self, item, resource="Invoices"):
        link = self.env["xero.link"].search(
            [("organisation_id", "=", self.organisation.id), ("xero_id", "=", item[f"{resource[:-1]}ID"])]
        )
        return link, self.env["account.move"].browse(link.res_id).exists()

    def bill(self, **values):
        line = Command.create({
            "name": "Paper", "quantity": 2, "price_unit": 10, "tax_ids": [Command.set(self.bought15.ids)],
            "account_id": self.expense.id,
        })  # fmt: skip
        return self.invoice(self.partner, [line], **({"move_type": "in_invoice", "ref": "S-1"} | values))
