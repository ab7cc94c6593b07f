"""The PDF of posted customer invoices and credit notes, on the document at Xero: ``<number>.pdf`` (R58)."""

from odoo import models
from odoo.exceptions import UserError

from .codec.digest import digest_of
from .problems import Problem
from .resource import Element
from .resource_files import MOST, free_name

PDF = "application/pdf"


class XeroResourceInvoicePdf(models.AbstractModel):
    _name = "xero.resource.invoice.pdf"
    _inherit = "xero.resource.files"
    _description = "Xero Invoice PDF"

    _res_model = "account.move"

    def _wanted(self, records):
        return records.filtered(lambda move: move.move_type in ("out_invoice", "out_refund"))

    def _organisation_ids(self, records):
        """Nobody's change concerns it: the worker queues it behind the document."""
        return []

    def _going(self, organisation, records):
        return super()._going(organisation, records) if organisation.send_pdf else records.browse()

    def _queue_of(self, organisation, documents):
        """Queue the PDF of documents that have just come into agreement."""
        mine = self._going(organisation, self._wanted(documents))
        self.env["xero.change"].create(self._change_values(organisation, mine, kind="needed", by_hand=True))

    def _renew_of(self, organisation, documents):
        """Queue the PDF of those of ``documents`` that have one in Xero, after they changed there."""
        links = self.env["xero.link"].search_fetch([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource),
            ("res_model", "=", self._res_model), ("res_id", "in", documents.ids), ("xero_id", "!=", False),
        ], ["res_id"])  # fmt: skip
        self._queue_of(organisation, documents.browse(links.mapped("res_id")))

    # ---- encoding ---------------------------------------------------------------------------------

    def _encode(self, organisation, run, records, links):
        placed = self._document_links(organisation, records)
        there = self._files_there(organisation, self.env["xero.link"].union(*placed.values()))
        outcomes = dict.fromkeys(records.ids)
        for move in records:
            document = placed.get(move.id)
            if not document or document.outcome != "synced" or move.state != "posted":
                continue  # it is queued again when the document is in agreement
            try:
                outcomes[move.id] = self._encode_one(run, move, links.get(move.id), document, there)
            except Problem as problem:
                outcomes[move.id] = problem
        return outcomes

    def _encode_one(self, run, move, link, document, there):
        names = there[document.xero_id]
        name = free_name(
            f"{move.name}.pdf", move.id, names, lambda other: other == link or not self._is_persons(other)
        )
        digest = digest_of({
            "FileName": name, "Document": document.xero_id, "Says": document.digest or "",
            "Legal": move.invoice_pdf_report_id.checksum or "",
        })  # fmt: skip
        if link and link.digest == digest and link.xero_id:
            return Element(move.id, {}, digest, create=False)
        here = bool(link and link.xero_id) and link.parent_xero_id == document.xero_id
        if not here and len(names) >= MOST:
            raise Problem("files_too_many", name=name)
        other = names.get(name.casefold())
        if other and other != link:
            other.write({"xero_id": False})  # of a file that is not here any more
        run.files[move.id] = self._render(move)
        return Element(
            move.id, {"FileName": name, "MimeType": PDF, "IncludeOnline": True}, digest, create=not here, verb="PUT",
            path=f"{document.resource}/{document.xero_id}/Attachments", remote={"document": document.xero_id},
            told={"name": name, "size": f"{len(run.files[move.id]) / 1024 / 1024:.1f}"},
        )  # fmt: skip

    def _is_persons(self, link):
        """Whether ``link`` is of a file that a person put on the document, and that is still there."""
        return link.res_model == "ir.attachment" and bool(link._record())

    def _render(self, move):
        """The document as it was sent to the customer, or else as it would be printed now.

        :raise Problem: ``pdf_engine_missing``, ``pdf_failed``
        """
        if move.invoice_pdf_report_id:
            return move.invoice_pdf_report_id.raw
        Report = self.env["ir.actions.report"].with_company(move.company_id)
        if Report.get_wkhtmltopdf_state() in ("install", "broken"):
            raise Problem("pdf_engine_missing")
        try:
            name = self.env["account.move.send"]._get_default_pdf_report_id(move).report_name
            content, kind = Report._pre_render_qweb_pdf(name, move.ids)
        except UserError as error:
            raise Problem("pdf_failed", detail=str(error)[:500]) from error
        return Report._get_splitted_report(name, content, kind)[move.id]

    def _content(self, organisation, run, record):
        """As it was rendered when the request was recorded; after a crash it is rendered again."""
        try:
            return run.files.pop(record.id, None) or (self._render(record) if record else b"")
        except Problem:
            return b""  # what stops it is said when it is looked at again
