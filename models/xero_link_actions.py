"""What people can do about a link: every cure that the catalogue of problems names, and the decisions besides.

Nothing here writes a link. A person's decision is a ``xero.change`` like any other, and the worker acts on it.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .matching import allocation_of, payment_of, refund_of
from .problems import CATALOGUE
from .resources import RESOURCES

MANAGER = "xero_integration.group_xero_manager"
USER = "account.group_account_invoice"
# Cures that lead to screens which only managers of the integration may open.
MANAGER_CURES = (
    "action_match", "action_open_account_mapping", "action_open_tax_mapping", "action_open_journal_mapping",
    "action_open_organisation",
)
PARTIAL = "account.partial.reconcile"


class XeroLink(models.Model):
    _inherit = "xero.link"

    can_cure = fields.Boolean(compute="_compute_can_cure", help="There is more to do than Retry, and the user may.")
    cure = fields.Char(compute="_compute_cure", help="Name of the method that helps with what stopped it.")

    @api.depends("res_model", "res_id", "resource", "xero_number")
    def _compute_display_name(self):
        """The record's own name, so that whoever reads a list of links knows what it speaks of."""
        names = self._record_names([(link.res_model, link.res_id) for link in self if link.res_id])
        for link in self:
            only_there = link.xero_number or self.env._("%(resource)s in Xero", resource=link.resource)
            link.display_name = names[link.res_model, link.res_id] if link.res_id else only_there

    @api.depends("error_code")
    def _compute_cure(self):
        for link in self:
            entry = CATALOGUE.get(link.error_code)
            link.cure = entry.cure if entry else ""

    @api.depends("cure")
    @api.depends_context("uid")
    def _compute_can_cure(self):
        manages = self.env.user.has_group(MANAGER)
        for link in self:
            link.can_cure = link.cure not in ("", "action_retry") and (manages or link.cure not in MANAGER_CURES)

    @api.model
    def _record_names(self, keys):
        """Names of records, in one read per model.

        :param keys: iterable of (model, id)
        :return dict: {(model, id): name}; says so when a record was deleted
        """
        by_model = {}
        for res_model, res_id in keys:
            by_model.setdefault(res_model, set()).add(res_id)
        names = {}
        for res_model, ids in by_model.items():
            # sudo: names alone, of records that a link or change of the reader's own companies speaks of.
            records = self.env[res_model].sudo().browse(sorted(ids)).exists()
            named = {record.id: record.display_name for record in records}
            for res_id in ids:
                names[res_model, res_id] = named.get(res_id) or self.env._("Deleted record %(id)s", id=res_id)
        return names

    @api.model
    def _search_records(self, operator, value):
        """Domain on (``res_model``, ``res_id``) of the records that the user may read and whose name matches."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        models_served = {self.env[name]._res_model for name in RESOURCES}
        return Domain.OR(
            Domain("res_model", "=", res_model)
            & Domain("res_id", "in", self.env[res_model].with_context(active_test=False)._search(
                [("display_name", operator, value)]))
            for res_model in sorted(models_served) if self.env[res_model].has_access("read")
        )

    def _search_display_name(self, operator, value):
        return self._search_records(operator, value)

    # ---- another try -------------------------------------------------------------------------

    def action_retry(self):
        """Ask for another try; what a person asks for goes even while auto-sync is off."""
        return self._ask_again_for(self)

    @api.model
    def _ask_again_for(self, notes):
        """Ask for another try of every record that ``notes`` (links or work items) speak of."""
        links = notes if notes._name == "xero.link" else notes.link_id
        incoming = self._ask_again_for_incoming(links)
        notes = notes.filtered(lambda note: (note if note._name == "xero.link" else note.link_id) not in incoming)
        ended = self._ask_again_for_ended(links - incoming)
        groups = notes.grouped(lambda note: (note.res_model, note.organisation_id))
        appended = len(ended) + sum(
            self._ask_again(self.env[res_model].browse(mine.mapped("res_id")).exists(), organisation)
            for (res_model, organisation), mine in groups.items()
        )
        return self._notify_queued(appended + len(incoming), len(notes) - appended)

    @api.model
    def _ask_again_for_ended(self, links):
        """Queue what was deleted here and Xero has not taken yet: that it is gone is what goes again.

        :return: those of ``links``
        """
        waiting = links.filtered(lambda link: link.res_id and link.outcome != "gone")
        there = {
            res_model: set(self.env[res_model].browse(mine.mapped("res_id")).exists().ids)
            for res_model, mine in waiting.grouped("res_model").items()
        }
        ended = waiting.filtered(lambda link: link.res_id not in there[link.res_model])
        if ended:
            self._check_may_send()
            ended.check_access("read")
            self._append_keys(ended._targets(), "retry")
        return ended

    @api.model
    def _ask_again_for_incoming(self, links):
        """Queue what came from Xero and could not be taken over: what it says is what goes again, not the record here.

        :return: those of ``links``
        """
        # sudo: what Xero said is no user's to read; that it waits here is what they see
        incoming = links.sudo().filtered("remote_item").sudo(False)
        if incoming and not (self.env.su or self.env.user.has_group(USER)):
            raise AccessError(self.env._("Only people with invoicing rights can take records over from Xero."))
        if incoming:
            incoming.check_access("read")
            self.env["xero.change"]._append_to_links(incoming, "retry")
        return incoming

    @api.model
    def _ask_again(self, records, organisation):
        """Queue ``records`` for ``organisation``, if the user may.

        :return int: how many were queued; a record that belongs elsewhere by now is not
        """
        self._check_may_retry(records)
        if records._name == "res.partner":
            # A contact belongs where its link or its queue says, not where a route leads.
            targets = [(organisation.id, "Contacts", "res.partner", record_id) for record_id in records.ids]
            return len(self._append_keys(targets, "retry"))
        changes = self.env["xero.change"]._append(records, "retry", by_hand=True, organisations=organisation)
        return len(set(changes.mapped("res_id")))

    @api.model
    def _check_may_retry(self, records):
        """:raise AccessError: unless the user keeps the accounts and may change these documents"""
        self._check_may_send()
        # A contact may be sent by whoever sees it: bookkeepers need not be allowed to edit contacts.
        records.check_access("read" if records._name == "res.partner" else "write")

    @api.model
    def _check_may_send(self):
        """:raise AccessError: unless the user keeps the accounts"""
        if not (self.env.su or self.env.user.has_group(USER)):
            raise AccessError(self.env._("Only people with invoicing rights can send records to Xero."))

    # ---- decisions ---------------------------------------------------------------------------

    def action_exempt(self):
        """Ask for the reason, then take these records out of the sync."""
        return self.env["xero.exempt"]._action_for(self._targets())

    def action_include(self):
        """Put back what somebody took out of the sync."""
        self._decide(self._targets(), "include")
        return self._notify_queued(len(self), 0)

    def action_match(self):
        """Choose the contact at Xero; of what came from there, the contact here."""
        self.ensure_one()
        if not self.res_id:
            return self.env["xero.partner.match"]._action_for(self)
        return self.env["xero.contact.match"]._action_for(self._record(), self.organisation_id)

    def _targets(self):
        """What a decision about these names: ``[(organisation id, resource, model, record id)]``; of what is only in
        Xero so far, the link's id besides."""
        return [
            (link.organisation_id.id, link.resource, link.res_model, link.res_id, *(() if link.res_id else link.ids))
            for link in self
        ]

    @api.model
    def _check_manager(self):
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._("Only people who manage the Xero integration can decide this. Ask one of them."))

    @api.model
    def _decide(self, targets, kind, data=None):
        """Append a decision of a manager; see ``_append_keys``."""
        self._check_manager()
        return self._append_keys(targets, kind, data)

    @api.model
    def _append_keys(self, targets, kind, data=None):
        """Append changes by hand and wake the workers.

        Written straight from the keys: a decision must also reach a record that was deleted, that has no link yet, or
        that would be routed elsewhere today.

        :param targets: as of ``_targets``
        :return: the changes, in superuser mode
        """
        organisations = self.env["xero.organisation"].browse({target[0] for target in targets})
        organisations.check_access("read")
        companies = {organisation.id: organisation.company_id.id for organisation in organisations}
        # sudo: people append decisions; no one has a right on the queue itself.
        changes = self.env["xero.change"].sudo().create([
            {
                "organisation_id": organisation_id, "company_id": companies[organisation_id], "resource": resource,
                "res_model": res_model, "res_id": res_id, "kind": kind, "by_hand": True, "data": data,
                "link_id": link_id[0] if link_id else False,
            }
            for organisation_id, resource, res_model, res_id, *link_id in targets
        ])
        organisations._wake(by_hand=True)
        return changes

    # ---- places ------------------------------------------------------------------------------

    def action_cure(self):
        """Lead to what helps; without a cure, to the record itself."""
        self.ensure_one()
        if self.cure in MANAGER_CURES:
            self._check_manager()
        return getattr(self, self.cure or "action_open_record")()

    def action_open_record(self):
        """The record, or Xero's page of what is only there so far."""
        self.ensure_one()
        return self._action_open(self.res_model, self.res_id) if self.res_id else self.action_open_in_xero()

    def action_open_difference(self):
        """Both values side by side, and the buttons that decide."""
        self.ensure_one()
        row = self.env["xero.difference"].search([("link_id", "=", self.id), ("state", "=", "open")], limit=1)
        if not row:  # of what was deleted here, there is only Xero's page
            return self.action_open_record() if self._record() else self.action_open_in_xero()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("xero_integration.action_xero_difference"),
            "views": [(False, "form")], "res_id": row.id,
        }

    def action_open_waiting_for(self):
        """The record that this one waits for: there is what stops both."""
        self.ensure_one()
        if self.waiting_for_id:
            return self.waiting_for_id.action_open_record()
        record = self._record()
        if self.res_model == "account.move" and record.commercial_partner_id:
            return self._action_open("res.partner", record.commercial_partner_id.id)
        if self.res_model == PARTIAL and record:
            # it waits for its document, which was never sent
            matching = payment_of(record) or allocation_of(record)
            return self._action_open("account.move", matching.document.id) if matching else self.action_open_record()
        return self.action_open_record()

    def action_open_account_mapping(self):
        self.ensure_one()
        return self.organisation_id._action_account_mapping(self)

    def action_open_tax_mapping(self):
        self.ensure_one()
        return self.organisation_id._action_tax_mapping(self)

    def action_open_journal_mapping(self):
        self.ensure_one()
        return self.organisation_id._action_journal_mapping(self)

    def action_open_organisation(self):
        self.ensure_one()
        return self._action_open("xero.organisation", self.organisation_id.id)

    def action_open_in_xero(self):
        self.ensure_one()
        if not self.xero_url:
            raise UserError(self.env._("%(name)s is not in Xero yet.", name=self.display_name))
        return {"type": "ir.actions.act_url", "url": self.xero_url, "target": "new"}

    def action_open_requests(self):
        """The requests that carried these records (managers only)."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("xero_integration.action_xero_request"),
            "domain": [("link_ids", "in", self.ids)],
            "context": {},
        }

    # ---- helpers -----------------------------------------------------------------------------

    def _record(self):
        """The record itself, empty when it was deleted."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).exists()

    @api.model
    def _action_open(self, res_model, res_id):
        """Open a record's form.

        :raise UserError: when it was deleted
        """
        record = self.env[res_model].browse(res_id).exists()
        if not record:
            raise UserError(self.env._("The record was deleted in Odoo. You can take it out of the sync."))
        if res_model == "ir.attachment":  # people look at the document that it lies on
            return self._action_open(record.res_model, record.res_id)
        if res_model == PARTIAL:  # at the money, or the credit note, that was matched
            matching = payment_of(record) or allocation_of(record) or refund_of(record)
            source = matching.source if matching else record.credit_move_id.move_id
            record = source.origin_payment_id or source
            return self._action_open(record._name, record.id)
        return {
            "type": "ir.actions.act_window", "res_model": res_model, "res_id": res_id,
            "view_mode": "form", "views": [(False, "form")],
        }

    @api.model
    def _notify_queued(self, queued, left_out):
        """Say what was queued and what was not, then let the view behind read again."""
        texts = []
        if queued:
            texts.append(self.env._("%(count)s queued for Xero.", count=queued))
        if left_out:
            texts.append(self.env._(
                "%(count)s left out: deleted, or no longer a matter of this Xero organisation.", count=left_out))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if queued else "warning",
                "message": " ".join(texts) or self.env._("There is nothing to send to Xero."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
