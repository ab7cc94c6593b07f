"""The Invoices resource: sales invoices (ACCREC) and bills (ACCPAY)."""
from ..core.call import Answer
from ..core.errors import ValidationFailed
from ..core.routing import route
from . import texts
from .document_views import invoice_view
from .documents import APPROVED, INVOICE, document_of, save_document
from .elements import elements_of, places, write
from .listing import ids_of, page_of, payload, select, sort, words_of
from .where import fold

PLAIN = (
    "InvoiceID", "InvoiceNumber", "Type", "Status", "Reference", "Date", "DueDate", "AmountDue", "AmountPaid",
    "AmountCredited", "Total", "SubTotal", "TotalTax", "CurrencyCode", "CurrencyRate", "UpdatedDateUTC",
    "FullyPaidOnDate", "LineAmountTypes", "SentToContact", "Url", "BrandingThemeID", "ExpectedPaymentDate",
    "PlannedPaymentDate", "HasAttachments",
)
FIELDS = {name.lower(): (lambda row, name=name: row[name]) for name in PLAIN}
INDEXED = (("invoiceid", None), ("invoicenumber", "number"), ("contact.contactid", "contact"))


def contact_fields(books):
    """What ``where`` may name of a document's contact."""

    def getter(name):
        return lambda row: books.contacts.rows[row["ContactID"]].get(name)

    names = ("Name", "ContactNumber", "ContactStatus", "EmailAddress")
    fields = {f"contact.{name.lower()}": getter(name) for name in names}
    fields["contact.contactid"] = lambda row: row["ContactID"]
    return fields


def _one(call):
    return document_of(INVOICE, call.books, call.args["invoice"])


def _selected(call):
    books, numbers = call.books, words_of(call, "InvoiceNumbers")
    keys = ids_of(call, "IDs")
    if numbers is not None:
        keys = [row["InvoiceID"] for number in sorted(numbers) for row in books.invoices.all_by("number", number)]
    contacts, statuses = ids_of(call, "ContactIDs"), words_of(call, "Statuses")
    if contacts is not None and keys is None:
        keys = [row["InvoiceID"] for contact in contacts for row in books.invoices.all_by("contact", contact)]
    rows = select(call, books.invoices, {**FIELDS, **contact_fields(books)}, keys, INDEXED)
    if contacts is not None:
        rows = [row for row in rows if row["ContactID"] in contacts]
    if statuses is not None:
        rows = [row for row in rows if row["Status"].lower() in statuses]
    if call.flag("createdByMyApp"):
        rows = [row for row in rows if row["ByApp"]]
    term = fold(call.query.get("searchTerm") or "")
    if term:
        rows = [row for row in rows if term in fold(f"{row['InvoiceNumber'] or ''}\n{row['Reference'] or ''}")]
    return rows


@route("GET", path="/Invoices")
def list_invoices(call):
    summary = call.flag("summaryOnly")
    rows = sort(call, _selected(call), FIELDS, "InvoiceID")
    rows, pagination = page_of(call, rows, forced=summary or "Statuses" in call.query)
    views = [invoice_view(call.books, row, places(call), bool(pagination), summary) for row in rows]
    return payload("Invoices", views, pagination)


@route("PUT", "POST", path="/Invoices")
def write_invoices(call):
    return write(
        call, "Invoices", "InvoiceID", lambda element, writing: save_document(INVOICE, element, writing),
        lambda row: invoice_view(call.books, row, places(call)),
    )


@route("GET", path="/Invoices/{invoice}")
def get_invoice(call):
    if "application/pdf" in call.headers.get("Accept", ""):
        return invoice_pdf(call)
    return {"Invoices": [invoice_view(call.books, _one(call), places(call))]}


@route("POST", path="/Invoices/{invoice}")
def post_invoice(call):
    old = _one(call)
    return write(
        call, "Invoices", "InvoiceID", lambda element, writing: save_document(INVOICE, element, writing, old),
        lambda row: invoice_view(call.books, row, places(call)), elements_of(call, "Invoices")[:1],
    )


@route("GET", path="/Invoices/{invoice}/OnlineInvoice")
def get_online_invoice(call):
    row = _one(call)
    if row["Type"] != "ACCREC" or row["Status"] not in APPROVED:
        raise ValidationFailed.of(texts.SENT_UNAPPROVED, InvoiceID=row["InvoiceID"])
    key = row["InvoiceID"].replace("-", "")
    return {"OnlineInvoices": [{"OnlineInvoiceUrl": f"https://in.xero.com/{key}"}]}


@route("POST", path="/Invoices/{invoice}/Email")
def email_invoice(call):
    row = _one(call)
    if row["Type"] != "ACCREC" or row["Status"] not in APPROVED:
        raise ValidationFailed.of(texts.SENT_UNAPPROVED, InvoiceID=row["InvoiceID"])
    if not call.books.contacts.get(row["ContactID"]).get("EmailAddress"):
        raise ValidationFailed.of(texts.EMAIL, InvoiceID=row["InvoiceID"])
    call.books.stamp(call.books.invoices, row, SentToContact=True)
    return Answer(204)


@route("GET", path="/Invoices/{invoice}/pdf")
def invoice_pdf(call):
    return Answer(200, pdf(f"Invoice {_one(call)['InvoiceNumber'] or ''}"), content_type="application/pdf")


def pdf(title):
    """A PDF of one empty page that carries ``title``."""
    safe = title.encode("ascii", "replace").translate(None, b"()\\")
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
        b"4 0 obj<</Title(" + safe + b")>>endobj\ntrailer<</Root 1 0 R/Info 4 0 R>>\n%%EOF\n"
    )
