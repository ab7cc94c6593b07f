"""Odoo journal -> Xero bank or payment account, per organisation (S1.26)."""

from odoo import fields, models


class XeroJournalMapping(models.Model):
    _name = "xero.journal.mapping"
    _description = "Xero Journal Mapping"
    _order = "organisation_id, id"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="organisation_id.company_id", store=True, index=True)
    journal_id = fields.Many2one("account.journal", required=True, ondelete="cascade", index=True)
    xero_account_id = fields.Many2one("xero.account", required=True, ondelete="cascade", domain="[('organisation_id', '=', organisation_id)]")

    _journal_uniq = models.UniqueIndex("(organisation_id, journal_id)", "This journal is already mapped for this organisation.")
