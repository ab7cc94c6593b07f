"""Take records out of the sync, with the reason for whoever asks later."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class XeroExempt(models.TransientModel):
    _name = "xero.exempt"
    _description = "Take out of the Xero Sync"

    reason = fields.Char(required=True)
    targets = fields.Json(readonly=True, help="Of xero.link._targets: [[organisation id, resource, model, id], ...]")
    record_count = fields.Integer(compute="_compute_record_names")
    record_names = fields.Text("Records", compute="_compute_record_names")

    @api.depends("targets")
    def _compute_record_names(self):
        shown = 5
        for wizard in self:
            targets = wizard.targets or []
            # what is only in Xero so far has no record, but a link
            keys = list(dict.fromkeys(
                ("xero.link", target[4]) if len(target) > 4 else (target[2], target[3]) for target in targets
            ))  # fmt: skip
            names = self.env["xero.link"]._record_names(keys[:shown])
            wizard.record_count = len(keys)
            lines = [names[key] for key in keys[:shown]]
            if len(keys) > shown:
                lines.append(self.env._("and %(count)s more", count=len(keys) - shown))
            wizard.record_names = "\n".join(lines)

    @api.model
    def _action_for(self, targets):
        """:param targets: see ``xero.link._targets``"""
        self.env["xero.link"]._check_manager()
        if not targets:
            raise UserError(self.env._("None of these records has anything to do with Xero."))
        return {
            "type": "ir.actions.act_window", "name": self.env._("Take out of the sync"), "res_model": self._name,
            "view_mode": "form", "views": [(False, "form")], "target": "new", "context": {"default_targets": targets},
        }

    def action_confirm(self):
        self.ensure_one()
        targets = [tuple(target) for target in self.targets or []]
        self.env["xero.link"]._decide(targets, "exempt", {"reason": self.reason})
        return self.env["xero.link"]._notify_queued(self.record_count, 0)
