"""What files and notes on documents have in common: they follow a document that is in Xero, one call each."""

from dataclasses import dataclass
from datetime import timedelta

from odoo import fields, models

from ..xero import attachment_name, errors
from ..xero.answers import Answer
from ..xero.answers import Element as Answered
from ..xero.limits import Limits
from .resource_itemised import FINAL

# Documents of ours that Xero takes files on.
PLACES = ("Invoices", "CreditNotes", "BankTransactions")
JUST = timedelta(minutes=10)  # for as long what Xero said of a document's files is taken to hold
MOST = 10  # files on one document (Xero: Attachments)


@dataclass(frozen=True)
class Theirs:
    """A file that somebody else put on a document in Xero."""

    size: int
    _name = "theirs"


class XeroResourceFiles(models.AbstractModel):
    _name = "xero.resource.files"
    _inherit = "xero.resource"
    _description = "Xero Files"

    _resource = "Attachments"
    _id_key = "AttachmentID"
    _number_key = "FileName"
    _kind = "attachments"

    # ---- hooks ------------------------------------------------------------------------------------

    def _document_keys(self, records):
        """:return dict: {record id: (model, id) of the document that it belongs to}"""
        return {record_id: (self._res_model, record_id) for record_id in records._ids}

    def _content(self, organisation, run, record):
        """:return bytes: empty when there is nothing (any more)"""
        raise NotImplementedError

    # ---- where ------------------------------------------------------------------------------------

    def _document_links(self, organisation, records):
        """:return dict: {record id: link of its document}, of the documents that live in Xero and nobody took out"""
        keys = self._document_keys(records)
        links = self.env["xero.link"].search([
            ("organisation_id", "=", organisation.id), ("resource", "in", PLACES), ("xero_id", "!=", False),
            ("res_model", "in", list({model for model, _id in keys.values()})),
            ("res_id", "in", list({res_id for _model, res_id in keys.values()})),
            ("xero_status", "not in", FINAL), ("outcome", "!=", "exempt"),
        ])  # fmt: skip
        found = {(link.res_model, link.res_id): link for link in links}
        return {record_id: found[key] for record_id, key in keys.items() if key in found}

    def _files_there(self, organisation, documents):
        """What we put on these documents.

        :param documents: links
        :return dict: {Xero's id of the document: {file name, case folded: link}}
        """
        links = self.env["xero.link"].search([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource), ("xero_id", "!=", False),
            ("parent_xero_id", "in", documents.mapped("xero_id")),
        ])  # fmt: skip
        there = {document.xero_id: {} for document in documents}
        for link in links:
            there[link.parent_xero_id][(link.xero_number or "").casefold()] = link
        return there

    def _add_theirs(self, organisation, run, document, there):
        """Add to ``there`` what others put on ``document``: Xero replaces a file of the same name without a word.

        Not asked for where Xero has said only just that there is nothing.
        """
        said = document.synced_at and document.synced_at >= fields.Datetime.now() - JUST
        if said and not document.xero_files:
            return
        ours = {link.xero_id for link in there.values() if link._name == "xero.link"}
        try:
            files = organisation._call(run, "get", f"{document.resource}/{document.xero_id}/Attachments").items
        except (errors.NotFound, errors.ScopeMissing):
            return  # the file itself is refused for it, with the reason
        for file in files:
            if file.get("AttachmentID") not in ours:
                there.setdefault((file.get("FileName") or "").casefold(), Theirs(file.get("ContentLength")))

    # ---- sending ----------------------------------------------------------------------------------

    def _send(self, organisation, run, request, payloads):
        """The content is read now and written down nowhere but at Xero.

        :raise errors.Rejected: there is no content any more
        """
        [payload], [note] = payloads, request.elements
        content = self._content(organisation, run, self.env[self._res_model].browse(note["res_id"]).exists())
        if not content:
            raise errors.Rejected(f"{payload['FileName']} is not in Odoo any more.")
        resource, document_id = request.path.split("/")[:2]
        return told_apart(
            organisation._call, run, "attach", resource, document_id, payload["FileName"], content,
            payload["MimeType"], request.idempotency_key, include_online=bool(payload.get("IncludeOnline")),
        )  # fmt: skip

    def _is_ours(self, payload, item):
        return True  # one file per call

    def _find(self, organisation, run, payloads, sent_at):
        """No look: a file of the same name is replaced, so it may simply go again."""
        return [None] * len(payloads)

    def _link_values(self, note, item):
        return super()._link_values(note, item) | {
            "xero_number": item.get("FileName"),
            "parent_xero_id": note["remote"]["document"],
        }


def told_apart(call, *args, **kwargs):
    """An organisation's call about what hangs on a document. That the document is gone, or that files were not granted,
    concerns this one alone: the others have to go on.

    :rtype: Answer
    """
    try:
        return call(*args, **kwargs)
    except (errors.NotFound, errors.ScopeMissing) as error:
        missing = isinstance(error, errors.NotFound)
        text = "The document was not found." if missing else "The scope accounting.attachments was not granted."
        element = Answered(index=0, ok=False, data={}, errors=[error.detail or text, text])
        return Answer(
            status=error.status or 404, elements=[element], limits=error.limits or Limits(),
            correlation_id=error.correlation_id,
        )  # fmt: skip


def free_name(wanted, number, there, mine):
    """A file name that no other file of ours bears on that document.

    :param int number: makes it unique
    :param dict there: {folded name: link}
    :param mine: function from such a link to whether this file may take its place
    """
    name = attachment_name(wanted)
    other = there.get(name.casefold())
    return name if other is None or mine(other) else numbered_name(name, number)


def numbered_name(name, number):
    """The name of a second file that people call ``name``."""
    stem, dot, ending = name.rpartition(".")
    return attachment_name(f"{stem} ({number}){dot}{ending}" if dot else f"{name} ({number})")
