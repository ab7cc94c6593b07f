"""Where only what is due differs, a person says whose payments and credits count (S1.28, docs/effects.md)."""

from odoo import fields
from odoo.tests import tagged

from .payments_common import PaymentsCommon


@tagged("post_install", "-at_install")
class TestPaymentsDiffer(PaymentsCommon):
    def sweep(self):
        now = fields.Datetime.now()
        self.env["xero.cursor"].search([]).write({"due_at": "2030-01-01", "read_at": now, "modified_since": now})
        self.organisation.action_compare()
        self.work()
        return self.rows()

    def rows(self):
        return self.env["xero.difference"].search(
            [("organisation_id", "=", self.organisation.id), ("state", "=", "open")]
        )

    def unseen(self, do):
        """Let ``do`` happen in Xero without Odoo looking."""
        kinds = {policy.kind: policy.direction for policy in self.organisation.policy_ids}
        self.directions("push")
        result = do()
        self.directions(**kinds)
        return result

    def decide(self, button, *moves):
        rows = self.sweep()
        self.assertEqual({row.res_id for row in rows}, {move.id for move in moves})
        for row in rows:
            self.assertEqual([value["label"] for value in row.values], ["AmountDue"])
            self.assertTrue(row.can_take_odoo and row.can_take_xero)
            self.assertFalse(row.hint)
        getattr(rows, button)()
        self.work()
        self.assertEqual(set(rows.mapped("state")), {"decided"})

    def assertSame(self, *moves):
        for move in moves:
            self.assertEqual(*self.due(move), move.name)
        self.assertFalse(self.sweep())
        self.assertQuiet()

    def match(self, *moves):
        lines = self.env["account.move"].union(*moves).line_ids.filtered(
            lambda line: line.account_id.account_type in ("asset_receivable", "liability_payable")
        )
        lines.reconcile()

    # ---- payments ---------------------------------------------------------------------------------

    def deleted_in_xero(self, *moves):
        """Paid on both sides, then deleted there without Odoo having seen it."""
        for move in moves:
            self.pay(move)
        self.work()
        for move in moves:
            self.in_books("Payments", PaymentID=self.links(self.partials(move)).xero_id, Status="DELETED")

    def test_payment_that_xero_lost_goes_again_if_odoos_counts(self):
        moves = self.sold(), self.bought(40), self.sold(15, move_type="out_refund")
        self.deleted_in_xero(*moves)
        self.decide("action_take_odoo", *moves)
        self.assertEqual(sorted(item["Amount"] for item in self.of_xero()), [15, 40, 100])
        self.assertSame(*moves)

    def test_payment_that_xero_lost_is_taken_back_if_xeros_counts(self):
        moves = self.sold(), self.bought(40), self.sold(15, move_type="out_refund")
        self.deleted_in_xero(*moves)
        payments = self.env["account.payment"].search([("journal_id", "=", self.bank.id)])
        self.decide("action_take_xero", *moves)
        self.assertFalse(self.of_xero())
        self.assertEqual([move.amount_residual for move in moves], [100, 40, 15])
        self.assertEqual(set(payments.mapped("state")), {"canceled"})
        self.assertSame(*moves)

    def test_payment_that_odoo_never_read_comes_if_xeros_counts(self):
        move = self.sold()
        self.work()
        self.paid_in_xero(move, 30)
        self.decide("action_take_xero", move)
        self.assertEqual(move.amount_residual, 70)
        self.assertSame(move)

    def test_payment_that_odoo_never_sent_goes_or_is_undone(self):
        for button, due in (("action_take_odoo", 70), ("action_take_xero", 100)):
            with self.subTest(button):
                move = self.sold()
                self.work()
                payment = self.pay(move, amount=30)
                self.changes().unlink()
                self.decide(button, move)
                self.assertEqual(move.amount_residual, due)
                self.assertNotEqual(payment.state, "canceled")
                self.organisation.send_unmatched = False
                self.assertSame(move)

    def test_payment_undone_here_alone_goes_from_xero_or_comes_back(self):
        for button, due in (("action_take_odoo", 100), ("action_take_xero", 0)):
            with self.subTest(button):
                self.organisation.send_unmatched = False
                move = self.sold()
                self.pay(move)
                self.work()
                self.partials(move).with_context(xero_taking_in=self.organisation.id).unlink()
                self.decide(button, move)
                self.assertEqual(move.amount_residual, due)
                self.assertSame(move)

    def test_write_off_that_xero_lost_goes_again(self):
        written_off = self.account_for_write_offs()
        move = self.sold()
        later = {"payment_difference_handling": "reconcile", "writeoff_account_id": written_off}
        self.pay(move, amount=95, later=later)
        self.work()
        for item in self.of_xero():
            self.in_books("Payments", PaymentID=item["PaymentID"], Status="DELETED")
        self.decide("action_take_odoo", move)
        self.assertEqual(sorted(item["Amount"] for item in self.of_xero()), [5, 95])
        self.assertSame(move)

    def test_what_had_ended_on_both_sides_stays_ended_if_odoos_counts(self):
        self.organisation.send_unmatched = False
        move = self.sold()
        self.pay(move)
        self.work()
        earlier = self.links(self.partials(move))
        self.partials(move).unlink()
        self.work()
        self.assertEqual((earlier.outcome, earlier.error_code, self.of_xero()), ("gone", False, []))
        self.deleted_in_xero(move)
        self.decide("action_take_odoo", move)
        self.assertEqual((earlier.outcome, earlier.error_code, len(self.of_xero())), ("gone", False, 1))
        self.assertSame(move)

    def test_edit_of_the_document_goes_whatever_is_decided_about_what_is_due(self):
        for button in ("action_take_odoo", "action_take_xero", "action_ignore"):
            with self.subTest(button):
                move = self.sold()
                self.deleted_in_xero(move)
                [row] = self.sweep()
                move.ref = f"Edited {button}"
                getattr(row, button)()
                self.work()
                self.assertEqual(f"action_{row.decision}", button)
                self.assertEqual(self.there(move)["Reference"], move.ref)

    # ---- credit -----------------------------------------------------------------------------------

    def test_allocation_that_xero_lost_goes_again_or_is_undone(self):
        for button, due in (("action_take_odoo", 70), ("action_take_xero", 100)):
            with self.subTest(button):
                invoice, credit = self.sold(100), self.sold(30, move_type="out_refund")
                self.match(invoice, credit)
                self.work()
                [there] = self.there(credit)["Allocations"]
                path = f"CreditNotes/{self.document_link(credit).xero_id}/Allocations/{there['AllocationID']}"
                self.sim.books("NZ", path, "DELETE")
                self.decide(button, invoice, credit)
                self.assertEqual(invoice.amount_residual, due)
                self.assertSame(invoice, credit)

    def test_allocation_that_odoo_never_read_comes_if_xeros_counts(self):
        invoice, credit = self.sold(100), self.sold(30, move_type="out_refund")
        self.work()
        path = f"CreditNotes/{self.document_link(credit).xero_id}/Allocations"
        target = {"InvoiceID": self.document_link(invoice).xero_id}
        element = {"Amount": 20, "Date": "2026-06-15", "Invoice": target}
        self.sim.books("NZ", path, "PUT", {"Allocations": [element]})
        self.decide("action_take_xero", invoice, credit)
        self.assertEqual((invoice.amount_residual, credit.amount_residual), (80, 10))
        self.assertSame(invoice, credit)

    # ---- what is no difference ----------------------------------------------------------------------

    def test_what_is_queued_held_or_waiting_is_no_difference(self):
        self.mapping.unlink()
        held = self.sold()
        self.pay(held)
        incoming = self.sold()
        self.work()
        self.paid_in_xero(incoming, 20)
        self.work_again()
        queued = self.sold()
        self.work()
        self.organisation.auto_sync = False
        self.pay(queued)
        self.assertFalse(self.sweep())
        self.assertEqual(set(self.env["xero.link"].search([("resource", "=", "Payments")]).mapped("error_code")),
                         {"mapping_journal", "incoming_journal"})  # fmt: skip

    def test_where_payments_do_not_go_it_says_what_to_do(self):
        move = self.sold()
        self.deleted_in_xero(move)
        row = self.sweep()
        self.directions(payments="off", credit_notes="off")
        row.invalidate_recordset()
        self.assertIn("by hand", row.hint)
        self.assertFalse(row.can_take_odoo or row.can_take_xero)
