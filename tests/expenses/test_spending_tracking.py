"""Tracking on money that the company spent."""

from odoo.tests import tagged

from ..engine.tracking_common import TrackingCommon
from .common import SpendCommon


@tagged("post_install", "-at_install")
class TestSpendingTracking(SpendCommon, TrackingCommon):
    def spend_in(self, account, **values):
        payment = self.spend(post=False, **values)
        expense = payment.move_id.line_ids.filtered(lambda line: line.account_id.account_type == "expense")
        expense.analytic_distribution = {str(account.id): 100}
        payment.action_post()
        return payment

    def tracking_in_xero(self):
        return [[entry["Option"] for entry in line["Tracking"]]
                for spent in self.spent_in_xero() for line in spent["LineItems"]]  # fmt: skip

    def test_value_that_xero_drops_silently_is_reported(self):
        first = self.spend_in(self.north)
        self.work()
        self.assertSynced(first)
        self.assertEqual(self.tracking_in_xero(), [["North"]])
        self.change_option("North", Status="ARCHIVED")  # nobody has told us yet
        payment = self.spend_in(self.north, partner=first.partner_id)
        self.work()
        self.assertStopped(payment, "tracking_dropped", "conflict")
        self.assertIn("Region: North", self.link(payment).error_message)
        self.change_option("North", Status="ACTIVE")
        self.env["xero.change"]._append(payment, "retry", by_hand=True)
        self.work()
        self.assertSynced(payment)
        self.assertEqual(self.tracking_in_xero(), [["North"], ["North"]])
