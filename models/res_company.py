"""A company knows how it stands with Xero: for its own form and for the settings."""

from odoo import api, fields, models

from .xero_connection import MANAGER


class ResCompany(models.Model):
    _inherit = "res.company"

    xero_organisation_ids = fields.One2many("xero.organisation", "company_id", groups=MANAGER)
    xero_connection_ids = fields.One2many("xero.connection", "company_id", "Xero connections", groups=MANAGER)
    xero_connection_id = fields.Many2one("xero.connection", compute="_compute_xero", groups=MANAGER)
    xero_state = fields.Selection(
        [
            ("new", "Not configured"),
            ("configured", "Not connected"),
            ("connected", "Connected"),
            ("broken", "Needs attention"),
        ],
        compute="_compute_xero", groups=MANAGER,
    )  # fmt: skip
    xero_names = fields.Char("Xero organisations", compute="_compute_xero", groups=MANAGER)

    @api.depends(
        "xero_organisation_ids.state", "xero_organisation_ids.connection_id.state", "xero_organisation_ids.name",
        "xero_connection_ids.has_credentials",
    )  # fmt: skip
    def _compute_xero(self):
        for company in self:
            organisations = company.xero_organisation_ids
            live = organisations.filtered(lambda o: o.state == "connected")
            connections = company.xero_connection_ids
            company.xero_connection_id = company._xero_connection_to_mend()
            company.xero_names = ", ".join(live.mapped("name"))
            if live:
                company.xero_state = "connected" if all(o._is_live() for o in live) else "broken"
            elif connections.filtered("has_credentials"):
                company.xero_state = "configured"
            else:
                company.xero_state = "new"

    def _xero_connection_to_mend(self):
        """The connection that the card's Connect is about: one that organisations wait for before one that works, and
        one that can be connected before one without client id and secret."""
        organisations = self.xero_organisation_ids
        stuck = organisations.filtered(lambda o: o.state == "connected" and not o._is_live())
        stopped = organisations.filtered(lambda o: o.state != "connected")
        connections = stuck.connection_id | stopped.connection_id | self.xero_connection_ids
        connections |= organisations.connection_id
        # sudo: whether client id and secret are saved is no secret; the connection may be another company's
        return (connections.filtered(lambda connection: connection.sudo().has_credentials) or connections)[:1]

    def action_xero_configure(self):
        """The guided form for client id and secret."""
        self.ensure_one()
        return self.env["xero.connection"].with_company(self).action_open_settings()

    def action_xero_connect(self):
        """To Xero, and back to the settings."""
        self.ensure_one()
        self.xero_connection_id._check_manager()
        return self.xero_connection_id._connect_action("settings")

    def action_xero_manage(self):
        """The organisation, or the list of them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_integration.action_xero_organisation")
        organisations = self.xero_organisation_ids.filtered(lambda o: o.state == "connected")
        if len(organisations) == 1:
            return action | {"views": [(False, "form")], "res_id": organisations.id}
        return action | {"domain": [("company_id", "=", self.id)]}
