"""Xero's invoices, bills and credit notes on their way in."""

from odoo import models

from .codec import received as received_codec
from .codec.digest import digest_of
from .document_writer import DocumentWriter
from .problems import Problem
from .received_document import TYPES, line_of, read_document

KIND_OF_TYPE = {"ACCREC": "invoices", "ACCPAY": "bills", "ACCRECCREDIT": "credit_notes", "ACCPAYCREDIT": "credit_notes"}


class XeroResourceDocuments(models.AbstractModel):
    _inherit = "xero.resource.documents"

    # ---- what is read -----------------------------------------------------------------------------

    def _reads(self, organisation):
        return any(organisation._pulls(kind) for kind in self._kinds)

    def _read_params(self, organisation):
        """Without a date nothing is left out; with one, older documents do not come."""
        if not organisation.pull_from:
            return {}
        day = organisation.pull_from
        return {"where": f"Date>=DateTime({day.year},{day.month:02},{day.day:02})"}

    def _kind_of_item(self, item):
        return KIND_OF_TYPE.get(item.get("Type"), "")

    def _remote_values(self, item):
        return received_codec.values(read_document(self._resource, item))

    def _follow_facts(self, link, item):
        approved = item.get("Status") in received_codec.APPROVED and link.xero_status not in received_codec.APPROVED
        if approved:
            link._free_waiting()  # payments waited for the approval
        return super()._follow_facts(link, item)

    def _welcome(self, organisation, item):
        """What was voided or deleted before it ever came is of no interest; what we do not know cannot be made."""
        ended = item.get("Status") in received_codec.ENDED
        return item.get("Type") in TYPES and not ended

    # ---- taking over ------------------------------------------------------------------------------

    def _prepare_incoming(self, organisation, run, incoming):
        """What the documents of one chunk are made from."""
        if run.reverse is None or run.reverse_revision != organisation.mapping_revision:
            run.reverse, run.reverse_revision = organisation._mapping_reverse(), organisation.mapping_revision
        contacts = {(one.item.get("Contact") or {}).get("ContactID") for one in incoming} - {None}
        partners = self.env["xero.resource.contacts"]._partners_of(organisation, contacts)
        # with the context of this environment: nothing of what is written is owed to this organisation
        return DocumentWriter(
            organisation.with_env(self.env), run.reverse, partners, self._analytic_of(organisation, run)
        )

    def _analytic_of(self, organisation, run):
        """See ``DocumentWriter``: its ``analytic``."""
        return None

    def _counterpart(self, organisation, run, item, source):
        """A posted document of the same number and contact that no link names: after a restore, or sent by hand."""
        received = read_document(self._resource, item)
        move_type, side = TYPES[received.type]
        partner = source.partners.get(received.contact_id)
        if not (partner and received.number):
            return super()._counterpart(organisation, run, item, source)
        moves = self.env["account.move"].search([
            ("company_id", "=", organisation.company_id.id), ("move_type", "in", [move_type, _receipt_of(move_type)]),
            ("name" if side == "sale" else "ref", "=", received.number), ("state", "=", "posted"),
            ("commercial_partner_id", "=", partner.commercial_partner_id.id),
        ])  # fmt: skip
        linked = self.env["xero.link"].search_fetch([
            ("organisation_id", "=", organisation.id), ("res_model", "=", "account.move"),
            ("res_id", "in", moves.ids), ("xero_id", "!=", False),
        ], ["res_id"]).mapped("res_id")  # fmt: skip
        free = moves.filtered(lambda move: move.id not in linked)
        total = float(received.total)
        same = free.filtered(lambda move: not move.currency_id.compare_amounts(move.amount_total, total))
        return same[:1] or (free if len(free) == 1 and side == "sale" else free.browse())

    def _create_from(self, organisation, run, item, source):
        return source.make(read_document(self._resource, item))

    def _update_from(self, organisation, run, record, item, link, source):
        source.update(record, read_document(self._resource, item), link)

    def _remote_of(self, organisation, record, item):
        """{Odoo line: LineItemID}, by their order: both lists were just made the same."""
        lines = [line.get("LineItemID") for line in item.get("LineItems") or ()]
        ours = [str(line.id) for line in record.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))]
        split = self._split_lines(organisation, record, item)  # several of Xero's lines are one of ours
        whole = {line_of(key) for key in split.values()}
        ours = [key for key in ours if int(key) not in whole]
        there = [line_id for line_id in lines if line_id not in split]
        if len(there) != len(ours):
            return {}
        lines = dict(zip(ours, there, strict=True)) | {key: line_id for line_id, key in split.items()}
        return {"remote": self._remembered(lines, item)}

    def _own_digest(self, organisation, run, record, link):
        """Of a draft, too: that a person works on it must not be overlooked because it would not be sent yet."""
        if record.state != "draft":
            return super()._own_digest(organisation, run, record, link)
        return "draft " + digest_of({
            "header": [record.partner_id.id, str(record.invoice_date), str(record.invoice_date_due), record.ref or ""],
            "lines": [
                [line.name or "", str(line.quantity), str(line.price_unit), str(line.discount), line.account_id.id,
                 sorted(line.tax_ids.ids)]
                for line in record.invoice_line_ids
            ],
        })  # fmt: skip

    # ---- comparing --------------------------------------------------------------------------------

    def _compare(self, organisation, record, item):
        received = read_document(self._resource, item)
        side = TYPES[received.type][1]
        rows = [
            ("Number", record._xero_number(), received.number),
            ("Contact", self._contact_id(organisation, record), received.contact_id),
            ("Date", str(record.invoice_date or ""), received.date),
            ("DueDate", str(record.invoice_date_due or record.invoice_date or ""), received.due_date),
            ("Currency", record.currency_id.name, received.currency),
            ("Total", f"{record.amount_total:.2f}", f"{received.total:.2f}"),
            ("TotalTax", f"{record.amount_tax:.2f}", f"{received.total_tax:.2f}"),
            ("Lines", _lines_text(record), _received_text(received)),
        ]
        if side == "sale":
            rows.append(("Reference", record.ref or "", received.reference))
        ours_ended, theirs_ended = record.state == "cancel", received.stage == "ended"
        if ours_ended != theirs_ended:
            rows.append(("Status", record.state, received.status))
        return [
            {"label": label, "odoo": self._shown(organisation, label, ours),
             "xero": self._shown(organisation, label, theirs)}
            for label, ours, theirs in rows if ours != theirs and not (label == "DueDate" and not theirs)
        ]  # fmt: skip

    def _contact_id(self, organisation, move):
        link = self.env["xero.link"].search([
            ("organisation_id", "=", organisation.id), ("resource", "=", "Contacts"),
            ("res_model", "=", "res.partner"), ("res_id", "=", move._xero_partner().id),
        ])  # fmt: skip
        return link.xero_id or ""

    def _shown(self, organisation, label, value):
        """A contact is shown by its name."""
        if label != "Contact" or not value:
            return value
        here = [("organisation_id", "=", organisation.id), ("xero_id", "=", value)]
        contact = self.env["xero.contact"].search(here)
        return contact.name or value


def _receipt_of(move_type):
    return {"out_invoice": "out_receipt", "in_invoice": "in_receipt"}.get(move_type, move_type)


def _lines_text(move):
    """Lines as two systems can be compared by: what they say and what they come to, without tax."""
    lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
    return "\n".join(sorted(f"{_short(line.name)} {line.price_subtotal:.2f}" for line in lines))


def _received_text(received):
    lines = [line for line in received.lines if not line.is_text]
    nets = [line.line_amount - line.tax_amount if received.inclusive else line.line_amount for line in lines]
    return "\n".join(sorted(f"{_short(line.description)} {net:.2f}" for line, net in zip(lines, nets, strict=True)))


def _short(text):
    return " ".join((text or "-").split())[:60].rstrip()


def require_document(link):
    """The move of a link, for what hangs on a document. :raise Problem: ``incoming_first``: it is not here yet"""
    move = link.env["account.move"].browse(link.res_id if link else ()).exists()
    if not move:
        raise Problem("incoming_first", waiting_for_id=link.id if link else False)
    return move
