"""Mirror of Xero's contacts: only what is needed to recognise one, so that matching costs no call."""

from odoo import fields, models


class XeroContact(models.Model):
    _name = "xero.contact"
    _description = "Xero Contact"
    _rec_names_search = ["name", "email", "contact_number", "account_number"]
    _order = "organisation_id, name, id"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="organisation_id.company_id", store=True, index=True)
    xero_id = fields.Char("ContactID", required=True)
    name = fields.Char(required=True)
    name_key = fields.Char(help="Name folded for comparison: case, accents, spaces and punctuation removed.")
    email = fields.Char("EmailAddress")
    email_key = fields.Char(help="E-mail address, normalised.")
    phone_key = fields.Char(help="Digits of the default phone.")
    contact_number = fields.Char("ContactNumber")
    account_number = fields.Char("AccountNumber")
    status = fields.Char("ContactStatus")
    merged_to = fields.Char("MergedToContactID")

    _xero_id_uniq = models.UniqueIndex("(organisation_id, xero_id)")
    _name_key_idx = models.Index("(organisation_id, name_key)")
    _email_key_idx = models.Index("(organisation_id, email_key) WHERE email_key IS NOT NULL")
    _contact_number_idx = models.Index("(organisation_id, contact_number) WHERE contact_number IS NOT NULL")
    _account_number_idx = models.Index("(organisation_id, account_number) WHERE account_number IS NOT NULL")
