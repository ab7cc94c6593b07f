"""Contacts: what Xero would refuse is stopped before a call, what Odoo does not know is not sent."""

import pytest
import sdk_oracle
from hypothesis import example, given
from hypothesis import strategies as st

from codec import contact as codec
from codec import text
from codec.digest import digest_of
from codec.refused import Refused


def contact(**values):
    return codec.ContactData(**({"number": "odoo-1-1", "name": "Harbour Cafe"} | values))


def build(data):
    """What the codec makes of it; Xero's own SDK knows all of it and loses none."""
    payload = codec.build(data)
    assert sdk_oracle.problems("Contact", payload) == []
    return payload


def test_whole_contact_is_one_that_xero_s_sdk_knows():
    payload = build(contact(
        name="Ana Maria Lopez", is_company=False, email="ana@cafe.example", phone="+64 9 123 4567", street="1 Quay St",
        street2="Level 2", city="Auckland", region="AUK", postal_code="1010", country="New Zealand",
        attention="The bookkeeper", tax_number="123-456-789", account_number="A-1",
    ))  # fmt: skip
    assert len(payload) == 9
    identified = payload | {"ContactID": "00000000-0000-4000-8000-000000000000"}
    assert sdk_oracle.problems("Contacts", {"Contacts": [identified]}) == []


def test_only_what_odoo_knows_is_named():
    assert build(contact()) == {"ContactNumber": "odoo-1-1", "Name": "Harbour Cafe"}


def test_spaces_that_xero_refuses_are_folded():
    assert build(contact(name="  Harbour \t  Cafe "))["Name"] == "Harbour Cafe"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": "   "}, "contact_name_missing"),
        ({"name": "A <b> C"}, "contact_name_invalid"),
        ({"name": "n" * 256}, "contact_name_long"),
        ({"email": "nobody"}, "contact_email_invalid"),
        ({"email": "a b@example.com,"}, None),
        ({"email": "x@example"}, "contact_email_invalid"),
    ],
)
def test_what_xero_refuses_is_named(values, code):
    if code is None:
        assert build(contact(**values))["EmailAddress"] == "b@example.com"
        return
    with pytest.raises(Refused) as refused:
        build(contact(**values))
    assert refused.value.code == code


def test_person_has_first_and_last_name():
    payload = build(contact(name="Ana Maria Lopez", is_company=False))
    assert (payload["FirstName"], payload["LastName"]) == ("Ana", "Maria Lopez")


def test_address_is_postal_and_drops_a_country_that_xero_cannot_read():
    payload = build(contact(street="1 Quay St", city="Auckland", country="Côte d'Ivoire"))
    assert payload["Addresses"] == [{"AddressType": "POBOX", "AddressLine1": "1 Quay St", "City": "Auckland"}]


def test_only_what_was_sent_before_is_cleared():
    before = codec.build(contact(email="a@example.com", phone="1234567", street="1 Quay St", city="Nelson"))
    sent = codec.names_in(before)
    assert sent == ["AddressLine1", "City", "EmailAddress", "Phones"]
    assert codec.cleared(before, sent) == before
    assert codec.cleared(codec.build(contact(city="Nelson")), sent) == {
        "ContactNumber": "odoo-1-1", "Name": "Harbour Cafe", "EmailAddress": "",
        "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": ""}],
        "Addresses": [{"AddressType": "POBOX", "City": "Nelson", "AddressLine1": ""}],
    }  # fmt: skip
    assert codec.cleared(codec.build(contact()), ["City"])["Addresses"] == [{"AddressType": "POBOX", "City": ""}]


@given(st.text(), st.text(), st.text())
@example("0 \x08\r0", "", "")
def test_any_text_becomes_a_contact_or_a_reason(name, email, street):
    try:
        payload = build(contact(name=name, email=email, street=street))
    except Refused:
        return
    assert payload["Name"] == payload["Name"].strip() and "  " not in payload["Name"]
    assert 0 < len(payload["Name"]) <= 255
    payload["Name"].encode("utf-8")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Café Zoë Ltd.", "CAFE ZOE LTD"), ("Smith & Sons", "smith&sons"), ("Straße 7", "STRASSE 7")],
)
def test_names_that_a_person_would_take_for_one(one, other):
    assert text.name_key(one) == text.name_key(other)


@pytest.mark.parametrize(
    ("phone", "key"), [("+64 9 123 4567", "91234567"), ("(09) 123-4567", "91234567"), ("12345", "")]
)
def test_phone_key_is_the_last_eight_digits(phone, key):
    assert text.phone_key(phone) == key


def test_digest_ignores_order_and_trailing_zeros():
    from decimal import Decimal

    assert digest_of({"a": Decimal("1.50"), "b": [1]}) == digest_of({"b": [1], "a": Decimal("1.5")})
    assert digest_of({"a": 1}) != digest_of({"a": 2})
