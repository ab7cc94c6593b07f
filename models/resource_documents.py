"""Posted invoices, bills and credit notes on their way to Xero: what its Invoices and CreditNotes have in common."""

from odoo import models
from odoo.tools import SQL

from .codec import invoice as invoice_codec
from .codec.digest import digest_of
from .invoice_source import LINE_FIELDS, InvoiceSource
from .problems import Problem
from .resource import Element
from .resource_itemised import FINAL

MOVE_FIELDS = [
    "name", "ref", "state", "move_type", "invoice_date", "date", "invoice_date_due", "currency_id", "company_id",
    "commercial_partner_id", "amount_total", "amount_tax", "invoice_currency_rate", "journal_id",
]  # fmt: skip
KIND_OF = {
    "out_invoice": "invoices", "out_receipt": "invoices", "in_invoice": "bills", "in_receipt": "bills",
    "out_refund": "credit_notes", "in_refund": "credit_notes",
}  # fmt: skip
UNAPPROVED = ("DRAFT", "SUBMITTED")


class XeroResourceDocuments(models.AbstractModel):
    """Contract of a type of documents, beside the attributes of ``xero.resource``: ``_move_types`` and the policy's
    ``_kinds`` that it carries, and how its list at Xero is asked for numbers (``resource_documents_find.py``)."""

    _name = "xero.resource.documents"
    _inherit = "xero.resource.itemised"
    _description = "Xero Documents"

    _res_model = "account.move"
    _move_types = ()
    _kinds = ()

    # ---- whose --------------------------------------------------------------------------------------

    def _wanted(self, records):
        return records.filtered(lambda move: move.move_type in self._move_types)

    def _kind_of(self, record):
        return KIND_OF[record.move_type]

    def _is_new(self, record):
        """Sales documents that come from Xero as drafts have a journal of their own, which leads back."""
        return record.is_sale_document(include_receipts=True)

    def _append_needs(self, organisation, window):
        """The contacts of the next invoices, so that they fill whole batches of their own."""
        by_hand = SQL() if organisation.auto_sync else SQL("AND by_hand")
        rows = self.env.execute_query(
            SQL(
                """SELECT coalesce(m.commercial_partner_id, p.commercial_partner_id), bool_or(c.by_hand)
                 FROM (SELECT res_id, by_hand FROM xero_change
                        WHERE organisation_id = %s AND resource = %s AND res_model = %s %s
                          AND data->>'edited' IS NULL ORDER BY id LIMIT %s) c
                 JOIN account_move m ON m.id = c.res_id
                 JOIN res_partner p ON p.id = m.partner_id
                WHERE m.state = 'posted'
                GROUP BY 1 ORDER BY min(m.id)""",
                organisation.id,
                self._resource,
                self._res_model,
                by_hand,
                window,
            )
        )
        return self.env["xero.resource.contacts"]._needs_of_partners(organisation, rows)

    # ---- encoding -----------------------------------------------------------------------------------

    def _versions(self, organisation, record_ids):
        """The row versions of the move and of all its lines, and what else the payload is made of."""
        settings = f"{organisation.mapping_revision}/{organisation.get_base_url()}"
        self.env["account.move"].flush_model(MOVE_FIELDS)
        self.env["account.move.line"].flush_model(LINE_FIELDS)
        return {
            move_id: f"{version}/{lines}/{settings}"
            for move_id, version, lines in self.env.execute_query(
                SQL(
                    """SELECT m.id, concat_ws(' ', m.xmin, m.ctid, m.write_date),
                              (SELECT md5(string_agg(concat_ws(' ', l.xmin, l.ctid, l.write_date), ',' ORDER BY l.id))
                                 FROM account_move_line l WHERE l.move_id = m.id)
                     FROM account_move m WHERE m.id IN %s""",
                    tuple(record_ids),
                )
            )
        }

    def _source(self, organisation, run, records):
        """Reads at once what the posted ones of ``records`` are made of. :rtype: InvoiceSource"""
        records.fetch(MOVE_FIELDS)
        posted = records.filtered(lambda move: move.state == "posted")
        return InvoiceSource(organisation, run.resolver_of(organisation), posted)

    def _encode_one(self, organisation, move, link, source):
        if move.state == "cancel":
            return self._encode_void(move, link, source)
        if move.state != "posted":
            return None  # reset to draft: it goes again when it is posted, is voided when it is cancelled
        built = invoice_codec.build(source.invoice(move))
        digest = digest_of(built.payload)
        create = not (link and link.xero_id) or link.xero_status in FINAL
        sale = move.is_sale_document(include_receipts=True)
        taken = sale and link and link.xero_status == "VOIDED"  # a supplier's number may come twice
        if create and taken and link.xero_number == built.payload[self._number_key]:
            raise Problem("number_voided", number=link.xero_number)
        if not create and link.digest == digest:
            return Element(move.id, built.payload, digest, create=False)
        organisation._check_open(move.invoice_date)
        if create:
            payload = built.payload | {"Status": self._sent_as(organisation, sale)}
        else:
            payload = {self._id_key: link.xero_id} | self._with_line_ids(built, link)
            payload |= {"LineItems": self._with_their_tracking(payload["LineItems"], link, source.tracking)}
            payload |= self._approval(organisation, link, sale)
        keys, expected, figures = built.line_keys, None, {}
        if not create:
            payload, keys, expected, figures = self._in_their_figures(payload, keys, link)
        expected = expected or {"Total": str(built.total), "TotalTax": str(built.tax)}
        told = {"number": move.name, "currency": move.currency_id.name}
        remote = self._tracked_lines(payload) | figures
        return Element(move.id, payload, digest, create, lines=keys, expected=expected, told=told, remote=remote)

    def _sent_as(self, organisation, sale):
        return organisation.invoice_status if sale else organisation.bill_status

    def _approval(self, organisation, link, sale):
        """What is posted here is approved there, unless documents are to stay drafts until a bookkeeper saw them."""
        status = self._sent_as(organisation, sale)
        return {"Status": status} if link.xero_status in UNAPPROVED and status not in UNAPPROVED else {}

    def _encode_void(self, move, link, source):
        """Cancelled here is voided there; a document that Xero never approved is deleted (Xero's own distinction)."""
        if not (link and link.xero_id):
            return None
        ending = self._ending(move.id, link, move.name)
        if ending.payload["Status"] == "VOIDED" and link.digest != ending.digest:
            source.organisation._check_open(move.invoice_date or move.date)
        return ending

    def _gone(self, organisation, link):
        """What was deleted stays, unless another takes its place: the bill of an expense that is to be posted again is
        ended, or it would be paid twice (S1.3)."""
        ended = (link.remote or {}).get("ended")
        if not (ended and link.xero_id and organisation._pushes("bills")):
            return super()._gone(organisation, link)
        return self._ending(link.res_id, link, link.xero_number)

    def _ending(self, res_id, link, number):
        payload = {self._id_key: link.xero_id, "Status": self._closing(link.xero_status)}
        if link.xero_number:  # a bill may have none
            payload[self._number_key] = link.xero_number
        return Element(res_id, payload, digest_of({"Status": "VOIDED"}), create=False, told={"number": number})

    def _closing(self, status):
        return "DELETED" if status in UNAPPROVED else "VOIDED"

    def _number_now(self, record):
        return record._xero_number().strip()

    # ---- answers ------------------------------------------------------------------------------------

    def _is_ours(self, payload, item):
        key = self._id_key if self._id_key in payload else self._number_key
        return item.get(key) == payload[key]
