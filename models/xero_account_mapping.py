"""Odoo account, product or product category -> Xero account, per organisation (S1.21)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .xero_account import LINE_DOMAIN


class XeroAccountMapping(models.Model):
    _name = "xero.account.mapping"
    _inherit = ["xero.mapping.mixin"]
    _description = "Xero Account Mapping"
    _check_company_auto = True

    # Exactly one of the three (a constraint); precedence product > category > account > default (S1.21).
    account_id = fields.Many2one("account.account", "Odoo account", ondelete="cascade", index=True, check_company=True)
    product_id = fields.Many2one("product.product", ondelete="cascade", index=True, check_company=True)
    product_categ_id = fields.Many2one("product.category", "Product category", ondelete="cascade", index=True)
    direction = fields.Selection(
        [("sale", "Sales"), ("purchase", "Purchases"), ("both", "Both")], "For", default="both", required=True,
        help="A mapping for one of the two goes before one for both.",
    )  # fmt: skip
    xero_account_id = fields.Many2one(
        "xero.account", "Xero account", required=True, ondelete="cascade", index=True, domain=LINE_DOMAIN
    )
    trouble = fields.Text("To do", compute="_compute_trouble")

    # PostgreSQL takes every NULL for another value, so each kind has an index of its own.
    _account_uniq = models.UniqueIndex(
        "(organisation_id, account_id, direction) WHERE account_id IS NOT NULL",
        "This Odoo account is already mapped for this organisation. Change that mapping.",
    )
    _product_uniq = models.UniqueIndex(
        "(organisation_id, product_id, direction) WHERE product_id IS NOT NULL",
        "This product is already mapped for this organisation. Change that mapping.",
    )
    _product_categ_uniq = models.UniqueIndex(
        "(organisation_id, product_categ_id, direction) WHERE product_categ_id IS NOT NULL",
        "This product category is already mapped for this organisation. Change that mapping.",
    )

    @api.depends("account_id", "product_id", "product_categ_id", "xero_account_id")
    def _compute_display_name(self):
        for mapping in self:
            ours = mapping.product_id or mapping.product_categ_id or mapping.account_id
            mapping.display_name = f"{ours.display_name or ''} → {mapping.xero_account_id.display_name or ''}"

    @api.depends("xero_account_id.active", "xero_account_id.account_type", "xero_account_id.system_account")
    @api.depends_context("lang")
    def _compute_trouble(self):
        for mapping in self:
            mapping.trouble = mapping.xero_account_id and mapping.xero_account_id._refused_for_lines()

    @api.constrains("account_id", "product_id", "product_categ_id", "xero_account_id")  # the last is always given
    def _check_one_of_three(self):
        for mapping in self:
            if (
                len([record for record in (mapping.account_id, mapping.product_id, mapping.product_categ_id) if record])
                != 1
            ):
                raise ValidationError(
                    self.env._(
                        "Choose exactly one: an Odoo account, a product, or a product category. For two of them, make "
                        "two mappings."
                    )
                )

    @api.constrains("xero_account_id", "organisation_id")
    def _check_xero_account(self):
        self._check_same_organisation("xero_account_id")
        for mapping in self:
            self._refuse(mapping.xero_account_id._refused_for_lines())
