"""An analytic account that stands for a tracking option notes that it changed."""

from odoo import models

TRACKED = {"name", "active", "plan_id"}


class AccountAnalyticAccount(models.Model):
    _inherit = "account.analytic.account"

    def write(self, vals):
        result = super().write(vals)
        if TRACKED & vals.keys():
            self.env["xero.change"]._append(self)
        return result

    def unlink(self):
        self.env["xero.change"]._append(self, "deleted")  # the worker finds the record gone and frees its option
        return super().unlink()
