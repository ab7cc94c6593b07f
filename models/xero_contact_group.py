"""Mirror of Xero's contact groups."""

from odoo import fields, models


class XeroContactGroup(models.Model):
    _name = "xero.contact.group"
    _description = "Xero Contact Group"
    _order = "organisation_id, name, id"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="organisation_id.company_id", store=True, index=True)
    xero_id = fields.Char("ContactGroupID", required=True)
    name = fields.Char(required=True)
    active = fields.Boolean(default=True)

    _xero_id_uniq = models.UniqueIndex("(organisation_id, xero_id)")
