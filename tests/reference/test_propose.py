"""Proposals and the list of what is still unmapped, against each country's own rates and accounts."""

from odoo import Command
from odoo.tests import tagged

from .common import ReferenceCommon


class ProposeCommon(ReferenceCommon):
    def propose(self):
        return self.organisation.action_propose_mappings()["params"]["message"]

    def mapped(self, taxes, direction="sale"):
        found = self.organisation.tax_mapping_ids.filtered(lambda m: m.tax_ids == taxes and m.direction == direction)
        return found.xero_tax_rate_id.tax_type or None

    def gaps(self):
        self.env.flush_all()
        return {
            gap.name: gap
            for gap in self.env["xero.mapping.gap"].search([("organisation_id", "=", self.organisation.id)])
        }

    def check(self, *table):
        """``table``: (amount, use, name, expected TaxType or None)"""
        taxes = [(self.tax(amount, use, name=name), use, expected) for amount, use, name, expected in table]
        self.propose()
        for tax, use, expected in taxes:
            with self.subTest(tax=tax.name, use=use):
                self.assertEqual(self.mapped(tax, use), expected)
                gap = self.gaps().get(tax.name)
                self.assertEqual(bool(gap), expected is None)
                if gap:
                    self.assertTrue(gap.reason)


@tagged("post_install", "-at_install")
class TestProposeNz(ProposeCommon):
    def test_every_tax_gets_the_rate_of_its_percentage_direction_and_name(self):
        """S1.23 S2.24"""
        self.check(
            (15, "sale", "15%", "OUTPUT2"), (15, "purchase", "15% purchases", "INPUT2"),
            (0, "sale", "Zero rated", "ZERORATED"),
            (16.5, "sale", "GST and levy", None), (7, "sale", "7 % nowhere", None),
            (0, "sale", "0% something", None),
            (12.5, "sale", "12.5% of old", None), (3, "purchase", "3 % nowhere", None),
        )  # fmt: skip
        nothing = self.env["account.tax"]
        self.assertEqual((self.mapped(nothing), self.mapped(nothing, "purchase")), ("NONE", "NONE"))
        self.assertIn("7 %", self.gaps()["7 % nowhere"].reason)
        self.assertIn("Zero Rated", self.gaps()["0% something"].reason)
        fixed = self.tax(3, amount_type="fixed", name="Levy per piece")
        self.assertIn("fixed amount", self.gaps()[fixed.name].reason)

    def test_second_proposal_makes_nothing_and_touches_nothing(self):
        tax = self.tax(15)
        self.map_tax(self.env["account.tax"], "ZERORATED")
        self.propose()
        rows = [(m.id, m.xero_tax_rate_id) for m in self.organisation.tax_mapping_ids]
        self.assertIn("Mapped: 0 taxes, 0 accounts, 0 journals", self.propose())
        self.assertEqual([(m.id, m.xero_tax_rate_id) for m in self.organisation.tax_mapping_ids], rows)
        self.assertEqual((self.mapped(tax), self.mapped(self.env["account.tax"])), ("OUTPUT2", "ZERORATED"))

    def test_defaults_and_accounts_of_the_same_code_and_class(self):
        """S1.19"""
        Account = self.env["account.account"]
        freight = Account.create({"name": "Freight", "code": "425", "account_type": "expense"})
        wrong = Account.create({"name": "Not a cost here", "code": "433", "account_type": "income"})
        debtors = Account.create(
            {"name": "Debtors", "code": "610", "account_type": "asset_receivable", "reconcile": True}
        )
        self.propose()
        organisation = self.organisation
        self.assertEqual((organisation.revenue_account_id.code, organisation.expense_account_id.code), ("200", "429"))
        self.assertFalse(organisation.payment_account_id, "several are offered: a person chooses")
        mapped = {mapping.account_id: mapping.xero_account_id.code for mapping in organisation.account_mapping_ids}
        self.assertEqual(mapped.get(freight), "425")
        self.assertFalse({wrong, debtors} & mapped.keys())

    def test_ready_says_what_is_left(self):
        """S2.22"""
        organisation = self.organisation
        self.tax(15)
        self.assertFalse(organisation.mapping_ready)
        self.assertIn("No sales tax is mapped", organisation.mapping_checklist_html)
        self.propose()
        self.assertFalse(organisation.mapping_ready)
        self.assertIn("Payment account: not chosen", organisation.mapping_checklist_html)
        organisation.payment_account_id = self.account("855")
        self.env.flush_all()
        organisation.invalidate_recordset()
        self.assertTrue(organisation.mapping_ready, organisation.mapping_checklist_html)
        self.rate("OUTPUT2").effective_rate = 17.5
        self.rate("OUTPUT2").components = False
        organisation.invalidate_recordset()
        self.assertFalse(organisation.mapping_ready)
        self.assertIn("17.5 %", organisation.mapping_checklist_html)

    def test_journals_and_uses_are_listed_with_a_way_to_map_them(self):
        tax = self.tax(7, name="7 % nowhere")
        self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.partner_a.id, "invoice_date": "2026-06-01",
            "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 10, "tax_ids": [Command.set(tax.ids)]})],
        })  # fmt: skip
        gaps = self.gaps()
        self.assertEqual(gaps[tax.name].use_count, 1)
        action = gaps[tax.name].action_map()
        self.assertEqual(action["context"]["default_tax_ids"], tax.ids)
        bank = self.company_data["default_journal_bank"]
        action = gaps[bank.display_name].action_map()
        self.assertEqual(
            (action["res_model"], action["context"]["default_journal_id"]), ("xero.journal.mapping", bank.id)
        )
        income = self.company_data["default_account_revenue"]
        self.assertEqual(gaps[income.display_name].action_map()["context"]["default_account_id"], income.id)
        self.organisation.revenue_account_id = self.account("200")
        self.assertNotIn(income.display_name, self.gaps(), "the default catches it")


@tagged("post_install", "-at_install")
class TestProposeAu(ProposeCommon):
    country = "AU"

    def test_proposals(self):
        self.check(
            (10, "sale", "GST 10%", "OUTPUT"), (10, "purchase", "GST 10% purchases", "INPUT"),
            (10, "purchase", "10% Capital", "CAPEXINPUT"), (0, "sale", "0% Exports", "EXEMPTEXPORT"),
            (41.9, "sale", "WET", None),
        )  # fmt: skip
        self.assertEqual(self.mapped(self.env["account.tax"]), "BASEXCLUDED")

    def test_compound_taxes(self):
        """S2.14"""
        wine = self.tax(29, include_base_amount=True, sequence=1) + self.tax(10, sequence=2)
        self.map_tax(wine, "TAX001")
        plain = self.tax(29, sequence=1) + self.tax(10, sequence=2)
        self.assertRefused(["39 %", "41.9 %"], self.map_tax, plain, "TAX001")


@tagged("post_install", "-at_install")
class TestProposeGb(ProposeCommon):
    country = "GB"

    def test_proposals(self):
        self.check(
            (20, "sale", "20%", "OUTPUT2"), (20, "purchase", "20% purchases", "INPUT2"), (5, "sale", "5%", "RROUTPUT"),
            (0, "sale", "0% Exempt", "EXEMPTOUTPUT"), (21.25, "sale", "VAT and Fuel", None),
            (0, "sale", "0%", None),
        )  # fmt: skip

    def test_reverse_charge_matches_only_the_same_reverse_charge(self):
        """S2.25: charged and taken off again is not the same as no tax"""
        tax = self.tax(20, "purchase")
        lines = [
            Command.create({"repartition_type": "base", "factor_percent": 100}),
            Command.create({"repartition_type": "tax", "factor_percent": 100}),
            Command.create({"repartition_type": "tax", "factor_percent": -100}),
        ]
        both = {"invoice_repartition_line_ids": lines, "refund_repartition_line_ids": lines}
        tax.write({name: [Command.clear(), *commands] for name, commands in both.items()})
        for tax_type, percent in (("NONE", "0 %"), ("DRCHARGE5", "5 %")):
            self.assertRefused(["reverse charge of 20 %", percent], self.map_tax, tax, tax_type, "purchase")
        self.map_tax(tax, "DRCHARGE20", "purchase")


@tagged("post_install", "-at_install")
class TestProposeUs(ProposeCommon):
    country = "US"

    def test_proposals(self):
        self.check(
            (8.875, "sale", "New York", None),
            (14.975, "sale", "Quebec", None),
            (1.25, "sale", "Old county", None),
        )
        self.organisation.revenue_account_id = False
        self.propose()
        self.assertEqual(self.organisation.revenue_account_id.code, "4000")

    def test_components(self):
        """S2.14"""
        self.map_tax(self.group(self.tax(4), self.tax(4.5), self.tax(0.375)), "TAX001")
        self.assertRefused(["8.5 %", "0.375 %"], self.map_tax, self.tax(8.5) + self.tax(0.375), "TAX001")
        compound = self.tax(5, include_base_amount=True, sequence=1) + self.tax(9.5, sequence=2)
        self.map_tax(compound, "TAX002")
