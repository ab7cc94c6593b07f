"""Taxes of Odoo against rates of Xero: percentage, components, direction."""

from odoo import Command
from odoo.tests import tagged

from odoo.addons.xero_integration.models.tax_compare import Mismatch, number, odoo_rate, xero_rate

from .common import ReferenceCommon


def component(rate, compound=False, lost=False):
    return {"Name": "Part", "Rate": rate, "IsCompound": compound, "IsNonRecoverable": lost}


@tagged("post_install", "-at_install")
class TestTaxCompare(ReferenceCommon):
    def test_effective_rate_of_odoo_taxes_is_that_of_its_own_tax_engine(self):
        """S2.14"""
        federal = self.tax(5, include_base_amount=True, sequence=1)
        provincial = self.tax(9.975, sequence=2)
        table = [
            (self.env["account.tax"], "0", []),
            (self.tax(15), "15", ["15"]),
            (self.tax(15, price_include_override="tax_included"), "15", ["15"]),
            (self.tax(20, amount_type="division"), "25", ["25"]),
            (self.tax(8.875), "8.875", ["8.875"]),
            (self.tax(4) + self.tax(4.5) + self.tax(0.375), "8.875", ["0.375", "4", "4.5"]),
            (self.group(self.tax(4), self.tax(4.5), self.tax(0.375)), "8.875", ["0.375", "4", "4.5"]),
            (federal + provincial, "15.47375", ["5", "10.47375"]),
            (provincial + federal, "15.47375", ["5", "10.47375"]),
            (self.group(federal, provincial), "15.47375", ["5", "10.47375"]),
            (self.tax(10) + self.tax(0), "10", ["10"]),
            (self.reverse_charge(), "0", []),
        ]
        for taxes, percent, parts in table:
            with self.subTest(taxes=taxes.mapped("name")):
                rate = odoo_rate(taxes)
                self.assertEqual(number(rate.percent), percent)
                self.assertEqual([number(part) for part in rate.parts], parts)

    def reverse_charge(self):
        lines = [(0, 0, {"repartition_type": "base"}), (0, 0, {"repartition_type": "tax", "factor_percent": 100}),
                 (0, 0, {"repartition_type": "tax", "factor_percent": -100})]  # fmt: skip
        return self.tax(20, use="purchase", invoice_repartition_line_ids=lines, refund_repartition_line_ids=lines)

    def test_taxes_that_no_percentage_stands_for_are_refused_with_the_reason(self):
        table = [
            (self.tax(3, amount_type="fixed"), "fixed"),
            (self.tax(15) + self.tax(3, amount_type="fixed"), "fixed"),
            (self.group(self.tax(15), self.tax(3, amount_type="fixed")), "fixed"),
            (self.tax(-15), "negative"),
            (self.tax(21) + self.tax(-15), "negative"),
        ]
        for taxes, reason in table:
            with self.subTest(reason=reason, taxes=taxes.mapped("name")), self.assertRaises(Mismatch) as caught:
                odoo_rate(taxes)
            self.assertEqual(caught.exception.reason, reason)
            self.assertIn(taxes[0].name, caught.exception.text(self.env))

    def test_effective_rate_of_xero_is_computed_from_its_components(self):
        """Xero gives four decimals: 15.4738."""
        table = [
            (15.4738, [component(5), component(9.975, compound=True)], "15.47375"),
            (14.975, [component(5), component(9.5, compound=True)], "14.975"),
            (41.9, [component(29), component(10, compound=True)], "41.9"),
            (8.875, [component(4), component(4.5), component(0.375)], "8.875"),
            (16.5, [component(15), component(1.5, lost=True)], "16.5"),
            (15, [], "15"),
            (15, None, "15"),
            (0, [component(20)], "0"),  # a reverse charge: its component is named, but a line bears nothing
        ]
        for effective, components, percent in table:
            with self.subTest(percent=percent):
                self.assertEqual(number(xero_rate(effective, components).percent), percent)

    def test_only_equal_percentages_can_be_mapped_and_both_numbers_are_named(self):
        """S2.25"""
        self.map_tax(self.tax(15), "OUTPUT2")
        self.map_tax(self.tax(15.0001), "OUTPUT2")
        self.assertRefused(["15.0002 %", "15 %", "15% GST on Income"], self.map_tax, self.tax(15.0002), "OUTPUT2")
        self.assertRefused(["12.5 %", "is 15 %"], self.map_tax, self.tax(12.5), "OUTPUT2")
        self.assertRefused(["0 %", "15 %", "No tax"], self.map_tax, self.env["account.tax"], "OUTPUT2")

    def test_change_to_another_percentage_is_refused(self):
        mapping = self.map_tax(self.tax(15), "OUTPUT2")
        self.assertRefused(["15 %", "16.5 %"], mapping.write, {"xero_tax_rate_id": self.rate("TAX001").id})

    def test_components_must_agree(self):
        """S2.14: GST and Tourism Levy are 15 + 1.5 in Xero."""
        self.map_tax(self.tax(15) + self.tax(1.5), "TAX001")
        self.map_tax(self.group(self.tax(15), self.tax(1.5)), "TAX001")
        self.assertRefused(["6.5 % + 10 %", "1.5 % + 15 %"], self.map_tax, self.tax(10) + self.tax(6.5), "TAX001")
        self.assertRefused(["16.5 %", "1.5 % + 15 %"], self.map_tax, self.tax(16.5), "TAX001")
        self.assertRefused(["5 % + 10 %", "15 %"], self.map_tax, self.tax(10) + self.tax(5), "OUTPUT2")

    # ---- components that cannot be claimed back ----------------------------------------------------

    def partly_lost(self):
        """GST that is claimed back, and a provincial tax that is not."""
        return self.rate("INPUT2").copy({
            "tax_type": "TAX008", "name": "GST and PST", "effective_rate": 12,
            "components": [component(5), component(7, lost=True)],
        })  # fmt: skip

    def bought(self, amount, booked_to=None):
        """:param booked_to: the account of the tax, if it has one"""
        lines = [Command.create({"repartition_type": "base"}),
                 Command.create({"repartition_type": "tax", "account_id": booked_to and booked_to.id})]  # fmt: skip
        return self.tax(amount, "purchase", invoice_repartition_line_ids=lines, refund_repartition_line_ids=lines)

    def test_what_xero_treats_as_lost_is_mapped_to_taxes_that_claim_nothing_back(self):
        """S2.14"""
        paid = self.company_data["default_account_tax_purchase"]
        claimed, lost = self.bought(5, paid), self.bought(7)
        mapping = self.map_tax(claimed + lost, self.partly_lost(), "purchase")
        self.assertEqual((mapping.our_rate, mapping.their_rate, mapping.trouble), ("12 %", "12 %", False))
        self.map_tax(self.bought(5) + lost, mapping.xero_tax_rate_id, "purchase")
        cost = self.company_data["default_account_expense"]
        self.map_tax(claimed + self.bought(7, cost), mapping.xero_tax_rate_id, "purchase")

    def test_what_xero_treats_as_lost_may_not_be_claimed_back_in_odoo(self):
        """S2.14, S2.15"""
        paid = self.company_data["default_account_tax_purchase"]
        both, rate = self.bought(5, paid) + self.bought(7, paid), self.partly_lost()
        words = ["GST and PST", "5 %", "12 %", "tax accounts"]
        self.assertRefused(words, self.map_tax, both, rate, "purchase")
        together = self.group(*both, type_tax_use="purchase")
        self.assertRefused(words, self.map_tax, together, rate, "purchase")

    def test_on_sales_nothing_is_claimed_back(self):
        rate = self.rate("TAX001")
        rate.components = [component(15), component(1.5, lost=True)]
        due = self.company_data["default_account_tax_sale"]
        lines = [Command.create({"repartition_type": "base"}),
                 Command.create({"repartition_type": "tax", "account_id": due.id})]  # fmt: skip
        levy = self.tax(1.5, invoice_repartition_line_ids=lines, refund_repartition_line_ids=lines)
        self.map_tax(self.tax(15) + levy, rate)

    # ---- directions ---------------------------------------------------------------------------------

    def test_direction_must_fit_on_both_sides(self):
        """S2.25"""
        self.map_tax(self.tax(15, "purchase"), "INPUT2", "purchase")
        self.assertRefused(["15% GST on Expenses", "sales"], self.map_tax, self.tax(15), "INPUT2")
        self.assertRefused(["is a tax for sales"], self.map_tax, self.tax(15), "INPUT2", "purchase")
        self.assertRefused(["is a tax for purchases"], self.map_tax, self.tax(15, "purchase"), "OUTPUT2")
        buy = self.tax(15, "purchase")
        self.assertRefused(["15% GST on Income", "purchases"], self.map_tax, buy, "OUTPUT2", "purchase")
        self.map_tax(self.tax(15, "none"), "OUTPUT2")

    def test_rate_that_applies_to_neither_revenue_nor_expenses_fits_both_directions(self):
        """S2.25: capital and import rates"""
        rate = self.rate("OUTPUT2")
        for flags, sale, purchase in (
            ({"to_revenue": True, "to_expenses": False, "to_assets": True}, True, False),
            ({"to_revenue": False, "to_expenses": True, "to_assets": True}, False, True),
            ({"to_revenue": False, "to_expenses": False, "to_assets": True}, True, True),
            ({"to_revenue": False, "to_expenses": False, "to_assets": False}, True, True),
            ({"to_revenue": True, "to_expenses": True, "to_assets": True}, True, True),
        ):
            with self.subTest(**flags):
                rate.write(flags)
                self.assertEqual((rate._fits("sale"), rate._fits("purchase")), (sale, purchase))

    def test_archived_rate_is_refused(self):
        self.assertRefused(["archived", "12.5% GST"], self.map_tax, self.tax(12.5), "OUTPUT")

    def test_same_taxes_are_mapped_once_in_any_order_and_so_are_lines_without_tax(self):
        first, second = self.tax(15), self.tax(1.5)
        self.map_tax(first + second, "TAX001")
        self.map_tax(self.env["account.tax"], "NONE")
        self.map_tax(self.env["account.tax"], "NONE", "purchase")
        for taxes, rate in ((second + first, "TAX001"), (self.env["account.tax"], "ZERORATED")):
            with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
                self.map_tax(taxes, rate)
                self.env.flush_all()
            self.assertIn("xero_tax_mapping_tax_key_uniq", str(caught.exception))

    def test_tax_archived_in_odoo_keeps_its_mapping(self):
        """Documents that have it still go."""
        tax = self.tax(15)
        mapping = self.map_tax(tax, "OUTPUT2")
        tax.active = False
        self.env.invalidate_all()
        self.assertEqual(mapping.tax_ids, tax)
        mapping.modified(["tax_ids"])
        self.assertEqual(mapping.tax_key, str(tax.id))
        self.assertEqual(self.organisation._mapping_resolver().tax((tax.id,), "sale").tax_type, "OUTPUT2")

    def test_list_shows_both_rates(self):
        """S2.13"""
        mapping = self.map_tax(
            self.tax(8) + self.tax(8.5),
            self.rate("TAX001").copy({"tax_type": "TAX009", "components": [component(8), component(8.5)]}),
        )
        self.assertEqual((mapping.our_rate, mapping.their_rate, mapping.trouble), ("16.5 %", "16.5 %", False))

    def test_deleted_tax_takes_its_mapping_along(self):
        tax = self.tax(15)
        mapping = self.map_tax(tax, "OUTPUT2")
        revision = self.organisation.mapping_revision
        tax.unlink()
        self.assertFalse(mapping.exists())
        self.assertGreater(self.organisation.mapping_revision, revision)
