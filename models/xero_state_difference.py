"""What Odoo and Xero say differently about a record, for whoever looks at the record."""

from odoo import api, fields, models

from .xero_state_mixin import READERS


class XeroStateMixin(models.AbstractModel):
    _inherit = "xero.state.mixin"

    xero_differs = fields.Text("Differs from Xero", compute="_compute_xero_differs", groups=READERS)

    @api.depends_context("lang", "allowed_company_ids")
    def _compute_xero_differs(self):
        """One query for any number of records."""
        # sudo: who reads a record may know that Xero says something else; the domain keeps to the user's companies
        rows = self.env["xero.difference"].sudo().search(self._xero_differences()).grouped("res_id")
        for record in self:
            mine = rows.get(record._origin.id)
            record.xero_differs = "\n".join(mine.mapped("summary")) if mine else False

    def _xero_differences(self):
        return [
            ("res_model", "=", self._name), ("res_id", "in", self._origin.ids), ("state", "=", "open"),
            ("company_id", "in", self.env.companies.ids),
        ]

    def action_xero_differences(self):
        """Both values side by side, and the buttons that decide."""
        rows = self.env["xero.difference"].search(self._xero_differences())
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_integration.action_xero_difference")
        if len(rows) == 1:
            return action | {"views": [(False, "form")], "res_id": rows.id}
        return action | {"domain": [("id", "in", rows.ids)]}
