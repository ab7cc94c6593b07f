"""What waits or failed, once per record and organisation: the engine's queue as people see it."""

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

# Worst first. What a person has to do something about comes before what goes on by itself.
ATTENTION = ("conflict", "failed", "needs_you")
WORK_STATES = [
    ("conflict", "Conflict"),
    ("failed", "Failed"),
    ("needs_you", "Needs you"),
    ("checking", "Checking"),
    ("waiting", "Waiting"),
    ("queued", "Queued"),
    ("gone", "Deleted in Odoo"),
]


class XeroWorkItem(models.Model):
    """Every queued change, once per record, and every link that is neither in agreement nor exempt.

    No table: a query over ``xero.link`` (its partial index on trouble) and ``xero.change`` (short by nature). A change
    behind a link that failed means that it goes again, so the record counts as *queued*; a request in doubt is settled
    before anything else happens to its records, so those stay *checking*.
    """

    _name = "xero.work.item"
    _inherit = ["xero.type.mixin"]
    _description = "Xero Work Item"
    _auto = False
    _order = "since desc, id desc"
    _depends = {
        "xero.link": [
            "organisation_id", "company_id", "resource", "res_model", "res_id", "outcome", "attempts", "next_attempt",
            "write_date",
        ],
        "xero.change": [
            "organisation_id", "company_id", "resource", "res_model", "res_id", "kind", "by_hand", "create_date",
        ],
    }

    organisation_id = fields.Many2one("xero.organisation", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    resource = fields.Char("Type in Xero", readonly=True)
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference("Record ID", model_field="res_model", readonly=True)
    link_id = fields.Many2one("xero.link", readonly=True)
    state = fields.Selection(WORK_STATES, readonly=True)
    since = fields.Datetime(readonly=True)
    attempts = fields.Integer(readonly=True)
    next_attempt = fields.Datetime("Goes again", readonly=True)
    by_hand = fields.Boolean(
        "Asked for", readonly=True, help="A person asked for it: it goes even while auto-sync is off.")
    leaving = fields.Boolean(readonly=True, help="A person took it out of the sync; the worker has not come round yet.")
    name = fields.Char("Record", compute="_compute_name", search="_search_name")
    message = fields.Text("What to do", compute="_compute_message")
    cure = fields.Char(compute="_compute_message")
    can_cure = fields.Boolean(compute="_compute_message")
    held_back = fields.Boolean(compute="_compute_held_back", help="Auto-sync is off and nobody asked for it by hand.")

    @property
    def _table_query(self):
        return SQL("%s UNION ALL %s", self._select_links(), self._select_changes())

    def _select_links(self):
        return SQL(
            """SELECT l.id * 2 AS id, l.organisation_id, l.company_id, l.resource, l.res_model, l.res_id,
                      l.id AS link_id,
                      CASE WHEN l.outcome = 'in_doubt' THEN 'checking'
                           WHEN c.since IS NOT NULL THEN 'queued'
                           WHEN l.outcome = 'held' THEN 'needs_you'
                           ELSE l.outcome END AS state,
                      COALESCE(c.since, l.write_date) AS since, l.attempts, l.next_attempt,
                      COALESCE(c.by_hand, FALSE) AS by_hand, COALESCE(c.leaving, FALSE) AS leaving
                 FROM xero_link l
                 LEFT JOIN LATERAL (
                      SELECT min(create_date) AS since, bool_or(by_hand) AS by_hand, bool_or(kind = 'exempt') AS leaving
                        FROM xero_change
                       WHERE (link_id = l.id OR (link_id IS NULL AND res_model = l.res_model AND res_id = l.res_id
                                                 AND organisation_id = l.organisation_id AND resource = l.resource))
                         AND kind != 'touched'
                      ) c ON TRUE
                WHERE l.organisation_id IS NOT NULL AND l.outcome != 'synced' AND l.outcome != 'exempt'
                  -- what was taken back here and there has ended as it should
                  AND NOT (l.outcome = 'gone' AND l.error_code IS NULL)"""
        )

    def _select_changes(self):
        """What has no link in trouble. An exempt record stays exempt until somebody puts it back."""
        return SQL(
            """SELECT min(c.id) * 2 + 1 AS id, c.organisation_id, c.company_id, c.resource, c.res_model, c.res_id,
                      min(l.id) AS link_id, 'queued' AS state, min(c.create_date) AS since, 0 AS attempts,
                      NULL::timestamp AS next_attempt, bool_or(c.by_hand) AS by_hand,
                      bool_or(c.kind = 'exempt') AS leaving
                 FROM xero_change c
                 LEFT JOIN xero_link l ON l.organisation_id = c.organisation_id AND l.resource = c.resource
                      AND l.res_model = c.res_model AND l.res_id = c.res_id
                WHERE c.kind != 'touched' AND c.link_id IS NULL
                  AND (l.id IS NULL OR l.outcome = 'synced' OR (l.outcome = 'exempt' AND c.kind = 'include'))
                GROUP BY c.organisation_id, c.company_id, c.resource, c.res_model, c.res_id"""
        )

    # ---- computed ----------------------------------------------------------------------------

    @api.depends("res_model", "res_id")
    def _compute_name(self):
        names = self.env["xero.link"]._record_names([(item.res_model, item.res_id) for item in self if item.res_id])
        for item in self:
            item.name = names[item.res_model, item.res_id] if item.res_id else item.link_id.display_name

    def _search_name(self, operator, value):
        return self.env["xero.link"]._search_records(operator, value)

    @api.depends("name")
    def _compute_display_name(self):
        for item in self:
            item.display_name = item.name

    @api.depends("state", "by_hand", "leaving", "organisation_id.state", "organisation_id.auto_sync")
    def _compute_held_back(self):
        for item in self:
            idle = item.state == "queued" and not item.by_hand and not item.leaving
            item.held_back = idle and item.organisation_id.state == "connected" and not item.organisation_id.auto_sync

    @api.depends(
        "state", "link_id.error_code", "link_id.error_data", "held_back", "leaving",
        "organisation_id.state", "organisation_id.error_code", "organisation_id.parked_until",
    )
    @api.depends_context("lang", "tz", "uid")
    def _compute_message(self):
        for item in self:
            if item.state == "queued":
                item.message, item.cure, item.can_cure = item._queued_message(), "", False
            else:
                link = item.link_id
                item.message, item.cure, item.can_cure = link.error_message, link.cure, link.can_cure

    def _queued_message(self):
        """Why it is still here, as far as a person can tell."""
        organisation = self.organisation_id
        if self.leaving:
            return self.env._("Being taken out of the sync.")
        if organisation.state != "connected":
            return self.env._("%(organisation)s is not connected to Xero. It goes when it is connected again.",
                              organisation=organisation.name)
        if organisation.error_code:
            return self.env._("The connection to Xero needs attention: see the settings of %(organisation)s.",
                              organisation=organisation.name)
        if organisation.parked_until and organisation.parked_until > fields.Datetime.now():
            until = format_datetime(self.env, organisation.parked_until, dt_format="short")
            return self.env._(
                "Xero asked to wait or could not be reached. It goes by itself after %(until)s.", until=until)
        if self.held_back:
            return self.env._("Automatic sync is off. Send it by hand, or switch automatic sync on.")
        return self.env._("On its way to Xero.")

    # ---- actions -----------------------------------------------------------------------------

    def action_retry(self):
        """Ask for another try of everything in ``self``; one append per model and organisation."""
        return self.env["xero.link"]._ask_again_for(self)

    def action_cure(self):
        self.ensure_one()
        return self.link_id.action_cure() if self.cure else self.action_open_record()

    def action_open_record(self):
        self.ensure_one()
        return self.link_id.action_open_record() if not self.res_id else self.env["xero.link"]._action_open(
            self.res_model, self.res_id)

    def action_exempt(self):
        """Ask for the reason, then take these records out of the sync."""
        return self.env["xero.exempt"]._action_for(self._targets())

    def _targets(self):
        """What a decision about these names: see ``xero.link._targets``."""
        return [
            (item.organisation_id.id, item.resource, item.res_model, item.res_id,
             *(() if item.res_id else item.link_id.ids))
            for item in self
        ]  # fmt: skip
