"""Tracking options and tax rates that end on one side (docs/effects.md): what documents name, and never make."""

from odoo import Command
from odoo.tests import tagged

from .common import EffectsCommon


class NamedByDocuments(EffectsCommon):
    def stopped(self, move, code):
        """The next document that needs what has ended says so, and none goes."""
        self.work()
        link = self.document_link(move)
        self.assertEqual((link.outcome, link.error_code), ("held", code), link.error_message)
        self.assertEqual(self.waiting(link), ("needs_you", link.error_message))
        self.assertFalse(self.writes("Invoices"))
        self.assertQuiet()


class TrackedCommon(NamedByDocuments):
    """An option that stands for an analytic account and is on a document."""

    def setUp(self):
        super().setUp()
        for category in self.sim.books("NZ", "TrackingCategories")["TrackingCategories"]:
            self.sim.books("NZ", f"TrackingCategories/{category['TrackingCategoryID']}", "DELETE")
        self.plan = self.env["account.analytic.plan"].create({"name": "Region"})
        self.account_north = self.north()
        [made] = self.sim.books("NZ", "TrackingCategories", "PUT", {"Name": "Region"})["TrackingCategories"]
        self.path = f"TrackingCategories/{made['TrackingCategoryID']}"
        self.organisation._refresh_reference()
        self.map_plan(self.plan, self.organisation.tracking_category_ids.filtered(lambda c: c.name == "Region"))
        self.first = self.tracked()
        self.work()
        self.assertEqual((self.tracking(self.first), self.option()["Status"]), (["North"], "ACTIVE"))

    def north(self):
        return self.env["account.analytic.account"].create({"name": "North", "plan_id": self.plan.id})

    def tracked(self):
        """A document that needs the option."""
        line = self.line(100, taxes=self.env["account.tax"], account_id=self.income.id,
                         analytic_distribution={str(self.account_north.id): 100})  # fmt: skip
        return self.invoice(self.partner, [line])

    def tracking(self, move):
        """Names of the options on Xero's copy."""
        return [entry["Option"] for line in self.there(move)["LineItems"] for entry in line["Tracking"]]

    def option(self):
        """Xero's option, None when it is deleted."""
        [category] = [
            each for each in self.sim.books("NZ", "TrackingCategories", includeArchived="true")["TrackingCategories"]
            if each["Name"] == "Region"
        ]  # fmt: skip
        return next(iter(category["Options"]), None)

    def change_option(self, **values):
        self.sim.books("NZ", f"{self.path}/Options/{self.option()['TrackingOptionID']}", "POST", values)
        self.work_again()


@tagged("post_install", "-at_install")
class TestTrackingCategory(TrackedCommon):
    record = "Tracking category"

    def test_delete_in_odoo(self):
        """nothing: it stays, and is free for another plan"""
        [made] = self.sim.books("NZ", "TrackingCategories", "PUT", {"Name": "Team"})["TrackingCategories"]
        self.organisation._refresh_reference()
        team = self.organisation.tracking_category_ids.filtered(lambda category: category.name == "Team")
        plans = self.env["account.analytic.plan"].create([{"name": "Team"}, {"name": "Group"}])
        mapping = self.map_plan(plans[0], team)
        plans[0].unlink()
        self.assertFalse(mapping.exists())
        self.assertQuiet()
        there = self.sim.books("NZ", f"TrackingCategories/{made['TrackingCategoryID']}")["TrackingCategories"]
        self.assertEqual(there[0]["Status"], "ACTIVE")
        mapping.create({"organisation_id": self.organisation.id, "plan_id": plans[1].id, "category_id": team.id})

    def ended_there(self):
        self.work_again()
        self.assertTrue(self.account_north.active)
        self.assertFalse(self.writes())
        self.assertQuiet()
        later = self.tracked()
        self.stopped(later, "tracking_category_inactive")
        return later

    def test_delete_in_xero(self):
        """nothing: the plan stays mapped; the next document that bears one of its accounts says so"""
        self.sim.books("NZ", self.path, "DELETE")
        later = self.ended_there()
        self.organisation.tracking_mapping_ids.filtered(lambda mapping: mapping.plan_id == self.plan).unlink()
        self.work()
        self.assertEqual((self.document_link(later).outcome, self.tracking(later)), ("synced", []))

    def test_archive_in_xero(self):
        """nothing: the plan stays mapped; the next document that bears one of its accounts says so"""
        self.sim.books("NZ", self.path, "POST", {"Status": "ARCHIVED"})
        later = self.ended_there()
        self.sim.books("NZ", self.path, "POST", {"Status": "ACTIVE"})
        self.work_again()
        self.assertEqual((self.document_link(later).outcome, self.tracking(later)), ("synced", ["North"]))
        self.assertQuiet()


@tagged("post_install", "-at_install")
class TestTrackingOption(TrackedCommon):
    record = "Tracking option"

    def test_delete_in_odoo(self):
        """nothing: documents there still bear it, and it is free for another analytic account of that name"""
        option_id = self.option()["TrackingOptionID"]
        self.first.button_draft()  # Odoo deletes none with analytic items
        self.account_north.unlink()
        self.work_again()
        self.assertEqual((self.option()["Status"], self.tracking(self.first)), ("ACTIVE", ["North"]))
        self.assertFalse(self.writes())
        self.assertQuiet()
        self.assertFalse(self.plan.account_ids, "what is deleted here does not come back by itself")
        self.account_north = self.north()
        later = self.tracked()
        self.work()
        self.assertEqual((self.document_link(later).outcome, self.document_link(later).error_message), ("synced", ""))
        self.assertEqual((self.tracking(later), self.option()["TrackingOptionID"]), (["North"], option_id))
        self.assertQuiet()

    def test_delete_in_xero(self):
        """nothing: the analytic account stays; the next document that needs it says so"""
        self.sim.books("NZ", f"{self.path}/Options/{self.option()['TrackingOptionID']}", "DELETE")
        self.work_again()
        self.assertTrue(self.account_north.active)
        self.assertFalse(self.writes())
        self.assertQuiet()
        self.stopped(self.tracked(), "tracking_inactive")

    def test_archive_in_odoo(self):
        """it is archived, and restored with the analytic account; documents there still bear it"""
        for active, status in ((False, "ARCHIVED"), (True, "ACTIVE")):
            self.account_north.active = active
            self.work_again()
            self.assertEqual((self.option()["Status"], self.tracking(self.first)), (status, ["North"]))
            self.assertQuiet()

    def test_archive_in_xero(self):
        """the analytic account is archived, and restored with the option; the next document that needs it says so"""
        self.change_option(Status="ARCHIVED")
        self.assertFalse(self.account_north.active)
        self.assertFalse(self.writes())
        self.assertQuiet()
        later = self.tracked()
        self.stopped(later, "tracking_archived")
        self.change_option(Status="ACTIVE")
        self.assertTrue(self.account_north.active)
        self.assertEqual(self.tracking(later), ["North"], "it goes by itself")
        self.assertQuiet()


@tagged("post_install", "-at_install")
class TestTaxRate(NamedByDocuments):
    record = "Tax rate"

    def setUp(self):
        super().setUp()
        components = [{"Name": "GST", "Rate": 12, "IsCompound": False}]
        element = {"Name": "Twelve", "TaxComponents": components, "ReportTaxType": "OUTPUT"}
        [self.rate] = self.sim.books("NZ", "TaxRates", "PUT", element)["TaxRates"]
        self.organisation._refresh_reference()
        self.tax = self.twelve()
        self.map_tax(self.tax, self.rate["TaxType"])
        self.first = self.taxed()
        self.work()
        self.assertEqual(self.tax_types(self.first), [self.rate["TaxType"]])

    def twelve(self):
        group = self.tax15.tax_group_id.id
        return self.env["account.tax"].create(
            {"name": "Twelve", "amount": 12, "type_tax_use": "sale", "tax_group_id": group}
        )

    def taxed(self):
        """A document that needs the rate."""
        return self.invoice(self.partner, [self.line(100, taxes=self.tax, account_id=self.income.id)])

    def tax_types(self, move):
        return [line["TaxType"] for line in self.there(move)["LineItems"]]

    def assertThere(self):
        rates = self.sim.books("NZ", "TaxRates")["TaxRates"]
        [status] = [rate["Status"] for rate in rates if rate["TaxType"] == self.rate["TaxType"]]
        self.assertEqual((status, self.tax_types(self.first)), ("ACTIVE", [self.rate["TaxType"]]))

    def test_delete_in_odoo(self):
        """nothing: documents there still bear it"""
        self.first.button_draft()
        self.first.invoice_line_ids.tax_ids = [Command.clear()]
        self.tax.unlink()
        self.organisation._refresh_reference()
        self.work_again()
        self.assertThere()
        self.assertFalse(self.writes())
        self.assertQuiet()

    def test_archive_in_odoo(self):
        """nothing: documents there still bear it"""
        self.tax.active = False
        self.organisation._refresh_reference()
        self.work_again()
        self.assertThere()
        self.assertFalse(self.writes())
        self.assertQuiet()

    def ended_there(self, status):
        self.sim.books("NZ", "TaxRates", "POST", {"TaxType": self.rate["TaxType"], "Name": "Twelve", "Status": status})
        self.organisation.reference_due_at = False
        self.work_again()
        self.assertTrue(self.tax.active)
        self.assertFalse(self.writes())
        self.assertQuiet()
        self.stopped(self.taxed(), "mapping_tax_refused")

    def test_delete_in_xero(self):
        """nothing: the next document that needs it stops at the mapping"""
        self.ended_there("DELETED")

    def test_archive_in_xero(self):
        """nothing: the next document that needs it stops at the mapping"""
        self.ended_there("ARCHIVED")
