"""Xero's Contact as plain values, and the merge of what two sides say about one business.

Reading never raises: what Xero says in a form nobody has seen is left out, not guessed.
"""

from dataclasses import asdict, dataclass, replace

from . import text
from .received import members

# What a partner and a contact have in common, with the members of a payload that carry it.
MEMBERS = {
    "name": ("Name", "FirstName", "LastName"),
    "email": ("EmailAddress",),
    "phone": ("Phones",),
    "address": ("Addresses",),
    "vat": ("TaxNumber",),
    "ref": ("AccountNumber",),
    "active": ("ContactStatus",),
}
FIELDS = tuple(MEMBERS)
ACTIVE, ARCHIVED = "ACTIVE", "ARCHIVED"  # Xero's other status, GDPRREQUEST, ends a contact like ARCHIVED
PHONES = ("DEFAULT", "MOBILE", "DDI")  # Odoo has one number: the first of these that is there
ADDRESSES = ("POBOX", "STREET")  # POBOX is the one that Xero prints on documents


@dataclass(frozen=True)
class ReceivedContact:
    """A contact. ``person``: who speaks for a company; ``people``: who else is reached there, ((name, e-mail), …).

    ``address``: street, street2, city, region, zip, country; ``attention``: whom it is for, no field of Odoo's.
    """

    xero_id: str
    name: str
    is_company: bool
    person: str
    people: tuple
    email: str
    phone: str
    phone_type: str
    address: tuple
    address_type: str
    attention: str
    vat: str
    ref: str
    status: str
    merged_to: str
    number: str
    groups: tuple  # ContactGroupIDs, ascending
    is_customer: bool
    is_supplier: bool

    def texts(self):
        """:return dict: {field of ``FIELDS``: what Xero says, '' for nothing}"""
        return {
            "name": self.name, "email": self.email, "phone": self.phone, "address": joined(self.address),
            "vat": self.vat, "ref": self.ref, "active": self.status,
        }  # fmt: skip


def read(item):
    """:param dict item: as the gateway read it
    :rtype: ReceivedContact"""
    name = text.one_line(_said(item, "Name"))
    person = text.one_line(f"{_said(item, 'FirstName')} {_said(item, 'LastName')}")
    is_person = bool(person) and (not name or text.name_key(name) == text.name_key(person))
    phone_type, phone = _phone(item)
    address_type, address, attention = _address(item)
    return ReceivedContact(
        xero_id=_said(item, "ContactID"),
        name=(person if is_person else name) or text.one_line(_said(item, "EmailAddress")) or "?",
        is_company=not is_person,
        person="" if is_person else person,
        people=_people(item),
        email=text.one_line(_said(item, "EmailAddress")),
        phone=phone,
        phone_type=phone_type,
        address=address,
        address_type=address_type,
        attention=attention,
        vat=text.one_line(_said(item, "TaxNumber")),
        ref=text.one_line(_said(item, "AccountNumber")),
        status=ACTIVE if _said(item, "ContactStatus") in ("", ACTIVE) else ARCHIVED,
        merged_to=_said(item, "MergedToContactID"),
        number=_said(item, "ContactNumber"),
        groups=tuple(sorted(_said(group, "ContactGroupID") for group in members(item, "ContactGroups"))),
        is_customer=item.get("IsCustomer") is True,
        is_supplier=item.get("IsSupplier") is True,
    )


def values(received):
    """What a digest is made of. Roles and groups move by themselves: neither changes UpdatedDateUTC."""
    return asdict(replace(received, number="", groups=(), is_customer=False, is_supplier=False))


def ours(contact, active=True):
    """What Odoo says, in the same form. :param contact: ``codec.contact.ContactData``"""
    address = (
        contact.street, contact.street2, contact.city, contact.region, contact.postal_code, contact.country,
    )  # fmt: skip
    return {
        "name": text.one_line(contact.name),
        "email": text.email_key(contact.email) or text.one_line(contact.email),
        "phone": text.one_line(contact.phone),
        "address": joined(map(text.one_line, address)),
        "vat": text.one_line(contact.tax_number),
        "ref": text.one_line(contact.account_number),
        "active": ACTIVE if active else ARCHIVED,
    }


def person_key(name, email):
    """What tells two people at one business apart: Xero gives its ContactPersons no id. :rtype: str"""
    return text.email_key(email) or text.name_key(name)


def kept(contact, country, region, same_place):
    """What Xero's address says and Odoo has no place for: it stays there when another part of it changes here.

    :param ReceivedContact contact:
    :param str country: of the partner, and ``region`` likewise; empty where Odoo knows none of that name
    :param bool same_place: whether the rest of the address is the same on both sides
    :return dict: ``for``: the country that Odoo says it is in; ``lines``: members of an Address
    """
    *_lines, their_region, _postal_code, their_country = contact.address
    lines = {"AttentionTo": contact.attention}
    if same_place:
        lines |= {"Region": "" if region else their_region, "Country": "" if country else their_country}
    return {"for": country, "lines": {name: value for name, value in lines.items() if value}}


def joined(address):
    """An address as one text: it is taken whole, or one would get half of each."""
    return "\n".join(address).strip()


# ---- merging ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Merge:
    """Names of fields. ``taken``: Xero says it first; ``owed``: Odoo does; ``contested``: both, and differently."""

    taken: frozenset
    owed: frozenset
    contested: frozenset


def merge(ours_now, theirs_now, base, clear=False):
    """What each side has said since they last agreed.

    :param base: ``{"ours": {field: text}, "said": {field: text}}`` of then; None: they never did
    :param bool clear: what Xero has emptied since is emptied here, too
    :rtype: Merge
    """
    found = {"taken": set(), "owed": set(), "contested": set()}
    for field in FIELDS:
        mine, theirs = ours_now[field], theirs_now[field]
        if same(field, mine, theirs):
            continue
        verdict = _first_said(mine, theirs) if base is None else _since(field, mine, theirs, base)
        if verdict == "taken" and not (theirs or clear):
            continue
        if verdict:
            found[verdict].add(field)
    return Merge(**{name: frozenset(fields) for name, fields in found.items()})


def _first_said(mine, theirs):
    return "taken" if not mine else "contested" if theirs else "owed"


def _since(field, mine, theirs, base):
    before = base["ours"].get(field, "")
    changed_here = mine != before
    # Without a word of Xero's own, what we had sent is what it said.
    changed_there = theirs != base.get("said", {}).get(field, before)
    if changed_here and changed_there:
        return _first_said(mine, theirs) if not theirs or not mine else "contested"
    return "taken" if changed_there else "owed" if changed_here else ""


def same(field, one, other):
    """Whether two texts mean the same: case does not tell two addresses of mail apart, nor spaces two numbers."""
    if field == "email":
        return text.email_key(one) == text.email_key(other)
    if field == "phone":
        return _digits(one) == _digits(other)
    if field == "vat":
        return text.name_key(one) == text.name_key(other)
    return one == other


def limited(payload, fields, phone_type="", address_type="", kept=None):
    """Of a payload what carries ``fields``, in the place where Xero has it: all else stays as it is there.

    :param dict kept: see :func:`kept`; another country has other regions
    """
    names = {member for field in fields for member in MEMBERS[field]}
    some = {name: value for name, value in payload.items() if name in names}
    if "Phones" in some:
        blank = {"PhoneAreaCode": "", "PhoneCountryCode": ""}
        some["Phones"] = [phone | blank | {"PhoneType": phone_type or "DEFAULT"} for phone in some["Phones"]]
    if "Addresses" in some:
        blank = {"AddressLine3": "", "AddressLine4": ""}
        some["Addresses"] = [
            blank | _kept_for(line, kept or {}) | line | {"AddressType": address_type or "POBOX"}
            for line in some["Addresses"]
        ]
    return some


def _kept_for(line, kept):
    lines = kept.get("lines") or {}
    moved = line.get("Country", "") != kept.get("for", "")
    return {name: value for name, value in lines.items() if name == "AttentionTo" or not moved}


# ---- reading ------------------------------------------------------------------------------------


def _said(item, key):
    value = item.get(key)
    return "" if value is None or value is False else str(value).strip()


def _phone(item):
    by_type = {_said(phone, "PhoneType"): phone for phone in members(item, "Phones")}
    for kind in PHONES:
        phone = by_type.get(kind, {})
        parts = [_said(phone, part) for part in ("PhoneCountryCode", "PhoneAreaCode", "PhoneNumber")]
        if parts[2]:
            country = f"+{parts[0].lstrip('+')}" if parts[0] else ""
            return kind, text.one_line(" ".join([country, *parts[1:]]))
    return "", ""


def _address(item):
    by_type = {_said(address, "AddressType"): address for address in members(item, "Addresses")}
    for kind in ADDRESSES:
        address = by_type.get(kind, {})
        lines = [text.one_line(_said(address, f"AddressLine{number}")) for number in (1, 2, 3, 4)]
        rest = [text.one_line(_said(address, name)) for name in ("City", "Region", "PostalCode", "Country")]
        if any(lines) or any(rest):
            street2 = ", ".join(filter(None, lines[1:]))
            return kind, (lines[0], street2, *rest), text.one_line(_said(address, "AttentionTo"))
    return "", ("",) * 6, ""


def _people(item):
    found = [
        (text.one_line(f"{_said(person, 'FirstName')} {_said(person, 'LastName')}"),
         text.one_line(_said(person, "EmailAddress")))
        for person in members(item, "ContactPersons")
    ]  # fmt: skip
    return tuple(person for person in found if any(person))


def _digits(phone):
    return "".join(character for character in phone if character.isalnum() or character == "+")
