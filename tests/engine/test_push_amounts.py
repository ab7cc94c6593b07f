"""Amounts of customer invoices in Xero: currencies, discounts, rounding, tax in the price (S1.24)."""

from odoo import Command
from odoo.tests import tagged

from .common import EngineCommon


@tagged("post_install", "-at_install")
class TestPushAmounts(EngineCommon):
    def test_foreign_currency_goes_with_its_rate_the_right_way_round(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "name": "2026-01-01", "rate": 0.59, "company_id": self.env.company.id}
        )
        move = self.invoice(currency_id=usd.id)
        self.work()
        document = self.in_xero(move)
        self.assertEqual((document["CurrencyCode"], document["CurrencyRate"], document["Total"]), ("USD", 0.59, 115.0))

    def test_sections_notes_zero_lines_and_discounts_arrive(self):
        lines = [
            Command.create({"display_type": "line_section", "name": "February"}),
            self.line(99.99, 3, discount=12.5),
            self.line(0.0),
            Command.create({"display_type": "line_note", "name": "Thank you"}),
        ]
        move = self.invoice(lines=lines)
        self.work()
        document = self.in_xero(move)
        self.assertEqual(
            [item["Description"] for item in document["LineItems"]], ["February", "Work", "Work", "Thank you"]
        )
        self.assertEqual(document["LineItems"][1]["DiscountRate"], 12.5)
        self.assertEqual(document["Total"], move.amount_total)

    def test_each_service_posts_to_its_own_account(self):
        """S1.22: by product, by category, by account in Odoo"""
        accounts = {account.code: account for account in self.organisation.account_ids}
        category = self.env["product.category"].create({"name": "Training"})
        income = self.company_data["default_account_revenue"].copy({"code": "400999", "name": "Consulting"})
        services = self.env["product.product"].create([
            {"name": "Repair", "type": "service"},
            {"name": "Course", "type": "service", "categ_id": category.id},
            {"name": "Advice", "type": "service", "property_account_income_id": income.id},
        ])
        mapping = {"organisation_id": self.organisation.id, "direction": "sale"}
        self.env["xero.account.mapping"].create([
            mapping | {"product_id": services[0].id, "xero_account_id": accounts["260"].id},
            mapping | {"product_categ_id": category.id, "xero_account_id": accounts["270"].id},
            mapping | {"account_id": income.id, "xero_account_id": accounts["200"].id},
        ])
        self.organisation.revenue_account_id = False
        move = self.invoice(lines=[self.line(100.0, product_id=service.id) for service in services])
        self.work()
        self.assertSynced(move)
        self.assertEqual([item["AccountCode"] for item in self.in_xero(move)["LineItems"]], ["260", "270", "200"])

    def test_cent_of_a_global_rounding_stands_on_the_rounding_account(self):
        """S1.24"""
        self.env.company.tax_calculation_rounding_method = "round_globally"
        move = self.invoice(lines=[self.line(25.06), self.line(25.61), self.line(25.63)])
        self.assertEqual(move.amount_total, 87.75)
        self.work()
        document = self.in_xero(move)
        self.assertEqual(document["Total"], 87.75)
        self.assertEqual(
            (document["LineItems"][-1]["AccountCode"], document["LineItems"][-1]["LineAmount"]), ("860", 0.01)
        )

    def test_tax_in_the_price_that_odoo_rounds_on_the_document_is_not_lost_in_silence(self):
        """S1.24: the totals agree whatever the tax, so the cent has to stand on its own line"""
        self.env.company.tax_calculation_rounding_method = "round_globally"
        inside = self.tax15.copy({"name": "GST 15 in the price", "price_include_override": "tax_included"})
        self.map_tax(inside, "OUTPUT2")
        move = self.invoice(lines=[self.line(10.0, taxes=inside) for _line in range(3)])
        self.assertEqual((move.amount_total, move.amount_tax), (30.0, 3.91))
        even = self.invoice(self.customer("Even"), lines=[self.line(115.0, taxes=inside)])
        self.work()
        self.assertSynced(move, even)
        document = self.in_xero(move)
        self.assertEqual((document["LineAmountTypes"], document["Total"]), ("Exclusive", 30.0))
        *_lines, rounding = document["LineItems"]
        self.assertEqual(rounding["AccountCode"], "860")
        self.assertAlmostEqual(rounding["LineAmount"], move.amount_tax - document["TotalTax"])
        self.assertEqual(self.in_xero(even)["LineAmountTypes"], "Inclusive")

    def check_cash_rounding(self, strategy):
        sales = self.company_data["default_account_revenue"]
        rounding = self.env["account.cash.rounding"].create({
            "name": "To 5 cents", "rounding": 0.05, "strategy": strategy, "rounding_method": "HALF-UP",
            "profit_account_id": sales.id, "loss_account_id": sales.id,
        })
        move = self.invoice(lines=[self.line(9.99)], invoice_cash_rounding_id=rounding.id)
        self.assertEqual(move.amount_total, 11.5)
        self.work()
        self.assertSynced(move)
        document = self.in_xero(move)
        self.assertEqual((document["Total"], document["TotalTax"]), (11.5, 1.5))
        lines = [(item["AccountCode"], item["LineAmount"]) for item in document["LineItems"]]
        self.assertEqual(lines, [("200", 9.99), ("860", 0.01)])

    def test_cash_rounding_line_arrives_on_the_rounding_account(self):
        self.check_cash_rounding("add_invoice_line")

    def test_cash_rounding_on_the_biggest_tax_arrives_as_a_line(self):
        self.check_cash_rounding("biggest_tax")

    def test_currency_without_cents_arrives_to_the_unit(self):
        """S1.24: Odoo rounds tax to whole yen, Xero to cents"""
        yen = self.env.ref("base.JPY")
        yen.active = True
        self.sim.organisation("NZ", add_currency="JPY")
        self.organisation._refresh_reference()
        self.env["res.currency.rate"].create(
            {"currency_id": yen.id, "name": "2026-01-01", "rate": 90, "company_id": self.env.company.id}
        )
        self.env.company.tax_calculation_rounding_method = "round_per_line"
        move = self.invoice(lines=[self.line(33) for _line in range(4)], currency_id=yen.id)
        self.assertEqual(move.amount_total, 152)
        self.work()
        self.assertSynced(move)
        self.assertEqual(self.in_xero(move)["Total"], 152)

    def test_currency_with_three_decimals_is_stopped_before_a_call(self):
        """S1.24: Xero would cut the third decimal off"""
        dinar = self.env.ref("base.KWD")
        dinar.active = True
        self.env["xero.currency"].create({"organisation_id": self.organisation.id, "name": "KWD"})
        move = self.invoice(lines=[self.line(1.234)], currency_id=dinar.id)
        self.work()
        self.assertStopped(move, "currency_decimals", "failed")
        self.assertFalse(self.writes("Invoices"))

    def test_tax_in_the_price_and_on_top_in_one_document(self):
        inside = self.tax15.copy({"name": "GST 15 in the price", "price_include_override": "tax_included"})
        self.map_tax(inside, "OUTPUT2")
        move = self.invoice(lines=[self.line(115.0, 3, taxes=inside), self.line(100.0)])
        self.work()
        document = self.in_xero(move)
        self.assertEqual((document["LineAmountTypes"], document["Total"]), ("Exclusive", move.amount_total))
        alone = self.invoice(self.customer("Inside"), lines=[self.line(115.0, 3, taxes=inside)])
        self.work()
        document = self.in_xero(alone)
        self.assertEqual(
            (document["LineAmountTypes"], document["Total"], document["TotalTax"]), ("Inclusive", 345.0, 45.0)
        )
