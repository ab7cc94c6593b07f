"""A partner that has a counterpart in Xero notes that it changed."""

from odoo import models

TRACKED = {
    "name",
    "is_company",
    "email",
    "phone",
    "street",
    "street2",
    "city",
    "state_id",
    "zip",
    "country_id",
    "vat",
    "ref",
    "active",
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if TRACKED & vals.keys():
            self.env["xero.change"]._append(self)
        return result

    def unlink(self):
        self.env["xero.change"]._append(self)  # the worker finds the record gone and frees its contact
        return super().unlink()
