"""What a person decides counts for what the person saw, and until it is done (issue 3, §2)."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.xero_integration.models import resource_decisions

from .reconcile_common import ReconcileCommon


@tagged("post_install", "-at_install")
class TestDecisions(ReconcileCommon):
    def both_changed(self):
        self.in_books("Invoices", InvoiceID=self.link(self.first).xero_id, Reference="Theirs")
        self.first.ref = "Ours"
        self.work_again()
        row = self.rows(reason="both_changed")
        self.assertTrue(row)
        return row

    def test_row_follows_what_odoo_says_meanwhile(self):
        row = self.both_changed()
        self.first.ref = "Newer"
        self.work_again()
        self.assertEqual((row.state, row.odoo_text, row.xero_text), ("open", "Reference: Newer", "Reference: Theirs"))
        self.first.ref = "Theirs"
        self.work_again()
        self.assertEqual((row.state, self.link(self.first).outcome), ("vanished", "synced"), "they agree by now")
        self.assertFalse(self.writes())

    def assertOvertaken(self, button):
        row = self.both_changed()
        getattr(row, button)()
        self.first.ref = "Newer"
        self.work_again()
        self.assertEqual((row.state, row.overtaken, row.pending), ("open", True, False))
        self.assertIn("Newer", row.odoo_text)
        self.assertEqual((self.first.ref, self.in_xero(self.first)["Reference"]), ("Newer", "Theirs"))
        row.action_take_xero()
        self.work_again()
        self.assertEqual((row.state, row.overtaken, self.first.ref), ("decided", False, "Theirs"))
        self.assertFalse(self.writes())

    def test_take_odoo_about_other_values_does_not_count(self):
        self.assertOvertaken("action_take_odoo")

    def test_take_xero_about_other_values_does_not_count(self):
        self.assertOvertaken("action_take_xero")

    def test_ignore_about_other_values_does_not_count(self):
        self.assertOvertaken("action_ignore")

    def test_what_was_ignored_is_new_after_they_agreed(self):
        row = self.both_changed()
        row.action_ignore()
        self.work_again()
        self.work_again()
        self.assertEqual((row.state, self.rows().ids), ("ignored", []))
        self.in_books("Invoices", InvoiceID=self.link(self.first).xero_id, Reference="Same")
        self.work_again()
        self.assertEqual((self.first.ref, row.state, row.decision), ("Same", "vanished", "ignore"))
        self.assertNotEqual(self.both_changed(), row)

    def test_retry_forgets_no_word_that_waits_for_a_mapping(self):
        link = self.link(self.first)
        self.in_books("Invoices", InvoiceID=link.xero_id, Reference="Theirs",
                      LineItems=[self.their_line(AccountCode="260")])  # fmt: skip
        self.first.ref = "Ours"
        self.work_again()
        self.rows(reason="both_changed").action_take_xero()
        self.work()
        for retry in (self.first.action_xero_retry, link.action_retry):
            notice = retry()
            self.assertEqual(notice["params"]["message"], "1 queued for Xero.")
            self.assertEqual(self.changes().mapped("kind"), ["retry"])
            self.work()
            self.assertEqual((link.outcome, self.changes().ids), ("held", []))
        self.map_account(self.income.copy({"code": "400260"}), "260")
        self.work()
        self.assertEqual((self.first.ref, self.rows().ids), ("Theirs", []))

    def test_retry_shows_what_both_say_now_also_while_auto_sync_is_off(self):
        row, link = self.both_changed(), self.link(self.first)
        self.organisation.auto_sync = False
        for number, retry in enumerate((self.first.action_xero_retry, link.action_retry)):
            self.first.ref = f"Ours {number}"
            self.in_books("Invoices", InvoiceID=link.xero_id, Reference=f"Theirs {number}")
            retry()
            self.work_again()
            said = (f"Reference: Ours {number}", f"Reference: Theirs {number}")
            self.assertEqual((row.odoo_text, row.xero_text), said)
            self.assertFalse(self.writes())

    def test_bug_in_a_decision_stops_its_document_alone(self):
        row, link = self.both_changed(), self.link(self.first)
        other = self.invoice(self.partner)
        row.action_take_odoo()
        with (
            patch.object(resource_decisions.XeroResource, "_take_odoo", side_effect=KeyError("a bug of ours")),
            mute_logger("odoo.addons.xero_integration.models.xero_organisation_worker"),
        ):
            self.organisation.cron_id.method_direct_trigger()
        self.env.invalidate_all()
        self.assertStopped(self.first, "internal_error", "failed")
        self.assertSynced(other)
        self.assertEqual((self.organisation.parked_until, self.changes().ids), (False, []))
        link.action_retry()
        self.work()
        self.rows(reason="both_changed").action_take_odoo()
        self.work()
        self.assertSynced(self.first)
        self.assertEqual(self.in_xero(self.first)["Reference"], "Ours")

    def test_bug_in_a_decision_about_what_a_comparison_found_leaves_it_open(self):
        self.apart(self.first, LineItems=[self.their_line(Quantity=1, UnitAmount=10)])
        self.sweep()
        row = self.rows(reason="values")
        row.action_take_xero()
        with (
            patch.object(resource_decisions.XeroResource, "_take_xero", side_effect=KeyError("a bug of ours")),
            mute_logger("odoo.addons.xero_integration.models.xero_organisation_worker"),
        ):
            self.organisation.cron_id.method_direct_trigger()
        self.env.invalidate_all()
        self.assertStopped(self.first, "internal_error", "failed")
        self.assertEqual((row.state, row.pending, self.organisation.parked_until), ("open", False, False))
        row.action_take_xero()
        self.work()
        self.assertSynced(self.first)
        self.assertEqual((row.state, self.first.amount_total), ("decided", 11.5))

    def test_take_xero_holds_while_a_mapping_is_missing(self):
        unmapped = [self.their_line(AccountCode="260")]
        link = self.link(self.first)
        for changed_again in (False, True):
            with self.subTest(changed_again=changed_again):
                self.in_books("Invoices", InvoiceID=link.xero_id, Reference=f"Theirs {changed_again}",
                              LineItems=unmapped)  # fmt: skip
                self.first.ref = "Ours"
                self.work_again()
                self.rows(reason="both_changed").action_take_xero()
                self.work_again()
                self.assertEqual(link.outcome, "held")
                if changed_again:
                    self.first.ref = "Newer"
                    self.work_again()
                mapping = self.map_account(self.income.copy({"code": f"40026{changed_again:d}"}), "260")
                self.work_again()
                if changed_again:
                    self.assertEqual(self.rows().reason, "both_changed", "the word was about what stood here before")
                else:
                    self.assertEqual((self.first.ref, self.rows().ids), ("Theirs False", []))
                    self.in_books("Invoices", InvoiceID=link.xero_id, LineItems=[self.their_line()])
                    self.work_again()
                    mapping.unlink()
