"""Odoo tax (or several together on one line) -> Xero tax rate, per organisation (S2.13, S2.14, S2.25)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .tax_compare import Mismatch, compare, names_of, number, odoo_rate


class XeroTaxMapping(models.Model):
    _name = "xero.tax.mapping"
    _inherit = ["xero.mapping.mixin"]
    _description = "Xero Tax Mapping"
    _check_company_auto = True
    _order = "organisation_id, direction desc, id"

    # Several: the taxes that stand together on a line and are one rate at Xero. Empty: lines without tax.
    tax_ids = fields.Many2many(
        "account.tax", string="Odoo taxes", check_company=True,
        context={"active_test": False},  # a tax archived in Odoo still stands on the documents that have it
        help="Several: taxes that stand together on a line and are one rate in Xero. None: lines without tax.",
    )  # fmt: skip
    tax_key = fields.Char(
        compute="_compute_tax_key", store=True, help="Sorted ids of the taxes, comma separated; empty: no tax."
    )
    direction = fields.Selection([("sale", "Sales"), ("purchase", "Purchases")], "For", required=True, default="sale")
    xero_tax_rate_id = fields.Many2one(
        "xero.tax.rate", "Xero tax rate", required=True, ondelete="cascade", index=True,
        domain="[('organisation_id', '=', organisation_id), ('directions', 'like', direction)]",
    )  # fmt: skip
    our_rate = fields.Char(
        "In Odoo", compute="_compute_rates", help="Percent of the untaxed amount, by Odoo's own computation."
    )
    their_rate = fields.Char("In Xero", compute="_compute_rates", help="Xero's effective rate.")
    trouble = fields.Text("To do", compute="_compute_rates")

    _tax_key_uniq = models.UniqueIndex(
        "(organisation_id, direction, tax_key)",
        "These taxes are already mapped for this organisation. Change that mapping.",
    )

    @api.depends("tax_ids")
    def _compute_tax_key(self):
        for mapping in self:
            mapping.tax_key = ",".join(map(str, sorted(mapping.tax_ids._origin.ids)))

    @api.depends("tax_ids", "xero_tax_rate_id")
    def _compute_display_name(self):
        for mapping in self:
            mapping.display_name = f"{names_of(self.env, mapping.tax_ids)} → {mapping.xero_tax_rate_id.name or ''}"

    @api.depends(
        "tax_ids", "tax_ids.amount", "direction", "xero_tax_rate_id.effective_rate", "xero_tax_rate_id.components",
        "xero_tax_rate_id.active", "xero_tax_rate_id.directions",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_rates(self):
        for mapping in self:
            rate = mapping.xero_tax_rate_id
            mapping.our_rate = mapping.trouble = False
            mapping.their_rate = rate and f"{number(rate._rate().percent)} %"
            try:
                mapping.our_rate = f"{number(odoo_rate(mapping.tax_ids._origin).percent)} %"
                if rate:
                    compare(mapping.tax_ids._origin, rate, mapping.direction)
            except Mismatch as mismatch:
                mapping.trouble = mismatch.text(self.env)

    @api.constrains("tax_ids", "direction", "xero_tax_rate_id", "organisation_id")
    def _check_rates_match(self):
        """Only what is the same on both sides may be mapped (S2.25)."""
        self._check_same_organisation("xero_tax_rate_id")
        for mapping in self:
            try:
                compare(mapping.tax_ids, mapping.xero_tax_rate_id, mapping.direction)
            except Mismatch as mismatch:
                raise ValidationError(mismatch.text(self.env)) from mismatch
