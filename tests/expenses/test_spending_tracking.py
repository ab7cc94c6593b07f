"""Tracking on money that the company spent."""

from odoo.tests import tagged

from ..engine.tracking_common import TrackingCommon
from .common import SpendCommon


@tagged("post_install", "-at_install")
class TestSpendingTracking(SpendCommon, TrackingCommon):
    def spend_in(self, *accounts, **values):
        payment = self.spend(post=False, **values)
        expense = payment.move_id.line_ids.filtered(lambda line: line.account_id.account_type == "expense")
        expense.analytic_distribution = {str(account.id): 100 / len(accounts) for account in accounts}
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

    def test_what_is_split_goes_with_the_taxes_that_xero_computes_and_the_cent_on_a_line_of_its_own(self):
        """Xero refuses another TaxAmount than its own on bank transactions: here 2 × 0.65, Odoo says 1.31"""
        payment = self.spend_in(self.north, self.south, amount=10.01)
        self.work()
        self.assertSynced(payment)
        [spent] = self.spent_in_xero()
        told = [(line["LineAmount"], line["TaxAmount"], line["Description"]) for line in spent["LineItems"]]
        self.assertEqual(told[:2], [(4.35, 0.65, told[0][2]), (4.35, 0.65, told[1][2])])
        self.assertEqual(told[2:], [(0.01, 0, "Rounding")])
        self.assertEqual((spent["Total"], spent["LineAmountTypes"]), (10.01, "Exclusive"))
        payment.move_id.ref = "Touched"
        self.work_again()
        self.assertFalse(self.writes("BankTransactions"))
        self.assertSynced(payment)

    def test_what_is_split_without_a_cent_left_keeps_its_taxes_in_the_price(self):
        payment = self.spend_in(self.north, self.south)
        self.work()
        self.assertSynced(payment)
        [spent] = self.spent_in_xero()
        told = [(line["LineAmount"], line["TaxAmount"]) for line in spent["LineItems"]]
        self.assertEqual((told, spent["LineAmountTypes"]), ([(57.5, 7.5)] * 2, "Inclusive"))
