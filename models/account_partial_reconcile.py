"""Payments and allocations note that they were made or taken back."""

from odoo import api, models

UNMATCHED = "xero_unmatched"  # in the context: the partials are about to be deleted


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"
    _rec_names_search = ["debit_move_id", "credit_move_id"]

    @api.depends("debit_move_id.move_id.name", "credit_move_id.move_id.name")
    def _compute_display_name(self):
        """For lists of what goes to Xero: Odoo shows a matching nowhere by a name."""
        for partial in self:
            partial.display_name = f"{partial.debit_move_id.move_id.name} – {partial.credit_move_id.move_id.name}"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        self.env["xero.change"]._append(partials)
        return partials

    def unlink(self):
        # The worker finds the record gone: that is the message.
        self.env["xero.change"].with_context(**{UNMATCHED: True})._append(self)
        lines = self.debit_move_id | self.credit_move_id
        result = super().unlink()
        # What is free again of a payment may be owed as credit.
        self.env["xero.change"]._append(lines.exists().move_id.origin_payment_id)
        return result


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        if posted and any(self.env["xero.organisation"]._routes(company.id) for company in posted.company_id):
            # What was matched while it was a draft is a payment from now on.
            self.env["xero.change"]._append(self.env["account.partial.reconcile"].search(
                ["|", ("debit_move_id.move_id", "in", posted.ids), ("credit_move_id.move_id", "in", posted.ids)]
            ))  # fmt: skip
        return posted
