"""`make test-odoo` tells what Odoo's tests lose with the addon, and nothing else passes for "none"."""

import subprocess
import sys
from pathlib import Path

import pytest

from dev import odoo_tests, shell

ROOT = Path(__file__).resolve().parents[3]
TESTS = '''
import unittest
import pytest

class Standard(unittest.TestCase):
    test_tags = {"standard", "post_install"}

class TestOne(Standard):
    def test_good(self):
        pass

    def test_bad(self):
        self.assertEqual(1, 2, "one is not two")

    def test_skipped(self):
        self.skipTest("for a reason")

    def test_parts(self):
        for number in (1, 2):
            with self.subTest(number=number):
                self.assertEqual(number, 1)

class TestNoSetUp(Standard):
    @classmethod
    def setUpClass(cls):
        raise ValueError("no company")

    def test_never(self):
        pass

class TestOther(unittest.TestCase):
    test_tags = {"post_install"}

    def test_not_standard(self):
        raise ValueError

def test_helper(self):
    raise ValueError
'''
AWAKE, ASLEEP = {"changes": 7, "tests": 2}, {"changes": 0, "tests": 0}


def run_pytest(folder, text, *options):
    (folder / "test_some.py").write_text(text)
    reports = folder / "reports"
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:odoo", "-p", "no:cacheprovider", "-p", "standard_tests",
         "-p", "one_summary", f"--write-reports={reports}", "--rootdir=.", ".", *options],
        cwd=folder, env={"PYTHONPATH": str(ROOT / "dev" / "pytest_plugin")}, check=False, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return reports


def outcome(passed="", failed="", skipped=""):
    return odoo_tests.Outcome(set(passed.split()), dict.fromkeys(failed.split(), "the reason"), set(skipped.split()))


def test_the_outcome_of_a_test_is_the_worst_of_its_phases_and_parts(tmp_path):
    found = odoo_tests.outcome_of(run_pytest(tmp_path, TESTS))
    assert found.passed == {"test_some.py::TestOne::test_good"}
    assert found.skipped == {"test_some.py::TestOne::test_skipped"}
    reasons = {name.rpartition("::")[2]: text for name, text in found.failed.items()}
    assert set(reasons) == {"test_bad", "test_parts", "test_never"}
    assert "one is not two" in reasons["test_bad"] and "no company" in reasons["test_never"]


def test_a_session_that_breaks_off_is_no_outcome(tmp_path):
    with pytest.raises(shell.Problem):
        odoo_tests.outcome_of(run_pytest(tmp_path, "import no_such_module\n"))
    with pytest.raises(shell.Problem):
        odoo_tests.outcome_of(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("with_it", "lost"),
    [
        ({"passed": "a b"}, []),
        ({"passed": "a b c"}, []),  # what fails without the addon may pass with it
        ({"passed": "a", "failed": "b c"}, ["b\nthe reason"]),
        ({"passed": "a", "failed": "c", "skipped": "b"}, ["b\nskipped"]),
        ({"passed": "b", "failed": "c"}, ["a\ndid not run"]),
    ],
)
def test_lost_is_what_passes_without_the_addon_alone(capsys, with_it, lost):
    status = odoo_tests.tell(outcome("a b", "c"), outcome(**with_it), AWAKE, [], whole=True)
    said = capsys.readouterr().out
    assert f"failures that only the run with the addon has: {len(lost) or 'none'}" in said
    assert "fails without the addon already: c" in said
    assert all(text in said for text in lost)
    assert status == bool(lost)


@pytest.mark.parametrize(
    ("without", "awake", "calls", "whole", "status"),
    [
        ("a", AWAKE, [{"path": "/Invoices"}], True, 1),  # somebody waited for Xero
        ("", AWAKE, [], False, 1),  # nothing was tested
        ("a", ASLEEP, [], True, 1),  # nothing was tested of the addon
        ("a", ASLEEP, [], False, 0),  # one test need not post anything
    ],
)
def test_a_call_to_xero_and_a_run_of_nothing_are_failures_too(without, awake, calls, whole, status):
    assert odoo_tests.tell(outcome(without), outcome(without), awake, calls, whole=whole) == status
