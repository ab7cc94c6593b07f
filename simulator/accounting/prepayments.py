"""Prepayments and overpayments: read and allocated here, made by a bank transaction of that type."""
from ..core.routing import route
from .allocations import OVERPAYMENTS, PREPAYMENTS, delete_allocation, put_allocations
from .contacts import contact_reference, contact_view
from .document_views import allocations_of, common_view, payments_of
from .elements import places
from .invoices import contact_fields
from .lines import line_view
from .listing import ids_of, one, page_of, payload, select, sort

PLAIN = ("Type", "Status", "Reference", "Date", "Total", "CurrencyCode", "UpdatedDateUTC")


def credit_view(books, kind, row, places, detail=True):
    contact = books.contacts.rows[row["ContactID"]]
    return {
        **common_view(row),
        kind.key: row[kind.key],
        "Reference": row["Reference"] or "",
        "RemainingCredit": row["AmountDue"],
        "HasAttachments": row["HasAttachments"],
        "Contact": contact_view(contact) if detail else contact_reference(contact),
        "LineItems": [line_view(books, line, places) for line in row["LineItems"]] if detail else [],
        "Allocations": allocations_of(books, row[kind.key]),
        "Payments": payments_of(books, row[kind.key]),
    }


def _register(source):
    """The calls of one of the two resources; they differ in nothing but their names."""
    kind = source.kind
    fields = {name.lower(): (lambda row, name=name: row[name]) for name in (*PLAIN, kind.key)}
    fields["remainingcredit"] = lambda row: row["AmountDue"]

    def named(call):
        return one(kind.rows(call.books), call.args["credit"])

    @route("GET", path=f"/{kind.resource}")
    def list_credits(call):
        books = call.books
        rows = select(call, kind.rows(books), {**fields, **contact_fields(books)}, ids_of(call, "IDs"))
        rows, pagination = page_of(call, sort(call, rows, fields, kind.key))
        views = [credit_view(books, kind, row, places(call), bool(pagination)) for row in rows]
        return payload(kind.resource, views, pagination)

    @route("GET", path=f"/{kind.resource}/{{credit}}")
    def get_credit(call):
        return {kind.resource: [credit_view(call.books, kind, named(call), places(call))]}

    @route("PUT", path=f"/{kind.resource}/{{credit}}/Allocations")
    def put_credit_allocations(call):
        return put_allocations(call, source, named(call))

    @route("DELETE", path=f"/{kind.resource}/{{credit}}/Allocations/{{allocation}}")
    def delete_credit_allocation(call):
        return delete_allocation(call, source, named(call))


_register(PREPAYMENTS)
_register(OVERPAYMENTS)
