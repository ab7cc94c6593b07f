"""The Contacts resource: how a contact looks, and its calls."""
from ..core.errors import NotFound
from ..core.routing import route
from .contact_rules import ADDRESS_TYPES, PHONE_LIMITS, PHONE_TYPES, save_contact, update_contact
from .elements import elements_of, write
from .fields import Refused, as_guid, text
from .listing import ids_of, page_of, payload, select, sort
from .rounding import ZERO
from .where import fold

OPTIONAL = (
    "ContactNumber", "AccountNumber", "FirstName", "LastName", "CompanyNumber", "TaxNumber", "TaxNumberType",
    "AccountsReceivableTaxType", "AccountsPayableTaxType", "DefaultCurrency", "XeroNetworkKey",
    "SalesDefaultLineAmountType", "PurchasesDefaultLineAmountType", "SalesDefaultAccountCode",
    "PurchasesDefaultAccountCode", "PaymentTerms", "MergedToContactID",
)
FIELDS = {
    name.lower(): (lambda row, name=name: row.get(name))
    for name in (
        "ContactID", "ContactStatus", "Name", "EmailAddress", "UpdatedDateUTC", "IsCustomer", "IsSupplier", *OPTIONAL
    )
}
INDEXED = (("contactid", None), ("contactnumber", "number"), ("name", "name"))
SEARCHED = ("Name", "FirstName", "LastName", "ContactNumber", "CompanyNumber", "EmailAddress")
NO_ADDRESS = {"City": "", "Region": "", "PostalCode": "", "Country": ""}
NO_PHONE = dict.fromkeys(PHONE_LIMITS, "")


def contact_reference(row):
    return {"ContactID": row["ContactID"], "Name": row["Name"]}


def contact_view(row):
    """A contact as it stands in lists and in documents; the caller must not change it."""
    view = {
        "ContactID": row["ContactID"],
        "ContactStatus": row["ContactStatus"],
        "Name": row["Name"],
        "EmailAddress": row.get("EmailAddress", ""),
        "BankAccountDetails": row.get("BankAccountDetails") or "",
        "Addresses": [
            {"AddressType": kind, **NO_ADDRESS, **row["Addresses"].get(kind, {})} for kind in ADDRESS_TYPES
        ],
        "Phones": [{"PhoneType": kind, **NO_PHONE, **row["Phones"].get(kind, {})} for kind in PHONE_TYPES],
        "UpdatedDateUTC": row["UpdatedDateUTC"],
        "IsSupplier": row["IsSupplier"],
        "IsCustomer": row["IsCustomer"],
        "HasAttachments": row.get("HasAttachments", False),
        "HasValidationErrors": False,
    }
    for name in OPTIONAL:
        value = row.get(name)
        if value:
            view[name] = value
    return view


def contact_detail(books, row):
    """A contact as it stands alone, or in a list with pages."""
    view = contact_view(row)
    view["ContactPersons"] = row["ContactPersons"]
    view["SalesTrackingCategories"] = view["PurchasesTrackingCategories"] = []
    view["ContactGroups"] = [
        {"ContactGroupID": group["ContactGroupID"], "Name": group["Name"], "Status": group["Status"], "Contacts": []}
        for group in _groups(books, row["ContactID"])
    ]
    balances = _balances(books, row["ContactID"])
    if balances:
        view["Balances"] = balances
    return view


def _groups(books, contact_id):
    rows = (
        books.contact_groups.get(member["ContactGroupID"])
        for member in books.group_members.all_by("contact", contact_id)
    )
    return [row for row in rows if row["Status"] == "ACTIVE"]


def _balances(books, contact_id):
    """Outstanding and overdue of open invoices, per direction; {} for a contact without documents."""
    today, balances = books.today(), {}
    for row in books.invoices.all_by("contact", contact_id):
        if row["Status"] != "AUTHORISED":
            continue
        side = "AccountsReceivable" if row["Type"] == "ACCREC" else "AccountsPayable"
        balance = balances.setdefault(side, {"Outstanding": ZERO, "Overdue": ZERO})
        balance["Outstanding"] += row["AmountDue"]
        if row["DueDate"] and row["DueDate"] < today:
            balance["Overdue"] += row["AmountDue"]
    if balances:
        nothing = {"Outstanding": ZERO, "Overdue": ZERO}
        balances = {side: balances.get(side, nothing) for side in ("AccountsReceivable", "AccountsPayable")}
    return balances


def archive_contact(books, row):
    return update_contact(books, row, {"ContactStatus": "ARCHIVED"})


def merge_contact(books, source, target):
    """What a person does in Xero: everything of ``source`` moves to ``target``, which stays."""
    with books.transaction():
        tables = (books.invoices, books.credit_notes, books.prepayments, books.overpayments, books.bank_transactions)
        for table in tables:
            for row in table.all_by("contact", source["ContactID"]):
                books.stamp(table, row, ContactID=target["ContactID"])
        roles = {role: source[role] or target[role] for role in ("IsCustomer", "IsSupplier")}
        books.contacts.put({**target, **roles})
        merged = {"ContactStatus": "ARCHIVED", "MergedToContactID": target["ContactID"]}
        row = books.stamp(books.contacts, source, **merged)
        books.announce("CONTACT", "UPDATE", row["ContactID"], row)
        return row


def _one(call):
    """By ContactID, else by ContactNumber."""
    key = call.args["contact"]
    row = call.books.contacts.get(as_guid(key) or "") or call.books.contact_numbered(key)
    if row is None:
        raise NotFound
    return row


@route("GET", path="/Contacts")
def list_contacts(call):
    books = call.books
    ids = ids_of(call, "IDs")
    rows = select(call, books.contacts, FIELDS, ids, INDEXED)
    if not call.flag("includeArchived") and ids is None:  # asked for by id, archived ones come (not verified)
        rows = [row for row in rows if row["ContactStatus"] == "ACTIVE"]
    term = call.query.get("searchTerm")
    if term:
        rows = [row for row in rows if any(fold(term) in fold(row.get(name) or "") for name in SEARCHED)]
    summary = call.flag("summaryOnly")
    rows, pagination = page_of(call, sort(call, rows, FIELDS, "ContactID"), forced=summary)
    if pagination and not summary:
        return payload("Contacts", [contact_detail(books, row) for row in rows], pagination)
    return payload("Contacts", [contact_view(row) for row in rows], pagination)


@route("GET", path="/Contacts/{contact}")
def get_contact(call):
    return {"Contacts": [contact_detail(call.books, _one(call))]}


@route("PUT", "POST", path="/Contacts")
def write_contacts(call):
    return write(call, "Contacts", "ContactID", save_contact, lambda row: contact_detail(call.books, row))


@route("POST", path="/Contacts/{contact}")
def post_contact(call):
    old = _one(call)

    def save(element, writing):
        if text(element, "ContactID") and as_guid(text(element, "ContactID")) != old["ContactID"]:
            raise Refused("The ContactID of the element is not that of the address")  # (text not verified)
        return update_contact(writing.books, old, element)

    return write(
        call, "Contacts", "ContactID", save, lambda row: contact_detail(call.books, row),
        elements_of(call, "Contacts")[:1],
    )
