"""The log of requests as people read it, and what is forgotten of it in time."""

import json
from datetime import timedelta

from odoo import api, fields, models

# Of payloads and answers, what the reader of a log has no business with.
SECRET_KEYS = {"bankaccountdetails", "taxnumber", "companynumber", "accesstoken", "refreshtoken", "authorization"}
HIDDEN = "•••"
KEPT_DAYS = 365
FORGOTTEN = "[]"  # what is left of a body; a real one has at least one element
BATCH = 1000


def _redact(value):
    """``value`` (parsed JSON) with everything under a secret key hidden."""
    if isinstance(value, dict):
        return {
            key: HIDDEN if key.lower() in SECRET_KEYS and content else _redact(content)
            for key, content in value.items()
        }
    return [_redact(item) for item in value] if isinstance(value, list) else value


class XeroRequest(models.Model):
    _inherit = "xero.request"

    body_shown = fields.Text("Sent", compute="_compute_shown")
    answer_shown = fields.Text("Answer", compute="_compute_shown")
    error_shown = fields.Char("Problem", compute="_compute_error_shown")

    @api.depends("resource", "method", "element_count")
    def _compute_display_name(self):
        for request in self:
            request.display_name = self.env._(
                "%(method)s %(resource)s (%(count)s)", method=request.method, resource=request.resource,
                count=request.element_count)

    @api.depends("body", "answer", "state")
    @api.depends_context("lang")
    def _compute_shown(self):
        for request in self:
            if request.body == FORGOTTEN:
                request.body_shown = request.answer_shown = self.env._("Removed after the time that requests are kept.")
            else:
                request.body_shown = self._pretty(request.body)
                request.answer_shown = self._pretty(request.answer)

    @api.depends("error_code", "error_detail")
    def _compute_error_shown(self):
        for request in self:
            request.error_shown = request.error_detail or request.error_code

    def _pretty(self, text):
        """JSON indented and redacted; what cannot be parsed cannot be redacted, and is not shown."""
        if not text:
            return False
        try:
            return json.dumps(_redact(json.loads(text)), indent=2, ensure_ascii=False)
        except ValueError:
            return self.env._("Too long to be shown (%(size)s characters).", size=len(text))

    def action_open_links(self):
        """The records that it carried."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "name": self.env._("Records"), "res_model": "xero.link",
            "view_mode": "list", "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("request_ids", "in", self.ids)],
        }

    @api.autovacuum
    def _gc_bodies(self):
        """Forget what was sent and answered long ago, never of a request whose outcome is still unknown.

        The row itself stays: when, what, how many, how it ended. How long is ``xero_integration.request_days``.

        :return tuple: (done, remaining), as autovacuum wants it
        """
        # sudo: run by the system.
        days = self.env["ir.config_parameter"].sudo().get_param("xero_integration.request_days")
        kept = int(days) if (days or "").isdigit() else KEPT_DAYS
        domain = [
            ("state", "!=", "recorded"), ("sent_at", "<", fields.Datetime.now() - timedelta(days=kept)),
            ("body", "!=", FORGOTTEN),
        ]
        old = self.search(domain, limit=BATCH, order="id")
        old.write({"body": FORGOTTEN, "answer": False, "elements": False})
        return len(old), self.search_count(domain, limit=BATCH) if len(old) == BATCH else 0
