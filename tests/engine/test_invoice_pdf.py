"""The PDF of customer invoices on the document at Xero, where it is asked for (R58)."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.base.models.ir_actions_report import IrActionsReport

from ..expenses.common import SpendCommon


@tagged("post_install", "-at_install")
class TestInvoicePdf(SpendCommon):
    def setUp(self):
        super().setUp()
        self.organisation.send_pdf = True
        # in tests Odoo prints no PDF but HTML, so nothing is missing where the program is not installed
        self.patch(IrActionsReport, "get_wkhtmltopdf_state", lambda report: "ok")

    def files(self, move, resource="Invoices"):
        return self.files_in_xero(resource, self.link_in(resource, move).xero_id)

    def test_it_is_off_by_default(self):
        self.assertFalse(self.env["xero.organisation"].new({}).send_pdf)
        self.organisation.send_pdf = False
        move = self.invoice()
        self.work()
        self.assertFalse(self.files(move))

    def test_invoice_and_credit_note_bear_their_pdf_for_the_customer_to_see(self):
        partner = self.customer()
        move, refund = self.invoice(partner), self.invoice(partner, move_type="out_refund")
        self.work()
        self.assertSynced(move)
        for one, resource in ((move, "Invoices"), (refund, "CreditNotes")):
            [file] = self.files(one, resource)
            self.assertEqual(file["FileName"], one.name.replace("/", "_") + ".pdf")
            self.assertEqual((file["MimeType"], file["IncludeOnline"]), ("application/pdf", True))
            self.assertGreater(file["ContentLength"], 500)

    def test_bills_get_none(self):
        move = self.invoice(lines=[self.line(taxes=self.buy15)], move_type="in_invoice", ref="S-1")
        self.work()
        self.assertFalse(self.files(move))

    def test_document_that_was_sent_to_the_customer_is_the_one(self):
        move = self.invoice()
        self.attach(move, "sent.pdf", b"%PDF-1.4 as sent", res_field="invoice_pdf_report_file")
        move.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])
        self.work()
        [file] = self.files(move)
        self.assertEqual(file["ContentLength"], len(b"%PDF-1.4 as sent"))

    def test_changed_document_gets_a_new_one_under_the_same_name(self):
        move = self.invoice()
        self.work()
        [before] = self.files(move)
        move.ref = "PO 9"
        self.sim.clear_calls()
        self.work()
        [after] = self.files(move)
        self.assertEqual(after["AttachmentID"], before["AttachmentID"])
        self.assertEqual([call["method"] for call in self.writes()], ["POST", "PUT"], "the invoice, its PDF")

    def test_document_that_a_bookkeeper_changed_gets_a_new_one(self):
        move = self.invoice()
        self.work()
        [before] = self.files(move)
        self.directions("both")
        self.sim.books("NZ", "Invoices", "POST", {"InvoiceID": self.link(move).xero_id, "Reference": "Theirs"})
        self.env["xero.cursor"].search([]).write({"due_at": False, "read_at": "2026-01-01"})
        self.sim.clear_calls()
        self.work()
        self.assertEqual(move.ref, "Theirs")
        self.assertEqual([call["method"] for call in self.writes()], ["PUT"], "its PDF says what it says now")
        self.assertEqual([file["AttachmentID"] for file in self.files(move)], [before["AttachmentID"]])

    def test_file_of_a_person_under_the_same_name_stays(self):
        move = self.invoice(post=False)
        move.action_post()
        self.attach(move, f"{move.name}.pdf", b"%PDF-1.4 signed by hand")
        self.work()
        names = sorted(file["FileName"] for file in self.files(move))
        self.assertEqual(len(names), 2, names)
        self.assertIn(len(b"%PDF-1.4 signed by hand"), [file["ContentLength"] for file in self.files(move)])
        self.env["xero.change"]._append(move, "retry")
        self.sim.clear_calls()
        self.work()
        self.assertFalse(self.writes())

    def test_second_cycle_writes_nothing(self):
        """S1.5"""
        move = self.invoice()
        self.work()
        self.sim.clear_calls()
        self.env["xero.change"]._append(move, "retry")
        self.work()
        self.assertFalse(self.writes())
        self.assertFalse(self.changes())

    def test_missing_program_stops_the_pdf_alone_and_says_so(self):
        with patch.object(IrActionsReport, "get_wkhtmltopdf_state", lambda report: "install"):
            move = self.invoice()
            self.work()
        self.assertSynced(move)
        link = self.link_in("Attachments", move)
        self.assertEqual((link.outcome, link.error_code), ("failed", "pdf_engine_missing"))
        self.env["xero.change"]._append(move, "retry")
        self.work()
        self.assertEqual(link.outcome, "synced")

    def test_report_that_fails_stops_the_pdf_alone_with_its_words(self):
        words = "The layout is broken."

        def fail(report, *args, **kwargs):
            raise UserError(words)

        with patch.object(IrActionsReport, "_pre_render_qweb_pdf", fail):
            move = self.invoice()
            self.work()
        self.assertSynced(move)
        link = self.link_in("Attachments", move)
        self.assertEqual(link.error_code, "pdf_failed")
        self.assertIn(words, link.error_message)

    def test_the_document_still_stands_for_itself(self):
        """What its PDF came to is not shown as the state of the invoice"""
        with patch.object(IrActionsReport, "get_wkhtmltopdf_state", lambda report: "install"):
            move = self.invoice()
            self.work()
        self.assertEqual((move.xero_state, move.xero_number), ("synced", move.name))
