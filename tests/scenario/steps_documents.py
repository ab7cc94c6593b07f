"""Documents that somebody makes: invoices, bills, receipts and credit notes, on either side."""

from datetime import timedelta

from odoo import Command


class DocumentSteps:
    # ---- here -----------------------------------------------------------------------------------------

    def invoice_here(self, move_type="out_invoice", partner=None, currency=None):
        sale = move_type.startswith("out")
        partner = partner or self.partner(sale)
        day, name = self.day(), self.number("REF")
        move = self.env["account.move"].create({
            "move_type": move_type, "partner_id": partner.id, "invoice_date": day, "date": day,
            "invoice_date_due": day + timedelta(days=20),
            "currency_id": (currency or self.test.currencies[self.currency()]).id, "ref": name,
            "invoice_line_ids": [*self.text_line(), *(self.line_here(sale) for _n in range(self.random.randint(1, 4)))],
        })  # fmt: skip
        move.action_post()
        return f"{move.name} {move.amount_total} {move.currency_id.name} {move.partner_id.name}"

    def bill_here(self):
        return self.invoice_here("in_invoice")

    def receipt_here(self):
        return self.invoice_here(self.random.choice(["out_receipt", "in_receipt"]))

    def credit_note_here(self):
        """Mostly for somebody who has something open, in the same currency: it can be taken to that."""
        move_type = self.random.choice(["out_refund", "in_refund"])
        owing = self.pick(self.open_documents((move_type.replace("refund", "invoice"),)))
        if owing and owing.partner_id in self.living(owing) and self.chance(0.8):
            return self.invoice_here(move_type, owing.partner_id, owing.currency_id)
        return self.invoice_here(move_type)

    def living(self, move):
        return self.customers if move.is_sale_document(include_receipts=True) else self.suppliers

    def text_line(self):
        """Sometimes a heading, which comes to nothing."""
        kind = self.random.choice(["line_section", "line_note"])
        return [Command.create({"display_type": kind, "name": "In June"})] if self.chance(0.1) else []

    def line_here(self, sale):
        tax = self.random.choice(self.test.taxes["sale" if sale else "purchase"])
        return Command.create({
            "name": self.random.choice(["Work", "Hours", "Goods — naïve", "Travel"]),
            "quantity": self.random.choice([1, 2, 3, 2.5, 0.75]), "price_unit": self.amount(),
            "discount": self.random.choice([0, 0, 0, 10, 33.33]),
            "account_id": (self.test.income if sale else self.test.expense).id, "tax_ids": [Command.set(tax.ids)],
            "analytic_distribution": self.distribution(),
        })  # fmt: skip

    def distribution(self):
        """Mostly none; one region, or a line that is shared by two."""
        north, south = (str(account.id) for account in self.test.regions)
        return self.random.choice([
            False, False, False, False, {north: 100}, {south: 100}, {north: 60, south: 40},
            {north: 33.33, south: 66.67},
        ])  # fmt: skip

    # ---- there ----------------------------------------------------------------------------------------

    def invoice_there(self, kind="ACCREC", resource="Invoices", contact=None, currency=None):
        sale = kind.startswith("ACCREC")
        contact = contact or self.contact_there(sale)
        if not contact:
            return None
        day, currency = self.day(), currency or self.currency()
        number_key = "InvoiceNumber" if resource == "Invoices" else "CreditNoteNumber"
        element = {
            "Type": kind, "Contact": {"ContactID": contact}, number_key: self.number("X"), "Date": str(day),
            "Status": "DRAFT" if self.chance(0.1) else "AUTHORISED", "CurrencyCode": currency,
            "LineAmountTypes": self.random.choice(["Exclusive", "Exclusive", "Inclusive", "Inclusive", "NoTax"]),
            "LineItems": [self.line_there(sale, kind == "ACCREC") for _n in range(self.random.randint(1, 3))],
        }  # fmt: skip
        if resource == "Invoices":
            element["DueDate"] = str(day + timedelta(days=20))
        if currency != "NZD":
            element["CurrencyRate"] = self.test.rate_on(currency, day)
        made = self.books(resource, "PUT", element)
        return f"{kind} {made[number_key]} {made['Total']} {currency} {made['Status']}"

    def bill_there(self):
        return self.invoice_there("ACCPAY")

    def credit_note_there(self):
        kind = self.random.choice(["ACCRECCREDIT", "ACCPAYCREDIT"])
        types = ("out_invoice",) if kind == "ACCRECCREDIT" else ("in_invoice",)
        owing = self.pick(self.open_documents(types))
        if owing and owing.partner_id in self.living(owing) and self.chance(0.8):
            contact = self.test.contact_of(owing.partner_id)
            return self.invoice_there(kind, "CreditNotes", contact, owing.currency_id.name)
        return self.invoice_there(kind, "CreditNotes")

    def line_there(self, sale, discounts=False):
        rates = ["OUTPUT2", "OUTPUT2", "OUTPUT2", "TAX001", "NONE"] if sale else ["INPUT2", "INPUT2", "INPUT2", "NONE"]
        return {
            "Description": self.random.choice(["Advice", "Rent", "Cleaning"]),
            "Quantity": self.random.choice([1, 2, 1.5, 0.3333]),
            "UnitAmount": round(self.random.uniform(1, 700), 2), "AccountCode": "200" if sale else "429",
            "TaxType": self.random.choice(rates),
        } | ({"DiscountRate": 12.5} if discounts and self.chance(0.1) else {}) | self.tracking_there()  # fmt: skip

    def tracking_there(self):
        option = self.random.choice([None, None, None, "North", "South"])
        return {"Tracking": [{"Name": "Trade", "Option": option}]} if option else {}
