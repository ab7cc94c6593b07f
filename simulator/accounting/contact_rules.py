"""Contacts: how one is found, created and changed, and what Xero refuses in them."""
from ..core.ids import new_id
from . import texts
from .fields import Refused, amount, flag, guid, limited, members, text, valid_email
from .where import fold

LIMITS = {
    "ContactNumber": 50, "AccountNumber": 50, "FirstName": 255, "LastName": 255, "CompanyNumber": 50,
    "TaxNumber": 50, "TaxNumberType": 4, "BankAccountDetails": 255, "AccountsReceivableTaxType": 50,
    "AccountsPayableTaxType": 50, "SalesDefaultAccountCode": 10, "PurchasesDefaultAccountCode": 10,
    "SalesDefaultLineAmountType": 9, "PurchasesDefaultLineAmountType": 9, "XeroNetworkKey": 255,
}
ADDRESS_LIMITS = {
    "AddressLine1": 500, "AddressLine2": 500, "AddressLine3": 500, "AddressLine4": 500, "City": 255, "Region": 255,
    "PostalCode": 50, "Country": 50, "AttentionTo": 255,
}
PHONE_LIMITS = {"PhoneNumber": 50, "PhoneAreaCode": 10, "PhoneCountryCode": 20}
ADDRESS_TYPES, PHONE_TYPES = ("STREET", "POBOX"), ("DDI", "DEFAULT", "FAX", "MOBILE")
STATUSES = ("ACTIVE", "ARCHIVED", "GDPRREQUEST")
PERSONS = 5
# What an element may hold to say only which contact is meant.
IDENTITY = {"ContactID", "Name", "ContactNumber", "HasAttachments", "HasValidationErrors"}


def save_contact(element, writing):
    """Create, or update what an id, a ContactNumber or (POST) a name finds. Omitted fields are kept."""
    books = writing.books
    row = None if writing.create_only else find_contact(books, element)
    return update_contact(books, row, element) if row else create_contact(books, element)


def find_contact(books, element):
    """The contact that an element names, or None; its id wins over its number, and that over its name."""
    contact_id = guid(element, "ContactID")
    if contact_id:
        row = books.contacts.get(contact_id)
        if row is None:
            raise Refused(texts.CONTACT_NOT_FOUND)
        return row
    number, name = text(element, "ContactNumber"), text(element, "Name")
    row = books.contact_numbered(number) if number else None
    if row is None and name:
        row = books.contact_named(_tidy(name), "ACTIVE")
        if row is not None and number and row.get("ContactNumber"):
            return None  # somebody else's contact: creating will meet the duplicate name (not verified)
    return row


def create_contact(books, element):
    problems = []
    row = {
        "ContactID": new_id(), "ContactStatus": "ACTIVE", "Name": None, "Addresses": {}, "Phones": {},
        "ContactPersons": [], "IsCustomer": False, "IsSupplier": False,
    }
    if not text(element, "Name"):
        known = text(element, "ContactNumber")
        raise Refused(texts.CONTACT_NAME_MISSING if known else texts.CONTACT_KEY)
    _read(books, row, element, problems)
    if books.contact_named(row["Name"], "ACTIVE"):
        problems.append(texts.CONTACT_DUPLICATE.format(row["Name"]))
    _check_number(books, row, problems)
    if problems:
        raise Refused(*problems)
    books.stamp(books.contacts, row)
    books.announce("CONTACT", "CREATE", row["ContactID"], row)
    return books.contacts.get(row["ContactID"])


def update_contact(books, old, element):
    problems = []
    row = {**old, "Addresses": dict(old["Addresses"]), "Phones": dict(old["Phones"])}
    _read(books, row, element, problems)
    if row["ContactStatus"] == "ACTIVE" and (
        fold(row["Name"]) != fold(old["Name"]) or old["ContactStatus"] != "ACTIVE"
    ):
        if _active_other(books, row):
            problems.append(texts.CONTACT_RENAME.format(old["Name"], row["Name"]))
    _check_number(books, row, problems)
    if problems:
        raise Refused(*problems)
    row = books.stamp(books.contacts, row)
    books.announce("CONTACT", "UPDATE", row["ContactID"], row)
    return row


def _active_other(books, row):
    return any(
        other["ContactStatus"] == "ACTIVE" and other["ContactID"] != row["ContactID"]
        for other in books.contacts.all_by("name", fold(row["Name"]))
    )


def _check_number(books, row, problems):
    number = row.get("ContactNumber")
    if number and any(
        other["ContactID"] != row["ContactID"] for other in books.contacts.all_by("number", fold(number))
    ):
        problems.append(texts.CONTACT_NUMBER)


def _tidy(name):
    """Xero keeps no leading, trailing or double spaces in a name; here they are taken out (not verified)."""
    return " ".join(name.split())


def _read(books, row, element, problems):
    name = limited(element, "Name", 255, problems)
    if name:
        row["Name"] = _tidy(name)
        if "<" in name or ">" in name:
            problems.append(texts.CONTACT_NAME_SIGNS)
    for key, limit in LIMITS.items():
        value = limited(element, key, limit, problems) if key in element else None
        if value is not None:
            row[key] = value
    if text(element, "EmailAddress") is not None:
        row["EmailAddress"] = _email(element, problems)
    status = text(element, "ContactStatus")
    if status:
        if status not in STATUSES:
            problems.append(texts.BAD_STATUS.format(status))
        row["ContactStatus"] = status
    currency = text(element, "DefaultCurrency")
    if currency:
        if books.currencies.get(currency) is None:
            problems.append(texts.CURRENCY.format(currency))
        row["DefaultCurrency"] = currency
    _read_parts(row, element, problems)


def _email(element, problems):
    value = text(element, "EmailAddress").strip()
    if value and not valid_email(value):
        problems.append(texts.EMAIL)
    return value


def _read_parts(row, element, problems):
    for address in members(element, "Addresses") or ():
        _read_typed(row["Addresses"], address, "AddressType", ADDRESS_TYPES, "POBOX", ADDRESS_LIMITS, problems)
        country = text(address, "Country") or ""
        if country and not country.replace(" ", "").isalpha():
            problems.append(texts.COUNTRY_LETTERS)
    for phone in members(element, "Phones") or ():
        _read_typed(row["Phones"], phone, "PhoneType", PHONE_TYPES, "DEFAULT", PHONE_LIMITS, problems)
    persons = members(element, "ContactPersons")
    if persons is not None:
        if len(persons) > PERSONS:
            problems.append(texts.CONTACT_PERSONS)
        row["ContactPersons"] = [_person(person, problems) for person in persons]
    terms = element.get("PaymentTerms")
    if isinstance(terms, dict):
        row["PaymentTerms"] = {
            side: {"Day": int(amount(term, "Day") or 0), "Type": text(term, "Type")}
            for side, term in terms.items()
            if side in ("Bills", "Sales") and isinstance(term, dict) and term.get("Type")
        }


def _read_typed(parts, element, type_key, types, default, limits, problems):
    """One address or phone: it replaces the one of its type; ``default`` where none is named (not verified)."""
    kind = text(element, type_key) or default
    if kind not in types:
        problems.append(texts.BAD_TYPE.format(kind))
        return
    values = {key: limited(element, key, limit, problems) for key, limit in limits.items()}
    parts[kind] = {key: value for key, value in values.items() if value}


def _person(element, problems):
    email = _email(element, problems) if text(element, "EmailAddress") else ""
    return {
        "FirstName": limited(element, "FirstName", 255, problems) or "",
        "LastName": limited(element, "LastName", 255, problems) or "",
        "EmailAddress": email,
        "IncludeInEmails": flag(element, "IncludeInEmails") or False,
    }


def contact_for_document(element, writing, known_id=None):
    """The contact of a document's ``Contact``: found, or created from its name; more fields than the identity
    update it, and then ContactPersons that were not sent are dropped (Xero: Invoices page).

    :param known_id: the contact that the document has already; it may be archived since
    """
    books = writing.books
    row = find_contact(books, element)
    if row is None:
        name = text(element, "Name")
        if not name and not text(element, "ContactNumber"):
            raise Refused(texts.CONTACT_KEY)
        if name and books.contact_named(_tidy(name), "ARCHIVED"):
            raise Refused(texts.CONTACT_ARCHIVED)
        return create_contact(books, element)
    if row["ContactStatus"] != "ACTIVE" and row["ContactID"] != known_id:
        raise Refused(texts.CONTACT_ARCHIVED)
    if len(element) > 1 and _says_more(row, element):
        changes = element if members(element, "ContactPersons") else {**element, "ContactPersons": []}
        return update_contact(books, row, changes)
    return row


def _says_more(row, element):
    """Whether a document's ``Contact`` holds more than it takes to name the contact."""
    if any(value is not None for key, value in element.items() if key not in IDENTITY):
        return True
    return bool(text(element, "ContactID")) and _tidy(text(element, "Name") or row["Name"]) != row["Name"]
