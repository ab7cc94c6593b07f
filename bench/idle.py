"""What an organisation costs on a day on which nobody does anything: every run of its scheduled action, a day long."""

from datetime import datetime, timedelta, timezone

from freezegun import freeze_time

from .odoo_books import transaction

MINUTES = 15


def measure(database, simulator):
    """:return list: result ``idle.calls_per_day``; refreshing tokens counts too"""
    simulator.latency(0)
    now = datetime.fromisoformat(simulator.clock()).astimezone(timezone.utc)
    simulator.clear_calls()
    for run in range(24 * 60 // MINUTES):
        simulator.clock(advance=MINUTES * 60)
        with freeze_time(now + timedelta(minutes=MINUTES * (run + 1))), transaction(database) as env:
            organisation = env["xero.organisation"].search([])
            organisation._cron_sync_organisation(organisation.id)
    calls = simulator.count_calls()
    return [("idle.calls_per_day", calls, "calls", "<= 100", calls <= 100)]
