"""A stage: one real database, one simulator, one process with Odoo loaded that forks a child for whatever is played."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

from our_requests import judged

from dev import odoo, paths, postgres, shell
from simulator.process import Simulator

HERE = Path(__file__).resolve().parent
INVOICES, CUSTOMERS = 120, 70
ORGANISATION = "NZ"
# Actors that leave Odoo's own documents alone: after them the worker's tables are put back, after others everything.
WITHOUT_BOOKS = {"give_consent", "worker", "let_time_pass", "run_until_quiet", "skip_to_next_run", "ledger"}
LOG_TAIL = 6000  # characters


class ActorFailed(AssertionError):
    """An exception left what was played; the message is its traceback."""


class Killed(AssertionError):
    """The child was killed, and the test did not say that it would be."""


def prepared_database() -> str:
    """The name of a database with connected books and 120 invoices to send; made again when the sources change."""
    recipe = odoo.sources() + "".join(
        file.read_text() for file in (HERE / "stage_actors.py", paths.ROOT / "bench/company.py")
    )
    mark, now = paths.RUN / "conf" / "xero_live.books", hashlib.sha256(recipe.encode()).hexdigest()
    with shell.locked(paths.RUN / "xero_live.lock", waiting_for="preparing the books of the live tests"):
        if mark.exists() and mark.read_text() == now and postgres.exists("xero_live_books"):
            return "xero_live_books"
        mark.unlink(missing_ok=True)
        odoo.create("xero_live_building")
        config = odoo.write_config("xero_live_building")
        odoo.install(config, "-i", paths.ADDON)
        with Simulator.start() as simulator:
            config = odoo.write_config(
                "xero_live_building", xero_base_url=simulator.url, logfile=_log("xero_live_building")
            )
            with Process("xero_live_building", config) as process:
                process.play("prepare_books", url=simulator.url, customers=CUSTOMERS, invoices=INVOICES)
        postgres.drop("xero_live_books")
        postgres.rename("xero_live_building", "xero_live_books")
        mark.write_text(now)
    return "xero_live_books"


def _log(database: str) -> Path:
    paths.LOG.mkdir(parents=True, exist_ok=True)
    return paths.LOG / f"{database}.log"


class Process:
    """The process of stage_process.py and its children. Orders and reports are lines of JSON."""

    def __init__(self, database: str, config: Path):
        environment = odoo.environment() | {"PYTHONPATH": os.pathsep.join(map(str, (paths.ROOT, HERE)))}
        command = [str(paths.PYTHON), str(HERE / "stage_process.py"), database, str(config)]
        self.pipe = subprocess.Popen(
            shell.dies_with_us(command), env=environment, cwd=paths.RUN, text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.orders = 0
        self.order("hello")

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_):
        self.pipe.stdin.close()
        self.pipe.wait(20)
        self.pipe.stdout.close()

    def order(self, do: str, **more):
        """What became of it. An answer that a test no longer waited for, because its time was over, is passed by."""
        self.orders += 1
        self.pipe.stdin.write(json.dumps({"do": do, "order": self.orders, **more}) + "\n")
        while line := self.pipe.stdout.readline():
            answer = json.loads(line)
            if answer.pop("order") == self.orders:
                return answer
        raise ActorFailed("the process with Odoo ended; see its log")

    def start(self, actor: str, **parameters) -> int:
        """Fork a child that plays ``actor`` of stage_actors.py. :return: its process id"""
        return self.order("start", actor=actor, parameters=parameters)["pid"]

    def wait(self, pid: int, *, killed: bool = False, seconds: float = 60):
        """What the child returned; None when it was to be killed and was. :raise ActorFailed, Killed, TimeoutError:"""
        report = self.order("wait", pid=pid, seconds=seconds)
        if report.get("timeout"):
            os.kill(pid, signal.SIGKILL)
            self.order("wait", pid=pid, seconds=5)
            raise TimeoutError(f"still playing after {seconds} s")
        if "error" in report:
            raise ActorFailed(report["error"])
        if ("signal" in report) is not killed:
            raise (
                Killed(f"signal {report['signal']}") if not killed else AssertionError("it was to be killed, but ended")
            )
        return report.get("result")

    def play(self, actor: str, **parameters):
        """Start and wait."""
        return self.wait(self.start(actor, **parameters))


class Stage:
    """:ivar simulator: the ``Simulator``, judged by Xero's own files (``tests/contract/our_requests.py``)
    :ivar database: name of the database that is made anew for every test
    """

    def __init__(self, database, simulator, process, books):
        self.database, self.simulator, self.process, self.books = database, simulator, process, books
        self._log_start = 0
        self._books_touched = False
        #: process ids of the children that nobody has waited for yet
        self.playing: list[int] = []

    @classmethod
    @contextlib.contextmanager
    def opened(cls, database: str):
        books = prepared_database()
        postgres.drop(database)
        postgres.copy(books, database)
        with judged(Simulator).start() as simulator:
            config = odoo.write_config(database, xero_base_url=simulator.url, logfile=_log(database))
            with Process(database, config) as process:
                process.order("rehearse", url=simulator.url)
                yield cls(database, simulator, process, books)
        odoo.drop(database)

    # ---- between tests ----------------------------------------------------------------------------

    def fresh(self):
        """The prepared books again, and a Xero in its first second that has given them a token."""
        self._log_start = _log(self.database).stat().st_size
        self.simulator.reset()
        if self._books_touched:
            self.process.order("renew", template=self.books)
        else:
            self.process.order("restore")
        self._books_touched = False
        self.simulator.limits(enforced=False)
        self.play("give_consent", url=self.simulator.url)
        self.simulator.clear_calls()

    def end(self):
        """No child outlives its test."""
        self.simulator.clear_faults()
        for pid in self.playing:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            self.process.order("wait", pid=pid, seconds=5)
        self.playing = []

    def log_since_fresh(self) -> str:
        with _log(self.database).open("rb") as file:
            file.seek(self._log_start)
            return file.read().decode(errors="replace")[-LOG_TAIL:]

    # ---- playing ----------------------------------------------------------------------------------

    def start(self, actor: str, **parameters) -> int:
        self._books_touched |= actor not in WITHOUT_BOOKS
        pid = self.process.start(actor, **parameters)
        self.playing.append(pid)
        return pid

    def wait(self, pid: int, *, killed: bool = False, **options):
        try:
            result = self.process.wait(pid, killed=killed, **options)
        except Exception:
            self.playing.remove(pid)  # it has ended; not so when the time of the test is over, which is no Exception
            raise
        self.playing.remove(pid)
        if killed:
            self._wait_until_locks_are_gone()
        return result

    def _wait_until_locks_are_gone(self):
        """PostgreSQL needs a moment to find that its client is dead."""
        until = time.monotonic() + 10
        while int(postgres.sql("postgres", f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{self.database}'")):
            assert time.monotonic() < until, "a killed worker's session is still there"
            time.sleep(0.02)

    def play(self, actor: str, *, killed: bool = False, **parameters):
        return self.wait(self.start(actor, **parameters), killed=killed)

    def kill(self, pid: int):
        """SIGKILL, and wait until the kernel has taken it away."""
        os.kill(pid, signal.SIGKILL)
        self.wait(pid, killed=True)

    def wait_until_hanging(self, seconds: float = 20):
        """Until a call has met the ordered delay. :return: that call"""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if any(fault["hits"] for fault in self.simulator.faults()):
                [call] = self.simulator.calls(outcome="under way")
                return call
            time.sleep(0.01)
        raise AssertionError("no call came to hang")

    def sql(self, statement: str) -> str:
        self._books_touched = True
        return postgres.sql(self.database, statement)

    # ---- time and recovery ------------------------------------------------------------------------

    def let_time_pass(self, seconds: float):
        """On both clocks. Calls that Xero still holds are let go first: nothing hangs at Xero for minutes."""
        self.simulator.clear_faults()
        self._wait_until_nothing_hangs()
        self.simulator.clock(advance=seconds)
        self.play("let_time_pass", seconds=seconds)

    def _wait_until_nothing_hangs(self):
        until = time.monotonic() + 10
        while self.simulator.count_calls(outcome="under way"):
            assert time.monotonic() < until, "a call hangs in the simulator"
            time.sleep(0.01)

    def recover(self, *, keep_faults: bool = False) -> int:
        """Wait for who plays, then let Odoo's scheduler do what it would do by itself, hours in a moment.

        :return: how often the worker ran
        """
        if not keep_faults:
            self.simulator.clear_faults()
        for pid in list(self.playing):
            self.wait(pid)
        self._wait_until_nothing_hangs()
        return self.play("run_until_quiet", url=self.simulator.url)

    # ---- what there is ----------------------------------------------------------------------------

    def ledger(self) -> dict:
        """See ``stage_actors.ledger``."""
        return self.play("ledger")

    def xero_invoices(self) -> list[dict]:
        return self.simulator.books(ORGANISATION, "Invoices", page=1, pageSize=1000)["Invoices"]

    def xero_contacts(self) -> list[dict]:
        found = self.simulator.books(ORGANISATION, "Contacts", page=1, pageSize=1000)["Contacts"]
        return [contact for contact in found if (contact.get("ContactNumber") or "").startswith("odoo-")]
