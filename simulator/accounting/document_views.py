"""How documents look from outside: alone, in a list, inside a payment or an allocation."""
from . import dates
from .contacts import contact_reference, contact_view
from .documents import CREDIT_NOTE, INVOICE
from .lines import line_view

TEXTS = ("Reference", "Url", "BrandingThemeID")


def common_view(row):
    """What every document shows, bank transactions and the credit they leave included."""
    return {
        "Type": row["Type"],
        "Status": row["Status"],
        "Date": row["Date"],
        "DateString": dates.date_string(row["Date"]),
        "LineAmountTypes": row["LineAmountTypes"],
        "SubTotal": row["SubTotal"],
        "TotalTax": row["TotalTax"],
        "Total": row["Total"],
        "CurrencyCode": row["CurrencyCode"],
        "CurrencyRate": row["CurrencyRate"],
        "UpdatedDateUTC": row["UpdatedDateUTC"],
    }


def _head(row, kind):
    view = {
        **common_view(row),
        kind.key: row[kind.key],
        kind.number: row[kind.number] or "",
        "UpdatedDateUTCString": dates.utc_string(row["UpdatedDateUTC"]),
        "HasErrors": False,
    }
    if row["DueDate"]:
        view["DueDate"], view["DueDateString"] = row["DueDate"], dates.date_string(row["DueDate"])
    for name in TEXTS:
        if row[name] is not None:
            view[name] = row[name]
    if row["FullyPaidOnDate"] and row["Status"] == "PAID":
        view["FullyPaidOnDate"] = row["FullyPaidOnDate"]
    return view


def invoice_view(books, row, places, detail=True, summary=False):
    """:param detail: with lines and the whole contact; without, a list's short form
    :param summary: as ``summaryOnly`` gives it: no lines, payments, credit notes, attachments"""
    view = _head(row, INVOICE)
    view.update(
        AmountDue=row["AmountDue"], AmountPaid=row["AmountPaid"], AmountCredited=row["AmountCredited"],
        SentToContact=row["SentToContact"], IsDiscounted=row["TotalDiscount"] is not None,
    )
    if row["TotalDiscount"] is not None:
        view["TotalDiscount"] = row["TotalDiscount"]
    for name in ("ExpectedPaymentDate", "PlannedPaymentDate"):
        if row[name]:
            view[name], view[f"{name}String"] = row[name], dates.date_string(row[name])
    contact = books.contacts.rows[row["ContactID"]]
    if summary:
        view["Contact"] = contact_reference(contact)
        return view
    view["HasAttachments"] = row["HasAttachments"]
    view["InvoicePaymentServices"] = []
    view["Contact"] = contact_view(contact) if detail else contact_reference(contact)
    view["LineItems"] = [line_view(books, line, places) for line in row["LineItems"]] if detail else []
    settled = row["AmountPaid"] or row["AmountCredited"]
    view["Payments"] = payments_of(books, row["InvoiceID"]) if settled else []
    credits = _credits_of(books, row["InvoiceID"]) if settled else {}
    for name in ("CreditNotes", "Prepayments", "Overpayments"):
        view[name] = credits.get(name, [])
    return view


def credit_note_view(books, row, places, detail=True):
    view = _head(row, CREDIT_NOTE)
    contact = books.contacts.rows[row["ContactID"]]
    view.update(
        RemainingCredit=row["AmountDue"], SentToContact=row["SentToContact"], HasAttachments=row["HasAttachments"],
        Contact=contact_view(contact) if detail else contact_reference(contact),
        LineItems=[line_view(books, line, places) for line in row["LineItems"]] if detail else [],
        Allocations=allocations_of(books, row["CreditNoteID"]),
        Payments=payments_of(books, row["CreditNoteID"]),
    )
    return view


def invoice_reference(books, row):
    """An invoice inside a payment or an allocation."""
    contact = books.contacts.rows[row["ContactID"]]
    return {
        "Type": row["Type"], "InvoiceID": row["InvoiceID"], "InvoiceNumber": row["InvoiceNumber"] or "",
        "CurrencyCode": row["CurrencyCode"], "CurrencyRate": row["CurrencyRate"], "IsDiscounted": False,
        "HasErrors": False, "LineItems": [], "Contact": contact_reference(contact),
    }


def allocations_of(books, source_id):
    """The allocations made from a credit note, prepayment or overpayment."""
    return [allocation_view(books, row) for row in books.allocations.all_by("source", source_id)]


def allocation_view(books, row):
    invoice = books.invoices.rows[row["InvoiceID"]]
    return {
        "AllocationID": row["AllocationID"],
        "Amount": row["Amount"],
        "Date": row["Date"],
        "Invoice": {
            "InvoiceID": invoice["InvoiceID"], "InvoiceNumber": invoice["InvoiceNumber"] or "",
            "Type": invoice["Type"], "Contact": contact_reference(books.contacts.rows[invoice["ContactID"]]),
            "LineItems": [], "HasErrors": False,
        },
    }


def payments_of(books, document_id):
    """The payments of an invoice, or the refunds of a credit; deleted ones are not shown."""
    return [
        {
            "PaymentID": row["PaymentID"], "Date": row["Date"], "Amount": row["Amount"],
            "Reference": row["Reference"] or "", "CurrencyRate": row["CurrencyRate"], "HasAccount": False,
            "HasValidationErrors": False,
        }
        for row in books.payments.all_by("document", document_id)
        if row["Status"] == "AUTHORISED"
    ]


def _credits_of(books, invoice_id):
    """What was allocated to an invoice: resource -> the sources with the amount applied."""
    credits = {}
    for allocation in books.allocations.all_by("invoice", invoice_id):
        name, key, number = allocation["Source"]
        source = getattr(books, name).rows[allocation["SourceID"]]
        view = {
            key: source[key], "AppliedAmount": allocation["Amount"], "Date": allocation["Date"],
            "DateString": dates.date_string(allocation["Date"]), "Total": source["Total"], "LineItems": [],
            "HasErrors": False,
        }
        if number:
            view[number] = source[number] or ""
        resource = {"credit_notes": "CreditNotes", "prepayments": "Prepayments", "overpayments": "Overpayments"}[name]
        credits.setdefault(resource, []).append(view)
    return credits
