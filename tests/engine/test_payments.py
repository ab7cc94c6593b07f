"""Payments recorded in Odoo stand in Xero once, whatever they are on, and go when they are taken back (S1.26, S1.5)."""

from odoo.tests import tagged

from .payments_common import PaymentsCommon


@tagged("post_install", "-at_install")
class TestPayments(PaymentsCommon):
    def assertAgreed(self, *moves):
        for move in moves:
            there, here = self.due(move)
            self.assertEqual(there, here, move.name)
            self.assertFalse(self.links(self.partials(move)).filtered(lambda link: link.outcome != "synced"))

    def test_full_payment_goes_to_the_mapped_account_once(self):
        move = self.sold()
        payment = self.pay(move)
        self.work()
        [there] = self.of_xero()
        self.assertEqual(
            (there["Amount"], there["PaymentType"], there["Account"]["AccountID"], there["Reference"]),
            (100.0, "ACCRECPAYMENT", self.account("090").xero_id, payment.name),
        )
        self.assertEqual(self.there(move)["Status"], "PAID")
        self.assertAgreed(move)
        self.assertQuiet()

    def test_partial_payments_and_one_payment_of_several_documents(self):
        first, second = self.sold(100), self.sold(50)
        self.pay(first, amount=30)
        self.pay(first, amount=20)
        self.work()
        self.assertEqual(sorted(item["Amount"] for item in self.of_xero()), [20, 30])
        both = self.pay(first, second, group_payment=True)
        self.assertEqual(len(both), 1)
        self.work()
        self.assertEqual(sorted(item["Amount"] for item in self.of_xero()), [20, 30, 50, 50])
        self.assertAgreed(first, second)
        self.assertQuiet()

    def test_bill_is_paid_and_credit_notes_are_refunded(self):
        bill = self.bought(40)
        refund = self.sold(15, move_type="out_refund")
        vendor = self.bought(12, move_type="in_refund", ref="SC-1")
        for move in (bill, refund, vendor):
            self.pay(move)
        self.work()
        found = {item["PaymentType"]: item["Amount"] for item in self.of_xero()}
        self.assertEqual(found, {"ACCPAYPAYMENT": 40, "ARCREDITPAYMENT": 15, "APCREDITPAYMENT": 12})
        self.assertAgreed(bill, refund, vendor)
        self.assertQuiet()

    def test_a_thousand_payments_are_twenty_writes_in_small(self):
        """50 to a call: 51 are two."""
        moves = self.env["account.move"].union(*(self.sold(10) for _n in range(51)))
        self.work()
        self.pay(moves, group_payment=True)
        self.sim.clear_calls()
        self.work()
        self.assertEqual(len(self.writes("Payments")), 2)
        self.assertEqual(len(self.of_xero()), 51)

    def test_unmatching_and_cancelling_delete_it_in_xero(self):
        for undo in ("unmatch", "cancel", "delete"):
            with self.subTest(undo=undo):
                move = self.sold()
                payment = self.pay(move)
                self.work()
                self.undo(undo, move, payment)
                self.work()
                self.assertEqual(self.due(move), (100, 100))
                self.assertFalse(self.of_xero())
                self.assertQuiet()

    def test_reset_to_draft_alone_changes_nothing_until_it_is_cancelled(self):
        move = self.sold()
        payment = self.pay(move)
        self.work()
        payment.action_draft()
        self.work_again()
        self.assertFalse(self.writes())
        payment.action_post()
        self.assertQuiet()
        self.assertEqual(len(self.of_xero()), 1)

    def test_removal_goes_before_the_document_is_voided(self):
        move = self.sold()
        self.pay(move)
        self.work()
        self.partials(move).unlink()
        move.button_draft()
        move.button_cancel()
        self.work()
        self.assertEqual(self.there(move)["Status"], "VOIDED")
        self.assertQuiet()

    def test_payment_of_a_foreign_document_books_the_same_gain_on_both_sides(self):
        usd = self.dollars({"2026-01-01": 0.5, "2026-06-05": 0.625})
        move = self.sold(100, currency_id=usd.id)
        self.pay(move, amount=40, currency_id=usd.id)
        self.pay(move)  # the rest, in the company's own currency
        self.assertEqual(move.amount_residual, 0)
        self.work()
        found = sorted((item["Amount"], item["CurrencyRate"], item["BankAmount"]) for item in self.of_xero())
        self.assertEqual(found, [(40.0, 0.625, 64.0), (60.0, 0.625, 96.0)])
        self.assertAgreed(move)
        self.assertQuiet()

    def test_waits_for_its_document_and_for_its_approval(self):
        self.organisation.invoice_status = "DRAFT"
        move = self.sold()
        self.pay(move)
        self.work()
        link = self.links(self.partials(move))
        self.assertEqual((link.outcome, link.error_code), ("waiting", "document_not_approved"))
        self.assertIn(move.name, link.error_message)
        self.in_books("Invoices", InvoiceID=self.document_link(move).xero_id, Status="AUTHORISED")
        self.work_again()
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        self.assertAgreed(move)
        self.assertQuiet()

    def test_document_that_is_stopped_stops_its_payment_until_it_goes(self):
        self.organisation.revenue_account_id = False
        self.env["xero.account.mapping"].search([("account_id", "=", self.income.id)]).unlink()
        move = self.sold()
        self.pay(move)
        self.work()
        link = self.links(self.partials(move))
        self.assertEqual((link.error_code, link.waiting_for_id), ("document_first", self.document_link(move)))
        self.map_account(self.income, "200")
        self.work()
        self.assertEqual(link.outcome, "synced", link.error_message)
        self.assertQuiet()

    def test_payment_waits_even_where_its_document_has_no_link_yet(self):
        """The document is older than the connection; it is sent by hand later."""
        move = self.sold()
        self.changes().unlink()
        self.pay(move)
        self.work()
        link = self.links(self.partials(move))
        self.assertEqual((link.error_code, link.waiting_for_id.id), ("document_first", False))
        self.env["xero.change"]._append(move, by_hand=True)
        self.work()
        self.assertEqual(link.outcome, "synced", link.error_message)

    def test_unmapped_journal_and_locked_period_stop_it_with_a_cure(self):
        move = self.sold()
        self.mapping.unlink()
        self.pay(move)
        self.work()
        link = self.links(self.partials(move))
        self.assertEqual((link.error_code, link.cure), ("mapping_journal", "action_open_journal_mapping"))
        self.organisation.period_lock_date = "2026-06-15"
        self.map_journal(self.bank, "090")
        self.work()
        self.assertEqual(link.error_code, "locked_period")
        self.organisation.period_lock_date = False
        self.organisation._mapping_changed()
        self.work()
        self.assertEqual(link.outcome, "synced", link.error_message)

    def test_journal_whose_payments_are_recorded_in_xero_sends_none(self):
        self.mapping.recorded_by = "xero"
        move = self.sold()
        self.pay(move)
        self.work()
        self.assertFalse(self.of_xero())
        self.assertFalse(self.links(self.partials(move)))

    def on_statement(self, amount, **values):
        """A line of the bank statement, with its line on the suspense account."""
        line = self.env["account.bank.statement.line"].create({
            "journal_id": self.bank.id, "date": "2026-06-10", "payment_ref": "Bank says", "amount": amount,
            "partner_id": self.partner.id,
        } | values)  # fmt: skip
        return line, line._seek_for_lines()[1]

    def control_line(self, move):
        return move.line_ids.filtered(
            lambda line: line.account_id.account_type in ("asset_receivable", "liability_payable")
        )

    def test_statement_line_matched_with_a_document_is_a_payment_and_undoing_it_takes_that_back(self):
        sold, bought = self.sold(), self.bought(40)
        lines = []
        for move, amount in ((sold, 100), (bought, -40)):
            line, suspense = self.on_statement(amount)
            suspense.account_id = self.control_line(move).account_id
            (suspense | self.control_line(move)).reconcile()
            lines.append(line)
        self.work()
        found = {item["PaymentType"]: (item["Amount"], item["Reference"]) for item in self.of_xero()}
        self.assertEqual(found, {"ACCRECPAYMENT": (100, lines[0].move_id.name),
                                 "ACCPAYPAYMENT": (40, lines[1].move_id.name)})  # fmt: skip
        self.assertAgreed(sold, bought)
        self.assertQuiet()
        lines[0].action_undo_reconciliation()
        self.work()
        self.assertEqual((self.due(sold), len(self.of_xero())), ((100, 100), 1))
        self.assertQuiet()

    def test_statement_line_that_is_matched_with_nothing_does_not_go(self):
        """In Xero it comes from the bank itself."""
        line, suspense = self.on_statement(100)
        suspense.account_id = self.control_line(self.sold()).account_id
        self.work()
        self.assertFalse(self.of_xero())
        self.assertFalse(self.sim.books("NZ", "Overpayments", page=1)["Overpayments"])
        self.assertEqual(line.move_id.state, "posted")

    def test_direction_pull_sends_none(self):
        self.directions(payments="pull")
        move = self.sold()
        self.pay(move)
        self.work()
        self.assertFalse(self.of_xero())

    def test_refusals_name_what_to_do(self):
        """Reconciled there: it cannot be deleted; both sides are shown as in conflict, and a retry settles it."""
        move = self.sold()
        self.pay(move)
        self.work()
        [there] = self.of_xero()
        self.sim.organisation("NZ", reconcile_payment=there["PaymentID"])
        link = self.links(self.partials(move))
        self.partials(move).unlink()
        self.work()
        self.assertEqual((link.outcome, link.error_code), ("conflict", "payment_reconciled"), link.error_message)

    def test_more_than_is_open_in_xero_is_a_conflict(self):
        self.directions(payments="push")
        move = self.sold()
        self.work()
        self.paid_in_xero(move, 80)
        self.pay(move)
        self.work()
        link = self.links(self.partials(move))
        self.assertEqual((link.outcome, link.error_code), ("conflict", "payment_exceeds"))

    def test_lost_answer_leads_to_one_payment(self):
        """Past the idempotency window it is found by document, amount, date and reference."""
        moves = self.sold(), self.sold()
        self.work()
        for move in moves:
            self.pay(move, amount=25)
            self.pay(move, amount=25)
        self.sim.fault("drop_after", match={"path": "/Payments", "method": "PUT"}, times=2)
        self.work()
        self.assertEqual(set(self.links(self.partials(moves[0])).mapped("outcome")), {"in_doubt"})
        request = self.env["xero.request"].search([("state", "=", "recorded")])
        request.sent_at = "2026-01-01"
        self.organisation.parked_until = False
        self.work()
        self.assertEqual(len(self.of_xero()), 4)
        self.assertEqual(len(set(self.links(self.partials(moves[0])).mapped("xero_id"))), 2)
        self.assertAgreed(*moves)
        self.assertQuiet()
