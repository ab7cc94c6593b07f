"""Analytic plans that documents use and no tracking category stands for, as long as Xero has room for one."""

from odoo import api, fields, models
from odoo.tools import SQL

from .codec.tracking import CATEGORIES
from .xero_mapping_gap import MANY, MODELS
from .xero_policy import PUSHING

PLAN = "account.analytic.plan"
MODELS["plan"] = PLAN
# the expression of Odoo's own index (analytic.mixin)
ACCOUNTS_OF_LINE = SQL(
    r"""regexp_split_to_array(jsonb_path_query_array(l.analytic_distribution, '$.keyvalue()."key"')::text, '\D+')"""
)


class XeroMappingGap(models.Model):
    _inherit = "xero.mapping.gap"
    _depends = {
        "xero.tracking.mapping": ["organisation_id", "plan_id", "category_id"],
        "xero.policy": ["organisation_id", "kind", "direction"],
        PLAN: ["parent_id"],
        "account.analytic.account": ["plan_id", "root_plan_id", "active"],
        "account.move.line": ["analytic_distribution", "company_id", "parent_state"],
    }

    kind = fields.Selection(selection_add=[("plan", "Tracking")])

    def _sources_sql(self):
        """Who may not read plans cannot map them either."""
        return super()._sources_sql() + ([self._plans_sql()] if self.env[PLAN].has_access("read") else [])

    def _plans_sql(self):
        """Where tracking goes to Xero and a category is free, the plans of documents."""
        return SQL(
            """SELECT o.id, o.company_id, 'plan', NULL, p.id::text, 0
                 FROM xero_organisation o
                 JOIN xero_policy way ON way.organisation_id = o.id AND way.kind = 'tracking'
                                     AND way.direction IN %(push)s
                 JOIN account_analytic_plan p ON p.parent_id IS NULL
                WHERE o.active
                  AND (SELECT count(*) FROM xero_tracking_mapping m
                        WHERE m.organisation_id = o.id AND m.category_id IS NOT NULL) < %(most)s
                  AND NOT EXISTS (SELECT FROM xero_tracking_mapping m
                                   WHERE m.organisation_id = o.id AND m.plan_id = p.id AND m.category_id IS NOT NULL)
                  AND EXISTS (SELECT FROM account_move_line l
                               WHERE l.company_id = o.company_id AND l.parent_state = 'posted'
                                 AND %(accounts)s && %(ours)s)""",
            push=PUSHING, most=CATEGORIES, accounts=ACCOUNTS_OF_LINE, ours=self._accounts_of_plan("p.id"),
        )  # fmt: skip

    def _accounts_of_plan(self, plan):
        """Ids of the plan's accounts as texts, in SQL."""
        return SQL(
            """(SELECT array_agg(a.id::text) FROM account_analytic_account a WHERE a.root_plan_id = %s AND a.active)""",
            SQL(plan),
        )

    def _uses_sql(self):
        return SQL(
            """CASE WHEN gap.kind = 'plan'
                    THEN (SELECT count(*) FROM (SELECT 1 FROM account_move_line l
                                                 WHERE l.company_id = gap.company_id AND l.parent_state = 'posted'
                                                   AND %s && %s LIMIT %s) AS uses)::integer
                    ELSE %s END""",
            ACCOUNTS_OF_LINE, self._accounts_of_plan("gap.key::integer"), MANY, super()._uses_sql(),
        )  # fmt: skip

    @api.depends("kind", "key", "direction")
    @api.depends_context("lang")
    def _compute_proposal(self):
        result = super()._compute_proposal()
        for gap in self.filtered(lambda gap: gap.kind == "plan"):
            gap.creatable, gap.reason = gap._category_proposal(gap._ours().name)
        return result

    def _category_proposal(self, plan):
        """:return tuple: (whether a category can be created for it, a sentence)"""
        organisation = self.organisation_id
        free = organisation.tracking_category_ids - organisation.tracking_mapping_ids.category_id
        if any(category.name.strip().casefold() == plan.strip().casefold() for category in free):
            return False, self.env._("Xero has a tracking category of that name. Press Propose, or map it.")
        if organisation._has_room_for_category():
            return True, self.env._(
                "Documents use its analytic accounts. Create a tracking category for it, or choose one; without, they "
                "stay in Odoo."
            )
        return False, self.env._(
            "Documents use its analytic accounts. Xero takes %(count)s categories and has them: choose one of them, or "
            "leave it in Odoo.", count=CATEGORIES,
        )  # fmt: skip

    def action_create_in_xero(self):
        if self.kind == "plan":
            return self.organisation_id._create_tracking_category(self._ours())
        return super().action_create_in_xero()

    def action_map(self):
        if self.kind == "plan":
            return self.organisation_id._open_tracking_mapping(self._ours())
        return super().action_map()
