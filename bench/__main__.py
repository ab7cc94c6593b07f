"""``python -m bench [--only=NAME]``: measures, prints a table, writes ``bench/results.json``.

``make bench`` calls it with ``ODOO_RC`` naming the configuration of a fresh database with the addon. The results are a
list of ``{name, value, unit, target, holds}``. Machines are noisy: what is compared is compared in the same run.
"""

import argparse
import contextlib
import json
import sys
import time
from pathlib import Path

from dev import odoo as databases
from simulator.process import Simulator

from . import odoo_books

odoo_books.configure()

from odoo import sql_db  # noqa: E402

from . import company, idle, post, push, scale  # noqa: E402

RESULTS = Path(__file__).with_name("results.json")
GROUPS = ("push", "idle", "post", "scale")


def main():
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.splitlines()[0])
    parser.add_argument("--only", help="a result's name or its beginning: push, push.rate, post, idle, scale")
    only = parser.parse_args().only or ""
    groups = [group for group in GROUPS if not only or group == only.partition(".")[0]]
    if not groups:
        parser.error(f"nothing is called {only}; there are {', '.join(GROUPS)}")
    with Simulator.start() as simulator:
        results = [r for r in measured(groups, simulator) if r["name"].startswith(only)]
    show(results)
    keep(results)
    return 0 if all(result["holds"] for result in results) else 1


def measured(groups, simulator):
    database = odoo_books.start(simulator.url)
    prepare(database, simulator)
    found = []
    for group in groups:
        started = time.perf_counter()
        found += measure(group, database, simulator)
        print(f"{group}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    names = ("name", "value", "unit", "target", "holds")
    return [dict(zip(names, result, strict=True)) | {"value": round(result[1], 3)} for result in found]


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
    if group == "idle":
        return idle.measure(database, simulator)
    if group == "scale":
        return scale.measure(database)
    with plain_database() as plain:
        return post.measure(database, plain)


@contextlib.contextmanager
def plain_database():
    """The same Odoo without the addon."""
    name = "xero_bench_plain"
    databases.create(name)
    try:
        yield name
    finally:
        sql_db.close_all()
        databases.drop(name)


def show(results):
    for result in results:
        mark = "holds" if result["holds"] else "MISSED"
        print(
            f"{result['name']:24} {result['value']:>12,.3f} {result['unit']:44} target {result['target']:10} {mark}"
        )


def keep(results):
    """Newly measured results replace the old ones of the same name."""
    old = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    new = {result["name"]: result for result in [*old, *results]}
    RESULTS.write_text(json.dumps(list(new.values()), indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
