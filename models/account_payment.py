"""A payment notes that it was posted or taken back: what of it is matched with nothing is credit at Xero."""

from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.env["xero.change"]._append(self)
        return result

    def unlink(self):
        self.env["xero.change"]._append(self)
        return super().unlink()
