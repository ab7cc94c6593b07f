"""What taking a batch costs among many links: the worker must not grow slower with its history."""

import statistics
import time

from odoo.tools import SQL

from .odoo_books import transaction

FEW, MANY, TRIES = 10_000, 1_000_000, 200
FIRST = 500_000_000  # ids of records that do not exist: only the tables of the engine matter here


def measure(database):
    """:return list: result ``scale.pick``"""
    seconds = {}
    with transaction(database) as env:
        organisation = env["xero.organisation"].search([])
        env.cr.execute("DELETE FROM xero_change")
        for count in (FEW, MANY):
            fill(env, organisation, count)
            seconds[count] = pick(env, organisation)
        env.cr.rollback()
    ratio = seconds[MANY] / seconds[FEW]
    return [("scale.pick", ratio, f"of the time among {FEW:,} links", "<= 1.5", ratio <= 1.5)]


def fill(env, organisation, count):
    """``count`` links, one in a thousand in trouble, and a queue of 1,000 changes."""
    env.cr.execute("DELETE FROM xero_link WHERE res_id >= %s", [FIRST])
    env.cr.execute("DELETE FROM xero_change WHERE res_id >= %s", [FIRST])
    env.cr.execute(SQL(
        """INSERT INTO xero_link
                  (organisation_id, company_id, resource, res_model, res_id, xero_id, outcome, next_attempt)
           SELECT %s, %s, 'Invoices', 'account.move', %s + n, 'x' || n,
                  CASE WHEN n %% 1000 = 0 THEN 'failed' WHEN n %% 1000 = 1 THEN 'waiting' ELSE 'synced' END,
                  CASE WHEN n %% 1000 = 1 THEN now() at time zone 'utc' + interval '1 hour' END
             FROM generate_series(1, %s) n""",
        organisation.id, organisation.company_id.id, FIRST, count,
    ))  # fmt: skip
    env.cr.execute(SQL(
        """INSERT INTO xero_change (organisation_id, company_id, resource, res_model, res_id, kind)
           SELECT %s, %s, 'Invoices', 'account.move', %s + n * (%s / 1000), 'changed'
             FROM generate_series(1, 1000) n""",
        organisation.id, organisation.company_id.id, FIRST, count,
    ))  # fmt: skip
    for table in ("xero_link", "xero_change"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))


def pick(env, organisation):
    """Median seconds of taking 50 records and their links."""
    handler, times = env["xero.resource.invoices"], []
    for _try in range(TRIES):
        env.invalidate_all()
        started = time.perf_counter()
        taken = handler._take(organisation, 50)
        links = handler._links(organisation, list(taken))
        times.append(time.perf_counter() - started)
        assert len(taken) == len(links) == 50
    return statistics.median(times)
