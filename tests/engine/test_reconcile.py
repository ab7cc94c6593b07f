"""Everything that Odoo and Xero have is compared (S1.4, S1.28, S2.30): what differs is found, shown and decided."""

from datetime import timedelta
from unittest.mock import patch
from urllib.parse import parse_qs

from odoo import fields
from odoo.exceptions import UserError
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

    def test_missing_here_is_taken_over_or_left_out(self):
        for button, outcome in (("action_take_xero", "synced"), ("action_ignore", "exempt")):
            with self.subTest(button=button):
                self.organisation.auto_sync = False
                item = self.in_books("Invoices", **self.theirs(InvoiceNumber=f"INV-{button}"))
                self.sweep()
                row = self.rows(reason="missing_in_odoo")
                link = row.link_id
                self.assertEqual((row.name, row.odoo_text), (f"INV-{button}", "Not there"))
                self.assertEqual((link.outcome, link.error_code), ("conflict", "missing_in_odoo"))
                with self.raises(UserError):
                    row.action_take_odoo()
                getattr(row, button)()
                self.sim.clear_calls()
                self.work()
                self.assertFalse(self.writes())
                self.assertEqual(link.outcome, outcome, link.error_message)
                self.assertEqual(row.decided_by_id, self.env.user)
                move = self.of(item)[1]
                if outcome == "synced":
                    self.assertEqual(len(self.sim.calls(path="/Invoices")), 1)
                    self.assertEqual(move.name, item["InvoiceNumber"])
                    self.assertIn("differed", " ".join(move.message_ids.mapped("body")))
                self.organisation.auto_sync = True
                self.work_again()
                self.sweep()
                self.assertFalse(self.rows())
                self.assertEqual(bool(self.of(item)[1]), outcome == "synced")

    def test_missing_there_is_sent_or_left_out(self):
        for button in ("action_take_odoo", "action_ignore"):
            with self.subTest(button=button):
                move = self.invoice(self.partner)
                self.changes().unlink()
                self.sweep()
                row = self.rows(reason="missing_in_xero")
                self.assertEqual((row.name, row.xero_text), (move.name, "Not there"))
                with self.raises(UserError):
                    row.action_take_xero()
                getattr(row, button)()
                self.work()
                if button == "action_take_odoo":
                    self.assertEqual(self.in_xero(move)["Total"], 115.0)
                    self.assertSynced(move)
                else:
                    self.assertEqual(move.xero_state, "exempt")
                    move.ref = "Changed"
                    self.work_again()
                    self.assertFalse(self.writes())
                self.sweep()
                self.assertFalse(self.rows())

    def test_document_that_xero_had_and_has_no_more_is_sent_again(self):
        """As after the reset of a demo company."""
        link = self.link(self.first)
        link.xero_id = "00000000-1111-2222-3333-444444444444"
        self.organisation.auto_sync = False
        self.in_books("Invoices", InvoiceID=self.in_xero(self.first)["InvoiceID"], InvoiceNumber="RENAMED")
        self.directions(invoices="push", bills="push")
        self.sweep()
        row = self.rows()
        self.assertEqual((row.reason, row.can_take_xero), ("missing_in_xero", True))
        row.action_take_xero()
        self.work()
        self.assertEqual((row.state, link.error_code), ("open", "gone_from_xero"))
        self.sweep()
        self.assertEqual(self.rows(), row)
        row.action_take_odoo()
        self.work()
        self.assertEqual((row.state, link.outcome), ("decided", "synced"), link.error_message)
        self.assertEqual(self.in_xero(self.first)["InvoiceID"], link.xero_id)

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

    def test_voided_on_one_side_is_decided_either_way(self):
        voided = self.invoice(self.partner)
        self.work()
        self.apart(voided, Status="VOIDED")
        self.sweep()
        row = self.rows()
        self.assertEqual((row.reason, row.values[0]["xero"]), ("ended", "VOIDED"))
        row.action_take_xero()
        self.work()
        self.assertEqual((voided.state, row.state), ("cancel", "decided"))
        self.sweep()
        self.assertFalse(self.rows())

    def test_cancelled_here_and_living_there_is_voided_there(self):
        self.first.with_context(xero_taking_in=self.organisation.id).button_cancel()
        self.work()
        self.sweep()
        row = self.rows()
        self.assertEqual(row.reason, "ended")
        row.action_take_odoo()
        self.work()
        self.assertEqual(self.in_xero(self.first)["Status"], "VOIDED")
        self.sweep()
        self.assertFalse(self.rows())

    def test_take_odoo_sends_the_values_again_and_take_xero_brings_them(self):
        for button, total in (("action_take_odoo", 115.0), ("action_take_xero", 11.5)):
            with self.subTest(button=button):
                move = self.invoice(self.partner, [self.line(account_id=self.income.id)])
                self.work()
                self.apart(move, LineItems=[self.their_line(Quantity=1, UnitAmount=10)])
                self.sweep()
                getattr(self.rows(), button)()
                self.work()
                self.assertEqual((move.amount_total, self.in_xero(move)["Total"]), (total, total))
                self.sweep()
                self.assertFalse(self.rows())
                self.work_again()
                self.assertFalse(self.writes())

    def test_edit_after_payment_that_xero_refuses_stands_side_by_side(self):
        """What Xero still allows is sent; what it does not is a difference with both values (issue 3, §1)."""
        link = self.link(self.first)
        self.sim.books("NZ", "Payments", "PUT", {
            "Invoice": {"InvoiceID": link.xero_id}, "Account": {"Code": "090"}, "Date": "2026-06-05", "Amount": 15,
        })  # fmt: skip
        self.directions("push")
        self.first.button_draft()
        self.first.invoice_line_ids.price_unit = 50
        self.first.action_post()
        self.work()
        row = self.rows()
        self.assertEqual((row.reason, link.outcome, row.state), ("not_changeable", "conflict", "open"))
        self.assertIn({"label": "Total", "odoo": "57.50", "xero": "115.00"}, row.values)
        self.assertEqual(link.cure, "action_open_difference")
        row.action_take_xero()
        self.work()
        self.assertEqual((self.first.amount_total, link.outcome), (115.0, "synced"))

    def test_exempt_holds_in_both_directions_until_it_is_put_back(self):
        link = self.link(self.first)
        self.env["xero.link"]._decide(link._targets(), "exempt", {"reason": "A test"})
        self.work()
        self.in_books("Invoices", InvoiceID=link.xero_id, Reference="Theirs")
        self.first.invoice_date_due = "2026-08-01"
        self.work_again()
        self.assertFalse(self.writes())
        self.assertFalse(self.first.ref)
        self.sweep()
        self.assertFalse(self.rows())
        self.assertEqual(self.first.xero_message, "Taken out of the sync: A test")
        self.assertIn("A test", self.first.message_ids[0].body)
        self.assertEqual(self.first.message_ids[0].author_id, self.env.user.partner_id)
        link.action_include()
        self.work()
        self.assertEqual((link.outcome, link.error_code), ("conflict", "both_changed"), "ours must not go over theirs")
        self.assertEqual({value["label"] for value in self.rows().values}, {"Reference", "DueDate"})

    def test_what_waits_from_xero_can_be_taken_out_and_put_back(self):
        item = self.in_books("Invoices", **self.theirs(lines=[self.their_line(AccountCode="260")]))
        unmapped = [self.their_line(AccountCode="260")]
        other = self.in_books("Invoices", **self.theirs(InvoiceNumber="X-2", lines=unmapped))
        self.work_again()
        work = self.env["xero.work.item"].search([("link_id", "=", self.of(item)[0].id)])
        wizard = self.env["xero.exempt"].create({"reason": "Not ours", "targets": work._targets()})
        self.assertEqual((wizard.record_count, wizard.record_names), (1, "INV-0042"))
        wizard.action_confirm()
        self.work()
        link = self.of(item)[0]
        self.assertEqual((link.outcome, self.of(other)[0].outcome), ("exempt", "held"))
        self.map_account(self.income.copy({"code": "400260", "name": "Other"}), "260")
        self.work_again()
        self.assertEqual((bool(self.of(item)[1]), self.of(other)[1].name), (False, "X-2"))
        link.action_include()
        self.work()
        self.assertEqual(self.of(item)[1].name, "INV-0042")

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
