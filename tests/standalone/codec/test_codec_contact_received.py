"""Xero's Contact read, whatever it holds, and what of its address stays when ours goes over it (S2.4, S2.5)."""

from hypothesis import given
from hypothesis import strategies as st

from codec import contact as sent_codec
from codec import contact_received as codec

ADDRESS = {
    "AddressType": "POBOX", "AddressLine1": "1 Quay", "City": "Sometown", "Region": "Nowhere Shire",
    "Country": "Utopia", "AttentionTo": "The Owner",
}  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def payload(**values):
    return sent_codec.build(sent_codec.ContactData(**({"number": "odoo-1-1", "name": "Acme"} | values)))


def address_of(kept, **values):
    """What the address becomes at Xero when ours goes there."""
    return codec.limited(payload(**values), {"address"}, address_type="POBOX", kept=kept)["Addresses"][0]


def kept(same_place=True):
    return codec.kept(codec.read({"Name": "Acme", "Addresses": [ADDRESS]}), "", "", same_place)


@given(item=st.dictionaries(
    st.sampled_from(["ContactID", "Name", "Phones", "Addresses", "ContactPersons", "ContactGroups", "FirstName"]), JSON,
))  # fmt: skip
def test_reading_never_raises_and_names_something(item):
    received = codec.read(item)
    assert received.name
    assert codec.values(received) == codec.values(codec.read(item))


def test_people_without_a_name_and_an_address_are_left_out():
    received = codec.read({"Name": "Acme", "ContactPersons": [
        {"FirstName": " Ada ", "LastName": "Byron", "EmailAddress": "ada@acme.example"}, {"FirstName": ""}, "nonsense",
        {"EmailAddress": "bills@acme.example"},
    ]})  # fmt: skip
    assert received.people == (("Ada Byron", "ada@acme.example"), ("", "bills@acme.example"))


def test_people_are_told_apart_by_address_then_name():
    assert codec.person_key("Ada", "ADA@acme.example") == codec.person_key("A. Byron", "ada@acme.example")
    assert codec.person_key("Ada Byron", "") == codec.person_key("ada  byron", "")


def test_what_odoo_has_no_place_for_stays():
    there = address_of(kept(), street="2 Quay", city="Sometown")
    assert {key: there[key] for key in ADDRESS} == ADDRESS | {"AddressLine1": "2 Quay"}


def test_region_does_not_stay_in_another_country():
    there = address_of(kept(), street="2 Quay", country="France")
    assert (there["Country"], there.get("Region"), there["AttentionTo"]) == ("France", None, "The Owner")


def test_region_of_another_place_does_not_stay():
    there = address_of(kept(same_place=False), street="9 Hill", city="Elsewhere")
    assert (there.get("Region"), there.get("Country"), there["AttentionTo"]) == (None, None, "The Owner")
