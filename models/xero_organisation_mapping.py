"""An organisation's defaults, and what follows when a mapping changes."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .xero_account import BANK, LINE_DOMAIN
from .xero_connection import MANAGER

# What held documents may have waited for.
FREEING = {
    "revenue_account_id", "expense_account_id", "payment_account_id", "rounding_account_id", "create_contacts",
    "create_taxes",
    "period_lock_date", "year_lock_date", "base_currency",
}  # fmt: skip
_HERE = "('organisation_id', '=', id)"
_LINES = LINE_DOMAIN.replace("organisation_id)", "id)")


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    account_mapping_ids = fields.One2many("xero.account.mapping", "organisation_id", groups=MANAGER)
    tax_mapping_ids = fields.One2many("xero.tax.mapping", "organisation_id", groups=MANAGER)
    journal_mapping_ids = fields.One2many("xero.journal.mapping", "organisation_id", groups=MANAGER)

    # No copy: accounts are of one set of books.
    revenue_account_id = fields.Many2one(
        string="Revenue account", check_company=True, copy=False,
        domain=f"[{_HERE}, ('account_class', '=', 'REVENUE')]",
        help="Lines of customer invoices go here unless a mapping says otherwise.",
    )  # fmt: skip
    expense_account_id = fields.Many2one(
        string="Expense account", check_company=True, copy=False,
        domain=f"[{_HERE}, ('account_class', '=', 'EXPENSE')]",
        help="Lines of vendor bills go here unless a mapping says otherwise.",
    )  # fmt: skip
    payment_account_id = fields.Many2one(
        string="Payment account", check_company=True, copy=False,
        domain=f"[{_HERE}, ('enable_payments', '=', True), ('account_type', '!=', '{BANK}')]",
        help="Accounts with payments enabled in Xero, without bank accounts.",
    )  # fmt: skip
    rounding_account_id = fields.Many2one(
        string="Rounding account", domain=_LINES, check_company=True, copy=False,
        help="Where Xero's total would differ by a cent, the cent gets a line of its own on this account.",
    )  # fmt: skip

    def write(self, vals):
        freed = self.filtered(lambda organisation: organisation._differs(FREEING & vals.keys(), vals))
        result = super().write(vals)
        freed._mapping_changed()
        return result

    def _differs(self, names, vals):
        return any(self._fields[name].convert_to_write(self[name], self) != (vals[name] or False) for name in names)

    def _mapping_changed(self):
        """Whatever a mapping or a default held goes again by itself."""
        for organisation in self:
            organisation.mapping_revision += 1
        self._remap()

    # One by one: an account that was archived in Xero meanwhile must not stand in the way of choosing another one.

    @api.constrains("revenue_account_id")
    def _check_revenue_account(self):
        self._check_default_account("revenue_account_id", lambda account: account._refused_for_class("REVENUE"))

    @api.constrains("expense_account_id")
    def _check_expense_account(self):
        self._check_default_account("expense_account_id", lambda account: account._refused_for_class("EXPENSE"))

    @api.constrains("payment_account_id")
    def _check_payment_account(self):
        self._check_default_account("payment_account_id", lambda account: account._refused_for_payments())

    @api.constrains("rounding_account_id")
    def _check_rounding_account(self):
        self._check_default_account("rounding_account_id", lambda account: account._refused_for_lines())

    def _check_default_account(self, name, refused):
        for organisation in self.filtered(name):
            account = organisation[name]
            if account.organisation_id != organisation:
                raise ValidationError(self.env._(
                    "%(account)s belongs to %(other)s, not to %(name)s. Choose one of %(name)s.",
                    account=account.display_name, other=account.organisation_id.name, name=organisation.name,
                ))  # fmt: skip
            if sentence := refused(account):
                raise ValidationError(sentence)
