"""Mirror of Xero's chart of accounts, and what each account may be used for."""

import re

from odoo import api, fields, models
from odoo.fields import Domain

# Xero keeps these itself and refuses lines on them (platform notes, "Accounts").
NOT_FOR_LINES = ("DEBTORS", "CREDITORS", "GST", "UNPAIDEXPCLM", "TRACKINGTRANSFERS")
BANK = "BANK"
CURRENCY_BEHIND = re.compile(r"(.*?)(?:\s+\(([A-Z]{3})\))?$", re.DOTALL)  # of a display name

_OF_ORGANISATION = "('organisation_id', '=', organisation_id)"
LINE_DOMAIN = f"[{_OF_ORGANISATION}, ('account_type', '!=', '{BANK}'), ('system_account', 'not in', {NOT_FOR_LINES})]"
BANK_OR_PAYMENT_DOMAIN = f"[{_OF_ORGANISATION}, '|', ('account_type', '=', '{BANK}'), ('enable_payments', '=', True)]"


class XeroAccount(models.Model):
    _name = "xero.account"
    _description = "Xero Account"
    _rec_names_search = ["code", "name"]
    _order = "organisation_id, code, name, id"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="organisation_id.company_id", store=True, index=True)
    xero_id = fields.Char("AccountID", required=True)
    code = fields.Char(help="Absent on some bank accounts: use AccountID then.")
    name = fields.Char(required=True)
    account_type = fields.Char("Type")
    account_class = fields.Char("Class")
    tax_type = fields.Char("TaxType")
    system_account = fields.Char("SystemAccount")
    enable_payments = fields.Boolean("EnablePaymentsToAccount")
    bank_currency = fields.Char("CurrencyCode")
    active = fields.Boolean(default=True, help="Off: archived or deleted at Xero.")

    _xero_id_uniq = models.UniqueIndex("(organisation_id, xero_id)")

    @api.depends("code", "name", "bank_currency", "organisation_id.base_currency")
    def _compute_display_name(self):
        for account in self:
            name = f"{account.code} {account.name}" if account.code else account.name
            if account.bank_currency and account.bank_currency != account.organisation_id.base_currency:
                name = f"{name} ({account.bank_currency})"
            account.display_name = name

    @api.model
    def _search_display_name(self, operator, value):
        """People type or paste what they see: '200 Sal' is code and name, '(USD)' behind a name the currency."""
        domain = super()._search_display_name(operator, value)
        if operator not in ("ilike", "in"):
            return domain
        words = [value] if operator == "ilike" else value
        return domain | Domain.OR(self._as_shown(word, operator) for word in words if isinstance(word, str))

    def _as_shown(self, word, operator):
        """Domain of the accounts that are displayed like ``word``."""
        seen, currency = CURRENCY_BEHIND.match(word.strip()).groups()
        code, _space, name = seen.partition(" ")
        like = "ilike" if operator == "ilike" else "="
        named = Domain("name", like, seen) | (Domain("code", "=ilike", code) & Domain("name", like, name))
        return named & Domain("bank_currency", "=", currency) if currency else named

    # ---- what it may be used for: '' or a sentence that says why not ------------------------------

    def _refused_for_lines(self):
        """Xero takes no lines of documents on it, or none any more."""
        if self.account_type == BANK:
            return self.env._(
                "%(account)s is a bank account: lines of documents cannot go there. Choose another account.",
                account=self.display_name,
            )
        if self.system_account in NOT_FOR_LINES:
            return self.env._(
                "Xero keeps %(account)s itself (%(system)s): lines of documents cannot go there. Choose another "
                "account.",
                account=self.display_name, system=self.system_account,
            )  # fmt: skip
        return self._refused_as_archived()

    def _refused_for_journals(self):
        """Payments of a journal go to a bank account or to one with payments enabled (S1.26)."""
        if self.account_type != BANK and not self.enable_payments:
            return self.env._(
                "%(account)s is no bank account and has no payments enabled. Choose a bank account, or enable payments "
                "to it in Xero and refresh.", account=self.display_name,
            )  # fmt: skip
        return self._refused_as_archived()

    def _refused_for_payments(self):
        """The payment account: payments enabled, and no bank account (S2.16, S2.17)."""
        if self.account_type == BANK:
            return self.env._(
                "%(account)s is a bank account. Choose an account with payments enabled that is not a bank account.",
                account=self.display_name,
            )  # fmt: skip
        if not self.enable_payments:
            return self.env._(
                "Payments to %(account)s are not enabled in Xero. Enable them there (Accounting > Chart of accounts), "
                "then refresh.",
                account=self.display_name,
            )  # fmt: skip
        return self._refused_as_archived()

    def _refused_for_class(self, account_class):
        """A default for revenue or expenses is of that class (S1.19)."""
        if self.account_class != account_class:
            return self.env._(
                "%(account)s is of class %(theirs)s in Xero, not %(ours)s. Choose an account of class %(ours)s.",
                account=self.display_name, theirs=self.account_class or "?", ours=account_class,
            )  # fmt: skip
        return self._refused_for_lines()

    def _refused_as_archived(self):
        if not self.active:
            return self.env._("%(account)s is archived in Xero. Choose another account.", account=self.display_name)
        return ""
