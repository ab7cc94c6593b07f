"""One comparison of everything that Odoo and Xero have (S1.28): asked for by a person, or due once a day."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

KEPT = timedelta(days=90)
USER = "account.group_account_invoice"


class XeroSweep(models.Model):
    """A person inserts a row, the worker carries it out and writes here how far it got, so that it can be resumed."""

    _name = "xero.sweep"
    _description = "Xero: Comparison"
    _order = "id desc"
    _rec_name = "create_date"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="organisation_id.company_id", store=True, index=True)
    by_hand = fields.Boolean("Asked for", help="A person asked for it; the others come every night.")
    state = fields.Selection(
        [("waiting", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Stopped by an error")],
        required=True, default="waiting",
    )  # fmt: skip
    resource = fields.Char(help="Xero's name of what is being compared.")
    page = fields.Integer(default=1, help="The page of it to go on with.")
    seen_link_ids = fields.Many2many(
        "xero.link", "xero_sweep_seen", "sweep_id", "link_id", help="Of the type in hand: what Xero has listed so far."
    )
    document_count = fields.Integer("Compared")
    found_count = fields.Integer("Differences")
    began_at = fields.Datetime("Began on")
    ended_at = fields.Datetime("Done on")

    _open_idx = models.Index("(organisation_id) WHERE state IN ('waiting', 'running')")

    @api.autovacuum
    def _gc_done(self):
        self.search([("state", "in", ("done", "failed")), ("ended_at", "<", fields.Datetime.now() - KEPT)]).unlink()


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    sweep_ids = fields.One2many("xero.sweep", "organisation_id", groups="xero_integration.group_xero_manager")
    compared_at = fields.Datetime("Last compared", compute="_compute_compared_at")
    difference_count = fields.Integer("Differences", compute="_compute_difference_count")

    def _compute_compared_at(self):
        # sudo: when the books were last compared is no secret
        latest = dict(self.env["xero.sweep"].sudo()._read_group(
            [("organisation_id", "in", self.ids), ("state", "=", "done")], ["organisation_id"], ["ended_at:max"]
        ))  # fmt: skip
        for organisation in self:
            organisation.compared_at = latest.get(organisation.sudo())

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_difference_count(self):
        counts = dict(self.env["xero.difference"]._read_group(
            [("organisation_id", "in", self.ids), ("state", "=", "open")], ["organisation_id"], ["__count"]
        ))  # fmt: skip
        for organisation in self:
            organisation.difference_count = counts.get(organisation, 0)

    def action_compare(self):
        """Ask for a comparison; the worker makes it."""
        if not (self.env.su or self.env.user.has_group(USER)):
            raise AccessError(self.env._("Only people with invoicing rights can ask for a comparison with Xero."))
        self.check_access("read")
        connected = self.filtered(lambda organisation: organisation.state == "connected")
        if not connected:
            raise UserError(self.env._("No organisation is connected to Xero. Connect it, then compare."))
        # sudo: people may ask for a comparison, but not write how far it got
        Sweep = self.env["xero.sweep"].sudo()
        waiting = Sweep.search([("organisation_id", "in", connected.ids), ("state", "=", "waiting")]).organisation_id
        Sweep.create([
            {"organisation_id": organisation.id, "by_hand": True}
            for organisation in connected if organisation.id not in waiting.ids
        ])  # fmt: skip
        connected._wake(by_hand=True)
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Comparing with Xero. What differs shows up under Differences in a moment."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }  # fmt: skip

    def action_open_differences(self):
        """What the two say differently here."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("xero_integration.action_xero_difference"),
            "domain": [("organisation_id", "in", self.ids)],
        }


class XeroDifference(models.Model):
    _inherit = "xero.difference"

    def action_compare(self):
        """The list's button, whatever is selected: compare every organisation of the user's companies."""
        return self.env["xero.organisation"].search([("company_id", "in", self.env.companies.ids)]).action_compare()
