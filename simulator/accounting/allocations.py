"""Credit taken to an invoice: from a credit note, a prepayment or an overpayment."""
from dataclasses import dataclass

from ..core.errors import NotFound
from ..core.ids import new_id
from . import texts
from .document_views import allocation_view
from .documents import CREDIT_NOTE, INVOICE, Kind, apply, check_lock, numbered
from .elements import elements_of, write
from .fields import Refused, amount, as_guid, day, guid, member, text
from .rounding import half_up


@dataclass(frozen=True)
class Source:
    """Where credit comes from. ``types``: its Type -> the Type of invoice it may go to."""

    kind: Kind
    types: dict
    number: str | None

    @property
    def names(self):
        return self.kind.table, self.kind.key, self.number


CREDIT_NOTES = Source(
    CREDIT_NOTE, {"ACCRECCREDIT": "ACCREC", "ACCPAYCREDIT": "ACCPAY"}, "CreditNoteNumber"
)
PREPAYMENT = Kind(
    "Prepayments", "prepayments", "PrepaymentID", "Reference", "Prepayment", "PREPAYMENT", "RECEIVE-PREPAYMENT",
    "SPEND-PREPAYMENT", "", "",
)
OVERPAYMENT = Kind(
    "Overpayments", "overpayments", "OverpaymentID", "Reference", "Overpayment", "OVERPAYMENT",
    "RECEIVE-OVERPAYMENT", "SPEND-OVERPAYMENT", "", "",
)
PREPAYMENTS = Source(PREPAYMENT, {"RECEIVE-PREPAYMENT": "ACCREC", "SPEND-PREPAYMENT": "ACCPAY"}, None)
OVERPAYMENTS = Source(OVERPAYMENT, {"RECEIVE-OVERPAYMENT": "ACCREC", "SPEND-OVERPAYMENT": "ACCPAY"}, None)


def invoice_named(books, element):
    """The invoice that ``{"InvoiceID"}`` or ``{"InvoiceNumber"}`` names; bills only by id. :raise Refused:"""
    invoice_id = guid(element, "InvoiceID")
    if invoice_id:
        row = books.invoices.get(invoice_id)
    else:
        number = text(element, "InvoiceNumber")
        row = numbered(INVOICE, books, number) if number else None
    if row is None:
        raise Refused(texts.INVOICE_NOT_FOUND)
    return row


def allocate(books, source, row, element):
    """Take part of ``row``'s credit to an invoice. Both documents change with it."""
    invoice = invoice_named(books, member(element, "Invoice"))
    value, on = amount(element, "Amount"), day(element, "Date")
    value = None if value is None else half_up(value)
    problems = []
    if on is None:
        problems.append(texts.DATE_MISSING)
    else:
        check_lock(books, on, problems)
    if value is None or value <= 0:
        problems.append(texts.PAYMENT_AMOUNT)
        raise Refused(*problems)
    if row["Status"] not in ("AUTHORISED", "PAID") or invoice["Status"] not in ("AUTHORISED", "PAID"):
        problems.append(texts.ALLOCATION_STATUS)
    if source.types[row["Type"]] != invoice["Type"]:
        problems.append(texts.ALLOCATION_TYPE)
    if row["ContactID"] != invoice["ContactID"]:
        problems.append(texts.ALLOCATION_CONTACT)
    if row["CurrencyCode"] != invoice["CurrencyCode"]:
        problems.append(texts.ALLOCATION_CURRENCY)
    if value > row["AmountDue"]:
        problems.append(texts.ALLOCATION_AMOUNT)
    if value > invoice["AmountDue"]:
        problems.append(texts.ALLOCATION_DUE)
    if problems:
        raise Refused(*problems)
    apply(source.kind, books, row, on, credited=value)
    apply(INVOICE, books, invoice, on, credited=value)
    return books.allocations.put({
        "AllocationID": new_id(), "SourceID": row[source.kind.key], "Source": source.names,
        "InvoiceID": invoice["InvoiceID"], "Amount": value, "Date": on,
    })


def put_allocations(call, source, row):
    """PUT …/Allocations. Several may come at once; each sees what those before it left."""
    table, key = source.kind.rows(call.books), row[source.kind.key]
    return write(
        call, "Allocations", "AllocationID",
        lambda element, writing: allocate(writing.books, source, table.get(key), element),
        lambda allocation: allocation_view(call.books, allocation), elements_of(call, "Allocations"),
    )


def delete_allocation(call, source, row):
    """DELETE …/Allocations/{id}: both documents get back what was taken."""
    books = call.books
    allocation = books.allocations.get(as_guid(call.args["allocation"]))
    if allocation is None or allocation["SourceID"] != row[source.kind.key]:
        raise NotFound
    with books.transaction():
        books.allocations.drop(allocation["AllocationID"])
        apply(source.kind, books, row, row["Date"], credited=-allocation["Amount"])
        invoice = books.invoices.get(allocation["InvoiceID"])
        apply(INVOICE, books, invoice, invoice["Date"], credited=-allocation["Amount"])
    return {**allocation_view(books, allocation), "IsDeleted": True}
