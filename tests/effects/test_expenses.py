"""Expenses that end on one side (docs/effects.md). Those of employees are skipped without ``hr_expense``."""

from odoo.tests import tagged

from ..expenses.common import ExpensesCommon, SpendCommon


class SpentMixin:
    """What both kinds look at; the direction is the one that expenses have."""

    record = ""

    def work_again(self):
        """A further cycle, in which Xero is looked at again."""
        self.env["xero.cursor"].search([]).write({"due_at": False, "read_at": "2026-01-01"})
        self.sim.clear_calls()
        return self.work()

    def assertQuiet(self):
        self.work_again()
        self.assertFalse(self.writes())
        self.assertFalse(self.changes())

    def item(self, link):
        return self.sim.books("NZ", f"{link.resource}/{link.xero_id}")[link.resource][0]

    def waiting(self, link):
        item = self.env["xero.work.item"].search([("link_id", "=", link.id)])
        return (item.state, item.message) if item else ()


@tagged("post_install", "-at_install")
class TestSpending(SpentMixin, SpendCommon):
    """Payments that are expenses of their own, from ``account`` alone."""

    record = "Expense paid by the company"

    def setUp(self):
        super().setUp()
        self.taxi = self.customer("Taxi Ltd")

    def spent(self):
        """:return: a payment that is an expense, agreed with Xero, and its link"""
        payment = self.spend(partner=self.taxi)
        self.work()
        self.assertSynced(payment)
        return payment, self.link(payment)

    def ended(self, end):
        payment, link = self.spent()
        end(payment)
        self.work()
        self.assertEqual((self.item(link)["Status"], self.waiting(link)), ("DELETED", ()))
        self.assertQuiet()
        payment, link = self.spent()
        self.sim.organisation("NZ", reconcile_payment=link.xero_id)
        end(payment)
        self.work()
        self.assertEqual((self.item(link)["Status"], link.error_code), ("AUTHORISED", "spend_reconciled"))
        self.assertEqual(self.waiting(link), ("conflict", link.error_message))
        self.assertQuiet()
        self.sim.organisation("NZ", unreconcile_payment=link.xero_id)
        link.action_retry()
        self.work()
        self.assertEqual((self.item(link)["Status"], self.waiting(link)), ("DELETED", ()))

    def test_void_in_odoo(self):
        """its transaction is deleted; if it is reconciled there: nothing, and it says so"""

        def cancel(payment):
            payment.action_draft()
            payment.action_cancel()

        self.ended(cancel)

    def test_delete_in_odoo(self):
        """its transaction is deleted; if it is reconciled there: nothing, and it says so"""
        self.ended(lambda payment: payment.unlink())

    def test_draft_in_odoo(self):
        """nothing until it is posted again (updated) or cancelled (deleted)"""
        payment, link = self.spent()
        payment.action_draft()
        self.work_again()
        self.assertFalse(self.writes())
        self.assertEqual(self.item(link)["Status"], "AUTHORISED")
        payment.move_id.line_ids[0].name = "To the airport"
        payment.action_post()
        self.work()
        self.assertEqual(self.item(link)["LineItems"][0]["Description"], "To the airport")
        self.assertQuiet()
        payment.action_draft()
        payment.action_cancel()
        self.work()
        self.assertEqual(self.item(link)["Status"], "DELETED")
        self.assertQuiet()

    def test_unreconcile_in_odoo(self):
        """nothing: the bank's line is free again here, the transaction stays"""
        self.outstanding = self.env["account.account"].create(
            {"name": "Outstanding", "code": "OUT9", "account_type": "asset_current", "reconcile": True}
        )
        self.bank.outbound_payment_method_line_ids.payment_account_id = self.outstanding
        payment, link = self.spent()
        statement = self.env["account.bank.statement.line"].create({
            "journal_id": self.bank.id, "date": "2026-06-02", "payment_ref": "Taxi", "amount": -payment.amount,
        })  # fmt: skip
        suspense = statement._seek_for_lines()[1]
        suspense.account_id = self.outstanding
        line = payment.move_id.line_ids.filtered(lambda line: line.account_id == self.outstanding)
        (line | suspense).reconcile()
        self.assertTrue(payment.is_matched)
        self.assertQuiet()
        line.remove_move_reconcile()
        self.assertFalse(payment.is_matched)
        self.assertQuiet()
        self.assertEqual((self.item(link)["Status"], payment.state), ("AUTHORISED", "in_process"))

    def ended_there(self, status):
        payment, link = self.spent()
        self.sim.books("NZ", "BankTransactions", "POST", {"BankTransactionID": link.xero_id, "Status": status})
        self.work_again()
        self.assertIn(payment.state, ("in_process", "paid"))
        self.assertFalse(self.writes())
        self.assertQuiet()
        payment.move_id.line_ids[0].name = "To the airport"
        self.work()
        self.assertEqual((self.item(link)["Status"], self.waiting(link)), (status, ("conflict", link.error_message)))
        self.assertQuiet()

    def test_void_in_xero(self):
        """nothing: expenses go one way; the next change here says so"""
        self.ended_there("VOIDED")

    def test_delete_in_xero(self):
        """nothing: expenses go one way; the next change here says so"""
        self.ended_there("DELETED")

    def test_unreconcile_in_xero(self):
        """nothing: the bank's line is free again there, the expense stays"""
        payment, link = self.spent()
        for order in ("reconcile_payment", "unreconcile_payment"):
            self.sim.organisation("NZ", **{order: link.xero_id})
            self.assertQuiet()
            self.assertIn(payment.state, ("in_process", "paid"))


@tagged("post_install", "-at_install")
class TestEmployeeExpense(SpentMixin, ExpensesCommon):
    """With ``hr_expense``: what the employee paid is a bill to the employee."""

    record = "Expense paid by the employee"

    def setUp(self):
        super().setUp()
        self.directions("both", contacts="push")
        self.organisation.pull_from = False
        self.map_account(self.company_data["default_account_expense"], "404")

    def billed(self):
        """:return: an expense, its bill, the link of that"""
        expense = self.expense()
        bill = self.post(expense)
        self.work_again()
        self.assertSynced(bill)
        return expense, bill, self.link(bill)

    def test_void_in_odoo(self):
        """its bill is voided, and the expense is to be posted again"""
        expense, bill, link = self.billed()
        bill.button_cancel()
        self.work()
        self.assertEqual((self.item(link)["Status"], expense.state), ("VOIDED", "approved"))
        self.assertQuiet()

    def test_void_in_xero(self):
        """its bill is cancelled, and the expense is to be posted again"""
        expense, bill, link = self.billed()
        self.sim.books("NZ", "Invoices", "POST", {"InvoiceID": link.xero_id, "Status": "VOIDED"})
        self.work_again()
        self.assertEqual((bill.state, expense.state), ("cancel", "approved"))
        self.assertFalse(self.writes())
        self.assertQuiet()

    def test_delete_in_odoo(self):
        """its bill is voided, and the expense is to be posted again. With money on it there: nothing, and it waits with
        the reason"""
        expense, bill, link = self.billed()
        bill.button_draft()
        bill.with_context(force_delete=True).unlink()
        self.work_again()
        self.assertEqual((self.item(link)["Status"], self.waiting(link)), ("VOIDED", ()))
        self.assertEqual((expense.state, expense.account_move_id.ids), ("approved", []))
        self.assertQuiet()

        expense, bill, link = self.billed()
        self.directions("push", contacts="push")
        payment = self.sim.books("NZ", "Payments", "PUT", {
            "Invoice": {"InvoiceID": link.xero_id}, "Account": {"Code": "090"}, "Date": "2026-06-10", "Amount": 15,
        })["Payments"][0]  # fmt: skip
        bill.button_draft()
        bill.with_context(force_delete=True).unlink()
        self.work_again()
        self.assertEqual((self.item(link)["Status"], link.error_code), ("AUTHORISED", "void_paid"))
        self.assertEqual(self.waiting(link), ("conflict", link.error_message))
        self.assertEqual(link.action_cure()["url"], link.xero_url)
        self.assertQuiet()
        self.sim.books("NZ", f"Payments/{payment['PaymentID']}", "POST", {"Status": "DELETED"})
        link.action_retry()
        self.work()
        self.assertEqual((self.item(link)["Status"], self.waiting(link)), ("VOIDED", ()))
        self.assertQuiet()

    def test_delete_in_xero(self):
        """a draft is deleted: its bill is cancelled, and the expense is to be posted again"""
        self.organisation.bill_status = "DRAFT"
        expense, bill, link = self.billed()
        self.sim.books("NZ", "Invoices", "POST", {"InvoiceID": link.xero_id, "Status": "DELETED"})
        self.work_again()
        self.assertEqual((bill.state, expense.state), ("cancel", "approved"))
        self.assertQuiet()

    def paid(self, bill):
        """The employee gets the money back, partly."""
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=bill.ids)
        wizard.create({"amount": 15, "journal_id": self.bank.id, "payment_date": "2026-06-10"})._create_payments()
        self.work_again()

    def test_unreconcile_in_odoo(self):
        """nothing on its bill: it is open again by its payment"""
        _expense, bill, link = self.billed()
        self.paid(bill)
        self.assertEqual(self.item(link)["AmountDue"], 100)
        bill.line_ids.remove_move_reconcile()
        self.work()
        self.assertEqual((self.item(link)["Status"], self.item(link)["AmountDue"]), ("AUTHORISED", 115))
        self.assertQuiet()

    def test_unreconcile_in_xero(self):
        """nothing on its bill: it is open again by its payment"""
        expense, bill, link = self.billed()
        self.paid(bill)
        [payment] = self.item(link)["Payments"]
        self.sim.books("NZ", f"Payments/{payment['PaymentID']}", "POST", {"Status": "DELETED"})
        self.work_again()
        self.assertEqual((bill.state, bill.amount_residual, expense.account_move_id), ("posted", 115, bill))
        self.assertFalse(self.writes())
        self.assertQuiet()

    def test_draft_in_odoo(self):
        """nothing until its bill is posted again (updated) or cancelled (voided). Where the expense itself is reset,
        its bill is voided, and the expense is to be posted again"""
        expense, bill, link = self.billed()
        bill.button_draft()
        self.work_again()
        self.assertFalse(self.writes())
        self.assertEqual(self.item(link)["Status"], "AUTHORISED")
        bill.invoice_line_ids.name = "Taxi home"
        bill.action_post()
        self.work()
        self.assertEqual(self.item(link)["LineItems"][0]["Description"], "Taxi home")
        self.assertQuiet()
        bill.button_draft()
        expense.action_reset()
        self.work_again()
        self.assertEqual((expense.state, bill.exists().ids, self.item(link)["Status"]), ("draft", [], "VOIDED"))
        self.assertEqual(self.waiting(link), ())
        self.assertQuiet()
        again = self.post(expense)
        self.work_again()
        bills = self.sim.books("NZ", "Invoices", page=1, where='Type=="ACCPAY"')["Invoices"]
        living = [one["InvoiceID"] for one in bills if one["Status"] == "AUTHORISED"]
        self.assertEqual(living, [self.link(again).xero_id])
        expense, bill, link = self.billed()
        bill.button_draft()
        bill.button_cancel()
        self.work()
        self.assertEqual((self.item(link)["Status"], expense.state), ("VOIDED", "approved"))
        self.assertQuiet()
