"""Contacts: keys, uniqueness, what is refused and with which words (platform §5, §6)."""
import pytest
from bookkeeper import Bookkeeper

from simulator.accounting import hooks, texts


@pytest.fixture
def books():
    return Bookkeeper()


def test_put_refuses_a_taken_name_in_any_case_and_post_updates_it(books):
    assert books.messages("Contacts", {"Name": "CITY limousines"}) == [
        "The contact name CITY limousines is already assigned to another contact. "
        "The contact name must be unique across all active contacts."
    ]
    row = books.write("Contacts", {"Name": "CITY limousines", "TaxNumber": "9"}, "POST")
    assert (row["ContactID"], row["TaxNumber"]) == (books.contact()["ContactID"], "9")
    assert row["EmailAddress"] == "accounts@citylimo.example"


def test_a_refused_batch_echoes_the_contact_with_an_id_of_zeros(books):
    status, body = books.call("PUT", "/Contacts", {"Contacts": [{"Name": "PowerDirect"}]})
    assert status == 400
    echo = body["Elements"][0]
    assert (echo["ContactID"], echo["Name"]) == ("00000000-0000-0000-0000-000000000000", "PowerDirect")
    assert echo["HasValidationErrors"] is True


def test_post_finds_by_id_then_number_then_name(books):
    city = books.contact()["ContactID"]
    assert books.write("Contacts", {"ContactNumber": "city", "FirstName": "A"}, "POST")["ContactID"] == city
    assert books.write("Contacts", {"ContactID": city, "Name": "City Cars"}, "POST")["Name"] == "City Cars"
    adopted = books.write("Contacts", {"Name": "Ridgeway Bank", "ContactNumber": "RB"}, "POST")
    assert adopted["ContactID"] == books.contact("Ridgeway Bank")["ContactID"]
    assert books.get("/Contacts/RB")["Contacts"][0]["ContactID"] == adopted["ContactID"]


def test_a_name_that_belongs_to_another_number_is_refused(books):
    assert books.messages("Contacts", {"Name": "City Limousines", "ContactNumber": "OTHER"}, "POST") == [
        texts.CONTACT_DUPLICATE.format("City Limousines")
    ]


def test_a_contact_number_belongs_to_one_contact(books):
    power = books.contact("PowerDirect")["ContactID"]
    assert books.messages("Contacts", {"ContactID": power, "ContactNumber": "City"}, "POST") == [texts.CONTACT_NUMBER]
    assert books.messages("Contacts", {"Name": "New", "ContactNumber": "CITY"}) == [texts.CONTACT_NUMBER]


def test_renaming_to_a_taken_name_is_refused(books):
    power = books.contact("PowerDirect")["ContactID"]
    assert books.messages("Contacts", {"ContactID": power, "Name": "ridgeway bank"}, "POST") == [
        "The existing contact with name 'PowerDirect' cannot be updated to use new name 'ridgeway bank'. "
        "There is an existing contact with that name."
    ]


@pytest.mark.parametrize(
    ("element", "message"),
    [
        ({}, texts.CONTACT_KEY),
        ({"EmailAddress": "a@b.example"}, texts.CONTACT_KEY),
        ({"Name": "A <b>"}, texts.CONTACT_NAME_SIGNS),
        ({"Name": "A" * 256}, texts.TOO_LONG.format("Name", 255)),
        ({"Name": "A", "ContactNumber": "9" * 51}, texts.TOO_LONG.format("ContactNumber", 50)),
        ({"Name": "A", "EmailAddress": "nobody"}, texts.EMAIL),
        ({"Name": "A", "EmailAddress": "ü@b.example"}, texts.EMAIL),
        ({"Name": "A", "EmailAddress": "a..b@c.example"}, texts.EMAIL),
        ({"Name": "A", "DefaultCurrency": "GBP"}, texts.CURRENCY.format("GBP")),
        ({"Name": "A", "ContactPersons": [{"FirstName": "x"}] * 6}, texts.CONTACT_PERSONS),
        ({"Name": "A", "Addresses": [{"AddressType": "POBOX", "Country": "N2"}]}, texts.COUNTRY_LETTERS),
        ({"Name": "A", "Addresses": [{"AddressType": "POBOX", "City": "x" * 256}]}, texts.TOO_LONG.format("City", 255)),
        ({"Name": "A", "Phones": [{"PhoneType": "PIGEON"}]}, texts.BAD_TYPE.format("PIGEON")),
        ({"Name": "A", "ContactStatus": "ASLEEP"}, texts.BAD_STATUS.format("ASLEEP")),
    ],
)
def test_what_breaks_a_rule_is_refused(books, element, message):
    if not element:
        element = {"ContactStatus": "ACTIVE"}
    assert books.messages("Contacts", element) == [message]
    assert len(books.books.contacts) == 6


def test_an_unknown_id_is_refused_in_a_batch_and_not_found_in_an_address(books):
    nobody = "11111111-2222-3333-4444-555555555555"
    assert books.messages("Contacts", {"ContactID": nobody, "Name": "x"}, "POST") == [texts.CONTACT_NOT_FOUND]
    assert books.call("GET", f"/Contacts/{nobody}") == (404, b"")
    assert books.call("POST", f"/Contacts/{nobody}", {"Name": "x"})[0] == 404


def test_omitted_parts_are_kept_and_each_type_of_address_or_phone_is_replaced_alone(books):
    power = books.contact("PowerDirect")["ContactID"]
    change = {"ContactID": power, "Addresses": [{"AddressType": "STREET", "AddressLine1": "1 Road"}]}
    row = books.write("Contacts", change, "POST")
    lines = {address["AddressType"]: address.get("AddressLine1") for address in row["Addresses"]}
    assert lines == {"STREET": "1 Road", "POBOX": "P O Box 8900"}
    assert row["AccountNumber"] == "PD-77"
    phones = {phone["PhoneType"]: phone["PhoneNumber"] for phone in row["Phones"]}
    assert phones == {"DDI": "", "DEFAULT": "5550100", "FAX": "", "MOBILE": ""}


def test_an_archived_name_is_free_for_a_new_contact_but_not_for_restoring(books):
    old = books.contact("Closed Shop")["ContactID"]
    new = books.write("Contacts", {"Name": "Closed Shop"})
    assert new["ContactID"] != old
    assert books.messages("Contacts", {"ContactID": old, "ContactStatus": "ACTIVE"}, "POST") == [
        texts.CONTACT_RENAME.format("Closed Shop", "Closed Shop")
    ]


def test_documents_refuse_archived_contacts_by_id_and_by_name(books):
    archived = books.books.contact_named("Closed Shop")
    for contact in ({"ContactID": archived["ContactID"]}, {"Name": "closed shop"}):
        assert books.messages("Invoices", books.element(Contact=contact)) == [
            "The contact with the specified contact details has been archived. "
            "The contact must be un-archived before creating new invoices or credit notes."
        ]


def test_an_invoice_creates_the_contact_that_it_names_and_only_if_it_is_saved(books):
    row = books.invoice(Contact={"Name": "Brand New", "EmailAddress": "b@new.example"})
    contact = books.get(f"/Contacts/{row['Contact']['ContactID']}")["Contacts"][0]
    assert (contact["Name"], contact["IsCustomer"], contact["IsSupplier"]) == ("Brand New", True, False)
    books.messages("Invoices", books.element(Contact={"Name": "Never"}, LineItems=[books.line(AccountCode="no")]))
    assert books.books.contact_named("Never") is None


def test_more_than_the_identity_on_an_invoice_updates_the_contact_and_drops_its_persons(books):
    contact = {**books.contact(), "ContactPersons": [{"FirstName": "Ann"}]}
    books.write("Contacts", contact, "POST")
    before = books.get("/Contacts/CITY")["Contacts"][0]
    books.invoice()
    assert books.get("/Contacts/CITY")["Contacts"][0]["ContactPersons"] == before["ContactPersons"]
    books.invoice(Contact={**books.contact(), "EmailAddress": "new@city.example"})
    after = books.get("/Contacts/CITY")["Contacts"][0]
    assert (after["EmailAddress"], after["ContactPersons"]) == ("new@city.example", [])


def test_being_a_customer_does_not_count_as_a_change(books):
    before = books.get("/Contacts/CITY")["Contacts"][0]
    books.invoice()
    after = books.get("/Contacts/CITY")["Contacts"][0]
    assert (before["IsCustomer"], after["IsCustomer"]) == (False, True)
    assert before["UpdatedDateUTC"] == after["UpdatedDateUTC"]


def test_balances_follow_the_open_documents(books):
    invoice = books.invoice()
    books.pay(invoice, 15)
    balances = books.get("/Contacts/CITY")["Contacts"][0]["Balances"]
    assert balances["AccountsReceivable"]["Outstanding"] == 100
    assert balances["AccountsReceivable"]["Overdue"] in (0, 100)
    assert balances["AccountsPayable"]["Outstanding"] == 0


def test_a_merged_contact_names_the_one_that_stayed(books):
    invoice = books.invoice()
    hooks.merge_contact(books.books, "City Limousines", "Ridgeway Bank")
    gone = books.get("/Contacts/CITY")["Contacts"][0]
    stayed = books.contact("Ridgeway Bank")["ContactID"]
    assert (gone["ContactStatus"], gone["MergedToContactID"]) == ("ARCHIVED", stayed)
    assert books.again(invoice)["Contact"]["ContactID"] == stayed
    assert books.get(f"/Contacts/{stayed}")["Contacts"][0]["IsCustomer"] is True
    element = books.element(Contact={"ContactID": gone["ContactID"]})
    assert books.messages("Invoices", element) == [texts.CONTACT_ARCHIVED]


def test_an_address_or_phone_without_a_type_is_the_usual_one(books):
    row = books.write("Contacts", {"Name": "N", "Addresses": [{"City": "Y"}], "Phones": [{"PhoneNumber": "7"}]})
    assert [address["AddressType"] for address in row["Addresses"] if address["City"]] == ["POBOX"]
    assert [phone["PhoneType"] for phone in row["Phones"] if phone["PhoneNumber"]] == ["DEFAULT"]


def test_groups_hold_contacts_and_are_unique_by_name(books):
    assert books.messages("ContactGroups", {"Name": "customers"}) == [texts.GROUP_EXISTS]
    group = books.write("ContactGroups", {"Name": "Donors"})
    path = f"/ContactGroups/{group['ContactGroupID']}"
    status, body = books.call("PUT", f"{path}/Contacts", {"Contacts": [books.contact(), books.contact("PowerDirect")]})
    assert status == 200 and len(body["Contacts"]) == 2
    assert [each["Name"] for each in books.get("/Contacts/CITY")["Contacts"][0]["ContactGroups"]] == [
        "Customers", "Donors"
    ]
    assert books.call("DELETE", f"{path}/Contacts/{books.contact()['ContactID']}")[0] == 204
    assert [row["Name"] for row in books.get(path)["ContactGroups"][0]["Contacts"]] == ["PowerDirect"]
    assert books.call("DELETE", f"{path}/Contacts")[0] == 204
    assert books.get(path)["ContactGroups"][0]["Contacts"] == []
    books.write("ContactGroups", {"Status": "DELETED"}, "POST", path)
    assert "Donors" not in [row["Name"] for row in books.get("/ContactGroups")["ContactGroups"]]


def test_there_are_at_most_100_groups(books):
    for number in range(98):
        books.write("ContactGroups", {"Name": f"G{number}"})
    assert books.messages("ContactGroups", {"Name": "one more"}) == ["You’ve reached the limit of 100 contact groups."]
