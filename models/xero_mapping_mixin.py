"""What the three mappings share: each belongs to one organisation, and a change of theirs frees what they held."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class XeroMappingMixin(models.AbstractModel):
    _name = "xero.mapping.mixin"
    _description = "Xero Mapping"
    _check_company_auto = True
    _order = "organisation_id, id"

    organisation_id = fields.Many2one(
        "xero.organisation", required=True, ondelete="cascade", index=True,
        default=lambda self: self._default_organisation(),
    )  # fmt: skip
    company_id = fields.Many2one(related="organisation_id.company_id", store=True, index=True)
    for_incoming = fields.Boolean(
        "For what comes from Xero",
        help="Where several things in Odoo stand for one in Xero, this one is taken for what comes from there.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        mappings = super().create(vals_list)
        mappings.organisation_id._mapping_changed()
        return mappings

    def write(self, vals):
        before = self.organisation_id
        result = super().write(vals)
        (before | self.organisation_id)._mapping_changed()
        return result

    def unlink(self):
        organisations = self.organisation_id
        result = super().unlink()
        organisations._mapping_changed()
        return result

    @api.model
    def _default_organisation(self):
        """The only one there is; of several a person chooses."""
        found = self.env["xero.organisation"].search([("company_id", "in", self.env.companies.ids)], limit=2)
        return found if len(found) == 1 else found.browse()

    def _check_same_organisation(self, name):
        """:raise ValidationError: the Xero side of a mapping is of other books"""
        for mapping in self:
            there = mapping[name]
            if there.organisation_id != mapping.organisation_id:
                raise ValidationError(self.env._(
                    "%(there)s belongs to %(other)s, not to %(name)s. Choose one of %(name)s.",
                    there=there.display_name, other=there.organisation_id.name, name=mapping.organisation_id.name,
                ))  # fmt: skip

    def _refuse(self, sentence):
        if sentence:
            raise ValidationError(sentence)
