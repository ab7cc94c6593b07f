"""Everybody who waits for a counterpart, in both directions, with a proposal; the clear ones are confirmed at once."""

from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.codec import contact_received as codec
from ..models.contact_counterpart import ContactCounterpart
from .contact_rating import MARKS, combined, keys_of_contact, keys_of_partner, reasons
from .xero_contact_match import ARCHIVED
from .xero_partner_match import keys_of_item

SHOWN = 80
SURE = 90  # per cent
WAITING = [("resource", "=", "Contacts"), ("res_model", "=", "res.partner"), ("outcome", "=", "held")]
TO_XERO = ("contact_ambiguous", "contact_linked", "contact_not_allowed", "contact_name_taken", "contact_number_taken")


class XeroMatchContacts(models.TransientModel):
    _name = "xero.match.contacts"
    _description = "Match Contacts"

    organisation_id = fields.Many2one("xero.organisation", "Xero organisation", required=True, readonly=True)
    line_ids = fields.One2many("xero.match.contacts.line", "wizard_id", "Waiting")
    more = fields.Integer("Not shown", readonly=True)

    # ---- opening ----------------------------------------------------------------------------------

    @api.model
    def _action_for(self, organisation, partners=None):
        """The screen of everybody who waits in ``organisation``, or of ``partners`` that have no contact yet."""
        self.env["xero.link"]._check_manager()
        wizard = self.create({"organisation_id": organisation.id})
        rows = wizard._rows_of(partners) if partners else [*wizard._rows_in(), *wizard._rows_out()]
        proposed = Counter(_counterpart(vals) for vals in rows)
        for vals in rows:
            vals["chosen"] = vals["chosen"] and proposed[_counterpart(vals)] == 1
        rows.sort(key=lambda vals: (not vals["chosen"], -vals["score"]))
        wizard.write({
            "line_ids": [fields.Command.create(vals) for vals in rows[:SHOWN]], "more": len(rows[SHOWN:]),
        })  # fmt: skip
        return {
            "type": "ir.actions.act_window", "name": self.env._("Match contacts"), "res_model": self._name,
            "res_id": wizard.id, "view_mode": "form", "views": [(False, "form")], "target": "new",
        }  # fmt: skip

    # ---- rows -------------------------------------------------------------------------------------

    def _here(self):
        return [("organisation_id", "=", self.organisation_id.id)]

    def _rows_in(self):
        """Contacts of Xero's that wait for their partner."""
        links = self.env["xero.link"].search([*self._here(), *WAITING, ("res_id", "=", 0)])
        contacts = {link: codec.read(link.remote_item) for link in links if link.remote_item}
        finder = ContactCounterpart(self.organisation_id, self.env["xero.resource.contacts"]._number)
        partners = finder.candidates(contacts.values()) if contacts else ()
        keys = {partner: keys_of_partner(partner) for partner in partners}
        owned = set(self._linked([("res_id", "in", [partner.id for partner in partners])]).mapped("res_id"))
        free = {partner: marks for partner, marks in keys.items() if partner.id not in owned}
        return [
            self._row("in", contact.name, keys_of_item(contact), free, link_id=link.id)
            for link, contact in contacts.items()
        ]

    def _rows_out(self):
        """Partners that wait for their contact."""
        links = self.env["xero.link"].search([
            *self._here(), *WAITING, ("res_id", "!=", 0), ("xero_id", "=", False), ("error_code", "in", TO_XERO),
        ])  # fmt: skip
        return self._rows_of(self.env["res.partner"].browse(links.mapped("res_id")).exists())

    def _rows_of(self, partners):
        known = set(self._linked([("res_id", "in", partners.commercial_partner_id.ids)]).mapped("res_id"))
        waiting = partners.commercial_partner_id.filtered(lambda partner: partner.id not in known)
        keys = {partner: keys_of_partner(partner) for partner in waiting}
        marks = [Domain(mark, "in", [one[mark] for one in keys.values() if one[mark]]) for mark in MARKS]
        contacts = self.env["xero.contact"].search(
            Domain([*self._here(), ("status", "not in", ARCHIVED), ("merged_to", "=", False)]) & Domain.OR(marks)
        )
        owned = set(self._linked([("xero_id", "in", contacts.mapped("xero_id"))]).mapped("xero_id"))
        free = {contact: keys_of_contact(contact) for contact in contacts if contact.xero_id not in owned}
        return [self._row("out", p.display_name, keys[p], free, partner_id=p.id) for p in waiting]

    def _linked(self, domain):
        """Links of contacts that have both sides."""
        both = [("resource", "=", "Contacts"), ("res_model", "=", "res.partner"), ("res_id", "!=", 0)]
        return self.env["xero.link"].search_fetch(
            [*self._here(), *both, ("xero_id", "!=", False), *domain], ["res_id", "xero_id"]
        )

    def _row(self, direction, name, keys, candidates, **values):
        """Values of a line: the best candidate, and whether no other comes near it."""
        found = [(reasons(self.env, keys, theirs), record) for record, theirs in candidates.items()]
        rated = sorted(
            ((len(why), why[0][0], record.id, why, record) for why, record in found if why),
            key=lambda row: (-row[0], -row[1], row[2]),
        )
        vals = {"direction": direction, "name": name, "score": 0, "chosen": False} | values
        if not rated:
            return vals
        count, strongest, _id, why, best = rated[0]
        score, reason = combined(why)
        # where two share one mark, a second mark that only one of them has makes the difference
        alone = len(rated) == 1 or count > rated[1][0] or (count == rated[1][0] == 1 and strongest > rated[1][1])
        vals |= {
            "score": score, "reason": reason, "rivals": len(rated) - 1,
            "chosen": alone and score >= SURE,
        }  # fmt: skip
        return vals | {"contact_id" if best._name == "xero.contact" else "partner_id": best.id}

    # ---- actions ----------------------------------------------------------------------------------

    def action_confirm(self):
        """Append the decisions; the worker acts on them."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.chosen and line.score)
        if not lines:
            raise UserError(self.env._("Tick the rows whose proposal is right."))
        choices = [(line.partner_id.id, line.link_id.xero_id or line.contact_id.xero_id) for line in lines]
        self.env["xero.resource.contacts"]._note_choices(self.organisation_id, choices)
        return self.env["xero.link"]._notify_queued(len(lines), 0)


def _counterpart(vals):
    """What a line proposes."""
    return vals["direction"], vals.get("contact_id" if vals["direction"] == "out" else "partner_id")


class XeroMatchContactsLine(models.TransientModel):
    _name = "xero.match.contacts.line"
    _description = "Contact That Waits for Its Counterpart"
    _order = "id"

    wizard_id = fields.Many2one("xero.match.contacts", required=True, ondelete="cascade")
    chosen = fields.Boolean("Link")
    direction = fields.Selection([("in", "Xero"), ("out", "Odoo")], "In", required=True, readonly=True)
    name = fields.Char("Who waits", readonly=True)
    link_id = fields.Many2one("xero.link", "Waiting contact", ondelete="cascade")
    partner_id = fields.Many2one("res.partner", ondelete="cascade")
    contact_id = fields.Many2one("xero.contact", ondelete="cascade")
    proposal = fields.Char(compute="_compute_proposal")
    reason = fields.Char("Why", readonly=True)
    score = fields.Integer("Likely (%)", readonly=True)
    rivals = fields.Integer("Others", readonly=True, help="How many others share a mark with it.")

    @api.depends("partner_id", "contact_id", "direction")
    def _compute_proposal(self):
        for line in self:
            line.proposal = line.contact_id.name if line.direction == "out" else line.partner_id.display_name

    def action_choose(self):
        """Look at all candidates of this one."""
        self.ensure_one()
        if self.direction == "in":
            return self.env["xero.partner.match"]._action_for(self.link_id)
        return self.env["xero.contact.match"]._action_for(self.partner_id, self.wizard_id.organisation_id)
