"""Posted invoices and bills as Xero's Invoices; credit notes are told the same way (``resource_credit_notes.py``)."""

from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

from ..xero import dates
from .codec import invoice as invoice_codec
from .codec.digest import digest_of
from .codec.money import decimal
from .codec.refused import Refused
from .invoice_source import LINE_FIELDS, InvoiceSource
from .problems import Problem
from .resource import Element
from .xero_link import NO_ERROR

MOVE_FIELDS = [
    "name", "ref", "state", "move_type", "invoice_date", "date", "invoice_date_due", "currency_id", "company_id",
    "commercial_partner_id", "amount_total", "amount_tax", "invoice_currency_rate", "journal_id",
]  # fmt: skip
KIND_OF = {
    "out_invoice": "invoices", "out_receipt": "invoices", "in_invoice": "bills", "in_receipt": "bills",
    "out_refund": "credit_notes", "in_refund": "credit_notes",
}  # fmt: skip
FINAL = ("VOIDED", "DELETED")
DIFFERS = {"Total": "answer_differs", "TotalTax": "answer_tax_differs"}
UNAPPROVED = ("DRAFT", "SUBMITTED")
NUMBERS_PER_READ = 25  # at most 255 characters each


class XeroResourceInvoices(models.AbstractModel):
    _name = "xero.resource.invoices"
    _inherit = "xero.resource"
    _description = "Xero Invoices"

    _resource = "Invoices"
    _res_model = "account.move"
    _id_key = "InvoiceID"
    _number_key = "InvoiceNumber"
    _move_types = ("out_invoice", "out_receipt", "in_invoice", "in_receipt")
    _kinds = ("invoices", "bills")

    # ---- whose ----------------------------------------------------------------------------------

    def _wanted(self, records):
        return records.filtered(lambda move: move.move_type in self._move_types)

    def _kind_of(self, record):
        return KIND_OF[record.move_type]

    def _organisation_ids(self, records):
        """Where the journal leads; but a document that already stands in books where it does not lead any more stays
        there: it must not come to stand in two."""
        Organisation = self.env["xero.organisation"]
        standing = self._standing(records)
        result = {}
        for move in records:
            route = Organisation._route(move.company_id.id, move.journal_id.id)
            books = standing.get(move.id, set())
            for organisation_id in books.union(route) if books.intersection(route) else books or route:
                result.setdefault(organisation_id, []).append(move.id)
        return [(organisation_id, records.browse(ids)) for organisation_id, ids in result.items()]

    def _standing(self, records):
        """``{move id: {ids of the organisations that have a living document of it}}``: one query, and none for moves
        that are posted for the first time or whose company has one organisation for all its journals."""
        if self.env.context.get("xero_never_posted"):
            return {}
        routes = self.env["xero.organisation"]._routes
        choosing = {c.id for c in records.company_id if any(journals for _organisation, journals in routes(c.id))}
        asked = records.filtered(lambda record: self._may_stand(record) and record.company_id.id in choosing)
        if not asked:
            return {}
        # sudo: where a document stands decides where its changes go, whoever makes them.
        links = self.env["xero.link"].sudo().search_fetch(
            [
                ("res_model", "=", self._res_model), ("res_id", "in", asked.ids), ("resource", "=", self._resource),
                ("organisation_id.active", "=", True), ("xero_id", "!=", False), ("xero_status", "not in", FINAL),
            ],
            ["organisation_id", "res_id"],
        )  # fmt: skip
        standing = {}
        for link in links:
            standing.setdefault(link.res_id, set()).add(link.organisation_id.id)
        return standing

    def _may_stand(self, record):
        return record.posted_before

    def _append_needs(self, organisation, window):
        """The contacts of the next invoices, so that they fill whole batches of their own."""
        by_hand = SQL() if organisation.auto_sync else SQL("AND by_hand")
        rows = self.env.execute_query(
            SQL(
                """SELECT coalesce(m.commercial_partner_id, p.commercial_partner_id), bool_or(c.by_hand)
                 FROM (SELECT res_id, by_hand FROM xero_change
                        WHERE organisation_id = %s AND resource = %s AND res_model = %s %s ORDER BY id LIMIT %s) c
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

    # ---- encoding -------------------------------------------------------------------------------

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

    def _encode(self, organisation, run, records, links):
        if run.resolver is None or run.resolver_revision != organisation.mapping_revision:
            run.resolver, run.resolver_revision = organisation._mapping_resolver(), organisation.mapping_revision
        source = self._source(organisation, run, records)
        outcomes = {}
        for move in records:
            try:
                outcomes[move.id] = self._encode_one(organisation, move, links.get(move.id), source)
            except Problem as problem:
                outcomes[move.id] = problem
                if problem.code == "contact_first" and not problem.data["waiting_for_id"]:
                    outcomes[move.id] = self._ask_for_contact(organisation, move, problem)
                elif problem.code == "tracking_first":
                    outcomes[move.id] = self._ask_for_option(organisation, problem)
            except Refused as refused:
                outcomes[move.id] = Problem(refused.code, **refused.data)
        return outcomes

    def _source(self, organisation, run, records):
        """Reads at once what the posted ones of ``records`` are made of. :rtype: InvoiceSource"""
        records.fetch(MOVE_FIELDS)
        return InvoiceSource(organisation, run.resolver, records.filtered(lambda move: move.state == "posted"))

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
        source.check_open(move.invoice_date)
        if create:
            payload = built.payload | {"Status": self._sent_as(organisation, sale)}
        else:
            payload = {self._id_key: link.xero_id} | self._with_line_ids(built, link)
            payload |= {"LineItems": self._with_their_tracking(payload["LineItems"], link, source.tracking)}
            payload |= self._approval(organisation, link, sale)
        told = {"number": move.name, "currency": move.currency_id.name}
        expected = {"Total": str(built.total), "TotalTax": str(built.tax)}
        remote = self._tracked_lines(payload)
        return Element(
            move.id, payload, digest, create, lines=built.line_keys, expected=expected, told=told, remote=remote
        )

    def _sent_as(self, organisation, sale):
        return organisation.invoice_status if sale else organisation.bill_status

    def _approval(self, organisation, link, sale):
        """What is posted here is approved there, unless documents are to stay drafts until a bookkeeper saw them."""
        status = self._sent_as(organisation, sale)
        return {"Status": status} if link.xero_status in UNAPPROVED and status not in UNAPPROVED else {}

    def _ask_for_contact(self, organisation, move, problem):
        """Nobody has queued the contact yet: do it, and look at the document again after it. :rtype: Problem"""
        if not organisation._pushes("contacts"):
            return Problem("contact_not_sent", contact=move._xero_partner().display_name)
        self.env["xero.resource.contacts"]._needs_of_partners(organisation, [(move._xero_partner().id, True)])
        problem.data["next_attempt"] = fields.Datetime.now()
        return problem

    def _encode_void(self, move, link, source):
        """Cancelled here is voided there; a document that Xero never approved is deleted (Xero's own distinction)."""
        if not (link and link.xero_id):
            return None
        digest = digest_of({"Status": "VOIDED"})
        payload = {
            self._id_key: link.xero_id, self._number_key: link.xero_number,
            "Status": self._closing(link.xero_status),
        }  # fmt: skip
        if payload["Status"] == "VOIDED" and link.digest != digest:
            source.check_open(move.invoice_date or move.date)
        return Element(move.id, payload, digest, create=False, told={"number": move.name})

    def _closing(self, status):
        return "DELETED" if status in UNAPPROVED else "VOIDED"

    def _with_line_ids(self, built, link):
        """Name the lines that Xero has: a line without its LineItemID would be made anew, losing what hangs on it."""
        known = (link.remote or {}).get("lines") or {}
        items = []
        for key, item in zip(built.line_keys, built.payload["LineItems"], strict=True):
            line_id = known.get(str(key))
            items.append({"LineItemID": line_id} | item if line_id else item)
        return built.payload | {"LineItems": items}

    # ---- answers --------------------------------------------------------------------------------

    def _is_ours(self, payload, item):
        return item.get(self._number_key) == payload[self._number_key]

    def _link_values(self, note, item):
        lines = item.get("LineItems") or []
        keys = note["lines"] if len(note["lines"]) == len(lines) else []
        return super()._link_values(note, item) | {
            "remote": {"lines": {str(key): line.get("LineItemID") for key, line in zip(keys, lines, strict=False)}},
        }

    def _agreed_values(self, note, item):
        values = super()._agreed_values(note, item)
        for key, ours in note["expected"].items():
            theirs = item.get(key)
            if theirs is not None and decimal(theirs) != Decimal(ours):
                return values | {
                    "outcome": "conflict",
                    "error_code": DIFFERS[key],
                    "error_data": {"ours": ours, "theirs": str(theirs)},
                    "digest": False,  # not agreed: a retry sends it again
                    "version": False,
                }
        return values

    def _find(self, organisation, run, payloads, sent_at):
        """An update by its id; a new document by its number if it is ours: a person's is not to be adopted."""
        ids = [payload[self._id_key] for payload in payloads if self._id_key in payload]
        by_id = {item.get(self._id_key): item for item in self._ask_for_all(organisation, run, ids)}
        new = [payload for payload in payloads if self._id_key not in payload]
        made = dict(zip(map(id, new), self._bearers(organisation, run, new, sent_at), strict=True))
        return [
            by_id.get(payload[self._id_key])
            if self._id_key in payload
            else self._made_by(payload, made[id(payload)])
            for payload in payloads
        ]

    def _made_by(self, payload, item):
        ours = item and not self._is_closed(item) and not self._doubt_about(payload, item)
        return item if ours else None

    def _bearers(self, organisation, run, payloads, sent_at=None):
        """Numbers are unique among sales documents, in any case of letters; suppliers may share one.

        A living document counts before a closed one, ours before another's.
        """
        found = {}
        numbers = list(dict.fromkeys(payload[self._number_key] for payload in payloads))
        for item in self._read(organisation, run, self._questions(numbers, sent_at)):
            found.setdefault((item.get("Type"), (item.get(self._number_key) or "").casefold()), []).append(item)
        return [
            self._likeliest(payload, found.get((payload["Type"], payload[self._number_key].casefold()), ()))
            for payload in payloads
        ]

    def _likeliest(self, payload, items):
        def unlikely(item):
            return self._is_closed(item), bool(self._doubt_about(payload, item))

        return min(items, key=unlikely, default=None)

    def _read(self, organisation, run, questions):
        for where in questions:
            for answer in organisation._call_pages(run, self._resource, **where):
                yield from answer.items

    def _questions(self, numbers, sent_at):
        """As few reads as fit: numbers are joined by commas in an address that must not grow without end.

        :param sent_at: when they were sent (UTC); None where that says nothing about when they were made
        """
        plain = [number for number in numbers if "," not in number]
        questions = [
            {"InvoiceNumbers": plain[first : first + NUMBERS_PER_READ]}
            for first in range(0, len(plain), NUMBERS_PER_READ)
        ]
        return questions + [self._question_of_number(number) for number in numbers if "," in number]

    def _question_of_number(self, number):
        quoted = number.replace("\\", "\\\\").replace('"', '\\"')
        return {"where": f'{self._number_key}=="{quoted}"'}

    def _doubt_about(self, payload, item):
        """Ours bears our Url and is for the same contact: a restored database counts on where a lost one stopped, and
        gives its next document the lost one's number and id. Where no Url could be sent, it says the same in all."""
        contact_id = item.get("Contact", {}).get("ContactID")
        if payload.get("Url"):
            if item.get("Url") != payload["Url"]:
                return "number_taken"
            return "" if contact_id == payload["Contact"]["ContactID"] else "number_of_lost"
        said = (
            contact_id, str(dates.parse_date(item.get("Date"))), item.get("Reference") or "",
            [decimal(line.get("LineAmount") or 0) for line in item.get("LineItems") or []],
        )  # fmt: skip
        meant = (
            payload["Contact"]["ContactID"], payload["Date"], payload.get("Reference", ""),
            [decimal(line.get("LineAmount") or 0) for line in payload["LineItems"]],
        )  # fmt: skip
        return "" if said == meant else "number_taken"

    def _forgive(self, link, code):
        """A bookkeeper replaced lines: without their ids, Xero takes ours as new ones."""
        if code != "lines_replaced" or not (link.remote or {}).get("lines"):
            return {}
        return NO_ERROR | self._again() | {"remote": {}}

    def _is_closed(self, item):
        return item.get("Status") in FINAL

    def _number_now(self, record):
        return record._xero_number().strip()

    def _reached(self, payload, item):
        return payload.get("Status") in FINAL and item.get("Status") in FINAL

    def _close_otherwise(self, payload, item):
        """A bookkeeper approved the draft that we wanted to delete: it can still be voided."""
        values = {"xero_status": item.get("Status")}
        return values if self._closing(item.get("Status")) == payload["Status"] else values | NO_ERROR | self._again()


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    def _route(self, company_id, journal_id):
        """Ids of the organisations that take documents of this journal: those that name it, else the company's first
        that names none. A document never goes to two sets of books unless somebody said so."""
        routes = self._routes(company_id)
        named = [organisation_id for organisation_id, journals in routes if journals and journal_id in journals]
        return named or [organisation_id for organisation_id, journals in routes if not journals][:1]
