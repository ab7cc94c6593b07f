"""Posted customer invoices as Xero's Invoices of type ACCREC."""

from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

from ..xero import dates
from .codec import invoice as invoice_codec
from .codec.digest import digest_of
from .codec.money import decimal
from .codec.refused import Refused
from .problems import Problem
from .resource import Element

MOVE_FIELDS = [
    "name",
    "ref",
    "state",
    "move_type",
    "invoice_date",
    "date",
    "invoice_date_due",
    "currency_id",
    "company_id",
    "commercial_partner_id",
    "amount_total",
    "invoice_currency_rate",
    "journal_id",
]
LINE_FIELDS = [
    "move_id",
    "name",
    "display_type",
    "quantity",
    "price_unit",
    "discount",
    "price_subtotal",
    "price_total",
    "balance",
    "amount_currency",
    "tax_ids",
    "account_id",
    "product_id",
    "sequence",
]
TEXT_LINES = ("line_section", "line_subsection", "line_note")
AMOUNT_LINES = ("product", "rounding")
FINAL = ("VOIDED", "DELETED")
NUMBERS_PER_READ = 25  # at most 255 characters each


class XeroResourceInvoices(models.AbstractModel):
    _name = "xero.resource.invoices"
    _inherit = "xero.resource"
    _description = "Xero Invoices"

    _resource = "Invoices"
    _res_model = "account.move"
    _id_key = "InvoiceID"

    # ---- whose ----------------------------------------------------------------------------------

    def _wanted(self, records):
        return records.filtered(lambda move: move.move_type == "out_invoice")

    def _organisation_ids(self, records):
        Organisation = self.env["xero.organisation"]
        result = {}
        for move in records:
            for organisation_id in Organisation._route(move.company_id.id, move.journal_id.id):
                result.setdefault(organisation_id, []).append(move.id)
        return [(organisation_id, records.browse(ids)) for organisation_id, ids in result.items()]

    def _append_needs(self, organisation, window):
        """The contacts of the next invoices, so that they fill whole batches of their own."""
        by_hand = SQL() if organisation.auto_sync else SQL("AND by_hand")
        rows = self.env.execute_query(
            SQL(
                """SELECT m.commercial_partner_id, bool_or(c.by_hand)
                 FROM (SELECT res_id, by_hand FROM xero_change
                        WHERE organisation_id = %s AND resource = %s AND res_model = %s %s ORDER BY id LIMIT %s) c
                 JOIN account_move m ON m.id = c.res_id
                WHERE m.state = 'posted' AND m.commercial_partner_id IS NOT NULL
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
                    """SELECT m.id, m.xmin || ' ' || m.ctid,
                              (SELECT md5(string_agg(l.xmin || ' ' || l.ctid, ',' ORDER BY l.id))
                                                            FROM account_move_line l WHERE l.move_id = m.id)
                     FROM account_move m WHERE m.id IN %s""",
                    tuple(record_ids),
                )
            )
        }

    def _encode(self, organisation, run, records, links):
        records.fetch(MOVE_FIELDS)
        if run.resolver is None or run.resolver_revision != organisation.mapping_revision:
            run.resolver, run.resolver_revision = organisation._mapping_resolver(), organisation.mapping_revision
        posted = records.filtered(lambda move: move.state == "posted")
        source = _Source(organisation, run.resolver, posted)
        outcomes = {}
        for move in records:
            try:
                outcomes[move.id] = self._encode_one(organisation, move, links.get(move.id), source)
            except Problem as problem:
                outcomes[move.id] = problem
                if problem.code == "contact_first" and not problem.data["waiting_for_id"]:
                    self._ask_for_contact(organisation, move, problem)
            except Refused as refused:
                outcomes[move.id] = Problem(refused.code, **refused.data)
        return outcomes

    def _encode_one(self, organisation, move, link, source):
        if move.state == "cancel":
            return self._encode_void(organisation, move, link)
        if move.state != "posted":
            return None  # reset to draft: it goes again when it is posted, is voided when it is cancelled
        built = invoice_codec.build(source.invoice(move))
        digest = digest_of(built.payload)
        create = not (link and link.xero_id) or link.xero_status in FINAL
        if not create and link.digest == digest:
            return Element(move.id, built.payload, digest, create=False)
        source.check_open(move.invoice_date)
        if create:
            payload = built.payload | {"Status": organisation.invoice_status}
        else:
            payload = {"InvoiceID": link.xero_id} | self._with_line_ids(built, link)
        told = {"number": move.name, "currency": move.currency_id.name}
        return Element(move.id, payload, digest, create, lines=built.line_keys, total=str(built.total), told=told)

    def _ask_for_contact(self, organisation, move, problem):
        """Nobody has queued the contact yet: do it, and look at the invoice again after it."""
        self.env["xero.resource.contacts"]._needs_of_partners(organisation, [(move.commercial_partner_id.id, True)])
        problem.data["next_attempt"] = fields.Datetime.now()

    def _encode_void(self, organisation, move, link):
        """Cancelled here is voided there; a document that Xero never approved is deleted (Xero's own distinction)."""
        if not (link and link.xero_id):
            return None
        status = "DELETED" if link.xero_status in ("DRAFT", "SUBMITTED") else "VOIDED"
        digest = digest_of({"Status": "VOIDED"})
        payload = {"InvoiceID": link.xero_id, "InvoiceNumber": link.xero_number, "Status": status}
        return Element(move.id, payload, digest, create=False, told={"number": move.name})

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
        return item.get("InvoiceNumber") == payload["InvoiceNumber"]

    def _link_values(self, note, item):
        lines = item.get("LineItems") or []
        keys = note["lines"] if len(note["lines"]) == len(lines) else []
        return super()._link_values(note, item) | {
            "xero_number": item.get("InvoiceNumber"),
            "xero_status": item.get("Status"),
            "xero_total": item.get("Total") or 0.0,
            "remote": {"lines": {str(key): line.get("LineItemID") for key, line in zip(keys, lines, strict=False)}},
        }

    def _agreed_values(self, note, item):
        values = super()._agreed_values(note, item)
        theirs = item.get("Total")
        if note["total"] and theirs is not None and decimal(theirs) != Decimal(note["total"]):
            values |= {
                "outcome": "conflict",
                "error_code": "answer_differs",
                "error_data": {"ours": note["total"], "theirs": str(theirs)},
                "digest": False,  # not agreed: a retry sends it again
                "version": False,
            }
        return values

    def _find(self, organisation, run, payloads, sent_at):
        """An update by its id; a new document by its number if it is ours: a person's is not to be adopted."""
        by_id, by_number = {}, {}
        for where in self._questions(payloads):
            for answer in organisation._call_pages(run, "Invoices", **where):
                for item in answer.items:
                    by_id[item.get("InvoiceID")] = item
                    if item.get("Type") == "ACCREC" and item.get("Status") not in FINAL:
                        by_number[item.get("InvoiceNumber")] = item
        return [
            by_id.get(payload["InvoiceID"])
            if "InvoiceID" in payload
            else self._ours_or_none(payload, by_number.get(payload["InvoiceNumber"]))
            for payload in payloads
        ]

    def _questions(self, payloads):
        """As few reads as fit: ids and numbers are joined by commas in an address that must not grow without end."""
        ids = [payload["InvoiceID"] for payload in payloads if "InvoiceID" in payload]
        numbers = [payload["InvoiceNumber"] for payload in payloads if "InvoiceID" not in payload]
        questions = [{"ids": ids}] if ids else []
        plain = [number for number in numbers if "," not in number]
        for first in range(0, len(plain), NUMBERS_PER_READ):
            questions.append({"InvoiceNumbers": plain[first : first + NUMBERS_PER_READ]})
        for number in numbers:
            if "," in number:
                quoted = number.replace("\\", "\\\\").replace('"', '\\"')
                questions.append({"where": f'InvoiceNumber=="{quoted}"'})
        return questions

    def _ours_or_none(self, payload, item):
        """``item`` if it bears our Url, or if it says the same in every respect (where no Url could be sent)."""
        if not item:
            return None
        if payload.get("Url"):
            return item if item.get("Url") == payload["Url"] else None
        said = (
            item.get("Contact", {}).get("ContactID"),
            str(dates.parse_date(item.get("Date"))),
            item.get("Reference") or "",
            [decimal(line.get("LineAmount") or 0) for line in item.get("LineItems") or []],
        )  # fmt: skip
        meant = (
            payload["Contact"]["ContactID"], payload["Date"], payload["Reference"],
            [decimal(line.get("LineAmount") or 0) for line in payload["LineItems"]],
        )  # fmt: skip
        return item if said == meant else None

    def _reached(self, payload, item):
        return payload.get("Status") in FINAL and item.get("Status") in FINAL


class _Source:
    """Reads what the invoices of one batch need, in a constant number of queries."""

    def __init__(self, organisation, resolver, moves):
        self.organisation = organisation
        self.resolver = resolver
        self.env = organisation.env
        self.lock_date = max(filter(None, (organisation.period_lock_date, organisation.year_lock_date)), default=None)
        self.base_url = organisation.get_base_url().rstrip("/")
        self.lines = self._read_lines(moves)
        self.categories = self._read_categories()
        self.inclusive = self._read_inclusive()
        self.contacts = self._read_contacts(moves)
        self.rounding = None

    # ---- reading --------------------------------------------------------------------------------

    def _read_lines(self, moves):
        rows = self.env["account.move.line"].search_read(
            [("move_id", "in", moves.ids), ("display_type", "in", AMOUNT_LINES + TEXT_LINES)],
            LINE_FIELDS,
            order="move_id, sequence, id",
            load=None,
        )
        lines = {}
        for row in rows:
            lines.setdefault(row["move_id"], []).append(row)
        return lines

    def _rows(self):
        return (row for rows in self.lines.values() for row in rows)

    def _read_categories(self):
        """{product id: ids of its categories, nearest first}"""
        products = self.env["product.product"].browse({row["product_id"] for row in self._rows() if row["product_id"]})
        return {
            product.id: tuple(int(part) for part in reversed((product.categ_id.parent_path or "").split("/")) if part)
            for product in products
        }

    def _read_inclusive(self):
        """{tax id: whether the price of a line contains it}"""
        taxes = self.env["account.tax"].browse({tax for row in self._rows() for tax in row["tax_ids"]})
        return {tax.id: any(child.price_include for child in tax.flatten_taxes_hierarchy()) for tax in taxes}

    def _read_contacts(self, moves):
        """{partner id: its link}"""
        links = self.env["xero.link"].search_fetch(
            [
                ("organisation_id", "=", self.organisation.id),
                ("resource", "=", "Contacts"),
                ("res_model", "=", "res.partner"),
                ("res_id", "in", moves.commercial_partner_id.ids),
            ],
            ["res_id", "xero_id", "outcome"],
        )
        return {link.res_id: link for link in links}

    # ---- checking -------------------------------------------------------------------------------

    def check_open(self, date):
        """:raise Problem: ``locked_period``"""
        if self.lock_date and date and date <= self.lock_date:
            raise Problem("locked_period", date=str(date), lock_date=str(self.lock_date))

    def _contact_id(self, move):
        partner = move.commercial_partner_id
        link = self.contacts.get(partner.id)
        if link and link.xero_id:
            return link.xero_id
        raise Problem("contact_first", contact=partner.display_name or "?", waiting_for_id=link.id if link else False)

    def _currency_rate(self, move):
        """Document currency per unit of the base currency (Xero: multicurrency), None in the base currency."""
        base = self.organisation.base_currency
        ours = move.company_id.currency_id.name
        if base and base != ours:
            raise Problem("base_currency_differs", ours=ours, theirs=base)
        if move.currency_id.name == ours:
            return None
        self.resolver.currency(move.currency_id.name)
        return round(decimal(move.invoice_currency_rate), 6)

    # ---- translating ----------------------------------------------------------------------------

    def invoice(self, move):
        """:rtype: codec.invoice.InvoiceData"""
        if not move.name or move.name == "/":
            raise Problem("number_missing")
        date = move.invoice_date or move.date
        return invoice_codec.InvoiceData(
            type="ACCREC",
            number=move.name,
            contact_id=self._contact_id(move),
            date=str(date),
            due_date=str(move.invoice_date_due or date),
            currency=move.currency_id.name,
            currency_rate=self._currency_rate(move),
            total=self._amount(move, move.amount_total),
            lines=tuple(self._line(move, row) for row in self.lines.get(move.id, ())),
            reference=move.ref or "",
            url=self._url(move),
            rounding_line=self._rounding_line(),
        )

    def _amount(self, move, value):
        return round(decimal(value), move.currency_id.decimal_places)

    def _line(self, move, row):
        if row["display_type"] in TEXT_LINES:
            return invoice_codec.LineData(row["id"], row["name"] or "", is_text=True)
        if row["display_type"] == "rounding":
            return self._cash_rounding_line(move, row)
        taxes = tuple(sorted(row["tax_ids"]))
        account = self.resolver.account(
            row["product_id"] or None, self.categories.get(row["product_id"], ()), row["account_id"] or None, "sale"
        )
        tax = self.resolver.tax(taxes, "sale")
        self.resolver.check(account, tax)
        return invoice_codec.LineData(
            key=row["id"],
            description=row["name"] or "",
            quantity=decimal(row["quantity"]),
            unit_amount=decimal(row["price_unit"]),
            discount=decimal(row["discount"]),
            subtotal=self._amount(move, row["price_subtotal"]),
            total=self._amount(move, row["price_total"]),
            inclusive=any(self.inclusive[tax_id] for tax_id in taxes),
            taxed=bool(taxes),
            account_code=account.code or "",
            account_id=account.xero_id,
            tax_type=tax.tax_type,
            tax_rate=decimal(tax.effective_rate),
        )

    def _cash_rounding_line(self, move, row):
        """Odoo's cash rounding as a line of its own; the entry's sign is the opposite of the customer's."""
        amount = self._amount(move, -row["amount_currency"])
        return self._untaxed_line(row["id"], row["name"] or self.env._("Rounding"), amount)

    def _rounding_line(self):
        """The line a remaining cent would get, or None while no rounding account is known."""
        if self.rounding is None:
            try:
                self.rounding = self._untaxed_line(0, self.env._("Rounding"), Decimal(0))
            except Problem:
                self.rounding = False
        return self.rounding or None

    def _untaxed_line(self, key, description, amount):
        account, tax = self.resolver.rounding(), self.resolver.tax((), "sale")
        return invoice_codec.LineData(
            key=key,
            description=description,
            quantity=Decimal(1),
            unit_amount=amount,
            subtotal=amount,
            total=amount,
            account_code=account.code or "",
            account_id=account.xero_id,
            tax_type=tax.tax_type,
        )

    def _url(self, move):
        """The way back to Odoo, and our fingerprint on the document. Xero refuses a Url that holds its own name."""
        url = f"{self.base_url}/mail/view?model=account.move&res_id={move.id}"
        return "" if "xero" in url.lower() else url


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    def _route(self, company_id, journal_id):
        """Ids of the organisations that take documents of this journal: those that name it, else the company's first
        that names none. A document never goes to two sets of books unless somebody said so."""
        routes = self._routes(company_id)
        named = [organisation_id for organisation_id, journals in routes if journals and journal_id in journals]
        return named or [organisation_id for organisation_id, journals in routes if not journals][:1]
