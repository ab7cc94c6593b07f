"""What a person decides on a payment's form: taking it out, putting it back, another try of what Xero refused."""

from odoo.tests import tagged

from .payments_common import PaymentsCommon


@tagged("post_install", "-at_install")
class TestPaymentDecisions(PaymentsCommon):
    def take_out(self, payment, reason="Entered in Xero by hand"):
        targets = payment._xero_targets()
        self.env["xero.exempt"].create({"reason": reason, "targets": targets}).action_confirm()
        self.work()

    def test_payment_that_is_taken_out_takes_what_it_is_matched_with_along(self):
        """Neither its ending nor what it is matched with later goes; the document stays in the sync"""
        move, other = self.sold(), self.sold(60)
        payment = self.pay(move)
        self.work()
        self.take_out(payment)
        self.assertEqual(payment.xero_state, "exempt")
        self.assertIn("by hand", payment.xero_message)
        self.partials(move).unlink()
        lines = (payment.move_id | other).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.work()
        self.assertEqual(len(self.of_xero()), 1, "what was there stays, nothing comes besides")
        self.assertEqual(self.there(other)["AmountDue"], 60)
        self.assertFalse(self.of_xero("Overpayments"))
        other.ref = "Still in the sync"
        self.work()
        self.assertEqual(self.there(other)["Reference"], "Still in the sync")

    def test_it_goes_when_it_is_put_back(self):
        move = self.sold()
        self.work()
        payment = self.pay(move)
        self.take_out(payment)
        self.assertFalse(self.of_xero())
        self.assertEqual(payment.xero_state, "exempt")
        payment.action_xero_include()
        self.work()
        self.assertEqual(len(self.of_xero()), 1)
        payment.invalidate_recordset()
        self.assertEqual(payment.xero_state, "synced")

    def test_refused_deletion_stands_on_the_payment_until_a_retry_settles_it(self):
        move = self.sold()
        payment = self.pay(move)
        self.work()
        [there] = self.of_xero()
        self.sim.organisation("NZ", reconcile_payment=there["PaymentID"])
        payment.action_cancel()
        self.work()
        self.assertEqual(payment.xero_state, "conflict")
        self.assertIn("Remove & Redo", payment.xero_message)
        self.sim.organisation("NZ", unreconcile_payment=there["PaymentID"])
        payment.action_xero_retry()
        self.work()
        payment.invalidate_recordset()
        self.assertEqual(payment.xero_state, "voided")
        self.assertFalse(self.of_xero())

    def test_overpayment_has_a_page_in_xero(self):
        """Credit has none of its own: the transaction that it came with has"""
        payment = self.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": self.partner.id, "amount": 50,
            "journal_id": self.bank.id,
        })  # fmt: skip
        payment.action_post()
        self.work()
        self.assertEqual(payment.xero_state, "synced")
        link = self.links(payment, "Overpayments")
        self.assertIn(f"bankTransactionID={link.remote['transaction']}", payment.xero_url)
