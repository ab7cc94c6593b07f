"""A document that a mapping stopped: it says which, leads to the place, and goes again by itself once it is mapped."""

from odoo import Command
from odoo.tests import Form, tagged

from odoo.addons.xero_integration.models.xero_organisation_worker import XeroRun

from .common import ReferenceCommon


@tagged("post_install", "-at_install")
class TestMappingFlow(ReferenceCommon):
    def setUp(self):
        super().setUp()
        partner = self.env["res.partner"].create({"name": "Harbour Cafe", "is_company": True})
        self.sales_tax = self.tax(15)
        self.move = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": "2026-06-01",
            "invoice_line_ids": [Command.create(
                {"name": "Work", "price_unit": 100, "tax_ids": [Command.set(self.sales_tax.ids)]})],
        })  # fmt: skip
        self.move.action_post()

    def work(self):
        for _step in self.organisation._sync_steps(XeroRun()):
            self.env.flush_all()
            self.env.invalidate_all()

    def link(self):
        return self.env["xero.link"].search([("resource", "=", "Invoices"), ("res_id", "=", self.move.id)])

    def invoices_sent(self):
        return [call for call in self.sim.calls(path="/Invoices") if call["method"] != "GET"]

    def open(self, action):
        """Follow an action as the web client does: a form with the context's defaults."""
        return Form(self.env[action["res_model"]].with_context(**action["context"]))

    def test_missing_account_then_missing_tax_then_it_goes_by_itself(self):
        self.work()
        link, income = self.link(), self.move.invoice_line_ids.account_id
        self.assertEqual((link.outcome, link.error_code), ("held", "mapping_account"))
        self.assertIn(income.display_name, link.error_message)
        form = self.open(link.action_cure())
        self.assertEqual((form.organisation_id, form.account_id), (self.organisation, income))
        form.xero_account_id = self.account("200")
        form.save()

        self.work()
        link = self.link()
        self.assertEqual((link.outcome, link.error_code), ("held", "mapping_tax"))
        self.assertIn(self.sales_tax.name, link.error_message)
        gap = self.env["xero.mapping.gap"].search([("kind", "=", "tax"), ("document_count", ">", 0)])
        self.assertEqual(
            (gap.name, gap.document_count, gap.tax_rate_id), (self.sales_tax.name, 1, self.rate("OUTPUT2"))
        )
        form = self.open(link.action_cure())
        self.assertEqual((form.tax_ids.ids, form.direction), (self.sales_tax.ids, "sale"))
        self.assertEqual(form.xero_tax_rate_id, self.rate("OUTPUT2"), "the one that fits is chosen already")
        self.assertFalse(self.invoices_sent(), "no call was spent before everything was mapped")
        form.save()

        self.work()
        self.assertEqual(self.link().outcome, "synced", self.link().error_message)
        self.assertEqual(len(self.invoices_sent()), 1)
        there = self.sim.books("NZ", "Invoices", InvoiceNumbers=self.move.name, page=1)["Invoices"][0]
        self.assertEqual(
            (there["Total"], there["LineItems"][0]["AccountCode"], there["LineItems"][0]["TaxType"]),
            (115, "200", "OUTPUT2"),
        )

    def test_mismatch_leads_to_the_mapping_there_is(self):
        self.organisation.revenue_account_id = self.account("200")
        mapping = self.map_tax(self.sales_tax, "OUTPUT2")
        self.rate("OUTPUT2").write({"effective_rate": 17.5, "components": False})
        self.work()
        link = self.link()
        self.assertEqual(link.error_code, "mapping_tax_mismatch")
        self.assertEqual(link.action_cure()["res_id"], mapping.id)
        self.assertFalse(self.invoices_sent())

    def test_refresh_that_mends_it_frees_the_document(self):
        self.organisation.revenue_account_id = self.account("200")
        self.map_tax(self.sales_tax, "OUTPUT2")
        self.rate("OUTPUT2").write({"effective_rate": 17.5, "components": False})
        self.work()
        self.assertEqual(self.link().outcome, "held")
        self.organisation.action_refresh_reference()
        self.work()
        self.assertEqual(self.link().outcome, "synced", self.link().error_message)

    def test_several_taxes_on_a_line_are_listed_as_what_they_are(self):
        self.organisation.revenue_account_id = self.account("200")
        levy = self.tax(1.5)
        self.move.button_draft()
        self.move.invoice_line_ids.tax_ids = self.sales_tax + levy
        self.move.action_post()
        self.work()
        gap = self.env["xero.mapping.gap"].search([("key", "=", f"{self.sales_tax.id},{levy.id}")])
        self.assertEqual((gap.document_count, gap.tax_rate_id), (1, self.rate("TAX001")))
        self.open(gap.action_map()).save()
        self.work()
        self.assertEqual(self.link().outcome, "synced", self.link().error_message)
