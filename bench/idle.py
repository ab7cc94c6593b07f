"""What an organisation costs on a day on which nobody does anything: every run of its scheduled action, a day long."""

from datetime import datetime, timedelta, timezone

from freezegun import freeze_time

from odoo.addons.xero_integration.models.xero_cursor import SHORTEST

from .odoo_books import transaction
from .payments import look_again


def measure(database, simulator):
    """:return list: result ``idle.calls_per_day``; refreshing tokens counts too"""
    simulator.latency(0)
    with transaction(database) as env:  # everything that can be looked at is
        for policy in env["xero.policy"].search([]):
            policy.direction = "push" if policy.kind in ("expenses", "attachments") else "both"
    pause = interval(database)
    for _look in range(2):  # what other measurements left is read, and too old to be read again
        look_again(database)
        run_after(timedelta(minutes=10), database, simulator)
    with transaction(database) as env:  # as often as after news
        env["xero.cursor"].search([]).interval = SHORTEST
    simulator.clear_calls()
    for _run in range(timedelta(days=1) // pause):
        run_after(pause, database, simulator)
    calls = simulator.count_calls()
    return [("idle.calls_per_day", calls, "calls", "<= 100", calls <= 100)]


def run_after(pause, database, simulator):
    """The scheduled action, so much later on both clocks."""
    simulator.clock(advance=pause.total_seconds())
    now = datetime.fromisoformat(simulator.clock()).astimezone(timezone.utc)
    with freeze_time(now), transaction(database) as env:
        organisation = env["xero.organisation"].search([])
        organisation._cron_sync_organisation(organisation.id)


def interval(database):
    """How long Odoo waits between two runs that nobody has asked for."""
    with transaction(database) as env:
        cron = env["xero.organisation"].search([]).cron_id
        return timedelta(**{cron.interval_type: cron.interval_number})
