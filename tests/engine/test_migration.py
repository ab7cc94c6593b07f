"""An existing database goes on as it did before there was a direction per kind of record."""

import importlib.util
from pathlib import Path

from odoo import fields
from odoo.tests import tagged

from .common import EngineCommon

SCRIPT = Path(__file__).parents[2] / "migrations" / "19.0.1.2.0" / "post-migrate.py"


@tagged("post_install", "-at_install")
class TestMigration(EngineCommon):
    def migrate(self):
        spec = importlib.util.spec_from_file_location("xero_post_migrate", SCRIPT)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_existing_organisation_sends_contacts_and_invoices_and_nothing_else(self):
        self.organisation.policy_ids.unlink()
        self.organisation.write({"pull_from": False, "state": "disconnected", "active": False})
        self.migrate()
        directions = {policy.kind: policy.direction for policy in self.organisation.policy_ids}
        self.assertEqual({kind for kind, direction in directions.items() if direction == "push"},
                         {"contacts", "invoices"})  # fmt: skip
        self.assertEqual(set(directions.values()), {"push", "off"})
        self.assertEqual(len(directions), 9)
        self.assertEqual(self.organisation.pull_from, fields.Date.today())

    def test_organisation_that_has_directions_keeps_them(self):
        self.directions("both")
        self.organisation.pull_from = "2020-01-01"
        self.migrate()
        self.assertTrue(self.organisation._pulls("bills"))
        self.assertEqual(str(self.organisation.pull_from), "2020-01-01")
