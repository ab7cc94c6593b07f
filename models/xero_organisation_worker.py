"""The organisation's worker: its scheduled action, and the few points at which it commits.

The work is a generator of *steps*; every ``yield`` says "what was done so far is whole: commit it", with the number of
records that were finished. Only ``_cron_sync`` commits. Odoo holds the lock of the ``ir.cron`` row while the job runs,
so there is never a second worker of the same organisation (design §3).
"""

import logging

import psycopg2

from odoo import api, fields, models

from ..xero import errors
from .problems import Problem
from .resource_pull import BY_LINK
from .resources import REMOVALS, RESOURCES, WINDOW
from .worker_run import XeroRun
from .xero_organisation_line import IDLE

_logger = logging.getLogger(__name__)

COLLISIONS = 5  # with other transactions in one run; as often as Odoo replays a user's request
STRIKES = 200  # unexpected errors in one run, before it is not single records that are wrong


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    # ---- appended by users ----------------------------------------------------------------

    def _wake(self, at=None, by_hand=False):
        """Ask for a run of the scheduled action, now or at a moment (UTC), when this transaction commits.

        A cron that is switched off ignores it; what is queued waits until the organisation is connected again.
        """
        for organisation in self:
            if organisation.cron_id and (organisation.auto_sync or by_hand or at):
                # sudo: the user may append a change, so may wake the one who reads it.
                organisation.cron_id.sudo()._trigger(at)

    def _remap(self):
        """A mapping or a default changed: everything that a mapping held goes again."""
        for organisation in self:
            # sudo: a mapping's author need not see every document that waits for it.
            links = (
                self.env["xero.link"]
                .sudo()
                .search(
                    [
                        ("organisation_id", "=", organisation.id),
                        ("outcome", "in", ("held", "failed")),
                        ("error_code", "in", self.env["xero.link"]._codes_cured_by_mapping()),
                    ]
                )
            )
            # What came from Xero and waits here has no record yet, or one that is not to be sent.
            incoming = links.filtered("remote_item")
            self.env["xero.change"]._append_to_links(incoming, "remap")
            outgoing = (links - incoming).grouped(lambda link: (link.res_model, link.resource))
            for (res_model, _resource), some in outgoing.items():
                records = self.env[res_model].sudo().browse(some.mapped("res_id")).exists()
                self.env["xero.change"]._append(records, "remap", organisations=organisation)

    # ---- the cron entry point -------------------------------------------------------------

    @api.model
    def _cron_sync_organisation(self, organisation_id):
        """Entry point of the scheduled action of one organisation."""
        organisation = self.browse(organisation_id).exists()
        if organisation:
            organisation.with_company(organisation.company_id)._cron_sync()

    def _cron_sync(self):
        """Run the steps and commit after each. Stops when the cron's time is over and asks for another run."""
        run = XeroRun()
        steps = self._sync_steps(run)
        while True:
            try:
                time_left = self.env["ir.cron"]._commit_progress(next(steps))
            except StopIteration:
                break
            except psycopg2.OperationalError as error:
                # Somebody saved the same row at that moment, or the database went away: no record is to blame.
                self._roll_back(run)
                steps = self._steps_after_collision(run, error)
            except Exception:  # the cron entry point: a bug in one record must not stop the books of all others
                self._roll_back(run)
                _logger.exception("xero organisation %s: unexpected error", self.id)
                steps = self._steps_after_bug(run)
            else:
                if not time_left:
                    self._wake(at=fields.Datetime.now())
                    break
        # A disconnect cannot switch off the row that this run holds, so the run does.
        self.env["ir.cron"]._commit_progress(remaining=IDLE, deactivate=self.state != "connected")

    def _roll_back(self, run):
        self.env.cr.rollback()
        run.forget()

    def _steps_after_collision(self, run, error):
        """The same steps again: what was not committed is still queued, what was sent is settled first."""
        run.collisions += 1
        if run.collisions > COLLISIONS:
            raise error  # Odoo's cron notes the failure and comes back
        _logger.info("xero organisation %s: %s, once more", self.id, type(error).__name__)
        run.batch = run.request = run.incoming = run.sweep = run.decision = None
        return self._sync_steps(run)

    def _steps_after_bug(self, run):
        """Steps that isolate the record a bug struck on, then go on with the others."""
        batch, run.batch = run.batch, None
        request, run.request = run.request, None
        incoming, run.incoming = run.incoming, None
        sweep, run.sweep = run.sweep, None
        decision, run.decision = run.decision, None
        run.strikes += 1
        if not (batch or request or incoming or sweep or decision) or run.strikes > STRIKES:
            return self._park_steps("internal_error")
        if decision:  # whatever it had in hand: it would come back to it for ever
            return self._undecided_steps(run, decision)
        if incoming:
            return self._set_aside_steps(run, *incoming)
        if sweep:
            return self._give_up_steps(run, sweep)
        if request:
            return self._isolate_steps(run, request)
        resource, record_ids = batch
        if len(record_ids) > 1:
            run.limit = 1  # the same records again, one by one: the next strike names the culprit
            return self._sync_steps(run)
        return self._quarantine_steps(run, resource, record_ids)

    def _quarantine_steps(self, run, resource, record_ids):
        self.env[resource]._fail(self, record_ids, "internal_error")
        yield len(record_ids)
        yield from self._sync_steps(run)

    def _undecided_steps(self, run, change):
        link = change.link_id
        handler = self.env["xero.resource"]._for(link.resource, link.res_model)
        handler._note_hindrance(self, link, Problem("internal_error"))
        self.env["xero.change"]._consume(change.ids)
        yield 1
        yield from self._sync_steps(run)

    def _set_aside_steps(self, run, resource, incoming):
        self.env[resource]._quarantine(self, incoming.item)
        yield 1
        yield from self._sync_steps(run)

    def _isolate_steps(self, run, request):
        request._isolate()
        yield IDLE
        yield from self._sync_steps(run)

    # ---- the steps ------------------------------------------------------------------------

    def _sync_steps(self, run):
        """Everything that is due, in order. Yields at the commit points, with the number of records finished."""
        try:
            while self._may_call():
                passed = 0
                yield from self._reference_steps(run)
                yield from self._settle_steps(run)
                run.queued = None
                for steps in self._rounds(run):
                    for done in steps:
                        passed += done
                        yield done
                        run.queued = None  # what was done, and whoever was waiting for the commit, may have queued more
                if not passed:
                    break
            if run.sent:
                self.env["xero.cursor"].search([("organisation_id", "=", self.id)])._expect_news()
                yield IDLE
            if (self.failures_in_row or self.error_code) and self._may_call():
                self._forget_failures()
                yield IDLE
        except errors.TokenExpired as error:
            # Xero ended the token before its time. Nothing was applied: once more with a new one, then a person.
            if run.renewed:
                yield from self._stop_steps(error)
                return
            run.renewed = True
            run.incoming, run.decision, run.in_bulk = None, None, False  # nobody's fault
            run.gateway = self._gateway(renew=True)
            yield IDLE
            yield from self._sync_steps(run)
        except errors.XeroError as error:
            yield from self._stop_steps(error)

    def _reference_steps(self, run):
        """Once a day the lock dates, accounts and rates that documents are checked against."""
        if not self.reference_due_at or self.reference_due_at <= fields.Datetime.now():
            self._refresh_reference(self._line(run))
            run.resolver = None
            yield IDLE

    def _settle_steps(self, run):
        """Find out what became of every request that has no answer (design §4, "In doubt")."""
        requests = self.env["xero.request"].search(
            [("organisation_id", "=", self.id), ("state", "=", "recorded")], order="id"
        )
        for request in requests:
            if not self._may_call():
                return
            run.request = request
            try:
                request._settle(run)
            except errors.XeroError:
                run.request = None  # Xero's doing, no bug of ours
                raise
            run.request = None
            yield IDLE

    def _rounds(self, run):
        """Generators of one pass: what people decided, what Xero says, what is taken back, what goes out."""
        yield self._decision_steps(run)
        for name in RESOURCES:
            owes = name in self._queued(run)["out"] and self.env[name]._owes_updates(self)
            yield self.env[name]._pull_steps(self, run, at_once=owes)
        for name in REMOVALS:
            if name in self._queued(run)["out"]:
                yield self.env[name]._push_steps(self, run, WINDOW, removals=True)
        yield self._needs_steps()  # also of what is held, and so not queued
        for name in RESOURCES:
            if name in self._queued(run)["out"]:
                yield self.env[name]._push_steps(self, run, WINDOW)

    def _needs_steps(self):
        """Queue what the next documents need at Xero first."""
        added = sum(self.env[name]._append_needs(self, WINDOW) for name in RESOURCES)
        if added:
            yield added

    def _decision_steps(self, run):
        """Act on what people said about differences, and about what is only in Xero so far."""
        changes = self.env["xero.change"].search(
            [("organisation_id", "=", self.id), ("link_id", "!=", False), ("kind", "in", BY_LINK)], order="id"
        )
        for change in changes:
            link = change.link_id
            handler = self.env["xero.resource"]._for(link.resource, link.res_model)
            run.decision = change
            handler._decide_link(self, run, link, change)
            self.env["xero.change"]._consume(change.ids)
            run.decision = None
            yield 1
        yield from self._include_steps(run)

    def _include_steps(self, run):
        """What is put back is compared with Xero's copy before anything of ours goes over it."""
        changes = self.env["xero.change"].search(
            [("organisation_id", "=", self.id), ("link_id", "=", False), ("kind", "=", "include")]
        )
        for change in changes:
            handler = self.env["xero.resource"]._for(change.resource, change.res_model)
            link = handler._links(self, [change.res_id]).get(change.res_id)
            if link and link.outcome == "exempt" and link.xero_id:
                handler._include(self, run, link)
                yield 0
