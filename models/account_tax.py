"""A tax that changes or goes is compared with its rate at Xero anew."""

from odoo import models

# What decides the percentage of a tax.
RATE_FIELDS = {
    "amount", "amount_type", "children_tax_ids", "include_base_amount", "invoice_repartition_line_ids",
    "is_base_affected", "price_include_override", "repartition_line_ids", "sequence", "type_tax_use",
}  # fmt: skip


class AccountTax(models.Model):
    _inherit = "account.tax"

    def write(self, vals):
        result = super().write(vals)
        if RATE_FIELDS & vals.keys():
            self._xero_mappings().organisation_id._mapping_changed()
            self.env["xero.change"]._append(self)  # one that Xero refused as a new rate may be taken now
        return result

    def unlink(self):
        mappings = self._xero_mappings(direct=True)
        # A mapping of taxes that are gone would otherwise be left as one of no taxes at all.
        mappings.unlink()
        return super().unlink()

    def _xero_mappings(self, direct=False):
        """Mappings of these taxes, and of groups of which they are a part."""
        taxes = self if direct else self | self.sudo().search([("children_tax_ids", "in", self.ids)])
        # sudo: whoever keeps the taxes need not see the integration
        return self.env["xero.tax.mapping"].sudo().search([("tax_ids", "in", taxes.ids)])

    def _read_for_rates(self):
        """Into the cache, at once, what Odoo's tax engine will ask tax by tax."""
        taxes = self | self.children_tax_ids
        for name in ("amount", "has_negative_factor", "price_include"):
            taxes.mapped(name)
