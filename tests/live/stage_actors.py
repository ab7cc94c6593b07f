"""What a child of the stage plays, each in its own process with its own cursors and real commits.

Every function takes the database's name first; what it returns goes to the test as JSON.
"""

import os
import signal
import time
from datetime import timedelta

from stage_scene import organisation_of, transaction

import odoo.tools.config
from odoo import fields, sql_db
from odoo.tools import SQL

from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.xero_integration.xero.wire import Wire

from bench import company
from simulator.process import Simulator

# Columns on Xero's clock, not on ours.
XERO_TIME = {("xero_cursor", "modified_since"), ("xero_link", "xero_updated_at")}
LONGEST_WAIT = timedelta(days=2)


# ---- preparing ---------------------------------------------------------------------------------------


def prepare_books(database, url, customers, invoices):
    """The company, connected, with posted invoices that wait for Xero."""
    simulator = Simulator(url)
    with transaction(database) as env:
        company.set_up(env)
        company.make_connection(env, simulator)
    give_consent(database, url)
    with transaction(database) as env:
        company.take_organisation(env["xero.connection"].search([]))
    with transaction(database, "accountant") as env:
        partners = company.customers(env, customers)
        company.invoices(env, partners, invoices).action_post()
    keep(database)


def keep(database):
    """Put by what the worker may change, so that the next test can have it back."""
    with transaction(database) as env:
        env.cr.execute("CREATE SCHEMA kept")
        for table in _tables(env, r"^(xero_|ir_cron|mail_)"):
            env.cr.execute(SQL("CREATE TABLE %s AS TABLE %s", SQL.identifier("kept", table), SQL.identifier(table)))


def _tables(env, pattern):
    env.cr.execute(
        """SELECT table_name FROM information_schema.tables
            WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name ~ %s""",
        [pattern],
    )
    return [name for (name,) in env.cr.fetchall()]


def give_consent(database, url):
    with transaction(database) as env:
        company.consent(env["xero.connection"].search([]), Simulator(url))


# ---- the worker --------------------------------------------------------------------------------------


class Counter:
    """Counts commits and calls of this process and strikes at one of them."""

    def __init__(self, kill=None):
        self.commits = self.calls = 0
        self.slept = 0.0  # seconds
        self.kill = kill or {}
        self._commit, self._send = sql_db.Cursor.commit, Wire.send
        self._sleep = time.sleep
        time.sleep = self.sleep
        sql_db.Cursor.commit = lambda cursor: self.commit(cursor)
        Wire.send = lambda wire, *args, **kwargs: self.send(wire, *args, **kwargs)

    def commit(self, cursor):
        self.commits += 1
        self._strike("before commit", self.commits)
        result = self._commit(cursor)
        self._strike("after commit", self.commits)
        return result

    def send(self, wire, *args, **kwargs):
        self.calls += 1
        self._strike("before call", self.calls)
        result = self._send(wire, *args, **kwargs)
        self._strike("after call", self.calls)
        return result

    def sleep(self, seconds):
        self.slept += seconds
        self._sleep(seconds)

    def _strike(self, moment, number):
        if self.kill.get("moment") == moment and self.kill.get("number") == number:
            os.kill(os.getpid(), signal.SIGKILL)


def worker(database, kill=None, read_timeout=None):
    """One round of Odoo's cron worker: every job that is due, with its row lock and its own transactions.

    :param kill: {"moment": "before commit" | "after commit" | "before call" | "after call", "number": from 1}
    """
    if read_timeout:
        odoo.tools.config["xero_read_timeout"] = read_timeout
    counter = Counter(kill)
    started = time.monotonic()
    IrCron._process_jobs(database)
    return {
        "commits": counter.commits,
        "calls": counter.calls,
        "slept": counter.slept,
        "seconds": time.monotonic() - started,
    }


def run_until_quiet(database, url, rounds=60):
    """What the scheduler does in the next days: runs the worker whenever Odoo's own tables say that it is due.

    Stops when nothing is owed any more. Time passes on both clocks without waiting.

    :return: how often the worker ran
    """
    simulator = Simulator(url)
    waited = timedelta()
    for number in range(rounds):
        with transaction(database) as env:
            if not _owed(env):
                return number
            pause = _until_due(env)
        assert pause is not None, "something is owed, but no run is planned"
        if pause > timedelta():
            waited += pause
            assert waited < LONGEST_WAIT, "still owed after two days"
            simulator.clock(advance=pause.total_seconds())
            let_time_pass(database, pause.total_seconds())
        IrCron._process_jobs(database)
    raise AssertionError(f"still owed after {rounds} runs: {ledger(database)}")


def skip_to_next_run(database, url):
    """Both clocks go on to the moment at which the scheduler runs the worker next."""
    with transaction(database) as env:
        seconds = _until_due(env).total_seconds()
    if seconds > 0:
        Simulator(url).clock(advance=seconds)
        let_time_pass(database, seconds)


def _owed(env):
    """Whether the worker has something left to do."""
    links = env["xero.link"].search_count(["|", ("next_attempt", "!=", False), ("outcome", "=", "in_doubt")])
    requests = env["xero.request"].search_count([("state", "=", "recorded")])
    return links or requests or env["xero.change"].search_count([])


def _until_due(env):
    """How long until Odoo's scheduler runs the worker; None when it never will.

    A run that was asked for comes before the next of the regular ones, of which a day has a hundred.
    """
    cron = organisation_of(env).cron_id
    if not cron.active:
        return None
    asked_for = env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).mapped("call_at")
    return min(asked_for, default=cron.nextcall) - fields.Datetime.now() + timedelta(seconds=1)


def let_time_pass(database, seconds):
    """Move every moment that Odoo noted into the past: what a clock that runs ahead would make of them."""
    with transaction(database) as env:
        env.cr.execute("SET LOCAL session_replication_role = replica")  # no trigger takes it for the worker's work
        env.cr.execute(
            """SELECT table_name, column_name FROM information_schema.columns
                WHERE table_schema = 'public' AND table_name = ANY(%s) AND data_type LIKE 'timestamp%%'
                  AND column_name NOT IN ('create_date', 'write_date')""",
            [_tables(env, r"^(xero_|ir_cron)")],
        )
        for table, column in set(env.cr.fetchall()) - XERO_TIME:
            env.cr.execute(SQL(
                """UPDATE %(table)s SET %(column)s = %(column)s - make_interval(secs => %(seconds)s)
                    WHERE %(column)s IS NOT NULL""",
                table=SQL.identifier(table), column=SQL.identifier(column), seconds=seconds,
            ))  # fmt: skip


def fail_commits(database, first, last):
    """From now on a commit that wrote a request fails as on a full disk, if it is one of these, counted from 1.

    A deferred constraint trigger raises it, so it is PostgreSQL's own COMMIT that fails. A sequence counts: alone in
    PostgreSQL it keeps its count when the transaction fails.
    """
    with transaction(database) as env:
        env.cr.execute(
            f"""CREATE SEQUENCE IF NOT EXISTS commits_of_requests;
                SELECT setval('commits_of_requests', 1, false);
                CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF nextval('commits_of_requests') BETWEEN {int(first)} AND {int(last)} THEN
                        RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full';
                    END IF;
                    RETURN NULL;
                END $$;
                DROP TRIGGER IF EXISTS full_disk ON xero_request;
                CREATE CONSTRAINT TRIGGER full_disk AFTER INSERT OR UPDATE ON xero_request
                    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION full_disk()"""
        )


def failed_commits(database):
    """How many commits of requests were counted."""
    with transaction(database) as env:
        env.cr.execute("SELECT last_value FROM commits_of_requests")
        return env.cr.fetchone()[0]


# ---- looking -----------------------------------------------------------------------------------------


def references(database):
    """{number: ref} of every posted invoice"""
    with transaction(database) as env:
        moves = env["account.move"].search([("move_type", "=", "out_invoice"), ("state", "=", "posted")])
        return {move.name: move.ref or "" for move in moves}


def triggers(database):
    """How many runs of the worker are asked for."""
    with transaction(database) as env:
        return env["ir.cron.trigger"].search_count([("cron_id", "=", organisation_of(env).cron_id.id)])


def ledger(database):
    """What Odoo believes.

    :return: {links: {resource: {outcome: count}}, codes: {name: code}, changes, open, retries: counts,
        requests: {state: count}, invoices: {number: (customer, total)}, ids: {number: InvoiceID}, contact_ids, …}
    """
    with transaction(database) as env:
        links = {}
        for resource, outcome, count in env["xero.link"]._read_group([], ["resource", "outcome"], ["__count"]):
            links.setdefault(resource, {})[outcome] = count
        organisation = organisation_of(env)
        moves = env["account.move"].search([("move_type", "=", "out_invoice"), ("state", "=", "posted")])
        return {
            "links": links,
            "codes": {
                link.display_name: link.error_code for link in env["xero.link"].search([("error_code", "!=", False)])
            },
            "changes": env["xero.change"].search_count([]),
            "open": env["xero.request"].search_count([("state", "=", "recorded")]),
            "retries": env["xero.link"].search_count([("next_attempt", "!=", False)]),
            "requests": {state: count for state, count in env["xero.request"]._read_group([], ["state"], ["__count"])},
            "invoices": {move.name: (move.commercial_partner_id.name, f"{move.amount_total:.2f}") for move in moves},
            "ids": {
                link.xero_number: link.xero_id for link in env["xero.link"].search([("resource", "=", "Invoices")])
            },
            "contact_ids": env["xero.link"].search([("resource", "=", "Contacts")]).mapped("xero_id"),
            "parked": organisation.parked_reason or None,
            "state": organisation.state,
            "error": organisation.error_code or None,
            "cron_failures": organisation.cron_id.failure_count,
        }
