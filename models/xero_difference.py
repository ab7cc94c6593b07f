"""What the two sides say differently, until somebody decides: one row per record, with both values side by side."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .difference_labels import LABELS

REASONS = [
    ("both_changed", "Changed on both sides"),
    ("not_changeable", "Xero takes no such change any more"),
    ("missing_in_xero", "Missing in Xero"),
    ("missing_in_odoo", "Missing in Odoo"),
    ("values", "They differ"),
    ("ended", "Ended on one side"),
]
DECISIONS = [("take_odoo", "Odoo's was taken"), ("take_xero", "Xero's was taken"), ("ignore", "Ignored")]
# Of these links only stand for something that one side lacks.
MISSING = ("missing_in_odoo", "missing_in_xero")
USER = "account.group_account_invoice"


class XeroDifference(models.Model):
    """Written by the worker alone. A decision is a ``xero.change``; the worker acts on it and notes here who took it.

    *open* until it is decided, or vanishes because the two sides agree again. What was ignored stays ignored as long
    as neither side changes.
    """

    _name = "xero.difference"
    _inherit = ["xero.type.mixin"]
    _description = "Xero: Difference"
    _order = "state, found_at desc, id desc"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    link_id = fields.Many2one("xero.link", required=True, ondelete="cascade", index=True)
    resource = fields.Char("Type in Xero", related="link_id.resource", store=True)
    res_model = fields.Char(related="link_id.res_model", store=True)
    res_id = fields.Many2oneReference(model_field="res_model", related="link_id.res_id", store=True)
    name = fields.Char("Record", compute="_compute_name")
    xero_url = fields.Char(related="link_id.xero_url")
    reason = fields.Selection(REASONS, required=True)
    values = fields.Json(help="[{label, odoo, xero}], what differs, as people read it.")
    odoo_text = fields.Text("In Odoo", compute="_compute_texts")
    xero_text = fields.Text("In Xero", compute="_compute_texts")
    summary = fields.Text(compute="_compute_texts", help="Both sides in one line.")
    fingerprint = fields.Char(help="Of the reason and the values: the same difference is not opened twice.")
    state = fields.Selection(
        [("open", "Open"), ("decided", "Decided"), ("ignored", "Ignored"), ("vanished", "Agreed again")],
        required=True, default="open",
    )  # fmt: skip
    found_at = fields.Datetime("Found on", default=fields.Datetime.now)
    decision = fields.Selection(DECISIONS)
    decided_by_id = fields.Many2one("res.users", "Decided by")
    decided_at = fields.Datetime("Decided on")
    can_take_odoo = fields.Boolean(compute="_compute_objections")
    can_take_xero = fields.Boolean(compute="_compute_objections")
    hint = fields.Text("Note", compute="_compute_objections", help="What cannot be decided here, and what helps.")
    overtaken = fields.Boolean(help="Somebody decided, but by then it said something else: the decision did not count.")
    pending = fields.Boolean(compute="_compute_pending", help="Somebody decided; the worker has not come round yet.")

    _open_uniq = models.UniqueIndex("(link_id) WHERE state = 'open'")

    # ---- compute --------------------------------------------------------------------------------

    @api.depends("link_id")
    def _compute_name(self):
        for difference in self:
            difference.name = difference.link_id.display_name

    @api.depends("name")
    def _compute_display_name(self):
        for difference in self:
            difference.display_name = difference.name

    @api.depends("values", "reason", "res_model")
    @api.depends_context("lang")
    def _compute_texts(self):
        for difference in self:
            rows = difference.values or []
            difference.odoo_text = difference._side_text(rows, "odoo")
            difference.xero_text = difference._side_text(rows, "xero")
            difference.summary = "; ".join(difference._both_texts()) or False

    def _side_text(self, rows, side):
        """What one side says; nothing where it has no such record."""
        if self.reason == f"missing_in_{side}":
            return self.env._("Not there")
        return "\n".join(f"{self._label(row['label'])}: {self._shown(row, side)}" for row in rows)

    def _both_texts(self):
        """Per value a text with both sides; of what one side lacks, that it does. :rtype: list"""
        if self.reason in MISSING:
            return [dict(self._fields["reason"]._description_selection(self.env))[self.reason]]
        return [
            self.env._("%(label)s: %(odoo)s in Odoo, %(xero)s in Xero", label=self._label(row["label"]),
                       odoo=self._shown(row, "odoo"), xero=self._shown(row, "xero"))
            for row in self.values or []
        ]  # fmt: skip

    def _shown(self, row, side):
        """A status in the reader's words, an empty value as a dash."""
        if side == "odoo" and row["label"] == "Status" and self.res_model == "account.move":
            states = dict(self.env["account.move"]._fields["state"]._description_selection(self.env))
            return states.get(row[side], row[side])
        return row[side] or "–"

    def _label(self, label):
        """The reader's word for what differs; what has none is shown as it is."""
        return self.env._(LABELS[label]) if label in LABELS else label

    def _compute_pending(self):
        decided = self.env["xero.change"].sudo().search_fetch(  # sudo: no user reads the queue
            [("link_id", "in", self.link_id.ids), ("kind", "in", [kind for kind, _label in DECISIONS])], ["link_id"]
        ).link_id
        for difference in self:
            difference.pending = difference.state == "open" and difference.link_id in decided

    # ---- found and gone (the worker) --------------------------------------------------------------

    @api.model
    def _open(self, link, reason, values):
        """Note a difference of ``link``, once.

        :param list values: ``[{label, odoo, xero}]``
        :return: the open row; an empty recordset if exactly this was ignored before
        """
        vals = self._new_values(link, reason, values)
        known = self.search([("link_id", "=", link.id), ("state", "in", ("open", "ignored"))])
        if known.filtered(lambda row: row.state == "ignored" and row.fingerprint == vals["fingerprint"]):
            return self.browse()
        row = known.filtered(lambda row: row.state == "open")
        if row:
            row.write(vals)
            return row
        return self.create(vals)

    def _new_values(self, link, reason, values):
        return {
            "link_id": link.id, "organisation_id": link.organisation_id.id, "company_id": link.company_id.id,
            "reason": reason, "values": values, "fingerprint": f"{reason} {values}",
        }  # fmt: skip

    @api.model
    def _vanish(self, links):
        """The two sides of ``links`` agree again. What was ignored is over as well: should they differ in the same way
        once more, that is new."""
        self.search([("link_id", "in", links.ids), ("state", "in", ("open", "ignored"))]).write({"state": "vanished"})

    def _note_decision(self, change):
        """Who decided what, for whoever asks later: here, and in the record's own history."""
        self.write({
            "state": "ignored" if change.kind == "ignore" else "decided", "decision": change.kind,
            "decided_by_id": change.create_uid.id, "decided_at": change.create_date, "overtaken": False,
        })  # fmt: skip
        for row in self:
            record = row.link_id._record()
            if record and hasattr(record, "message_post"):
                record.message_post(body=row._decision_note(), author_id=change.create_uid.partner_id.id)

    def _decision_note(self):
        """What was decided about which values. :rtype: Markup"""
        labels = dict(self._fields["decision"]._description_selection(self.env))
        intro = self.env._("Odoo and Xero (%(organisation)s) differed: %(decision)s.",
                           organisation=self.organisation_id.name, decision=labels[self.decision])  # fmt: skip
        rows = Markup("").join(Markup("<li>%s</li>") % text for text in self._both_texts())
        return Markup("%s<ul>%s</ul>") % (intro, rows)

    # ---- what can be decided ------------------------------------------------------------------------

    @api.depends("reason", "values", "link_id.xero_id", "res_id")
    @api.depends_context("lang")
    def _compute_objections(self):
        for difference in self:
            ours, theirs = difference._objection("take_odoo"), difference._objection("take_xero")
            difference.can_take_odoo, difference.can_take_xero = not ours, not theirs
            difference.hint = " ".join(dict.fromkeys(filter(None, (ours, theirs)))) or False

    def _objection(self, kind):
        """Why nothing could be done if the person decided ``kind``. :return str: a sentence, or ''"""
        if kind == "take_odoo" and self.reason == "missing_in_odoo":
            return self.env._(
                "Odoo has no such document that could go to Xero. If it should not exist, void it in Xero; ignoring "
                "it leaves it in Xero alone."
            )
        if kind == "take_xero" and self.reason == "missing_in_xero" and not self.link_id.xero_id:
            return self.env._(
                "Xero has no such document that could come here. If it should not exist, cancel it here; ignoring it "
                "leaves it in Odoo alone."
            )
        handler = self.env["xero.resource"]._for(self.resource, self.res_model)
        # sudo: what a type needs to know about an organisation is no reader's to read
        return handler.sudo()._objection(self.sudo(), kind) if kind != "ignore" else ""

    # ---- actions --------------------------------------------------------------------------------

    def action_take_odoo(self):
        """Odoo's values go to Xero, whatever stands there."""
        return self._decide("take_odoo")

    def action_take_xero(self):
        """Xero's values come to Odoo, whatever stands here."""
        return self._decide("take_xero")

    def action_ignore(self):
        """Leave both as they are, until one of them changes."""
        return self._decide("ignore")

    def _decide(self, kind):
        if not (self.env.su or self.env.user.has_group(USER)):
            raise AccessError(self.env._("Only people with invoicing rights can decide what counts."))
        self.check_access("read")
        rows = self.filtered(lambda row: row.state == "open" and not row.pending)
        if kind == "ignore" and any(row.reason in MISSING for row in rows):
            self.env["xero.link"]._check_manager()  # it takes the record out of the sync, which is for them to decide
        for row in rows:
            if objection := row._objection(kind):
                raise UserError(f"{row.name}: {objection}" if len(rows) > 1 else objection)
        saw = {row.link_id.id: {"saw": row.fingerprint} for row in rows}
        self.env["xero.change"]._append_to_links(rows.link_id, kind, saw)
        return self.env["xero.link"]._notify_queued(len(rows), len(self) - len(rows))

    def action_open_record(self):
        self.ensure_one()
        return self.link_id.action_open_record()

    def action_open_in_xero(self):
        self.ensure_one()
        return self.link_id.action_open_in_xero()
