"""Allocations of credit, and credit that is money, which are taken back on one side (docs/effects.md)."""

from odoo.tests import tagged

from .common import EffectsCommon


class CreditCommon(EffectsCommon):
    def allocations(self, link):
        """Amounts of the credit's allocations in Xero."""
        return [each["Amount"] for each in self.item(link)["Allocations"]]

    def allocate_there(self, link, move, amount):
        """A bookkeeper takes credit to an invoice, and a cycle follows. :return: the allocation's path"""
        path = f"{link.resource}/{link.xero_id}/Allocations"
        target = {"InvoiceID": self.document_link(move).xero_id}
        element = {"Amount": amount, "Date": "2026-06-15", "Invoice": target}
        [made] = self.sim.books("NZ", path, "PUT", {"Allocations": [element]})["Allocations"]
        self.work_again()
        self.assertEqual(move.amount_residual, 100 - amount)
        return f"{path}/{made['AllocationID']}"

    def credit_there(self, kind, amount=60):
        """A bookkeeper enters money that is matched with nothing. :return: the link of the credit, the payment"""
        made = self.in_books("BankTransactions", **{
            "Type": kind, "Contact": {"ContactID": self.links(self.partner, "Contacts").xero_id},
            "BankAccount": {"AccountID": self.account("090").xero_id}, "Date": "2026-06-11",
            "LineAmountTypes": "NoTax",
            "LineItems": [{"Description": "Rest", "Quantity": 1, "UnitAmount": amount, "AccountCode": "200",
                           "TaxType": "NONE"}],
        })  # fmt: skip
        self.work_again()
        link = self.env["xero.link"].search([("xero_id", "=", made.get("OverpaymentID") or made["PrepaymentID"])])
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        return link, self.env["account.payment"].browse(link.res_id)

    def credit_here(self, amount=60):
        """:return: the link of the credit, the payment"""
        payment = self.money(amount)
        self.work()
        link = self.links(payment, "Overpayments")
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        return link, payment


@tagged("post_install", "-at_install")
class TestAllocation(CreditCommon):
    record = "Allocation"

    def allocated(self):
        """:return: an invoice, a credit note that was taken to it, the link of that"""
        invoice, credit = self.document("out_invoice"), self.document("out_refund", 60)
        self.match(invoice, credit)
        self.work()
        link = self.document_link(credit)
        self.assertEqual(self.allocations(link), [60])
        return invoice, credit, link

    def test_void_in_odoo(self):
        """the allocation is deleted before its document is voided"""
        invoice, credit, link = self.allocated()
        credit.button_cancel()
        self.work()
        self.assertEqual((self.item(link)["Status"], self.allocations(link), self.due(invoice)),
                         ("VOIDED", [], (100, 100)))  # fmt: skip
        self.assertQuiet()
        invoice, credit, link = self.allocated()
        invoice.button_cancel()
        self.work()
        self.assertEqual((self.there(invoice)["Status"], self.allocations(link), self.due(credit)),
                         ("VOIDED", [], (60, 60)))  # fmt: skip
        self.assertQuiet()

    def test_delete_in_odoo(self):
        """the allocation is deleted, the document stays there"""
        invoice, credit, link = self.allocated()
        credit.button_draft()
        credit.with_context(force_delete=True).unlink()
        self.work()
        self.assertEqual((self.item(link)["Status"], self.allocations(link), self.due(invoice)),
                         ("AUTHORISED", [], (100, 100)))  # fmt: skip
        self.assertQuiet()

    def test_delete_in_xero(self):
        """credit and document are un-reconciled for that amount"""
        invoice, credit = self.document("out_invoice"), self.document("out_refund", 60)
        path = self.allocate_there(self.document_link(credit), invoice, 25)
        self.allocate_there_besides(credit)
        self.sim.books("NZ", path, "DELETE")
        self.work_again()
        self.assertEqual((self.due(invoice), self.due(credit)), ((100, 100), (50, 50)))
        self.assertFalse(self.writes())
        self.assertQuiet()

    def allocate_there_besides(self, credit):
        """What stays."""
        self.allocate_there(self.document_link(credit), self.document("out_invoice"), 10)

    def test_unreconcile_in_odoo(self):
        """the allocation is deleted"""
        invoice, credit, link = self.allocated()
        self.unmatch(invoice)
        self.work()
        self.assertEqual((self.allocations(link), self.due(invoice), self.due(credit)), ([], (100, 100), (60, 60)))
        self.assertQuiet()

    def test_unreconcile_in_xero(self):
        """credit and document are un-reconciled for that amount"""
        bill, credit = self.document("in_invoice"), self.document("in_refund", 60)
        path = self.allocate_there(self.document_link(credit), bill, 60)
        self.sim.books("NZ", path, "DELETE")
        self.work_again()
        self.assertEqual((self.due(bill), self.due(credit)), ((100, 100), (60, 60)))
        self.assertFalse(self.writes())
        self.assertQuiet()

    def test_draft_in_odoo(self):
        """nothing until the document is posted again (as it was) or cancelled (deleted)"""
        invoice, credit, link = self.allocated()
        credit.button_draft()
        self.work_again()
        self.assertFalse(self.writes())
        self.assertEqual(self.allocations(link), [60])
        credit.action_post()
        self.assertQuiet()
        self.assertEqual((self.allocations(link), self.due(invoice)), ([60], (40, 40)))
        credit.button_draft()
        credit.button_cancel()
        self.work()
        self.assertEqual((self.allocations(link), self.due(invoice)), ([], (100, 100)))
        self.assertQuiet()


@tagged("post_install", "-at_install")
class TestMoneyOnAccount(CreditCommon):
    record = "Overpayment, prepayment"

    def used(self, link, payment):
        """:return: an invoice that the credit was taken to here, in full"""
        invoice = self.document("out_invoice")
        self.match(invoice, payment.move_id)
        self.work()
        self.assertEqual((self.allocations(link), self.due(invoice)), ([60], (40, 40)))
        return invoice

    def ended_here(self, end):
        """Made here or there, its allocation goes and it stays, and it is said what to do."""
        self.document("out_invoice")
        for link, payment in (self.credit_here(), self.credit_there("RECEIVE-PREPAYMENT")):
            with self.subTest(link.resource):
                invoice = self.used(link, payment)
                end(payment)
                self.work()
                self.assertEqual((self.allocations(link), self.due(invoice)), ([], (100, 100)))
                self.assertEqual((self.item(link)["Status"], link.outcome), ("AUTHORISED", "conflict"))
                self.assertEqual(self.waiting(link), ("conflict", link.error_message))
                self.assertIn("Void it in Xero", link.error_message)
                self.assertQuiet()
                self.void_there(link)
                self.work_again()
                self.assertEqual((link.outcome, self.waiting(link)), ("gone", ()))
                self.assertFalse(self.writes())
                self.assertQuiet()

    def test_void_in_odoo(self):
        """its allocations are deleted; it stays, for Xero does not let us void it, and it says so until a person has"""
        self.ended_here(lambda payment: payment.action_cancel())

    def test_delete_in_odoo(self):
        """its allocations are deleted; it stays, for Xero does not let us void it, and it says so until a person has"""

        def delete(payment):
            payment.action_draft()
            payment.unlink()

        self.ended_here(delete)

    def test_unreconcile_in_odoo(self):
        """its allocation is deleted: the credit is free again"""
        self.document("out_invoice")
        for link, payment in (self.credit_here(), self.credit_there("RECEIVE-PREPAYMENT")):
            with self.subTest(link.resource):
                invoice = self.used(link, payment)
                self.unmatch(invoice)
                self.work()
                self.assertEqual((self.allocations(link), self.due(invoice)), ([], (100, 100)))
                self.assertEqual((self.item(link)["Status"], self.item(link)["RemainingCredit"]), ("AUTHORISED", 60))
                self.assertQuiet()

    def test_draft_in_odoo(self):
        """nothing until it is posted again (as it was) or cancelled (it stays, and it says so until a person has voided
        it)"""
        self.document("out_invoice")
        for link, payment in (self.credit_here(), self.credit_there("RECEIVE-PREPAYMENT")):
            with self.subTest(link.resource):
                payment.action_draft()
                self.work_again()
                self.assertFalse(self.writes())
                payment.action_post()
                self.assertQuiet()
                self.assertEqual(self.item(link)["Status"], "AUTHORISED")
                payment.action_draft()
                payment.action_cancel()
                self.work()
                self.assertEqual((self.item(link)["Status"], link.outcome), ("AUTHORISED", "conflict"))
                self.void_there(link)
                self.work_again()
                self.assertEqual(self.waiting(link), ())
                self.assertQuiet()

    def ended_there(self):
        for made in (self.credit_here, self.credit_there):
            kinds = () if made == self.credit_here else ("RECEIVE-PREPAYMENT",)
            with self.subTest(kinds):
                self.document("out_invoice")
                link, payment = made(*kinds)
                self.void_there(link)
                self.work_again()
                self.assertEqual((payment.state, link.outcome, self.waiting(link)), ("canceled", "gone", ()))
                self.assertFalse(self.writes())
                self.assertQuiet()
                self.ended_there_used_here(*made(*kinds))

    def ended_there_used_here(self, link, payment):
        """Matched here a moment before: nobody has told Xero."""
        invoice = self.document("out_invoice")
        self.match(invoice, payment.move_id)
        self.void_there(link)
        self.work_again()
        self.assertEqual((link.error_code, invoice.amount_residual), ("incoming_paid", 40))
        self.assertIn(payment.state, ("in_process", "paid"))
        self.assertEqual(self.waiting(link), ("needs_you", link.error_message))
        self.assertIn(payment.name, link.error_message)
        self.assertQuiet()
        self.unmatch(invoice)
        link.action_retry()
        self.work()
        self.assertEqual((payment.state, self.waiting(link)), ("canceled", ()))
        self.assertQuiet()

    def test_void_in_xero(self):
        """its payment is cancelled. Matched here: nothing, and it waits with the reason. Where it had become another
        one here: it goes again"""
        self.ended_there()
        link, payment = self.credit_here()
        payment.action_draft()
        payment.amount = 50
        payment.action_post()
        self.work()
        self.void_there(link)
        self.work_again()
        self.assertIn(payment.state, ("in_process", "paid"))
        self.assertEqual((self.item(link)["Total"], self.waiting(link)), (50, ()))
        self.assertQuiet()

    def test_unreconcile_in_xero(self):
        """credit and document are un-reconciled for that amount; where the bank's line is free again, nothing"""
        for made, kinds in ((self.credit_here, ()), (self.credit_there, ("RECEIVE-PREPAYMENT",))):
            with self.subTest(kinds):
                invoice = self.document("out_invoice")
                link, payment = made(*kinds)
                path = self.allocate_there(link, invoice, 25)
                self.sim.books("NZ", path, "DELETE")
                self.work_again()
                self.assertEqual((self.due(invoice), self.item(link)["RemainingCredit"]), ((100, 100), 60))
                self.assertFalse(self.writes())
                self.assertQuiet()
                for reconciled in (True, False):
                    self.reconcile_there(link.remote["transaction"], reconciled)
                    self.assertQuiet()
                    self.assertIn(payment.state, ("in_process", "paid"))
