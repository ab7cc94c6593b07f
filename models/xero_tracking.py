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


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    def _mirror_category(self, item):
        """One category as Xero has just answered it. :return: ``xero.tracking.category``"""
        values = {"name": item.get("Name") or "?", "active": item.get("Status") == "ACTIVE"}
        return self._upsert("xero.tracking.category", item["TrackingCategoryID"], values | {"organisation_id": self.id})

    def _mirror_option(self, item):
        """One option as Xero has just answered it, with the ``TrackingCategoryID`` that we asked for."""
        category = self.env["xero.tracking.category"].with_context(active_test=False).search(
            [("organisation_id", "=", self.id), ("xero_id", "=", item["TrackingCategoryID"])]
        )  # fmt: skip
        values = {"name": item.get("Name") or "?", "active": item.get("Status") == "ACTIVE"}
        return self._upsert("xero.tracking.option", item["TrackingOptionID"], values | {"category_id": category.id})

    def _upsert(self, model, xero_id, values):
        known = self.env[model].with_context(active_test=False).search(
            [("organisation_id", "=", self.id), ("xero_id", "=", xero_id)]
        )  # fmt: skip
        if known:
            known.write(values)
            return known
        return self.env[model].create(values | {"xero_id": xero_id})
