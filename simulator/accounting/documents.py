"""What invoices and credit notes share: how one is found, created, changed, approved, voided and settled.

A row carries AmountPaid (payments or refunds), AmountCredited (allocations) and AmountDue (what is left of Total) for
every kind of document, whatever Xero calls them there; the views give them their names.
"""
from dataclasses import dataclass

from ..core.errors import NotFound
from ..core.ids import new_id
from . import texts
from .contact_rules import contact_for_document
from .currencies import day_rate_of
from .fields import (
    PRINTABLE,
    Refused,
    amount,
    as_guid,
    day,
    flag,
    guid,
    limited,
    member,
    members,
    text,
    unreadable,
)
from .lines import LineReader, discounted
from .rounding import ONE, ZERO, half_up, totals
from .where import fold

APPROVED = ("AUTHORISED", "PAID")
TYPES = {"exclusive": "Exclusive", "inclusive": "Inclusive", "notax": "NoTax"}
MOVES = {
    "DRAFT": {"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"},
    "SUBMITTED": {"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"},
    "AUTHORISED": {"AUTHORISED", "VOIDED"},
    "PAID": {"PAID", "AUTHORISED", "VOIDED"},
    "DELETED": set(),
    "VOIDED": set(),
}
# What a payment freezes on a line, and on the document (Xero: Invoices page, "Updating paid invoices").
FROZEN_LINE = ("LineItemID", "Quantity", "UnitAmount", "LineAmount", "TaxAmount", "TaxType", "DiscountRate",
               "DiscountAmount")
FROZEN = ("CurrencyCode", "CurrencyRate", "LineAmountTypes", "Total", "TotalTax")
# Changes that leave UpdatedDateUTC as it was once a document has a payment (Xero: requests and responses).
UNNOTICED = {"DueDate", "SentToContact"}


@dataclass(frozen=True)
class Kind:
    """The names of one kind of document. ``sales``/``purchase``: its Types; ``prefix``: of auto numbering."""

    resource: str
    table: str
    key: str
    number: str
    label: str
    category: str
    sales: str
    purchase: str
    prefix: str
    number_taken: str

    def rows(self, books):
        return getattr(books, self.table)


INVOICE = Kind(
    "Invoices", "invoices", "InvoiceID", "InvoiceNumber", "Invoice", "INVOICE", "ACCREC", "ACCPAY", "INV-",
    texts.INVOICE_NUMBER,
)
CREDIT_NOTE = Kind(
    "CreditNotes", "credit_notes", "CreditNoteID", "CreditNoteNumber", "Credit Note", "CREDITNOTE", "ACCRECCREDIT",
    "ACCPAYCREDIT", "CN-", texts.CREDIT_NOTE_NUMBER,
)


def save_document(kind, element, writing, old=None):
    """Create or update one document. :param old: the row that the address names already"""
    old = old or _existing(kind, element, writing)
    if old is None:
        return _create(kind, element, writing)
    return _update(kind, old, element, writing)


def _existing(kind, element, writing):
    books, document_id = writing.books, guid(element, kind.key)
    if document_id:
        row = kind.rows(books).get(document_id)
        if row is None:
            raise Refused(texts.DOCUMENT_NOT_FOUND)
        if writing.create_only:
            raise Refused(texts.NOT_CREATABLE.format(kind.label))  # (text not verified for this case)
        return row
    number = text(element, kind.number)
    if not number or text(element, "Type") == kind.purchase:
        return None
    row = numbered(kind, books, number)
    if row is not None and writing.create_only:
        raise Refused(kind.number_taken)
    return row


def numbered(kind, books, number, document_type=None):
    """The document that has this number: numbers are unique among sales documents only, and a deleted document gives
    its number back (a voided one keeps it)."""
    wanted = document_type or kind.sales
    rows = kind.rows(books).all_by("number", fold(number))
    return next((row for row in rows if row["Type"] == wanted and row["Status"] != "DELETED"), None)


def _create(kind, element, writing):
    document_type, status = text(element, "Type"), text(element, "Status") or "DRAFT"
    if document_type not in (kind.sales, kind.purchase):
        raise Refused(texts.BAD_TYPE.format(document_type))
    if status not in ("DRAFT", "SUBMITTED", "AUTHORISED"):
        raise Refused(texts.NOT_CREATABLE.format(kind.label))
    row = {
        kind.key: new_id(), "Type": document_type, "Status": status, kind.number: None, "Reference": None,
        "ContactID": None, "Date": None, "DueDate": None, "LineAmountTypes": "Exclusive", "CurrencyCode": None,
        "CurrencyRate": None, "LineItems": (), "Url": None, "BrandingThemeID": None, "SentToContact": False,
        "ExpectedPaymentDate": None, "PlannedPaymentDate": None, "AmountPaid": ZERO, "AmountCredited": ZERO,
        "FullyPaidOnDate": None, "HasAttachments": False, "ByApp": writing.by_app,
    }
    problems = []
    if not member(element, "Contact"):
        problems.append(texts.CONTACT_MISSING)
    if not members(element, "LineItems"):
        problems.append(texts.LINES_MISSING)
    _read(kind, row, None, element, writing, problems)
    if problems:
        raise Refused(*problems)
    books = writing.books
    if not row[kind.number] and document_type == kind.sales:
        row[kind.number] = books.next_number(kind.resource, kind.prefix, kind.rows(books))
    return _store(kind, books, row, "CREATE")


def _update(kind, old, element, writing):
    books, status = writing.books, text(element, "Status") or old["Status"]
    settled = bool(old["AmountPaid"] or old["AmountCredited"])
    if status not in MOVES[old["Status"]]:
        raise Refused(texts.NOT_EDITABLE.format(kind.label))
    if status == "VOIDED" and settled:
        raise Refused(texts.STATUS_WITH_PAYMENT.format(status))
    if status in ("VOIDED", "DELETED"):
        return _close(kind, books, old, status)
    row = {**old, "Status": old["Status"] if old["Status"] == "PAID" else status}
    problems = []
    if text(element, "Type") not in (None, old["Type"]):
        problems.append(texts.BAD_TYPE.format(text(element, "Type")))
    _read(kind, row, old, element, writing, problems)
    if settled:
        problems += _frozen(kind, old, row)
    if problems:
        raise Refused(*dict.fromkeys(problems))
    return _store(kind, books, row, "UPDATE", unnoticed=settled and _differ(old, row) <= UNNOTICED)


def _differ(old, row):
    return {key for key, value in row.items() if value != old[key]}


def _close(kind, books, old, status):
    """Void or delete; other fields that were sent are not looked at. AmountDue stays, as recorded of Xero."""
    problems = []
    if status == "VOIDED":
        check_lock(books, old["Date"], problems)
    if problems:
        raise Refused(*problems)
    row = books.stamp(kind.rows(books), old, Status=status)
    books.announce(kind.category, "UPDATE", row[kind.key], row)
    return row


def _frozen(kind, old, row):
    problems = []
    if row["Date"] != old["Date"]:
        problems.append(texts.DATE_WITH_PAYMENT)
    lines = [[line[key] for key in FROZEN_LINE] for line in row["LineItems"]]
    if (
        lines != [[line[key] for key in FROZEN_LINE] for line in old["LineItems"]]
        or any(row[key] != old[key] for key in FROZEN)
        or (row["ContactID"] != old["ContactID"] and old["AmountCredited"])
    ):
        problems += [texts.NOT_EDITABLE.format(kind.label), texts.HAS_PAYMENT]
    return problems


def _store(kind, books, row, event, unnoticed=False):
    if not unnoticed:
        row["UpdatedDateUTC"] = books.now()
    _settle(row, row["Date"])
    kind.rows(books).put(row)
    contact, role = books.contacts.get(row["ContactID"]), "IsCustomer" if row["Type"] == kind.sales else "IsSupplier"
    if not contact[role]:
        books.contacts.put({**contact, role: True})  # does not touch UpdatedDateUTC, as documented
    books.announce(kind.category, event, row[kind.key], row)
    return row


def _settle(row, on):
    """Status and FullyPaidOnDate by what is left: an approved document with nothing left is PAID, also one of 0.00
    from the start (not verified)."""
    if row["Status"] in APPROVED:
        row["Status"] = "AUTHORISED" if row["AmountDue"] else "PAID"
        if row["Status"] == "PAID":
            row["FullyPaidOnDate"] = row["FullyPaidOnDate"] or on
        else:
            row["FullyPaidOnDate"] = None


def apply(kind, books, row, on, paid=ZERO, credited=ZERO):
    """The document after ``paid`` and ``credited`` more (negative: taken back) on the day ``on``."""
    row = {**row, "AmountPaid": row["AmountPaid"] + paid, "AmountCredited": row["AmountCredited"] + credited}
    row["AmountDue"] = row["Total"] - row["AmountPaid"] - row["AmountCredited"]
    row["UpdatedDateUTC"] = books.now()
    _settle(row, on)
    kind.rows(books).put(row)
    books.announce(kind.category, "UPDATE", row[kind.key], row)
    return row


# ---- reading ----------------------------------------------------------------------------------------------------


def _read(kind, row, old, element, writing, problems):
    books, sales = writing.books, row["Type"] == kind.sales
    read_contact(row, element, writing, problems)
    _read_number(kind, row, element, books, sales, problems)
    _read_header(kind, row, element, books, sales, problems)
    read_currency(row, element, books, problems)
    complete = row["Status"] != "DRAFT"
    _read_dates(kind, row, old, element, books, complete, problems)
    read_lines(row, old, element, LineReader(
        writing, row["LineAmountTypes"], complete, discounts=row["Type"] == "ACCREC",
        forgiving=row["Type"] == "ACCPAY" and not complete, old_types=old and old["LineAmountTypes"],
    ), problems)


def _read_number(kind, row, element, books, sales, problems):
    number = limited(element, kind.number, 255, problems)
    if not number or number == row[kind.number]:
        return
    if not PRINTABLE.match(number):
        problems.append(texts.NUMBER_CHARACTERS.format(kind.number))
    if sales:
        other = numbered(kind, books, number)
        if other is not None and other[kind.key] != row[kind.key]:
            problems.append(kind.number_taken)
    row[kind.number] = number


def _read_header(kind, row, element, books, sales, problems):
    if sales:
        reference = limited(element, "Reference", 255, problems)
        row["Reference"] = row["Reference"] if reference is None else reference
    if kind is INVOICE:  # a credit note has no Url: one that is sent is dropped, as any member Xero does not know
        read_url(row, element, problems)
    theme = guid(element, "BrandingThemeID")
    if theme:
        if books.branding_themes.get(theme) is None:
            problems.append(texts.BRANDING_UNKNOWN)
        row["BrandingThemeID"] = theme
    sent = flag(element, "SentToContact")
    if sent is not None:
        if sent and row["Status"] not in APPROVED:
            problems.append(texts.SENT_UNAPPROVED)
        row["SentToContact"] = sent
    planned = "ExpectedPaymentDate" if sales else "PlannedPaymentDate"
    row[planned] = day(element, planned) or row[planned]
    read_types(row, element)


def read_contact(row, element, writing, problems):
    """The contact that ``Contact`` names or creates; what Xero refuses in it is a problem of the document."""
    contact = member(element, "Contact")
    if contact:
        try:
            row["ContactID"] = contact_for_document(contact, writing, row["ContactID"])["ContactID"]
        except Refused as problem:
            problems += problem.messages


def read_url(row, element, problems):
    """``Url``: the "Go to …" link, absolute and without the word "xero"."""
    url = limited(element, "Url", 2000, problems)
    if url:
        if "xero" in url.lower() or not url.lower().startswith(("http://", "https://")):
            problems.append(texts.URL_INVALID)
        row["Url"] = url


def read_types(row, element):
    types = text(element, "LineAmountTypes")
    if types:
        if types.lower() not in TYPES:
            raise unreadable("LineAmountTypes", types, "LineAmountTypes")
        row["LineAmountTypes"] = TYPES[types.lower()]


def read_rate(element):
    """CurrencyRate to its 6 decimals, or None."""
    rate = amount(element, "CurrencyRate")
    return None if rate is None else half_up(rate, 6)


def read_currency(row, element, books, problems, default=None):
    """CurrencyCode and CurrencyRate: the rate of the day where a foreign document names none, 1 at home."""
    base = books.organisation.base_currency
    code = (text(element, "CurrencyCode") or row["CurrencyCode"] or default or base).upper()
    if books.currencies.get(code) is None:
        problems.append(texts.CURRENCY.format(code))
        return
    rate = read_rate(element)
    if rate is not None and rate <= 0:
        problems.append(texts.CURRENCY_RATE)
        return
    if code == base:
        rate = half_up(ONE, 6)
    elif rate is None:
        rate = row["CurrencyRate"] if code == row["CurrencyCode"] else day_rate_of(books, code)
    row["CurrencyCode"], row["CurrencyRate"] = code, rate


def _read_dates(kind, row, old, element, books, complete, problems):
    row["Date"] = day(element, "Date") or row["Date"] or books.today()
    row["DueDate"] = day(element, "DueDate") or row["DueDate"]
    if complete and kind is INVOICE and row["DueDate"] is None:
        problems.append(texts.DUE_DATE_MISSING)
    if row["Status"] in APPROVED:  # a draft may lie in a locked period until it is approved (not verified)
        if old and old["Status"] in APPROVED and old["Date"] != row["Date"]:
            check_lock(books, old["Date"], problems)
        check_lock(books, row["Date"], problems)


def check_lock(books, on, problems):
    """A lock date closes its own day and all before it."""
    lock = books.lock_date_for(on)
    if lock:
        text_of = texts.YEAR_LOCK if lock[0] == "year" else texts.PERIOD_LOCK
        problems.append(text_of.format(texts.lock_day(lock[1])))


def read_lines(row, old, element, reader, problems):
    """LineItems and what follows from them: totals, discount, what is left to pay."""
    elements = members(element, "LineItems")
    if elements is None:
        lines = reader.again(old["LineItems"]) if old else ()
        if reader.complete and old and old["Status"] == "DRAFT":  # approved without sending the lines again
            elements = [{"LineItemID": line["LineItemID"]} for line in lines]
    elif old and not elements:
        problems.append(texts.LINES_MISSING)
    if elements is not None:
        try:
            lines = reader.read(elements, old["LineItems"] if old else ())
        except Refused as problem:
            problems += problem.messages
            return
    row["LineItems"] = tuple(lines)
    row["SubTotal"], row["TotalTax"], row["Total"] = totals(
        [(line["LineAmount"], line["TaxAmount"]) for line in lines], row["LineAmountTypes"]
    )
    row["TotalDiscount"] = discounted(lines)
    row["AmountDue"] = row["Total"] - row.get("AmountPaid", ZERO) - row.get("AmountCredited", ZERO)
    if row["Total"] < 0:
        problems.append(texts.NEGATIVE_TOTAL)


def document_of(kind, books, key):
    """The document that an address names by id or number: sales first, the deleted last. :raise NotFound:"""
    row = kind.rows(books).get(as_guid(key))
    row = row or numbered(kind, books, key) or numbered(kind, books, key, kind.purchase)
    row = row or kind.rows(books).by("number", fold(key))
    if row is None:
        raise NotFound
    return row
