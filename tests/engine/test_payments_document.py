"""A document that is changed in Xero while money is on it here: it follows, and its payments stay what they are."""

from odoo import Command
from odoo.tests import tagged

from .payments_common import PaymentsCommon


@tagged("post_install", "-at_install")
class TestPaymentsDocument(PaymentsCommon):
    def setUp(self):
        super().setUp()
        self.other_income = self.income.copy({"code": "400260", "name": "Other income"})
        self.map_account(self.other_income, "260")

    def to_other_account(self, move, **values):
        """A bookkeeper puts the lines on another account: Xero allows that on a paid document."""
        link = self.document_link(move)
        lines = [line | {"AccountCode": "260"} for line in self.there(move)["LineItems"]]
        lines = [{key: line[key] for key in ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode",
                                             "TaxType")} for line in lines]  # fmt: skip
        self.in_books(link.resource, **{f"{link.resource[:-1]}ID": link.xero_id, "LineItems": lines} | values)
        self.work_again()
        return link

    def assertFollowed(self, move, *xero_ids):
        link = self.document_link(move)
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        self.assertEqual(move.invoice_line_ids.account_id, self.other_income)
        self.assertFalse(self.writes(), "no payment was sent, none deleted")
        self.assertFalse(self.sim.calls(method="DELETE"))
        links = self.links(self.partials(move)) | self.links(self.partials(move), "Allocations")
        self.assertEqual(sorted(links.mapped("xero_id")), sorted(xero_ids))
        self.assertEqual(*self.due(move))
        self.assertQuiet()

    def test_paid_document_follows_and_keeps_its_payments(self):
        for amounts in ((100,), (30, 20)):
            with self.subTest(amounts=amounts):
                move = self.sold()
                self.work()
                ids = [self.paid_in_xero(move, amount)["PaymentID"] for amount in amounts]
                self.work_again()
                payments = self.partials(move).credit_move_id.move_id
                self.to_other_account(move)
                self.assertEqual(self.partials(move).credit_move_id.move_id, payments)
                self.assertFollowed(move, *ids)
                self.partials(move).unlink()
                self.organisation.send_unmatched = False
                self.work()
                self.assertEqual(self.due(move), (100, 100), "an undo still finds the payments in Xero")

    def test_credit_and_instalments_follow_too(self):
        term = self.env["account.payment.term"].create({
            "name": "In two", "line_ids": [
                Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (0, 30)
            ],
        })  # fmt: skip
        move = self.sold(invoice_payment_term_id=term.id, invoice_date_due=False)
        credit = self.sold(20, move_type="out_refund")
        lines = (move | credit).line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        lines.reconcile()
        self.pay(move, amount=80, installments_mode="full")
        self.work()
        payment = self.links(self.partials(move)).xero_id
        allocation = self.links(self.partials(move), "Allocations").xero_id
        self.to_other_account(move)
        self.assertFollowed(move, payment, allocation)

    def test_amounts_that_change_between_two_payments_of_xeros_are_followed(self):
        """Removed, changed and paid anew, before Odoo looked."""
        move = self.sold()
        self.work()
        first = self.paid_in_xero(move, 60)
        self.work_again()
        self.in_books("Payments", PaymentID=first["PaymentID"], Status="DELETED")
        link = self.document_link(move)
        [line] = self.there(move)["LineItems"]
        self.in_books("Invoices", InvoiceID=link.xero_id, LineItems=[
            {"LineItemID": line["LineItemID"], "Description": "Work", "Quantity": 1, "UnitAmount": 80,
             "AccountCode": "200", "TaxType": line["TaxType"]},
        ])  # fmt: skip
        again = self.paid_in_xero(move, 70)
        self.work_again()
        self.assertEqual((move.amount_total, self.due(move)), (80, (10, 10)))
        self.assertEqual(self.links(self.partials(move)).xero_id, again["PaymentID"])
        self.assertFalse(self.writes())
        self.assertQuiet()

    def test_payment_removed_and_document_voided_in_xero_between_two_looks_end_here(self):
        """The document is read first, while the money is still on it here."""
        move = self.sold()
        payment = self.pay(move)
        self.work()
        self.in_books("Payments", PaymentID=self.links(self.partials(move)).xero_id, Status="DELETED")
        link = self.document_link(move)
        self.in_books("Invoices", InvoiceID=link.xero_id, Status="VOIDED")
        self.work_again()
        self.work()
        self.assertEqual((move.state, payment.state), ("cancel", "canceled"))
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        self.assertQuiet()

    def test_payment_removed_and_document_lowered_below_it_are_followed(self):
        move = self.sold()
        self.work()
        first = self.paid_in_xero(move, 100)
        self.work_again()
        self.in_books("Payments", PaymentID=first["PaymentID"], Status="DELETED")
        link = self.document_link(move)
        [line] = self.there(move)["LineItems"]
        self.in_books("Invoices", InvoiceID=link.xero_id, LineItems=[
            {"LineItemID": line["LineItemID"], "Description": "Work", "Quantity": 1, "UnitAmount": 80,
             "AccountCode": "200", "TaxType": line["TaxType"]},
        ])  # fmt: skip
        self.paid_in_xero(move, 80)
        self.work_again()
        self.work()
        self.assertEqual((move.amount_total, self.due(move), link.outcome), (80, (0, 0), "synced"))
        self.assertFalse(self.writes())
        self.assertQuiet()

    def test_less_than_what_is_matched_here_waits(self):
        """Here more is on it than there: a payment that does not go."""
        move = self.sold()
        self.work()
        self.directions(payments="off")
        self.pay(move, amount=90)
        link = self.document_link(move)
        [line] = self.there(move)["LineItems"]
        self.in_books("Invoices", InvoiceID=link.xero_id, LineItems=[
            {"LineItemID": line["LineItemID"], "Description": "Work", "Quantity": 1, "UnitAmount": 80,
             "AccountCode": "200", "TaxType": line["TaxType"]},
        ])  # fmt: skip
        partials = self.partials(move)
        self.work_again()
        self.assertEqual((link.outcome, link.error_code), ("held", "incoming_paid"))
        self.assertEqual((move.amount_total, self.partials(move)), (100, partials))
        partials.unlink()
        move.action_xero_retry()
        self.env.invalidate_all()
        self.assertEqual(move.xero_state, "queued")
        self.work()
        self.assertEqual((link.outcome, move.amount_total), ("synced", 80), "what the form says is what its Retry does")

    def test_locked_period_and_statement_lines_wait_with_the_reason(self):
        locked, on_statement = self.sold(), self.sold()
        self.pay(locked)
        line = self.env["account.bank.statement.line"].create({
            "journal_id": self.bank.id, "date": "2026-06-10", "payment_ref": "In", "amount": 100,
            "partner_id": self.partner.id,
        })  # fmt: skip
        _liquidity, suspense, _other = line._seek_for_lines()
        receivable = on_statement.line_ids.filtered(lambda one: one.account_id.account_type == "asset_receivable")
        suspense.account_id = receivable.account_id
        (suspense | receivable).reconcile()
        self.work()
        self.assertEqual([move.amount_residual for move in (locked, on_statement)], [0, 0])
        self.assertEqual(self.to_other_account(on_statement).error_code, "incoming_paid")
        self.env.company.fiscalyear_lock_date = "2026-06-30"
        self.assertEqual(self.to_other_account(locked).error_code, "refused_by_odoo")
        self.assertEqual(len(self.links(self.partials(locked))), 1)
        self.assertEqual(len(self.of_xero()), 2)
