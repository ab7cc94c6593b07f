"""What a bookkeeper does at Xero's screens with the bank, contacts, tracking and accounts, and what is then read."""
import pytest
from bookkeeper import Bookkeeper

from simulator.accounting import hooks, texts
from simulator.accounting.fields import Refused


@pytest.fixture
def books():
    keeper = Bookkeeper()
    keeper.world.clock.freeze(keeper.world.clock.now().replace(microsecond=0))
    return keeper


def later(books):
    books.world.clock.advance(60)


def news(books, resource):
    """Ids of what changed in this very second."""
    since = {"If-Modified-Since": books.world.clock.now().strftime("%Y-%m-%dT%H:%M:%S")}
    return [row[f"{resource[:-1]}ID"] for row in books.get(f"/{resource}", since, includeArchived="true")[resource]]


def transaction(books, kind, **more):
    element = {
        "Type": kind, "Contact": books.contact(), "BankAccount": {"Code": "090"}, "Date": "2026-10-03",
        "LineItems": [books.line(AccountCode="400" if kind == "SPEND" else "200", UnitAmount=115)], **more,
    }
    return books.write("BankTransactions", element)


def credit_of(books, row, name):
    return books.get(f"/{name}s/{row[f'{name}ID']}")[f"{name}s"][0]


# ---- the bank -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["SPEND", "RECEIVE"])
def test_money_spent_or_received_is_edited_and_deleted(books, kind):
    row = transaction(books, kind)
    later(books)
    line = {"LineItemID": row["LineItems"][0]["LineItemID"], "Quantity": 1, "UnitAmount": 230}
    element = {"BankTransactionID": row["BankTransactionID"], "Reference": "Taxi", "LineItems": [line]}
    changed = books.write("BankTransactions", element, "POST")
    assert (changed["Total"], changed["TotalTax"], changed["Reference"]) == (230, 30, "Taxi")
    assert news(books, "BankTransactions") == [row["BankTransactionID"]]
    later(books)
    books.write("BankTransactions", {"BankTransactionID": row["BankTransactionID"], "Status": "DELETED"}, "POST")
    assert news(books, "BankTransactions") == [row["BankTransactionID"]]


CREDITS = [("RECEIVE", "Prepayment", "ACCREC"), ("SPEND", "Prepayment", "ACCPAY"),
           ("RECEIVE", "Overpayment", "ACCREC"), ("SPEND", "Overpayment", "ACCPAY")]


@pytest.mark.parametrize(("direction", "name", "kind"), CREDITS)
def test_credit_from_the_bank_is_allocated_taken_back_and_refunded(books, direction, name, kind):
    account = "200" if kind == "ACCREC" else "400"
    row = transaction(books, f"{direction}-{name.upper()}", LineItems=[books.line(AccountCode=account, UnitAmount=150)])
    invoice = books.invoice(Type=kind, LineItems=[books.line(account=account)])
    credit_id = row[f"{name}ID"]
    allocation = {"Amount": 115, "Date": "2026-10-10", "Invoice": {"InvoiceID": invoice["InvoiceID"]}}
    later(books)
    made = books.write("Allocations", allocation, path=f"/{name}s/{credit_id}/Allocations")
    assert (books.again(invoice)["Status"], credit_of(books, row, name)["RemainingCredit"]) == ("PAID", 35)
    assert (news(books, "Invoices"), news(books, f"{name}s")) == ([invoice["InvoiceID"]], [credit_id])
    later(books)
    assert books.call("DELETE", f"/{name}s/{credit_id}/Allocations/{made['AllocationID']}")[0] == 200
    assert (books.again(invoice)["AmountDue"], credit_of(books, row, name)["RemainingCredit"]) == (115, 150)
    assert (news(books, "Invoices"), news(books, f"{name}s")) == ([invoice["InvoiceID"]], [credit_id])
    refund = {name: {f"{name}ID": credit_id}, "Account": {"Code": "090"}, "Amount": 150, "Date": "2026-10-11"}
    payment = books.write("Payments", refund)
    side = "AR" if kind == "ACCREC" else "AP"
    assert payment["PaymentType"] == f"{side}{name.upper()}PAYMENT"
    assert credit_of(books, row, name)["Status"] == "PAID"
    books.call("POST", f"/Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    assert (credit_of(books, row, name)["Status"], credit_of(books, row, name)["RemainingCredit"]) == (
        "AUTHORISED", 150
    )


@pytest.mark.parametrize("name", ["Prepayment", "Overpayment"])
def test_credit_is_changed_by_nobody_and_voided_by_a_person_when_nothing_is_taken_from_it(books, name):
    """Xero's API neither updates nor deletes them (Xero: BankTransactions)."""
    row = transaction(books, f"RECEIVE-{name.upper()}", LineItems=[books.line(UnitAmount=150)])
    line = {"LineItemID": row["LineItems"][0]["LineItemID"], "Quantity": 1, "UnitAmount": 200}
    known = {"BankTransactionID": row["BankTransactionID"]}
    for element in ({**known, "LineItems": [line]}, {**known, "Status": "DELETED"}):
        assert books.messages("BankTransactions", element, "POST") == [texts.CREDIT_NOT_EDITABLE]
    invoice = books.invoice()
    allocation = {"Amount": 15, "Date": "2026-10-10", "Invoice": {"InvoiceID": invoice["InvoiceID"]}}
    path = f"/{name}s/{row[f'{name}ID']}/Allocations"
    made = books.write("Allocations", allocation, path=path)
    with pytest.raises(Refused, match="payment or credit note"):
        hooks.void_credit(books.books, row[f"{name}ID"])
    books.call("DELETE", f"{path}/{made['AllocationID']}")
    later(books)
    hooks.void_credit(books.books, row[f"{name}ID"])
    assert credit_of(books, row, name)["Status"] == "VOIDED"
    assert news(books, f"{name}s") == [row[f"{name}ID"]]
    assert books.messages("Allocations", allocation, path=path) == [texts.ALLOCATION_STATUS]


@pytest.mark.parametrize(("kind", "kept"), [
    ("SPEND", True), ("RECEIVE", True), ("RECEIVE-OVERPAYMENT", False), ("SPEND-PREPAYMENT", False),
])  # fmt: skip
def test_reference_is_kept_of_money_spent_and_received_alone(books, kind, kept):
    account = "400" if kind.startswith("SPEND") else "200"
    row = transaction(books, kind, Reference="Taxi", LineItems=[books.line(AccountCode=account)])
    assert row["Reference"] == ("Taxi" if kept else "")


# ---- contacts -----------------------------------------------------------------------------------------------------


def test_a_renamed_contact_has_its_new_name_on_its_documents(books):
    invoice = books.invoice()
    later(books)
    contact = books.write("Contacts", {**books.contact(), "Name": "City Cars"}, "POST")
    assert books.again(invoice)["Contact"]["Name"] == "City Cars"
    assert news(books, "Contacts") == [contact["ContactID"]]


def test_a_contact_is_archived_and_restored(books):
    contact_id = books.contact()["ContactID"]
    for status in ("ARCHIVED", "ACTIVE"):
        later(books)
        path = f"/Contacts/{contact_id}"
        assert books.write("Contacts", {"ContactStatus": status}, "POST", path)["ContactStatus"] == status
        assert news(books, "Contacts") == [contact_id]
        listed = [row["ContactID"] for row in books.get("/Contacts")["Contacts"]]
        assert (contact_id in listed) is (status == "ACTIVE")
    assert books.invoice()["Contact"]["ContactID"] == contact_id


def test_a_merge_is_news_of_the_contact_that_goes_and_of_its_documents(books):
    invoice, note = books.invoice(), books.credit_note()
    source = books.contact()["ContactID"]
    later(books)
    hooks.merge_contact(books.books, "City Limousines", "PowerDirect")
    target = books.contact("PowerDirect")["ContactID"]
    assert news(books, "Contacts") == [source]
    assert (news(books, "Invoices"), news(books, "CreditNotes")) == ([invoice["InvoiceID"]], [note["CreditNoteID"]])
    gone = books.get(f"/Contacts/{source}")["Contacts"][0]
    assert (gone["ContactStatus"], gone["MergedToContactID"]) == ("ARCHIVED", target)
    assert books.again(invoice)["Contact"]["ContactID"] == target


def test_a_contact_joins_a_group_and_leaves_it(books):
    group = books.write("ContactGroups", {"Name": "Donors"})
    path, contact = f"/ContactGroups/{group['ContactGroupID']}", books.contact()

    def groups():
        alone = books.get(f"/Contacts/{contact['ContactID']}")["Contacts"][0]
        listed = books.get("/Contacts", page="1", IDs=contact["ContactID"])["Contacts"][0]
        assert listed["ContactGroups"] == alone["ContactGroups"]
        return [each["Name"] for each in alone["ContactGroups"]]

    assert groups() == ["Customers"]
    assert books.call("PUT", f"{path}/Contacts", {"Contacts": [contact]})[0] == 200
    assert groups() == ["Customers", "Donors"]
    books.write("ContactGroups", {"Name": "Patrons"}, "POST", path)
    assert groups() == ["Customers", "Patrons"]
    assert books.call("DELETE", f"{path}/Contacts/{contact['ContactID']}")[0] == 204
    assert groups() == ["Customers"]


# ---- tracking and accounts ----------------------------------------------------------------------------------------


@pytest.fixture
def tracked(books):
    """(category, option, invoice): Region/North on the invoice's line."""
    line = books.line(Tracking=[{"Name": "Region", "Option": "North"}])
    categories = books.get("/TrackingCategories")["TrackingCategories"]
    category = next(row for row in categories if row["Name"] == "Region")
    return category, next(each for each in category["Options"] if each["Name"] == "North"), books.invoice(
        LineItems=[line]
    )


def entry_of(books, invoice):
    entry = books.again(invoice)["LineItems"][0]["Tracking"][0]
    return entry["Name"], entry["Option"], entry["TrackingOptionID"]


def test_renamed_tracking_has_its_new_names_on_old_lines(books, tracked):
    category, option, invoice = tracked
    path = f"/TrackingCategories/{category['TrackingCategoryID']}"
    books.write("Options", {"Name": "Far North"}, "POST", f"{path}/Options/{option['TrackingOptionID']}")
    books.write("TrackingCategories", {"Name": "Area"}, "POST", path)
    assert entry_of(books, invoice) == ("Area", "Far North", option["TrackingOptionID"])
    assert books.invoice(LineItems=[books.line(Tracking=[{"Name": "Region", "Option": "North"}])])["LineItems"][0][
        "Tracking"
    ] == []


def test_archived_tracking_stays_on_old_lines_and_is_dropped_from_new_ones(books, tracked):
    category, option, invoice = tracked
    path = f"/TrackingCategories/{category['TrackingCategoryID']}"
    archive = {"Status": "ARCHIVED"}
    row = books.write("Options", archive, "POST", f"{path}/Options/{option['TrackingOptionID']}")
    assert (row["Status"], row["IsArchived"], row["IsActive"]) == ("ARCHIVED", True, False)
    line = books.line(Tracking=[{"Name": "Region", "Option": "North"}])
    assert books.invoice(LineItems=[line])["LineItems"][0]["Tracking"] == []
    books.write("TrackingCategories", archive, "POST", path)
    assert entry_of(books, invoice) == ("Region", "North", option["TrackingOptionID"])
    assert "Region" not in [row["Name"] for row in books.get("/TrackingCategories")["TrackingCategories"]]
    everything = books.get("/TrackingCategories", includeArchived="true")["TrackingCategories"]
    assert next(row for row in everything if row["Name"] == "Region")["Status"] == "ARCHIVED"
    books.write("TrackingCategories", {"Status": "ACTIVE"}, "POST", path)
    books.write("Options", {"Status": "ACTIVE"}, "POST", f"{path}/Options/{option['TrackingOptionID']}")
    assert books.invoice(LineItems=[line])["LineItems"][0]["Tracking"][0]["Option"] == "North"


@pytest.mark.parametrize("code", ["200", "090"])
def test_an_account_keeps_its_id_under_a_new_code_and_name(books, code):
    invoice = books.invoice()
    payment = books.pay(invoice, 15)
    account = books.books.account(code)["AccountID"]
    later(books)
    books.write("Accounts", {"Code": "777", "Name": "Renamed"}, "POST", f"/Accounts/{account}")
    assert news(books, "Accounts") == [account]
    line = books.again(invoice)["LineItems"][0]
    seen = books.get(f"/Payments/{payment['PaymentID']}")["Payments"][0]["Account"]
    if code == "200":
        assert (line["AccountID"], line["AccountCode"]) == (account, "777")
        assert books.messages("Invoices", books.element()) == [texts.ACCOUNT_UNKNOWN.format("200")]
    else:
        assert seen == {"AccountID": account, "Code": "777", "Name": "Renamed"}


def test_an_account_is_archived_and_restored(books):
    account = books.books.account("200")["AccountID"]
    for status in ("ARCHIVED", "ACTIVE"):
        later(books)
        row = books.write("Accounts", {"Status": status}, "POST", f"/Accounts/{account}")
        assert (row["Status"], news(books, "Accounts")) == (status, [account])
    assert books.invoice()["Status"] == "AUTHORISED"
