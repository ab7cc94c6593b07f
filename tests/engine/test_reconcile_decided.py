"""What a comparison found is decided, either way, or left out (S1.28): after it both sides agree."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .reconcile_common import ReconcileCommon


@tagged("post_install", "-at_install")
class TestReconcileDecided(ReconcileCommon):
    def test_missing_here_is_taken_over_or_left_out(self):
        for button, outcome in (("action_take_xero", "synced"), ("action_ignore", "exempt")):
            with self.subTest(button=button):
                self.organisation.auto_sync = False
                item = self.in_books("Invoices", **self.theirs(InvoiceNumber=f"INV-{button}"))
                self.sweep()
                row = self.rows(reason="missing_in_odoo")
                link = row.link_id
                self.assertEqual((row.name, row.odoo_text), (f"INV-{button}", "Not there"))
                self.assertEqual((link.outcome, link.error_code), ("conflict", "missing_in_odoo"))
                with self.raises(UserError):
                    row.action_take_odoo()
                getattr(row, button)()
                self.sim.clear_calls()
                self.work()
                self.assertFalse(self.writes())
                self.assertEqual(link.outcome, outcome, link.error_message)
                self.assertEqual(row.decided_by_id, self.env.user)
                move = self.of(item)[1]
                if outcome == "synced":
                    self.assertEqual(len(self.sim.calls(path="/Invoices")), 1)
                    self.assertEqual(move.name, item["InvoiceNumber"])
                    self.assertIn("differed", " ".join(move.message_ids.mapped("body")))
                self.organisation.auto_sync = True
                self.work_again()
                self.sweep()
                self.assertFalse(self.rows())
                self.assertEqual(bool(self.of(item)[1]), outcome == "synced")

    def test_missing_there_is_sent_or_left_out(self):
        for button in ("action_take_odoo", "action_ignore"):
            with self.subTest(button=button):
                move = self.invoice(self.partner)
                self.changes().unlink()
                self.sweep()
                row = self.rows(reason="missing_in_xero")
                self.assertEqual((row.name, row.xero_text), (move.name, "Not there"))
                with self.raises(UserError):
                    row.action_take_xero()
                getattr(row, button)()
                self.work()
                if button == "action_take_odoo":
                    self.assertEqual(self.in_xero(move)["Total"], 115.0)
                    self.assertSynced(move)
                else:
                    self.assertEqual(move.xero_state, "exempt")
                    move.ref = "Changed"
                    self.work_again()
                    self.assertFalse(self.writes())
                self.sweep()
                self.assertFalse(self.rows())

    def test_document_that_xero_had_and_has_no_more_is_sent_again(self):
        """As after the reset of a demo company."""
        link = self.link(self.first)
        link.xero_id = "00000000-1111-2222-3333-444444444444"
        self.organisation.auto_sync = False
        self.in_books("Invoices", InvoiceID=self.in_xero(self.first)["InvoiceID"], InvoiceNumber="RENAMED")
        self.directions(invoices="push", bills="push")
        self.sweep()
        row = self.rows()
        self.assertEqual((row.reason, row.can_take_xero), ("missing_in_xero", True))
        row.action_take_xero()
        self.work()
        self.assertEqual((row.state, link.error_code), ("open", "gone_from_xero"))
        self.sweep()
        self.assertEqual(self.rows(), row)
        row.action_take_odoo()
        self.work()
        self.assertEqual((row.state, link.outcome), ("decided", "synced"), link.error_message)
        self.assertEqual(self.in_xero(self.first)["InvoiceID"], link.xero_id)

    def test_voided_on_one_side_is_decided_either_way(self):
        voided = self.invoice(self.partner)
        self.work()
        self.apart(voided, Status="VOIDED")
        self.sweep()
        row = self.rows()
        self.assertEqual((row.reason, row.values[0]["xero"]), ("ended", "VOIDED"))
        row.action_take_xero()
        self.work()
        self.assertEqual((voided.state, row.state), ("cancel", "decided"))
        self.sweep()
        self.assertFalse(self.rows())

    def test_cancelled_here_and_living_there_is_voided_there(self):
        self.first.with_context(xero_taking_in=self.organisation.id).button_cancel()
        self.work()
        self.sweep()
        row = self.rows()
        self.assertEqual(row.reason, "ended")
        row.action_take_odoo()
        self.work()
        self.assertEqual(self.in_xero(self.first)["Status"], "VOIDED")
        self.sweep()
        self.assertFalse(self.rows())

    def test_take_odoo_sends_the_values_again_and_take_xero_brings_them(self):
        for button, total in (("action_take_odoo", 115.0), ("action_take_xero", 11.5)):
            with self.subTest(button=button):
                move = self.invoice(self.partner, [self.line(account_id=self.income.id)])
                self.work()
                self.apart(move, LineItems=[self.their_line(Quantity=1, UnitAmount=10)])
                self.sweep()
                getattr(self.rows(), button)()
                self.work()
                self.assertEqual((move.amount_total, self.in_xero(move)["Total"]), (total, total))
                self.sweep()
                self.assertFalse(self.rows())
                self.work_again()
                self.assertFalse(self.writes())

    def test_edit_after_payment_that_xero_refuses_stands_side_by_side(self):
        """What Xero still allows is sent; what it does not is a difference with both values (issue 3, §1)."""
        link = self.link(self.first)
        self.sim.books("NZ", "Payments", "PUT", {
            "Invoice": {"InvoiceID": link.xero_id}, "Account": {"Code": "090"}, "Date": "2026-06-05", "Amount": 15,
        })  # fmt: skip
        self.directions("push")
        self.first.button_draft()
        self.first.invoice_line_ids.price_unit = 50
        self.first.action_post()
        self.work()
        row = self.rows()
        self.assertEqual((row.reason, link.outcome, row.state), ("not_changeable", "conflict", "open"))
        self.assertIn({"label": "Total", "odoo": "57.50", "xero": "115.00"}, row.values)
        self.assertEqual(link.cure, "action_open_difference")
        row.action_take_xero()
        self.work()
        self.assertEqual((self.first.amount_total, link.outcome), (115.0, "synced"))

    def edited_after_a_comparison(self, button, auto_sync=True):
        """Somebody decides what a comparison found, after an edit that it does not show.

        :return: the document, the row
        """
        move = self.invoice(self.partner, [self.line(account_id=self.income.id)], ref="First")
        self.work()
        self.apart(move, LineItems=[self.their_line(Quantity=1, UnitAmount=10)])
        self.sweep()
        self.organisation.auto_sync = auto_sync
        row = self.rows(link_id=self.link(move).id)
        move.ref = "Edited"
        getattr(row, button)()
        self.sim.clear_calls()
        self.work()
        return move, row

    def test_edit_after_a_comparison_is_shown_before_anything_goes_over_it(self):
        for button, said, total in (
            ("action_take_odoo", ("Edited", "Edited"), (115.0, 115.0)),
            ("action_take_xero", ("First", "First"), (11.5, 11.5)),
            ("action_ignore", ("Edited", "First"), (115.0, 11.5)),
        ):
            for auto_sync in (True, False):
                with self.subTest(button=button, auto_sync=auto_sync):
                    move, row = self.edited_after_a_comparison(button, auto_sync)
                    self.assertEqual((row.state, row.overtaken, row.pending), ("open", True, False))
                    self.assertFalse(self.writes())
                    self.assertEqual((move.ref, self.in_xero(move)["Reference"]), ("Edited", "First"))
                    self.assertIn("Reference: Edited", row.odoo_text)
                    self.assertIn("Reference: First", row.xero_text)
                    getattr(row, button)()
                    self.work()
                    self.assertEqual(row.state, "ignored" if button == "action_ignore" else "decided")
                    self.organisation.auto_sync = True
                    self.work_again()
                    self.assertFalse(self.writes())
                    self.assertEqual((move.ref, self.in_xero(move)["Reference"]), said)
                    self.assertEqual((move.amount_total, self.in_xero(move)["Total"]), total)

    def test_edit_after_a_comparison_goes_first_where_nobody_is_asked(self):
        for button in ("action_take_xero", "action_ignore"):
            with self.subTest(button=button):
                self.wins("odoo")
                move, row = self.edited_after_a_comparison(button)
                there = self.in_xero(move)
                self.assertEqual((move.ref, there["Reference"], row.state), ("Edited", "Edited", "vanished"))
                self.assertEqual((move.amount_total, there["Total"]), (115.0, 115.0))

    def test_edit_that_was_stopped_after_a_comparison_is_not_agreed_by_ignoring(self):
        self.apart(self.first, LineItems=[self.their_line(Quantity=1, UnitAmount=10)])
        self.sweep()
        row, link = self.rows(reason="values"), self.link(self.first)
        self.organisation.period_lock_date = "2026-06-30"
        self.first.ref = "Edited"
        self.work()
        self.assertStopped(self.first, "locked_period", "held")
        row.action_ignore()
        self.work()
        self.assertEqual((row.state, row.overtaken, link.outcome), ("open", True, "conflict"))
        self.assertIn("Reference: Edited", row.odoo_text)

    def test_edit_after_a_refusal_is_tried_before_ignoring_counts(self):
        link = self.link(self.first)
        self.sim.books("NZ", "Payments", "PUT", {
            "Invoice": {"InvoiceID": link.xero_id}, "Account": {"Code": "090"}, "Date": "2026-06-05", "Amount": 15,
        })  # fmt: skip
        self.directions("push")
        self.first.button_draft()
        self.first.invoice_line_ids.price_unit = 50
        self.first.action_post()
        self.work()
        row = self.rows(reason="not_changeable")
        self.first.ref = "Later"
        row.action_ignore()
        self.work()
        self.assertEqual((row.state, row.overtaken, link.outcome), ("open", True, "conflict"))
        self.assertIn("Reference: Later", row.odoo_text)
        row.action_ignore()
        self.work()
        self.assertEqual((row.state, link.outcome), ("ignored", "synced"))

    def test_exempt_holds_in_both_directions_until_it_is_put_back(self):
        link = self.link(self.first)
        self.env["xero.link"]._decide(link._targets(), "exempt", {"reason": "A test"})
        self.work()
        self.in_books("Invoices", InvoiceID=link.xero_id, Reference="Theirs")
        self.first.invoice_date_due = "2026-08-01"
        self.work_again()
        self.assertFalse(self.writes())
        self.assertFalse(self.first.ref)
        self.sweep()
        self.assertFalse(self.rows())
        self.assertEqual(self.first.xero_message, "Taken out of the sync: A test")
        self.assertIn("A test", self.first.message_ids[0].body)
        self.assertEqual(self.first.message_ids[0].author_id, self.env.user.partner_id)
        link.action_include()
        self.work()
        self.assertEqual((link.outcome, link.error_code), ("conflict", "both_changed"), "ours must not go over theirs")
        self.assertEqual({value["label"] for value in self.rows().values}, {"Reference", "DueDate"})

    def test_what_waits_from_xero_can_be_taken_out_and_put_back(self):
        item = self.in_books("Invoices", **self.theirs(lines=[self.their_line(AccountCode="260")]))
        unmapped = [self.their_line(AccountCode="260")]
        other = self.in_books("Invoices", **self.theirs(InvoiceNumber="X-2", lines=unmapped))
        self.work_again()
        work = self.env["xero.work.item"].search([("link_id", "=", self.of(item)[0].id)])
        wizard = self.env["xero.exempt"].create({"reason": "Not ours", "targets": work._targets()})
        self.assertEqual((wizard.record_count, wizard.record_names), (1, "INV-0042"))
        wizard.action_confirm()
        self.work()
        link = self.of(item)[0]
        self.assertEqual((link.outcome, self.of(other)[0].outcome), ("exempt", "held"))
        self.map_account(self.income.copy({"code": "400260", "name": "Other"}), "260")
        self.work_again()
        self.assertEqual((bool(self.of(item)[1]), self.of(other)[1].name), (False, "X-2"))
        link.action_include()
        self.work()
        self.assertEqual(self.of(item)[1].name, "INV-0042")
