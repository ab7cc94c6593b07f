"""`make demo`: Odoo with demo data and this addon, PostgreSQL and the simulator, until Ctrl-C."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from . import odoo, paths, postgres, shell
from .shell import Problem, dies_with_us, environment_port, require_port, say

#: seconds for a server to answer after it was started
PATIENCE = 120


def ports() -> tuple[int, int]:
    """Odoo's and the simulator's, both free.

    :raises Problem: when one is taken, is no port, or both are the same
    """
    ours, theirs = environment_port("ODOO_PORT", 8069), environment_port("SIMULATOR_PORT", 8070)
    if ours == theirs:
        raise Problem(f"Odoo and the simulator cannot share port {ours}; choose ODOO_PORT and SIMULATOR_PORT apart.")
    require_port(ours, "Odoo", "ODOO_PORT")
    require_port(theirs, "the simulator", "SIMULATOR_PORT")
    return ours, theirs


def run_demo() -> int:
    """Start everything, say where it is, wait; needs PostgreSQL running and everything installed."""
    odoo_port, simulator_port = ports()
    database = os.environ.get("XERO_DEMO_DB", "xero_demo")
    taken = (
        f"a demo on the database {database} is running in this checkout; "
        "stop it, or give this one another database with XERO_DEMO_DB=<name>."
    )
    started = time.monotonic()
    with shell.alone(paths.RUN / f"demo-{database}.lock", taken):
        config = prepare(database, odoo_port, simulator_port)
        with running(database, config, odoo_port, simulator_port) as children:
            address = f"http://127.0.0.1:{odoo_port}"
            print(banner(address, simulator_port, database, time.monotonic() - started), flush=True)
            watch(children)
    return 0


def prepare(database: str, odoo_port: int, simulator_port: int) -> Path:
    """The furnished database, made or brought up to date; returns its configuration file."""
    furnished = odoo.stamp(database).with_suffix(".furnished")
    made = furnished.exists() and postgres.exists(database)
    if not made:
        say(f"making the database {database} with Odoo's demo data (a minute or two, once).")
    # one that an earlier start left half made is made anew
    odoo.prepare(database, demo=True, fresh=not made)
    config = odoo.write_config(
        database,
        http_port=odoo_port,
        max_cron_threads=2,
        xero_base_url=f"http://localhost:{simulator_port}",
    )
    if not made:
        furnish(config)
        furnished.touch()
    # where Xero sends people back to; Odoo would only learn it when an administrator signs in
    quoted = f"http://127.0.0.1:{odoo_port}"
    postgres.sql(database, f"UPDATE ir_config_parameter SET value = '{quoted}' WHERE key = 'web.base.url'")
    return config


@contextlib.contextmanager
def running(database: str, config: Path, odoo_port: int, simulator_port: int) -> Iterator[dict[str, Server]]:
    """Odoo and the simulator, both answering, until the block ends."""
    logs = paths.LOG / database
    logs.mkdir(parents=True, exist_ok=True)
    simulator = [paths.PYTHON, "-m", "simulator", "--port", str(simulator_port)]
    with (
        server(simulator, logs / "simulator.log", cwd=paths.ROOT) as simulating,
        server(odoo.command(config), logs / "odoo.log", cwd=paths.RUN) as serving,
    ):
        wait_for(f"http://localhost:{simulator_port}/", "the simulator", simulating)
        wait_for(f"http://127.0.0.1:{odoo_port}/web/health", "Odoo", serving)
        yield {"the simulator": simulating, "Odoo": serving}


def furnish(config: Path) -> None:
    """Books for the simulator's New Zealand, every box of this addon's settings ticked, rights for the admin."""
    for script in ("demo_features.py", "demo_books.py"):
        odoo.run_script(config, script, **credentials())


def credentials() -> dict[str, str]:
    """Of the app that the simulator knows."""
    # imported here: the other commands work where there is no simulator
    from simulator.process import CLIENT_ID, CLIENT_SECRET

    return {"DEMO_CLIENT_ID": CLIENT_ID, "DEMO_CLIENT_SECRET": CLIENT_SECRET}


@dataclasses.dataclass
class Server:
    process: subprocess.Popen
    log: Path


@contextlib.contextmanager
def server(command: list, log: Path, cwd: Path) -> Iterator[Server]:
    """A child that is stopped with the block, and by the kernel should this process be killed."""
    with log.open("w") as output:
        # a session of its own: Ctrl-C comes to us alone, and we stop both in order
        process = subprocess.Popen(
            dies_with_us(command), env=odoo.environment(), cwd=cwd, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        yield Server(process, log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(address: str, name: str, child: Server) -> None:
    """:raises Problem: when the child ends, or never answers"""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        still_there(name, child)
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError:
            return  # an answer is an answer
        except OSError:
            time.sleep(0.1)
    raise Problem(f"{name} does not answer at {address} after {PATIENCE} seconds; see {child.log}.")


def still_there(name: str, child: Server) -> None:
    if child.process.poll() is not None:
        told = "\n".join(f"    {line}" for line in child.log.read_text(errors="replace").splitlines()[-8:])
        raise Problem(f"{name} stopped by itself; the end of {child.log}:\n{told}")


def watch(children: dict[str, Server]) -> None:
    """Until Ctrl-C, SIGTERM or SIGHUP, or until one of them ends by itself."""
    try:
        while True:
            for name, child in children.items():
                still_there(name, child)
            time.sleep(0.5)
    except KeyboardInterrupt:
        # a second Ctrl-C must not leave one of them behind
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        say("stopping.")


def banner(address: str, simulator_port: int, database: str, seconds: float) -> str:
    client_id, client_secret = credentials().values()
    return f"""
  Odoo       {address}/odoo   login admin, password admin   (database {database})
  Simulator  http://localhost:{simulator_port}/   a Xero with four organisations; it forgets everything when it stops

  Connect    in Odoo: Settings > Xero > Connect, tick Kauri Trading (NZ), Allow access.
             Client id and secret of the simulator's app are entered already, for the company Harbour Trading:
             {client_id}
             {client_secret}

  Logs       {(paths.LOG / database).relative_to(paths.ROOT)}/

  Ready after {seconds:.0f} s. Ctrl-C stops everything.
"""
