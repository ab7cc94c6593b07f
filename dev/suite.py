"""`make test`: every test there is, in three pytest sessions that report as one.

Tests without Odoo and tests inside Odoo cannot share an interpreter (the repository root is both an Odoo addon and the
folder of the packages `xero` and `simulator`). Tests on real commits bring their own processes with Odoo. The first two
sessions write each of their reports to a file; the last replays them before its own tests
(`dev/pytest_plugin/one_summary.py`). So the last line is one summary of all of them, and pytest's own exit status is
non-zero when anything failed in any.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from . import odoo, paths
from .shell import Problem, say

PLUGIN = paths.ROOT / "dev" / "pytest_plugin"
#: a test that hangs ends the run in minutes, not with the patience of whoever waits
ODOO_OPTIONS = ("--odoo-http", "-p", "no:cacheprovider", "--rootdir=.", "--timeout=600")
#: `make test` in several terminals at once: each its own database
SLOTS = 8


def run_everything(words: list[str]) -> int:
    """:param words: further options for all sessions of pytest, for instance `-x` or `-k name`"""
    with test_database() as config:
        before = [
            session(config, "tests without Odoo", "tests/standalone", words),
            session(config, "tests on real commits, with killed workers", "tests/live", words),
        ]
        say("tests in Odoo, and the summary of all.")
        return subprocess.call(
            pytest(*ODOO_OPTIONS, "-p", "one_summary", *before, "-ra", *odoo_folders(), *words),
            cwd=paths.ADDONS, env=environment(config),
        )  # fmt: skip


def session(config: Path, title: str, folder: str, words: list[str]) -> str:
    """Run one folder's tests; what they reported goes to a file. Returns the option that brings it into the summary."""
    reports = config.with_suffix(f".{Path(folder).name}.reports")
    reports.unlink(missing_ok=True)
    say(f"{title}.")
    subprocess.call(
        pytest("-q", "-p", "one_summary", f"--write-reports={reports}", "-c", f"{folder}/pytest.ini", folder, *words),
        cwd=paths.ROOT, env=environment(config),
    )  # fmt: skip
    if not reports.exists():
        raise Problem(f"pytest did not get as far as running the {title}.")
    return f"--replay-reports={reports}"


def pytest(*words: str) -> list[str]:
    return [str(paths.PYTHON), "-m", "pytest", *words]


def environment(config: Path) -> dict[str, str]:
    return odoo.environment() | {"PYTHONPATH": str(PLUGIN), "ODOO_RC": str(config)}


def odoo_folders() -> list[str]:
    """Every folder of Odoo tests, and files that lie beside them."""
    tests = paths.ROOT / "tests"
    folders = [each for each in tests.iterdir() if (each / "__init__.py").exists()]
    # The scenario first: it is the longest of single tests, and rows that others left behind make it ten times longer.
    folders.sort(key=lambda folder: (folder.name != "scenario", folder.name))
    found = folders + sorted(tests.glob("test_*.py"))
    if not found:
        raise Problem("there are no Odoo tests: no folder in tests/ has an __init__.py.")
    return [f"{paths.ADDON}/{each.relative_to(paths.ROOT)}" for each in found]


@contextlib.contextmanager
def test_database() -> Iterator[Path]:
    """A fresh database with the addon, dropped afterwards; what a killed run left is made anew by the next."""
    with slot() as number:
        database = f"xero_test_{number}"
        say(f"making the database {database}.")
        config = odoo.prepare(database, fresh=True)
        try:
            yield config
        finally:
            odoo.drop(database)


@contextlib.contextmanager
def slot() -> Iterator[int]:
    for number in range(1, SLOTS + 1):
        with (paths.RUN / f"tests-{number}.lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            os.environ["XERO_TEST_SLOT"] = str(number)
            yield number
            return
    raise Problem(f"{SLOTS} runs of the tests are under way in this checkout already.")
