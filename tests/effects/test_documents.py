"""Invoices, bills and credit notes that end on one side (docs/effects.md)."""

from odoo.tests import tagged

from .common import EffectsCommon


class DocumentEffects:
    """What holds for all kinds of documents."""

    move_type = ""

    def made(self, **values):
        return self.document(self.move_type, **values)

    def drafts(self, status="DRAFT"):
        """As what documents go to Xero from here on."""
        self.organisation.write({"invoice_status": status, "bill_status": status})

    def test_void_in_odoo(self):
        """it is voided; deleted if Xero had never approved it. With money on it there: nothing, and a difference shows
        both sides"""
        move = self.made()
        move.button_cancel()
        self.work()
        self.assertEqual(self.there(move)["Status"], "VOIDED")
        self.assertQuiet()
        self.drafts()
        draft = self.made()
        draft.button_cancel()
        self.work()
        self.assertEqual(self.there(draft)["Status"], "DELETED")
        self.assertQuiet()
        self.drafts("AUTHORISED")
        self.void_paid_in_odoo()
        self.void_paid_there_alone()

    def void_paid_in_odoo(self):
        """The payment that Odoo knows goes first: it works in one go."""
        move = self.made()
        self.paid(move, 40)
        move.button_cancel()
        self.work()
        self.assertEqual((self.there(move)["Status"], self.of_xero()), ("VOIDED", []))
        self.assertQuiet()

    def void_paid_there_alone(self):
        move = self.made()
        self.directions(payments="off")
        self.pay_there(move, 40)
        move.button_cancel()
        self.work()
        link = self.document_link(move)
        row = self.difference(link)
        self.assertEqual((row.reason, move.state), ("not_changeable", "cancel"))
        self.assertEqual(self.item(link)["Status"], "AUTHORISED")
        self.assertIn("Status", [value["label"] for value in row.values])
        self.assertQuiet()
        row.action_take_xero()
        self.work()
        self.assertEqual((move.state, link.outcome), ("posted", "synced"))

    def test_void_in_xero(self):
        """it is cancelled. With money on it here: nothing, and it waits with the reason"""
        move = self.made()
        self.change_there(self.document_link(move), Status="VOIDED")
        self.assertEqual(move.state, "cancel")
        self.assertFalse(self.writes())
        self.assertQuiet()
        paid = self.made()
        self.pay(paid, amount=40)
        link = self.document_link(paid)
        self.change_there(link, Status="VOIDED")
        self.assertEqual((paid.state, paid.amount_residual, link.error_code), ("posted", 60, "incoming_paid"))
        self.assertEqual(self.waiting(link), ("needs_you", link.error_message))
        self.assertIn(paid.name, link.error_message)
        self.assertQuiet()
        self.unmatch(paid)
        link.action_retry()
        self.work()
        self.assertEqual((paid.state, link.outcome), ("cancel", "synced"))

    def test_delete_in_odoo(self):
        """nothing: it stays, and the list of what waits says so"""
        voided, move = self.made(), self.made()
        link = self.document_link(move)
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        self.work_again()
        self.assertEqual((link.outcome, self.item(link)["Status"]), ("gone", "AUTHORISED"))
        self.assertEqual(self.waiting(link), ("gone", link.error_message))
        self.assertFalse(self.writes())
        self.assertQuiet()
        self.change_there(link, Status="VOIDED")
        self.assertFalse(self.waiting(link), "it has ended there, too")
        self.assertQuiet()
        link = self.document_link(voided)
        self.change_there(link, Status="VOIDED")
        voided.with_context(force_delete=True).unlink()
        self.work_again()
        self.assertEqual((link.outcome, self.waiting(link)), ("gone", ()), "it had ended before")
        self.assertQuiet()

    def test_delete_in_xero(self):
        """a draft is deleted: it is cancelled"""
        self.drafts()
        move = self.made()
        self.change_there(self.document_link(move), Status="DELETED")
        self.assertEqual(move.state, "cancel")
        self.assertFalse(self.writes())
        self.assertQuiet()

    def test_unreconcile_in_odoo(self):
        """nothing on the document itself: it is open again by its payment or credit"""
        move = self.made()
        self.paid(move, 40)
        self.sim.clear_calls()
        self.unmatch(move)
        self.work()
        self.assertFalse(self.writes(f"{self.document_link(move).resource}$"))
        self.assertEqual((move.state, self.document_link(move).outcome), ("posted", "synced"))
        self.assertEqual((self.there(move)["Status"], *self.due(move)), ("AUTHORISED", 100, 100))
        self.assertQuiet()

    def test_unreconcile_in_xero(self):
        """nothing on the document itself: it is open again by its payment or credit"""
        move = self.made()
        payment = self.pay_there(move, 40)
        self.work_again()
        self.assertEqual(move.amount_residual, 60)
        self.in_books("Payments", PaymentID=payment["PaymentID"], Status="DELETED")
        self.work_again()
        self.assertEqual((move.state, self.document_link(move).outcome), ("posted", "synced"))
        self.assertEqual((self.there(move)["Status"], *self.due(move)), ("AUTHORISED", 100, 100))
        self.assertFalse(self.writes())
        self.assertQuiet()

    def test_draft_in_odoo(self):
        """nothing until it is posted again (updated) or cancelled (voided)"""
        move, other = self.made(), self.made()
        for each in (move, other):
            each.button_draft()
        self.work_again()
        self.assertFalse(self.writes())
        for each in (move, other):
            self.assertEqual((self.there(each)["Status"], self.there(each)["Total"]), ("AUTHORISED", 100))
        move.invoice_line_ids.price_unit = 7
        move.action_post()
        other.button_cancel()
        self.work()
        self.assertEqual((self.there(move)["Status"], self.there(move)["Total"]), ("AUTHORISED", 7))
        self.assertEqual(self.there(other)["Status"], "VOIDED")
        self.assertQuiet()


@tagged("post_install", "-at_install")
class TestCustomerInvoice(DocumentEffects, EffectsCommon):
    record = "Customer invoice"
    move_type = "out_invoice"


@tagged("post_install", "-at_install")
class TestVendorBill(DocumentEffects, EffectsCommon):
    record = "Vendor bill"
    move_type = "in_invoice"


@tagged("post_install", "-at_install")
class TestCreditNote(DocumentEffects, EffectsCommon):
    record = "Credit note"
    move_type = "out_refund"


@tagged("post_install", "-at_install")
class TestVendorCreditNote(DocumentEffects, EffectsCommon):
    record = "Credit note"
    move_type = "in_refund"
