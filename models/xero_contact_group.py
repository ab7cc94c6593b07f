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
    category_id = fields.Many2one("res.partner.category", "Tag", ondelete="set null")

    _xero_id_uniq = models.UniqueIndex("(organisation_id, xero_id)")

    def write(self, vals):
        """A tag that bears its group's name follows it; one that people renamed stays as they called it."""
        if "name" in vals:
            for group in self.filtered(lambda group: group.category_id.name == group.name):
                group.category_id.name = vals["name"]
        return super().write(vals)

    def _make_tags(self):
        """A tag for every group that has none: the one of its name, or a new one."""
        missing = self.filtered(lambda group: not group.category_id)
        if not missing:
            return
        Category = self.env["res.partner.category"]
        known = {tag.name: tag for tag in Category.search([("name", "in", missing.mapped("name"))])}
        names = [name for name in dict.fromkeys(missing.mapped("name")) if name not in known]
        known |= {tag.name: tag for tag in Category.create([{"name": name} for name in names])}
        for group in missing:
            group.category_id = known[group.name]
