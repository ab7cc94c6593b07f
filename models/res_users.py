"""People see on their own profile whether they may manage the integration (S0.5)."""

from odoo import api, fields, models

from .xero_connection import MANAGER


class ResUsers(models.Model):
    _inherit = "res.users"

    xero_permission = fields.Char("Xero permission", compute="_compute_xero_permission")

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "xero_permission"]

    @api.depends("group_ids", "all_group_ids")
    @api.depends_context("lang")
    def _compute_xero_permission(self):
        for user in self:
            # sudo: users may read about themselves, not about groups
            if user.sudo().has_group(MANAGER):
                user.xero_permission = self.env._("You may connect and manage Xero (“Xero: manage integrations”).")
            else:
                user.xero_permission = self.env._(
                    "You may not manage Xero. An administrator can give you “Xero: manage integrations”."
                )
