"""``python -m bench [--only=NAME]``: measures, prints a table, writes ``bench/results.json``.

``make bench`` calls it with ``ODOO_RC`` naming the configuration of a fresh database with the addon. Machines are
noisy: what is compared is compared in the same run.
"""

import argparse
import contextlib
import sys
import time

from dev import odoo as databases
from simulator.process import Simulator

from . import odoo_books, results

odoo_books.configure()

from odoo import sql_db  # noqa: E402

from . import company, cycle, idle, payments, post, pull, push, scale  # noqa: E402


def main():
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="a result's or a group's: push.rate, post, idle"
    )
    only = parser.parse_args().only
    try:
        wanted = results.chosen(only)
    except results.Unknown as unknown:
        parser.error(str(unknown))
    kept = results.Kept(anew=not only)
    with Simulator.start() as simulator:
        database = odoo_books.start(simulator.url)
        prepare(database, simulator)
        for group, names in wanted.items():
            started = time.perf_counter()
            measured = results.shaped(group, measure(group, database, simulator), names)
            print(f"{group}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
            show(measured)
            kept.add(measured)
    return 0 if all(result["holds"] for result in kept.results) else 1


def prepare(database, simulator):
    """The company's books and a connected, mapped organisation."""
    with odoo_books.transaction(database) as env:
        company.set_up(env)
        connection = company.make_connection(env, simulator)
    with odoo_books.transaction(database) as env:
        company.consent(env["xero.connection"].browse(connection.id), simulator)
    with odoo_books.transaction(database) as env:
        company.take_organisation(env["xero.connection"].browse(connection.id))


def measure(group, database, simulator):
    if group == "push":
        return push.measure(database, simulator)
    if group == "payments":
        return payments.measure(database, simulator)
    if group == "pull":
        return pull.measure(database, simulator)
    if group == "cycle":
        return cycle.measure(database, simulator)
    if group == "idle":
        return idle.measure(database, simulator)
    if group == "scale":
        return scale.measure(database)
    with plain_database() as plain:
        return post.measure(database, plain)


@contextlib.contextmanager
def plain_database():
    """The same Odoo and the same company without the addon."""
    name = "xero_bench_plain"
    databases.create(name)
    try:
        with odoo_books.transaction(name) as env:
            company.set_up(env)
        yield name
    finally:
        sql_db.close_all()
        databases.drop(name)


def show(measured):
    for result in measured:
        mark = "holds" if result["holds"] else "MISSED"
        print(
            f"{result['name']:24} {result['value']:>12,.3f} {result['unit']:44} target {result['target']:10} {mark}",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
