"""A tax rate of Xero's as a new tax in Odoo, with its components (S4.4)."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .mapping_resolver import NO_TAX
from .tax_compare import Mismatch, compare


class XeroTaxRate(models.Model):
    _inherit = "xero.tax.rate"

    mapping_ids = fields.One2many("xero.tax.mapping", "xero_tax_rate_id")
    unmapped = fields.Boolean(compute="_compute_unmapped", help="No tax stands for it in one of its directions.")

    @api.depends("active", "directions", "mapping_ids.direction")
    def _compute_unmapped(self):
        for rate in self:
            rate.unmapped = rate.active and bool(rate._free_sides())

    def _free_sides(self):
        mapped = self.mapping_ids.mapped("direction")
        return [side for side in (self.directions or "").split() if side not in mapped]

    def action_create_in_odoo(self):
        """Make a tax for each direction that the rate may be used for and no tax stands for, and map it."""
        self.ensure_one()
        self.organisation_id._check_manager()
        sides = self._free_sides()
        if not sides:
            raise UserError(self.env._("A tax in Odoo already stands for %(rate)s.", rate=self.name))
        taxes = self.env["account.tax"].union(*(self._create_tax(side) for side in sides))
        return {
            "type": "ir.actions.act_window", "name": self.env._("Taxes"), "res_model": "account.tax",
            "view_mode": "list,form", "views": [(False, "list"), (False, "form")], "domain": [("id", "in", taxes.ids)],
        }  # fmt: skip

    def _is_no_tax(self):
        """Whether its lines bear no tax at all, also in Odoo."""
        return self.tax_type in NO_TAX

    def _create_tax(self, side):
        """A tax that comes to exactly this rate, mapped to it; a group of taxes where it has several components.

        :param str side: ``sale`` or ``purchase``
        :rtype: account.tax
        :raise UserError: no tax of Odoo's comes to it, or Odoo refuses it
        """
        organisation = self.organisation_id
        here = self.with_company(organisation.company_id)
        model_tax = here._tax_like(side)
        parts = self.components or [{"Name": self.name, "Rate": self.effective_rate}]
        if len(parts) == 1 or not self.effective_rate:
            lost = len(parts) == 1 and parts[0].get("IsNonRecoverable")
            values = here._tax_values(side, self.name, self._rate().percent or self._rate().reverse, model_tax, lost)
            values["type_tax_use"] = side
        else:
            children = here._create_children(side, parts, model_tax)
            values = here._common_values(self.name, model_tax) | {
                "type_tax_use": side, "amount_type": "group", "children_tax_ids": [Command.set(children.ids)],
            }  # fmt: skip
        tax = here.env["account.tax"].create(values | {"name": here._free_tax_name(self.name, side)})
        try:
            compare(tax, self, side)
        except Mismatch as mismatch:
            raise UserError(mismatch.text(self.env)) from mismatch
        self.env["xero.tax.mapping"].create({
            "organisation_id": organisation.id, "direction": side, "tax_ids": [Command.set(tax.ids)],
            "xero_tax_rate_id": self.id,
        })  # fmt: skip
        return tax

    def _tax_like(self, side):
        """The tax of the company that tells group and accounts: of the same percentage, else its usual one."""
        company = self.organisation_id.company_id
        Tax = self.env["account.tax"]
        taxes = Tax.search([
            *Tax._check_company_domain(company), ("type_tax_use", "=", side), ("amount_type", "=", "percent"),
            ("country_id", "=", company.account_fiscal_country_id.id),
        ])  # fmt: skip
        same = taxes.filtered(lambda tax: abs(tax.amount - self.effective_rate) < 0.0001)
        usual = company.account_sale_tax_id if side == "sale" else company.account_purchase_tax_id
        return same[:1] or usual or taxes[:1]

    def _common_values(self, name, model_tax):
        company = self.organisation_id.company_id
        values = {"name": name, "company_id": company.id, "price_include_override": "tax_excluded"}
        return values | ({"tax_group_id": model_tax.tax_group_id.id} if model_tax else {})

    def _tax_values(self, side, name, amount, model_tax, lost=False):
        """:param bool lost: not recoverable: it stays on the account of the line"""
        account = model_tax.invoice_repartition_line_ids.filtered("account_id").account_id[:1]
        factors = [100, -100] if self._rate().reverse else [100]
        repartition = [Command.create({"repartition_type": "base"})] + [
            Command.create({
                "repartition_type": "tax", "factor_percent": factor, "account_id": False if lost else account.id,
            })
            for factor in factors
        ]  # fmt: skip
        return self._common_values(name, model_tax) | {
            "amount_type": "percent", "amount": amount, "type_tax_use": "none",
            "invoice_repartition_line_ids": repartition, "refund_repartition_line_ids": repartition,
        }  # fmt: skip

    def _create_children(self, side, parts, model_tax):
        """A compound component is levied on the plain ones, too, which are not on one another."""
        compound = any(part.get("IsCompound") for part in parts)
        return self.env["account.tax"].create([
            self._tax_values(side, f"{self.name}: {part.get('Name') or number}", part.get("Rate") or 0.0, model_tax,
                             lost=part.get("IsNonRecoverable"))
            | {
                "sequence": 2 if part.get("IsCompound") else 1,
                "include_base_amount": compound and not part.get("IsCompound"),
                "is_base_affected": bool(part.get("IsCompound")),
            }
            for number, part in enumerate(parts, 1)
        ])  # fmt: skip

    def _free_tax_name(self, name, side):
        """Odoo takes a name once per direction."""
        Tax = self.env["account.tax"].with_context(active_test=False)
        company = self.organisation_id.company_id
        taken = set(Tax.search([
            ("company_id", "child_of", company.root_id.id), ("type_tax_use", "=", side), ("name", "=like", f"{name}%"),
        ]).mapped("name"))  # fmt: skip
        candidates = (name if number == 1 else f"{name} ({number})" for number in range(1, len(taken) + 2))
        return next(candidate for candidate in candidates if candidate not in taken)
