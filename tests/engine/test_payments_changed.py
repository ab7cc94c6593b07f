"""Payments that are corrected, and those that are one amount in Xero and several matchings here."""

from odoo import Command
from odoo.tests import tagged

from odoo.addons.xero_integration.xero.dates import parse_date

from .payments_common import PaymentsCommon


@tagged("post_install", "-at_install")
class TestPaymentsChanged(PaymentsCommon):
    def match(self, *moves):
        lines = self.env["account.move"].union(*moves).line_ids.filtered(
            lambda line: line.account_id.account_type in ("asset_receivable", "liability_payable")
        )
        lines.filtered(lambda line: not line.reconciled).reconcile()

    def money(self, amount=100.0, **values):
        payment = self.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": self.partner.id,
            "journal_id": self.bank.id, "amount": amount, "date": "2026-06-10",
        } | values)  # fmt: skip
        payment.action_post()
        return payment

    # ---- corrected in draft -----------------------------------------------------------------------

    def test_other_day_amount_or_journal_makes_it_anew(self):
        other = self.bank.copy({"name": "Second bank", "code": "BNK9"})
        other.inbound_payment_method_line_ids.payment_account_id = self.pay(self.sold()).outstanding_account_id
        self.sim.books("NZ", "Accounts", "PUT", {
            "Code": "099", "Name": "Second bank", "Type": "BANK", "BankAccountNumber": "12-3456-7891234-00",
        })  # fmt: skip
        self.organisation._refresh_reference()
        self.map_journal(other, "099")
        corrections = ({"date": "2026-06-08"}, {"amount": 40}, {"journal_id": other.id}, {"memo": "Only a word"})
        for values in corrections:
            with self.subTest(**values):
                move = self.sold()
                payment = self.pay(move)
                self.work()
                before = self.links(self.partials(move)).xero_id
                payment.action_draft()
                payment.write(values)
                self.work()
                payment.action_post()
                if not self.partials(move):
                    self.match(move, payment.move_id)
                self.work()
                link = self.links(self.partials(move))
                [there] = [item for item in self.of_xero() if item["PaymentID"] == link.xero_id]
                self.assertEqual(link.outcome, "synced", link.error_message)
                self.assertEqual(link.xero_id == before, "memo" in values)
                self.assertEqual(
                    (there["Amount"], there["Account"]["Code"], str(parse_date(there["Date"]))),
                    (values.get("amount", 100), "099" if "journal_id" in values else "090",
                     values.get("date", "2026-06-10")),
                )  # fmt: skip
                self.assertEqual(len([i for i in self.of_xero() if i["Invoice"]["InvoiceNumber"] == move.name]), 1)
                self.assertEqual(*self.due(move))
                self.assertQuiet()

    def test_correction_of_what_is_reconciled_in_xero_says_what_to_do_and_goes_then(self):
        move = self.sold()
        payment = self.pay(move)
        self.work()
        link = self.links(self.partials(move))
        before = link.xero_id
        self.sim.organisation("NZ", reconcile_payment=before)
        payment.action_draft()
        payment.date = "2026-06-08"
        payment.action_post()
        self.work()
        self.assertEqual((link.outcome, link.error_code), ("conflict", "payment_reconciled"))
        self.assertIn("changed in Odoo", link.error_message)
        self.assertEqual(len(self.of_xero()), 1)
        self.sim.organisation("NZ", unreconcile_payment=before)
        link.action_retry()
        self.work()
        [there] = self.of_xero()
        self.assertNotEqual(there["PaymentID"], before)
        self.assertEqual((link.outcome, link.xero_id), ("synced", there["PaymentID"]))
        self.assertQuiet()

    def test_correction_that_is_reverted_leaves_xero_alone(self):
        move = self.sold()
        payment = self.pay(move)
        self.work()
        self.sim.clear_calls()
        payment.action_draft()
        payment.date = "2026-06-08"
        payment.date = "2026-06-10"
        payment.action_post()
        self.work()
        self.assertFalse(self.writes())
        self.assertQuiet()

    def test_pulled_payment_that_is_corrected_here_is_made_anew_there(self):
        move = self.sold()
        self.work()
        item = self.paid_in_xero(move, 100)
        self.work_again()
        link = self.links(self.partials(move))
        payment = self.env["account.payment"].search([("memo", "=", "By bank")], limit=1, order="id desc")
        payment.action_draft()
        payment.date = "2026-06-11"
        payment.action_post()
        self.work()
        self.assertNotEqual(link.xero_id, item["PaymentID"])
        self.assertEqual(len(self.of_xero()), 1)
        self.assertEqual(*self.due(move))
        self.assertQuiet()

    def test_money_and_its_refund_matched_before_the_worker_saw_either(self):
        """Both moved over the bank, so both stand in Xero."""
        paid, back = self.money(100), self.money(100, payment_type="outbound")
        self.match(paid.move_id, back.move_id)
        self.work()
        [credit] = self.sim.books("NZ", "Overpayments", page=1)["Overpayments"]
        [there] = self.of_xero()
        self.assertEqual((credit["Total"], credit["RemainingCredit"]), (100, 0))
        self.assertEqual((there["PaymentType"], there["Amount"]), ("AROVERPAYMENTPAYMENT", 100))
        self.assertQuiet()

    def test_refund_waits_for_nothing_where_unmatched_money_does_not_go(self):
        self.organisation.send_unmatched = False
        paid, back = self.money(100), self.money(100, payment_type="outbound")
        self.match(paid.move_id, back.move_id)
        self.work()
        self.assertEqual((self.of_xero(), self.env["xero.link"].search([("resource", "=", "Payments")]).ids), ([], []))
        self.assertQuiet()

    # ---- instalments ------------------------------------------------------------------------------

    def instalments(self, price=100.0, **values):
        term = self.env["account.payment.term"].create({
            "name": "In three", "line_ids": [
                Command.create({"value": "percent", "value_amount": percent, "nb_days": days})
                for percent, days in ((30, 0), (30, 30), (40, 60))
            ],
        })  # fmt: skip
        return self.sold(price, invoice_payment_term_id=term.id, invoice_date_due=False, **values)

    def test_payment_of_three_instalments_is_one_in_xero(self):
        move = self.instalments()
        self.pay(move, amount=100, installments_mode="full")
        self.assertEqual(len(self.partials(move)), 3)
        self.work()
        self.assertEqual([item["Amount"] for item in self.of_xero()], [100])
        self.assertEqual(len(self.links(self.partials(move))), 1)
        self.assertEqual(self.due(move), (0, 0))
        self.assertQuiet()

    def test_undoing_one_instalment_leaves_the_rest_as_one(self):
        self.organisation.send_unmatched = False
        for which in (0, 1, 2):
            with self.subTest(which=which):
                move = self.instalments()
                self.pay(move, amount=100, installments_mode="full")
                self.work()
                partials = self.partials(move).sorted("id")
                open_here = partials[which].amount
                partials[which].unlink()
                self.work()
                mine = [item for item in self.of_xero() if item["Invoice"]["InvoiceNumber"] == move.name]
                self.assertEqual([item["Amount"] for item in mine], [100 - open_here])
                self.assertEqual(self.due(move), (open_here, open_here))
                self.assertQuiet()

    def test_undoing_all_instalments_takes_it_back(self):
        self.organisation.send_unmatched = False
        move = self.instalments()
        self.pay(move, amount=100, installments_mode="full")
        self.work()
        self.partials(move).unlink()
        self.work()
        self.assertEqual((self.of_xero(), self.due(move)), ([], (100, 100)))
        self.assertQuiet()

    def test_xeros_payment_of_several_instalments_is_one_here_and_goes_as_one(self):
        move = self.instalments()
        self.work()
        item = self.paid_in_xero(move, 70)
        self.work_again()
        self.assertEqual((len(self.partials(move)), self.due(move)), (3, (30, 30)))
        self.assertQuiet()
        payment = (self.partials(move).credit_move_id.move_id).origin_payment_id
        payment.action_draft()
        payment.action_post()
        self.work()
        self.assertFalse(self.writes())
        self.in_books("Payments", PaymentID=item["PaymentID"], Status="DELETED")
        self.work_again()
        self.assertEqual((len(self.partials(move)), self.due(move), payment.state), (0, (100, 100), "canceled"))
        self.assertQuiet()

    def test_undoing_one_instalment_of_xeros_payment_sends_the_rest_anew(self):
        self.organisation.send_unmatched = False
        move = self.instalments()
        self.work()
        item = self.paid_in_xero(move, 70)
        self.work_again()
        last = self.partials(move).sorted("id")[-1]
        amount = last.amount
        last.unlink()
        self.work()
        [there] = self.of_xero()
        self.assertNotEqual(there["PaymentID"], item["PaymentID"])
        self.assertEqual(there["Amount"], 70 - amount)
        self.assertEqual(*self.due(move))
        self.assertQuiet()

    def test_lost_answer_about_instalments_leads_to_one_payment(self):
        for lost in ("drop_after", "drop_before"):
            with self.subTest(lost=lost):
                move = self.instalments()
                self.work()
                self.pay(move, amount=100, installments_mode="full")
                self.sim.fault(lost, match={"path": "/Payments", "method": "PUT"}, times=2)
                self.work()
                self.env["xero.request"].search([("state", "=", "recorded")]).sent_at = "2026-01-01"
                self.organisation.parked_until = False
                self.work()
                mine = [item for item in self.of_xero() if item["Invoice"]["InvoiceNumber"] == move.name]
                self.assertEqual([item["Amount"] for item in mine], [100])
                self.assertEqual(self.due(move), (0, 0))
                self.assertQuiet()

    def test_instalments_that_are_stopped_go_as_one_when_the_journal_is_mapped(self):
        move = self.instalments()
        self.mapping.unlink()
        self.pay(move, amount=100, installments_mode="full")
        self.work()
        self.assertEqual(set(self.links(self.partials(move)).mapped("error_code")), {"mapping_journal"})
        self.map_journal(self.bank, "090")
        self.work()
        self.assertEqual([item["Amount"] for item in self.of_xero()], [100])
        self.assertEqual(len(self.links(self.partials(move))), 1)
        self.assertQuiet()

    def test_credit_note_on_instalments_is_one_allocation_both_ways(self):
        move, credit = self.instalments(), self.sold(70, move_type="out_refund")
        self.match(move, credit)
        self.work()
        self.assertEqual([each["Amount"] for each in self.there(credit)["Allocations"]], [70])
        self.assertEqual(*self.due(move))
        self.assertQuiet()
        self.partials(move).sorted("id")[0].unlink()
        self.work()
        self.assertEqual([each["Amount"] for each in self.there(credit)["Allocations"]], [40])
        self.assertEqual(*self.due(move))
        self.assertQuiet()
        other, second = self.instalments(), self.sold(70, move_type="out_refund")
        self.work()
        self.sim.books("NZ", f"CreditNotes/{self.document_link(second).xero_id}/Allocations", "PUT", {"Allocations": [
            {"Amount": 70, "Date": "2026-06-15", "Invoice": {"InvoiceID": self.document_link(other).xero_id}}
        ]})  # fmt: skip
        self.work_again()
        self.assertEqual((len(self.partials(other)), self.due(other)), (3, (30, 30)))
        self.assertQuiet()
