"""A partner as Xero's Contact (Xero: Contacts; limits as published in its OpenAPI file)."""

from dataclasses import dataclass

from . import text
from .refused import Refused

LIMITS = {
    "Name": 255,
    "FirstName": 255,
    "LastName": 255,
    "EmailAddress": 255,
    "AccountNumber": 50,
    "TaxNumber": 50,
    "ContactNumber": 50,
}
ADDRESS_LINES = ("AddressLine1", "AddressLine2", "City", "Region", "PostalCode", "Country", "AttentionTo")


@dataclass(frozen=True)
class ContactData:
    """What is read from a partner. Empty strings where Odoo has nothing."""

    number: str  # our fingerprint, Xero's ContactNumber
    name: str
    is_company: bool = True
    email: str = ""
    phone: str = ""
    street: str = ""
    street2: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    attention: str = ""
    tax_number: str = ""
    account_number: str = ""


def build(contact):
    """The payload of a contact. Only what Odoo knows is named: Xero keeps what a POST leaves out (see ``cleared``).

    :param ContactData contact:
    :return dict: a Contact without ContactID
    :raise Refused: ``contact_name_missing``, ``contact_name_invalid``, ``contact_name_long``, ``contact_email_invalid``
    """
    payload = {"ContactNumber": contact.number, "Name": _name(contact.name)}
    if not contact.is_company:
        first, _space, last = payload["Name"].partition(" ")
        payload |= {"FirstName": first, "LastName": last} if last else {"FirstName": first}
    if contact.email:
        payload["EmailAddress"] = _email(contact.email)
    if contact.tax_number:
        payload["TaxNumber"] = text.one_line(contact.tax_number, LIMITS["TaxNumber"])
    if contact.account_number:
        payload["AccountNumber"] = text.one_line(contact.account_number, LIMITS["AccountNumber"])
    if contact.phone:
        payload["Phones"] = [{"PhoneType": "DEFAULT", "PhoneNumber": text.one_line(contact.phone, 50)}]
    address = _address(contact)
    if len(address) > 1:
        payload["Addresses"] = [address]
    return payload


def names_in(payload):
    """What of a contact the payload gives a value: what a later one has to clear if Odoo has it no more.

    :return list: sorted names of members, those of the postal address among them
    """
    address = (payload.get("Addresses") or [{}])[0]
    return sorted((payload.keys() | address.keys()) - {"Addresses", "AddressType", "ContactNumber", "Name"})


def cleared(payload, sent_before):
    """``payload`` with everything empty that Xero has from us and Odoo has no more: what is left out, Xero keeps.

    :param sent_before: ``names_in`` the payload that was last agreed
    """
    empty = dict.fromkeys(set(sent_before) - set(names_in(payload)), "")
    if "ContactStatus" in empty:
        empty["ContactStatus"] = "ACTIVE"  # it was archived, and is used again
    if "Phones" in empty:
        empty["Phones"] = [{"PhoneType": "DEFAULT", "PhoneNumber": ""}]
    lines = {name: empty.pop(name) for name in ADDRESS_LINES if name in empty}
    if lines:
        address = (payload.get("Addresses") or [{"AddressType": "POBOX"}])[0]
        empty["Addresses"] = [address | lines]
    return payload | empty


def _name(name):
    name = text.one_line(name)
    if not name:
        raise Refused("contact_name_missing")
    if len(name) > LIMITS["Name"]:
        raise Refused("contact_name_long", name=name, length=len(name))
    if "<" in name or ">" in name:
        raise Refused("contact_name_invalid", name=name)
    return name


def _email(email):
    address = text.email_key(email)
    if not text.valid_email(address) or len(address) > LIMITS["EmailAddress"]:
        raise Refused("contact_email_invalid", email=text.one_line(email, 100))
    return address


def _address(contact):
    """The postal address: POBOX is the one that Xero prints on documents."""
    # Xero takes letters only in Country; another name ("Côte d'Ivoire") is better left out than refused.
    country = contact.country if all(c.isalpha() or c == " " for c in contact.country) else ""
    lines = {
        "AddressLine1": text.one_line(contact.street, 500),
        "AddressLine2": text.one_line(contact.street2, 500),
        "City": text.one_line(contact.city, 255),
        "Region": text.one_line(contact.region, 255),
        "PostalCode": text.one_line(contact.postal_code, 50),
        "Country": text.one_line(country, 50),
        "AttentionTo": text.one_line(contact.attention, 255),
    }
    return {"AddressType": "POBOX"} | {key: value for key, value in lines.items() if value}
