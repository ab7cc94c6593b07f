"""What is looked up by an index and what is searched row by row is the same, deleted documents included."""
import pytest
from bookkeeper import Bookkeeper
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.accounting import texts

NOBODY = "11111111-2222-3333-4444-555555555555"
# resource -> the fields of which an equality is looked up
INDEXED = {
    "Invoices": ("InvoiceID", "InvoiceNumber", "Contact.ContactID"),
    "CreditNotes": ("CreditNoteID", "CreditNoteNumber", "Contact.ContactID"),
    "BankTransactions": ("BankTransactionID", "Reference"),
    "Payments": ("PaymentID", "Invoice.InvoiceID"),
    "Contacts": ("ContactID", "ContactNumber", "Name"),
}


def filled():
    """Books with documents in every state, a number that was used again, and one that a bill shares."""
    books = Bookkeeper()
    for number, status in (("D-1", "DRAFT"), ("D-1", "DRAFT"), ("D-2", "AUTHORISED"), ("D-3", "AUTHORISED")):
        row = books.invoice(InvoiceNumber=number, Status=status)
        if number in ("D-1", "D-3"):
            books.change(row, Status="DELETED" if status == "DRAFT" else "VOIDED")
    books.invoice(InvoiceNumber="D-1", Contact={"Name": "Zoë & Co", "ContactNumber": "Z-1"})
    books.invoice(InvoiceNumber="D-2", Type="ACCPAY", LineItems=[books.line(account="400")])
    note = books.credit_note(CreditNoteNumber="C-1", Status="DRAFT")
    books.write("CreditNotes", {"CreditNoteID": note["CreditNoteID"], "Status": "DELETED"}, "POST")
    books.credit_note(CreditNoteNumber="C-2")
    for reference in ("Táxi", "Táxi", "", None):
        row = books.write("BankTransactions", {
            "Type": "SPEND", "Contact": books.contact(), "BankAccount": {"Code": "090"}, "Reference": reference,
            "LineItems": [books.line(AccountCode="400")],
        })
    books.write("BankTransactions", {"BankTransactionID": row["BankTransactionID"], "Status": "DELETED"}, "POST")
    paid = books.invoice()
    books.pay(paid, 5)
    gone = books.pay(paid, 6)
    books.write("Payments", {"PaymentID": gone["PaymentID"], "Status": "DELETED"}, "POST")
    return books


BOOKS = filled()


def rows(resource, clause):
    return [row for row in BOOKS.get(f"/{resource}", where=clause, includeArchived="true", page="1")[resource]]


def value_of(row, field):
    for part in field.split("."):
        row = (row or {}).get(part)
    return row


def values(resource, field):
    known = [value_of(row, field) for row in BOOKS.get(f"/{resource}", includeArchived="true", page="1")[resource]]
    return sorted({str(value) for value in known if value is not None} | {"", NOBODY, "nothing"})


@st.composite
def clauses(draw):
    """(resource, an equality on an indexed field, perhaps with another demand beside it)"""
    resource = draw(st.sampled_from(sorted(INDEXED)))

    def equality(field):
        text = draw(st.sampled_from(values(resource, field)))
        text = draw(st.sampled_from([text, text.upper(), text.lower(), text.replace("á", "a")]))
        return f'{field}==guid("{text}")' if field.endswith("ID") and text and draw(st.booleans()) \
            else f'{field}=="{text}"'

    clause = equality(draw(st.sampled_from(INDEXED[resource])))
    others = [equality(draw(st.sampled_from(INDEXED[resource]))), 'UpdatedDateUTC>DateTime(2000,1,1)', "1==2"]
    if draw(st.booleans()):
        clause = f"{clause} {draw(st.sampled_from(['AND', 'OR']))} {draw(st.sampled_from(others))}"
    return resource, clause


@settings(max_examples=300, deadline=None)
@given(clauses())
def test_an_index_finds_what_a_search_finds(clause):
    resource, text = clause
    assert rows(resource, text) == rows(resource, f"({text}) OR 1==2")  # beside an OR nothing is looked up


@pytest.mark.parametrize(
    ("path", "query", "resource"),
    [
        ("/Invoices", {"where": 'InvoiceNumber=="d-1"'}, "Invoices"),
        ("/Invoices", {"InvoiceNumbers": "D-1"}, "Invoices"),
        ("/Invoices", {"searchTerm": "D-1"}, "Invoices"),
        ("/CreditNotes", {"where": 'CreditNoteNumber=="C-1"'}, "CreditNotes"),
        ("/CreditNotes/C-1", {}, "CreditNotes"),
        ("/BankTransactions", {"where": 'Reference=="taxi"'}, "BankTransactions"),
    ],
)
def test_a_deleted_document_is_found_by_its_number(path, query, resource):
    found = BOOKS.get(path, **query)[resource]
    assert len(found) == {"Invoices": 3, "CreditNotes": 1, "BankTransactions": 2}[resource]
    if resource != "BankTransactions":
        assert "DELETED" in {row["Status"] for row in found}


def test_the_address_of_a_number_leads_to_the_document_that_has_it_now():
    books = Bookkeeper()
    old = books.invoice(InvoiceNumber="D-1", Status="DRAFT")
    books.change(old, Status="DELETED")
    assert books.get("/Invoices/D-1")["Invoices"][0]["InvoiceID"] == old["InvoiceID"]
    new = books.invoice(InvoiceNumber="D-1")
    assert books.get("/Invoices/D-1")["Invoices"][0]["InvoiceID"] == new["InvoiceID"] != old["InvoiceID"]


def test_a_deleted_document_gives_its_number_back_and_takes_no_payment_by_it():
    books = Bookkeeper()
    first = books.invoice(Status="DRAFT")
    books.change(first, Status="DELETED")
    element = {"InvoiceNumber": first["InvoiceNumber"], "Account": {"Code": "090"}, "Amount": 5}
    assert books.messages("Payments", element) == [texts.INVOICE_NOT_FOUND]
    assert books.invoice(InvoiceNumber=first["InvoiceNumber"])["InvoiceID"] != first["InvoiceID"]
    assert books.messages("Invoices", books.element(InvoiceNumber=first["InvoiceNumber"])) == [
        "Invoice # must be unique."
    ]
