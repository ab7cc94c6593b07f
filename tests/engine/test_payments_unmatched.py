"""Money that is matched with nothing, or with something later: overpayments and prepayments, both ways."""

from odoo.tests import tagged

from .payments_common import PaymentsCommon


@tagged("post_install", "-at_install")
class TestPaymentsUnmatched(PaymentsCommon):
    def overpayments(self):
        items = self.sim.books("NZ", "Overpayments", page=1)["Overpayments"]
        return [item for item in items if item["Status"] != "VOIDED"]

    def credit_in_xero(self, kind="RECEIVE-OVERPAYMENT", amount=80, **values):
        """:return: Xero's bank transaction, with the id of the credit"""
        return self.in_books("BankTransactions", **{
            "Type": kind, "Contact": {"ContactID": self.links(self.partner, "Contacts").xero_id},
            "BankAccount": {"AccountID": self.account("090").xero_id}, "Date": "2026-06-11", "Reference": "Too much",
            "LineAmountTypes": "NoTax",
            "LineItems": [{"Description": "Rest", "Quantity": 1, "UnitAmount": amount, "AccountCode": "200",
                           "TaxType": "NONE"}],
        } | values)  # fmt: skip

    def test_what_is_left_of_a_payment_is_an_overpayment_and_its_matching_an_allocation(self):
        first, later = self.sold(60), self.sold(30)
        payment = self.money(100)
        self.match(first, payment.move_id)
        self.work()
        [there] = self.overpayments()
        self.assertEqual((there["Total"], there["RemainingCredit"], there["Type"]), (40, 40, "RECEIVE-OVERPAYMENT"))
        self.assertEqual([item["Amount"] for item in self.of_xero()], [60])
        self.assertEqual(self.links(payment, "Overpayments").outcome, "synced")
        self.assertQuiet()
        self.match(later, payment.move_id)
        self.work()
        [there] = self.overpayments()
        self.assertEqual((there["RemainingCredit"], [each["Amount"] for each in there["Allocations"]]), (10, [30]))
        self.assertEqual(len(self.of_xero()), 1, "no money moved a second time")
        self.assertEqual(self.due(later), (0, 0))
        self.assertQuiet()
        self.partials(later).unlink()
        self.work()
        self.assertEqual(self.overpayments()[0]["RemainingCredit"], 40)
        self.assertEqual(self.due(later), (30, 30))
        self.assertQuiet()

    def test_cash_stays_the_same_when_a_payment_is_unmatched(self):
        move = self.sold(60)
        payment = self.money(100)
        self.match(move, payment.move_id)
        self.work()
        self.partials(move).unlink()
        self.work()
        self.assertFalse(self.of_xero())
        self.assertEqual([item["Total"] for item in self.overpayments()], [100])
        self.assertQuiet()

    def test_edit_of_a_payment_that_was_posted_before_is_no_reason_to_send_it(self):
        """A bookkeeper has entered it in Xero long ago."""
        bill = self.bought()
        self.work()
        later = {"payment_difference_handling": "reconcile", "writeoff_account_id": self.expense}
        payments = self.money(100), self.pay(bill, amount=102, later=later)
        self.changes().unlink()
        for payment in payments:
            payment.memo = "Looked at again"
            payment.move_id.line_ids.name = "Looked at again"
        self.work()
        self.assertFalse(self.overpayments())
        self.assertFalse(self.sim.books("NZ", "BankTransactions", page=1)["BankTransactions"])
        self.assertFalse(self.changes())
        self.assertEqual(payments[0].xero_state, "not_sent")
        payments[0].action_xero_send()
        self.work()
        self.assertEqual([item["Total"] for item in self.overpayments()], [100])
        self.assertQuiet()

    def test_cancelled_payment_takes_its_overpayment_along(self):
        move = self.sold(30)
        payment = self.money(100)
        self.work()
        self.match(move, payment.move_id)
        self.work()
        payment.action_cancel()
        self.work()
        self.assertFalse(self.overpayments())
        self.assertEqual(self.due(move), (30, 30))
        self.assertQuiet()

    def test_paid_to_a_vendor_in_advance(self):
        payment = self.money(70, payment_type="outbound", partner_type="supplier")
        self.work()
        [there] = self.overpayments()
        self.assertEqual((there["Type"], there["Total"]), ("SPEND-OVERPAYMENT", 70))
        bill = self.bought(50)
        self.match(bill, payment.move_id)
        self.work()
        self.assertEqual(self.due(bill), (0, 0))
        self.assertQuiet()

    def test_setting_off_sends_it_when_it_is_matched(self):
        self.organisation.send_unmatched = False
        move = self.sold(60)
        payment = self.money(100)
        self.work()
        self.assertFalse(self.overpayments())
        self.match(move, payment.move_id)
        self.work()
        self.assertEqual([item["Amount"] for item in self.of_xero()], [60])
        self.assertQuiet()

    def test_refund_of_an_overpayment_is_a_payment_on_it(self):
        payment = self.money(100)
        self.work()
        back = self.money(40, payment_type="outbound")
        self.match(payment.move_id, back.move_id)
        self.work()
        [there] = self.of_xero()
        self.assertEqual((there["PaymentType"], there["Amount"]), ("AROVERPAYMENTPAYMENT", 40))
        self.assertEqual(self.overpayments()[0]["RemainingCredit"], 60)
        self.assertQuiet()

    def test_credit_made_in_xero_comes_with_its_allocations_and_refunds(self):
        move = self.sold(50)
        self.work()
        for kind, resource in (("RECEIVE-OVERPAYMENT", "Overpayments"), ("RECEIVE-PREPAYMENT", "Prepayments")):
            with self.subTest(kind):
                key = f"{resource[:-1]}ID"
                made = self.credit_in_xero(kind)
                self.work_again()
                link = self.env["xero.link"].search([("xero_id", "=", made[key])])
                self.assertEqual((link.outcome, link.error_message), ("synced", ""))
                payment = self.env["account.payment"].browse(link.res_id)
                self.assertEqual((payment.amount, payment.journal_id, payment.payment_type, payment.partner_id),
                                 (80, self.bank, "inbound", self.partner))  # fmt: skip
                self.assertFalse(self.writes())
                target = {"InvoiceID": self.document_link(move).xero_id}
                element = {"Amount": 20, "Date": "2026-06-15", "Invoice": target}
                self.sim.books("NZ", f"{resource}/{made[key]}/Allocations", "PUT", {"Allocations": [element]})
                self.in_books("Payments", **{resource[:-1]: {key: made[key]}}, Amount=10, Date="2026-06-16",
                              Account={"AccountID": self.account("090").xero_id})  # fmt: skip
                self.work_again()
                open_here = payment.move_id.line_ids.filtered(lambda line: line.amount_residual < 0)
                self.assertEqual(open_here.amount_residual, -50)
                self.assertEqual(*self.due(move))
                self.assertFalse(self.writes())
                self.assertQuiet()

    def test_credit_voided_in_xero_is_cancelled_here(self):
        self.sold(50)
        self.work()
        made = self.credit_in_xero("SPEND-OVERPAYMENT")
        self.work_again()
        link = self.env["xero.link"].search([("xero_id", "=", made["OverpaymentID"])])
        payment = self.env["account.payment"].browse(link.res_id)
        self.assertEqual((payment.payment_type, payment.partner_type), ("outbound", "supplier"))
        self.in_books("BankTransactions", BankTransactionID=made["BankTransactionID"], Status="DELETED")
        self.work_again()
        self.assertEqual((payment.state, link.outcome), ("canceled", "gone"))
        self.assertQuiet()

    def test_credit_voided_in_xero_after_what_was_taken_from_it_is_cancelled_here(self):
        move = self.sold(50)
        self.work()
        made = self.credit_in_xero()
        self.work_again()
        path = f"Overpayments/{made['OverpaymentID']}/Allocations"
        target = {"InvoiceID": self.document_link(move).xero_id}
        element = {"Amount": 20, "Date": "2026-06-15", "Invoice": target}
        self.sim.books("NZ", path, "PUT", {"Allocations": [element]})
        self.work_again()
        link = self.env["xero.link"].search([("xero_id", "=", made["OverpaymentID"])])
        self.sim.books("NZ", f"{path}/{self.links(self.partials(move), 'Allocations').xero_id}", "DELETE")
        self.in_books("BankTransactions", BankTransactionID=made["BankTransactionID"], Status="DELETED")
        self.work_again()
        self.work()
        payment = self.env["account.payment"].browse(link.res_id)
        self.assertEqual((payment.state, link.outcome, self.due(move)), ("canceled", "gone", (50, 50)))
        self.assertQuiet()

    def test_rest_of_a_payment_voided_in_xero_before_the_payment_itself_cancels_it_here(self):
        move = self.sold(100)
        payment = self.money(150)
        self.match(move, payment.move_id)
        self.work()
        link = self.links(payment, "Overpayments")
        self.in_books("BankTransactions", BankTransactionID=link.remote["transaction"], Status="DELETED")
        self.work_again()
        self.assertEqual((link.error_code, move.amount_residual), ("incoming_paid", 0))
        self.in_books("Payments", PaymentID=self.links(self.partials(move)).xero_id, Status="DELETED")
        self.work_again()
        self.work()
        self.assertEqual((payment.state, link.error_code, self.due(move)), ("canceled", False, (100, 100)))
        self.assertQuiet()

    def test_credit_entered_on_both_sides_is_one(self):
        self.sold(50)
        self.work()
        self.credit_in_xero(amount=100)
        payment = self.money(100)
        self.work_again()
        self.assertEqual(len(self.overpayments()), 1)
        self.assertEqual(self.links(payment, "Overpayments").outcome, "synced")
        self.assertQuiet()

    def test_lost_answer_leads_to_one_overpayment(self):
        self.sold(50)
        self.work()
        self.money(100)
        self.sim.fault("drop_after", match={"path": "/BankTransactions", "method": "PUT"}, times=2)
        self.work()
        self.env["xero.request"].search([("state", "=", "recorded")]).sent_at = "2026-01-01"
        self.organisation.parked_until = False
        self.work()
        self.assertEqual(len(self.overpayments()), 1)
        self.assertQuiet()
