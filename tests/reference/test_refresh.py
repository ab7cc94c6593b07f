"""The refresh of reference data: idempotent, part by part, and it never takes away what a mapping uses."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from odoo.addons.xero_integration.models.xero_organisation_worker import XeroRun

from .common import ReferenceCommon

MIRRORS = (
    "xero.account", "xero.tax.rate", "xero.currency", "xero.contact.group", "xero.tracking.category",
    "xero.tracking.option",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestRefresh(ReferenceCommon):
    def refresh(self):
        """The button. :return str: what it says"""
        self.env.flush_all()  # it writes in a transaction of its own
        return self.organisation.action_refresh_reference()["params"]["message"]

    def snapshot(self):
        """Where every row lies: an UPDATE moves it, whatever it writes."""
        self.env.flush_all()
        return {
            model: self.env.execute_query(
                SQL("SELECT id, ctid::text FROM %s ORDER BY id", SQL.identifier(self.env[model]._table))
            )
            for model in MIRRORS
        }

    def test_everything_is_mirrored_with_six_reads(self):
        self.organisation._refresh_reference()
        calls = self.sim.calls(path="/api.xro/")
        self.assertEqual((len(calls), {call["method"] for call in calls}), (6, {"GET"}))
        there = self.sim.books("NZ", "Accounts")["Accounts"]
        accounts = self.env["xero.account"].with_context(active_test=False).search([])
        self.assertEqual(
            {(a.xero_id, a.code or None, a.name, a.account_type, a.account_class, a.enable_payments, a.active)
             for a in accounts},
            {(a["AccountID"], a.get("Code"), a["Name"], a["Type"], a["Class"], bool(a.get("EnablePaymentsToAccount")),
              a["Status"] == "ACTIVE") for a in there},
        )  # fmt: skip
        self.assertEqual(self.rate("TAX001").components_text, "GST 15 %, Tourism Levy 1.5 %")
        self.assertEqual(str(self.organisation.period_lock_date), "2020-03-31")
        self.assertIn("NZD", self.env["xero.currency"].search([]).mapped("name"))

    def test_second_refresh_writes_nothing(self):
        before, revision = self.snapshot(), self.organisation.mapping_revision
        with patch.object(type(self.env["xero.change"]), "_append", side_effect=AssertionError("nothing to free")):
            message = self.refresh()
        self.assertIn("Nothing has changed", message)
        self.assertEqual(self.snapshot(), before)
        self.assertEqual(self.organisation.mapping_revision, revision)

    def test_rounding_account_is_chosen_once(self):
        self.assertEqual(self.organisation.rounding_account_id.system_account, "ROUNDING")
        self.organisation.rounding_account_id = False
        self.refresh()
        self.assertFalse(self.organisation.rounding_account_id, "somebody took it away on purpose")

    def test_part_that_documents_need_and_that_failed_is_not_taken_as_read(self):
        self.organisation.reference_refreshed_at = False
        self.sim.fault("status", match={"path": "/TaxRates"}, times=None, status=500)
        self.refresh()
        self.assertFalse(self.organisation.reference_refreshed_at, "the worker tries again")
        self.sim.clear_faults()
        self.refresh()
        self.assertTrue(self.organisation.reference_refreshed_at)

    def test_worker_waits_an_hour_for_a_part_that_failed_and_a_day_for_the_next_reading(self):
        def reads_after(**time):
            self.sim.clear_calls()
            with freeze_time(fields.Datetime.now() + timedelta(**time)):
                list(self.organisation._sync_steps(XeroRun()))
            return len(self.sim.calls(path="/api.xro/"))

        self.organisation.policy_ids.direction = "off"  # nothing else is read
        self.organisation.reference_due_at = False
        self.sim.fault("status", match={"path": "/TaxRates"}, times=None, status=500)
        self.assertEqual(reads_after(), 6)
        self.assertEqual(reads_after(minutes=55), 0, "six calls every quarter of an hour are too many")
        self.sim.clear_faults()
        self.assertEqual(reads_after(minutes=61), 6)
        self.assertEqual(reads_after(hours=24), 0)
        self.assertEqual(reads_after(hours=26), 6)

    def test_rounding_account_is_chosen_when_the_accounts_come_later(self):
        self.organisation.rounding_account_id = self.organisation.revenue_account_id = False
        self.organisation.expense_account_id = self.organisation.payment_account_id = False
        self.organisation.with_context(active_test=False).account_ids.unlink()
        self.sim.fault("status", match={"path": "/Accounts"}, times=None, status=500)
        self.refresh()
        self.assertFalse(self.organisation.rounding_account_id)
        self.sim.clear_faults()
        self.refresh()
        self.assertEqual(self.organisation.rounding_account_id.system_account, "ROUNDING")

    def test_accounts_read_before_the_line_broke_are_a_new_revision(self):
        revision = self.organisation.mapping_revision
        self.sim.organisation("NZ", archive_account="260")
        self.sim.fault("status", match={"path": "/TaxRates"}, status=429, problem="minute", retry_after=26)
        self.assertIn("wait", self.refresh())
        self.assertFalse(self.account("260").active)
        self.assertGreater(self.organisation.mapping_revision, revision)

    def test_what_is_renamed_archived_or_added_at_xero_follows_and_is_said(self):
        sales, product = self.account("200"), self.env["product.product"].create({"name": "Work"})
        mapping = self.map_account(sales, product_id=product.id)
        self.sim.organisation("NZ", archive_account="200", add_currency="CHF", name="Kauri Renamed")
        message = self.refresh()
        for part in ("Organisation (1)", "Accounts (1)", "Currencies (1)"):
            self.assertIn(part, message)
        self.assertFalse(sales.active)
        self.assertTrue(mapping.exists())
        self.assertIn("archived", mapping.trouble)
        self.assertEqual(self.organisation.name, "Kauri Renamed")
        self.assertIn("CHF", self.env["xero.currency"].search([]).mapped("name"))

    def test_what_xero_no_longer_lists_is_archived_not_deleted(self):
        extra = self.account("200").copy({"xero_id": "11111111-1111-4111-8111-111111111111", "code": "201"})
        mapping = self.map_account(extra, product_id=self.env["product.product"].create({"name": "Work"}).id)
        revision = self.organisation.mapping_revision
        self.refresh()
        self.assertTrue(mapping.exists())
        self.assertFalse(extra.active)
        self.assertGreater(self.organisation.mapping_revision, revision, "documents on it have to be looked at again")

    def test_part_that_fails_is_named_and_the_others_go_on(self):
        self.sim.organisation("NZ", add_currency="CHF", archive_account="260")
        before = self.rate("OUTPUT2").effective_rate
        for fault in (
            {"kind": "status", "status": 500},
            {"kind": "html", "status": 200},
            {"kind": "truncated", "bytes": 50},
        ):
            with self.subTest(**fault):
                self.sim.clear_faults()
                kind = fault["kind"]
                self.sim.fault(
                    kind, match={"path": "/TaxRates"}, times=None, **{k: v for k, v in fault.items() if k != "kind"}
                )
                message = self.refresh()
                self.assertIn("Tax rates could not be read", message)
                self.assertNotIn("Currencies could", message)
                self.assertIn("Tax rates", self.organisation.reference_failures)
                self.assertNotIn("?", self.organisation.reference_failures)
                self.assertEqual(self.rate("OUTPUT2").effective_rate, before)
        self.assertFalse(self.account("260").active)
        self.assertIn("CHF", self.env["xero.currency"].search([]).mapped("name"))
        self.sim.clear_faults()
        self.refresh()
        self.assertFalse(self.organisation.reference_failures)

    def test_empty_lists_that_cannot_be_true_archive_nothing(self):
        with patch("odoo.addons.xero_integration.xero.gateway.Gateway.get") as get:
            get.return_value.items = []
            message = self.refresh()
        self.assertTrue(message)
        self.assertTrue(self.account("200").active)
        self.assertTrue(self.rate("OUTPUT2").active)

    def test_broken_line_is_said_and_raises_not_past_the_button(self):
        self.sim.fault("status", match={"path": "/Accounts"}, status=429, problem="minute", retry_after=26)
        self.assertIn("wait", self.refresh())
        self.assertEqual(len(self.sim.calls(path="/TaxRates")), 0, "the next part would have been refused as well")
        self.organisation.state = "disconnected"
        self.assertIn("not connected", self.refresh())

    def test_values_nobody_has_seen_and_missing_keys_are_taken_as_they_come(self):
        organisation = self.organisation
        rows = organisation._mirror_accounts([
            {"AccountID": "a", "Name": "No class", "Type": "SALES"}, {"AccountID": "b"}, {"Name": "no id"},
            {"AccountID": "c", "Name": "New", "Type": "HOLOGRAM", "Class": "CLOUD", "Status": "SHINY", "Code": "X"},
        ])  # fmt: skip
        self.assertGreater(rows, 3)
        new = {account.xero_id: account for account in organisation.account_ids}
        self.assertEqual(set(new), {"a", "b", "c"})
        self.assertEqual((new["a"].account_class, new["c"].account_class, new["b"].name), ("REVENUE", "CLOUD", "?"))
        organisation._mirror_tax_rates([{"TaxType": "T", "EffectiveRate": "nonsense", "TaxComponents": [{}, "x"]}])
        self.assertEqual(organisation.tax_rate_ids.effective_rate, 0)

    def test_lock_dates_follow(self):
        self.sim.organisation("NZ", period_lock_date="2026-03-31")
        revision = self.organisation.mapping_revision
        self.refresh()
        self.assertEqual(str(self.organisation.period_lock_date), "2026-03-31")
        self.assertGreater(self.organisation.mapping_revision, revision)
