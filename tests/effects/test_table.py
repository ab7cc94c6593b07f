"""Every cell of the table in docs/effects.md that says something has a test, and the test says the same."""

from inspect import isfunction

from odoo.tests import BaseCase, tagged

from . import (
    test_contacts,
    test_credit,
    test_documents,
    test_expenses,
    test_files,
    test_payments,
    test_reference,
)
from .common import EVENTS, cells, rows

MODULES = (
    test_contacts, test_credit, test_documents, test_expenses, test_files, test_payments, test_reference,
)  # fmt: skip


def said_by_tests():
    """``[(record, method's name, docstring in one line)]`` of every test that stands for a cell"""
    classes = {each for module in MODULES for each in vars(module).values() if getattr(each, "record", "")}
    return [
        (each.record, name, " ".join((getattr(each, name).__doc__ or "").split()))
        for each in classes
        for name in dir(each) if name.startswith("test_") and isfunction(getattr(each, name))
    ]  # fmt: skip


@tagged("post_install", "-at_install")
class TestTable(BaseCase):
    def test_every_record_has_a_row_for_every_event(self):
        found = [(record, event) for record, event, _odoo, _xero in rows()]
        records = dict.fromkeys(record for record, _event in found)
        self.assertEqual(found, [(record, event) for record in records for event in EVENTS])

    def test_every_cell_has_a_test(self):
        tested = {(record, name) for record, name, _said in said_by_tests()}
        self.assertFalse(sorted(set(cells()) - tested))

    def test_every_test_says_what_its_cell_says(self):
        table = cells()
        for record, name, said in said_by_tests():
            with self.subTest(f"{record}: {name}"):
                self.assertEqual(said, table.get((record, name)))
