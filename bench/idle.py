"""What an organisation costs on a day on which nobody does anything: every run of its scheduled action, a day long."""

from datetime import datetime, timedelta, timezone

from freezegun import freeze_time

from .odoo_books import transaction


def measure(database, simulator):
    """:return list: result ``idle.calls_per_day``; refreshing tokens counts too"""
    simulator.latency(0)
    with transaction(database) as env:  # everything that can be looked at is
        for policy in env["xero.policy"].search([]):
            policy.direction = "push" if policy.kind in ("expenses", "attachments") else "both"
    now = datetime.fromisoformat(simulator.clock()).astimezone(timezone.utc)
    pause = interval(database)
    simulator.clear_calls()
    for run in range(timedelta(days=1) // pause):
        simulator.clock(advance=pause.total_seconds())
        with freeze_time(now + pause * (run + 1)), transaction(database) as env:
            organisation = env["xero.organisation"].search([])
            organisation._cron_sync_organisation(organisation.id)
    calls = simulator.count_calls()
    return [("idle.calls_per_day", calls, "calls", "<= 100", calls <= 100)]


def interval(database):
    """How long Odoo waits between two runs that nobody has asked for."""
    with transaction(database) as env:
        cron = env["xero.organisation"].search([]).cron_id
        return timedelta(**{cron.interval_type: cron.interval_number})
