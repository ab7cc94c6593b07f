"""Test connection: reads only, and says in plain words what is wrong (S1.29-S1.34)."""

from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.xero_integration.models import vault

from ..common import XeroCommon


@tagged("post_install", "-at_install")
class TestConnectionTest(XeroCommon):
    def setUp(self):
        super().setUp()
        self.organisation = self.connect_organisation("NZ", auto_sync=False)
        self.connection = self.organisation.connection_id
        self.organisation.test_passed = False
        self.organisation.action_test_connection()
        self.sim.clear_calls()

    def test(self):
        self.env.flush_all()
        self.organisation.action_test_connection()
        return {line["code"]: line["status"] for line in self.organisation.test_report}

    def line(self, code):
        return next(line for line in self.organisation.test_report if line["code"] == code)

    def assertFails(self, code, *words):
        lines = self.test()
        self.assertEqual(lines.get(code), "fail", lines)
        self.assertFalse(self.organisation.test_passed)
        for word in words:
            self.assertIn(word, self.organisation.test_report_html)

    def test_everything_in_order_is_a_list_of_green_ticks(self):
        lines = self.test()
        self.assertEqual(set(lines.values()), {"ok"}, self.organisation.test_report)
        self.assertTrue(self.organisation.test_passed)
        self.assertEqual(self.organisation.test_report_html.count("fa-check-circle"), len(lines))
        self.assertNotIn("?", self.organisation.test_report_html)

    def test_only_two_gets_leave_the_machine(self):
        """S1.30"""
        self.test()
        calls = [(call["method"], call["path"]) for call in self.sim.calls()]
        self.assertEqual(calls, [("GET", "/connections"), ("GET", "/api.xro/2.0/Organisation")])

    def test_a_wrong_secret_is_named(self):
        """S1.31; a new secret is proved by the next test, not believed."""
        self.connection.client_secret = "wrong"
        self.env.flush_all()
        self.assertFails("credentials_wrong", "client secret")
        self.connection.client_secret = self.sim.client_secret
        self.env.flush_all()
        self.assertNotIn("fail", self.test().values())
        self.assertEqual(self.connection.state, "connected")

    def test_an_ended_authorisation_is_named(self):
        """S1.31"""
        self.connection.sudo().write(
            {
                "token_encrypted": vault.seal(
                    self.env, self.connection._owner("token"), '{"access": "x", "refresh": "dead"}'
                ),
                "token_expires_at": fields.Datetime.now(),
            }
        )
        self.env.flush_all()
        self.assertFails("reconnect", "Press Connect")

    def test_a_token_that_ended_early_is_renewed_and_the_test_goes_on(self):
        self.sim.fault("status", status=401, match={"path": "/connections"}, times=1)
        lines = self.test()
        self.assertTrue(self.organisation.test_passed, lines)
        self.assertEqual(self.sim.count_calls(path="/connect/token"), 1)

    def test_a_token_that_ended_with_its_authorisation_leads_to_connect(self):
        """As after a restart of the simulator: what Xero gave out means nothing to it any more."""
        self.sim.control("POST", "reset")
        self.assertFails("reconnect", "Press Connect")
        self.assertNotIn("ok_credentials", [line["code"] for line in self.organisation.test_report])
        self.assertEqual(self.connection.state, "broken")

    def test_a_token_that_is_refused_again_and_again_has_a_sentence(self):
        self.sim.fault("status", status=401, match={"path": "/connections"}, times=None)
        self.assertFails("token_expired", "Xero ended the sign-in early")

    def test_a_lost_key_is_named(self):
        key = vault.Fernet.generate_key().decode()
        with patch.dict(vault.config.options, {"xero_encryption_key": key}):
            self.assertFails("key_lost", "encryption key")

    def test_a_missing_scope_is_named_with_what_it_blocks(self):
        """S1.32"""
        self.connection.granted_scopes = self.connection.granted_scopes.replace("accounting.invoices", "")
        self.assertFails("scope_missing", "accounting.invoices", "Invoices, CreditNotes")

    def test_a_scope_that_xero_refuses_is_named(self):
        self.sim.reset()
        tokens = self.token_set(scope="openid offline_access accounting.contacts accounting.invoices")
        self.connection.write(self.connection._consent_values(tokens, self.env.user))
        self.env.flush_all()
        self.assertFails("scope_missing", "accounting.settings", "Accounts")

    def test_a_scope_not_asked_for_is_a_notice(self):
        scopes = self.connection.scopes.replace(" accounting.attachments", "")
        self.connection.write({"scopes": scopes, "granted_scopes": scopes})
        self.assertEqual(self.test().get("warn_scope"), "warn")
        self.assertTrue(self.organisation.test_passed)

    def test_an_organisation_that_was_taken_away(self):
        """S1.33"""
        self.sim.organisation("NZ", disconnect=True)
        self.assertFails("tenant_gone", "no longer grants")
        self.assertEqual(self.organisation.state, "gone")
        self.assertFalse(self.organisation.cron_id.active)

    def test_a_renamed_organisation_is_followed(self):
        """S1.13, S1.33"""
        self.sim.organisation("NZ", name="Kauri & <Sons>")
        self.assertEqual(self.test().get("warn_renamed"), "warn")
        self.assertEqual(self.organisation.name, "Kauri & <Sons>")
        self.assertIn("Kauri &amp; &lt;Sons&gt;", self.organisation.test_report_html)
        self.assertEqual(self.organisation.cron_id.name, "Xero: Kauri & <Sons>")
        self.assertNotIn("warn_renamed", self.test())

    def test_another_base_currency_than_the_companys(self):
        """S1.33"""
        au = self.connect_organisation("AU", company_id=self.company_data["company"].id)
        au.action_test_connection()
        self.assertFalse(au.test_passed)
        self.assertIn("AUD", au.test_report_html)
        self.assertIn("NZD", au.test_report_html)

    def test_a_changed_base_currency_stays_wrong(self):
        """S1.33"""
        self.sim.organisation("NZ", base_currency="AUD")
        self.assertFails("currency_changed", "NZD", "AUD")
        self.assertFails("currency_changed")

    def test_a_changed_country_is_a_notice(self):
        self.organisation.organisation_data = {**self.organisation.organisation_data, "CountryCode": "AU"}
        self.assertEqual(self.test().get("warn_country"), "warn")
        self.assertNotIn("warn_country", self.test())

    def test_a_reset_demo_company(self):
        data = {**self.organisation.organisation_data, "IsDemoCompany": True, "CreatedDateUTC": "/Date(0+0000)/"}
        self.organisation.organisation_data = data
        self.assertFails("demo_reset", "demo company was reset")

    def test_a_demo_company_that_is_gone_was_perhaps_reset(self):
        self.sim.organisation("NZ", disconnect=True)
        self.assertFails("tenant_gone", "a reset at Xero makes a new one")

    def test_xero_down_is_said_and_breaks_nothing(self):
        for fault, code in (
            ({"kind": "status", "status": 503}, "unavailable"),
            ({"kind": "html", "status": 200}, "unreadable"),
            ({"kind": "status", "status": 429, "problem": "day", "retry_after": 100}, "day_limit"),
            ({"kind": "drop_before"}, "unavailable"),
            ({"kind": "empty_body", "status": 200}, "unreadable"),
        ):  # fmt: skip
            with self.subTest(code=code, **fault):
                kind = fault.pop("kind")
                self.sim.fault(kind, times=1, match={"path": "/Organisation|/connections"}, **fault)
                self.assertFails(code)
                self.assertEqual((self.organisation.state, self.connection.state), ("connected", "connected"))
                self.sim.clear_faults()

    def test_a_disconnected_organisation_has_nothing_to_test(self):
        self.organisation.action_disconnect()
        self.sim.clear_calls()
        self.assertFails("not_connected")
        self.assertFalse(self.sim.calls())

    def test_auto_sync_needs_a_passed_test(self):
        """S1.34"""
        self.organisation.test_passed = False
        with self.assertRaises(ValidationError):
            self.organisation.auto_sync = True
        self.test()
        self.organisation.auto_sync = True
        self.assertTrue(self.organisation.auto_sync)

    def test_auto_sync_needs_another_test_after_new_credentials(self):
        """S1.34"""
        self.test()
        self.connection.client_secret = self.sim.client_secret
        self.assertFalse(self.organisation.test_passed)
        with self.assertRaises(ValidationError):
            self.organisation.auto_sync = True

    def test_the_near_end_of_an_unused_authorisation_is_a_notice(self):
        self.connection.token_refreshed_at = fields.Datetime.subtract(fields.Datetime.now(), days=50)
        self.assertEqual(self.test().get("warn_lasts"), "warn")

    def test_a_passed_test_clears_the_workers_complaint(self):
        self.organisation.write({"error_code": "reconnect", "error_message": "x"})
        self.test()
        self.assertFalse(self.organisation.error_message)
