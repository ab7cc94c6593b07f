"""Which way each kind of record goes between Odoo and one organisation, and who wins when both sides changed it."""

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

KINDS = [
    ("contacts", "Contacts"),
    ("invoices", "Customer invoices"),
    ("bills", "Vendor bills"),
    ("credit_notes", "Credit notes"),
    ("payments", "Payments"),
    ("expenses", "Expenses paid by the company"),
    ("taxes", "Tax rates"),
    ("tracking", "Tracking"),
    ("attachments", "Attachments"),
]
DIRECTIONS = [("off", "Not at all"), ("push", "Odoo to Xero"), ("pull", "Xero to Odoo"), ("both", "Both ways")]
# Xero has no way to tell whose spending a bank transaction was, and files are the user's own to fetch.
ONE_WAY = ("expenses", "attachments")
PUSHING, PULLING = ("push", "both"), ("pull", "both")


class XeroPolicy(models.Model):
    """One row per organisation and kind, made with the organisation. A stated policy decides, not two clocks."""

    _name = "xero.policy"
    _description = "Xero: What Syncs"
    _order = "organisation_id, sequence, id"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="organisation_id.company_id", store=True, index=True)
    sequence = fields.Integer()
    kind = fields.Selection(KINDS, "What", required=True, readonly=True)
    direction = fields.Selection(DIRECTIONS, required=True, default="push")
    wins = fields.Selection(
        [("odoo", "Odoo"), ("xero", "Xero"), ("ask", "Ask")], "When both changed", required=True, default="ask",
        help="What counts when a record was changed on both sides since they last agreed. "
        "Ask: nothing is overwritten, a person decides under Differences.",
    )  # fmt: skip

    _kind_uniq = models.UniqueIndex("(organisation_id, kind)", "Each kind has one row.")

    # ---- constraints ----------------------------------------------------------------------------

    @api.constrains("kind", "direction")
    def _check_direction(self):
        for policy in self:
            if policy.kind in ONE_WAY and policy.direction in PULLING:
                label = dict(policy._fields["kind"]._description_selection(self.env))[policy.kind]
                raise ValidationError(self.env._(
                    "%(kind)s go from Odoo to Xero only. Choose “Odoo to Xero” or “Not at all”.", kind=label
                ))  # fmt: skip

    # ---- CRUD -----------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self.env.registry.clear_cache()
        return policies

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        self.organisation_id._mapping_changed()  # what a direction held goes again
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.depends("kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for policy in self:
            policy.display_name = labels.get(policy.kind)


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    policy_ids = fields.One2many(
        "xero.policy", "organisation_id", "What syncs", groups="xero_integration.group_xero_manager"
    )

    @api.model_create_multi
    def create(self, vals_list):
        organisations = super().create(vals_list)
        organisations._create_policies({})
        return organisations

    def _create_policies(self, directions):
        """The rows that are missing.

        :param dict directions: {kind: direction} other than the widest there is
        """
        # sudo: the rows come with the organisation; afterwards managers may change them, and nobody makes others
        here = {organisation: set(organisation.sudo().policy_ids.mapped("kind")) for organisation in self}
        self.env["xero.policy"].sudo().create([
            {
                "organisation_id": organisation.id, "kind": kind, "sequence": number,
                "direction": directions.get(kind) or ("push" if kind in ONE_WAY else "both"),
            }
            for organisation, known in here.items()
            for number, (kind, _label) in enumerate(KINDS) if kind not in known
        ])  # fmt: skip

    @tools.ormcache("self.id")
    def _policies(self):
        """:return dict: {kind: (direction, wins)}"""
        # sudo: every user's changes are routed by it
        policies = self.env["xero.policy"].sudo().search([("organisation_id", "=", self.id)])
        return {policy.kind: (policy.direction, policy.wins) for policy in policies}

    def _pushes(self, kind):
        """Whether records of this kind go to Xero."""
        return self._policies().get(kind, ("off",))[0] in PUSHING

    def _pulls(self, kind):
        """Whether records of this kind come from Xero."""
        return self._policies().get(kind, ("off",))[0] in PULLING

    def _wins(self, kind):
        """``odoo``, ``xero`` or ``ask``."""
        return self._policies().get(kind, ("off", "ask"))[1]
