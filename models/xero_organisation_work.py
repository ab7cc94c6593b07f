"""An organisation's counts of what waits and what needs a person."""

from odoo import api, fields, models

from .xero_work_item import ATTENTION


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    work_queued_count = fields.Integer("On its way", compute="_compute_work_counts")
    work_failed_count = fields.Integer("Failed", compute="_compute_work_counts")
    work_needs_you_count = fields.Integer("Need you", compute="_compute_work_counts")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_work_counts(self):
        """One grouped query for all of them."""
        counts = dict.fromkeys(self.ids, ())
        for organisation, state, count in self.env["xero.work.item"]._read_group(
            [("organisation_id", "in", self.ids)], ["organisation_id", "state"], ["__count"]
        ):
            counts[organisation.id] += ((state, count),)
        for organisation in self:
            by_state = dict(counts.get(organisation.id, ()))
            organisation.work_failed_count = by_state.get("failed", 0)
            organisation.work_needs_you_count = sum(by_state.get(state, 0) for state in ATTENTION if state != "failed")
            organisation.work_queued_count = sum(by_state.get(state, 0) for state in ("queued", "waiting", "checking"))

    def action_open_work(self):
        """Everything that waits or failed here."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("xero_integration.action_xero_work_item"),
            "domain": [("organisation_id", "in", self.ids)],
            "context": {key: 1 for key in self.env.context.get("xero_filters", ())},
        }

    def action_open_work_failed(self):
        return self.with_context(xero_filters=["search_default_failed"]).action_open_work()

    def action_open_work_needs_you(self):
        filters = ["search_default_needs_you", "search_default_conflict"]
        return self.with_context(xero_filters=filters).action_open_work()

    def action_open_requests(self):
        """The log of what was sent."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("xero_integration.action_xero_request"),
            "domain": [("organisation_id", "in", self.ids)], "context": {},
        }
