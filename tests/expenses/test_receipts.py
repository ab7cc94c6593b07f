"""Receipts of expenses travel with them (S1.3, R58)."""

from odoo.tests import tagged

from .common import PIXEL, ExpensesCommon, SpendCommon


@tagged("post_install", "-at_install")
class TestReceipts(ExpensesCommon):
    """With ``hr_expense``, which copies them to the document."""

    def test_receipts_of_an_employees_expenses_are_on_the_bill(self):
        """Two of one name are told apart"""
        expenses = self.expense(receipt="IMG_1.png") + self.expense("Lunch", 20.0)
        self.attach(expenses[1], "IMG_1.png", PIXEL + b"other")
        move = self.post(expenses)
        self.work()
        files = self.files_in_xero("Invoices", self.link(move).xero_id)
        self.assertEqual(len(files), 2)
        names = sorted(file["FileName"] for file in files)
        self.assertEqual(names[1], "IMG_1.png")
        self.assertRegex(names[0], r"^IMG_1 \(\d+\)\.png$")

    def test_receipt_of_a_company_expense_is_on_the_bank_transaction(self):
        method = self.bank.outbound_payment_method_line_ids[:1]
        expense = self.expense(paid_by="company_account", payment_method_line_id=method.id, receipt="cab.png")
        payment = self.post(expense).origin_payment_id
        self.work()
        [file] = self.files_in_xero("BankTransactions", self.link(payment).xero_id)
        said = file["FileName"], file["MimeType"], file["ContentLength"]
        self.assertEqual(said, ("cab.png", "image/png", len(PIXEL)))


    def test_receipt_that_is_added_after_posting_goes_too(self):
        expense = self.expense(receipt="a.png")
        move = self.post(expense)
        self.work()
        self.attach(expense, "late.png")
        self.work()
        files = self.files_in_xero("Invoices", self.link(move).xero_id)
        self.assertEqual(sorted(file["FileName"] for file in files), ["a.png", "late.png"])

    def test_receipt_of_an_expense_that_is_not_posted_goes_nowhere(self):
        self.expense(receipt="a.png")
        self.assertFalse(self.changes())


@tagged("post_install", "-at_install")
class TestFilesOnPayments(SpendCommon):
    """With ``account`` alone."""

    def test_file_on_the_payment_or_on_its_entry_is_on_the_bank_transaction(self):
        payment = self.spend()
        self.attach(payment, "a.png")
        self.attach(payment.move_id, "b.png")
        self.work()
        self.attach(payment, "c.png")
        self.work()
        files = self.files_in_xero("BankTransactions", self.link(payment).xero_id)
        self.assertEqual(sorted(file["FileName"] for file in files), ["a.png", "b.png", "c.png"])
