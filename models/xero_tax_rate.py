"""Mirror of Xero's tax rates, with their components."""

from dataclasses import replace

from odoo import api, fields, models

from .tax_compare import number, reverse_charge, xero_rate


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
    directions = fields.Char(
        compute="_compute_directions", store=True, help="What it may be mapped for: sale, purchase, or both."
    )
    components_text = fields.Char("Components", compute="_compute_components_text")

    _tax_type_uniq = models.UniqueIndex("(organisation_id, tax_type)")

    @api.depends("name", "effective_rate", "components")
    def _compute_display_name(self):
        for rate in self:
            percent = number(rate._rate().percent)
            said = f"{percent}%" in (rate.name or "").replace(" %", "%")
            rate.display_name = rate.name if said else f"{rate.name} ({percent}%)"

    @api.depends("to_revenue", "to_expenses")
    def _compute_directions(self):
        for rate in self:
            rate.directions = " ".join(direction for direction in ("sale", "purchase") if rate._fits(direction))

    @api.depends("components")
    @api.depends_context("lang")
    def _compute_components_text(self):
        for rate in self:
            rate.components_text = ", ".join(rate._component_text(part) for part in rate.components or ())

    def _component_text(self, part):
        text = f"{part.get('Name') or '?'} {number(part.get('Rate') or 0)} %"
        if part.get("IsCompound"):
            text = self.env._("%(part)s compound", part=text)
        if part.get("IsNonRecoverable"):
            text = self.env._("%(part)s not recoverable", part=text)
        return text

    def _rate(self):
        """:rtype: tax_compare.Rate"""
        rate = xero_rate(self.effective_rate, self.components)
        return replace(rate, reverse=reverse_charge(self.tax_type, self.name) or rate.reverse)

    def _fits(self, direction):
        """Whether Xero takes it on ``sale`` or ``purchase`` documents, as far as the rate itself says (S2.25).

        Assets tell nothing: ordinary sales rates apply to them, too, and capital ones to nothing else. A rate that
        applies to neither revenue nor expenses fits both.
        """
        if direction == "sale":
            return self.to_revenue or not self.to_expenses
        return self.to_expenses or not self.to_revenue
