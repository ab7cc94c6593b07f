"""What differs between Xero's accounting resources, in one table.

Read off Xero's OpenAPI file (``xero_accounting.yaml`` 16.1.0): the verb that creates or updates a batch, whether the
body is a list or the bare element, and which of ``unitdp``, ``summarizeErrors`` and paging the resource knows.
"""

import re
from dataclasses import dataclass, replace

SEGMENT = re.compile(r"[A-Za-z0-9-]{1,80}", re.ASCII)
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
NO_ID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Resource:
    """:ivar list_key: under which the answer lists its elements
    :ivar id_key: an element's own id, ``None`` where it has none
    :ivar verb: creates (and where Xero allows, updates) elements
    :ivar bare: the request's body is the one element itself, not a list of them
    :ivar single: takes one element per request (Xero: API limits)
    :ivar unitdp: knows four decimal places of a unit amount; otherwise it would round to two
    :ivar summarize: knows ``summarizeErrors``, so one bad element does not stop the others
    :ivar paged: knows ``page`` and ``pageSize``
    """

    list_key: str
    id_key: str | None = None
    verb: str = "POST"
    bare: bool = False
    single: bool = False
    unitdp: bool = False
    summarize: bool = False
    paged: bool = False


def _document(list_key, id_key, **facts):
    return Resource(list_key, id_key, **{"summarize": True, "paged": True, **facts})


RESOURCES = {
    "Accounts": Resource("Accounts", "AccountID", verb="PUT", bare=True, single=True),
    "BankTransactions": _document("BankTransactions", "BankTransactionID", unitdp=True),
    "BankTransfers": Resource("BankTransfers", "BankTransferID", verb="PUT"),
    "BatchPayments": Resource("BatchPayments", "BatchPaymentID", verb="PUT", summarize=True),
    "BrandingThemes": Resource("BrandingThemes", "BrandingThemeID"),
    "ContactGroups": Resource("ContactGroups", "ContactGroupID", verb="PUT"),
    "Contacts": _document("Contacts", "ContactID"),
    "CreditNotes": _document("CreditNotes", "CreditNoteID", unitdp=True),
    "Currencies": Resource("Currencies", verb="PUT", bare=True, single=True),
    "Invoices": _document("Invoices", "InvoiceID", unitdp=True),
    "Items": Resource("Items", "ItemID", unitdp=True, summarize=True),
    "LinkedTransactions": Resource("LinkedTransactions", "LinkedTransactionID", verb="PUT", bare=True, single=True),
    "ManualJournals": _document("ManualJournals", "ManualJournalID"),
    "Organisation": Resource("Organisations", "OrganisationID"),
    "Overpayments": _document("Overpayments", "OverpaymentID", unitdp=True, summarize=False),
    # POST /Payments takes one payment and no summarizeErrors; PUT takes the batch. Payments cannot be updated anyway.
    "Payments": _document("Payments", "PaymentID", verb="PUT"),
    "Prepayments": _document("Prepayments", "PrepaymentID", unitdp=True, summarize=False),
    "PurchaseOrders": _document("PurchaseOrders", "PurchaseOrderID"),
    "Quotes": _document("Quotes", "QuoteID", paged=False),
    "RepeatingInvoices": Resource("RepeatingInvoices", "RepeatingInvoiceID", summarize=True),
    "TaxRates": Resource("TaxRates", "TaxType", verb="PUT", single=True),
    "TrackingCategories": Resource("TrackingCategories", "TrackingCategoryID", verb="PUT", bare=True, single=True),
    "Users": Resource("Users", "UserID"),
}
# Below a document: CreditNotes/<id>/Allocations and so on.
CHILDREN = {
    "Actions": Resource("Actions"),
    "Allocations": Resource("Allocations", "AllocationID", verb="PUT", summarize=True),
    "Attachments": Resource("Attachments", "AttachmentID", single=True),
    "Contacts": Resource("Contacts", "ContactID", verb="PUT"),
    "History": Resource("HistoryRecords", verb="PUT"),
    "OnlineInvoice": Resource("OnlineInvoices"),
    "Options": Resource("Options", "TrackingOptionID", verb="PUT", bare=True, single=True),
}
# Elements below these are updated with the bare element as the body.
BARE_UPDATES = {"BatchPayments", "BankTransfers", "Options", "Payments", "TrackingCategories"}


def split(path):
    """The segments of a resource path such as ``CreditNotes/<id>/Allocations``.

    :rtype: list[str]
    :raises ValueError: for anything that could lead elsewhere (``..``, ``?``, an empty segment)
    """
    segments = str(path).split("/")
    if not all(SEGMENT.fullmatch(segment) for segment in segments):
        raise ValueError("not a resource path of Xero")
    return segments


def describe(path):
    """The facts about a resource path; an unknown one is taken to list under its own name and to know no extras.

    :rtype: Resource
    :raises ValueError: see :func:`split`
    """
    segments = split(path)
    known = RESOURCES.get(segments[0]) or Resource(segments[0])
    if len(segments) == 1:
        return known
    name, depth = segments[-1], len(segments)
    if not GUID.fullmatch(name) and (depth == 3 or name == "Actions"):
        return CHILDREN.get(name) or Resource(name)
    # One element by its id: POST updates it, and answers for it alone.
    if depth == 4:
        name = segments[2]
        known = CHILDREN.get(name) or Resource(name)
    else:
        name = segments[0]
    return replace(known, verb="POST", bare=name in BARE_UPDATES, single=True, summarize=False, paged=False)
