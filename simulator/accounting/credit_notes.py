"""The CreditNotes resource, and its allocations to invoices."""
from ..core.call import Answer
from ..core.routing import route
from .allocations import CREDIT_NOTES, delete_allocation, put_allocations
from .document_views import credit_note_view
from .documents import CREDIT_NOTE, document_of, save_document
from .elements import elements_of, places, write
from .invoices import contact_fields, pdf
from .listing import ids_of, page_of, payload, select, sort

PLAIN = (
    "CreditNoteID", "CreditNoteNumber", "Type", "Status", "Reference", "Date", "DueDate", "Total", "SubTotal",
    "TotalTax", "CurrencyCode", "CurrencyRate", "UpdatedDateUTC", "FullyPaidOnDate", "LineAmountTypes",
)
FIELDS = {
    **{name.lower(): (lambda row, name=name: row[name]) for name in PLAIN},
    "remainingcredit": lambda row: row["AmountDue"],
}
INDEXED = (("creditnoteid", None), ("creditnotenumber", "number"), ("contact.contactid", "contact"))


def _one(call):
    return document_of(CREDIT_NOTE, call.books, call.args["note"])


@route("GET", path="/CreditNotes")
def list_credit_notes(call):
    books = call.books
    rows = select(call, books.credit_notes, {**FIELDS, **contact_fields(books)}, ids_of(call, "IDs"), INDEXED)
    rows, pagination = page_of(call, sort(call, rows, FIELDS, "CreditNoteID"))
    views = [credit_note_view(books, row, places(call), bool(pagination)) for row in rows]
    return payload("CreditNotes", views, pagination)


@route("PUT", "POST", path="/CreditNotes")
def write_credit_notes(call):
    return write(
        call, "CreditNotes", "CreditNoteID", lambda element, writing: save_document(CREDIT_NOTE, element, writing),
        lambda row: credit_note_view(call.books, row, places(call)),
    )


@route("GET", path="/CreditNotes/{note}")
def get_credit_note(call):
    if "application/pdf" in call.headers.get("Accept", ""):
        return credit_note_pdf(call)
    return {"CreditNotes": [credit_note_view(call.books, _one(call), places(call))]}


@route("POST", path="/CreditNotes/{note}")
def post_credit_note(call):
    old = _one(call)
    return write(
        call, "CreditNotes", "CreditNoteID",
        lambda element, writing: save_document(CREDIT_NOTE, element, writing, old),
        lambda row: credit_note_view(call.books, row, places(call)), elements_of(call, "CreditNotes")[:1],
    )


@route("GET", path="/CreditNotes/{note}/pdf")
def credit_note_pdf(call):
    return Answer(200, pdf(f"Credit note {_one(call)['CreditNoteNumber'] or ''}"), content_type="application/pdf")


@route("PUT", path="/CreditNotes/{note}/Allocations")
def put_credit_note_allocations(call):
    return put_allocations(call, CREDIT_NOTES, _one(call))


@route("DELETE", path="/CreditNotes/{note}/Allocations/{allocation}")
def delete_credit_note_allocation(call):
    return delete_allocation(call, CREDIT_NOTES, _one(call))
