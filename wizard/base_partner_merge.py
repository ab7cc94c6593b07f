"""Odoo's merge of partners changes their documents without a write: those that Xero may have note it here."""

from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        # sudo: whoever merges partners need not see their documents, which change hands all the same
        moves = self.env["account.move"].sudo().search(
            [("commercial_partner_id", "in", src_partners.ids), ("state", "=", "posted")]
        )
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["xero.change"]._append(moves)
        return result
