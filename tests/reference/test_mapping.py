"""Mappings and defaults: what may be mapped to what, whose it is, and what a change of theirs frees."""

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ReferenceCommon


@tagged("post_install", "-at_install")
class TestMapping(ReferenceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.income = cls.company_data["default_account_revenue"]
        cls.product = cls.product_a
        cls.category = cls.env["product.category"].create({"name": "Services"})

    def second_organisation(self, company):
        """Another set of books, of another company."""
        self.set_currency("AUD", company)
        second = self.connect_organisation("AU", company_id=company.id)
        second.with_company(company)._refresh_reference()
        return second

    # ---- accounts -------------------------------------------------------------------------------

    def test_mapping_names_exactly_one_of_account_product_category(self):
        """S1.21"""
        sales = self.account("200")
        for ours in ({}, {"account_id": self.income.id, "product_id": self.product.id},
                     {"product_id": self.product.id, "product_categ_id": self.category.id}):  # fmt: skip
            self.assertRefused(["exactly one"], self.map_account, sales, **ours)
        mapping = self.map_account(sales, product_id=self.product.id)
        self.assertRefused(["exactly one"], mapping.write, {"account_id": self.income.id})

    def test_account_is_found_by_its_code_its_name_and_all_of_what_people_see(self):
        Account = self.env["xero.account"]
        sales = self.account("200")
        dollars = sales.copy({"xero_id": "22222222-2222-4222-8222-222222222222", "code": "091", "name": "Dollars",
                              "account_type": "BANK", "bank_currency": "USD"})  # fmt: skip
        nameless = dollars.copy({
            "xero_id": "33333333-3333-4333-8333-333333333333", "code": False, "name": "Till (old)",
        })  # fmt: skip
        for account, words in (
            (sales, ("200", "Sales", "200 Sal", "200 Sales")),
            (dollars, ("091 Dollars (USD)", "Dollars (USD)", "091 Dol")),
            (nameless, ("Till (old) (USD)", "Till (old)")),
        ):
            for word in words:
                with self.subTest(word=word):
                    found = Account.name_search(word, [("organisation_id", "=", self.organisation.id)])
                    self.assertIn(account.id, [record_id for record_id, _name in found])
        self.assertEqual(Account.name_search("091 Dollars (EUR)"), [])
        self.assertEqual(Account.search([("display_name", "=", "091 Dollars (USD)")]), dollars)

    def test_accounts_that_take_no_lines_are_refused_by_name(self):
        table = [
            (self.system_account("DEBTORS"), "DEBTORS"), (self.system_account("CREDITORS"), "CREDITORS"),
            (self.system_account("GST"), "GST"), (self.account("090"), "bank account"),
            (self.account("299"), "archived"), (self.system_account("UNPAIDEXPCLM"), "UNPAIDEXPCLM"),
            (self.system_account("TRACKINGTRANSFERS"), "TRACKINGTRANSFERS"),
        ]  # fmt: skip
        for account, why in table:
            with self.subTest(account=account.name):
                self.assertRefused([account.name, why], self.map_account, account, product_id=self.product.id)

    @mute_logger("odoo.sql_db")
    def test_same_thing_is_mapped_once_per_direction(self):
        sales, other = self.account("200"), self.account("260")
        for ours in (
            {"account_id": self.income.id},
            {"product_id": self.product.id},
            {"product_categ_id": self.category.id},
        ):
            for direction in ("sale", "purchase", "both"):
                self.map_account(sales, direction=direction, **ours)
            with self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
                self.map_account(other, direction="sale", **ours)

    def test_other_organisations_accounts_rates_and_companies_are_refused(self):
        theirs = self.other_company()
        second = self.second_organisation(theirs)
        there = second.account_ids.filtered(lambda account: account.code == "200")
        rate = second.tax_rate_ids.filtered(lambda rate: rate.tax_type == "OUTPUT")
        words = [second.name, self.organisation.name]
        self.assertRefused(words, self.map_account, there, product_id=self.product.id)
        self.assertRefused(words, self.map_tax, self.tax(10), rate)
        self.assertRefused(
            words,
            self.organisation.write,
            {"payment_account_id": second.account_ids.filtered(lambda account: account.enable_payments)[:1].id},
        )
        their_tax = self.tax(
            10,
            company_id=theirs.id,
            tax_group_id=self.env["account.tax.group"].create({"name": "Theirs", "company_id": theirs.id}).id,
            country_id=theirs.account_fiscal_country_id.id,
        )
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.map_tax(their_tax, self.rate("TAX001"))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.map_account(
                self.account("200"),
                product_id=self.env["product.product"].create({"name": "Theirs", "company_id": theirs.id}).id,
            )

    # ---- journals -------------------------------------------------------------------------------

    def test_journal_goes_to_a_bank_account_or_one_with_payments_enabled(self):
        """S1.26"""
        bank, cash = self.company_data["default_journal_bank"], self.company_data["default_journal_cash"]
        Mapping = self.env["xero.journal.mapping"]
        here = {"organisation_id": self.organisation.id}
        Mapping.create(here | {"journal_id": bank.id, "xero_account_id": self.account("090").id})
        mapping = Mapping.create(here | {"journal_id": cash.id, "xero_account_id": self.account("855").id})
        self.assertRefused(["200 Sales", "payments"], mapping.write, {"xero_account_id": self.account("200").id})

    def test_journal_of_another_type_or_currency_is_refused(self):
        bank, sales = self.company_data["default_journal_bank"], self.company_data["default_journal_sale"]
        euro = bank.copy({"currency_id": self.env.ref("base.EUR").id})
        Mapping = self.env["xero.journal.mapping"]
        here = {"organisation_id": self.organisation.id, "xero_account_id": self.account("090").id}
        self.assertRefused([sales.name, "bank, cash"], Mapping.create, here | {"journal_id": sales.id})
        self.assertRefused(["EUR", "NZD"], Mapping.create, here | {"journal_id": euro.id})

    # ---- defaults -------------------------------------------------------------------------------

    def test_defaults_are_of_their_class_and_the_payment_account_is_no_bank(self):
        """S1.19 S2.16 S2.17"""
        write = self.organisation.write
        for name, code, words in (
            ("revenue_account_id", "400", ["EXPENSE", "REVENUE"]), ("revenue_account_id", "299", ["archived"]),
            ("expense_account_id", "200", ["REVENUE", "EXPENSE"]), ("payment_account_id", "090", ["bank account"]),
            ("payment_account_id", "200", ["not enabled"]), ("rounding_account_id", "820", ["GST"]),
        ):  # fmt: skip
            with self.subTest(name=name, code=code):
                self.assertRefused([code, *words], write, {name: self.account(code).id})
        write({"revenue_account_id": self.account("200").id, "expense_account_id": self.account("429").id,
               "payment_account_id": self.account("855").id})  # fmt: skip

    def test_payment_accounts_offered_have_payments_enabled_and_are_no_banks(self):
        """S2.16 S2.17"""
        from odoo.tools.safe_eval import safe_eval

        domain = safe_eval(self.organisation._fields["payment_account_id"].domain, {"id": self.organisation.id})
        offered = self.env["xero.account"].search(domain)
        self.assertEqual(set(offered.mapped("code")), {"620", "855", "880", "970"})
        self.assertTrue(self.organisation.payment_account_offered)
        offered.enable_payments = False
        self.assertFalse(self.organisation.payment_account_offered)

    def test_default_archived_in_xero_does_not_stand_in_the_way_of_choosing_another(self):
        self.organisation.revenue_account_id = self.account("200")
        self.account("200").active = False
        self.organisation.payment_account_id = self.account("855")
        self.organisation.revenue_account_id = self.account("260")

    # ---- what a change frees ----------------------------------------------------------------------

    def test_every_change_of_a_mapping_or_default_is_a_new_revision(self):
        tax, revisions = self.tax(15), [self.organisation.mapping_revision]

        def grown():
            revisions.append(self.organisation.mapping_revision)
            return revisions[-1] > revisions[-2]

        mapping = self.map_account(self.account("200"), product_id=self.product.id)
        self.assertTrue(grown())
        mapping.xero_account_id = self.account("260")
        self.assertTrue(grown())
        mapping.unlink()
        self.assertTrue(grown())
        self.map_tax(tax, "OUTPUT2")
        self.assertTrue(grown())
        tax.amount = 12.5
        self.assertTrue(grown())
        self.organisation.revenue_account_id = self.account("200")
        self.assertTrue(grown())
        self.organisation.revenue_account_id = self.account("200")
        self.assertFalse(grown(), "nothing changed")
        tax.name = "Another name"
        self.assertFalse(grown(), "a name decides nothing")

    # ---- rights ---------------------------------------------------------------------------------

    def test_bookkeeper_may_not_map_and_manager_of_another_company_sees_nothing(self):
        mapping = self.map_account(self.account("200"), product_id=self.product.id)
        bookkeeper = self.make_user("booker", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            mapping.with_user(bookkeeper).read(["direction"])
        with self.assertRaises(AccessError):
            self.organisation.with_user(bookkeeper).action_propose_mappings()
        theirs = self.other_company()
        stranger = self.make_user("stranger", "xero_integration.group_xero_manager", theirs)
        for model in ("xero.account.mapping", "xero.account", "xero.tax.rate", "xero.mapping.gap"):
            self.assertFalse(
                self.env[model].with_user(stranger).with_context(allowed_company_ids=theirs.ids).search([]), model
            )
        manager = self.make_user("keeper", "xero_integration.group_xero_manager")
        self.env["xero.account.mapping"].with_user(manager).browse(mapping.id).direction = "sale"
