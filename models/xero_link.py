"""Record <-> organisation <-> Xero id: what was last agreed, and how the last attempt ended."""

from odoo import api, fields, models

from .problems import CATALOGUE, message_of

OUTCOMES = [
    ("synced", "In Xero"),
    ("waiting", "Waiting"),
    ("in_doubt", "Checking"),
    ("failed", "Failed"),
    ("conflict", "Conflict"),
    ("held", "Needs you"),
    ("exempt", "Exempt"),
    ("gone", "Gone"),
]
NO_ERROR = {
    "error_code": False,
    "error_data": False,
    "attempts": 0,
    "doubts": 0,
    "next_attempt": False,
    "waiting_for_id": False,
}


class XeroLink(models.Model):
    """Written by the organisation's worker alone; people decide by appending a ``xero.change``.

    Outcomes: *synced* both sides agreed at ``synced_at``; *waiting* for another record (``waiting_for_id``) or for a
    retry that comes by itself (``next_attempt``); *in_doubt* a request left and its answer is unknown; *failed* Xero or
    our own check refused it, it goes again when the record changes or a person retries; *conflict* both sides changed;
    *held* a person has to choose or to map something; *exempt* a person took it out; *gone* the record ended.
    """

    _name = "xero.link"
    _inherit = ["xero.type.mixin"]
    _description = "Xero Link"
    _order = "id desc"

    organisation_id = fields.Many2one(
        "xero.organisation", ondelete="restrict", help="Empty on legacy data until it is migrated."
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    resource = fields.Char(required=True, help="Xero's name: Contacts, Invoices, ...")
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", required=True, help="0: so far it is only in Xero; see remote_item."
    )
    xero_id = fields.Char()
    xero_number = fields.Char()
    xero_status = fields.Char()
    xero_total = fields.Float(digits=(16, 2))
    xero_due = fields.Float(digits=(16, 2), help="AmountDue, or RemainingCredit of a credit note, when last read.")
    xero_files = fields.Boolean(help="Whether there were files on it, ours or others', when Xero last said so.")
    parent_xero_id = fields.Char(help="Xero's id of the document that it belongs to: of an allocation, a file.")
    xero_updated_at = fields.Datetime(help="UpdatedDateUTC of what was last agreed.")
    remote = fields.Json(
        help="What an update has to know. Documents: {lines: {odoo line id, or id:part: LineItemID}, parts: "
        "{LineItemID: digest of a part}, tracking: {LineItemID: [[category, option]]}, figures: those of Xero where "
        "ours say the same}; money spent also {sent: what "
        "was sent, journal}. Payments and allocations: {date, journal, amount, accounts: what Xero was told, payment: "
        "of the money, partials: all that are one amount there, written_off: of the money, batch, batch_total: of "
        "Xero's batch payment, freed: of the money when it was taken back in Xero, source, source_id, invoice_id: of "
        "an allocation}. Files and notes: {document: its id at "
        "Xero}. Contacts: {sent: names of what Xero has from us, name: under which it was created, generation: of our "
        "number, create: by decision, ours, said: what Odoo and Xero said of each field when they last agreed, number: "
        "Xero's own ContactNumber, person_id, tags: what was made here of it, phone_type, address_type: where Xero has "
        "them, merged_to: the contact that stays, was: the contact of a deleted partner, partner, new: what a person "
        "chose}."
    )
    digest = fields.Char(help="Of the payload that was last agreed.")
    remote_digest = fields.Char(help="Of what Xero said when it was last looked at: xero.resource._remote_digest.")
    remote_item = fields.Json(help="What Xero says, as long as it could not be taken over here.")
    xero_counts = fields.Boolean(help="A person said that Xero's counts, but it could not be taken over yet.")
    from_xero = fields.Boolean(help="It was made in Xero: its number there is its number here.")
    version = fields.Char(help="Of the record in Odoo when that was agreed; see xero.resource._versions.")
    outcome = fields.Selection(OUTCOMES, required=True, default="waiting")
    error_code = fields.Char()
    error_data = fields.Json(help="What the message and its button need: {hole: value}.")
    error_message = fields.Text(compute="_compute_error_message")
    attempts = fields.Integer(help="Refusals since it was last in agreement.")
    doubts = fields.Integer(help="Times in a row that it was sent, no answer came, and Xero had nothing of it.")
    next_attempt = fields.Datetime()
    waiting_for_id = fields.Many2one("xero.link", ondelete="set null", index="btree_not_null")
    synced_at = fields.Datetime()
    request_ids = fields.Many2many(
        "xero.request", "xero_request_link_rel", "link_id", "request_id", groups="xero_integration.group_xero_manager"
    )

    _record_uniq = models.UniqueIndex(
        "(organisation_id, resource, res_model, res_id) WHERE organisation_id IS NOT NULL AND res_id != 0"
    )
    _xero_id_uniq = models.UniqueIndex(
        "(organisation_id, resource, xero_id) WHERE organisation_id IS NOT NULL AND xero_id IS NOT NULL"
    )
    _record_idx = models.Index("(res_model, res_id)")
    _retry_idx = models.Index("(organisation_id, resource, next_attempt) WHERE next_attempt IS NOT NULL")
    _parent_idx = models.Index("(organisation_id, parent_xero_id) WHERE parent_xero_id IS NOT NULL")
    _incoming_idx = models.Index("(organisation_id, resource) WHERE remote_item IS NOT NULL")
    _members_idx = models.Index("(organisation_id, resource) WHERE (remote -> 'partials') IS NOT NULL")
    _batch_idx = models.Index("(organisation_id, (remote ->> 'batch')) WHERE (remote ->> 'batch') IS NOT NULL")
    _trouble_idx = models.Index("(organisation_id, outcome) WHERE outcome != 'synced'")

    @api.depends("error_code", "error_data")
    @api.depends_context("lang")
    def _compute_error_message(self):
        for link in self:
            link.error_message = message_of(self.env, link.error_code, link.error_data)

    @api.depends("resource", "xero_number", "res_model", "res_id")
    def _compute_display_name(self):
        for link in self:
            link.display_name = f"{link.resource} {link.xero_number or link.res_id}"

    @api.model
    def _codes_cured_by_mapping(self):
        return [code for code, entry in CATALOGUE.items() if entry.by_mapping]

    def _waits_for(self, other):
        """Whether this one waits for ``other``, be it through others that wait themselves."""
        seen, link = self.browse(), self
        while link and link not in seen:
            if link == other:
                return True
            seen, link = seen | link, link.waiting_for_id
        return False

    def _free_waiting(self):
        """What waited for these goes again in this run."""
        waiting = self.search([("waiting_for_id", "in", self.ids)]) if self else self
        waiting.write({"next_attempt": fields.Datetime.now(), "waiting_for_id": False})
