"""One document, and the form with which a person pays it from a bank account."""

from __future__ import annotations

from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect

from ..accounting.accounts import takes_payments
from ..control.books import find_organisation
from ..core.dispatch import internal_json
from ..core.render import page
from .lists import KINDS, label, member, messages, text

FACTS = {
    "invoices": "InvoiceNumber Reference Status Contact.Name Date DueDate CurrencyCode CurrencyRate LineAmountTypes "
    "Url",
    "credit-notes": "CreditNoteNumber Reference Type Status Contact.Name Date CurrencyCode CurrencyRate "
    "LineAmountTypes",
    "payments": "PaymentType Status Invoice.InvoiceNumber Invoice.Contact.Name Date Account.Name Account.Code Amount "
    "BankAmount CurrencyRate Reference IsReconciled",
    "bank-transactions": "Type Status Contact.Name Date BankAccount.Name Reference CurrencyCode "
    "LineAmountTypes IsReconciled Url",
    "contacts": "Name ContactNumber AccountNumber ContactStatus FirstName LastName EmailAddress TaxNumber "
    "DefaultCurrency IsCustomer IsSupplier",
}
FACTS["bills"] = FACTS["invoices"]
TOTALS = "SubTotal TotalTax Total AmountPaid AmountCredited AmountDue RemainingCredit".split()
HAS_HISTORY = {"Invoices", "CreditNotes", "Contacts", "Payments", "BankTransactions"}
HAS_ATTACHMENTS = HAS_HISTORY - {"Payments"}


def show(simulator, request, reference, kind, document_id, problem=None, entered=None):
    organisation, wanted = find_organisation(simulator, reference), KINDS[kind]

    def read(path, resource, **query):
        status, answer = internal_json(simulator.world, organisation, "GET", path, query)
        return answer.get(resource, []) if status == 200 else []

    path = f"/{wanted.resource}/{document_id}"
    found = read(path, wanted.resource, unitdp="4")
    if not found:
        raise NotFound(f"There is no such document in {organisation.name}")
    document = found[0]
    payable = (
        wanted.resource == "Invoices" and document.get("Status") == "AUTHORISED" and document.get("AmountDue", 0) > 0
    )
    return page(
        "document.html",
        organisation=organisation,
        reference=reference,
        kinds=KINDS,
        kind=kind,
        wanted=wanted,
        document=document,
        document_id=document_id,
        facts=[(label(name), text(member(document, name))) for name in FACTS[kind].split() if member(document, name)],
        totals=[(label(name), text(document[name])) for name in TOTALS if name in document],
        text=text,
        accounts=_payment_accounts(read) if payable else [],
        today=organisation.books.today().isoformat(),
        history=read(f"{path}/History", "HistoryRecords") if wanted.resource in HAS_HISTORY else [],
        attachments=read(f"{path}/Attachments", "Attachments") if wanted.resource in HAS_ATTACHMENTS else [],
        payable=payable,
        problem=problem,
        entered=entered or {},
    )


def pay(simulator, request, reference, kind, document_id):
    """Book the payment as Xero's screens would; a refusal comes back beside the form, in Xero's words."""
    organisation, form = find_organisation(simulator, reference), request.form
    payment = {
        "Invoice": {"InvoiceID": document_id},
        "Account": {"AccountID": form.get("account", "")},
        "Date": form.get("date", ""),
        "Amount": form.get("amount", "").replace(",", ""),
        "Reference": form.get("reference", ""),
    }
    status, answer = internal_json(simulator.world, organisation, "PUT", "/Payments", json={"Payments": [payment]})
    if status >= 400:
        problem = messages(answer) or f"The API answered {status}"
        return show(simulator, request, reference, kind, document_id, problem, form.to_dict())
    return redirect(f"/organisations/{reference}/{kind}/{document_id}", 303)


def remove_payment(simulator, request, reference, document_id):
    organisation = find_organisation(simulator, reference)
    removal = {"PaymentID": document_id, "Status": "DELETED"}
    path = f"/Payments/{document_id}"
    status, answer = internal_json(simulator.world, organisation, "POST", path, json={"Payments": [removal]})
    problem = (messages(answer) or f"The API answered {status}") if status >= 400 else None
    if problem:
        return show(simulator, request, reference, "payments", document_id, problem)
    return redirect(f"/organisations/{reference}/payments/{document_id}", 303)


def deep_invoice(simulator, request, reference, document_id):
    return redirect(f"/organisations/{reference}/invoices/{document_id}")


def deep_contact(simulator, request, reference, document_id):
    return redirect(f"/organisations/{reference}/contacts/{document_id}")


def deep_login(simulator, request):
    """``organisationlogin/default.aspx?shortcode=…&redirecturl=/AccountsPayable/Edit.aspx?InvoiceID=…``"""
    organisation = find_organisation(simulator, request.args.get("shortcode", ""))
    page_name, _, query = request.args.get("redirecturl", "").partition("?")
    document_id = query.rpartition("=")[2]
    kind = {
        "/accountspayable/edit.aspx": "bills",
        "/accountsreceivable/view.aspx": "invoices",
        "/accountspayable/viewcreditnote.aspx": "credit-notes",
        "/accountsreceivable/viewcreditnote.aspx": "credit-notes",
        "/bank/viewtransaction.aspx": "bank-transactions",
    }.get(page_name.lower())
    if kind == "bank-transactions":  # Xero's page shows payments too, under the same parameter
        status, _answer = internal_json(simulator.world, organisation, "GET", f"/Payments/{document_id}")
        kind = "payments" if status == 200 else kind
    if not kind:
        return redirect(f"/organisations/{organisation.tenant_id}")
    return redirect(f"/organisations/{organisation.tenant_id}/{kind}/{document_id}")


def _payment_accounts(read) -> list[dict]:
    return [
        account
        for account in read("/Accounts", "Accounts")
        if account["Status"] == "ACTIVE" and takes_payments(account)
    ]
