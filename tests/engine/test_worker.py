"""The worker: when it runs, when it stops, whose documents it takes, and that one bug stops one record."""

import contextlib
from datetime import date, timedelta
from unittest.mock import patch

import psycopg2.errors

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.xero_integration.models import resource_documents, resource_itemised
from odoo.addons.xero_integration.models.xero_organisation_worker import XeroRun

from .common import EngineCommon


@tagged("post_install", "-at_install")
class TestWorker(EngineCommon):
    def run_cron(self):
        self.organisation.cron_id.method_direct_trigger()
        self.env.invalidate_all()

    def test_posting_appends_one_change_and_wakes_the_worker(self):
        """S1.27: posting only appends"""
        self.env["ir.cron.trigger"].search([]).unlink()
        move = self.invoice()
        self.assertEqual(self.changes().mapped("res_id"), [move.id])
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", self.organisation.cron_id.id)]))
        self.assertEqual(self.sim.count_calls(), 0)

    def test_posting_in_a_transaction_that_fails_appends_nothing(self):
        move = self.invoice(post=False)
        with contextlib.suppress(ZeroDivisionError), self.env.cr.savepoint():
            move.action_post()
            raise ZeroDivisionError
        self.assertFalse(self.changes())

    def test_cron_brings_an_invoice_across_with_its_commits(self):
        move = self.invoice()
        self.run_cron()
        self.assertSynced(move)

    def test_bug_in_one_record_stops_that_record_alone(self):
        moves = [self.invoice(self.customer(f"Customer {n}")) for n in range(7)]
        original = resource_documents.XeroResourceDocuments._encode_one

        def encode(handler, organisation, move, link, source):
            if move == moves[3]:
                raise KeyError("a bug of ours")
            return original(handler, organisation, move, link, source)

        with (
            patch.object(resource_documents.XeroResourceDocuments, "_encode_one", encode),
            mute_logger("odoo.addons.xero_integration.models.xero_organisation_worker"),
        ):
            self.run_cron()
        self.assertStopped(moves[3], "internal_error", "failed")
        self.assertSynced(*(moves[:3] + moves[4:]))
        self.env["xero.change"]._append(moves[3], "retry")
        self.run_cron()
        self.assertSynced(moves[3])

    def check_bug_in_an_answer(self, age):
        """A bug while an answer is stored strikes again whenever the request is settled: only its record may stop."""
        moves = [self.invoice(self.customer(f"Customer {n}")) for n in range(5)]
        original = resource_itemised.XeroResourceItemised._agreed_values

        def agreed(handler, note, item):
            if note["res_id"] == moves[2].id:
                raise KeyError("a bug of ours")
            return original(handler, note, item)

        if age:
            self.sim.fault("drop_after", match={"path": "/Invoices", "method": "PUT"}, times=2)
            self.run_cron()
            self.env["xero.request"].search([("state", "=", "recorded")]).sent_at -= age
            self.organisation.parked_until = False
        with (
            patch.object(resource_itemised.XeroResourceItemised, "_agreed_values", agreed),
            mute_logger("odoo.addons.xero_integration.models.xero_organisation_worker"),
        ):
            self.run_cron()
        self.assertStopped(moves[2], "internal_error", "failed")
        self.assertSynced(*(moves[:2] + moves[3:]))
        self.assertFalse(self.organisation.parked_until)
        self.assertFalse(self.env["xero.request"].search([("state", "=", "recorded")]))
        self.env["xero.change"]._append(moves[2], "retry")
        self.run_cron()
        self.assertSynced(*moves)
        for move in moves:
            self.in_xero(move)

    def test_bug_in_an_answer_stops_its_record_alone(self):
        self.check_bug_in_an_answer(None)

    def test_bug_in_a_look_up_stops_its_record_alone(self):
        self.check_bug_in_an_answer(timedelta(minutes=10))

    def test_call_that_xero_cannot_read_is_taken_apart_until_the_culprit_stands_alone(self):
        moves = [self.invoice(self.customer(f"Customer {n}")) for n in range(9)]
        original = resource_documents.invoice_codec.build

        def build(invoice):
            built = original(invoice)
            if invoice.number == moves[5].name:
                built.payload["LineItems"][0]["Quantity"] = "a bug of ours that Xero cannot read"
            return built

        with patch.object(resource_documents.invoice_codec, "build", build):
            self.work()
        self.assertStopped(moves[5], "refused", "failed")
        self.assertSynced(*(moves[:5] + moves[6:]))
        self.sim.judge(meant="'a bug of ours that Xero cannot read' is not of type 'number'")

    def test_auto_sync_off_sends_only_what_a_person_asked_for(self):
        """S4.16"""
        self.organisation.auto_sync = False
        asked, other = self.invoice(self.customer("Asked")), self.invoice(self.customer("Other"))
        self.work()
        self.assertFalse(self.writes())
        self.env["xero.change"]._append(asked, "retry", by_hand=True)
        self.work()
        self.assertSynced(asked, asked.partner_id)
        self.assertFalse(self.link(other))
        self.organisation.auto_sync = True
        self.work()
        self.assertSynced(other)

    def test_disconnected_organisation_keeps_its_queue_and_resumes(self):
        """S1.39 S1.40 S1.41"""
        self.organisation.state = "disconnected"
        move = self.invoice()
        self.work()
        self.assertEqual((len(self.changes()), self.sim.count_calls()), (1, 0))
        self.organisation.state = "connected"
        self.work()
        self.assertSynced(move)

    def test_disconnected_in_mid_run_starts_nothing_later(self):
        """S1.39: creates and updates of one batch are two calls; whichever commit the disconnect falls behind"""
        old = self.invoice()
        self.work()
        for steps_before in range(1, 5):
            old.ref = f"PO {steps_before}"
            new = self.invoice(old.partner_id)
            self.sim.clear_calls()
            for number, _done in enumerate(self.organisation._sync_steps(XeroRun()), 1):
                if number == steps_before:
                    self.organisation.state = "disconnected"
                    before = len(self.writes())
            self.assertEqual(len(self.writes()), before, f"disconnected after step {steps_before}")
            self.organisation.state = "connected"
            self.work()
            self.assertSynced(old, new)
            self.assertEqual(self.in_xero(old)["Reference"], old.ref)

    def test_expired_token_is_renewed_once_and_work_goes_on(self):
        move = self.invoice()
        self.sim.fault("expire_token", match={"path": "/Invoices"}, times=1)
        self.work()
        self.assertSynced(move)
        self.in_xero(move)

    def test_exempt_record_is_left_alone_until_it_is_put_back(self):
        move = self.invoice()
        self.env["xero.change"]._append(move, "exempt", data={"reason": "Paid in cash, booked by hand"})
        self.work()
        self.assertEqual(self.link(move).outcome, "exempt")
        move.ref = "changed"
        self.work()
        self.assertFalse(self.writes("Invoices"))
        self.env["xero.change"]._append(move, "include")
        self.work()
        self.assertSynced(move)

    def test_locked_period_is_stopped_before_a_call(self):
        self.organisation.period_lock_date = date(2026, 6, 30)
        move = self.invoice()
        self.work()
        self.assertStopped(move, "locked_period", "held")
        self.assertFalse(self.writes("Invoices"))

    def test_another_base_currency_is_stopped_before_a_call(self):
        self.organisation.base_currency = "AUD"
        move = self.invoice()
        self.work()
        self.assertStopped(move, "base_currency_differs", "held")

    def test_held_by_a_mapping_goes_again_when_a_mapping_changes(self):
        self.organisation.period_lock_date = date(2026, 6, 30)
        move = self.invoice()
        self.work()
        self.organisation.period_lock_date = False
        self.organisation._remap()
        self.work()
        self.assertSynced(move)

    def second_journal(self):
        sales = self.company_data["default_journal_sale"]
        return sales.copy({"name": "Second sales", "code": "SAL2", "default_account_id": sales.default_account_id.id})

    def second_organisation(self, journal):
        """Of the same company, for the documents of ``journal`` alone."""
        second = self.organisation.copy(
            {
                "name": "Second", "tenant_id": "22222222-2222-4222-8222-222222222222", "auto_sync": False,
                "journal_ids": [fields.Command.set(journal.ids)],
            }
        )  # fmt: skip
        second.state = "connected"
        return second

    def test_journal_that_an_organisation_names_is_its_alone(self):
        """S4.17"""
        journal = self.second_journal()
        second = self.second_organisation(journal)
        mine, theirs = self.invoice(self.customer("Mine")), self.invoice(self.customer("Theirs"), journal_id=journal.id)
        by_record = {
            change.res_id: change.organisation_id
            for change in self.env["xero.change"].search([("resource", "=", "Invoices")])
        }
        self.assertEqual(by_record, {mine.id: self.organisation, theirs.id: second})

    def test_invoice_stays_in_the_books_it_stands_in_when_its_journal_goes_to_others(self):
        """S4.17: none twice, also not in two organisations"""
        journal = self.second_journal()
        edited, cancelled, voided = (self.invoice(self.customer(f"C {n}"), journal_id=journal.id) for n in range(3))
        self.work()
        voided.button_draft()
        voided.button_cancel()
        self.work()
        second = self.second_organisation(journal)
        edited.ref = "PO 9"
        (cancelled + voided).button_draft()
        cancelled.button_cancel()
        voided.action_post()
        self.assertEqual(self.env["xero.change"].search([("organisation_id", "=", second.id)]).res_id, voided.id)
        self.work()
        self.assertEqual((self.in_xero(edited)["Reference"], self.in_xero(cancelled)["Status"]), ("PO 9", "VOIDED"))
        both = self.invoice(self.customer("Both"), journal_id=self.second_journal().id)
        self.work()
        second.journal_ids += both.journal_id
        self.organisation.journal_ids = both.journal_id
        both.ref = "for both"
        changes = self.env["xero.change"].search([("res_id", "=", both.id), ("resource", "=", "Invoices")])
        self.assertEqual(changes.organisation_id, self.organisation + second, "somebody said that it goes to both")

    def test_posting_for_the_first_time_does_not_ask_where_it_stands(self):
        """S1.27: what a user waits for stays as it was"""
        journal = self.second_journal()
        self.second_organisation(journal)
        moves = self.invoice(post=False) + self.invoice(post=False, journal_id=journal.id)
        asked = []
        original = type(self.env["xero.link"]).search_fetch

        def search_fetch(model, domain, *args, **kwargs):
            asked.append(domain)
            return original(model, domain, *args, **kwargs)

        with patch.object(type(self.env["xero.link"]), "search_fetch", search_fetch):
            moves.action_post()
            self.assertFalse(asked)
            moves.ref = "PO 1"
            self.assertEqual(len(asked), 1, "one query for all of them")

    def test_pass_with_nothing_to_do_asks_few_questions(self):
        """Many organisations, quiet nights: each of the resources used to ask whether it had anything, five times"""
        self.directions("both")
        self.invoice()
        self.work_again()
        self.work()
        self.env["xero.cursor"].search([]).due_at = "2999-01-01"
        self.env.flush_all()
        with self.assertQueryCount(19):
            self.work()

    def test_company_without_an_organisation_appends_nothing(self):
        self.organisation.write({"state": "disconnected", "active": False})
        self.invoice()
        self.assertFalse(self.env["xero.change"].search([]))

    def test_used_up_minute_parks_before_xero_has_to_refuse(self):
        """S1.42"""
        self.sim.clock(advance=61)
        self.sim.limits(minute=2)
        moves = [self.invoice(self.customer(f"Customer {n}")) for n in range(3)]
        self.work()
        self.assertTrue(self.organisation.parked_until > fields.Datetime.now())
        self.assertEqual(self.sim.count_calls(status=429), 0)
        self.sim.clock(advance=61)
        self.organisation.parked_until -= timedelta(minutes=2)
        self.work()
        self.assertSynced(*moves)

    def test_request_log_names_what_went(self):
        move = self.invoice()
        self.work()
        request = self.env["xero.request"].search([("resource", "=", "Invoices")])
        self.assertEqual((request.state, request.http_status, request.link_ids), ("answered", 200, self.link(move)))
        self.assertIn(move.name, request.body)
        self.assertNotIn(self.organisation.connection_id._access_token(), str(request.read()))

    def test_collision_with_another_transaction_blames_no_record(self):
        """A manager saves the organisation while the worker notes its limits: the same steps again, nothing fails"""
        move = self.invoice()
        original = type(self.organisation)._note_limits
        collisions = [psycopg2.errors.SerializationFailure(), psycopg2.errors.DeadlockDetected()]

        def note_limits(organisation, limits):
            if collisions:
                raise collisions.pop()
            return original(organisation, limits)

        with patch.object(type(self.organisation), "_note_limits", note_limits):
            self.run_cron()
        self.assertSynced(move)
        self.in_xero(move)

    def test_run_of_a_disconnected_organisation_switches_its_cron_off(self):
        """S1.39"""
        self.organisation.state = "disconnected"
        self.organisation.cron_id.active = True
        self.run_cron()
        self.assertFalse(self.organisation.cron_id.active)
