"""The resolver: precedence, a constant number of queries, and what it says when one of the two sides has changed."""

from odoo.tests import tagged

from odoo.addons.xero_integration.models.problems import Problem, message_of

from .common import ReferenceCommon


@tagged("post_install", "-at_install")
class TestResolver(ReferenceCommon):
    def problem(self, code, question, *args):
        with self.assertRaises(Problem) as caught:
            question(*args)
        self.assertEqual(caught.exception.code, code)
        message = message_of(self.env, code, caught.exception.data)
        self.assertNotIn("?", message)
        return message

    def test_product_goes_before_category_before_account_before_default(self):
        """S1.21"""
        parent = self.env["product.category"].create({"name": "All services"})
        category = self.env["product.category"].create({"name": "Repairs", "parent_id": parent.id})
        product = self.env["product.product"].create({"name": "Repair", "categ_id": category.id})
        income = self.company_data["default_account_revenue"]
        line = product.id, (category.id, parent.id), income.id

        def code(direction="sale"):
            return self.organisation._mapping_resolver().account(*line, direction).code

        self.assertIn(
            income.name, self.problem("mapping_account", self.organisation._mapping_resolver().account, *line, "sale")
        )
        self.organisation.revenue_account_id = self.account("200")
        self.organisation.expense_account_id = self.account("429")
        self.assertEqual((code(), code("purchase")), ("200", "429"))
        self.map_account(self.account("260"), account_id=income.id)
        self.assertEqual((code(), code("purchase")), ("260", "260"))
        self.map_account(self.account("270"), product_categ_id=parent.id)
        self.assertEqual(code(), "270")
        self.map_account(self.account("400"), product_categ_id=category.id)
        self.assertEqual(code(), "400")
        self.map_account(self.account("404"), product_id=product.id)
        self.assertEqual(code(), "404")
        self.map_account(self.account("835"), product_id=product.id, direction="sale")
        self.assertEqual((code(), code("purchase")), ("835", "404"))

    def test_rate_changed_at_xero_after_mapping_is_told_with_both_numbers(self):
        tax = self.tax(15)
        mapping = self.map_tax(tax, "OUTPUT2")
        self.assertEqual(self.organisation._mapping_resolver().tax(tuple(tax.ids), "sale").tax_type, "OUTPUT2")
        self.rate("OUTPUT2").write({"effective_rate": 17.5, "components": False})
        message = self.problem(
            "mapping_tax_mismatch", self.organisation._mapping_resolver().tax, tuple(tax.ids), "sale"
        )
        for part in (tax.name, "15 %", "17.5 %", "15% GST on Income"):
            self.assertIn(part, message)
        self.assertIn("17.5 %", mapping.trouble)
        self.rate("OUTPUT2").write({"effective_rate": 15, "active": False})
        message = self.problem("mapping_tax_refused", self.organisation._mapping_resolver().tax, tuple(tax.ids), "sale")
        self.assertIn("archived", message)

    def test_tax_changed_in_odoo_after_mapping_is_told(self):
        tax = self.tax(15)
        self.map_tax(tax, "OUTPUT2")
        tax.amount = 12.5
        message = self.problem(
            "mapping_tax_mismatch", self.organisation._mapping_resolver().tax, tuple(tax.ids), "sale"
        )
        self.assertIn("12.5 %", message)

    def test_account_archived_at_xero_after_mapping_is_told_and_no_other_is_taken(self):
        income = self.company_data["default_account_revenue"]
        self.organisation.revenue_account_id = self.account("200")
        self.map_account(self.account("260"), account_id=income.id)
        self.account("260").active = False
        message = self.problem(
            "mapping_account_refused", self.organisation._mapping_resolver().account, None, (), income.id, "sale"
        )
        self.assertIn("260 Other Revenue", message)

    def test_effective_rate_is_exact(self):
        """Four decimals would say 15.4738."""
        rate = self.rate("TAX001")
        rate.write(
            {
                "effective_rate": 15.4738,
                "components": [
                    {"Name": "Federal", "Rate": 5.0, "IsCompound": False},
                    {"Name": "Provincial", "Rate": 9.975, "IsCompound": True},
                ],
            }
        )
        taxes = self.tax(5, include_base_amount=True, sequence=1) + self.tax(9.975, sequence=2)
        self.map_tax(taxes, rate)
        self.assertEqual(self.organisation._mapping_resolver().tax(tuple(taxes.ids), "sale").effective_rate, 15.47375)

    def test_lines_without_tax_need_no_mapping_but_take_one(self):
        self.assertEqual(self.organisation._mapping_resolver().tax((), "sale").tax_type, "NONE")
        self.map_tax(self.env["account.tax"], "ZERORATED")
        self.assertEqual(self.organisation._mapping_resolver().tax((), "sale").tax_type, "ZERORATED")

    def test_missing_tax_names_the_taxes_in_any_order(self):
        taxes = self.tax(15) + self.tax(1.5)
        message = self.problem(
            "mapping_tax", self.organisation._mapping_resolver().tax, tuple(reversed(taxes.ids)), "sale"
        )
        for tax in taxes:
            self.assertIn(tax.name, message)

    def test_rate_that_xero_refuses_on_the_account_is_told(self):
        self.map_tax(self.env["account.tax"], "ZERORATED")  # income and liabilities only
        resolver = self.organisation._mapping_resolver()
        self.organisation.revenue_account_id = self.account("200")
        self.map_account(self.account("404"), account_id=self.company_data["default_account_revenue"].id)
        resolver = self.organisation._mapping_resolver()
        account = resolver.account(None, (), self.company_data["default_account_revenue"].id, "sale")
        message = self.problem("tax_not_for_account", resolver.check, account, resolver.tax((), "sale"))
        self.assertIn("404 Bank Fees", message)

    def test_reading_ten_times_as_many_mappings_costs_no_more_queries(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.organisation._mapping_resolver()
            return self.env.cr.sql_log_count - before

        def add(count):
            for _each in range(count):
                self.map_tax(self.group(self.tax(15), self.tax(1.5)), "TAX001")
                self.map_account(self.account("200"), product_id=self.env["product.product"].create({"name": "P"}).id)

        add(2)
        queries()
        few = queries()
        add(20)
        self.assertLessEqual(queries(), few)
