"""A partner that has a counterpart in Xero notes that it changed."""

from odoo import models

from .resource_contacts import READ


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & READ:
            self.env["xero.change"]._append(self)
        return result

    def unlink(self):
        self.env["xero.change"]._append(self, "deleted")  # the worker finds the record gone and frees its contact
        return super().unlink()
