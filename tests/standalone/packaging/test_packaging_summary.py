"""`make test` is several sessions of pytest and one summary: a failure in any is a failure of the whole."""

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

from dev import suite

ROOT = Path(__file__).resolve().parents[3]
PLUGIN = ROOT / "dev" / "pytest_plugin"

GOOD = "def test_good(): pass\n"
BAD = "def test_bad(): assert 1 == 2\n"
BROKEN = "import no_such_module\n"
SKIPPED = "import pytest\ndef test_skipped(): pytest.skip('for a reason')\n"


@pytest.fixture
def sessions(tmp_path):
    """Run `first`, then `second` with the reports of the first; returns the second's outcome."""

    def session(name, text, *options):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "pytest.ini").write_text("[pytest]\n")
        (folder / f"test_{name}.py").write_text(text)
        return pytest_in(tmp_path, "-p", "no:cacheprovider", "-ra", *options, name)

    def run(first, second, *options):
        reports = tmp_path / "reports"
        session("first", first, f"--write-reports={reports}", *options)
        return session("second", second, "--rootdir=.", f"--replay-reports={reports}", *options)

    return run


def last_line(done):
    return done.stdout.strip().splitlines()[-1]


def test_both_good_is_good(sessions):
    done = sessions(GOOD, GOOD)
    assert done.returncode == 0 and "2 passed" in last_line(done)


@pytest.mark.parametrize(("first", "second"), [(BAD, GOOD), (GOOD, BAD), (BAD, BAD)])
def test_a_failure_in_either_fails_the_whole_and_is_shown(sessions, first, second):
    done = sessions(first, second)
    assert done.returncode == 1
    assert f"{(first, second).count(BAD)} failed" in last_line(done)
    if GOOD in (first, second):
        assert "1 passed" in last_line(done), "the other session ran to its end"
    assert "assert 1 == 2" in done.stdout
    if first == BAD:
        assert "FAILED first/test_first.py::test_bad" in done.stdout


def test_a_file_that_cannot_be_read_fails_the_whole(sessions):
    done = sessions(BROKEN, GOOD)
    assert done.returncode != 0
    assert "1 error" in last_line(done) and "no_such_module" in done.stdout


def test_skips_and_their_reasons_are_in_the_summary(sessions):
    done = sessions(SKIPPED, GOOD)
    assert done.returncode == 0
    assert "1 passed, 1 skipped" in last_line(done) and "for a reason" in done.stdout


def test_a_first_session_that_died_fails_the_whole(sessions):
    done = sessions("import os\ndef test_good(): pass\ndef test_dies(): os._exit(0)\n", GOOD)
    assert done.returncode != 0
    assert "did not end well" in done.stdout


@pytest.mark.parametrize(("texts", "status", "said"), [
    ((GOOD, GOOD), 0, "2 passed"), ((GOOD, BAD), 1, "1 failed, 1 passed"), ((BROKEN, GOOD), 1, "1 error"),
])  # fmt: skip
def test_the_summary_itself_has_no_tests_and_ends_as_they_did(tmp_path, texts, status, said):
    replays = []
    for number, text in enumerate(texts):
        folder, reports = tmp_path / f"one{number}", tmp_path / f"reports{number}"
        folder.mkdir()
        (folder / f"test_one{number}.py").write_text(text)
        pytest_in(tmp_path, f"--write-reports={reports}", "-c", PLUGIN / "pytest.ini", "--rootdir=.", folder)
        replays.append(f"--replay-reports={reports}")
    done = pytest_in(tmp_path, "-c", PLUGIN / "pytest.ini", "--rootdir=.", *replays, PLUGIN)
    assert done.returncode == status, done.stdout
    assert said in last_line(done)


def pytest_in(folder, *options):
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:odoo", "-p", "one_summary", *options], cwd=folder, text=True,
        env={"PYTHONPATH": str(PLUGIN), "COLUMNS": "200"}, check=False, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )  # fmt: skip


def test_no_session_waits_for_a_test_for_ever():
    options = (option.partition("=") for option in suite.ODOO_OPTIONS)
    limits = [int(value) for name, _equals, value in options if name == "--timeout"]
    for folder in ("standalone", "live"):
        ini = configparser.ConfigParser()
        ini.read(ROOT / "tests" / folder / "pytest.ini")
        limits.append(ini.getint("pytest", "timeout"))
    assert len(limits) == 3 and all(0 < limit <= 600 for limit in limits)
