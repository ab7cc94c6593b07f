"""Files on documents travel with them, within Xero's limits, and stop no document (R58, S3.14)."""

from odoo.tests import tagged

from ..expenses.common import PIXEL, SpendCommon


@tagged("post_install", "-at_install")
class TestAttachments(SpendCommon):
    def files(self, move):
        link = self.link(move)
        return self.files_in_xero(link.resource, link.xero_id)

    def names(self, move):
        return sorted(file["FileName"] for file in self.files(move))

    def bill(self, **values):
        return self.invoice(
            self.customer("Supplies Ltd"), [self.line(taxes=self.buy15)], move_type="in_invoice", ref="S-1", **values
        )

    def test_file_that_is_on_a_document_goes_with_it(self):
        """S3.14: the audit document of a bill"""
        move = self.bill(post=False)
        file = self.attach(move, "audit.pdf", b"%PDF-1.4 audit")
        move.action_post()
        self.work()
        self.assertSynced(move)
        [there] = self.files(move)
        self.assertEqual((there["FileName"], there["ContentLength"]), ("audit.pdf", len(file.raw)))
        link = self.link_in("Attachments", file)
        self.assertEqual((link.outcome, link.parent_xero_id), ("synced", self.link(move).xero_id))

    def test_file_that_is_added_later_goes_by_itself(self):
        move = self.invoice()
        self.work()
        self.attach(move)
        self.sim.clear_calls()
        self.work()
        self.assertEqual(self.names(move), ["receipt.png"])
        self.assertEqual(self.sim.count_calls(), 1, "one call per file, none for the document")

    def test_second_cycle_writes_nothing(self):
        """S1.5"""
        move = self.invoice()
        file = self.attach(move)
        self.work()
        self.sim.clear_calls()
        self.env["xero.change"]._append(move)
        self.env["xero.change"]._append(file)
        self.work()
        self.assertEqual(self.sim.count_calls(), 0)
        self.assertFalse(self.changes())

    def test_same_name_and_content_is_not_sent_twice(self):
        move = self.invoice()
        first = self.attach(move)
        self.work()
        self.sim.clear_calls()
        self.attach(move)
        self.work()
        self.assertFalse(self.writes(), "twice on the document")
        first.unlink()
        third = self.attach(move)
        self.work()
        self.assertFalse(self.writes(), "deleted and put there again")
        self.assertEqual(self.link_in("Attachments", third).outcome, "synced")

    def test_twice_the_same_at_once_is_one(self):
        move = self.invoice()
        self.attach(move)
        self.attach(move)
        self.work()
        self.assertEqual(self.names(move), ["receipt.png"])

    def test_new_content_replaces_the_file_of_that_name(self):
        move = self.invoice()
        file = self.attach(move)
        self.work()
        file.raw = PIXEL + b"more"
        self.work()
        self.assertEqual([one["ContentLength"] for one in self.files(move)], [len(PIXEL) + 4])
        file.unlink()
        self.attach(move, raw=PIXEL + b"again")
        self.work()
        self.assertEqual([one["ContentLength"] for one in self.files(move)], [len(PIXEL) + 5])

    def test_file_that_is_deleted_in_odoo_stays_in_xero(self):
        move = self.invoice()
        file = self.attach(move)
        self.work()
        link = self.link_in("Attachments", file)
        file.unlink()
        self.work()
        self.assertEqual(self.names(move), ["receipt.png"])
        self.assertEqual(link.outcome, "gone")

    def test_signs_that_xero_forbids_are_replaced(self):
        move = self.invoice()
        self.attach(move, 'a<b>:"c|d?.png')
        self.work()
        self.assertEqual(self.names(move), ["a_b___c_d_.png"])

    def test_file_that_is_too_large_stops_itself_alone(self):
        move = self.invoice()
        large = self.attach(move, "large.bin", b"x" * (10 * 1024 * 1024 + 1))
        self.attach(move, "small.png")
        self.work()
        self.assertSynced(move)
        self.assertEqual(self.names(move), ["small.png"])
        link = self.link_in("Attachments", large)
        self.assertEqual((link.outcome, link.error_code), ("failed", "file_too_large"))
        self.assertIn("large.bin has 10.0 MB", link.error_message)

    def test_eleventh_file_stops_itself_alone(self):
        move = self.invoice()
        files = [self.attach(move, f"{number}.png") for number in range(11)]
        self.work()
        self.assertSynced(move)
        self.assertEqual(len(self.files(move)), 10)
        self.assertEqual(self.link_in("Attachments", files[10]).error_code, "files_too_many")

    def test_what_a_bookkeeper_put_there_counts_too(self):
        move = self.invoice()
        self.work()
        path = f"Invoices/{self.link(move).xero_id}/Attachments"
        for number in range(10):
            self.sim.books("NZ", f"{path}/theirs{number}.txt", "POST", b"theirs")
        file = self.attach(move)
        self.work()
        self.assertEqual(self.link_in("Attachments", file).error_code, "files_too_many")

    def test_lost_answer_is_made_good_by_sending_again(self):
        move = self.invoice()
        self.work()
        file = self.attach(move)
        self.sim.fault("drop_after", match={"path": "/Attachments"}, times=2)
        self.work()
        self.assertEqual(self.link_in("Attachments", file).outcome, "in_doubt")
        self.organisation.write({"parked_until": False})
        self.env["xero.request"].search([("state", "=", "recorded")]).sent_at = "2026-01-01 00:00:00"
        self.work()
        self.assertEqual(self.link_in("Attachments", file).outcome, "synced")
        self.assertEqual(self.names(move), ["receipt.png"])

    def test_request_keeps_no_content(self):
        move = self.invoice()
        file = self.attach(move, "secret.txt", b"the secret recipe")
        self.work()
        request = self.link_in("Attachments", file).request_ids
        self.assertEqual(len(request), 1)
        self.assertNotIn("recipe", f"{request.body} {request.answer}")

    def test_missing_scope_holds_the_files_alone(self):
        move = self.invoice()
        file = self.attach(move)
        problem = {"status": 401, "message": "AuthorizationUnsuccessful"}
        self.sim.fault("status", match={"path": "/Attachments"}, times=None, **problem)
        self.work()
        self.assertSynced(move)
        link = self.link_in("Attachments", file)
        self.assertEqual((link.outcome, link.error_code), ("held", "files_not_granted"))
        self.assertFalse(self.organisation.error_code)

    def test_off_sends_none(self):
        self.directions(attachments="off")
        move = self.invoice()
        self.attach(move)
        self.work()
        self.assertFalse(self.files(move))
        self.assertFalse(self.changes())

    def test_files_of_others_cost_no_query(self):
        partner = self.customer()
        self.env.flush_all()
        files = self.attach(partner, "a.png") + self.attach(partner, "b.png")
        files.mapped("res_model")
        with self.assertQueryCount(0):
            files._xero_note_files()

    def test_file_of_a_draft_waits_for_nothing(self):
        move = self.invoice(post=False)
        self.attach(move)
        self.assertFalse(self.changes().filtered(lambda change: change.resource == "Attachments"))

    def test_document_that_is_made_anew_takes_its_files_along(self):
        move = self.bill()
        self.attach(move)
        self.work()
        self.sim.books("NZ", "Invoices", "POST", {"InvoiceID": self.link(move).xero_id, "Status": "VOIDED"})
        self.link(move).write({"xero_status": "VOIDED", "digest": False, "version": False})
        move.ref = "S-2"
        self.work()
        self.assertSynced(move)
        self.assertEqual(self.names(move), ["receipt.png"])

    def test_file_that_a_bookkeeper_put_there_is_not_replaced_by_one_of_the_same_name(self):
        move = self.invoice()
        self.work()
        link = self.link(move)
        path = f"Invoices/{link.xero_id}/Attachments"
        self.sim.books("NZ", f"{path}/receipt.png", "POST", b"theirs")
        link.synced_at = "2026-01-01"
        file = self.attach(move)
        self.work()
        self.assertEqual(self.names(move), [f"receipt ({file.id}).png", "receipt.png"])
        self.assertEqual({one["ContentLength"] for one in self.files(move)}, {len(b"theirs"), len(file.raw)})
        self.sim.clear_calls()
        file.raw = b"other content"
        self.work()
        self.assertEqual(self.sim.count_calls(), 1, "its own name is known")
        self.assertEqual(len(self.files(move)), 2)

    def test_file_of_a_life_that_was_forgotten_is_not_doubled(self):
        move = self.invoice()
        file = self.attach(move)
        self.work()
        self.link_in("Attachments", file).unlink()
        self.link(move).synced_at = "2026-01-01"
        self.env["xero.change"]._append(file)
        self.work()
        self.assertEqual(self.names(move), ["receipt.png"])
