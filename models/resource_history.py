"""The way back to Odoo on credit notes: Xero keeps a Url of invoices, bills and bank transactions, but not of these, so
it is written once as a note into their history (``PUT CreditNotes/<id>/History``)."""

from dataclasses import replace

from odoo import models

from ..xero import errors
from .codec.digest import digest_of
from .resource import Element
from .resource_files import told_apart


class XeroResourceHistory(models.AbstractModel):
    _name = "xero.resource.history"
    _inherit = "xero.resource.files"
    _description = "Xero History Notes"

    _resource = "History"
    _res_model = "account.move"
    _id_key = "CreditNoteID"  # a note has no id of its own; there is one per credit note
    _number_key = "Details"
    _kind = "credit_notes"

    def _wanted(self, records):
        return records.filtered(lambda move: move.move_type in ("out_refund", "in_refund"))

    def _organisation_ids(self, records):
        """Nobody's change concerns it: the worker queues it behind the document."""
        return []

    def _going(self, organisation, records):
        return super()._going(organisation, records) if organisation.note_credit_notes else records.browse()

    def _queue_of(self, organisation, documents):
        """Queue the note of credit notes that have just come into agreement."""
        mine = self._going(organisation, self._wanted(documents))
        self.env["xero.change"].create(self._change_values(organisation, mine, kind="needed", by_hand=True))

    def _encode(self, organisation, run, records, links):
        placed = self._document_links(organisation, records)
        outcomes = {}
        for move in records:
            document, link = placed.get(move.id), links.get(move.id)
            written = link and document and link.xero_id == document.xero_id
            if document and not document.from_xero and not written:
                outcomes[move.id] = self._encode_one(organisation, move, document)
            else:
                outcomes[move.id] = None
        return outcomes

    def _encode_one(self, organisation, move, document):
        url = f"{organisation.get_base_url().rstrip('/')}/mail/view?model=account.move&res_id={move.id}"
        payload = {
            "CreditNoteID": document.xero_id,
            "Details": self.env._("%(number)s in Odoo: %(url)s", number=move.name, url=url),
        }
        return Element(
            move.id, payload, digest_of(payload), create=True, path=f"CreditNotes/{document.xero_id}/History",
            remote={"document": document.xero_id},
        )  # fmt: skip

    def _send(self, organisation, run, request, payloads):
        """The answer is given the id of the credit note: Xero names none."""
        [payload] = payloads
        answer = told_apart(
            organisation._call, run, "write", request.path, [{"Details": payload["Details"]}],
            request.idempotency_key, method=request.method,
        )  # fmt: skip
        named = {self._id_key: payload[self._id_key]}
        return replace(
            answer, elements=[replace(one, data=one.data | named, id=named[self._id_key]) for one in answer.elements]
        )

    def _find(self, organisation, run, payloads, sent_at):
        """A note is not replaced but repeated, so Xero is asked whether it is there."""
        return [self._written(organisation, run, payload) for payload in payloads]

    def _written(self, organisation, run, payload):
        try:
            notes = organisation._call(run, "get", f"CreditNotes/{payload[self._id_key]}/History").items
        except errors.NotFound:
            return None
        there = any(payload["Details"] in (note.get("Details") or "") for note in notes)
        return {self._id_key: payload[self._id_key]} if there else None
