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
            "BankAccount": {"AccountID": self.account("090").xero_id}, "Date": "2026-06-11",
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

    def half_used(self):
        """:return: a payment of 100, a document that 60 of it pay; the rest is an overpayment"""
        move = self.sold(60)
        payment = self.money(100)
        self.match(move, payment.move_id)
        self.work()
        return payment, move

    def assertHeld(self, payment, code, *words):
        link = self.links(payment, "Overpayments")
        self.assertEqual((link.outcome, link.error_code), ("conflict", code))
        for word in words:
            self.assertIn(word, link.error_message)
        self.assertQuiet()

    def test_cash_is_the_same_again_when_a_person_has_voided_the_overpayment_of_an_unmatched_payment(self):
        """Xero's API neither changes nor deletes an overpayment (Xero: BankTransactions)"""
        payment, move = self.half_used()
        self.partials(move).unlink()
        self.work()
        self.assertFalse(self.of_xero())
        self.assertHeld(payment, "overpayment_differs", "40.00", "100.00", "void it in Xero")
        self.void_there(self.links(payment, "Overpayments"))
        self.work_again()
        self.assertEqual([item["Total"] for item in self.overpayments()], [100])
        self.assertEqual((payment.state, self.links(payment, "Overpayments").outcome), ("in_process", "synced"))
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

    def test_part_that_was_paid_goes_to_another_document_as_a_payment(self):
        for used in (False, True):
            with self.subTest(used=used):
                payment, move = self.half_used()
                if used:
                    self.match(self.sold(40), payment.move_id)
                    self.work()
                self.partials(move).unlink()
                self.work()
                other = self.sold(60)
                self.match(other, payment.move_id)
                self.work()
                self.assertEqual((self.due(move), self.due(other)), ((60, 60), (0, 0)))
                link = self.links(payment, "Overpayments")
                self.assertEqual((link.outcome, link.error_message), ("synced", ""))
                self.assertEqual([(one["Total"], one["RemainingCredit"]) for one in self.overpayments()
                                  if one["OverpaymentID"] == link.xero_id], [(40, 0 if used else 40)])  # fmt: skip
                self.assertQuiet()

    def test_two_documents_share_what_is_left_and_what_was_given_back(self):
        """Before the worker comes: which of the two the overpayment pays, is settled once"""
        first = self.sold(50)
        payment = self.money(100)
        self.match(first, payment.move_id)
        self.work()
        self.partials(first).unlink()
        second, third = self.sold(50), self.sold(50)
        self.match(second, payment.move_id)
        self.match(third, payment.move_id)
        self.work()
        self.assertEqual((self.due(first), self.due(second), self.due(third)), ((50, 50), (0, 0), (0, 0)))
        self.assertEqual([item["Amount"] for item in self.of_xero()], [50])
        self.assertEqual([item["RemainingCredit"] for item in self.overpayments()], [0])
        self.assertQuiet()

    def test_document_that_the_overpayment_pays_in_part_waits_until_it_is_voided(self):
        payment, move = self.half_used()
        self.partials(move).unlink()
        other = self.sold(80)
        self.match(other, payment.move_id)
        self.work()
        self.assertHeld(payment, "overpayment_differs", "40.00", "20.00")
        [waiting] = self.links(self.partials(other))
        self.assertEqual((waiting.outcome, waiting.error_code), ("waiting", "overpayment_first"))
        self.void_there(self.links(payment, "Overpayments"))
        self.work_again()
        self.assertEqual([item["Total"] for item in self.overpayments()], [20])
        self.assertEqual((self.due(other), [item["Amount"] for item in self.of_xero()]), ((0, 0), [80]))
        self.assertQuiet()

    def test_cancelled_payment_leaves_its_overpayment_to_a_person(self):
        move = self.sold(30)
        payment = self.money(100)
        self.work()
        self.match(move, payment.move_id)
        self.work()
        payment.action_cancel()
        self.work()
        self.assertEqual(self.due(move), (30, 30))
        self.assertHeld(payment, "overpayment_remains")
        self.void_there(self.links(payment, "Overpayments"))
        self.work_again()
        self.assertFalse(self.overpayments())
        self.assertEqual((payment.state, self.links(payment, "Overpayments").outcome), ("canceled", "gone"))
        self.assertQuiet()

    def test_corrected_day_partner_or_journal_goes_again_when_the_overpayment_was_voided(self):
        self.sim.limits(minute=2000)
        self.sold(30)
        other = self.customer(name="The right one")
        for name, value in (("date", "2026-06-20"), ("partner_id", other.id), ("amount", 90)):
            with self.subTest(name):
                payment = self.money(100)
                self.work()
                payment.action_draft()
                payment[name] = value
                payment.action_post()
                self.work()
                self.assertHeld(payment, "overpayment_differs" if name == "amount" else "overpayment_changed")
                self.void_there(self.links(payment, "Overpayments"))
                self.work_again()
                [there] = self.overpayments()
                self.assertEqual((there["Total"], there["Contact"]["Name"], there["DateString"][:10]),
                                 (payment.amount, payment.partner_id.name, str(payment.date)))  # fmt: skip
                self.assertEqual(self.links(payment, "Overpayments").outcome, "synced")
                self.assertQuiet()
                self.void_there(self.links(payment, "Overpayments"))
                self.work_again()
                self.assertEqual(payment.state, "canceled")

    def test_retry_looks_whether_it_was_voided_where_payments_do_not_come_from_xero(self):
        self.directions(payments="push")
        payment, move = self.half_used()
        self.partials(move).unlink()
        self.work()
        link = self.links(payment, "Overpayments")
        self.assertEqual(link.error_code, "overpayment_differs")
        link.action_retry()
        self.work()
        self.assertEqual(link.error_code, "overpayment_differs", "nobody has voided it yet")
        self.void_there(link)
        link.action_retry()
        self.work()
        self.assertEqual((link.outcome, [item["Total"] for item in self.overpayments()]), ("synced", [100]))
        self.assertQuiet()

    def test_payment_that_ended_here_is_no_more_to_be_looked_at_when_a_person_has_voided_it_and_says_retry(self):
        self.directions(payments="push")
        for how in ("cancel", "delete"):
            with self.subTest(how):
                payment = self.money(100)
                self.work()
                link = self.links(payment, "Overpayments")
                self.undo(how, None, payment)
                self.work()
                link.action_retry()
                self.work()
                self.assertEqual((link.outcome, link.error_code), ("conflict", "overpayment_remains"))
                self.void_there(link)
                link.action_retry()
                self.work()
                self.assertFalse(self.env["xero.work.item"].search([("link_id", "=", link.id)]))
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
        self.void_there(link)
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
        self.void_there(link)
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
        self.void_there(link)
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
