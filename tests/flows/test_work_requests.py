"""The log of requests: who reads it, what it hides, what is forgotten in time."""

import json
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ScreensCommon


@tagged("post_install", "-at_install")
class TestRequestLog(ScreensCommon):
    def make_request(self, days=0, state="answered", body=None, **values):
        link = self.make_link(self.make_invoice())
        return self.env["xero.request"].create({
            "organisation_id": self.organisation.id, "company_id": self.company.id, "resource": "Invoices",
            "res_model": "account.move", "method": "PUT", "idempotency_key": f"key {link.id}", "state": state,
            "body": json.dumps(body or [{"InvoiceNumber": "INV/1"}]), "answer": json.dumps({"Invoices": []}),
            "elements": [{"link": link.id}], "element_count": 1, "link_ids": [Command.set(link.ids)],
            "sent_at": fields.Datetime.now() - timedelta(days=days), "http_status": 200,
        } | values)

    def test_only_managers_read_it(self):
        request = self.make_request()
        self.assertTrue(request.with_user(self.manager).body_shown)
        for user in (self.bookkeeper, self.auditor, self.clerk):
            with self.assertRaises(AccessError):
                request.with_user(user).read(["body"])

    def test_nobody_changes_it(self):
        request = self.make_request()
        with self.assertRaises(AccessError):
            request.with_user(self.manager).write({"state": "settled"})
        with self.assertRaises(AccessError):
            request.with_user(self.manager).unlink()

    def test_bank_and_tax_numbers_are_hidden(self):
        request = self.make_request(body=[{
            "Name": "Harbour Cafe", "TaxNumber": "123-456-789", "BankAccountDetails": "01-0123-0123456-00",
            "Contact": {"CompanyNumber": "9876543"}}])
        for secret in ("123-456-789", "01-0123", "9876543"):
            self.assertNotIn(secret, request.body_shown)
        self.assertIn('"Name": "Harbour Cafe"', request.body_shown)

    def test_what_cannot_be_parsed_is_not_shown(self):
        request = self.make_request(answer='{"TaxNumber": "123-456-7')
        self.assertNotIn("123-456", request.answer_shown)

    def test_a_document_leads_to_its_requests_and_back(self):
        request = self.make_request()
        link = request.link_ids
        move = self.env["account.move"].browse(link.res_id)
        found = self.env["xero.request"].search(move.action_xero_requests()["domain"])
        self.assertEqual(found, request)
        self.assertEqual(self.env["xero.link"].search(request.action_open_links()["domain"]), link)

    def test_what_was_sent_long_ago_is_forgotten_except_what_is_still_unknown(self):
        old, new, unknown = self.make_request(400), self.make_request(300), self.make_request(400, "recorded")
        self.assertEqual(self.env["xero.request"]._gc_bodies(), (1, 0))
        self.assertEqual((old.body, old.answer, old.elements), ("[]", False, False))
        self.assertIn("Removed", old.body_shown)
        self.assertEqual((old.state, old.element_count, old.http_status), ("answered", 1, 200), "the row itself stays")
        for kept in (new, unknown):
            self.assertIn("INV/1", kept.body)
        self.assertEqual(self.env["xero.request"]._gc_bodies(), (0, 0), "once")

    def test_how_long_it_is_kept_can_be_set(self):
        request = self.make_request(40)
        for value, forgotten in (("nonsense", False), ("30", True)):
            self.env["ir.config_parameter"].set_param("xero_integration.request_days", value)
            self.env["xero.request"]._gc_bodies()
            self.assertEqual(request.body == "[]", forgotten, value)

    def test_the_daily_cleaning_calls_it(self):
        request = self.make_request(400)
        with self.enter_registry_test_mode():
            self.env.ref("base.autovacuum_job").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(request.body, "[]")
