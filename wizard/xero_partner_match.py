"""Which contact here is this one of Xero's? The choice that the take-over leaves to a person (S3.13)."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.codec import contact_received as codec
from ..models.codec.text import email_key, name_key, phone_key
from ..models.contact_counterpart import ContactCounterpart
from .contact_rating import SIMILAR, best, keys_of_partner, rate, words_of


def keys_of_item(contact):
    """:param contact: ``ReceivedContact``"""
    return {
        "account_number": contact.ref, "email_key": email_key(contact.email), "phone_key": phone_key(contact.phone),
        "name_key": name_key(contact.name),
    }  # fmt: skip


class XeroPartnerMatch(models.TransientModel):
    _name = "xero.partner.match"
    _description = "Choose the Contact in Odoo"

    link_id = fields.Many2one("xero.link", required=True, readonly=True, ondelete="cascade")
    organisation_id = fields.Many2one(related="link_id.organisation_id")
    name = fields.Char("Contact in Xero", readonly=True)
    email = fields.Char("E-mail", readonly=True)
    phone = fields.Char(readonly=True)
    line_ids = fields.One2many("xero.partner.match.line", "wizard_id", "Candidates")
    partner_id = fields.Many2one("res.partner", "Contact here", domain="[('parent_id', '=', False)]")

    # ---- opening ----------------------------------------------------------------------------------

    @api.model
    def _action_for(self, link):
        """The dialog for a contact of Xero's that waits on ``link``."""
        self.env["xero.link"]._check_manager()
        item = link.remote_item
        if not item:
            raise UserError(self.env._("This contact has found its place meanwhile. Reload the page."))
        contact = codec.read(item)
        wizard = self.create({
            "link_id": link.id, "name": contact.name, "email": contact.email, "phone": contact.phone,
        })  # fmt: skip
        wizard.line_ids = [fields.Command.create(vals) for vals in wizard._proposals(contact)]
        return {
            "type": "ir.actions.act_window", "name": self.env._("Which contact here is it?"),
            "res_model": self._name, "res_id": wizard.id, "view_mode": "form", "views": [(False, "form")],
            "target": "new",
        }  # fmt: skip

    def _proposals(self, contact):
        """Values of the candidate lines, best first: what shares a mark, then similar names."""
        partners = self._candidates(contact)
        owners = self._owners(partners)
        keys = keys_of_item(contact)
        rated = [(partner, *rate(self.env, keys_of_partner(partner), keys)) for partner in partners]
        rows = [
            {"partner_id": partner.id, "score": score, "reason": reason, "owner": owners.get(partner.id, False)}
            for partner, score, reason in rated if score >= SIMILAR
        ]  # fmt: skip
        return best(rows)

    def _candidates(self, contact):
        finder = ContactCounterpart(self.organisation_id, self.env["xero.resource.contacts"]._number)
        words = words_of(contact.name)
        here = Domain([("parent_id", "=", False), ("company_id", "in", (False, self.organisation_id.company_id.id))])
        similar = here & Domain.OR(Domain("name", "ilike", word) for word in words)
        marked = finder.candidates([contact])
        return marked | self.env["res.partner"].search(similar, limit=100)

    def _owners(self, partners):
        """{partner id: name of the contact of Xero's that it has already}"""
        links = self.env["xero.link"].search([
            ("organisation_id", "=", self.organisation_id.id), ("resource", "=", "Contacts"),
            ("res_model", "=", "res.partner"), ("res_id", "in", partners.ids), ("xero_id", "!=", False),
        ])  # fmt: skip
        return {link.res_id: link.xero_number or link.xero_id for link in links}

    # ---- actions ----------------------------------------------------------------------------------

    def action_confirm(self):
        self.ensure_one()
        return self._choose(self.partner_id)

    def action_create(self):
        """It is none of them: a new contact here."""
        self.ensure_one()
        self.env["xero.link"]._check_manager()
        self.link_id.check_access("read")
        self.env["xero.change"]._append_to_links(self.link_id, "create")
        return self.env["xero.link"]._notify_queued(1, 0)

    def _choose(self, partner):
        partner = partner.commercial_partner_id
        if not partner:
            raise UserError(self.env._("Choose a contact, or say that it is new here."))
        owner = self._owners(partner).get(partner.id)
        if owner:
            raise UserError(self.env._(
                "%(contact)s is %(owner)s in Xero already. Choose another one, or say that it is new here.",
                contact=partner.display_name, owner=owner,
            ))  # fmt: skip
        choice = partner.id, self.link_id.xero_id
        self.env["xero.resource.contacts"]._note_choices(self.organisation_id, [choice])
        return self.env["xero.link"]._notify_queued(1, 0)


class XeroPartnerMatchLine(models.TransientModel):
    _name = "xero.partner.match.line"
    _description = "Candidate for a Contact in Odoo"
    _order = "id"

    wizard_id = fields.Many2one("xero.partner.match", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    name = fields.Char("Name", related="partner_id.display_name")
    email = fields.Char("E-mail", related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    score = fields.Integer("Likely (%)")
    reason = fields.Char("Why")
    owner = fields.Char("In Xero it is")

    def action_choose(self):
        """This one."""
        self.ensure_one()
        return self.wizard_id._choose(self.partner_id)
