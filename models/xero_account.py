"""Mirror of Xero's chart of accounts."""

from odoo import fields, models


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
