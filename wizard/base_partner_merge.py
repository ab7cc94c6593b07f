"""Partners that are merged in Odoo: their documents in Xero follow to the contact of the one that stays."""

from odoo import api, models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Odoo rewrites the columns that name a partner in SQL, so no document would notice. Those that Xero has are
        noted; the partners themselves are deleted afterwards, which frees their contacts."""
        # sudo: whoever merges partners need not see their documents, which change hands all the same
        moves = self.env["account.move"].sudo().search([("commercial_partner_id", "in", src_partners.ids)])
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # sudo: nor the integration
        known = self.env["xero.link"].sudo().search_fetch(
            [("res_model", "=", moves._name), ("res_id", "in", moves.ids), ("xero_id", "!=", False)], ["res_id"]
        )
        self.env["xero.change"]._append(moves.browse(set(known.mapped("res_id"))))
        return result
