"""Odoo account, product or product category -> Xero account, per organisation."""

from odoo import fields, models


class XeroAccountMapping(models.Model):
    _name = "xero.account.mapping"
    _description = "Xero Account Mapping"
    _order = "organisation_id, id"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="organisation_id.company_id", store=True, index=True)
    # Exactly one of the three (a constraint); precedence product > category > account > default (S1.21).
    account_id = fields.Many2one("account.account", ondelete="cascade", index=True)
    product_id = fields.Many2one("product.product", ondelete="cascade", index=True)
    product_categ_id = fields.Many2one("product.category", ondelete="cascade", index=True)
    direction = fields.Selection([("sale", "Sales"), ("purchase", "Purchases"), ("both", "Both")], default="both", required=True)
    xero_account_id = fields.Many2one("xero.account", required=True, ondelete="cascade", domain="[('organisation_id', '=', organisation_id)]")
