"""Mirror of the currencies an organisation subscribed to."""

from odoo import fields, models


class XeroCurrency(models.Model):
    _name = "xero.currency"
    _description = "Xero Currency"
    _order = "organisation_id, name, id"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="organisation_id.company_id", store=True, index=True)
    name = fields.Char("Code", required=True)
    description = fields.Char()
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex("(organisation_id, name)")
