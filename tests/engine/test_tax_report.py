"""The tax return by rate says the same on both sides (S2.15)."""

from collections import Counter
from decimal import Decimal

from odoo.tests import tagged

from .common import EngineCommon

CENT = Decimal("0.01")
ROUNDING = "860"  # the account for what remains


def decimal(amount):
    return Decimal(str(amount)).quantize(CENT)


@tagged("post_install", "-at_install")
class TestTaxReport(EngineCommon):
    def setUp(self):
        super().setUp()
        self.inside = self.tax(15, "15 in the price", "OUTPUT2", price_include_override="tax_included")
        self.zero = self.tax(0, "Zero rated", "ZERORATED")
        self.exempt = self.tax(0, "Exempt", "NONE")
        self.levied = self.tax(15, "GST with levy", None) | self.tax(1.5, "Levy", None)
        self.map_tax(self.levied, "TAX001")
        # What the report of Odoo calls each tax: every one of these stands for one rate in Xero.
        self.rates = dict.fromkeys(self.tax15 | self.inside, "OUTPUT2") | dict.fromkeys(self.levied, "TAX001")
        self.rates |= {self.zero: "ZERORATED", self.exempt: "NONE"}

    def tax(self, amount, name, tax_type, **values):
        tax = self.env["account.tax"].create({
            "name": name, "amount": amount, "type_tax_use": "sale", "tax_group_id": self.tax15.tax_group_id.id,
        } | values)  # fmt: skip
        if tax_type:
            self.map_tax(tax, tax_type)
        return tax

    def sample(self):
        """Documents of every kind, with amounts at which rounding shows."""
        lines = {
            "on top": [self.line(33.33, 3), self.line(0.07), self.line(19.99, 7, discount=12.5)],
            "in the price": [self.line(115.0, taxes=self.inside), self.line(9.99, 3, taxes=self.inside)],
            "mixed": [self.line(23.0, taxes=self.inside), self.line(49.95), self.line(10.01, taxes=self.levied)],
            "components": [self.line(100.0, taxes=self.levied), self.line(33.37, 3, taxes=self.levied)],
            "without": [self.line(12.34, taxes=self.zero), self.line(56.78, 2, taxes=self.exempt)],
        }
        moves = [self.invoice(self.customer(name), lines=some) for name, some in lines.items()]
        return self.env["account.move"].concat(*moves)

    def in_odoo(self, moves):
        """{TaxType: (net, tax)} of the journal items, as a tax report adds them up."""
        net, tax = Counter(), Counter()
        for line in moves.line_ids:
            for each in line.tax_ids[:1]:  # several on a line are one rate at Xero, and one base
                net[self.rates[each]] -= decimal(line.balance)
            if line.tax_line_id:
                tax[self.rates[line.tax_line_id]] -= decimal(line.balance)
        return {rate: (net[rate], tax[rate]) for rate in net}

    def in_xeros_report(self, moves):
        """{TaxType: (net, tax)} of the lines in Xero's books."""
        net, tax = Counter(), Counter()
        for move in moves:
            document = self.in_xero(move)
            for line in document["LineItems"]:
                if line["AccountCode"] == ROUNDING:
                    continue
                inside = decimal(line["TaxAmount"]) if document["LineAmountTypes"] == "Inclusive" else 0
                net[line["TaxType"]] += decimal(line["LineAmount"]) - inside
                tax[line["TaxType"]] += decimal(line["TaxAmount"])
        return {rate: (net[rate], tax[rate]) for rate in net}

    def rounding_lines(self, moves):
        return [line for move in moves for line in self.in_xero(move)["LineItems"] if line["AccountCode"] == ROUNDING]

    def test_net_and_tax_of_every_rate_are_equal_on_both_sides(self):
        """S2.15, S1.24"""
        self.env.company.tax_calculation_rounding_method = "round_per_line"
        moves = self.sample()
        self.work()
        self.assertSynced(*moves)
        ours = self.in_odoo(moves)
        self.assertEqual(set(ours), {"OUTPUT2", "ZERORATED", "NONE", "TAX001"})
        self.assertTrue(all(amount for rate in ("OUTPUT2", "TAX001") for amount in ours[rate]))
        self.assertEqual(self.in_xeros_report(moves), ours)
        self.assertFalse(self.rounding_lines(moves))

    def test_where_xero_rounds_otherwise_the_cents_between_the_reports_stand_on_the_rounding_account(self):
        """S2.15, S1.24: Odoo rounds tax per document, or a document has taxes in the price and on top, which Xero can
        only reckon as on top. No cent is hidden in a rate."""
        self.check_cents("round_globally", [self.line(25.06), self.line(25.61), self.line(25.63)])
        self.check_cents("round_per_line", [self.line(49.95, taxes=self.inside), self.line(49.95)])

    def check_cents(self, method, lines):
        self.env.company.tax_calculation_rounding_method = method
        moves = self.invoice(self.customer(method), lines=lines)
        self.work()
        self.assertSynced(*moves)
        ours, theirs = self.in_odoo(moves), self.in_xeros_report(moves)
        self.assertEqual({rate: net for rate, (net, _tax) in theirs.items()},
                         {rate: net for rate, (net, _tax) in ours.items()})  # fmt: skip
        apart = {rate: ours[rate][1] - theirs[rate][1] for rate in ours if ours[rate][1] != theirs[rate][1]}
        self.assertEqual(apart, {"OUTPUT2": CENT})
        self.assertEqual(sum(decimal(line["LineAmount"]) for line in self.rounding_lines(moves)), CENT)
