"""The Xero card of the settings: how the company stands with Xero, and the one button that is next."""

from odoo import fields, models

from .xero_connection import MANAGER


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    xero_state = fields.Selection(related="company_id.xero_state", groups=MANAGER)
    xero_names = fields.Char(related="company_id.xero_names", groups=MANAGER)

    def action_xero_configure(self):
        return self.company_id.action_xero_configure()

    def action_xero_connect(self):
        return self.company_id.action_xero_connect()

    def action_xero_manage(self):
        return self.company_id.action_xero_manage()
