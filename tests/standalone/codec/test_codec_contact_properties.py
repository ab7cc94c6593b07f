"""Xero's contacts as plain values: reading never raises, what we sent is read as what we meant, and a merge of what two
sides say neither loses a word nor goes on for ever."""

import random
from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from junk import listed, under

from codec import contact, text
from codec import contact_received as codec
from codec.digest import digest_of
from codec.refused import Refused
from tests.standalone.simulator.bookkeeper import Bookkeeper

LINES = [f"AddressLine{number}" for number in (1, 2, 3, 4)]
contacts_of_junk = under(
    "ContactID", "Name", "FirstName", "LastName", "EmailAddress", "TaxNumber", "AccountNumber", "ContactStatus",
    "MergedToContactID", "ContactNumber", "IsCustomer", "IsSupplier",
    Phones=listed("PhoneType", "PhoneNumber", "PhoneAreaCode", "PhoneCountryCode"),
    Addresses=listed("AddressType", "City", "Region", "PostalCode", "Country", *LINES),
    ContactGroups=listed("ContactGroupID"), ContactPersons=listed("FirstName", "LastName", "EmailAddress"),
)  # fmt: skip


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contacts_of_junk)
@example({"Phones": 7, "Addresses": True, "ContactGroups": "x"})
@example({"Phones": {"PhoneType": "DEFAULT"}, "Name": ["x"], "ContactStatus": 0})
def test_reading_never_raises_and_says_the_same_twice(item):
    """And never without a name: a partner needs one"""
    one, other = codec.read(item), codec.read(dict(reversed(item.items())))
    assert one == other
    assert digest_of(codec.values(one)) == digest_of(codec.values(other))
    assert one.name.strip()
    assert set(one.texts()) == set(codec.FIELDS)
    assert one.status in (codec.ACTIVE, codec.ARCHIVED)


# ---- there and back --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def xero():
    return Bookkeeper("NZ")


words = st.text("Aa Bé'-&.", min_size=1, max_size=14).filter(lambda word: word.strip(" '-&."))
some = st.one_of(st.just(""), words)
NUMBERS = count(1)


@st.composite
def partners(draw):
    number = next(NUMBERS)
    return contact.ContactData(
        number=f"odoo-{number}", name=f"{draw(words).strip()} {number}", is_company=draw(st.booleans()),
        email=draw(st.sampled_from(["", "a.b@cafe.example", '"Ann" <Ann@Cafe.example>'])),
        phone=draw(st.sampled_from(["", "+64 9 123 4567", "(09) 123-4567", "0800 CAFE"])),
        street=draw(some), street2=draw(some), city=draw(some), region=draw(some),
        postal_code=draw(st.sampled_from(["", "1010", "SW1A 1AA"])), country=draw(st.sampled_from(["", "New Zealand"])),
        tax_number=draw(st.sampled_from(["", "123-456-789", "GB 123 4567 89"])),
        account_number=draw(st.sampled_from(["", "A-1"])) and f"A-{number}",
    )  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(partners())
def test_what_was_sent_is_read_as_what_was_meant(xero, partner):
    """So that nothing comes back as a change of Xero's"""
    try:
        payload = contact.build(partner)
    except Refused:
        return
    answer = xero.write("Contacts", payload)
    item = xero.get(f"/Contacts/{answer['ContactID']}")["Contacts"][0]
    [listed_item] = xero.get("/Contacts", IDs=answer["ContactID"], page="1")["Contacts"]
    read, ours = codec.read(item), codec.ours(partner)
    assert codec.values(read) == codec.values(codec.read(answer)) == codec.values(codec.read(listed_item))
    theirs = read.texts()
    assert [field for field in codec.FIELDS if not codec.same(field, ours[field], theirs[field])] == []
    assert read.is_company == partner.is_company
    assert codec.merge(ours, theirs, {"ours": ours, "said": theirs}) == codec.Merge(*[frozenset()] * 3)


def shuffled(value, dice):
    if isinstance(value, dict):
        return {key: shuffled(value[key], dice) for key in dice.sample(sorted(value), len(value))}
    return [shuffled(each, dice) for each in value] if isinstance(value, list) else value


@settings(max_examples=60, deadline=None)
@given(partners(), st.integers(0, 10**6))
def test_digest_hears_what_could_be_taken_over_and_nothing_else(xero, partner, seed):
    item = xero.write("Contacts", contact.build(partner))
    known = digest_of(codec.values(codec.read(item)))
    moved = item | {"UpdatedDateUTC": "/Date(1799999999000+0000)/", "IsCustomer": True, "IsSupplier": True,
                    "Balances": {"AccountsReceivable": {"Outstanding": 5}}, "ContactGroups": [{"ContactGroupID": "g"}],
                    "Unheard": [1], "HasAttachments": True}  # fmt: skip
    again = shuffled(moved, random.Random(seed))
    again["Phones"] = again["Phones"][::-1]
    assert digest_of(codec.values(codec.read(again))) == known
    for change in (
        {"Name": "Else"}, {"EmailAddress": "else@cafe.example"}, {"TaxNumber": "999"}, {"AccountNumber": "E-9"},
        {"ContactStatus": "ARCHIVED"}, {"MergedToContactID": "m"},
        {"Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "555"}]},
        {"Addresses": [{"AddressType": "POBOX", "City": "Else"}]},
    ):  # fmt: skip
        assert digest_of(codec.values(codec.read(item | change))) != known, change


# ---- merging -----------------------------------------------------------------------------------------


texts = st.fixed_dictionaries({
    field: st.sampled_from(["", "one", "two", "ONE"] if field != "active" else [codec.ACTIVE, codec.ARCHIVED])
    for field in codec.FIELDS
})  # fmt: skip
bases = st.none() | st.fixed_dictionaries({"ours": texts}, optional={"said": texts})


@settings(max_examples=250)
@given(texts, texts, bases, st.booleans())
def test_merge_names_every_field_once_and_none_that_agrees(ours, theirs, base, clear):
    merged = codec.merge(ours, theirs, base, clear)
    named = [*merged.taken, *merged.owed, *merged.contested]
    assert len(named) == len(set(named))
    assert not [field for field in named if codec.same(field, ours[field], theirs[field])]
    if base is None:
        differing = {f for f in codec.FIELDS if not codec.same(f, ours[f], theirs[f])}
        assert set(named) == differing, "what differs and was never agreed is somebody's business"
    assert all(theirs[field] or clear for field in merged.taken), "nothing is emptied here unless that is wanted"


@settings(max_examples=250)
@given(texts, texts, bases, st.booleans())
def test_merge_that_was_carried_out_leaves_nothing_to_do(ours, theirs, base, clear):
    """Whoever wins the contested fields: one cycle later both say the same, or nobody has anything to say"""
    merged = codec.merge(ours, theirs, base, clear)
    for winner in (ours, theirs):
        after_ours, after_theirs = dict(ours), dict(theirs)
        for field in merged.taken:
            after_ours[field] = theirs[field]
        for field in merged.owed:
            after_theirs[field] = ours[field]
        for field in merged.contested:
            after_ours[field] = after_theirs[field] = winner[field]
        agreed = {"ours": after_ours, "said": after_theirs}
        assert codec.merge(after_ours, after_theirs, agreed, clear) == codec.Merge(*[frozenset()] * 3)


@given(st.text(max_size=40))
def test_keys_of_texts_are_keys_of_their_keys(words_of_any_kind):
    """A key is the same for everything that has it"""
    for key in (text.name_key, text.email_key, text.phone_key):
        assert key(key(words_of_any_kind)) == key(words_of_any_kind)
