"""Customer invoices that are edited, cancelled, or changed in Xero meanwhile (S1.15-S1.27)."""

from odoo import Command
from odoo.tests import tagged

from .common import EngineCommon


@tagged("post_install", "-at_install")
class TestPushEdits(EngineCommon):
    def bookkeeper_sets(self, move, **values):
        self.sim.books("NZ", "Invoices", "POST", {"Invoices": [{"InvoiceID": self.link(move).xero_id} | values]})

    def bookkeeper_pays(self, move):
        self.sim.books("NZ", "Payments", "PUT", {
            "Invoice": {"InvoiceID": self.link(move).xero_id}, "Account": {"Code": "090"}, "Amount": 115.0,
            "Date": "2026-06-05",
        })  # fmt: skip

    def test_ten_edits_are_one_call(self):
        """S1.4: an unpaid invoice goes again"""
        move = self.invoice()
        self.work()
        self.sim.clear_calls()
        for number in range(10):
            move.ref = f"PO {number}"
        self.work()
        self.assertEqual([call["method"] for call in self.writes()], ["POST"])
        self.assertEqual(self.in_xero(move)["Reference"], "PO 9")

    def test_edited_lines_keep_their_line_items(self):
        move = self.invoice(lines=[self.line(100.0), self.line(50.0)])
        self.work()
        before = [item["LineItemID"] for item in self.in_xero(move)["LineItems"]]
        move.button_draft()
        move.write(
            {"invoice_line_ids": [Command.update(move.invoice_line_ids[0].id, {"price_unit": 70.0}), self.line(5.0)]}
        )
        move.action_post()
        self.work()
        document = self.in_xero(move)
        self.assertEqual([item["LineItemID"] for item in document["LineItems"]][:2], before)
        self.assertEqual(document["Total"], move.amount_total)

    def test_lines_that_a_bookkeeper_replaced_are_sent_as_new_ones(self):
        move = self.invoice(lines=[self.line(100.0), self.line(50.0)])
        self.work()
        by_hand = {"Description": "By hand", "Quantity": 1, "UnitAmount": 9, "AccountCode": "200"}
        self.bookkeeper_sets(move, LineItems=[by_hand])
        move.button_draft()
        move.invoice_line_ids[0].price_unit = 70.0
        move.action_post()
        self.sim.clear_calls()
        self.work()
        self.assertSynced(move)
        self.assertEqual([item["LineAmount"] for item in self.in_xero(move)["LineItems"]], [70.0, 50.0])
        self.assertEqual(len(self.writes()), 2, "refused once, sent once more")
        move.ref = "PO 3"
        self.work()
        self.assertEqual(len(self.writes()), 3, "the new ids are known")

    def test_void_in_a_locked_period_is_stopped_before_a_call(self):
        move = self.invoice()
        self.work()
        self.organisation.period_lock_date = "2026-06-30"
        move.button_draft()
        move.button_cancel()
        self.sim.clear_calls()
        self.work()
        self.assertStopped(move, "locked_period", "held")
        self.assertFalse(self.writes())
        self.organisation.period_lock_date = False
        self.organisation._remap()
        self.work()
        self.assertSynced(move)
        self.organisation.period_lock_date = "2026-06-30"
        self.env["xero.change"]._append(move, "retry")
        self.work()
        self.assertSynced(move)

    def test_cancelled_invoice_is_voided(self):
        move = self.invoice()
        self.work()
        move.button_draft()
        self.work()
        self.assertEqual(self.in_xero(move)["Status"], "AUTHORISED", "a reset to draft alone voids nothing")
        move.button_cancel()
        self.work()
        self.assertEqual(self.in_xero(move)["Status"], "VOIDED")
        self.assertSynced(move)

    def test_cancelled_invoice_that_bears_another_number_in_xero_by_now_is_voided(self):
        move = self.invoice()
        self.work()
        self.bookkeeper_sets(move, InvoiceNumber="INV-900")
        move.button_draft()
        move.button_cancel()
        self.work()
        self.assertSynced(move)
        self.assertEqual((self.link(move).xero_number, self.link(move).xero_status), ("INV-900", "VOIDED"))

    def test_cancelling_what_a_bookkeeper_voided_is_agreement(self):
        move = self.invoice()
        self.work()
        self.bookkeeper_sets(move, Status="VOIDED")
        move.button_draft()
        move.button_cancel()
        self.work()
        self.assertSynced(move)

    def test_editing_what_a_bookkeeper_voided_is_a_conflict(self):
        move = self.invoice()
        self.work()
        self.bookkeeper_sets(move, Status="VOIDED")
        move.ref = "too late"
        self.work()
        self.assertStopped(move, "not_modifiable", "conflict")

    def test_editing_a_paid_invoice_is_a_conflict_that_says_so(self):
        move = self.invoice()
        self.work()
        self.bookkeeper_pays(move)
        move.button_draft()
        move.invoice_line_ids[0].price_unit = 70.0
        move.action_post()
        self.work()
        self.assertStopped(move, "paid_in_xero", "conflict")

    def test_edit_that_was_to_go_again_and_does_not_go_any_more_is_settled(self):
        move = self.invoice()
        self.work()
        link = self.link(move)
        link.write({"outcome": "waiting", "error_code": "retry_later", "next_attempt": "2026-01-01 00:00:00"})
        self.directions(invoices="pull")
        self.sim.clear_calls()
        self.work()
        self.assertSynced(move)
        self.assertEqual((link.next_attempt, self.writes()), (False, []))

    def test_cancelled_draft_is_deleted(self):
        self.organisation.invoice_status = "DRAFT"
        move = self.invoice()
        self.work()
        self.assertEqual(self.in_xero(move)["Status"], "DRAFT")
        move.button_draft()
        move.button_cancel()
        self.work()
        self.assertEqual(self.link(move).xero_status, "DELETED")

    def test_cancelling_what_a_bookkeeper_approved_meanwhile_voids_it(self):
        for status in ("DRAFT", "SUBMITTED"):
            self.organisation.invoice_status = status
            move = self.invoice(self.customer(f"Sent as {status}"))
            self.work()
            self.bookkeeper_sets(move, Status="AUTHORISED")
            move.button_draft()
            move.button_cancel()
            self.work()
            self.assertSynced(move)
            self.assertEqual(self.in_xero(move)["Status"], "VOIDED")

    def test_cancelling_what_is_paid_in_xero_is_asked_once_and_stays_a_conflict(self):
        move = self.invoice()
        self.work()
        self.bookkeeper_pays(move)
        move.button_draft()
        move.button_cancel()
        self.sim.clear_calls()
        self.work()
        self.assertStopped(move, "void_paid", "conflict")
        self.assertEqual((len(self.writes()), self.link(move).xero_status), (1, "PAID"))

    def test_invoice_cancelled_before_it_went_leaves_nothing(self):
        move = self.invoice()
        move.button_draft()
        move.button_cancel()
        self.work()
        self.assertFalse(self.link(move))
        self.assertFalse(self.writes("Invoices"))
        self.assertFalse(self.changes())

    def test_bookkeeper_s_approval_survives_an_edit(self):
        self.organisation.invoice_status = "DRAFT"
        move = self.invoice()
        self.work()
        self.sim.books(
            "NZ", "Invoices", "POST", {"Invoices": [{"InvoiceID": self.link(move).xero_id, "Status": "AUTHORISED"}]}
        )
        move.ref = "PO 8"
        self.work()
        self.assertEqual(
            {key: self.in_xero(move)[key] for key in ("Status", "Reference")},
            {"Status": "AUTHORISED", "Reference": "PO 8"},
        )
