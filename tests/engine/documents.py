"""What the tests of documents on both sides share: a linked contact, and what a bookkeeper enters in Xero."""

from odoo import Command

from .both_ways import BothWaysCommon


class DocumentsCommon(BothWaysCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # one document of ours, so that the contact is linked
        cls.partner = cls.customer()
        cls.first = cls.invoice(cls.partner)
        cls.work()
        cls.contact_id = cls.link(cls.partner).xero_id
        cls.directions("both", contacts="push", payments="off")

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
