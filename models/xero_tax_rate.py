"""Mirror of Xero's tax rates, with their components."""

from odoo import fields, models


class XeroTaxRate(models.Model):
    _name = "xero.tax.rate"
    _description = "Xero Tax Rate"
    _rec_names_search = ["name", "tax_type"]
    _order = "organisation_id, name, id"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="organisation_id.company_id", store=True, index=True)
    tax_type = fields.Char("TaxType", required=True, help="Xero's key of the rate.")
    name = fields.Char(required=True)
    display_rate = fields.Float("DisplayTaxRate", digits=(9, 4))
    effective_rate = fields.Float("EffectiveRate", digits=(9, 4))
    components = fields.Json("TaxComponents", help="[{Name, Rate, IsCompound, IsNonRecoverable}]")
    to_assets = fields.Boolean("CanApplyToAssets")
    to_equity = fields.Boolean("CanApplyToEquity")
    to_expenses = fields.Boolean("CanApplyToExpenses")
    to_liabilities = fields.Boolean("CanApplyToLiabilities")
    to_revenue = fields.Boolean("CanApplyToRevenue")
    active = fields.Boolean(default=True)

    _tax_type_uniq = models.UniqueIndex("(organisation_id, tax_type)")
