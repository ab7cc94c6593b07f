"""Payments recorded in Xero come here, are matched, and go when they are taken back there (S1.25, S2.12, S1.5)."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .payments_common import PaymentsCommon


@tagged("post_install", "-at_install")
class TestPaymentsIn(PaymentsCommon):
    def payments(self, move):
        lines = (self.partials(move).debit_move_id | self.partials(move).credit_move_id) - move.line_ids
        return lines.move_id.origin_payment_id

    def test_payment_made_in_xero_is_registered_and_matched_once(self):
        move = self.sold()
        self.work()
        item = self.paid_in_xero(move, 100)
        self.work_again()
        payment = self.payments(move)
        self.assertEqual(
            (payment.amount, payment.journal_id, str(payment.date), payment.payment_type, payment.partner_type,
             payment.memo, payment.partner_id),
            (100, self.bank, "2026-06-12", "inbound", "customer", "By bank", self.partner),
        )  # fmt: skip
        self.assertIn(payment.state, ("in_process", "paid"))
        self.assertEqual((move.payment_state, move.amount_residual), ("paid", 0))
        link = self.links(self.partials(move))
        self.assertEqual((link.xero_id, link.outcome, link.from_xero), (item["PaymentID"], "synced", True))
        self.assertFalse(self.writes())
        self.assertQuiet()

    def test_partial_several_and_many_at_once(self):
        moves = [self.sold(100), self.bought(80), self.sold(50, move_type="out_refund"),
                 self.bought(30, move_type="in_refund", ref="SC-1")]  # fmt: skip
        self.work()
        for move in moves:
            self.paid_in_xero(move, 10)
            self.paid_in_xero(move, 5.55, Date="2026-06-13")
        self.work_again()
        for move in moves:
            self.assertEqual(self.due(move)[0], self.due(move)[1])
            self.assertEqual(move.payment_state, "partial")
            self.assertEqual(sorted(self.payments(move).mapped("amount")), [5.55, 10])
        directions = [self.payments(move).mapped("payment_type")[0] for move in moves]
        self.assertEqual(directions, ["inbound", "outbound", "outbound", "inbound"])
        self.assertFalse(self.writes())
        self.assertQuiet()

    def test_enterprise_in_payment_is_reached(self):
        """With Odoo's accounting app a payment has no entry of its own unless it is asked for."""
        move = self.sold()
        self.work()
        self.paid_in_xero(move, 100)
        Move = type(self.env["account.move"])
        with patch.object(Move, "_get_invoice_in_payment_state", lambda move: "in_payment"):
            self.work_again()
            self.assertEqual(move.payment_state, "in_payment")
        self.assertTrue(self.payments(move).move_id)

    def test_taken_back_in_xero_is_cancelled_here(self):
        first, second = self.sold(), self.sold()
        self.work()
        item = self.paid_in_xero(first, 100)
        self.pay(second)
        self.work_again()
        mine = self.payments(first)
        ours = self.payments(second)
        self.in_books("Payments", PaymentID=item["PaymentID"], Status="DELETED")
        self.in_books("Payments", PaymentID=self.links(self.partials(second)).xero_id, Status="DELETED")
        links = self.links(self.partials(first) | self.partials(second))
        self.work_again()
        for move, payment in ((first, mine), (second, ours)):
            self.assertEqual((self.due(move), payment.state), ((100, 100), "canceled"))
        self.assertEqual(set(links.mapped("outcome")), {"gone"})
        self.assertFalse(self.writes())
        self.assertQuiet()

    def test_taken_back_of_one_document_leaves_a_payment_of_several(self):
        first, second = self.sold(60), self.sold(40)
        payment = self.pay(first, second, group_payment=True)
        self.work()
        self.in_books("Payments", PaymentID=self.links(self.partials(first)).xero_id, Status="DELETED")
        self.organisation.send_unmatched = False
        self.work_again()
        self.assertEqual((first.amount_residual, second.amount_residual), (60, 0))
        self.assertNotEqual(payment.state, "canceled")
        self.assertQuiet()

    def test_taken_back_of_all_documents_cancels_a_payment_of_several(self):
        first, second = self.sold(60), self.sold(40)
        payment = self.pay(first, second, group_payment=True)
        self.work()
        for move in (first, second):
            self.in_books("Payments", PaymentID=self.links(self.partials(move)).xero_id, Status="DELETED")
        self.work_again()
        self.assertEqual((self.due(first), self.due(second), payment.state), ((60, 60), (40, 40), "canceled"))
        self.assertQuiet()

    def test_taken_back_of_a_part_leaves_a_payment_whose_rest_is_credit(self):
        move = self.sold()
        payment = self.money(150)
        self.match(move, payment.move_id)
        self.work()
        self.in_books("Payments", PaymentID=self.links(self.partials(move)).xero_id, Status="DELETED")
        self.work_again()
        self.assertEqual(self.due(move), (100, 100))
        self.assertIn(payment.state, ("in_process", "paid"))
        self.assertTrue(self.of_xero("Overpayments"))
        self.assertFalse(self.changes())

    def test_taken_back_of_a_part_leaves_a_payment_whose_rest_is_not_sent(self):
        self.organisation.send_unmatched = False
        move = self.sold()
        payment = self.money(150)
        self.match(move, payment.move_id)
        self.work()
        self.in_books("Payments", PaymentID=self.links(self.partials(move)).xero_id, Status="DELETED")
        self.work_again()
        self.assertEqual(self.due(move), (100, 100))
        self.assertIn(payment.state, ("in_process", "paid"))
        self.assertQuiet()

    def test_payment_that_was_taken_back_on_both_sides_has_ended_and_nobody_has_to_look(self):
        for how in ("unmatch", "cancel", "delete"):
            with self.subTest(how):
                move = self.sold()
                payment = self.pay(move)
                self.work()
                self.organisation.send_unmatched = how != "unmatch"
                link = self.links(self.partials(move))
                self.in_books("Payments", PaymentID=link.xero_id, Status="DELETED")
                self.undo(how, move, payment)
                self.work_again()
                self.assertEqual((link.outcome, link.error_code, self.due(move)), ("gone", False, (100, 100)))
                self.assertFalse(self.env["xero.work.item"].search([("organisation_id", "=", self.organisation.id)]))

    def test_pulled_payment_that_is_undone_here_is_deleted_there(self):
        move = self.sold()
        self.work()
        self.paid_in_xero(move, 100)
        self.work_again()
        self.payments(move).action_cancel()
        self.work()
        self.assertEqual(self.due(move), (100, 100))
        self.assertQuiet()

    def test_entered_on_both_sides_is_one_payment(self):
        """Before the next cycle: the same document, amount and account, days apart."""
        move = self.sold()
        self.work()
        item = self.paid_in_xero(move, 100)
        payment = self.pay(move)
        self.work_again()
        self.assertEqual(self.payments(move), payment)
        self.assertEqual(self.links(self.partials(move)).xero_id, item["PaymentID"])
        self.assertEqual(len(self.of_xero()), 1)
        self.assertQuiet()

    def test_more_than_is_open_here_waits_with_its_reason(self):
        self.directions(payments="pull")
        move = self.sold()
        self.work()
        self.pay(move, amount=30)
        item = self.paid_in_xero(move, 100)
        self.work_again()
        link = self.env["xero.link"].search([("xero_id", "=", item["PaymentID"])])
        self.assertEqual((link.outcome, link.error_code), ("held", "incoming_exceeds"))
        self.assertIn("70.00", link.error_message)
        self.partials(move).unlink()
        link.action_retry()
        self.work()
        self.assertEqual((link.outcome, move.amount_residual), ("synced", 0))

    def test_foreign_currency_books_xeros_own_rate(self):
        usd = self.dollars({"2026-01-01": 0.5})
        move = self.sold(100, currency_id=usd.id)
        self.work()
        self.paid_in_xero(move, 40, CurrencyRate=0.8)
        self.paid_in_xero(move, 60, BankAmount=77.77, CurrencyRate=0.771506)
        self.work_again()
        balances = sorted(self.payments(move).mapped("amount_company_currency_signed"))
        self.assertEqual(balances, [50.0, 77.77])
        self.assertEqual((move.amount_residual, move.payment_state), (0, "paid"))
        self.assertFalse(self.partials(move).filtered(lambda partial: not partial.exchange_move_id
                                                      and partial.debit_currency_id != partial.credit_currency_id))
        exchanged = sum(self.partials(move).exchange_move_id.line_ids.filtered(
            lambda line: line.account_id.account_type not in ("asset_receivable", "liability_payable")
        ).mapped("balance"))
        self.assertAlmostEqual(exchanged, 200 - 127.77)
        self.assertQuiet()

    def test_unmapped_account_waits_and_unknown_documents_are_left_alone(self):
        move = self.sold()
        self.work()
        self.mapping.unlink()
        item = self.paid_in_xero(move, 100)
        old = self.in_books("Invoices", **{
            "Type": "ACCREC", "Contact": {"Name": "Stranger"}, "Date": "2021-01-01", "DueDate": "2021-01-01",
            "Status": "AUTHORISED", "LineItems": [{"Description": "x", "UnitAmount": 5, "AccountCode": "200",
                                                    "TaxType": "NONE"}],
        })  # fmt: skip
        self.organisation.pull_from = "2026-01-01"
        stranger = self.in_books(
            "Payments", Invoice={"InvoiceID": old["InvoiceID"]}, Amount=5, Date="2021-02-01",
            Account={"AccountID": self.account("090").xero_id},
        )  # fmt: skip
        self.work_again()
        link = self.env["xero.link"].search([("xero_id", "=", item["PaymentID"])])
        self.assertEqual((link.error_code, link.res_id), ("incoming_journal", 0))
        self.map_journal(self.bank, "090")
        self.work()
        self.assertEqual((link.outcome, move.amount_residual), ("synced", 0))
        # it may be on a document that is still to be read; once all are read, it is of no interest
        self.env["xero.cursor"].search([]).write({"modified_since": "2040-01-01"})
        self.env["xero.link"].search([("xero_id", "=", stranger["PaymentID"])]).write({"next_attempt": "2020-01-01"})
        self.work()
        self.assertFalse(self.env["xero.link"].search([("xero_id", "=", stranger["PaymentID"])]))

    def test_payment_on_documents_that_do_not_come_any_more_is_left_alone(self):
        self.work_again()
        self.directions(invoices="push", bills="push")
        item = self.in_books("Invoices", **{
            "Type": "ACCREC", "Contact": {"Name": "Stranger"}, "Date": "2026-06-01", "DueDate": "2026-06-01",
            "Status": "AUTHORISED", "LineItems": [{"Description": "x", "UnitAmount": 5, "AccountCode": "200",
                                                    "TaxType": "NONE"}],
        })  # fmt: skip
        paid = self.in_books("Payments", Invoice={"InvoiceID": item["InvoiceID"]}, Amount=5, Date="2026-06-02",
                             Account={"AccountID": self.account("090").xero_id})  # fmt: skip
        self.work_again()
        cursors = self.env["xero.cursor"].search([("resource", "in", ("CreditNotes", "Overpayments", "Prepayments"))])
        cursors.write({"modified_since": "2040-01-01"})  # what comes was read since
        links = self.env["xero.link"].search([("xero_id", "=", paid["PaymentID"])])
        links.write({"next_attempt": "2020-01-01"})
        self.work()
        self.assertFalse(links.exists())
        self.assertQuiet()

    def test_payment_read_before_its_document_comes_with_it(self):
        self.work_again()
        item = self.in_books("Invoices", **{
            "Type": "ACCREC", "Contact": {"Name": "Harbour Cafe"}, "Date": "2026-06-01", "DueDate": "2026-06-01",
            "Status": "AUTHORISED", "InvoiceNumber": "INV-77", "LineItems": [
                {"Description": "x", "UnitAmount": 5, "AccountCode": "200", "TaxType": "NONE"}],
        })  # fmt: skip
        self.in_books("Payments", Invoice={"InvoiceID": item["InvoiceID"]}, Amount=5, Date="2026-06-02",
                      Account={"AccountID": self.account("090").xero_id})  # fmt: skip
        cursors = self.env["xero.cursor"].search([])
        cursors.filtered(lambda c: c.resource == "Payments").write({"due_at": False, "read_at": "2026-01-01"})
        self.work()
        waiting = self.env["xero.link"].search([("resource", "=", "Payments")])
        self.assertEqual((waiting.outcome, waiting.error_code), ("waiting", "incoming_first"))
        contact = {"organisation_id": self.organisation.id, "company_id": self.env.company.id, "resource": "Contacts",
                   "res_model": "res.partner", "res_id": self.partner.id, "outcome": "synced",
                   "xero_id": item["Contact"]["ContactID"]}  # fmt: skip
        self.env["xero.link"].create(contact)
        cursors.write({"read_at": "2026-01-01"})
        self.work()
        self.work_again()
        self.assertEqual(waiting.outcome, "synced", waiting.error_message)

    def test_journal_recorded_in_odoo_takes_none(self):
        self.mapping.recorded_by = "odoo"
        move = self.sold()
        self.work()
        self.paid_in_xero(move, 100)
        self.work_again()
        self.assertEqual(move.amount_residual, 100)
        self.assertFalse(self.env["xero.link"].search([("resource", "=", "Payments")]))

    def test_bug_in_a_bulk_strikes_its_own_payment_alone(self):
        moves = self.sold(), self.sold(), self.sold()
        self.work()
        for number, move in enumerate(moves):
            self.paid_in_xero(move, 100, Reference="bad" if number == 1 else "good")
        original = type(self.env["account.payment"]).create

        def create(payments, vals_list):
            if any(vals.get("memo") == "bad" for vals in vals_list):
                raise ZeroDivisionError("a bug")
            return original(payments, vals_list)

        self.env["xero.cursor"].search([]).write({"due_at": False, "read_at": "2026-01-01"})
        with (
            patch.object(type(self.env["account.payment"]), "create", create),
            mute_logger("odoo.addons.xero_integration.models.xero_organisation_worker"),
        ):
            self.organisation.cron_id.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual([move.amount_residual for move in moves], [0, 100, 0])
        link = self.env["xero.link"].search([("error_code", "=", "internal_error")])
        self.assertEqual((link.resource, link.res_id), ("Payments", 0))
