"""A pytest plugin for `dev/odoo_tests.py`: the database's company is connected to the simulator, and so is every
company that a test sets up with a chart of accounts, as soon as it has one.

Odoo's own tests make companies of their own in transactions that are rolled back. Without this none of their documents
would have anywhere to go, and the addon would look on idly. An organisation of such a company is the addon's own
record: connected, its reference data mirrored by the addon's own code from what the simulator said, mapped as *Propose*
maps, auto-sync on. Only its tenant id is made up, since no simulator has as many organisations; nothing is ever sent to
it, because no worker runs beside these tests. This file is no part of the addon's wheel.
"""

import itertools
import json
from pathlib import Path

import pytest

TENANT = "US"  # its base currency is that of a new database's company


def pytest_addoption(parser):
    parser.addoption("--changes-noted", metavar="FILE", help="write there how many changes which tests made")


def pytest_configure(config):
    config.pluginmanager.register(ChangesNoted(config.getoption("--changes-noted")), "changes-noted")


@pytest.fixture(scope="session", autouse=True)
def connected_companies(load_registry, pytestconfig):
    from odoo.addons.account.models.chart_template import AccountChartTemplate  # noqa: PLC0415  (needs a registry)
    from odoo.addons.xero_integration.models.xero_change import XeroChange  # noqa: PLC0415

    known = connect_main_company()
    load, numbers = AccountChartTemplate._load, itertools.count(1)
    noted = pytestconfig.pluginmanager.get_plugin("changes-noted")

    def load_and_connect(self, template_code, company, *args, **kwargs):
        result = load(self, template_code, company, *args, **kwargs)
        connect(self.env, company.id, known, f"of a test's company, {next(numbers)}")
        return result

    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(AccountChartTemplate, "_load", load_and_connect)
        patches.setattr(XeroChange, "_append", noted.counting(XeroChange._append))
        yield


def connect_main_company():
    """What a person does with *Connect*, *Test connection*, *Propose* and the switch of auto-sync.

    :return dict: values of an organisation, and under ``read`` what Xero said of its reference data
    """
    from odoo.tests.common import get_db_name  # noqa: PLC0415
    from odoo.tools import config  # noqa: PLC0415

    from bench import company, odoo_books  # noqa: PLC0415
    from simulator.process import Simulator  # noqa: PLC0415

    simulator, database = Simulator(config["xero_base_url"]), get_db_name()
    with odoo_books.transaction(database) as env:
        env["ir.config_parameter"].set_param("web.base.url", "http://localhost:8069")
        connection_id = company.make_connection(env, simulator).id
    with odoo_books.transaction(database) as env:
        company.consent(env["xero.connection"].browse(connection_id), simulator, TENANT)
    with odoo_books.transaction(database) as env:
        connection = env["xero.connection"].browse(connection_id)
        _told, organisation = connection._take_up_consent()
        connection._settle_in(organisation)
        assert organisation.test_passed, organisation.test_report
        organisation.action_propose_mappings()
        organisation.auto_sync = True
        known = {"connection_id": connection_id, "name": organisation.name, "read": organisation.sudo()._read_parts()}
    simulator.clear_calls()  # what is in its log from here on a test has caused
    return known


def connect(env, company_id, known, tenant_id):
    """An organisation for the company, in the test's own transaction; none if it has one."""
    from odoo.api import SUPERUSER_ID  # noqa: PLC0415

    env = env(user=SUPERUSER_ID, su=True, context={"allowed_company_ids": [company_id]})
    Organisation = env["xero.organisation"]
    if Organisation.search_count([("company_id", "=", company_id)]):
        return
    organisation = Organisation.create({
        "name": known["name"], "connection_id": known["connection_id"], "company_id": company_id,
        "tenant_id": tenant_id,
    })  # fmt: skip
    organisation._connect()
    organisation._write_parts(known["read"])
    organisation.action_propose_mappings()
    organisation.write({"test_passed": True, "auto_sync": True})


class ChangesNoted:
    """Counts what the tests made the addon note: proof that it was awake."""

    def __init__(self, path):
        self.path = path
        self.changes, self.tests = 0, set()
        self.running = None

    def counting(self, append):
        """``XeroChange._append``, with the changes that it makes counted."""

        def append_and_count(model, *args, **kwargs):
            changes = append(model, *args, **kwargs)
            if changes:
                self.changes += len(changes)
                self.tests.add(self.running)
            return changes

        return append_and_count

    def pytest_runtest_logstart(self, nodeid, location):
        self.running = nodeid

    def pytest_sessionfinish(self):
        if self.path:
            counts = {"changes": self.changes, "tests": len(self.tests)}
            Path(self.path).write_text(json.dumps(counts), encoding="utf-8")
