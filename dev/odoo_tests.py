"""`make test-odoo`: Odoo's own tests of `account`, without the addon and with it, and what only the second run fails.

"With it" is as busy as an addon can be: an organisation is connected to a simulator that runs, auto-sync on, and every
company that a test sets up is connected too (`dev/pytest_plugin/connected_companies.py`). A test counts as lost when it
passes without the addon and does anything else with it; so a test that is skipped or vanishes is lost as well.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import debian, odoo, paths
from .shell import Problem, say
from .suite import PLUGIN, pytest

MODULE = "account"
#: prints Odoo's reports; some of its tests want to see a PDF
PRINTER = "wkhtmltopdf"


@dataclass
class Outcome:
    """What a session of pytest reported: a test's outcome is the worst of its phases."""

    passed: set[str]
    failed: dict[str, str]  # test -> what pytest printed of it
    skipped: set[str]

    def __str__(self):
        return f"{len(self.passed)} passed, {len(self.failed)} failed, {len(self.skipped)} skipped"


def compare(words: list[str]) -> int:
    """Both runs and the difference.

    :param words: further options for pytest, for instance `-k TestAccountMove`
    :return: 0 when every test that passes without the addon passes with it
    """
    with contextlib.suppress(Problem):  # Debian 13 has none; then the same tests fail in both runs
        debian.install([] if shutil.which(PRINTER) else [PRINTER])
    with plain_database() as config:
        say(f"Odoo's tests of {MODULE}, without the addon.")
        without = run(config, words)
    with connected_database() as (config, simulator):
        say(f"Odoo's tests of {MODULE}, with the addon, connected, auto-sync on.")
        noted = config.with_suffix(".noted")
        with_it = run(config, ["-p", "connected_companies", f"--changes-noted={noted}", *words])
        awake = json.loads(noted.read_text())
        calls = simulator.calls()
    return tell(without, with_it, awake, calls, whole=not words)


def tell(without: Outcome, with_it: Outcome, awake: dict[str, int], calls: list[dict], *, whole: bool) -> int:
    """Print it.

    :param awake: how many `changes` the addon noted in how many `tests`
    :param calls: what the simulator was asked while they ran; a user's transaction asks Xero nothing
    :param whole: all tests ran, so that it must have noted something
    """
    asleep = whole and not awake["changes"]
    lost = sorted(without.passed - with_it.passed)
    print(f"\nwithout the addon: {without}\nwith the addon:    {with_it}")
    print(f"the addon noted {awake['changes']:,} changes in {awake['tests']:,} tests; calls to Xero: {len(calls)}")
    for test in sorted(without.failed):
        print(f"fails without the addon already: {test}")
    print(f"\nfailures that only the run with the addon has: {len(lost) or 'none'}")
    for test in lost:
        print(f"\n{test}\n{with_it.failed.get(test) or ('skipped' if test in with_it.skipped else 'did not run')}")
    if not without.passed:
        say("no test ran: is the name right?")
    if asleep:
        say("the addon noted nothing: the companies of the tests were not connected.")
    return int(bool(lost or calls or asleep or not without.passed))


# ---- databases -----------------------------------------------------------------------------------

@contextlib.contextmanager
def plain_database() -> Iterator[Path]:
    """Odoo's modules of the template, none of ours; dropped afterwards."""
    name = "xero_odoo_tests_without"
    odoo.create(name)
    try:
        yield odoo.write_config(name)
    finally:
        odoo.drop(name)


@contextlib.contextmanager
def connected_database() -> Iterator[tuple[Path, object]]:
    """The same with the addon, and a simulator that its configuration names. The plugin connects it."""
    from simulator.process import Simulator  # noqa: PLC0415  (the other commands need no simulator beside `dev`)

    name = "xero_odoo_tests_with"
    odoo.prepare(name, fresh=True)
    try:
        with Simulator.start() as simulator:
            yield odoo.write_config(name, xero_base_url=simulator.url), simulator
    finally:
        odoo.drop(name)


# ---- one run -------------------------------------------------------------------------------------

def run(config: Path, words: list[str]) -> Outcome:
    """:raises Problem: when pytest does not get to its end"""
    folder, reports = tests_folder(), config.with_suffix(".reports")
    reports.unlink(missing_ok=True)
    environment = odoo.environment() | {
        "PYTHONPATH": os.pathsep.join(map(str, (PLUGIN, paths.ROOT))), "ODOO_RC": str(config),
    }  # fmt: skip
    subprocess.call(
        pytest("--odoo-http", "-q", "--tb=short", "-p", "no:cacheprovider", "-p", "standard_tests", "-p", "one_summary",
               f"--write-reports={reports}", "--rootdir=.", "--confcutdir=.", ".", *words),
        cwd=folder, env=environment,
    )  # fmt: skip
    return outcome_of(reports)


def tests_folder() -> Path:
    """The copy that Odoo imports: `odoo/addons` comes first there, and Debian has most files in both folders.

    :raises Problem: this Odoo came without its tests
    """
    for folder in reversed(debian.addons_paths(debian.odoo_home())):
        if (folder / MODULE / "tests").is_dir():
            return folder / MODULE / "tests"
    raise Problem(f"this Odoo has come without the tests of {MODULE}; a source checkout has them (ODOO_HOME).")


def outcome_of(reports: Path) -> Outcome:
    """:param reports: as `one_summary` writes them: a line per test and phase, more with subtests, and the last of all
    says how the session ended
    :raises Problem: when it did not get to its end
    """
    *lines, last = map(json.loads, reports.read_text().splitlines() if reports.exists() else ["{}"])
    if last.get("exitstatus") not in (0, 1, 5):  # all passed, some failed, none collected
        raise Problem("pytest did not get to the end of Odoo's tests; what it printed above says why.")
    failed, skipped, seen = {}, set(), set()
    for report in lines:
        test = report["nodeid"]
        seen.add(test)
        if report["outcome"] == "failed":
            failed.setdefault(test, text_of(report.get("longrepr")))
        elif report["outcome"] == "skipped":
            skipped.add(test)
    return Outcome(seen - failed.keys() - skipped, failed, skipped - failed.keys())


def text_of(longrepr) -> str:
    """The message of a failure as pytest serialises it: a text, or an exception with the place where it was raised."""
    crash = longrepr.get("reprcrash") if isinstance(longrepr, dict) else None
    return f"{crash['path']}:{crash['lineno']}: {crash['message']}" if crash else str(longrepr)
