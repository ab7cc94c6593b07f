"""Partners that are merged in Odoo: what Xero has of them follows to the contact of the one that stays."""

from odoo import api, models

# Model -> the resources whose contact Xero lets change
FOLLOWING = {"account.move": ("Invoices", "CreditNotes"), "account.payment": ("BankTransactions",)}


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Odoo rewrites the columns that name a partner in SQL, so no record would notice. Those that Xero has are
        noted; the partners themselves are deleted afterwards, which frees their contacts."""
        # sudo: whoever merges partners need not see their documents, which change hands all the same
        concerned = [
            self.env[model].sudo().search([("partner_id", "child_of", src_partners.ids)]) for model in FOLLOWING
        ]
        self.env["xero.change"]._append(src_partners, "deleted", data={"into": dst_partner.id})
        result = super()._update_foreign_keys(src_partners, dst_partner)
        for records in concerned:
            # sudo: nor the integration
            known = self.env["xero.link"].sudo().search_fetch([
                ("resource", "in", FOLLOWING[records._name]), ("res_model", "=", records._name),
                ("res_id", "in", records.ids), ("xero_id", "!=", False),
            ], ["res_id"])  # fmt: skip
            self.env["xero.change"]._append(records.browse(set(known.mapped("res_id"))))
        return result
