"""Lists of an organisation's documents, read through the accounting API itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from werkzeug.utils import redirect

from ..control.books import find_organisation
from ..core.dispatch import internal_json
from ..core.render import page

PAGE_SIZE = 50


@dataclass(frozen=True)
class Kind:
    """One list. ``columns``: heading -> member of Xero's element, dotted."""

    title: str
    resource: str
    id_field: str
    columns: dict[str, str]
    where: str | None = None


_DOCUMENT = {"Contact": "Contact.Name", "Date": "Date", "Status": "Status"}
_MONEY = {"Total": "Total", "Currency": "CurrencyCode"}
KINDS = {
    "invoices": Kind(
        "Invoices",
        "Invoices",
        "InvoiceID",
        {"Number": "InvoiceNumber", **_DOCUMENT, "Due": "DueDate", "Due amount": "AmountDue", **_MONEY},
        'Type=="ACCREC"',
    ),
    "bills": Kind(
        "Bills",
        "Invoices",
        "InvoiceID",
        {"Reference": "InvoiceNumber", **_DOCUMENT, "Due": "DueDate", "Due amount": "AmountDue", **_MONEY},
        'Type=="ACCPAY"',
    ),
    "credit-notes": Kind(
        "Credit notes",
        "CreditNotes",
        "CreditNoteID",
        {"Number": "CreditNoteNumber", "Type": "Type", **_DOCUMENT, "Remaining": "RemainingCredit", **_MONEY},
    ),
    "payments": Kind(
        "Payments",
        "Payments",
        "PaymentID",
        {
            "Document": "Invoice.InvoiceNumber",
            "Contact": "Invoice.Contact.Name",
            "Date": "Date",
            "Type": "PaymentType",
            "Status": "Status",
            "Reference": "Reference",
            "Amount": "Amount",
        },
    ),
    "bank-transactions": Kind(
        "Bank transactions",
        "BankTransactions",
        "BankTransactionID",
        {"Reference": "Reference", "Type": "Type", **_DOCUMENT, "Bank account": "BankAccount.Name", **_MONEY},
    ),
    "contacts": Kind(
        "Contacts",
        "Contacts",
        "ContactID",
        {"Name": "Name", "E-mail": "EmailAddress", "Number": "ContactNumber", "Status": "ContactStatus"},
    ),
}
NUMERIC = {"Total", "Due amount", "Remaining", "Amount"}


def first(simulator, request, reference):
    return redirect(f"/organisations/{reference}/invoices")


def show(simulator, request, reference, kind):
    organisation, wanted = find_organisation(simulator, reference), KINDS[kind]
    number = max(1, request.args.get("page", 1, type=int))
    query = {"page": str(number), "pageSize": str(PAGE_SIZE), "order": "UpdatedDateUTC DESC", "includeArchived": "true"}
    if wanted.where:
        query["where"] = wanted.where
    status, answer = internal_json(simulator.world, organisation, "GET", f"/{wanted.resource}", query)
    elements = answer.get(wanted.resource, [])
    return page(
        "list.html",
        organisation=organisation,
        reference=reference,
        kinds=KINDS,
        kind=kind,
        wanted=wanted,
        numeric=NUMERIC,
        rows=[
            (element.get(wanted.id_field), [text(member(element, path)) for path in wanted.columns.values()])
            for element in elements
        ],
        page=number,
        pages=answer.get("pagination", {}).get("pageCount", 1),
        total=answer.get("pagination", {}).get("itemCount", len(elements)),
        problem=None if status < 400 else messages(answer) or f"The API answered {status}",
    )


def member(element, path: str):
    for name in path.split("."):
        element = element.get(name) if isinstance(element, dict) else None
    return element


def label(path: str) -> str:
    """``Invoice.Contact.Name`` -> Contact, ``DueDate`` -> Due date."""
    words = path.removesuffix(".Name").rpartition(".")[2]
    return re.sub(r"(?<=[a-z])([A-Z])", lambda letter: " " + letter[1].lower(), words)


def text(value) -> str:
    """As a person reads it: Xero's dates as ISO, amounts with two decimals at least."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value.startswith("/Date("):
        milliseconds = int(value[6 : value.index(")")].split("+")[0])
        return f"{datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=milliseconds):%Y-%m-%d}"
    if isinstance(value, Decimal):
        return f"{value:,.2f}" if value == round(value, 2) else f"{value:,f}"
    return str(value)


def messages(answer: dict) -> str:
    """Everything that Xero complains of in an answer, joined."""
    found = [
        error.get("Message", "")
        for element in answer.get("Elements", [])
        for error in element.get("ValidationErrors", [])
    ]
    return " ".join(found or [answer.get("Message", "")]).strip()
