"""Tax rates made in Xero from Odoo's taxes, and taxes made here from Xero's rates (S4.2, S4.4, S2.14)."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.xero_integration.models.problems import Problem
from odoo.addons.xero_integration.models.tax_compare import Mismatch, compare
from odoo.addons.xero_integration.models.tax_components import components_of
from odoo.addons.xero_integration.models.xero_organisation_worker import XeroRun

from .common import ReferenceCommon


class TaxCreateCommon(ReferenceCommon):
    def setUp(self):
        super().setUp()
        self.sim.limits(enforced=False)  # many documents in one minute
        accounts = self.organisation.account_ids
        self.organisation.write({
            "revenue_account_id": accounts.filtered(lambda account: account.code == "200").id,
            "expense_account_id": accounts.filtered(lambda account: account.code == "429").id,
            "rounding_account_id": accounts.filtered(lambda account: account.system_account == "ROUNDING").id,
            "pull_from": False,
        })  # fmt: skip

    def canadian(self, use="sale"):
        """5 % and, on the amount with it, 9.975 %: 15.47375 % together"""
        federal = self.tax(5, use="none", include_base_amount=True, is_base_affected=False, sequence=1)
        return self.group(federal, self.tax(9.975, use="none", sequence=2), use=use)

    def levies(self):
        return self.group(*(self.tax(rate, use="none") for rate in (4, 4.5, 0.375)))

    def gap(self, tax):
        return self.env["xero.mapping.gap"].search([
            ("organisation_id", "=", self.organisation.id), ("kind", "=", "tax"), ("key", "=", str(tax.id)),
        ])  # fmt: skip

    def work(self):
        for _step in self.organisation._sync_steps(XeroRun()):
            self.env.flush_all()
            self.env.invalidate_all()

    def work_again(self):
        self.env["xero.cursor"].search([]).write({"due_at": False, "read_at": "2026-01-01"})
        self.sim.clear_calls()
        self.work()

    def invoice(self, tax, prices=(100.0,), **values):
        move = self.env["account.move"].create({
            "move_type": "out_invoice", "invoice_date": "2026-06-01", "invoice_date_due": "2026-06-20",
            "partner_id": self.env["res.partner"].create({"name": f"Buyer {tax.name}", "is_company": True}).id,
            "invoice_line_ids": [
                Command.create({"name": "Work", "price_unit": price, "tax_ids": [Command.set(tax.ids)]})
                for price in prices
            ],
        } | values)  # fmt: skip
        move.action_post()
        return move

    def link(self, record, resource="Invoices"):
        return self.env["xero.link"].search([
            ("organisation_id", "=", self.organisation.id), ("resource", "=", resource), ("res_id", "=", record.id),
        ])  # fmt: skip

    def rates_in_xero(self):
        return {rate["Name"]: rate for rate in self.sim.books(self.country, "TaxRates")["TaxRates"]}

    def mapped(self, tax):
        return self.organisation.tax_mapping_ids.filtered(lambda mapping: mapping.tax_ids == tax).xero_tax_rate_id

    def writes(self):
        return [call for call in self.sim.calls(path="/TaxRates") if call["method"] in ("PUT", "POST")]


@tagged("post_install", "-at_install")
class TestTaxToXero(TaxCreateCommon):
    def test_button_on_a_gap_makes_the_rate_with_its_components_and_maps_it(self):
        """S4.2 S2.14"""
        tax = self.levies()
        gap = self.gap(tax)
        self.assertTrue(gap.creatable)
        gap.action_create_in_xero()
        self.work()
        rate = self.mapped(tax)
        there = self.rates_in_xero()[tax.name]
        self.assertEqual((rate.tax_type, rate.effective_rate), (there["TaxType"], 8.875))
        self.assertEqual(sorted(part["Rate"] for part in there["TaxComponents"]), [0.375, 4.0, 4.5])
        self.assertEqual((there["ReportTaxType"], rate.directions), ("OUTPUT", "sale"))
        self.assertFalse(self.gap(tax))
        self.assertEqual(self.link(tax, "TaxRates").outcome, "synced")
        self.work_again()
        self.assertFalse(self.writes())

    def test_compound_component_is_told_as_compound(self):
        tax = self.canadian("purchase")
        self.gap(tax).action_create_in_xero()
        self.work()
        there = self.rates_in_xero()[tax.name]
        parts = {part["Rate"]: part["IsCompound"] for part in there["TaxComponents"]}
        self.assertEqual((parts, there["ReportTaxType"]), ({5.0: False, 9.975: True}, "INPUT"))
        self.assertEqual(self.mapped(tax)._rate().percent, 15.47375)

    def test_components_come_to_the_same_or_are_refused(self):
        two = self.tax(5, include_base_amount=True, sequence=1) + self.tax(4, include_base_amount=True, sequence=2)
        cases = [
            (self.tax(15), [(15, False)]), (self.tax(0), [(0, False)]),
            (self.tax(20, amount_type="division"), [(25, False)]),
            (two, [(5, False), (4, True)]),
            # two compound ones: told by what they come to
            (two + self.tax(10, sequence=3), [(5, False), (4.2, False), (10.92, False)]),
        ]  # fmt: skip
        for taxes, expected in cases:
            with self.subTest(taxes=taxes.mapped("name")):
                found = [(float(part["Rate"]), part["IsCompound"]) for part in components_of(taxes)]
                self.assertEqual(found, expected)
        for taxes in (self.reverse_charge(), self.tax(5, use="none")):
            with self.assertRaises(Problem) as caught:
                components_of(taxes)
            self.assertEqual(caught.exception.code, "tax_components")

    def reverse_charge(self):
        lines = [(0, 0, {"repartition_type": "base"}), (0, 0, {"repartition_type": "tax", "factor_percent": 100}),
                 (0, 0, {"repartition_type": "tax", "factor_percent": -100})]  # fmt: skip
        return self.tax(20, use="purchase", invoice_repartition_line_ids=lines, refund_repartition_line_ids=lines)

    def test_what_no_percentage_stands_for_is_refused_with_the_reason(self):
        for tax, sentence in (
            (self.tax(3, amount_type="fixed"), "fixed amount"), (self.tax(-10), "no negative rates"),
        ):  # fmt: skip
            with self.subTest(sentence=sentence), self.assertRaisesRegex(UserError, sentence):
                self.gap(tax).action_create_in_xero()

    def test_same_name_for_sales_and_purchases_gets_two_names(self):
        sale, purchase = self.tax(7, name="7 %"), self.tax(7, use="purchase", name="7 %")
        for tax in (sale, purchase):
            self.gap(tax).action_create_in_xero()
        self.work()
        self.assertEqual({self.mapped(sale).name, self.mapped(purchase).name}, {"7 %", "7 % Purchases"})

    def test_name_that_was_taken_meanwhile_gets_the_next_one(self):
        part = {"Name": "Theirs", "Rate": 3}
        self.sim.books(
            "NZ", "TaxRates", "PUT", {"Name": "7 %", "ReportTaxType": "OUTPUT", "TaxComponents": [part]}
        )
        tax = self.tax(7, name="7 %")
        self.gap(tax).action_create_in_xero()
        self.work()
        self.assertEqual(self.mapped(tax).name, "7 % Sales")

    def test_documents_that_wait_get_their_rate_where_it_is_wanted(self):
        tax = self.canadian()
        move = self.invoice(tax)
        self.work()
        self.assertEqual(self.link(move).error_code, "mapping_tax")
        self.assertFalse(self.writes())
        self.organisation.create_taxes = True
        self.work()
        self.assertEqual(self.link(move).outcome, "synced", self.link(move).error_message)
        self.assertEqual(len(self.writes()), 1)

    def test_refused_tax_goes_again_when_it_is_corrected(self):
        self.organisation.create_taxes = True
        tax = self.tax(3, amount_type="fixed")
        move = self.invoice(tax)
        self.work()
        link = self.link(tax, "TaxRates")
        self.assertEqual((link.outcome, link.error_code), ("held", "mapping_tax_refused"))
        self.assertIn("fixed amount", link.error_message)
        self.assertEqual(self.link(move).error_code, "mapping_tax")
        tax.amount_type = "percent"
        self.work()
        self.assertEqual(self.mapped(tax).effective_rate, 3)

    def test_lost_answer_makes_no_second_rate(self):
        tax = self.tax(7, name="7 %")
        self.sim.fault("drop_after", match={"path": "/TaxRates", "method": "PUT"}, times=2)
        self.gap(tax).action_create_in_xero()
        self.work()
        self.env["xero.request"].search([("state", "=", "recorded")]).sent_at = "2026-01-01"
        self.organisation.parked_until = False
        self.work()
        self.assertEqual(self.mapped(tax).name, "7 %")
        self.assertEqual(len([name for name in self.rates_in_xero() if name.startswith("7 %")]), 1)

    def test_rates_that_xero_computes_itself_are_not_mapped(self):
        rate = self.rate("OUTPUT2")
        rate.tax_type = "AVALARA"
        with self.assertRaises(Mismatch) as caught:
            compare(self.tax(15), rate, "sale")
        self.assertIn("by itself", caught.exception.text(self.env))


@tagged("post_install", "-at_install")
class TestTaxFromXero(TaxCreateCommon):
    def make_rate(self, *parts, name="Made there", report="OUTPUT", **more):
        components = [
            {"Name": f"Part {number}", "Rate": rate, "IsCompound": compound} | more
            for number, (rate, compound) in enumerate(parts, 1)
        ]
        self.sim.books(
            "NZ", "TaxRates", "PUT", {"Name": name, "ReportTaxType": report, "TaxComponents": components}
        )
        self.organisation._refresh_reference()
        return self.organisation.tax_rate_ids.filtered(lambda rate: rate.name == name)

    def test_button_on_a_rate_makes_a_tax_that_comes_to_the_same(self):
        """S4.4"""
        for parts, kind, children in (
            (((12.5, False),), "percent", 0), (((5, False), (9.975, True)), "group", 2),
            (((4, False), (4.5, False), (0.375, False)), "group", 3),
        ):  # fmt: skip
            with self.subTest(parts=parts):
                rate = self.make_rate(*parts, name=f"Made of {len(parts)}")
                self.assertTrue(rate.unmapped)
                action = rate.action_create_in_odoo()
                tax = self.env["account.tax"].search(action["domain"])
                compare(tax, rate, "sale")
                self.assertEqual((tax.amount_type, len(tax.children_tax_ids)), (kind, children))
                self.assertEqual((tax.name, tax.type_tax_use), (rate.name, "sale"))
                self.assertEqual(tax.country_id, self.company.account_fiscal_country_id)
                self.assertFalse(rate.unmapped)
                with self.assertRaisesRegex(UserError, "already stands for"):
                    rate.action_create_in_odoo()

    def test_tax_gets_group_and_account_of_the_usual_one(self):
        usual = self.company.account_sale_tax_id
        usual.active = True
        account = usual.invoice_repartition_line_ids.account_id
        rate = self.make_rate((12.5, False))
        rate.action_create_in_odoo()
        tax = self.organisation.tax_mapping_ids.filtered(lambda mapping: mapping.xero_tax_rate_id == rate).tax_ids
        self.assertEqual(tax.tax_group_id, usual.tax_group_id)
        self.assertEqual(tax.invoice_repartition_line_ids.account_id, account)

    def test_tax_that_cannot_be_claimed_back_stays_on_the_account_of_the_line(self):
        """S2.14: as a province's sales tax on purchases"""
        usual = self.company.account_purchase_tax_id
        usual.active = True
        self.assertTrue(usual.invoice_repartition_line_ids.account_id)
        rate = self.make_rate((7, False), report="INPUT", IsNonRecoverable=True)
        rate.action_create_in_odoo()
        tax = rate.mapping_ids.tax_ids
        self.assertEqual((tax.amount_type, tax.amount, tax.type_tax_use), ("percent", 7, "purchase"))
        self.assertFalse((tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids).account_id)

    def test_name_that_odoo_has_already_gets_a_number(self):
        self.tax(3, name="Made there")
        rate = self.make_rate((12.5, False))
        rate.action_create_in_odoo()
        self.assertEqual(rate.mapping_ids.tax_ids.name, "Made there (2)")

    def received(self, rate, prices, types="Exclusive"):
        link = self.link(self.first.partner_id, "Contacts")
        return self.sim.books("NZ", "Invoices", "PUT", {
            "Type": "ACCREC", "Contact": {"ContactID": link.xero_id}, "InvoiceNumber": f"X-{types}-{rate.tax_type}",
            "Date": "2026-06-03", "DueDate": "2026-07-03", "Status": "AUTHORISED", "LineAmountTypes": types,
            "LineItems": [{"Description": "Advice", "Quantity": 1, "UnitAmount": price, "AccountCode": "200",
                           "TaxType": rate.tax_type} for price in prices],
        })["Invoices"][0]  # fmt: skip

    def pull(self):
        """One document of ours, so that the contact is linked; then everything comes."""
        self.env["xero.account.mapping"].create({
            "organisation_id": self.organisation.id, "account_id": self.company_data["default_account_revenue"].id,
            "xero_account_id": self.account("200").id,
        })  # fmt: skip
        self.fifteen = self.tax(15)
        self.map_tax(self.fifteen, "OUTPUT2")
        self.first = self.invoice(self.fifteen)
        self.work()
        for policy in self.organisation.policy_ids.filtered(lambda policy: policy.kind != "contacts"):
            policy.direction = "push" if policy.kind in ("expenses", "attachments") else "both"

    def test_document_from_xero_waits_for_its_tax_or_gets_it_made(self):
        """S4.4 S2.14: compound, to the cent"""
        self.pull()
        rate = self.make_rate((5, False), (9.975, True))
        item = self.received(rate, (19.99, 33.33, 0.07))
        self.work_again()
        link = self.env["xero.link"].search([("xero_id", "=", item["InvoiceID"])])
        self.assertEqual((link.error_code, link.outcome), ("incoming_tax", "held"))
        self.organisation.create_taxes = True
        self.work_again()
        self.assertEqual(link.outcome, "synced", link.error_message)
        move = self.env["account.move"].browse(link.res_id)
        self.assertEqual((move.amount_tax, move.amount_total), (float(item["TotalTax"]), float(item["Total"])))
        self.assertEqual(move.invoice_line_ids.tax_ids, rate.mapping_ids.tax_ids)
        self.assertFalse(self.writes())

    def test_multi_component_and_compound_rates_agree_to_the_cent_both_ways(self):
        """S1.24 S2.14"""
        self.pull()
        prices = (0.05, 9.99, 33.33, 123.45, 1999.95)
        for make in (self.canadian, self.levies):
            for included in (False, True):
                tax = make()
                if included:
                    tax.children_tax_ids.price_include_override = "tax_included"
                self.gap(tax).action_create_in_xero() if self.gap(tax).creatable else self.organisation._propose_taxes()
                self.work()
                with self.subTest(tax=tax.children_tax_ids.mapped("amount"), included=included):
                    move = self.invoice(tax, prices)
                    self.work()
                    link = self.link(move)
                    self.assertEqual(link.outcome, "synced", link.error_message)
                    there = self.sim.books("NZ", "Invoices", InvoiceNumbers=move.name, page=1)["Invoices"][0]
                    self.assertEqual(float(there["Total"]), move.amount_total)
                    rounding = [line for line in there["LineItems"] if line["Description"] == "Rounding"]
                    shown = sum(float(line["LineAmount"]) for line in rounding)
                    off = move.amount_tax - float(there["TotalTax"])
                    self.assertIn(round(off, 2), (0, round(shown, 2)), "a cent of tax that no line shows")
        for mapping in self.organisation.tax_mapping_ids.filtered(lambda m: m.tax_ids.amount_type == "group"):
            mapping.for_incoming = not any(mapping.tax_ids.children_tax_ids.mapped("price_include"))
        for rate in self.organisation.tax_mapping_ids.filtered("for_incoming").xero_tax_rate_id:
            for types in ("Exclusive", "Inclusive"):
                with self.subTest(rate=rate.name, types=types):
                    item = self.received(rate, prices[: 4 + (types == "Inclusive")], types)
                    self.work_again()
                    link = self.env["xero.link"].search([("xero_id", "=", item["InvoiceID"])])
                    self.assertEqual(link.outcome, "synced", link.error_message)
                    move = self.env["account.move"].browse(link.res_id)
                    self.assertEqual((move.amount_tax, move.amount_total), (item["TotalTax"], item["Total"]))
                    self.sim.books("NZ", "Invoices", "POST", {"InvoiceID": item["InvoiceID"], "Status": "VOIDED"})
                    self.work_again()


@tagged("post_install", "-at_install")
class TestTaxInAmerica(TaxCreateCommon):
    country = "US"

    def test_rate_needs_no_place_on_the_tax_return(self):
        tax = self.canadian()
        self.gap(tax).action_create_in_xero()
        self.work()
        self.assertNotIn("ReportTaxType", self.rates_in_xero()[tax.name])
        self.assertEqual(self.mapped(tax).directions, "sale purchase")
