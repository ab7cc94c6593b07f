"""Odoo journal -> Xero bank or payment account, per organisation (S1.26)."""

from odoo import api, fields, models

from .xero_account import BANK_OR_PAYMENT_DOMAIN


class XeroJournalMapping(models.Model):
    _name = "xero.journal.mapping"
    _inherit = ["xero.mapping.mixin"]
    _description = "Xero Journal Mapping"
    _check_company_auto = True

    journal_id = fields.Many2one(
        "account.journal", "Odoo journal", required=True, ondelete="cascade", index=True, check_company=True,
        domain="[('type', 'in', ('bank', 'cash', 'credit'))]",
    )  # fmt: skip
    xero_account_id = fields.Many2one(
        "xero.account", "Xero account", required=True, ondelete="cascade", index=True, domain=BANK_OR_PAYMENT_DOMAIN,
    )  # fmt: skip
    recorded_by = fields.Selection(
        [("both", "Odoo and Xero"), ("odoo", "Odoo"), ("xero", "Xero")], "Payments are recorded in", default="both",
        required=True,
        help="Where people record the payments of this journal. Odoo: those made in Xero do not come. Xero: those made "
        "in Odoo do not go, nor do expenses that the company paid from it. So none is recorded twice.",
    )  # fmt: skip
    trouble = fields.Text("To do", compute="_compute_trouble")

    _journal_uniq = models.UniqueIndex(
        "(organisation_id, journal_id)", "This journal is already mapped for this organisation. Change that mapping."
    )

    @api.depends("journal_id", "xero_account_id")
    def _compute_display_name(self):
        for mapping in self:
            mapping.display_name = (
                f"{mapping.journal_id.display_name or ''} → {mapping.xero_account_id.display_name or ''}"
            )

    @api.depends("xero_account_id.active", "xero_account_id.enable_payments", "xero_account_id.account_type")
    @api.depends_context("lang")
    def _compute_trouble(self):
        for mapping in self:
            mapping.trouble = mapping.xero_account_id and mapping.xero_account_id._refused_for_journals()

    @api.constrains("xero_account_id", "organisation_id")
    def _check_xero_account(self):
        self._check_same_organisation("xero_account_id")
        for mapping in self:
            self._refuse(mapping.xero_account_id._refused_for_journals())

    @api.constrains("journal_id", "xero_account_id")
    def _check_journal(self):
        """Money moves in it, and in the currency of the bank account."""
        for mapping in self:
            journal, account = mapping.journal_id, mapping.xero_account_id
            if journal.type not in ("bank", "cash", "credit"):
                self._refuse(self.env._(
                    "%(journal)s is no bank, cash or credit card journal. Choose one of these.", journal=journal.name
                ))  # fmt: skip
            ours = (journal.currency_id or journal.company_id.currency_id).name
            if account.bank_currency and account.bank_currency != ours:
                self._refuse(self.env._(
                    "%(journal)s is in %(ours)s, but %(account)s is in %(theirs)s. Choose an account in %(ours)s.",
                    journal=journal.name, ours=ours, account=account.display_name, theirs=account.bank_currency,
                ))  # fmt: skip


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    def _recorded_by(self):
        """:return dict: {journal id: ``both``, ``odoo`` or ``xero``}, see ``xero.journal.mapping``"""
        mappings = self.env["xero.journal.mapping"].search([("organisation_id", "=", self.id)])
        return {mapping.journal_id.id: mapping.recorded_by for mapping in mappings}
