"""Prepayments and overpayments: read and allocated here, made by a bank transaction of that type."""
from ..core.errors import NotFound
from ..core.routing import route
from . import dates
from .allocations import OVERPAYMENTS, PREPAYMENTS, delete_allocation, put_allocations
from .contacts import contact_reference, contact_view
from .document_views import allocations_of
from .elements import places
from .fields import as_guid
from .invoices import contact_fields
from .lines import line_view
from .listing import ids_of, page_of, payload, select, sort

PLAIN = ("Type", "Status", "Reference", "Date", "Total", "CurrencyCode", "UpdatedDateUTC")


def credit_view(books, kind, row, places, detail=True):
    contact = books.contacts.rows[row["ContactID"]]
    return {
        kind.key: row[kind.key],
        "Type": row["Type"],
        "Status": row["Status"],
        "Reference": row["Reference"] or "",
        "Date": row["Date"],
        "DateString": dates.date_string(row["Date"]),
        "LineAmountTypes": row["LineAmountTypes"],
        "SubTotal": row["SubTotal"],
        "TotalTax": row["TotalTax"],
        "Total": row["Total"],
        "RemainingCredit": row["AmountDue"],
        "CurrencyCode": row["CurrencyCode"],
        "CurrencyRate": row["CurrencyRate"],
        "UpdatedDateUTC": row["UpdatedDateUTC"],
        "HasAttachments": row["HasAttachments"],
        "Contact": contact_view(contact) if detail else contact_reference(contact),
        "LineItems": [line_view(books, line, places) for line in row["LineItems"]] if detail else [],
        "Allocations": allocations_of(books, row[kind.key]),
        "Payments": [],
    }


def _register(source):
    """The calls of one of the two resources; they differ in nothing but their names."""
    kind = source.kind
    fields = {name.lower(): (lambda row, name=name: row[name]) for name in (*PLAIN, kind.key)}
    fields["remainingcredit"] = lambda row: row["AmountDue"]

    def one(call):
        row = kind.rows(call.books).get(as_guid(call.args["credit"]))
        if row is None:
            raise NotFound
        return row

    @route("GET", path=f"/{kind.resource}")
    def list_credits(call):
        books = call.books
        rows = select(call, kind.rows(books), {**fields, **contact_fields(books)}, ids_of(call, "IDs"))
        rows, pagination = page_of(call, sort(call, rows, fields, kind.key))
        views = [credit_view(books, kind, row, places(call), bool(pagination)) for row in rows]
        return payload(kind.resource, views, pagination)

    @route("GET", path=f"/{kind.resource}/{{credit}}")
    def get_credit(call):
        return {kind.resource: [credit_view(call.books, kind, one(call), places(call))]}

    @route("PUT", path=f"/{kind.resource}/{{credit}}/Allocations")
    def put_credit_allocations(call):
        return put_allocations(call, source, one(call))

    @route("DELETE", path=f"/{kind.resource}/{{credit}}/Allocations/{{allocation}}")
    def delete_credit_allocation(call):
        return delete_allocation(call, source, one(call))


_register(PREPAYMENTS)
_register(OVERPAYMENTS)
