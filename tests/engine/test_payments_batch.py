"""Batch payments of Xero's: they come as their payments and go as a whole (S2.12)."""

from odoo.tests import tagged

from .payments_common import PaymentsCommon


@tagged("post_install", "-at_install")
class TestPaymentsBatch(PaymentsCommon):
    def setUp(self):
        super().setUp()
        self.organisation.send_unmatched = False

    def batch(self, *moves, more=()):
        """A bookkeeper pays these in one batch, and ``more`` invoices that are only in Xero. :return: Xero's batch"""
        self.work()
        targets = [(self.document_link(move).xero_id, move.amount_total) for move in moves]
        targets += [(item["InvoiceID"], item["AmountDue"]) for item in more]
        made = self.in_books("BatchPayments", Account={"AccountID": self.account("090").xero_id}, Date="2026-06-12",
                             Payments=[{"Invoice": {"InvoiceID": xero_id}, "Amount": amount}
                                       for xero_id, amount in targets])  # fmt: skip
        self.work_again()
        return made

    def standing(self, made):
        [batch] = self.sim.books("NZ", f"BatchPayments/{made['BatchPaymentID']}")["BatchPayments"]
        return batch["Status"]

    def test_batch_comes_as_single_payments_and_its_end_is_followed(self):
        moves = self.sold(60), self.sold(40)
        made = self.batch(*moves)
        self.assertEqual([move.amount_residual for move in moves], [0, 0])
        self.assertFalse(self.writes())
        self.in_books("BatchPayments", BatchPaymentID=made["BatchPaymentID"], Status="DELETED")
        self.work_again()
        self.assertEqual([move.amount_residual for move in moves], [60, 40])
        self.assertQuiet()

    def test_undone_one_by_one_it_goes_with_the_last(self):
        for order in (1, -1):
            with self.subTest(order=order):
                moves = self.sold(60), self.sold(40)
                made = self.batch(*moves)
                first, last = moves[::order]
                links = self.links(self.partials(first) | self.partials(last))
                self.partials(first).unlink()
                self.sim.clear_calls()
                self.work()
                waiting = links.filtered(lambda link: link.outcome != "synced")
                self.assertEqual((waiting.outcome, waiting.error_code), ("waiting", "payment_of_batch"))
                self.assertIn("100.00", waiting.error_message)
                self.assertFalse(self.writes(), "Xero would refuse it")
                self.partials(last).unlink()
                self.work()
                self.assertEqual((self.standing(made), set(links.mapped("outcome"))), ("DELETED", {"gone"}))
                for move in moves:
                    self.assertEqual(*self.due(move))
                self.assertQuiet()

    def test_all_undone_at_once_are_one_call(self):
        moves = self.sold(60), self.sold(40)
        made = self.batch(*moves)
        for move in moves:
            self.partials(move).unlink()
        self.sim.clear_calls()
        self.work()
        self.assertEqual((self.standing(made), len(self.writes())), ("DELETED", 1))
        self.assertQuiet()

    def test_lost_answer_about_a_batch_is_found_out(self):
        moves = self.sold(60), self.sold(40)
        made = self.batch(*moves)
        links = self.links(self.partials(moves[0]) | self.partials(moves[1]))
        for move in moves:
            self.partials(move).unlink()
        self.directions(payments="push")
        self.sim.fault("drop_after", match={"path": "/BatchPayments"}, times=2)
        self.work()
        self.assertIn("in_doubt", links.mapped("outcome"))
        self.env["xero.request"].search([("state", "=", "recorded")]).sent_at = "2026-01-01"
        self.organisation.parked_until = False
        self.work()
        self.assertEqual((self.standing(made), set(links.mapped("outcome"))), ("DELETED", {"gone"}))

    def test_matched_again_it_is_the_payment_that_it_was(self):
        move, other = self.sold(60), self.sold(40)
        self.batch(move, other)
        link, partial = self.links(self.partials(move)), self.partials(move)
        lines = partial.debit_move_id | partial.credit_move_id
        partial.unlink()
        self.work()
        self.assertEqual(link.error_code, "payment_of_batch")
        lines.reconcile()
        self.sim.clear_calls()
        self.work()
        self.assertEqual((link.outcome, link.res_id), ("synced", self.partials(move).id))
        self.assertFalse(self.writes())
        self.assertEqual(*self.due(move))
        self.assertQuiet()

    def test_batch_with_a_payment_that_is_not_here_stays(self):
        move = self.sold(60)
        self.work()
        self.organisation.pull_from = "2026-01-01"
        old = self.in_books("Invoices", **{
            "Type": "ACCREC", "Contact": {"Name": "Stranger"}, "Date": "2021-01-01", "DueDate": "2021-01-01",
            "Status": "AUTHORISED",
            "LineItems": [{"Description": "x", "UnitAmount": 5, "AccountCode": "200", "TaxType": "NONE"}],
        })  # fmt: skip
        made = self.batch(move, more=[old])
        link = self.links(self.partials(move))
        self.partials(move).unlink()
        self.work()
        self.assertEqual((self.standing(made), link.error_code), ("AUTHORISED", "payment_of_batch"))

    def test_reconciled_batch_says_what_to_do(self):
        moves = self.sold(60), self.sold(40)
        made = self.batch(*moves)
        links = self.links(self.partials(moves[0]) | self.partials(moves[1]))
        self.sim.organisation("NZ", reconcile_payment=made["BatchPaymentID"])
        for move in moves:
            self.partials(move).unlink()
        self.work()
        self.assertEqual(set(links.mapped("error_code")), {"payment_of_batch", "payment_reconciled"})
        self.assertEqual(self.standing(made), "AUTHORISED")
