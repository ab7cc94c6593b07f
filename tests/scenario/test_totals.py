"""Any document, to the cent: real documents of Odoo's and of Xero's, with every kind of tax, through the real worker
and over HTTP (S1.24). What Odoo and Xero round otherwise stands on the rounding account, and nowhere else."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from .common import ScenarioCommon

BATCH = 10  # documents of one example: they go in a few calls
# The same examples in every run; what a document does wrong is told, not made smaller: each costs a worker's run.
FEW = settings(
    max_examples=6, derandomize=True, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
PLACES = {"NZD": 2, "JPY": 0, "KWD": 3}
SALE = ("out_invoice", "out_receipt", "out_refund")
TYPES = {"out_invoice": "ACCREC", "in_invoice": "ACCPAY", "out_refund": "ACCRECCREDIT", "in_refund": "ACCPAYCREDIT"}
CENT = 0.01


@st.composite
def lines_here(draw, sale, places):
    return draw(st.lists(st.fixed_dictionaries({
        "price_unit": st.decimals(0, 2000, places=min(places + 2, 4)).map(float),
        "quantity": st.sampled_from([1, 1, 2, 7, 0.5, 2.25, 33.33, -1]),
        "discount": st.sampled_from([0, 0, 0, 5, 12.5, 33.33, 100]),
        "taxes": st.sampled_from(("on top", "within", "two", "three", "compound", "compound within", "none") if sale
                                 else ("on top", "within", "none")),
    }), min_size=1, max_size=6))  # fmt: skip


@st.composite
def documents_here(draw):
    move_type = draw(st.sampled_from(["out_invoice", "out_invoice", "out_refund", "out_receipt", "in_invoice",
                                      "in_refund"]))  # fmt: skip
    currency = draw(st.sampled_from(["NZD", "NZD", "NZD", "JPY", "KWD"]))
    return {"type": move_type, "currency": currency, "lines": draw(lines_here(move_type in SALE, PLACES[currency]))}


@st.composite
def documents_there(draw):
    move_type = draw(st.sampled_from(sorted(TYPES)))
    sale = move_type in SALE
    return {
        "type": move_type, "currency": draw(st.sampled_from(["NZD", "NZD", "KWD"])),
        "mode": draw(st.sampled_from(["Exclusive", "Inclusive", "NoTax"])),
        "lines": draw(st.lists(st.fixed_dictionaries({
            "UnitAmount": st.decimals("0.5", 2000, places=4).map(float),
            "Quantity": st.sampled_from([1, 1, 2, 0.5, 2.25, 33.33, 0.3333]),
            "TaxType": st.sampled_from(("OUTPUT2", "two", "three", "compound", "NONE") if sale else ("INPUT2", "NONE")),
            "DiscountRate": st.sampled_from([0, 0, 12.5] if move_type == "out_invoice" else [0]),
        }), min_size=1, max_size=5)),
    }  # fmt: skip


@tagged("post_install", "-at_install")
class TestTotals(ScenarioCommon):
    def setUp(self):
        super().setUp()
        self.wins("odoo")
        self.make_currencies({"JPY": {"2020-01-01": 91.0}, "KWD": {"2020-01-01": 0.18}})
        self.partner = self.customer()
        self.numbers = 0

    def map_taxes(self):
        """Besides those of the scenario: three on one line, and one on top of another, on the price and within it."""
        result = super().map_taxes()
        three = self.of_components([("State", 4), ("City", 4.5), ("MCTD", 0.375)])
        compound = self.of_components([("Federal", 5), ("Provincial", 9.975, True)])
        self.names = {"two": "TAX001", "three": three, "compound": compound}
        make = self.tax15.copy
        taxes = {
            "three": make({"name": "State", "amount": 4}) + make({"name": "City", "amount": 4.5})
            + make({"name": "MCTD", "amount": 0.375}),
            "compound": make({"name": "Federal", "amount": 5, "include_base_amount": True, "sequence": 1})
            + make({"name": "Provincial", "amount": 9.975, "sequence": 2}),
        }  # fmt: skip
        within = {"price_include_override": "tax_included", "include_base_amount": True}
        taxes["compound within"] = make({"name": "Federal in", "amount": 5, "sequence": 1, **within}) + make(
            {"name": "Provincial in", "amount": 9.975, "sequence": 2, **within}
        )
        for name, several in taxes.items():
            self.map_tax(several, self.names[name.split()[0]])
        on_top, sold_within, two, none = self.taxes["sale"]
        bought, bought_within, _none = self.taxes["purchase"]
        self.taxes_of = {
            "sale": {"on top": on_top, "within": sold_within, "two": two, "none": none, **taxes},
            "purchase": {"on top": bought, "within": bought_within, "none": none},
        }  # fmt: skip
        return result

    def of_components(self, parts):
        """A rate in Xero. :return: its TaxType"""
        components = [{"Name": name, "Rate": rate, "IsCompound": bool(more)} for name, rate, *more in parts]
        element = {"Name": " and ".join(part[0] for part in parts), "ReportTaxType": "OUTPUT",
                   "TaxComponents": components}  # fmt: skip
        [made] = self.sim.books("NZ", "TaxRates", "PUT", element)["TaxRates"]
        self.organisation._refresh_reference()
        return made["TaxType"]

    def number(self):
        self.numbers += 1
        return f"T-{self.numbers:04}"

    # ---- out --------------------------------------------------------------------------------------------

    def test_any_document_of_odoos_comes_to_the_same_in_xero(self):
        """S1.24, S1.5: the total is Odoo's; the tax, too, or the cents stand on the rounding account"""
        seen = set()

        @FEW
        @given(
            st.lists(documents_here(), min_size=BATCH, max_size=BATCH),
            st.sampled_from(["round_per_line", "round_globally"]),
        )
        def check(documents, rounding):
            self.organisation.company_id.tax_calculation_rounding_method = rounding
            moves = [(self.made_here(document), document) for document in documents]
            for move, _document in moves:
                if move.amount_total >= 0:
                    move.action_post()
            self.cycle()
            for move, document in moves:
                if move.state == "posted":
                    seen.add(self.check_out(move, document))
            self.cycle()
            self.assertFalse(self.any_writes(), "a further cycle writes nothing")

        check()
        self.assertLessEqual({"the same", "rounded", "currency_decimals"}, seen)

    def made_here(self, document):
        side = "sale" if document["type"] in SALE else "purchase"
        return self.env["account.move"].create({
            "move_type": document["type"], "partner_id": self.partner.id, "invoice_date": "2026-06-01",
            "date": "2026-06-01", "invoice_date_due": "2026-06-20", "ref": self.number(),
            "currency_id": self.currencies[document["currency"]].id,
            "invoice_line_ids": [
                Command.create({
                    "name": line["taxes"], "price_unit": line["price_unit"], "quantity": line["quantity"],
                    "discount": line["discount"], "tax_ids": [Command.set(self.taxes_of[side][line["taxes"]].ids)],
                    "account_id": (self.income if side == "sale" else self.expense).id,
                })
                for line in document["lines"]
            ],
        })  # fmt: skip

    def check_out(self, move, document):
        """:return: what became of it"""
        link = self.link_of(move)
        told = f"{document} {[(line.price_subtotal, line.price_total) for line in move.invoice_line_ids]}"
        if link.outcome != "synced":
            self.assertEqual((link.error_code, document["currency"]), ("currency_decimals", "KWD"),
                             f"{link.error_message} {told}")  # fmt: skip
            amounts = [move.amount_total, *move.invoice_line_ids.mapped("price_subtotal"),
                       *move.invoice_line_ids.mapped("price_total")]  # fmt: skip
            self.assertTrue(any(abs(amount - round(amount, 2)) > 1e-6 for amount in amounts), told)
            return link.error_code
        item = self.there(link)
        code = self.organisation.rounding_account_id.code
        rounded = sum(line["LineAmount"] for line in item["LineItems"] if line.get("AccountCode") == code)
        same = move.currency_id.compare_amounts
        self.assertFalse(same(move.amount_total, item["Total"]), f"{item['Total']} {told}")
        self.assertFalse(same(move.amount_tax, item["TotalTax"] + rounded), f"{item['TotalTax']} {rounded} {told}")
        # Half a unit for each tax, and the tax on a unit of net: 0.5 × 7.63 yen with 15 % in it is 4 and no tax here.
        lines = move.invoice_line_ids
        taxes = sum(max(len(line.tax_ids), 1) + sum(line.tax_ids.mapped("amount")) / 50 for line in lines)
        most = (max(CENT, move.currency_id.rounding) * taxes + CENT * len(lines)) / 2
        self.assertLessEqual(abs(rounded), most + 1e-6, f"more than rounding: {rounded} {told}")
        return "rounded" if abs(rounded) > 1e-6 else "the same"

    def there(self, link):
        return self.sim.books("NZ", f"{link.resource}/{link.xero_id}")[link.resource][0]

    # ---- in ---------------------------------------------------------------------------------------------

    def test_any_document_of_xeros_comes_to_the_same_in_odoo(self):
        """S4.3, S1.5: total, tax and what is due are Xero's, however Odoo would round"""
        self.invoice(self.partner, [self.line(account_id=self.income.id)])
        self.cycle()
        contact = self.contact_of(self.partner)

        @FEW
        @given(
            st.lists(documents_there(), min_size=BATCH, max_size=BATCH),
            st.sampled_from(["round_per_line", "round_globally"]),
        )
        def check(documents, rounding):
            self.organisation.company_id.tax_calculation_rounding_method = rounding
            items = [(self.made_there(document, contact), document) for document in documents]
            self.cycle()
            for item, document in items:
                self.check_in(item, document)
            self.assertFalse(self.any_writes(), "what came from Xero does not go back")
            self.assertFalse(self.cycle())

        check()

    def made_there(self, document, contact):
        credit = document["type"].endswith("refund")
        resource, number_key = ("CreditNotes", "CreditNoteNumber") if credit else ("Invoices", "InvoiceNumber")
        code = "200" if document["type"] in SALE else "429"
        lines = [
            {"Description": "Work", "Quantity": line["Quantity"], "UnitAmount": line["UnitAmount"],
             "AccountCode": code, "TaxType": self.names.get(line["TaxType"], line["TaxType"])}
            | ({"DiscountRate": line["DiscountRate"]} if line["DiscountRate"] else {})
            for line in document["lines"]
        ]  # fmt: skip
        element = {
            "Type": TYPES[document["type"]], "Contact": {"ContactID": contact}, number_key: self.number(),
            "Date": "2026-06-03", "Status": "AUTHORISED", "CurrencyCode": document["currency"], "LineItems": lines,
            "LineAmountTypes": document["mode"],
        } | ({} if credit else {"DueDate": "2026-07-03"})  # fmt: skip
        return self.sim.books("NZ", resource, "PUT", element, unitdp=4)[resource][0]

    def check_in(self, item, document):
        xero_id = item.get("InvoiceID") or item["CreditNoteID"]
        link = self.env["xero.link"].search([
            ("organisation_id", "=", self.organisation.id), ("xero_id", "=", xero_id),
        ])  # fmt: skip
        self.assertEqual((link.outcome, link.error_message), ("synced", ""), document)
        move = self.env["account.move"].browse(link.res_id)
        amounts = (round(move.amount_total, 2), round(move.amount_tax, 2), round(move.amount_residual, 2))
        due = item.get("AmountDue", item.get("RemainingCredit"))
        self.assertEqual(amounts, (item["Total"], item["TotalTax"], due), document)
        self.assertEqual((move.state, move.currency_id.name), ("posted", document["currency"]))
        self.assertEqual(len(move.invoice_line_ids.filtered(lambda line: line.name == "Work")), len(document["lines"]))
