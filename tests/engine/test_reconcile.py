"""Everything that Odoo and Xero have is compared (S1.4, S1.28, S2.30): what differs is found and shown."""

from datetime import timedelta
from unittest.mock import patch
from urllib.parse import parse_qs

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.xero_integration.models.xero_organisation_worker import XeroRun

from .reconcile_common import ReconcileCommon


@tagged("post_install", "-at_install")
class TestReconcile(ReconcileCommon):
    def test_books_that_agree_give_no_row_and_a_second_comparison_writes_nothing(self):
        for _time in range(2):
            sweep = self.sweep()
            self.assertEqual((sweep.state, sweep.document_count, sweep.found_count), ("done", 1, 0))
            self.assertFalse(self.rows())
            self.assertFalse(self.writes())
        self.assertFalse(self.work())

    def test_it_costs_one_call_per_page_and_a_fixed_number_of_queries(self):
        """S1.28: ceil(documents / page) calls per type, no query per document."""
        for number in range(8):
            self.invoice(self.partner, ref=str(number))
        self.work()
        self.patch(type(self.env["xero.resource.invoices"]), "_sweep_page", 4)
        self.sweep()
        self.assertEqual(len(self.sim.calls(path="/Invoices")), 3)  # 9 of them
        self.assertEqual(len(self.sim.calls(path="/CreditNotes")), 1)
        queries = []
        for size in (3, 9):
            self.patch(type(self.env["xero.resource.invoices"]), "_sweep_page", size)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.sweep()
            pages = -(-9 // size)
            queries.append((self.env.cr.sql_log_count - before, pages))
        (many, three), (few, one) = queries
        per_page = (many - few) / (three - one)
        self.assertLess(per_page, 25, "queries for a page of three documents")
        self.assertLess(few, 250, "queries of the whole run, all nine in one page")

    def test_interrupted_comparison_goes_on_with_the_next_page(self):
        for number in range(3):
            self.invoice(self.partner, ref=str(number))
        self.work()
        self.patch(type(self.env["xero.resource.invoices"]), "_sweep_page", 1)
        self.organisation.action_compare()
        steps = self.organisation._sync_steps(XeroRun())
        sweep = self.env["xero.sweep"].search([], limit=1)
        while sweep.page < 3:
            next(steps)
        steps.close()
        self.sim.clear_calls()
        self.work()
        queries = [parse_qs(call["query"]) for call in self.sim.calls(path="/Invoices")]
        asked = [query["page"][0] for query in queries if "summaryOnly" in query]
        self.assertEqual(asked, ["3", "4"])
        self.assertEqual((sweep.state, sweep.document_count, self.rows().ids), ("done", 4, []))

    def test_bug_while_comparing_stops_the_comparison_alone(self):
        def compare(*_args):
            raise KeyError("a bug of ours")

        self.patch(type(self.env["xero.resource.invoices"]), "_sweep_compare", compare)
        self.organisation.action_compare()
        move = self.invoice(self.partner)
        with mute_logger("odoo.addons.xero_integration.models.xero_organisation_worker"):
            self.organisation.cron_id.method_direct_trigger()
        self.assertEqual(self.env["xero.sweep"].search([]).state, "failed")
        self.assertSynced(move)
        self.assertFalse(self.organisation.parked_until)

    def test_draft_of_xeros_that_is_posted_here_is_approved_there(self):
        """S1.4: status, too."""
        item = self.in_books("Invoices", **self.theirs(Status="DRAFT"))
        self.work_again()
        move = self.of(item)[1]
        self.assertEqual(move.state, "draft")
        move.action_post()
        self.work()
        self.assertEqual(self.in_xero(move)["Status"], "AUTHORISED")
        self.work_again()
        self.assertFalse(self.writes())
        self.sweep()
        self.assertFalse(self.rows())

    def test_it_comes_by_itself_every_night(self):
        Sweep = self.env["xero.sweep"]
        self.work()
        self.assertFalse(Sweep.search([]), "there is nothing to compare on the first day")
        self.backdate(self.organisation)
        self.work()
        self.assertEqual(Sweep.search([]).mapped("state"), ["done"])
        self.work()
        self.assertEqual(len(Sweep.search([])), 1)
        Sweep.search([]).began_at = fields.Datetime.now() - timedelta(hours=25)
        self.work()
        self.assertEqual(len(Sweep.search([])), 2)

    def test_night_is_the_companys_and_a_comparison_by_hand_does_not_move_it(self):
        Sweep = self.env["xero.sweep"]
        self.organisation.company_id.partner_id.tz = "Pacific/Auckland"
        nights = {
            "2026-06-10 12:59:00": "2026-06-09 13:00:00", "2026-06-10 13:00:00": "2026-06-10 13:00:00",
            "2026-12-10 12:30:00": "2026-12-10 12:00:00",  # summer
        }  # fmt: skip
        for now, night in nights.items():
            with patch.object(fields.Datetime, "now", lambda now=now: fields.Datetime.to_datetime(now)):
                self.assertEqual(str(self.organisation._night()), night)
        self.backdate(self.organisation)
        Sweep.create({"organisation_id": self.organisation.id, "by_hand": True, "state": "done"})
        self.assertTrue(self.organisation._is_compared_daily())
        Sweep.create({"organisation_id": self.organisation.id, "state": "done", "began_at": fields.Datetime.now()})
        self.assertFalse(self.organisation._is_compared_daily())

    def backdate(self, record):
        self.env.cr.execute(
            f"UPDATE {record._table} SET create_date = %s WHERE id = %s",
            (fields.Datetime.now() - timedelta(hours=25), record.id),
        )
        record.invalidate_recordset()

    def test_amount_number_contact_due_and_status_differences_are_found(self):
        self.apart(self.first, LineItems=[self.their_line(Quantity=1, UnitAmount=10)], InvoiceNumber="OTHER-1")
        self.sweep()
        row = self.rows()
        self.assertEqual(row.reason, "values")
        self.assertEqual([value["label"] for value in row.values], ["Number", "Total", "TotalTax", "AmountDue"])
        self.assertEqual(row.values[1], {"label": "Total", "odoo": "115.00", "xero": "11.50"})
        self.assertEqual(self.link(self.first).outcome, "synced", "harmless changes still come and go")

    def test_what_is_queued_or_held_is_no_difference(self):
        self.apart(self.first, Reference="Theirs", LineItems=[self.their_line(Quantity=1, UnitAmount=10)])
        self.organisation.auto_sync = False
        self.first.ref = "Ours"
        self.sweep()
        self.assertFalse(self.rows())

    def test_due_difference_shows_both_and_says_what_to_do_where_payments_do_not_go(self):
        """Where they go, see test_payments_differ."""
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.first.ids
        ).create({"amount": 15})._create_payments()
        self.changes().unlink()  # as if it were older than the connection
        self.sweep()
        row = self.rows()
        self.assertEqual(row.values, [{"label": "AmountDue", "odoo": "100.00", "xero": "115.00"}])
        self.assertEqual((row.hint, row.can_take_odoo, row.can_take_xero), (False, True, True))
        self.directions(payments="off", credit_notes="off")
        row.invalidate_recordset()
        self.assertIn("by hand", row.hint)
        self.assertFalse(row.can_take_odoo)
        row.action_ignore()
        self.work()
        self.assertEqual(row.state, "ignored")
        self.directions(payments="both", credit_notes="both")
        self.sweep()
        self.assertFalse(self.rows())
        self.directions(payments="off")
        row.state = "vanished"
        self.sweep()
        self.assertFalse(self.rows(), "where payments do not go, what is due is nobody's business")

    def test_missing_row_vanishes_when_the_document_goes_or_ends(self):
        move = self.invoice(self.partner)
        gone = self.invoice(self.partner)
        self.changes().unlink()
        self.sweep()
        self.assertEqual(self.rows().mapped("res_id"), [gone.id, move.id])
        move.ref = "Now it goes"
        gone.button_cancel()
        self.work()
        self.sweep()
        self.assertFalse(self.rows())
        self.assertSynced(move)
        self.assertFalse(self.link(gone))

    def test_only_kinds_that_flow_are_missed(self):
        move = self.bill()
        self.in_books("Invoices", **self.theirs())
        self.changes().unlink()
        self.directions(bills="pull", invoices="push")
        self.sweep()
        self.assertFalse(self.rows())
        self.directions(bills="both", invoices="both")
        self.env["xero.cursor"].search([]).unlink()
        self.organisation.auto_sync = False
        self.sweep()
        self.assertEqual(self.rows().mapped("reason"), ["missing_in_xero", "missing_in_odoo"])
        self.assertIn(move.id, self.rows().mapped("res_id"))

    def test_receipt_whose_title_xero_does_not_take_is_compared_by_its_number(self):
        self.bill(move_type="in_receipt", ref="Täxi ÷ für")
        self.work()
        self.sweep()
        self.assertFalse(self.rows(), self.rows().mapped("values"))

    def test_cents_that_stand_on_the_rounding_account_are_no_difference(self):
        self.env.company.tax_calculation_rounding_method = "round_globally"
        for price in (0.1, 0.23, 0.33, 3.33, 1.11):
            self.invoice(self.partner, [self.line(price) for _ in range(5)])
        self.work()
        self.sweep()
        self.assertFalse(self.rows(), self.rows().mapped("values"))

    def test_due_date_that_xero_changed_without_saying_so_is_found(self):
        """Xero's UpdatedDateUTC does not move for it on a document with a payment (platform.md)."""
        self.sim.books("NZ", "Payments", "PUT", {
            "Invoice": {"InvoiceID": self.link(self.first).xero_id}, "Account": {"Code": "090"}, "Date": "2026-06-05",
            "Amount": 15,
        })  # fmt: skip
        self.work_again()
        self.in_books("Invoices", InvoiceID=self.link(self.first).xero_id, DueDate="2026-09-09")
        self.sweep()
        self.assertIn({"label": "DueDate", "odoo": "2026-06-20", "xero": "2026-09-09"}, self.rows().values)

    def test_document_that_was_dated_before_the_first_day_is_there_and_differs(self):
        self.organisation.pull_from = "2026-05-20"
        self.apart(self.first, Date="2026-05-10")
        sweep = self.sweep()
        self.assertEqual(self.rows().mapped("reason"), ["values"])
        self.assertEqual(self.rows().values, [{"label": "Date", "odoo": "2026-06-01", "xero": "2026-05-10"}])
        self.assertEqual(sweep.state, "done")

    def test_document_of_before_the_first_day_that_stands_on_both_sides_is_compared(self):
        self.organisation.pull_from = "2026-06-10"
        self.in_books("Invoices", **self.theirs())
        self.apart(self.first, LineItems=[self.their_line(Quantity=1, UnitAmount=10)])
        self.sweep()
        self.assertEqual(self.rows().mapped("res_id"), self.first.ids, "what is older and only in Xero is not missed")

    def test_row_of_a_document_that_is_on_its_way_stays_as_it_is(self):
        self.apart(self.first, LineItems=[self.their_line(Quantity=1, UnitAmount=10)])
        self.sweep()
        row = self.rows()
        self.organisation.auto_sync = False
        self.first.ref = "Ours"
        self.sweep()
        self.assertEqual(row.state, "open")
