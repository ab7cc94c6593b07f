"""Runs in the virtual environment's Odoo: loads the registry of one database once, then forks a child per order.

Between orders it holds no connection, so the database can be made anew under it.
"""

import gc
import json
import os
import select
import sys
import time
import traceback

import odoo.tools.config
from odoo import sql_db
from odoo.modules.registry import Registry
from odoo.tools import SQL

from odoo.addons.base.models.ir_cron import IrCron


def main(database, config):
    odoo.tools.config.parse_config(["-c", config, "--log-level=info"], setup_logging=True)
    Registry(database)
    import stage_actors  # noqa: PLC0415  (needs the addons path)
    import stage_people  # noqa: PLC0415

    sql_db.close_all()
    reports = {}
    for line in sys.stdin:
        order = json.loads(line)
        number = order.pop("order")
        answer = HANDLERS[order.pop("do")](database, vars(stage_people) | vars(stage_actors), reports, **order)
        answer["order"] = number
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def hello(_database, _actors, _reports):
    return {"pid": os.getpid()}


def rehearse(database, actors, _reports, url):
    """One run of the worker in this process: its children find modules loaded and Odoo's caches filled, as in a server
    that has been up for a while. What it wrote, ``restore`` takes back."""
    actors["give_consent"](database, url)
    IrCron._process_jobs(database)
    sql_db.close_all()
    gc.collect()
    gc.freeze()  # a child that looks for garbage would copy every page of this process
    return {}


def renew(database, _actors, _reports, template):
    with sql_db.db_connect("postgres").cursor() as cr:
        cr._cnx.autocommit = True
        cr.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        cr.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
    sql_db.close_all()
    return {}


def restore(database, _actors, _reports):
    """The tables that the worker writes, as ``stage_actors.keep`` put them by: much faster than a new database."""
    with sql_db.db_connect(database).cursor() as cr:
        cr.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'kept'")
        tables = [name for (name,) in cr.fetchall()]
        cr.execute("SET LOCAL session_replication_role = replica")  # no foreign key is looked at meanwhile
        for table in tables:
            cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
            cr.execute(SQL("INSERT INTO %s SELECT * FROM %s", SQL.identifier(table), SQL.identifier("kept", table)))
    sql_db.close_all()
    return {}


def start(database, actors, reports, actor, parameters):
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        reports[pid] = read
        return {"pid": pid}
    status = 1
    try:
        os.close(read)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(2, 1)  # a print goes to the terminal, not between the reports
        try:
            report = {"result": actors[actor](database, **parameters)}
        except BaseException:  # noqa: BLE001  (told to the test, which fails with it)
            report = {"error": traceback.format_exc()}
        with os.fdopen(write, "w") as pipe:
            json.dump(report, pipe, default=str)
        status = 0
    finally:
        os._exit(status)


def wait(_database, _actors, reports, pid, seconds):
    if pid not in reports:
        return {}  # it was waited for already, by a test whose time was over
    until, pieces, pipe = time.monotonic() + seconds, [], reports[pid]
    while True:
        if not select.select([pipe], [], [], max(until - time.monotonic(), 0))[0]:
            return {"timeout": True}
        piece = os.read(pipe, 1 << 16)
        if not piece:
            break
        pieces.append(piece)
    os.close(reports.pop(pid))
    _pid, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return {"signal": os.WTERMSIG(status)}
    return json.loads(b"".join(pieces)) if pieces else {"error": f"exit status {status} without a word"}


HANDLERS = {"hello": hello, "rehearse": rehearse, "renew": renew, "restore": restore, "start": start, "wait": wait}

if __name__ == "__main__":
    main(*sys.argv[1:])
