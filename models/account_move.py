"""What an accounting document has to do with Xero: it notes that it changed, and shows how far it got."""

from odoo import models

from .xero_change import EDITED

# What a posted document may still change, and Xero shows.
TRACKED = {
    "ref",
    "invoice_date_due",
    "invoice_date",
    "partner_id",
    "name",
    "invoice_payment_term_id",
    "invoice_line_ids",
    "line_ids",
}


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        again = self.filtered("posted_before")
        posted = super()._post(soft)
        Change = self.env["xero.change"]
        Change.with_context(xero_never_posted=True)._append(posted - again)
        Change._append(posted & again)
        return posted

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "cancel" or (TRACKED & vals.keys() and "state" not in vals):
            self.env["xero.change"]._append(
                self.filtered(lambda move: move.state in ("posted", "cancel")), data=EDITED
            )
        if "matched_payment_ids" in vals:  # Odoo's wizard posts the payment first and says then what it pays
            self.env["xero.change"]._append(self.matched_payment_ids.filtered(lambda payment: not payment.move_id))
        return result

    def unlink(self):
        # The worker finds the record gone and says so on its link; what was never posted never had one.
        gone = self.filtered("posted_before")
        again = gone.filtered("expense_ids") if "expense_ids" in self._fields else gone.browse()
        self.env["xero.change"]._append(gone - again)
        # the expense is posted again, and becomes another bill
        self.env["xero.change"]._append(again, "deleted", data={"ended": True})
        return super().unlink()


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        result = super().write(vals)
        if LINE_TRACKED & vals.keys():
            self.env["xero.change"]._append(self.move_id.filtered(lambda move: move.state == "posted"), data=EDITED)
        return result


LINE_TRACKED = {
    "name",
    "account_id",
    "quantity",
    "price_unit",
    "discount",
    "tax_ids",
    "product_id",
    "sequence",
    "analytic_distribution",
}
