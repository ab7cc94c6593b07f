"""A write without an answer: the same key within Xero's window, a look-up past it, and never a second document."""

from datetime import timedelta

from odoo.tests import tagged

from .common import EngineCommon


@tagged("post_install", "-at_install")
class TestDoubt(EngineCommon):
    def open_requests(self):
        return self.env["xero.request"].search([("state", "=", "recorded")])

    def later(self, **delta):
        """Past Xero's idempotency window and past what the organisation waits for."""
        self.sim.clock(advance=timedelta(**delta).total_seconds())
        for request in self.open_requests():
            request.sent_at -= timedelta(**delta)
        self.organisation.parked_until = False

    def lost(self, kind, times, match="/Invoices", name="Harbour Cafe", **more):
        move = self.invoice(self.customer(name))
        self.sim.fault(kind, match={"path": match, "method": "PUT"}, times=times, **more)
        self.work()
        return move

    def test_dropped_answer_is_fetched_under_the_same_key(self):
        move = self.lost("drop_after", 1)
        self.assertSynced(move)
        keys = {
            call["request_headers"].get("idempotency-key") or call["request_headers"].get("Idempotency-Key")
            for call in self.writes("Invoices")
        }
        self.assertEqual((len(self.writes("Invoices")), len(keys)), (2, 1))
        self.in_xero(move)

    def test_two_dropped_answers_park_and_are_settled_later(self):
        move = self.lost("drop_after", 2)
        self.assertStopped(move, "in_doubt", "in_doubt")
        self.assertTrue(self.organisation.parked_until)
        self.assertEqual(len(self.open_requests()), 1)
        self.organisation.parked_until = False
        self.work()
        self.assertSynced(move)
        self.in_xero(move)
        self.assertFalse(self.organisation.failures_in_row)

    def test_past_the_window_what_arrived_is_found_and_adopted(self):
        move = self.lost("drop_after", 2)
        self.later(minutes=10)
        self.sim.clear_calls()
        self.work()
        self.assertSynced(move)
        self.assertFalse(self.writes(), "it was found, so nothing is sent")
        self.in_xero(move)
        self.assertEqual(self.env["xero.request"].search([], limit=1).state, "settled")

    def test_past_the_window_what_never_arrived_goes_again_under_a_new_key(self):
        move = self.lost("drop_before", 2)
        old = self.open_requests().idempotency_key
        self.later(minutes=10)
        self.work()
        self.assertSynced(move)
        self.in_xero(move)
        new = self.env["xero.request"].search([("resource", "=", "Invoices")], limit=1)
        self.assertEqual((new.state, new.idempotency_key != old), ("answered", True))

    def test_lost_contact_is_found_by_its_number(self):
        move = self.lost("drop_after", 2, match="/Contacts")
        self.later(minutes=10)
        self.work()
        self.assertSynced(move, move.partner_id)
        self.assertEqual(len(self.contacts_in_xero("Harbour Cafe")), 1)

    def test_lost_update_goes_again(self):
        move = self.invoice()
        self.work()
        move.ref = "PO 9"
        self.sim.fault("drop_after", match={"path": "/Invoices", "method": "POST"}, times=2)
        self.work()
        self.later(minutes=10)
        self.work()
        self.assertSynced(move)
        self.assertEqual(self.in_xero(move)["Reference"], "PO 9")

    def test_lost_void_is_not_asked_for_twice(self):
        move = self.invoice()
        self.work()
        move.button_draft()
        move.button_cancel()
        self.sim.fault("drop_after", match={"path": "/Invoices", "method": "POST"}, times=2)
        self.work()
        self.later(minutes=10)
        self.sim.clear_calls()
        self.work()
        self.assertSynced(move)
        self.assertEqual((self.link(move).xero_status, self.writes()), ("VOIDED", []))

    def test_without_a_url_only_an_equal_document_is_adopted(self):
        """An address that holds Xero's name cannot be sent, so the number alone must not make it ours"""
        self.env["ir.config_parameter"].set_param("web.base.url", "https://erp.xero-partner.example")
        ours = self.lost("drop_after", 2)
        self.later(minutes=10)
        self.work()
        self.assertSynced(ours)
        theirs = self.lost("drop_before", 2, name="Hill Bakery")
        contact = self.sim.books("NZ", "Contacts", page=1)["Contacts"][0]
        self.sim.books("NZ", "Invoices", "PUT", {"Invoices": [{
            "Type": "ACCREC", "InvoiceNumber": theirs.name, "Contact": {"ContactID": contact["ContactID"]},
            "LineItems": [{"Description": "By hand", "Quantity": 1, "UnitAmount": 9, "AccountCode": "200"}]}]})
        self.later(minutes=10)
        self.work()
        self.assertStopped(theirs, "number_taken", "held")

    def test_lost_invoices_with_commas_in_their_numbers_are_found(self):
        move = self.invoice(post=False)
        move.name = 'INV,2026,"7"'
        move.action_post()
        self.sim.fault("drop_after", match={"path": "/Invoices", "method": "PUT"}, times=2)
        self.work()
        self.later(minutes=10)
        self.sim.clear_calls()
        self.work()
        self.assertSynced(move)
        self.assertFalse(self.writes())

    def test_record_that_xero_never_answers_stops_no_other_and_fails_in_the_end(self):
        """One bad element never stops the other 49"""
        moves = [self.invoice(self.customer(f"Customer {n}")) for n in range(5)]
        culprit, others = moves[1], moves[:1] + moves[2:]
        fault = {"status": 500, "match": {"path": "/Invoices", "body": culprit.name}, "times": None}
        self.sim.fault("status", **fault)
        for _doubt in range(4):
            self.work()
            self.assertEqual(self.link(culprit).outcome, "in_doubt")
            self.later(minutes=10)
        self.work()
        self.assertStopped(culprit, "no_answer", "failed")
        self.assertSynced(*others)
        self.assertFalse(self.changes())
        self.sim.clear_faults()
        self.env["xero.change"]._append(culprit, "retry")
        self.work()
        self.assertSynced(*moves)
        self.assertFalse(self.link(culprit).doubts)
        for move in moves:
            self.in_xero(move)

    def test_doubts_that_ended_well_are_not_counted(self):
        move = self.lost("drop_before", 2)
        self.later(minutes=10)
        self.sim.fault("drop_after", match={"path": "/Invoices", "method": "PUT"}, times=1)
        self.work()
        self.assertSynced(move)
        self.assertEqual(self.link(move).doubts, 0)

    def test_edit_while_in_doubt_is_sent_afterwards(self):
        move = self.lost("drop_after", 2)
        move.ref = "changed meanwhile"
        self.later(minutes=10)
        self.work()
        self.assertSynced(move)
        self.assertEqual(self.in_xero(move)["Reference"], "changed meanwhile")

    def check_unreadable(self, kind):
        """Xero may have applied what it answered unreadably"""
        move = self.lost(kind, 2, when="after")
        self.assertStopped(move, "in_doubt", "in_doubt")
        self.later(minutes=10)
        self.work()
        self.assertSynced(move)
        self.in_xero(move)

    def test_html_instead_of_json_is_a_doubt(self):
        self.check_unreadable("html")

    def test_empty_body_is_a_doubt(self):
        self.check_unreadable("empty_body")

    def test_half_an_answer_is_a_doubt(self):
        self.check_unreadable("truncated")

    def test_limits_of_xero_drop_the_request_and_keep_the_change(self):
        """S1.42: nothing was applied, the worker returns and comes back when Xero said"""
        move = self.lost("status", 1, status=429, problem="minute", retry_after=26)
        self.assertEqual((self.link(move).outcome, len(self.changes())), ("waiting", 1))
        self.assertEqual(self.env["xero.request"].search([], limit=1).state, "dropped")
        self.assertEqual(self.organisation.parked_reason, "rate_limited")
        self.assertEqual(self.work(), 0, "it is parked")
        self.organisation.parked_until = False
        self.work()
        self.assertSynced(move)
        self.in_xero(move)

    def test_refusal_of_the_second_try_does_not_end_the_doubt_about_the_first(self):
        move = self.invoice()
        self.sim.fault("drop_after", match={"path": "/Invoices", "method": "PUT"}, times=1)
        self.sim.fault("status", status=503, match={"path": "/Invoices", "method": "PUT"}, skip=1, times=1)
        self.work()
        self.assertEqual(self.link(move).outcome, "in_doubt")
        self.later(minutes=10)
        self.work()
        self.assertSynced(move)
        self.in_xero(move)

    def test_stranger_s_invoice_of_the_same_number_is_not_adopted(self):
        move = self.lost("drop_before", 2)
        self.stranger_uses(move.name)
        self.later(minutes=10)
        self.work()
        self.assertStopped(move, "number_taken", "held")
        self.assertEqual(self.in_xero(move)["LineItems"][0]["Description"], "By hand")
