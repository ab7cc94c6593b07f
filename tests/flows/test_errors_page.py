"""The catalogue of errors in the documentation is the one that people meet."""

import importlib.util
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from odoo.addons.xero_integration.models.connection_problems import SENTENCES
from odoo.addons.xero_integration.models.problems import CATALOGUE, ROOMS

GENERATOR = Path(__file__).parents[2] / "dev" / "errors_page.py"


@tagged("post_install", "-at_install")
class TestErrorsPage(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        spec = importlib.util.spec_from_file_location("xero_integration_errors_page", GENERATOR)
        cls.generator = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(cls.generator)

    def test_the_page_is_fresh(self):
        wanted = self.generator.page(CATALOGUE, SENTENCES, self.generator.views())
        self.assertEqual(self.generator.PAGE.read_text(), wanted, "run `make errors-page`")

    def test_no_code_of_the_catalogue_has_two_entries(self):
        self.assertEqual(sum(len(room.ENTRIES) for room in ROOMS), len(CATALOGUE))

    def test_every_outcome_of_the_catalogue_has_its_section(self):
        self.assertLessEqual({entry.outcome for entry in CATALOGUE.values()}, self.generator.STATES.keys())

    def test_every_cure_has_a_button(self):
        cures = {entry.cure for entry in CATALOGUE.values()} - {""}
        self.assertLessEqual(cures, self.generator.buttons(self.generator.views()).keys())
