"""`make test`: every test there is, in several pytest sessions that report as one.

Tests without Odoo and tests inside Odoo cannot share an interpreter (the repository root is both an Odoo addon and the
folder of the packages `xero` and `simulator`). Tests on real commits bring their own processes with Odoo. Tests inside
Odoo go in two lanes, each with a database of its own, because one alone leaves the second core idle. Every session
writes its reports to a file; a last one without tests replays them all (`dev/pytest_plugin/one_summary.py`). So the
last line is one summary, and pytest's own exit status is non-zero when anything failed in any.
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
#: folders of Odoo tests that take as long as all the others and the tests without Odoo together
FIRST_LANE = ("effects", "engine", "expenses", "flows", "reference")
#: `make test` in several terminals at once: each its own databases
SLOTS = 8


def run_everything(words: list[str]) -> int:
    """:param words: further options for all sessions of pytest, for instance `-x` or `-k name`"""
    with test_databases() as (first, second):
        say("tests in Odoo, in two lanes; tests without Odoo.")
        with start(first, "odoo-1", *odoo_session(odoo_folders(FIRST_LANE)), *words):
            run(second, "standalone", *plain_session("standalone"), *words)
            run(second, "odoo-2", *odoo_session(odoo_folders()), *words)
        check(first, "odoo-1")
        say("tests on real commits, with killed workers.")
        run(second, "live", *plain_session("live"), *words)
        say("the summary of all.")
        replayed = [f"--replay-reports={reports(config, name)}" for config, name in (
            (second, "standalone"), (first, "odoo-1"), (second, "odoo-2"), (second, "live"),
        )]  # fmt: skip
        return subprocess.call(
            pytest("-p", "one_summary", "-p", "no:odoo", "-c", PLUGIN / "pytest.ini", "--rootdir=.", *replayed, PLUGIN),
            cwd=paths.ROOT, env=environment(second),
        )  # fmt: skip


def plain_session(folder: str) -> tuple[list[str], Path]:
    """Options of a folder that brings its own `pytest.ini`, and where it starts."""
    return ["-q", "-c", f"tests/{folder}/pytest.ini", f"tests/{folder}"], paths.ROOT


def odoo_session(folders: list[str]) -> tuple[list[str], Path]:
    return [*ODOO_OPTIONS, "-q", *folders], paths.ADDONS


def run(config: Path, name: str, options: list[str], folder: Path, *words: str) -> None:
    """One session; what it reported goes to a file, and its course to the terminal."""
    reports(config, name).unlink(missing_ok=True)
    subprocess.call(session(config, name, options, words), cwd=folder, env=environment(config))
    check(config, name)


def start(config: Path, name: str, options: list[str], folder: Path, *words: str) -> subprocess.Popen:
    """One session beside others; its course goes to a file, because two on one terminal cannot be read."""
    reports(config, name).unlink(missing_ok=True)
    log = paths.LOG / f"{config.stem}.{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    say(f"what the first lane says goes to {log.relative_to(paths.ROOT)}; its failures are in the summary.")
    with log.open("wb") as output:
        return subprocess.Popen(
            session(config, name, options, words), cwd=folder, env=environment(config), stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip


def session(config: Path, name: str, options: list[str], words: tuple[str, ...]) -> list[str]:
    return pytest("-p", "one_summary", f"--write-reports={reports(config, name)}", *options, *words)


def reports(config: Path, name: str) -> Path:
    return config.with_suffix(f".{name}.reports")


def check(config: Path, name: str) -> None:
    if not reports(config, name).exists():
        raise Problem(f"pytest did not get as far as running the tests of {name}.")


def pytest(*words: str | Path) -> list[str]:
    return [str(paths.PYTHON), "-m", "pytest", *map(str, words)]


def environment(config: Path) -> dict[str, str]:
    return odoo.environment() | {"PYTHONPATH": str(PLUGIN), "ODOO_RC": str(config)}


def odoo_folders(only: tuple[str, ...] = ()) -> list[str]:
    """Folders of Odoo tests and files that lie beside them: those of the first lane, or all others.

    :param only: names of folders
    """
    tests = paths.ROOT / "tests"
    folders = [each for each in tests.iterdir() if (each / "__init__.py").exists()]
    # The scenario first: it is the longest of single tests, and rows that others left behind make it ten times longer.
    folders.sort(key=lambda folder: (folder.name != "scenario", folder.name))
    if only:
        found = [folder for folder in folders if folder.name in only]
    else:
        found = [folder for folder in folders if folder.name not in FIRST_LANE] + sorted(tests.glob("test_*.py"))
    if not found:
        raise Problem("there are no Odoo tests: no folder in tests/ has an __init__.py.")
    return [f"{paths.ADDON}/{each.relative_to(paths.ROOT)}" for each in found]


@contextlib.contextmanager
def test_databases() -> Iterator[tuple[Path, Path]]:
    """Two fresh databases with the addon, dropped afterwards; what a killed run left is made anew by the next."""
    with slot() as number:
        first, second = f"xero_test_{number}", f"xero_test_{number}_2"
        say(f"making the databases {first} and {second}.")
        config = odoo.prepare(first, fresh=True)
        odoo.run_script(config, "company_for_tests.py")
        try:
            yield config, odoo.twin(first, second)
        finally:
            odoo.drop(first)
            odoo.drop(second)


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
