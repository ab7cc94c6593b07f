"""Xero gives the number of a sales document once, also when that document was voided: who may have it, and when."""

from odoo.tests import tagged

from odoo.addons.xero_integration.models.xero_organisation_worker import XeroRun

from ..common import XeroHttpCommon
from .common import EngineCommon


@tagged("post_install", "-at_install")
class TestNumbers(EngineCommon):
    def cancel(self, move):
        move.button_draft()
        move.button_cancel()

    def renumber(self, move, name):
        if move.state == "posted":
            move.button_draft()
        move.name = name
        move.action_post()

    def invoices(self, count):
        moves = self.env["account.move"].concat(*[self.invoice(self.customer(f"C {n}")) for n in range(count)])
        self.work()
        self.assertSynced(*moves)
        self.sim.clear_calls()
        return moves

    def resequence(self, moves, first_name, ordering="keep"):
        """Odoo's own wizard."""
        wizard = self.env["account.resequence.wizard"].with_context(
            active_ids=moves.ids, active_model="account.move").create({"ordering": ordering, "first_name": first_name})
        wizard.resequence()

    def work_one_by_one(self):
        run = XeroRun()
        for _step in self.organisation._sync_steps(run):
            run.limit = 1
            self.env.flush_all()
            self.env.invalidate_all()

    def test_voided_number_is_not_asked_for_again(self):
        move = self.invoices(1)
        number = move.name
        self.cancel(move)
        self.work()
        self.sim.clear_calls()
        move.button_draft()
        move.action_post()
        self.work()
        self.assertEqual(move.name, number)
        self.assertStopped(move, "number_voided", "held")
        self.assertEqual(self.sim.count_calls(), 0)
        self.renumber(move, "INV/2026/00777")
        self.work()
        self.assertSynced(move)
        self.assertEqual(self.in_xero(move)["Status"], "AUTHORISED")

    def test_number_of_a_deleted_draft_is_free_again(self):
        self.organisation.invoice_status = "DRAFT"
        move = self.invoices(1)
        deleted = self.link(move).xero_id
        self.cancel(move)
        self.work()
        move.button_draft()
        move.action_post()
        self.work()
        self.assertSynced(move)
        self.assertNotEqual(self.in_xero(move)["InvoiceID"], deleted)

    def test_edit_to_a_voided_number_says_whose_it_was(self):
        voided, other = self.invoices(2)
        number = voided.name
        self.cancel(voided)
        self.work()
        voided.button_draft()
        voided.name = "X/1"
        self.renumber(other, number)
        self.work()
        self.assertStopped(other, "number_voided", "held")

    def test_number_that_another_invoice_gives_up_goes_to_a_new_one_in_the_same_run(self):
        old = self.invoices(1)
        number = old.name
        self.renumber(old, "R/1")
        new = self.invoice(self.customer("New"), post=False)
        new.name = number
        new.action_post()
        self.work()
        self.assertSynced(old, new)
        self.assertEqual((self.in_xero(old)["InvoiceID"], self.in_xero(new)["InvoiceID"]),
                         (self.link(old).xero_id, self.link(new).xero_id))

    def test_numbers_shifted_by_one_take_one_call(self):
        moves = self.invoices(4)
        self.resequence(moves, moves[1].name)
        self.work()
        self.assertSynced(*moves)
        self.assertEqual([len(call["json"]["Invoices"]) for call in self.writes()], [4])
        for move in moves:
            self.assertEqual(self.in_xero(move)["InvoiceID"], self.link(move).xero_id)

    def test_numbers_shifted_by_one_wait_for_each_other_across_calls(self):
        moves = self.invoices(4)
        self.resequence(moves, moves[1].name)
        self.work_one_by_one()
        self.assertSynced(*moves)
        for move in moves:
            self.assertEqual(self.in_xero(move)["InvoiceID"], self.link(move).xero_id)

    def test_invoice_says_whose_new_number_it_waits_for(self):
        first, second = self.invoices(2)
        self.organisation.period_lock_date = "2026-06-15"
        number = second.name
        self.renumber(second, "R/2")
        first.button_draft()
        first.invoice_date = "2026-06-30"
        self.renumber(first, number)
        self.work()
        self.assertStopped(second, "locked_period", "held")
        self.assertStopped(first, "number_first", "waiting")
        self.assertEqual(self.link(first).action_open_waiting_for()["res_id"], second.id)
        self.organisation.period_lock_date = False
        self.organisation._remap()
        self.work()
        self.assertSynced(first, second)

    def test_two_that_want_each_other_s_number_go_to_a_person(self):
        first, second = self.invoices(2)
        one, two = first.name, second.name
        (first + second).button_draft()
        first.name = False
        second.name, first.name = one, two
        (first + second).action_post()
        self.work()
        stopped = self.link(first) + self.link(second)
        self.assertEqual(set(stopped.mapped("error_code")), {"number_first", "number_of_other"})
        self.renumber(first, "R/1")
        self.work()
        self.assertSynced(first, second)

    def test_number_of_a_deleted_invoice_goes_to_a_person(self):
        move = self.invoices(1)
        number = move.name
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        self.work()
        again = self.invoice(post=False)
        again.name = number
        again.action_post()
        self.work()
        self.assertStopped(again, "number_of_other", "held")
        self.assertEqual(self.in_xero(again)["Contact"]["Name"], "C 0", "what is there was left alone")

    def test_lost_invoice_of_another_contact_is_not_adopted(self):
        """A restored database gives its next invoice the number and the id of one that Xero still has"""
        move = self.invoices(1)
        self.link(move).unlink()
        move.button_draft()
        move.partner_id = self.customer("Somebody else")
        move.action_post()
        self.work()
        self.assertStopped(move, "number_of_lost", "held")
        self.assertEqual(self.in_xero(move)["Contact"]["Name"], "C 0")

    def test_invoice_of_another_database_is_not_adopted(self):
        move = self.invoices(1)
        self.link(move).unlink()
        mark = self.env["xero.resource"]._database_mark()
        theirs = self.in_xero(move)
        url = theirs["Url"].replace(mark, "another0")
        self.sim.books("NZ", "Invoices", "POST", {"Invoices": [{"InvoiceID": theirs["InvoiceID"], "Url": url}]})
        self.env["xero.change"]._append(move)
        self.work()
        self.assertStopped(move, "number_taken", "held")

    def test_look_at_a_number_that_a_limit_stopped_is_repeated(self):
        move = self.invoices(1)
        self.link(move).unlink()
        self.env["xero.change"]._append(move)
        self.sim.fault("status", status=429, problem="minute", match={"path": "/Invoices", "method": "GET"}, times=1)
        self.work()
        self.assertTrue(self.link(move).next_attempt)
        self.organisation.parked_until = False
        self.work()
        self.assertSynced(move)


@tagged("post_install", "-at_install")
class TestWayBack(XeroHttpCommon):
    def test_address_with_our_mark_leads_to_the_invoice(self):
        move = self.init_invoice("out_invoice", amounts=[100], post=True)
        source = self.env["xero.resource"]._database_mark()
        self.make_user("bookkeeper", "base.group_user,account.group_account_invoice")
        self.authenticate("bookkeeper", "bookkeeper")
        answer = self.url_open(f"/mail/view?model=account.move&res_id={move.id}&origin={source}", allow_redirects=False)
        self.assertIn(f"/odoo/account.move/{move.id}", answer.headers["Location"])
