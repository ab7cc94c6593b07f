"""Analytic plan -> Xero tracking category, per organisation (S0.17, S0.18)."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .codec.tracking import CATEGORIES


class XeroTrackingMapping(models.Model):
    _name = "xero.tracking.mapping"
    _inherit = ["xero.mapping.mixin"]
    _description = "Xero Tracking Mapping"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "account.analytic.plan", "Analytic plan", required=True, ondelete="cascade", index=True,
        domain="[('parent_id', '=', False)]",
    )  # fmt: skip
    category_id = fields.Many2one(
        "xero.tracking.category", "Tracking category", ondelete="cascade", index="btree_not_null",
        domain="[('organisation_id', '=', organisation_id)]",
        help="Its options stand for the analytic accounts of the plan. Empty: press Create in Xero.",
    )  # fmt: skip
    trouble = fields.Text("To do", compute="_compute_trouble")

    _plan_uniq = models.UniqueIndex(
        "(organisation_id, plan_id)", "This plan is already mapped for this organisation. Change that mapping."
    )
    _category_uniq = models.UniqueIndex(
        "(organisation_id, category_id) WHERE category_id IS NOT NULL",
        "This tracking category already stands for another plan. Choose another one.",
    )

    @api.depends("plan_id", "category_id")
    def _compute_display_name(self):
        for mapping in self:
            mapping.display_name = f"{mapping.plan_id.name or ''} → {mapping.category_id.name or ''}"

    @api.depends("plan_id", "category_id.active")
    @api.depends_context("lang")
    def _compute_trouble(self):
        for mapping in self:
            mapping.trouble = False
            if not mapping.category_id:
                mapping.trouble = self.env._("Choose a tracking category, or press Create in Xero.")
            elif not mapping.category_id.active:
                mapping.trouble = self.env._(
                    "%(category)s is archived in Xero. Restore it there, or choose another one.",
                    category=mapping.category_id.name,
                )

    @api.constrains("category_id", "organisation_id")
    def _check_category(self):
        for mapping in self.filtered("category_id"):
            mapping._check_same_organisation("category_id")
            if not mapping.category_id.active:
                self._refuse(mapping.trouble)

    @api.constrains("plan_id")
    def _check_plan(self):
        for mapping in self:
            if mapping.plan_id.parent_id:
                raise ValidationError(self.env._(
                    "%(plan)s is part of %(root)s. Map %(root)s: its category holds the accounts of all its parts.",
                    plan=mapping.plan_id.name, root=mapping.plan_id.root_id.name,
                ))  # fmt: skip

    def action_create_in_xero(self):
        """Queue the creation of a category of the plan's name; the worker fills it in here."""
        self.ensure_one()
        if self.category_id:
            raise UserError(self.env._("%(plan)s has a tracking category already.", plan=self.plan_id.name))
        return self.organisation_id._create_tracking_category(self.plan_id)


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    tracking_mapping_ids = fields.One2many(
        "xero.tracking.mapping", "organisation_id", groups="xero_integration.group_xero_manager"
    )
    tracking_category_ids = fields.One2many(
        "xero.tracking.category", "organisation_id", groups="xero_integration.group_xero_manager"
    )

    def _tracked_plans(self, ended=False):
        """:param bool ended: also of categories that were archived or deleted in Xero
        :return dict: {plan id: ``xero.tracking.category``}, in an order that stays"""
        wanted = ("category_id", "!=", False) if ended else ("category_id.active", "=", True)
        mappings = self.env["xero.tracking.mapping"].search_fetch(
            [("organisation_id", "=", self.id), wanted], ["plan_id", "category_id"], order="id"
        )
        return {mapping.plan_id.id: mapping.category_id for mapping in mappings}

    def _has_room_for_category(self):
        return len(self.tracking_category_ids) < CATEGORIES

    def _create_tracking_category(self, plan):
        """Queue a category of the plan's name in Xero; the worker maps it.

        :raise UserError: Xero takes no more
        """
        if not self._has_room_for_category():
            raise UserError(self.env._(
                "Xero takes %(count)s active tracking categories. Archive one in Xero and refresh, or map the plan to "
                "one of them.", count=CATEGORIES,
            ))  # fmt: skip
        target = (self.id, "TrackingCategories", plan._name, plan.id)
        self.env["xero.link"]._decide([target], "create", {"forced": True})
        return self.env["xero.link"]._notify_queued(1, 0)

    def _propose_tracking(self):
        """Plans called like a tracking category. :return int: mappings made"""
        if not self.env["account.analytic.plan"].has_access("read"):
            return 0  # analytic accounting is not switched on, or not this person's
        free = self.tracking_category_ids - self.tracking_mapping_ids.category_id
        theirs = {category.name.strip().casefold(): category for category in free}
        plans = self.env["account.analytic.plan"].search([("parent_id", "=", False)])
        values = [
            {"organisation_id": self.id, "plan_id": plan.id, "category_id": category.id}
            for plan in plans - self.tracking_mapping_ids.plan_id
            if (category := theirs.pop(plan.name.strip().casefold(), None))
        ]
        self.env["xero.tracking.mapping"].create(values)
        return len(values)
