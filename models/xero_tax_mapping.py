"""Odoo tax (or several together on one line) -> Xero tax rate, per organisation."""

from odoo import fields, models


class XeroTaxMapping(models.Model):
    _name = "xero.tax.mapping"
    _description = "Xero Tax Mapping"
    _order = "organisation_id, id"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="organisation_id.company_id", store=True, index=True)
    # Several: the taxes that stand together on a line and are one rate at Xero. Empty: lines without tax.
    tax_ids = fields.Many2many("account.tax", string="Taxes")
    tax_key = fields.Char(compute="_compute_tax_key", store=True, help="Sorted ids of the taxes, comma separated; empty: no tax.")
    direction = fields.Selection([("sale", "Sales"), ("purchase", "Purchases")], required=True, default="sale")
    xero_tax_rate_id = fields.Many2one("xero.tax.rate", required=True, ondelete="cascade", domain="[('organisation_id', '=', organisation_id)]")

    _tax_key_uniq = models.UniqueIndex("(organisation_id, direction, tax_key)", "These taxes are already mapped for this organisation.")

    def _compute_tax_key(self):
        for mapping in self:
            mapping.tax_key = ",".join(map(str, sorted(mapping.tax_ids.ids)))
