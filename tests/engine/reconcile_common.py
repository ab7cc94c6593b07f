"""What the tests of comparing and deciding share."""

from odoo import fields

from .documents import DocumentsCommon


class ReconcileCommon(DocumentsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.directions(payments="both")
        cls.work_again()

    def sweep(self):
        """A person asks for a comparison, and the worker makes it. :return: xero.sweep"""
        now = fields.Datetime.now()
        # everything of before was read: what is newer than the last read is under way
        self.env["xero.cursor"].search([]).write({"due_at": "2030-01-01", "read_at": now, "modified_since": now})
        self.organisation.action_compare()
        self.sim.clear_calls()
        self.work()
        return self.env["xero.sweep"].search([("organisation_id", "=", self.organisation.id)], limit=1)

    def rows(self, **values):
        domain = [("organisation_id", "=", self.organisation.id), ("state", "=", "open")]
        return self.env["xero.difference"].search(domain + [(name, "=", value) for name, value in values.items()])

    def apart(self, move, **values):
        """Let Xero's copy change without Odoo taking it over: the direction is one-way for that long."""
        self.directions("push")
        item = self.in_books("Invoices", InvoiceID=self.link(move).xero_id, **values)
        self.work_again()
        self.directions("both", contacts="push")
        return item
