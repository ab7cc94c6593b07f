"""An organisation's line to Xero: every call of the worker, what is left of Xero's limits, and when to rest."""

import logging
from datetime import timedelta

from odoo import fields, models

from ..xero import errors

_logger = logging.getLogger(__name__)

# Xero does not say when its windows begin: wait a whole minute; look again every hour when the day is used up.
MINUTE_PAUSE = timedelta(seconds=60)
DAY_PAUSE = timedelta(hours=1)
BACKOFF = [1, 2, 5, 10, 20, 40, 60]  # minutes after the n-th failure in a row
IDLE = 0  # records finished in a step that only notes something


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    failures_in_row = fields.Integer(readonly=True, copy=False)

    def _may_call(self):
        """Whether the worker may talk to Xero now: connected, not parked, something left of the day."""
        now = fields.Datetime.now()
        return self._is_live() and not (self.parked_until and self.parked_until > now)

    def _line(self, run):
        """The run's gateway, with a token that is good now."""
        if run.gateway is None:
            run.gateway = self._gateway()
        return run.gateway

    def _call(self, run, verb, /, *args, **kwargs):
        """Call the gateway's method ``verb`` and note what Xero says is left.

        :raise errors.XeroError: everything that Xero or the network answered otherwise
        """
        answer = getattr(self._line(run), verb)(*args, **kwargs)
        self._note_limits(answer.limits)
        return answer

    def _call_pages(self, run, resource, **params):
        """Iterate over the pages of a list (see ``Gateway.pages``)."""
        for answer in self._line(run).pages(resource, **params):
            self._note_limits(answer.limits)
            yield answer

    def _note_limits(self, limits):
        """Plan with what Xero says is left: an empty minute or day parks before Xero has to refuse (S1.42)."""
        now = fields.Datetime.now()
        vals = {"limits_at": now, "last_success_at": now}
        if limits.day_remaining is not None:
            vals["day_remaining"] = limits.day_remaining
            if limits.day_remaining <= 0:
                vals |= {"parked_until": now + DAY_PAUSE, "parked_reason": errors.DayLimit.code}
        if limits.minute_remaining is not None:
            vals["minute_remaining"] = limits.minute_remaining
            if limits.minute_remaining <= 0:
                vals |= {"parked_until": now + MINUTE_PAUSE, "parked_reason": errors.RateLimited.code}
        self.write(vals)
        if "parked_until" in vals:
            self._wake(at=vals["parked_until"], by_hand=True)

    # ---- stopping -----------------------------------------------------------------------------------

    def _stop_steps(self, error):
        """Park or break, by whose move is next."""
        _logger.info("xero organisation %s: %s", self.id, error.code)
        if isinstance(error, (errors.Reconnect, errors.TokenExpired)):
            self._needs_person(error)
        yield from self._park_steps(error.code, error.retry_after)

    def _park_steps(self, code, seconds=None):
        """No call before ``seconds`` from now; by default longer after every failure in a row."""
        failures = self.failures_in_row + (seconds is None)
        if seconds is None:
            seconds = 60 * BACKOFF[min(failures, len(BACKOFF)) - 1]
        until = fields.Datetime.now() + timedelta(seconds=seconds + 1)
        self.write({"parked_until": until, "parked_reason": code, "failures_in_row": failures})
        self._wake(at=until)
        yield IDLE

    def _forget_failures(self):
        """Everything that was due went through: what a person was told does not hold any more either."""
        self.write({"failures_in_row": 0, "parked_until": False, "parked_reason": False})
        self._follow({"error_code": False, "error_message": False})
