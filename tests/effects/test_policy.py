"""No effect goes against the direction of its kind; where the policy says Ask, none comes before a person decides."""

from contextlib import contextmanager
from itertools import product

from odoo.tests import tagged

from ..expenses.common import PIXEL, SpendCommon
from .test_contacts import ContactCommon
from .test_credit import CreditCommon
from .test_reference import TrackedCommon

DOCUMENTS = {
    "out_invoice": "invoices", "in_invoice": "bills", "out_refund": "credit_notes", "in_refund": "credit_notes",
}  # fmt: skip
NOT_OUT, NOT_IN = ("off", "pull"), ("off", "push")


class PolicyMixin:
    @contextmanager
    def both(self, kind, direction):
        """Both ways at first, so that both sides agree; the block takes the direction itself."""
        with self.subTest(kind=kind, direction=direction):
            self.directions("both")
            yield

    def assertUntouchedThere(self):
        """Nothing was sent, not now and not in a further cycle."""
        self.work()
        self.assertFalse(self.writes())
        self.assertFalse(self.sim.calls(method="DELETE"))
        self.assertQuiet()


@tagged("post_install", "-at_install")
class TestDocumentPolicy(PolicyMixin, CreditCommon):
    def test_document_is_not_voided_against_its_direction(self):
        for (move_type, kind), direction in product(DOCUMENTS.items(), NOT_OUT):
            with self.both(kind, direction):
                move = self.document(move_type)
                self.directions(**{kind: direction})
                self.sim.clear_calls()
                move.button_cancel()
                self.assertUntouchedThere()
                self.assertEqual(self.there(move)["Status"], "AUTHORISED")

    def test_document_is_not_cancelled_against_its_direction(self):
        for (move_type, kind), direction in product(DOCUMENTS.items(), NOT_IN):
            with self.both(kind, direction):
                move = self.document(move_type)
                self.directions(**{kind: direction})
                self.change_there(self.document_link(move), Status="VOIDED")
                self.assertEqual(move.state, "posted")
                self.assertQuiet()

    def test_asked_nobody_voids_what_was_edited_there(self):
        for move_type, kind in DOCUMENTS.items():
            with self.subTest(kind):
                move = self.document(move_type)
                link = self.document_link(move)
                move.button_cancel()
                self.change_there(link, DueDate="2026-09-01")
                self.assertEqual((self.item(link)["Status"], move.state), ("AUTHORISED", "cancel"))
                self.assertFalse(self.writes())
                self.assertQuiet()
                row = self.difference(link)
                self.assertEqual(row.reason, "both_changed")
                self.assertIn("Status", [value["label"] for value in row.values])
                row.action_take_odoo()
                self.work()
                self.assertEqual((self.item(link)["Status"], link.outcome), ("VOIDED", "synced"))
                self.assertQuiet()

    def test_asked_nobody_cancels_what_was_edited_here(self):
        for move_type, kind in DOCUMENTS.items():
            with self.subTest(kind):
                move = self.document(move_type)
                link = self.document_link(move)
                move.invoice_line_ids.name = "Edited here"
                self.change_there(link, Status="VOIDED")
                self.assertEqual((self.item(link)["Status"], move.state), ("VOIDED", "posted"))
                self.assertFalse(self.writes())
                self.assertQuiet()
                row = self.difference(link)
                self.assertEqual(row.reason, "both_changed")
                row.action_take_xero()
                self.work()
                self.assertEqual((move.state, link.outcome), ("cancel", "synced"))
                self.assertQuiet()

    def test_payment_is_not_deleted_against_its_direction(self):
        for direction in NOT_OUT:
            with self.both("payments", direction):
                move = self.document("out_invoice")
                payment, link = self.paid(move)
                self.directions(payments=direction)
                self.sim.clear_calls()
                payment.action_cancel()
                self.assertUntouchedThere()
                self.assertEqual((self.item(link)["Status"], self.due(move)), ("AUTHORISED", (0, 100)))
                self.assertEqual(self.waiting(link), ("gone", link.error_message))
                self.directions("both")
                self.change_there(link, Status="DELETED")
                self.assertFalse(self.waiting(link), "it has ended on both sides")

    def test_payment_is_not_cancelled_against_its_direction(self):
        for direction in NOT_IN:
            with self.both("payments", direction):
                move = self.document("out_invoice")
                payment, link = self.paid(move)
                self.directions(payments=direction)
                self.change_there(link, Status="DELETED")
                self.assertEqual((self.due(move), self.partials(move).exists().ids), ((100, 0), [link.res_id]))
                self.assertIn(payment.state, ("in_process", "paid"))
                self.assertQuiet()

    def test_money_on_account_does_not_end_against_its_direction(self):
        self.document("out_invoice")
        for direction in NOT_OUT:
            with self.both("payments", direction):
                link, payment = self.credit_here()
                self.directions(payments=direction)
                self.sim.clear_calls()
                payment.action_cancel()
                self.assertUntouchedThere()
                self.assertEqual(self.item(link)["Status"], "AUTHORISED")
        for direction in NOT_IN:
            with self.both("payments", direction):
                link, payment = self.credit_here()
                self.directions(payments=direction)
                self.void_there(link)
                self.work_again()
                self.assertIn(payment.state, ("in_process", "paid"))
                self.assertQuiet()

    def test_allocation_is_not_undone_against_its_direction(self):
        for direction in NOT_OUT:
            with self.both("credit_notes", direction):
                invoice, credit = self.document("out_invoice"), self.document("out_refund", 60)
                self.match(invoice, credit)
                self.work()
                self.directions(credit_notes=direction)
                self.sim.clear_calls()
                self.unmatch(invoice)
                self.assertUntouchedThere()
                self.assertEqual(self.allocations(self.document_link(credit)), [60])
        for direction in NOT_IN:
            with self.both("credit_notes", direction):
                invoice, credit = self.document("out_invoice"), self.document("out_refund", 60)
                path = self.allocate_there(self.document_link(credit), invoice, 60)
                self.directions(credit_notes=direction)
                self.sim.books("NZ", path, "DELETE")
                self.work_again()
                self.assertEqual((invoice.amount_residual, credit.amount_residual), (40, 0))
                self.assertQuiet()

    def test_file_that_is_deleted_here_stays_there_whatever_the_direction(self):
        move = self.document("out_invoice")
        path = f"Invoices/{self.document_link(move).xero_id}/Attachments"
        for direction in ("push", "off"):
            self.directions(attachments="push")
            file = self.env["ir.attachment"].create(
                {"name": f"{direction}.png", "raw": PIXEL, "res_model": "account.move", "res_id": move.id}
            )
            self.work()
            self.directions(attachments=direction)
            self.sim.clear_calls()
            file.unlink()
            self.assertUntouchedThere()
        names = [one["FileName"] for one in self.sim.books("NZ", path)["Attachments"]]
        self.assertEqual(names, ["push.png", "off.png"])

    def test_tax_that_ends_touches_no_rate_whatever_the_direction(self):
        for direction in ("off", "push", "pull", "both"):
            with self.both("taxes", direction):
                tax = self.tax15.copy({"name": f"GST {direction}"})
                self.map_tax(tax, "OUTPUT2")
                self.directions(taxes=direction)
                self.sim.clear_calls()
                tax.active = False
                self.assertUntouchedThere()
                tax.unlink()
                self.assertUntouchedThere()


@tagged("post_install", "-at_install")
class TestContactPolicy(PolicyMixin, ContactCommon):
    def test_contact_is_not_archived_against_its_direction(self):
        for direction in NOT_OUT:
            with self.both("contacts", direction):
                partner = self.customer(f"Here {direction}")
                self.sent(partner)
                self.directions(contacts=direction)
                self.sim.clear_calls()
                partner.active = False
                self.assertUntouchedThere()
                self.assertEqual(self.status(partner), "ACTIVE")
        for direction in NOT_IN:
            with self.both("contacts", direction):
                partner = self.customer(f"There {direction}")
                self.sent(partner)
                self.directions(contacts=direction)
                self.sim.organisation("NZ", archive_contact=partner.name)
                self.work_again()
                self.assertTrue(partner.active)
                self.assertQuiet()

    def test_asked_nobody_ends_a_partner_whose_contact_was_merged(self):
        other = self.customer("Acme Holdings")
        self.sent(other)
        ids = [self.link(partner).xero_id for partner in (self.acme, other)]
        self.sim.organisation("NZ", merge_contact={"source": ids[0], "target": ids[1]})
        self.work_again()
        row = self.difference(self.link(self.acme))
        self.assertEqual((row.reason, self.acme.active, other.active), ("ended", True, True))
        self.assertFalse(self.writes())
        self.assertQuiet()
        row.action_take_xero()
        self.work()
        self.assertEqual(self.link(self.acme).outcome, "synced")
        self.assertQuiet()


@tagged("post_install", "-at_install")
class TestTrackingPolicy(PolicyMixin, TrackedCommon):
    def test_option_is_not_archived_against_its_direction(self):
        for direction in NOT_OUT:
            with self.both("tracking", direction):
                self.directions(tracking=direction)
                self.sim.clear_calls()
                self.account_north.active = False
                self.assertUntouchedThere()
                self.assertEqual(self.option()["Status"], "ACTIVE")
                self.account_north.active = True
                self.work()

    def test_analytic_account_is_not_archived_against_its_direction(self):
        for direction in NOT_IN:
            with self.both("tracking", direction):
                self.directions(tracking=direction)
                self.change_option(Status="ARCHIVED")
                self.assertTrue(self.account_north.active)
                self.assertQuiet()
                self.change_option(Status="ACTIVE")

    def test_asked_nobody_archives_what_was_renamed_here(self):
        self.account_north.name = "Far North"
        self.change_option(Status="ARCHIVED")
        self.assertTrue(self.account_north.active)
        self.assertEqual((self.option()["Name"], self.option()["Status"]), ("North", "ARCHIVED"))
        self.assertQuiet()
        link = self.links(self.account_north, "TrackingOptions")
        row = self.difference(link)
        self.assertEqual([value["label"] for value in row.values], ["Name", "Status"])
        row.action_take_xero()
        self.work()
        self.assertEqual((self.account_north.name, self.account_north.active), ("North", False))
        self.assertQuiet()


@tagged("post_install", "-at_install")
class TestExpensePolicy(SpendCommon):
    def test_expense_is_not_deleted_against_its_direction(self):
        payment = self.spend()
        self.work()
        self.directions(expenses="off")
        self.sim.clear_calls()
        payment.action_draft()
        payment.action_cancel()
        self.work()
        self.assertFalse(self.writes())
        [spent] = self.spent_in_xero()
        self.assertEqual(spent["Status"], "AUTHORISED")
        other = self.spend()
        self.directions(expenses="push")
        self.work()
        self.directions(expenses="off")
        self.sim.clear_calls()
        other.unlink()
        self.work()
        self.assertFalse(self.writes())
        self.assertFalse(self.changes())
