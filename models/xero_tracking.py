"""Mirror of Xero's tracking categories and their options."""

from odoo import fields, models


class XeroTrackingCategory(models.Model):
    _name = "xero.tracking.category"
    _description = "Xero Tracking Category"
    _order = "organisation_id, name, id"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="organisation_id.company_id", store=True, index=True)
    xero_id = fields.Char("TrackingCategoryID", required=True)
    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    option_ids = fields.One2many("xero.tracking.option", "category_id")

    _xero_id_uniq = models.UniqueIndex("(organisation_id, xero_id)")


class XeroTrackingOption(models.Model):
    _name = "xero.tracking.option"
    _description = "Xero Tracking Option"
    _order = "category_id, name, id"

    category_id = fields.Many2one("xero.tracking.category", required=True, ondelete="cascade", index=True)
    organisation_id = fields.Many2one(related="category_id.organisation_id", store=True, index=True)
    company_id = fields.Many2one(related="category_id.company_id", store=True, index=True)
    xero_id = fields.Char("TrackingOptionID", required=True)
    name = fields.Char(required=True)
    active = fields.Boolean(default=True)

    _xero_id_uniq = models.UniqueIndex("(organisation_id, xero_id)")
