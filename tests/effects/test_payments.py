"""Payments that are taken back on one side (docs/effects.md)."""

from odoo.tests import tagged

from .common import EffectsCommon


@tagged("post_install", "-at_install")
class TestPayment(EffectsCommon):
    record = "Payment"

    def assertTakenBack(self, move):
        self.assertEqual((self.due(move), self.of_xero(), self.alive("Overpayments")), ((100, 100), [], []))
        self.assertQuiet()

    def assertKept(self, undo):
        """Reconciled in Xero it stays, and it is said; let go there, a retry settles it."""
        move = self.document("in_invoice")
        payment, link = self.paid(move)
        self.reconcile_there(link.xero_id)
        undo(move, payment)
        self.work()
        self.assertEqual((link.outcome, link.error_code, len(self.of_xero())), ("conflict", "payment_reconciled", 1))
        self.assertEqual(self.waiting(link), ("conflict", link.error_message))
        self.assertQuiet()
        self.reconcile_there(link.xero_id, on=False)
        link.action_retry()
        self.work()
        self.assertEqual((self.of_xero(), self.there(move)["AmountDue"]), ([], 100))
        self.assertFalse(self.waiting(link))

    def assertEnds(self, end):
        """Alone, with a write-off, as one of a batch, and reconciled in Xero."""
        move = self.document("out_invoice")
        payment, _link = self.paid(move)
        end(move, payment)
        self.work()
        self.assertTakenBack(move)
        move, payment = self.paid_less()
        end(move, payment)
        self.work()
        self.assertTakenBack(move)
        self.assertBatchEnds(end)
        self.assertKept(end)

    def paid_less(self):
        """An invoice whose last 5 are written off, agreed with Xero. :return: the invoice, its payment"""
        written_off = self.account_for_write_offs()
        move = self.document("out_invoice")
        later = {"payment_difference_handling": "reconcile", "writeoff_account_id": written_off}
        payment = self.pay(move, amount=95, later=later)
        self.work()
        amounts = sorted(item["Amount"] for item in self.there(move)["Payments"])
        self.assertEqual((amounts, self.due(move)), ([5, 95], (0, 0)))
        return move, payment

    def assertBatchEnds(self, end):
        moves = self.document("out_invoice"), self.document("out_invoice")
        targets = [{"Invoice": {"InvoiceID": self.document_link(move).xero_id}, "Amount": 100} for move in moves]
        account = {"AccountID": self.account("090").xero_id}
        made = self.in_books("BatchPayments", Account=account, Date="2026-06-12", Payments=targets)
        self.work_again()
        partials = [self.partials(move) for move in moves]
        links = [self.links(partial) for partial in partials]
        payments = [
            (partial.debit_move_id | partial.credit_move_id).move_id.origin_payment_id for partial in partials
        ]  # fmt: skip
        end(moves[0], payments[0])
        self.work()
        self.assertEqual((len(self.of_xero()), links[0].error_code), (2, "payment_of_batch"))
        self.assertEqual(self.waiting(links[0]), ("waiting", links[0].error_message))
        self.assertQuiet()
        end(moves[1], payments[1])
        self.work()
        [there] = self.sim.books("NZ", f"BatchPayments/{made['BatchPaymentID']}")["BatchPayments"]
        self.assertEqual(there["Status"], "DELETED")
        for move in moves:
            self.assertTakenBack(move)

    def test_void_in_odoo(self):
        """the payment is deleted, with what was written off besides; one of a batch when the others of the batch are
        taken back, too; if it is reconciled there: nothing, and it says so"""
        self.assertEnds(lambda move, payment: payment.action_cancel())

    def test_delete_in_odoo(self):
        """as void"""

        def delete(move, payment):
            payment.action_draft()
            payment.unlink()

        self.assertEnds(delete)

    def test_unreconcile_in_odoo(self):
        """the payment is deleted, and its money stands there as an overpayment unless unmatched payments are not sent;
        where a part of it is one already, that waits until a person has voided it there; if the payment is reconciled
        there: nothing, and it says so"""
        move = self.document("out_invoice")
        payment, _link = self.paid(move)
        self.unmatch(move)
        self.work()
        self.assertEqual((self.due(move), self.of_xero()), ((100, 100), []))
        [there] = self.alive("Overpayments")
        self.assertEqual((there["Total"], there["RemainingCredit"]), (100, 100))
        self.assertEqual(self.links(payment, "Overpayments").outcome, "synced")
        self.assertQuiet()
        self.match(self.document("out_invoice", 30), payment.move_id)
        self.work()
        payment.action_draft()
        payment.amount = 90
        payment.action_post()
        self.work()
        link = self.links(payment, "Overpayments")
        self.assertEqual(link.error_code, "overpayment_differs")
        self.assertEqual(self.waiting(link), ("conflict", link.error_message))
        self.void_there(link)
        self.work_again()
        self.assertEqual([credit["Total"] for credit in self.alive("Overpayments")], [90])
        self.void_there(link)
        self.work_again()
        self.assertEqual((payment.state, self.alive("Overpayments")), ("canceled", []))
        self.organisation.send_unmatched = False
        self.paid(move)
        self.unmatch(move)
        self.work()
        self.assertTakenBack(move)
        self.assertKept(lambda move, payment: self.unmatch(move))

    def test_draft_in_odoo(self):
        """nothing until it is posted again (as it was) or cancelled (deleted); with another day, amount or journal it
        is deleted and made anew, if it is reconciled there: nothing, and it says so"""
        move, other = self.document("out_invoice"), self.document("out_invoice")
        payments = [self.paid(each)[0] for each in (move, other)]
        for payment in payments:
            payment.action_draft()
        self.work_again()
        self.assertFalse(self.writes())
        self.assertEqual(len(self.of_xero()), 2)
        payments[0].action_post()
        payments[1].action_cancel()
        self.work()
        self.assertEqual((len(self.of_xero()), self.due(move), self.due(other)), (1, (0, 0), (100, 100)))
        self.assertQuiet()
        self.corrected(payments[0], self.links(self.partials(move)))

    def corrected(self, payment, link):
        before = link.xero_id
        payment.action_draft()
        payment.date = "2026-06-08"
        payment.action_post()
        self.work()
        self.assertEqual((link.outcome, len(self.of_xero()), link.xero_id == before), ("synced", 1, False))
        self.assertQuiet()
        before = link.xero_id
        self.reconcile_there(before)
        payment.action_draft()
        payment.date = "2026-06-09"
        payment.action_post()
        self.work()
        self.assertEqual((link.error_code, link.xero_id, len(self.of_xero())), ("payment_reconciled", before, 1))
        self.assertEqual(self.waiting(link), ("conflict", link.error_message))
        self.assertQuiet()

    def test_delete_in_xero(self):
        """the payment is cancelled if it paid nothing else, nothing of it was left over and no statement line is
        matched with it; else it is un-reconciled. What was written off with it goes there, too, and with a cancelled
        payment its fee. If only what was written off is deleted: nothing, and it waits for a decision"""
        move = self.document("out_invoice")
        payment, link = self.paid(move)
        self.change_there(link, Status="DELETED")
        self.assertEqual((self.due(move), payment.state, link.outcome), ((100, 100), "canceled", "gone"))
        self.assertFalse(self.writes())
        self.assertQuiet()
        self.delete_one_of_two()
        self.delete_what_a_statement_shows()
        self.delete_what_was_written_off()

    def delete_what_was_written_off(self):
        move, payment = self.paid_less()
        link = self.links(self.partials(move), "WriteOffs")
        self.in_books("Payments", PaymentID=link.xero_id, Status="DELETED")
        self.work_again()
        self.assertEqual((self.due(move), link.error_code), ((5, 0), "write_off_removed"))
        self.assertEqual(self.waiting(link), ("conflict", link.error_message))
        self.assertIn(payment.state, ("in_process", "paid"))
        self.assertFalse(self.writes())
        self.assertQuiet()

    def delete_one_of_two(self):
        first, second = self.document("out_invoice"), self.document("out_invoice")
        payment = self.pay(first, second, group_payment=True)
        self.work()
        self.change_there(self.links(self.partials(first)), Status="DELETED")
        self.assertEqual((first.amount_residual, second.amount_residual), (100, 0))
        self.assertIn(payment.state, ("in_process", "paid"))
        self.assertFalse(self.writes())
        self.assertQuiet()

    def delete_what_a_statement_shows(self):
        move = self.document("out_invoice")
        payment, link = self.paid(move)
        self.match_statement(payment)
        self.change_there(link, Status="DELETED")
        self.assertEqual((self.due(move), link.outcome), ((100, 100), "gone"))
        self.assertEqual((payment.state, payment.is_matched), ("paid", True))
        self.assertFalse(self.writes())
        self.assertQuiet()

    def match_statement(self, payment):
        """The bank's statement line of this payment, matched with it."""
        [outstanding] = payment._seek_for_lines()[0]
        self.assertTrue(outstanding.account_id.reconcile)
        statement = self.env["account.bank.statement.line"].create({
            "journal_id": self.bank.id, "date": "2026-06-11", "payment_ref": "In", "amount": payment.amount,
        })  # fmt: skip
        suspense = statement._seek_for_lines()[1]
        suspense.account_id = outstanding.account_id
        (suspense | outstanding).reconcile()
        self.assertTrue(payment.is_matched)

    def test_unreconcile_in_xero(self):
        """nothing: the bank's line is free again there, the payment stays"""
        move = self.document("out_invoice")
        payment, link = self.paid(move)
        for reconciled in (True, False):
            self.reconcile_there(link.xero_id, reconciled)
            self.work_again()
            self.assertEqual((self.due(move), link.outcome, len(self.of_xero())), ((0, 0), "synced", 1))
            self.assertIn(payment.state, ("in_process", "paid"))
            self.assertQuiet()
