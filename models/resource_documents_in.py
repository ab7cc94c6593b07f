"""Xero's invoices, bills and credit notes on their way in."""

from odoo import models
from odoo.tools import SQL

from .codec import received as received_codec
from .codec.digest import digest_of
from .document_lines import cents_line, lines_beside, made_for_cents, rounded_tax
from .document_writer import DocumentWriter
from .problems import Problem
from .received_document import TYPES, line_of, paired_lines, read_document, split_lines

KIND_OF_TYPE = {"ACCREC": "invoices", "ACCPAY": "bills", "ACCRECCREDIT": "credit_notes", "ACCPAYCREDIT": "credit_notes"}


class XeroResourceDocuments(models.AbstractModel):
    _inherit = "xero.resource.documents"

    # ---- what is read -----------------------------------------------------------------------------

    def _reads(self, organisation):
        return any(organisation._pulls(kind) for kind in self._kinds)

    def _read_params(self, organisation):
        """Without a date nothing is left out. With one, older documents do not come; those of them that stand on both
        sides are followed all the same, so it is read from the oldest of these on."""
        return dated_from(self._read_from(organisation))

    def _read_from(self, organisation):
        """The day from which on documents concern us; None: all do."""
        if not organisation.pull_from:
            return None
        self.env["xero.link"].flush_model(["xero_id", "outcome"])
        self.env["account.move"].flush_model(["invoice_date", "date"])
        [(oldest,)] = self.env.execute_query(SQL(
            """SELECT min(COALESCE(m.invoice_date, m.date)) FROM xero_link l JOIN account_move m ON m.id = l.res_id
                WHERE l.organisation_id = %s AND l.resource = %s AND l.res_model = 'account.move'
                  AND l.xero_id IS NOT NULL AND l.outcome NOT IN ('exempt', 'gone')""",
            organisation.id, self._resource,
        ))  # fmt: skip
        return min(filter(None, (oldest, organisation.pull_from)))

    def _change_params(self, organisation):
        """Whatever changed: what went to Xero from here may be older than what comes from there (see ``_welcome``)."""
        return {}

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
        """What was voided or deleted before it ever came is of no interest, nor what is older than wanted; what we do
        not know cannot be made."""
        if item.get("Type") not in TYPES or item.get("Status") in received_codec.ENDED:
            return False
        return not organisation.pull_from or received_codec.day(item.get("Date")) >= str(organisation.pull_from)

    # ---- taking over ------------------------------------------------------------------------------

    def _take_in_group(self, organisation, run, news):
        self._know_their_codes(organisation, run, news)
        return super()._take_in_group(organisation, run, news)

    def _know_their_codes(self, organisation, run, news):
        """Accounts and rates that are younger than the reference data are read now, once a run: what is not known
        here could not even be mapped."""
        if run.reference_read:
            return
        reverse = run.reverse_of(organisation)
        lines = (line for one in news for line in read_document(self._resource, one.item).lines)
        if any(reverse.is_unknown(line) for line in lines):
            organisation._refresh_reference(organisation._line(run))
            run.reference_read, run.resolver, run.reverse = True, None, None

    def _prepare_incoming(self, organisation, run, incoming):
        """What the documents of one chunk are made from."""
        reverse = run.reverse_of(organisation)
        contacts = {(one.item.get("Contact") or {}).get("ContactID") for one in incoming} - {None}
        partners = self._partners_for(organisation, run, contacts)
        run.inherited = self.env["xero.resource.contacts"]._merged_partners(organisation, contacts)
        # with the context of this environment: nothing of what is written is owed to this organisation
        return DocumentWriter(
            organisation.with_env(self.env), reverse, partners, self._analytic_of(organisation, run)
        )

    def _agreed_in(self, organisation, run, record, incoming):
        """Of a partner that was merged into another here, Xero's document goes on to the contact of that one."""
        values = super()._agreed_in(organisation, run, record, incoming)
        contact_id = (incoming.item.get("Contact") or {}).get("ContactID")
        if contact_id in run.inherited and organisation._pushes(self._kind_of(record)):
            self.env["xero.change"].create(self._change_values(organisation, record, kind="changed"))
            values |= {"digest": False, "version": False}
        return values

    def _partners_for(self, organisation, run, contact_ids):
        """:return dict: {ContactID: its partner here}; those that are not here yet are brought, where contacts come"""
        Contacts = self.env["xero.resource.contacts"]
        partners = Contacts._partners_of(organisation, contact_ids)
        missing = contact_ids - partners.keys()
        if not missing or not Contacts._reads(organisation):
            return partners
        Contacts._bring_for_documents(organisation, run, missing)
        return Contacts._partners_of(organisation, contact_ids)

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
        """{Odoo line: LineItemID}: those that were known stay, what is new on both sides is paired by its order. By
        order alone a line that a bookkeeper put between two others would take over the next one's identity."""
        lines = [line.get("LineItemID") for line in item.get("LineItems") or ()]
        link = self._links_of(organisation, [item[self._id_key]])
        split = split_lines(link, read_document(self._resource, item))  # several of Xero's lines are one of ours
        alone = {line_id: key for line_id, key in lines_beside(link, record).items() if line_id in lines}
        there = [line_id for line_id in lines if line_id not in split and line_id not in alone]
        whole = {line_of(key) for key in split.values()}
        own = record.invoice_line_ids.filtered(lambda line: line.id not in whole)
        cents = cents_line(link, record) or made_for_cents(own, len(there))
        own -= cents
        if len(there) != len(own):
            return {}
        ours = [str(line.id) for line in own.sorted(lambda line: (line.sequence, line.id))]
        known = {key: line_id for line_id, key in (split | alone).items()}
        remote = self._remembered(paired_lines(ours, there, (link.remote or {}).get("lines") or {}) | known, item)
        return {"remote": remote | ({"cents": cents.id} if cents else {})}

    def _own_digest(self, organisation, run, record, link):
        """Of a draft, too: that a person works on it must not be overlooked because it would not be sent yet."""
        if record.state == "posted" and link.xero_status in received_codec.ENDED:
            link = link.browse()  # what we say is the same, whatever became of Xero's copy
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
        link = self._links_of(organisation, [item[self._id_key]])
        agreed_tax, alone = rounded_tax(link) == received.total_tax, lines_beside(link, record)
        rows = [
            ("Number", record._xero_number(), received.number),
            ("Contact", self._contact_id(organisation, record), received.contact_id),
            ("Date", str(record.invoice_date or ""), received.date),
            ("DueDate", str(record.invoice_date_due or record.invoice_date or ""), received.due_date),
            ("Currency", record.currency_id.name, received.currency),
            ("Total", f"{record.amount_total:.2f}", f"{received.total:.2f}"),
            ("TotalTax", f"{received.total_tax if agreed_tax else record.amount_tax:.2f}", f"{received.total_tax:.2f}"),
            ("Lines", _lines_text(record, cents_line(link, record)), _received_text(received, alone)),
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
        return (link.remote or {}).get("merged_to") or link.xero_id or ""

    def _shown(self, organisation, label, value):
        """A contact is shown by its name."""
        if label != "Contact" or not value:
            return value
        here = [("organisation_id", "=", organisation.id), ("xero_id", "=", value)]
        contact = self.env["xero.contact"].search(here)
        return contact.name or value


def dated_from(day):
    """Parameters of a list at Xero that leave out what is dated before ``day``; none where there is no such day."""
    return {"where": f"Date>=DateTime({day.year},{day.month:02},{day.day:02})"} if day else {}


def _receipt_of(move_type):
    return {"out_invoice": "out_receipt", "in_invoice": "in_receipt"}.get(move_type, move_type)


def _lines_text(move, apart):
    """Lines as two systems can be compared by: what they say and what they come to, without tax.

    :param apart: those that only this side has, for its own way of rounding
    """
    lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product") - apart
    return "\n".join(sorted(f"{short(line.name)} {line.price_subtotal:.2f}" for line in lines))


def _received_text(received, apart):
    lines = [line for line in received.lines if not line.is_text and line.line_id not in apart]
    return "\n".join(sorted(f"{short(line.description)} {net_of(received, line):.2f}" for line in lines))


def net_of(received, line):
    """What a line of Xero's comes to without tax. :rtype: Decimal"""
    return line.line_amount - line.tax_amount if received.inclusive else line.line_amount


def short(text):
    """As much of a line's text as tells it from others."""
    return " ".join((text or "-").split())[:60].rstrip()


def require_document(link):
    """The move of a link, for what hangs on a document. :raise Problem: ``incoming_first``: it is not here yet"""
    move = link.env["account.move"].browse(link.res_id if link else ()).exists()
    if not move:
        raise Problem("incoming_first", waiting_for_id=link.id if link else False)
    return move
