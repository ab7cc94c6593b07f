"""Reads what the documents of one batch are made of, for the codec: a constant number of queries per batch."""

from decimal import Decimal

from .codec import invoice as invoice_codec
from .codec.money import decimal, line_amount
from .problems import Problem
from .tracking_source import TrackingSource

LINE_FIELDS = [
    "move_id", "name", "display_type", "quantity", "price_unit", "discount", "price_total", "balance",
    "amount_currency", "tax_ids", "tax_repartition_line_id", "account_id", "product_id", "sequence",
    "analytic_distribution",
]  # fmt: skip
TEXT_LINES = ("line_section", "line_subsection", "line_note")
AMOUNT_LINES = ("product", "rounding")
TYPES = {
    "out_invoice": "ACCREC", "out_receipt": "ACCREC", "in_invoice": "ACCPAY", "in_receipt": "ACCPAY",
    "out_refund": "ACCRECCREDIT", "in_refund": "ACCPAYCREDIT",
}  # fmt: skip


class InvoiceSource:
    """:param organisation: in superuser mode, its company the environment's
    :param MappingResolver resolver:
    :param moves: posted documents of one batch
    """

    def __init__(self, organisation, resolver, moves):
        self.organisation = organisation
        self.resolver = resolver
        self.env = organisation.env
        self.base_url = organisation.get_base_url().rstrip("/")
        self.mark = self.env["xero.resource"]._database_mark()
        self.lines = self._read_lines(moves)
        self.categories = self._read_categories()
        self.inclusive, self.parts = self._read_taxes()
        self.tracking = TrackingSource(organisation, list(self._rows()))
        self.contacts = self._read_contacts(moves)
        self.rounding = {}

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

    def _read_taxes(self):
        """({tax id: whether the price of a line contains it}, {tax id: how many it consists of})"""
        taxes = self.env["account.tax"].browse({tax for row in self._rows() for tax in row["tax_ids"]})
        flat = {tax.id: tax.flatten_taxes_hierarchy() for tax in taxes}
        inclusive = {tax_id: any(child.price_include for child in children) for tax_id, children in flat.items()}
        return inclusive, {tax_id: len(children) for tax_id, children in flat.items()}

    def _read_contacts(self, moves):
        """{partner id: its link}"""
        links = self.env["xero.link"].search_fetch(
            [
                ("organisation_id", "=", self.organisation.id),
                ("resource", "=", "Contacts"),
                ("res_model", "=", "res.partner"),
                ("res_id", "in", list({self._partner(move).id for move in moves})),
            ],
            ["res_id", "xero_id", "outcome", "remote"],
        )
        return {link.res_id: link for link in links}

    # ---- checking -------------------------------------------------------------------------------

    def _partner(self, move):
        return move._xero_partner()

    def _contact_id(self, move):
        partner = self._partner(move)
        if not partner:
            raise Problem("contact_missing")
        link = self.contacts.get(partner.id)
        if link and link.xero_id:
            return (link.remote or {}).get("merged_to") or link.xero_id
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
        side = "sale" if move.is_sale_document(include_receipts=True) else "purchase"
        return invoice_codec.InvoiceData(
            type=TYPES[move.move_type],
            number=move._xero_number(),
            contact_id=self._contact_id(move),
            date=str(date),
            due_date=str(move.invoice_date_due or date),
            currency=move.currency_id.name,
            currency_rate=self._currency_rate(move),
            total=self._amount(move, move.amount_total),
            tax=self._tax(move),
            step=decimal(move.currency_id.rounding),
            lines=tuple(self._line(move, row, side) for row in self.lines.get(move.id, ())),
            reference=move.ref or "",
            url=self.url(move),
            rounding_line=self._rounding_line(side),
        )

    def _amount(self, move, value):
        return round(decimal(value), move.currency_id.decimal_places) + 0  # no minus before a zero

    def _booked(self, move, row):
        """What the line adds to the document: its entry with the document's sign, shares of a rounding included."""
        return self._amount(move, move.direction_sign * row["amount_currency"])

    def _tax(self, move):
        """The document's tax; a cash rounding that was booked on a tax is sent as a line."""
        rounded = (
            self._booked(move, row)
            for row in self.lines.get(move.id, ())
            if row["display_type"] == "rounding" and row["tax_repartition_line_id"]
        )
        return self._amount(move, move.amount_tax) - sum(rounded)

    def _line(self, move, row, side):
        if row["display_type"] in TEXT_LINES:
            return invoice_codec.LineData(row["id"], row["name"] or "", is_text=True)
        if row["display_type"] == "rounding":
            return self._cash_rounding_line(move, row, side)
        return invoice_codec.LineData(
            quantity=decimal(row["quantity"]),
            unit_amount=decimal(row["price_unit"]),
            discount=decimal(row["discount"]),
            subtotal=self._booked(move, row),
            total=self._amount(move, row["price_total"]),
            inclusive=self._holds_tax(move, row),
            **self._mapped(row, side),
        )

    def _mapped(self, row, side):
        """What a line is at Xero, whatever it comes to. :rtype: dict"""
        taxes = tuple(sorted(row["tax_ids"]))
        account = self.resolver.account(
            row["product_id"] or None, self.categories.get(row["product_id"], ()), row["account_id"] or None, side
        )
        tax = self.resolver.tax(taxes, side)
        self.resolver.check(account, tax)
        return {
            "key": row["id"],
            "description": row["name"] or "",
            "taxed": bool(taxes),
            "taxes": sum(self.parts[tax_id] for tax_id in taxes),
            "account_code": account.code or "",
            "account_id": account.xero_id,
            "tax_type": tax.tax_type,
            "tax_rate": decimal(tax.effective_rate),
            "shares": self.tracking.shares(row),
        }

    def _holds_tax(self, move, row):
        """Whether the price contains the tax: the tax says so, or the price comes to the total all the same (Odoo
        takes the price of an employee's expense for the whole of it, whatever the tax says)."""
        if any(self.inclusive[tax_id] for tax_id in row["tax_ids"]):
            return True
        written = line_amount(decimal(row["quantity"]), decimal(row["price_unit"]), decimal(row["discount"]))
        total = self._amount(move, row["price_total"])
        return written == total != self._booked(move, row)

    def _cash_rounding_line(self, move, row, side):
        """Odoo's cash rounding as a line of its own."""
        return self._untaxed_line(row["id"], row["name"] or self.env._("Rounding"), self._booked(move, row), side)

    def _rounding_line(self, side):
        """The line a remaining cent would get, or None while no rounding account is known."""
        if side not in self.rounding:
            try:
                self.rounding[side] = self._untaxed_line(0, self.env._("Rounding"), Decimal(0), side)
            except Problem:
                self.rounding[side] = None
        return self.rounding[side]

    def _untaxed_line(self, key, description, amount, side):
        account, tax = self.resolver.rounding(), self.resolver.tax((), side)
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

    def url(self, record):
        """The way back to Odoo, and our fingerprint on the document: ``origin`` is for us alone, Odoo does not read it.
        Xero refuses a Url that holds its own name."""
        url = f"{self.base_url}/mail/view?model={record._name}&res_id={record.id}&origin={self.mark}"
        return "" if "xero" in url.lower() else url
