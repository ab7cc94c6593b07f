"""The worker's comparison of all documents with Xero's (S1.4, S1.28, S2.30): every night, and when a person asks.

It costs one call per 1,000 documents of a type. Whatever is queued, in flight or held is no difference: the work list
has it already. It only finds; a person decides (``xero_difference.py``).
"""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odoo import fields, models
from odoo.tools import SQL

from .resources import RESOURCES

NIGHT = 1  # o'clock


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    def _rounds(self, run):
        """After everything else: what this very pass brings into agreement is not reported."""
        yield from super()._rounds(run)
        yield self._reconcile_steps(run)

    def _reconcile_steps(self, run):
        """Compare everything, if it is time; resumes where an interrupted comparison stopped."""
        sweep = self._due_sweep()
        if not sweep or not self._may_call():
            return
        kinds = [self.env[name] for name in RESOURCES if self.env[name]._sweeps(self)]
        names = [resource._resource for resource in kinds]
        yield 0  # it is written down, whatever happens next
        run.sweep = sweep
        begun = names.index(sweep.resource) if sweep.resource in names else 0
        for resource in kinds[begun:]:
            if sweep.resource != resource._resource:
                self._begin_type(sweep, resource)
            yield from resource._pull_steps(self, run, at_once=True)  # what is new at Xero is no difference
            yield from resource._sweep_steps(self, run, sweep)
            if not self._may_call():
                return  # disconnected or out of calls meanwhile: it goes on where it stopped
        run.sweep = None
        self._end_sweep(sweep, "done")
        yield 0

    def _give_up_steps(self, run, sweep):
        """A bug struck while everything was compared: the next comparison comes in a day, everything else goes on."""
        self._end_sweep(sweep, "failed")
        yield 0
        yield from self._sync_steps(run)

    def _end_sweep(self, sweep, state):
        self._forget_seen(sweep)
        sweep.write({"state": state, "resource": False, "ended_at": fields.Datetime.now()})

    def _due_sweep(self):
        """The comparison to carry out now: one that was begun or asked for, else a new one after a day."""
        Sweep = self.env["xero.sweep"]
        here = [("organisation_id", "=", self.id)]
        waiting = Sweep.search([*here, ("state", "in", ("waiting", "running"))], order="id", limit=1)
        if not waiting and self.auto_sync and self._is_compared_daily():
            waiting = Sweep.create({"organisation_id": self.id})
        if waiting and waiting.state == "waiting":
            waiting.write({"state": "running", "began_at": fields.Datetime.now()})
        return waiting

    def _is_compared_daily(self):
        """Whether a night has begun since the last comparison that came by itself, or since there was anything to
        compare. What a person asks for in the middle of the day does not move the night."""
        Sweep = self.env["xero.sweep"]
        last = Sweep.search([("organisation_id", "=", self.id), ("by_hand", "=", False)], limit=1)
        return (last.began_at or self.create_date) < self._night()

    def _night(self):
        """When the latest night began, where the company is. :return: datetime (UTC, without a zone)"""
        now = fields.Datetime.now().replace(tzinfo=UTC).astimezone(_zone(self.company_id.partner_id.tz))
        night = now.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
        if night > now:
            night -= timedelta(days=1)
        return night.astimezone(UTC).replace(tzinfo=None)

    def _begin_type(self, sweep, resource):
        self._forget_seen(sweep)
        sweep.write({"resource": resource._resource, "page": 1})

    def _forget_seen(self, sweep):
        self.env.cr.execute(SQL("DELETE FROM xero_sweep_seen WHERE sweep_id = %s", sweep.id))
        sweep.invalidate_recordset(["seen_link_ids"], flush=False)


def _zone(name):
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
