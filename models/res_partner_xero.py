"""What a contact shows of its way to Xero. A partner that no document needed has nothing to do with Xero."""

from odoo import models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "xero.state.mixin"]

    def action_xero_match(self):
        """Choose the counterpart of this contact at Xero."""
        self.ensure_one()
        organisation = self.xero_link_ids.organisation_id[:1]
        return self.env["xero.contact.match"]._action_for(self, organisation)

    def action_xero_match_several(self):
        """Propose the counterparts of these contacts at Xero."""
        Match = self.env["xero.contact.match"]
        organisation = self.xero_link_ids.organisation_id[:1] or Match._organisations()[:1]
        if not organisation:
            raise UserError(self.env._("No Xero organisation is connected for this company. Connect one first."))
        return self.env["xero.match.contacts"]._action_for(organisation, self)
