"""Which contact at Xero is this one? The choice that the matcher leaves to a person."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.codec.text import name_key
from .contact_rating import SIMILAR, best, keys_of_contact, keys_of_partner, rate, words_of

ARCHIVED = ("ARCHIVED", "GDPRREQUEST")


class XeroContactMatch(models.TransientModel):
    _name = "xero.contact.match"
    _description = "Choose the Contact in Xero"

    partner_id = fields.Many2one("res.partner", "Contact", required=True, readonly=True)
    organisation_id = fields.Many2one("xero.organisation", "Xero organisation", required=True, readonly=True)
    organisation_count = fields.Integer(compute="_compute_organisation_count")
    current_name = fields.Char("In Xero now", compute="_compute_current_name")
    mode = fields.Selection(
        [("match", "is in Xero already"), ("create", "is new to Xero")], "This contact", default="match", required=True)
    line_ids = fields.One2many("xero.contact.match.line", "wizard_id", "Candidates")
    contact_id = fields.Many2one(
        "xero.contact", "Contact in Xero",
        domain="[('organisation_id', '=', organisation_id), ('status', '!=', 'ARCHIVED'), ('merged_to', '=', False)]")
    contact_owner = fields.Char("Belongs to", compute="_compute_contact_owner")
    new_name = fields.Char("Name in Xero", compute="_compute_new_name", store=True, readonly=False)
    name_taken = fields.Boolean(compute="_compute_name_taken")

    # ---- computed ------------------------------------------------------------------------------

    @api.depends("partner_id")
    def _compute_organisation_count(self):
        for wizard in self:
            wizard.organisation_count = len(wizard._organisations())

    @api.depends("partner_id", "organisation_id")
    def _compute_current_name(self):
        for wizard in self:
            link = wizard._link()
            wizard.current_name = link.xero_number or link.xero_id

    @api.depends("contact_id")
    def _compute_contact_owner(self):
        for wizard in self:
            wizard.contact_owner = wizard._owners(wizard.contact_id).get(wizard.contact_id.xero_id)

    @api.depends("partner_id")
    def _compute_new_name(self):
        for wizard in self:
            wizard.new_name = wizard.partner_id.name

    @api.depends("new_name", "organisation_id", "mode")
    def _compute_name_taken(self):
        for wizard in self:
            wizard.name_taken = wizard.mode == "create" and bool(self.env["xero.contact"].search_count(
                [("organisation_id", "=", wizard.organisation_id.id), ("name_key", "=", name_key(wizard.new_name)),
                 ("xero_id", "!=", wizard._link().xero_id)], limit=1))

    # ---- opening -------------------------------------------------------------------------------

    @api.model
    def _action_for(self, partner, organisation):
        """The dialog for a partner; without ``organisation``, the first of the user's companies is proposed."""
        self.env["xero.link"]._check_manager()
        partner = partner.commercial_partner_id
        organisation = organisation or self._organisations()[:1]
        if not organisation:
            raise UserError(self.env._("No Xero organisation is connected for this company. Connect one first."))
        wizard = self.create({"partner_id": partner.id, "organisation_id": organisation.id})
        wizard.line_ids = [fields.Command.create(vals) for vals in wizard._proposals()]
        if not wizard.line_ids:
            wizard.mode = "create"
        return wizard._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window", "name": self.env._("Which contact in Xero is it?"),
            "res_model": self._name, "res_id": self.id, "view_mode": "form", "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _organisations(self):
        """Those of the user's companies that a contact can go to."""
        return self.env["xero.organisation"].search([("company_id", "in", self.env.companies.ids)])

    # ---- proposals -----------------------------------------------------------------------------

    def _proposals(self):
        """Values of the candidate lines, best first: what shares a mark with the partner, then similar names."""
        partner, keys = self.partner_id, keys_of_partner(self.partner_id)
        candidates = self._candidates(keys)
        owners = self._owners(candidates)
        rated = []
        for contact in candidates:
            score, reason = rate(self.env, keys, keys_of_contact(contact))
            if score >= SIMILAR:
                owner = owners.get(contact.xero_id, False)
                if owner:
                    reason = self.env._("%(reason)s, but it belongs to %(owner)s", reason=reason, owner=owner)
                rated.append({"contact_id": contact.id, "score": score, "reason": reason, "owner": owner})
        return best(rated) if partner else []

    def _candidates(self, keys):
        """The mirror's rows that share a mark or a word of the name, and what the matcher could not decide."""
        Contact = self.env["xero.contact"]
        base = Domain([
            ("organisation_id", "=", self.organisation_id.id), ("status", "not in", ARCHIVED),
            ("merged_to", "=", False),
        ])
        undecided = (self._link().error_data or {}).get("candidates") or []
        marks = Domain.OR(Domain(name, "=", value) for name, value in keys.items() if value)
        words = words_of(self.partner_id.name)
        return (
            Contact.search(base & Domain("xero_id", "in", undecided))
            | Contact.search(base & marks, limit=100)
            | Contact.search(base & Domain.OR(Domain("name", "ilike", word) for word in words), limit=200)
        )

    def _owners(self, contacts):
        """{ContactID: name of the other partner that it belongs to}"""
        links = self.env["xero.link"].search([
            ("organisation_id", "=", self.organisation_id.id), ("resource", "=", "Contacts"),
            ("xero_id", "in", contacts.mapped("xero_id")), ("res_id", "!=", 0)])
        return {link.xero_id: link.display_name for link in links if link.res_id != self.partner_id.id}

    def _link(self):
        """The partner's link in this organisation, possibly empty."""
        return self.env["xero.link"].search([
            ("organisation_id", "=", self.organisation_id.id), ("resource", "=", "Contacts"),
            ("res_model", "=", "res.partner"), ("res_id", "=", self.partner_id.id)], limit=1)

    def _lost_in_xero(self):
        """Whether the contact that this one is linked to can bear no document any more: archived, or merged away."""
        contact = self.env["xero.contact"].search([
            ("organisation_id", "=", self.organisation_id.id), ("xero_id", "=", self._link().xero_id)], limit=1)
        return contact.status in ARCHIVED or bool(contact.merged_to)

    # ---- actions -------------------------------------------------------------------------------

    def action_next_organisation(self):
        """The same question about the next organisation of the user's companies."""
        self.ensure_one()
        organisations = self._organisations()
        position = organisations.ids.index(self.organisation_id.id) if self.organisation_id in organisations else -1
        return self._action_for(self.partner_id, organisations[(position + 1) % len(organisations)])

    def action_confirm(self):
        """Append the decision; the worker acts on it."""
        self.ensure_one()
        if self.mode == "create":
            return self._confirm_create()
        return self._choose(self.contact_id)

    def _choose(self, contact):
        if not contact:
            raise UserError(self.env._("Choose a contact, or say that it is new to Xero."))
        if contact.organisation_id != self.organisation_id:
            raise UserError(self.env._("%(contact)s is in another Xero organisation.", contact=contact.name))
        owner = self._owners(contact).get(contact.xero_id)
        if owner:
            raise UserError(self.env._(
                "%(contact)s already belongs to %(owner)s. Choose another contact, or create one under another name.",
                contact=contact.name, owner=owner))
        choice = self.partner_id.id, contact.xero_id
        self.env["xero.resource.contacts"]._note_choices(self.organisation_id, [choice])
        return self.env["xero.link"]._notify_queued(1, 0)

    def _confirm_create(self):
        name = (self.new_name or "").strip()
        if not name:
            raise UserError(self.env._("Give the new contact a name."))
        if self._link().xero_id and not self._lost_in_xero():
            raise UserError(self.env._("This contact is in Xero already: choose another one there."))
        if self.name_taken:
            raise UserError(self.env._(
                "Xero already has a contact %(name)s, and takes a name only once. Give this one another.", name=name))
        Link = self.env["xero.link"]
        target = self.organisation_id.id, "Contacts", "res.partner", self.partner_id.id
        Link._decide([target], "create", {"name": name if name != self.partner_id.name else False})
        return Link._notify_queued(1, 0)


class XeroContactMatchLine(models.TransientModel):
    _name = "xero.contact.match.line"
    _description = "Candidate for a Contact in Xero"
    _order = "id"

    wizard_id = fields.Many2one("xero.contact.match", required=True, ondelete="cascade")
    contact_id = fields.Many2one("xero.contact", required=True, ondelete="cascade")
    name = fields.Char(related="contact_id.name")
    email = fields.Char("E-mail", related="contact_id.email")
    account_number = fields.Char("Account number", related="contact_id.account_number")
    score = fields.Integer("Likely (%)")
    reason = fields.Char("Why")
    owner = fields.Char("Belongs to")

    def action_choose(self):
        """This one."""
        self.ensure_one()
        return self.wizard_id._choose(self.contact_id)
