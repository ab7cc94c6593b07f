"""``where``, ``order``, pages, ids and If-Modified-Since of list calls (platform §4)."""
from datetime import date, timedelta

import pytest
from bookkeeper import Bookkeeper
from hypothesis import given
from hypothesis import strategies as st

from simulator.accounting.where import QueryError, Where, ordered

FIELDS = {
    name.lower(): (lambda row, name=name: row.get(name)) for name in ("Name", "Total", "Date", "ID", "Active", "Note")
}
ROWS = [
    {"Name": "Zoë & Co", "Total": 10, "Date": date(2020, 1, 1), "ID": "aa", "Active": True, "Note": None},
    {"Name": "alpha", "Total": 20, "Date": date(2020, 6, 1), "ID": "bb", "Active": False, "Note": "x"},
    {"Name": 'The "Beta" (old)', "Total": 30, "Date": date(2021, 1, 1), "ID": "cc", "Active": True, "Note": None},
]


def ids(clause):
    test = Where(clause, FIELDS)
    return [row["ID"] for row in ROWS if test(row)]


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ('Name=="ALPHA"', "bb"),
        ('Name=="zoe & co"', "aa"),
        ('Name!="alpha"', "aa cc"),
        ('Name == "The \\"Beta\\" (old)"', "cc"),
        ("Total>=20", "bb cc"),
        ("Total>10&&Total<30", "bb"),
        ("Total>10 AND Total<30.5", "bb cc"),
        ('Total==10 OR Name=="alpha"', "aa bb"),
        ('ID==guid("bb") or ID==Guid("CC")', "bb cc"),
        ("Date>=DateTime(2020,06,01) AND Date<DateTime(2021, 1, 1)", "bb"),
        ('Date > DateTime.Parse("2020-12-31")', "cc"),
        ('Name.Contains("ET")', "cc"),
        ('Name.StartsWith("al") OR Name.EndsWith("CO")', "aa bb"),
        ('Name.ToLower().Contains("beta")', "cc"),
        ('Name.ToLower()=="alpha"', "bb"),
        ("Active", "aa cc"),
        ("!Active", "bb"),
        ("Active==false", "bb"),
        ("Note==null", "aa cc"),
        ("Note!=null AND Note.Contains(\"X\")", "bb"),
        ('!(Name=="alpha") AND (Total==10 OR Total==30)', "aa cc"),
        ('Active AND (ID=="aa" OR (ID=="cc" AND Total>100))', "aa"),
    ],
)
def test_where_finds(clause, found):
    assert ids(clause) == found.split()


@pytest.mark.parametrize(
    "clause",
    ["Nmae==1", "Name==", 'Name=="x', "Name & 1", "(Total>1", "Total>1 Total<2", "", '"x"', 'Name.Like("x")',
     'Name>1', "DateTime(2020,13,1)==Date", 'Name.Contains(Total)'],
)
def test_where_refuses(clause):
    with pytest.raises(QueryError):
        ids(clause)


def test_a_demand_is_known_only_where_the_whole_clause_makes_it():
    def demands(clause):
        return Where(clause, FIELDS).equalities

    assert demands('Name=="a" AND Total>1') == {"name": "a"}
    assert demands('Name=="a" OR Name=="b"') == {}
    assert demands('!(Name=="a")') == {}
    assert demands('(Total==1 OR Total==2) AND Name=="a"') == {"name": "a"}


@given(st.text(max_size=40))
def test_no_text_does_more_than_be_refused(text):
    try:
        [Where(text, FIELDS)(row) for row in ROWS]
        ordered(ROWS, text, FIELDS)
    except QueryError:
        pass


def test_order_by_several_fields_with_nothing_first():
    assert [row["ID"] for row in ordered(ROWS, "Note, Total DESC", FIELDS)] == ["cc", "aa", "bb"]
    assert [row["ID"] for row in ordered(ROWS, "Date desc", FIELDS)] == ["cc", "bb", "aa"]


@pytest.fixture
def books():
    keeper = Bookkeeper()
    keeper.numbers = [
        keeper.invoice(InvoiceNumber=f"Q-{n}", Date=f"2026-10-{n + 1:02d}", LineItems=[keeper.line(UnitAmount=n + 1)])
        for n in range(7)
    ]
    return keeper


def numbers(body):
    return [row["InvoiceNumber"] for row in body["Invoices"]]


def test_bad_where_is_error_16(books):
    status, body = books.call("GET", "/Invoices", where="Nope==1")
    assert status == 400 and (body["ErrorNumber"], body["Type"]) == (16, "QueryParseException")
    assert books.call("GET", "/Invoices", order="Nope")[1]["ErrorNumber"] == 16


def test_pages_count_and_end(books):
    body = books.get("/Invoices", page="2", pageSize="3", order="InvoiceNumber")
    assert numbers(body) == ["Q-3", "Q-4", "Q-5"]
    assert body["pagination"] == {"page": 2, "pageSize": 3, "pageCount": 3, "itemCount": 7}
    assert numbers(books.get("/Invoices", page="4", pageSize="3")) == []
    assert books.get("/Invoices", page="1", pageSize="5000")["pagination"]["pageSize"] == 1000
    assert books.get("/Invoices", page="1")["pagination"]["pageSize"] == 100


def test_a_list_without_page_has_no_lines_and_little_of_the_contact(books):
    short, full = books.get("/Invoices"), books.get("/Invoices", page="1")
    assert "pagination" not in short
    assert all(row["LineItems"] == [] and set(row["Contact"]) == {"ContactID", "Name"} for row in short["Invoices"])
    assert all(row["LineItems"] and row["Contact"]["Addresses"] for row in full["Invoices"])


def test_statuses_and_summary_force_pages(books):
    assert books.get("/Invoices", Statuses="AUTHORISED,PAID")["pagination"]["itemCount"] == 7
    body = books.get("/Invoices", summaryOnly="true")
    assert body["pagination"]["itemCount"] == 7
    assert not {"LineItems", "Payments", "HasAttachments"} & set(body["Invoices"][0])


def test_invoices_by_ids_numbers_contacts_and_search(books):
    first, second = books.numbers[:2]
    assert len(books.get("/Invoices", IDs=f"{first['InvoiceID']},{second['InvoiceID']}")["Invoices"]) == 2
    assert numbers(books.get("/Invoices", InvoiceNumbers="q-2,Q-3,none")) == ["Q-2", "Q-3"]
    assert len(books.get("/Invoices", ContactIDs=first["Contact"]["ContactID"])["Invoices"]) == 7
    assert books.get("/Invoices", ContactIDs=books.contact("PowerDirect")["ContactID"])["Invoices"] == []
    assert numbers(books.get("/Invoices", searchTerm="q-6")) == ["Q-6"]
    assert books.get("/Invoices", createdByMyApp="true")["Invoices"] == []


@pytest.mark.parametrize(
    ("clause", "count"),
    [
        ('Type=="ACCREC" AND Date>=DateTime(2026,10,03)', 5),
        ('InvoiceNumber=="q-1"', 1),
        ('Contact.Name=="city limousines"', 7),
        ('Contact.ContactNumber=="CITY" AND Status=="AUTHORISED"', 7),
        ("AmountDue>3 AND AmountDue<=5.75", 3),
        ("AmountPaid==0", 7),
        ('Status=="DRAFT"', 0),
        ("DueDate<DateTime(2026,11,1)", 0),
        ("DueDate==DateTime(2026,11,01)", 7),
        ("Date==DateTime(2026,10,03)", 1),
        ("Date>=DateTime(2026,10,02) && Date<DateTime(2026,10,05)", 3),
        ('Reference=="po 7"', 1),
        ('Type=="ACCPAY"', 0),
        ('Contact.ContactID==guid("{contact}") AND AmountDue==3.45', 1),
        ('Contact.ContactID==Guid("{contact}")', 7),
        ('Contact.ContactID==guid("{first}")', 0),
        ('InvoiceId==guid("{first}")', 1),
        ('InvoiceID==guid("{first}") OR InvoiceID==guid("{second}")', 2),
        ('(InvoiceId==guid("{first}") || InvoiceId==guid("{second}")) AND AmountDue>2', 1),
        ('InvoiceId==guid("{contact}")', 0),
    ],
)
def test_optimised_filters_of_invoices(books, clause, count):
    first, second = books.numbers[:2]
    books.change(books.numbers[4], Reference="PO 7")
    clause = clause.format(
        contact=books.contact()["ContactID"].upper(), first=first["InvoiceID"], second=second["InvoiceID"]
    )
    assert len(books.get("/Invoices", where=clause)["Invoices"]) == count


@pytest.mark.parametrize(
    ("clause", "count"),
    [
        ('Status=="AUTHORISED"', 2),
        ('Status=="VOIDED" OR Status=="AUTHORISED"', 3),
        ('Type=="ACCRECCREDIT" AND Status=="VOIDED"', 1),
        ('Type=="ACCPAYCREDIT"', 0),
        ('Reference=="r-1"', 1),
        ("Date>=DateTime(2026,10,02) AND Date<DateTime(2026,10,03)", 1),
        ('Contact.ContactID==guid("{contact}")', 3),
        ('Contact.Name=="CITY LIMOUSINES" AND Contact.ContactNumber=="city"', 3),
        ('Contact.Name=="PowerDirect"', 0),
        ('CreditNoteID==guid("{first}")', 1),
        ("RemainingCredit>0", 3),
    ],
)
def test_optimised_filters_of_credit_notes(books, clause, count):
    first, _second, third = (
        books.credit_note(Date=f"2026-10-0{n}", Reference=f"R-{n}") for n in range(1, 4)
    )
    books.write("CreditNotes", {"CreditNoteID": third["CreditNoteID"], "Status": "VOIDED"}, "POST")
    clause = clause.format(contact=books.contact()["ContactID"], first=first["CreditNoteID"])
    assert len(books.get("/CreditNotes", where=clause)["CreditNotes"]) == count


@pytest.mark.parametrize(
    ("clause", "count"),
    [
        ('PaymentType=="ACCRECPAYMENT"', 3),
        ('PaymentType=="ACCPAYPAYMENT"', 0),
        ('Status=="AUTHORISED"', 2),
        ('Status=="DELETED" AND Reference=="p-2"', 1),
        ("Date>=DateTime(2026,10,02) AND Date<DateTime(2026,10,03)", 1),
        ('Invoice.InvoiceId==guid("{invoice}")', 1),
        ('Invoice.InvoiceID==guid("{invoice}") OR Invoice.InvoiceID==guid("{other}")', 2),
        ('PaymentId==guid("{first}") OR PaymentId==guid("{second}")', 2),
        ('PaymentID==guid("{first}") AND Status=="DELETED"', 0),
    ],
)
def test_optimised_filters_of_payments(books, clause, count):
    first, second, third = (
        books.pay(books.numbers[n], 1, Reference=f"P-{n}", Date=f"2026-10-0{n + 1}") for n in range(3)
    )
    books.write("Payments", {"PaymentID": third["PaymentID"], "Status": "DELETED"}, "POST")
    clause = clause.format(
        invoice=books.numbers[0]["InvoiceID"], other=books.numbers[1]["InvoiceID"],
        first=first["PaymentID"], second=second["PaymentID"],
    )
    assert len(books.get("/Payments", where=clause)["Payments"]) == count


@pytest.mark.parametrize(
    ("clause", "count"),
    [
        ('EmailAddress=="FINANCE@ridgeway.example"', 2),
        ('EmailAddress=="finance@ridgeway.example" AND Name=="Ridgeway Bank"', 1),
        ('EmailAddress=="billing@powerdirect.example" OR AccountNumber=="nobody"', 1),
        ('Name=="peninsule cafe"', 1),
        ('Name=="Péninsule Café" OR Name=="powerdirect"', 2),
        ('AccountNumber=="pd-77"', 1),
        ('ContactNumber=="city"', 1),
        ('ContactID==guid("{city}") OR Name=="PowerDirect"', 2),
        ('EmailAddress!=null AND EmailAddress!="" AND Name.StartsWith("RIDGE")', 2),
    ],
)
def test_optimised_filters_of_contacts(books, clause, count):
    clause = clause.format(city=books.contact()["ContactID"])
    assert len(books.get("/Contacts", where=clause)["Contacts"]) == count


def test_archived_contacts_are_listed_only_when_asked_for(books):
    count = len(books.get("/Contacts")["Contacts"])
    everyone = books.get("/Contacts", includeArchived="true")["Contacts"]
    assert len(everyone) == count + 1
    assert [row["Name"] for row in everyone if row["ContactStatus"] == "ARCHIVED"] == ["Closed Shop"]


def test_modified_since_is_to_the_second_and_may_find_nothing(books):
    clock = books.world.clock
    clock.freeze(clock.now().replace(microsecond=0) + timedelta(seconds=90, milliseconds=700))
    stamp = clock.now().strftime("%Y-%m-%dT%H:%M:%S")
    books.change(books.numbers[2], Reference="changed")
    assert numbers(books.get("/Invoices", {"If-Modified-Since": stamp})) == ["Q-2"]
    clock.freeze(clock.now().replace(microsecond=0) + timedelta(seconds=5))
    stamp = clock.now().strftime("%Y-%m-%dT%H:%M:%S")
    books.change(books.numbers[3], Reference="at that very second")
    assert numbers(books.get("/Invoices", {"If-Modified-Since": stamp})) == ["Q-3"]
    clock.advance(1)
    later = clock.now().strftime("%Y-%m-%dT%H:%M:%S")
    assert books.get("/Invoices", {"If-Modified-Since": later})["Invoices"] == []


def test_default_order_is_oldest_change_first(books):
    books.world.clock.advance(5)
    books.change(books.numbers[0], Reference="changed")
    assert numbers(books.get("/Invoices"))[-1] == "Q-0"
