"""With Odoo's accounting app a payment has no entry before the bank statement is matched: it stands in Xero once."""

from unittest.mock import patch

from odoo.tests import tagged

from .payments_common import PaymentsCommon


@tagged("post_install", "-at_install")
class TestPaymentsEntryless(PaymentsCommon):
    def setUp(self):
        super().setUp()
        # what the accounting app answers; without it, every payment gets an entry
        self.startPatcher(
            patch.object(type(self.env["account.move"]), "_get_invoice_in_payment_state", lambda move: "in_payment")
        )
        methods = self.bank.inbound_payment_method_line_ids | self.bank.outbound_payment_method_line_ids
        methods.payment_account_id = False

    def pay_without_entry(self, *moves, **values):
        payment = self.pay(*moves, **values)
        self.assertFalse(payment.move_id)
        return payment

    def on_statement(self, move, amount=100.0):
        """The bank statement is matched with the document. :return: the statement line"""
        line = self.env["account.bank.statement.line"].create({
            "journal_id": self.bank.id, "date": "2026-06-14", "payment_ref": "In", "amount": amount,
            "partner_id": self.partner.id,
        })  # fmt: skip
        _liquidity, suspense, _other = line._seek_for_lines()
        receivable = move.line_ids.filtered(lambda one: one.account_id.account_type == "asset_receivable")
        suspense.account_id = receivable.account_id
        (suspense | receivable).reconcile()
        return line

    def entryless_link(self, payment):
        return self.links(payment, "PaymentsWithoutEntry")

    def test_goes_when_it_is_posted_and_stays_one_when_the_bank_is_matched(self):
        move = self.sold()
        payment = self.pay_without_entry(move)
        self.work()
        [there] = self.of_xero()
        self.assertEqual((there["Amount"], there["Reference"]), (100, payment.name))
        self.assertEqual((self.there(move)["Status"], move.payment_state), ("PAID", "in_payment"))
        self.assertQuiet()
        self.on_statement(move)
        self.assertEqual(move.payment_state, "paid")
        self.sim.clear_calls()
        self.work()
        self.assertFalse(self.writes())
        self.assertEqual(self.links(self.partials(move)).xero_id, there["PaymentID"])
        self.assertFalse(self.entryless_link(payment))
        self.assertQuiet()
        self.assertEqual(len(self.of_xero()), 1)

    def give_entry(self, payment):
        """Reset to draft and confirmed with a method that has an outstanding account."""
        methods = payment.journal_id.inbound_payment_method_line_ids
        account = self.company_data["default_account_assets"].copy({"code": "101499", "reconcile": True})
        payment.action_draft()
        payment.payment_method_line_id = methods[:1].copy({"name": "By card", "payment_account_id": account.id})
        payment.action_post()
        self.assertTrue(payment.move_id)

    def credits(self):
        items = self.sim.books("NZ", "Overpayments", page=1)["Overpayments"]
        return [item for item in items if item["Status"] != "VOIDED"]

    def test_payment_that_gets_an_entry_later_stands_in_xero_once(self):
        move = self.sold()
        payment = self.pay_without_entry(move)
        self.work()
        self.give_entry(payment)
        self.work()
        self.assertEqual(([item["Total"] for item in self.credits()], self.of_xero()), ([100], []))
        self.assertFalse(self.entryless_link(payment).filtered("xero_id"))
        self.assertQuiet()
        self.match(move, payment.move_id)
        self.work()
        self.assertEqual((self.of_xero(), self.due(move)), ([], (0, 0)))
        self.assertQuiet()

    def test_entry_of_a_payment_that_is_reconciled_in_xero_waits_and_its_matching_takes_it_over(self):
        move = self.sold()
        payment = self.pay_without_entry(move)
        self.work()
        link = self.entryless_link(payment)
        there = link.xero_id
        self.sim.organisation("NZ", reconcile_payment=there)
        self.give_entry(payment)
        self.work()
        self.assertEqual((link.error_code, self.credits()), ("payment_reconciled", []))
        waiting = self.links(payment, "Overpayments")
        self.assertEqual((waiting.outcome, waiting.error_code, waiting.waiting_for_id),
                         ("waiting", "payment_stands", link))  # fmt: skip
        self.assertIn(link.xero_number, waiting.error_message)
        self.match(move, payment.move_id)
        self.work()
        self.assertEqual((self.links(self.partials(move)).xero_id, len(self.of_xero())), (there, 1))
        self.assertFalse(self.credits() or waiting.exists() or self.entryless_link(payment))
        self.assertEqual(self.there(move)["Status"], "PAID")
        self.assertQuiet()

    def test_credit_notes_and_bills_go_too(self):
        bill, refund = self.bought(40), self.sold(15, move_type="out_refund")
        for move in (bill, refund):
            self.pay_without_entry(move)
        self.work()
        found = {item["PaymentType"]: item["Amount"] for item in self.of_xero()}
        self.assertEqual(found, {"ACCPAYPAYMENT": 40, "ARCREDITPAYMENT": 15})
        self.assertQuiet()

    def test_other_amount_on_the_statement_takes_its_place(self):
        move = self.sold()
        self.pay_without_entry(move)
        self.work()
        self.on_statement(move, 97)
        self.work()
        self.assertEqual([item["Amount"] for item in self.of_xero()], [97])
        self.assertEqual(self.due(move), (3, 3))
        self.assertQuiet()

    def test_cancelled_and_corrected(self):
        move = self.sold()
        payment = self.pay_without_entry(move)
        self.work()
        payment.action_draft()
        self.work()
        self.assertEqual(len(self.of_xero()), 1, "nothing until it is posted again or cancelled")
        payment.amount = 60
        payment.action_post()
        self.work()
        self.assertEqual([item["Amount"] for item in self.of_xero()], [60])
        payment.action_cancel()
        self.work()
        self.assertFalse(self.of_xero())
        self.assertQuiet()
        deleted = self.pay_without_entry(move)
        self.work()
        deleted.action_draft()
        deleted.unlink()
        self.work()
        self.assertFalse(self.of_xero())

    def test_taken_back_in_xero_is_cancelled_here(self):
        move = self.sold()
        payment = self.pay_without_entry(move)
        self.work()
        self.in_books("Payments", PaymentID=self.entryless_link(payment).xero_id, Status="DELETED")
        self.work_again()
        self.assertEqual((payment.state, move.payment_state), ("canceled", "not_paid"))
        self.assertQuiet()

    def test_entered_on_both_sides_is_one(self):
        move = self.sold()
        self.work()
        item = self.paid_in_xero(move, 100)
        payment = self.pay_without_entry(move)
        self.work_again()
        self.assertEqual(self.entryless_link(payment).xero_id, item["PaymentID"])
        self.assertEqual((len(self.of_xero()), move.amount_residual), (1, 100))
        self.assertFalse(self.partials(move))
        self.assertQuiet()

    def test_payment_made_in_xero_comes_with_an_entry(self):
        move = self.sold()
        self.work()
        item = self.paid_in_xero(move, 100)
        self.work_again()
        link = self.env["xero.link"].search([("xero_id", "=", item["PaymentID"])])
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        self.assertEqual((move.payment_state, move.amount_residual), ("in_payment", 0))
        self.assertQuiet()

    def test_several_documents_wait_for_the_bank_and_go_then(self):
        first, second = self.sold(60), self.sold(40)
        payment = self.pay_without_entry(first, second, group_payment=True)
        self.work()
        link = self.entryless_link(payment)
        self.assertEqual((link.outcome, link.error_code), ("waiting", "payment_without_entry"))
        for move in (first, second):
            self.on_statement(move, move.amount_total)
        self.work()
        self.assertEqual(sorted(item["Amount"] for item in self.of_xero()), [40, 60])
        link.action_retry()
        self.work()
        self.assertFalse(link.exists())
        self.assertQuiet()

    def test_journal_recorded_in_xero_and_direction_off_send_none(self):
        self.mapping.recorded_by = "xero"
        self.pay_without_entry(self.sold())
        self.work()
        self.mapping.recorded_by = "both"
        self.directions(payments="pull")
        self.pay_without_entry(self.sold())
        self.work()
        self.assertFalse(self.of_xero())
        self.assertFalse(self.env["xero.link"].search([("resource", "=", "PaymentsWithoutEntry")]))
