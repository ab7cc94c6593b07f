"""A payment that is an expense of its own notes that it changed (S1.3). Works from ``account`` alone: what an expense
is, the payment's entry says."""

from odoo import models

from .xero_change import EDITED

# Accounts on which something is owed or money lies: an entry between the bank and one of these spends nothing.
SETTLING = ("asset_receivable", "liability_payable", "asset_cash", "liability_credit_card")
TRACKED = {"date", "partner_id", "journal_id", "amount", "currency_id", "memo", "state"}
LINE_TRACKED = {
    "name", "account_id", "tax_ids", "product_id", "sequence", "analytic_distribution", "balance", "amount_currency",
}  # fmt: skip


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def _xero_is_spending(self):
        """Whether the payment's own entry says what the money was spent on, instead of what it settles."""
        self.ensure_one()
        if self.payment_type != "outbound" or not self.move_id:
            return False
        others = self.move_id.line_ids.account_id - self._get_valid_liquidity_accounts()
        transfer = self.company_id.transfer_account_id
        return bool(others) and not any(
            account.account_type in SETTLING or account == transfer for account in others
        )

    def _xero_is_ended(self):
        """Whether the money was not spent after all: cancelled, rejected, reversed, or its entry deleted."""
        self.ensure_one()
        entry = self.move_id
        reversed_ = any(move.state == "posted" for move in entry.reversal_move_ids)
        return self.state in ("canceled", "rejected") or not entry or entry.state == "cancel" or reversed_

    def _xero_partner(self):
        """Whom the money went to; Xero takes no spending without a contact. An expense need not name a vendor: then it
        is the employee who spent it."""
        self.ensure_one()
        partner = self.partner_id
        if not partner and "expense_ids" in self._fields:  # hr_expense is there
            # sudo: whoever posts an expense need not see the employee's own data
            partner = self.sudo().expense_ids.employee_id.work_contact_id[:1].sudo(False)
        commercial = partner.commercial_partner_id
        return partner if commercial == self.company_id.partner_id else commercial

    def _xero_note_spending(self, data=None):
        """Append the expenses among these payments; costs nothing where no organisation is connected."""
        if self and self.env["xero.organisation"]._all_ids():
            self.env["xero.change"]._append(self, data=data)

    def write(self, vals):
        result = super().write(vals)
        if TRACKED & vals.keys():
            self.filtered("move_id.posted_before")._xero_note_spending(EDITED)
        return result


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        (posted | posted.reversed_entry_id).origin_payment_id._xero_note_spending()
        return posted

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "cancel":
            self.origin_payment_id._xero_note_spending()
        if vals.get("state") in ("draft", "cancel"):  # without its reversal the money was spent after all
            self.reversed_entry_id.origin_payment_id._xero_note_spending()
        return result

    def unlink(self):
        # Without its entry a payment does not say any more that it was an expense.
        self.filtered("posted_before").origin_payment_id._xero_note_spending()
        return super().unlink()


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        result = super().write(vals)
        if LINE_TRACKED & vals.keys():
            posted = self.move_id.filtered(lambda move: move.state == "posted" and move.move_type == "entry")
            posted.origin_payment_id._xero_note_spending(EDITED)
        return result
