"""Files on documents that end on one side (docs/effects.md)."""

from odoo.tests import tagged

from ..expenses.common import PIXEL
from .common import EffectsCommon


@tagged("post_install", "-at_install")
class TestAttachment(EffectsCommon):
    record = "Attachment"

    def setUp(self):
        super().setUp()
        self.move = self.document("out_invoice")
        self.file = self.env["ir.attachment"].create(
            {"name": "plan.png", "raw": PIXEL, "res_model": "account.move", "res_id": self.move.id}
        )
        self.work()
        self.sent = self.links(self.file, "Attachments")
        self.assertEqual((self.sent.outcome, self.names()), ("synced", ["plan.png"]))

    def files(self):
        path = f"Invoices/{self.document_link(self.move).xero_id}/Attachments"
        return self.sim.books("NZ", path)["Attachments"]

    def names(self):
        return [file["FileName"] for file in self.files()]

    def test_delete_in_odoo(self):
        """nothing: the file stays there"""
        self.file.unlink()
        self.work_again()
        self.assertEqual((self.names(), self.sent.outcome, self.writes()), (["plan.png"], "gone", []))
        self.assertQuiet()

    def test_delete_in_xero(self):
        """nothing: the file stays here, and goes again when its content changes"""
        self.sim.organisation("NZ", delete_attachment=self.files()[0]["AttachmentID"])
        self.work_again()
        self.assertEqual((self.file.exists(), self.names(), self.writes()), (self.file, [], []))
        self.assertQuiet()
        self.file.raw = PIXEL + b"more"
        self.work()
        self.assertEqual((self.names(), self.files()[0]["ContentLength"]), (["plan.png"], len(PIXEL) + 4))
        self.assertQuiet()
