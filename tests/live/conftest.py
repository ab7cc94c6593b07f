"""Every test gets a stage: a database of its own with 120 posted invoices that wait for Xero, and a simulator."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT / "tests" / "contract", ROOT):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from live_stage import Stage  # noqa: E402

from dev import postgres  # noqa: E402


@pytest.fixture(scope="session")
def house(worker_id):
    """The process that has Odoo loaded and the simulator; they serve all tests of this worker."""
    slot = os.environ.get("XERO_TEST_SLOT", "0")
    with postgres.running(), Stage.opened(f"xero_live_{slot}_{worker_id}") as stage:
        yield stage


@pytest.fixture
def stage(house):
    """The books as they were prepared, a simulator in its first second, the organisation connected."""
    house.fresh()
    yield house
    house.end()
    house.simulator.judge()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed and (house := item.funcargs.get("house")):
        report.sections.append(("Odoo's log", house.log_since_fresh()))
    return report
