"""What a bookkeeper does with invoices, bills and credit notes at Xero's screens, and what a client then reads.

The screens are ``/_simulator/api`` (``Simulator.books``); what follows is read as a client reads it: over HTTP, by
If-Modified-Since, with the documents' own UpdatedDateUTC.
"""
import re
from datetime import datetime, timedelta, timezone

import pytest

BANK, DOLLARS = {"Code": "090"}, {"Code": "091"}


class Screens:
    """A person in the New Zealand organisation, and a client that looks on; the clock stands still between acts."""

    def __init__(self, client):
        self.client = client
        self.simulator = client.simulator
        self.simulator.clock(freeze="2026-11-21T00:00:00Z")
        self.customer, self.other = (
            {"ContactID": self.read(f"/Contacts?where=Name%3D%3D%22{name}%22", "Contacts")[0]["ContactID"]}
            for name in ("City%20Limousines", "PowerDirect")
        )

    # ---- the person --------------------------------------------------------------------------

    def do(self, method, path, body=None, **query):
        return self.simulator.books("NZ", path, method, body, **query)

    def write(self, resource, element, method="PUT"):
        return self.do(method, resource, {resource: [element]})[resource][0]

    def line(self, account="200", amount=100, **more):
        return {"Description": "Work", "Quantity": 1, "UnitAmount": amount, "AccountCode": account, **more}

    def document(self, kind="ACCREC", **more):
        account = "200" if kind in ("ACCREC", "ACCRECCREDIT") else "400"
        return {
            "Type": kind, "Contact": self.customer, "Date": "2026-11-01", "DueDate": "2026-12-01",
            "Status": "AUTHORISED", "LineItems": [self.line(account)], **more,
        }

    def invoice(self, kind="ACCREC", **more):
        return self.write("Invoices", self.document(kind, **more))

    def credit_note(self, kind="ACCRECCREDIT", **more):
        element = self.document(kind, **more)
        del element["DueDate"]
        return self.write("CreditNotes", element)

    def change(self, row, **more):
        return self.write("Invoices", {"InvoiceID": row["InvoiceID"], **more}, "POST")

    def pay(self, amount, account=BANK, **more):
        return self.write("Payments", {"Account": account, "Date": "2026-11-20", "Amount": amount, **more})

    def later(self, seconds=60):
        self.simulator.clock(advance=seconds)

    # ---- the client --------------------------------------------------------------------------

    def read(self, path, resource, since=None):
        headers = {"If-Modified-Since": since} if since else {}
        answer = self.client.get(path, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()[resource]

    def again(self, row, resource="Invoices"):
        key = f"{resource[:-1]}ID"
        return self.read(f"/{resource}/{row[key]}", resource)[0]

    def moment(self):
        return datetime.fromisoformat(self.simulator.clock())

    def news(self, resource):
        """Ids of what an If-Modified-Since of this very second finds."""
        since = self.moment().strftime("%Y-%m-%dT%H:%M:%S")
        return {row[f"{resource[:-1]}ID"] for row in self.read(f"/{resource}?page=1", resource, since)}


def moment_of(value):
    """``/Date(1573755038314+0000)/`` as an aware datetime."""
    milliseconds = int(re.match(r"/Date\((\d+)", value)[1])
    return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=milliseconds)


@pytest.fixture
def at(client):
    return Screens(client)


# ---- invoices and bills -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "account"), [("ACCREC", "200"), ("ACCPAY", "400")])
def test_lines_and_header_of_an_unpaid_document_are_edited(at, kind, account):
    row = at.invoice(kind, InvoiceNumber="N-1", LineItems=[at.line(account), at.line(account, 50)])
    kept = row["LineItems"][0]["LineItemID"]
    at.later()
    header = {
        "Contact": at.other, "Date": "2026-11-02", "DueDate": "2026-12-15", "InvoiceNumber": "N-2",
        "CurrencyCode": "USD", "CurrencyRate": 0.6, "LineAmountTypes": "Inclusive",
    }
    lines = [
        {"LineItemID": kept, "Quantity": 2, "UnitAmount": 57.5},
        at.line(account, 23, Description="More", Tracking=[{"Name": "Region", "Option": "North"}]),
    ]
    at.change(row, LineItems=lines, **header)
    seen = at.again(row)
    assert [line["LineItemID"] == kept for line in seen["LineItems"]] == [True, False]
    assert [line["LineAmount"] for line in seen["LineItems"]] == [115, 23]
    assert (seen["SubTotal"], seen["TotalTax"], seen["Total"], seen["AmountDue"]) == (120, 18, 138, 138)
    assert (seen["InvoiceNumber"], seen["CurrencyCode"], seen["CurrencyRate"]) == ("N-2", "USD", 0.6)
    assert (seen["DateString"], seen["DueDateString"]) == ("2026-11-02T00:00:00", "2026-12-15T00:00:00")
    assert seen["Contact"]["ContactID"] == at.other["ContactID"]
    assert seen["LineItems"][1]["Tracking"][0]["Option"] == "North"
    assert at.news("Invoices") == {row["InvoiceID"]}


@pytest.mark.parametrize("kind", ["ACCREC", "ACCPAY"])
def test_a_draft_is_approved_and_an_approved_document_voided(at, kind):
    row = at.invoice(kind, Status="DRAFT")
    for status in ("SUBMITTED", "AUTHORISED", "VOIDED"):
        at.later()
        at.change(row, Status=status)
        assert at.again(row)["Status"] == status
        assert at.news("Invoices") == {row["InvoiceID"]}


def test_a_draft_is_deleted(at):
    row = at.invoice(Status="DRAFT", InvoiceNumber="N-1")
    at.later()
    at.change(row, Status="DELETED")
    assert at.again(row)["Status"] == "DELETED"
    assert at.news("Invoices") == {row["InvoiceID"]}
    assert at.invoice(InvoiceNumber="N-1")["Status"] == "AUTHORISED"


def test_what_remains_open_on_a_paid_document_is_edited(at):
    row = at.invoice()
    at.pay(115, Invoice={"InvoiceID": row["InvoiceID"]})
    at.later()
    line = {"LineItemID": row["LineItems"][0]["LineItemID"], "Description": "Named otherwise", "AccountCode": "260"}
    at.change(row, Reference="PO 7", LineItems=[line])
    seen = at.again(row)
    assert (seen["Status"], seen["Reference"], seen["LineItems"][0]["AccountCode"]) == ("PAID", "PO 7", "260")
    assert at.news("Invoices") == {row["InvoiceID"]}


# ---- payments -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["ACCREC", "ACCPAY"])
def test_a_document_is_paid_in_parts_and_each_part_is_news(at, kind):
    row = at.invoice(kind)
    for amount, due, status in ((15, 100, "AUTHORISED"), (100, 0, "PAID")):
        at.later()
        payment = at.pay(amount, Invoice={"InvoiceID": row["InvoiceID"]})
        seen = at.again(row)
        assert (seen["AmountDue"], seen["Status"]) == (due, status)
        assert payment["PaymentID"] in [each["PaymentID"] for each in seen["Payments"]]
        assert moment_of(seen["UpdatedDateUTC"]) == at.moment()
        assert at.news("Invoices") == {row["InvoiceID"]} and at.news("Payments") == {payment["PaymentID"]}


def test_a_deleted_payment_is_news_of_the_payment_and_of_its_invoice(at):
    row = at.invoice()
    payment = at.pay(115, Invoice={"InvoiceID": row["InvoiceID"]})
    at.later()
    at.do("POST", f"Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    seen = at.again(row)
    assert (seen["Status"], seen["AmountDue"], seen["AmountPaid"], seen["Payments"]) == ("AUTHORISED", 115, 0, [])
    assert at.again(payment, "Payments")["Status"] == "DELETED"
    assert at.news("Invoices") == {row["InvoiceID"]} and at.news("Payments") == {payment["PaymentID"]}


def test_a_batch_is_news_of_each_of_its_invoices_when_it_is_made_and_when_it_is_deleted(at):
    rows = [at.invoice(), at.invoice()]
    ids = {row["InvoiceID"] for row in rows}
    payments = [{"Invoice": {"InvoiceID": row["InvoiceID"]}, "Amount": 115} for row in rows]
    at.later()
    batch = at.write("BatchPayments", {"Account": BANK, "Date": "2026-11-20", "Payments": payments})
    parts = {payment["PaymentID"] for payment in batch["Payments"]}
    assert (at.news("Invoices"), at.news("Payments")) == (ids, parts)
    at.later()
    at.do("POST", f"BatchPayments/{batch['BatchPaymentID']}", {"Status": "DELETED"})
    assert (at.news("Invoices"), at.news("Payments")) == (ids, parts)


@pytest.mark.parametrize(
    ("sent", "rate", "bank_amount"),
    [
        ({}, 0.5, 100),  # the document's rate
        ({"CurrencyRate": 0.625}, 0.625, 80),
        ({"BankAmount": 81}, 0.617284, 81),  # what the bank gave makes the rate
        ({"CurrencyRate": 0.625, "BankAmount": 79.5}, 0.625, 79.5),
    ],
)
def test_a_foreign_document_is_paid_from_an_account_in_the_base_currency(at, sent, rate, bank_amount):
    row = at.invoice(CurrencyCode="USD", CurrencyRate=0.5)
    payment = at.pay(50, Invoice={"InvoiceID": row["InvoiceID"]}, **sent)
    seen = at.again(payment, "Payments")
    assert (seen["Amount"], seen["CurrencyRate"], seen["BankAmount"]) == (50, rate, bank_amount)
    assert at.again(row)["AmountDue"] == 65


@pytest.mark.parametrize(
    ("currency", "sent", "rate", "bank_amount"),
    [
        ({"CurrencyCode": "USD", "CurrencyRate": 0.5}, {}, 0.5, 50),
        ({"CurrencyCode": "USD", "CurrencyRate": 0.5}, {"CurrencyRate": 0.625}, 0.625, 50),
        ({"CurrencyCode": "AUD", "CurrencyRate": 0.8}, {}, 0.8, 31.25),  # 50 AUD = 62.50 NZD = 31.25 USD
        ({}, {}, 1, 25),  # 50 NZD of a document at home
        ({}, {"CurrencyRate": 0.6}, 1, 30),
        ({}, {"BankAmount": 31}, 1, 31),
    ],
)
def test_a_document_is_paid_from_an_account_in_another_currency(at, currency, sent, rate, bank_amount):
    at.simulator.organisation("NZ", set_day_rate={"currency": "USD", "rate": 0.5})
    row = at.invoice(**currency)
    payment = at.pay(50, DOLLARS, Invoice={"InvoiceID": row["InvoiceID"]}, **sent)
    assert (payment["CurrencyRate"], payment["BankAmount"]) == (rate, bank_amount)


def test_a_statement_line_is_matched_with_a_payment_and_let_go_again(at):
    payment = at.pay(115, Invoice={"InvoiceID": at.invoice()["InvoiceID"]})
    for order, reconciled in (("reconcile_payment", True), ("unreconcile_payment", False)):
        at.later()
        at.simulator.organisation("NZ", **{order: payment["PaymentID"]})
        assert at.again(payment, "Payments")["IsReconciled"] is reconciled
        assert at.news("Payments") == {payment["PaymentID"]}
    at.do("POST", f"Payments/{payment['PaymentID']}", {"Status": "DELETED"})


# ---- credit -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "credit"), [("ACCREC", "ACCRECCREDIT"), ("ACCPAY", "ACCPAYCREDIT")])
def test_an_allocation_is_news_of_both_documents_when_it_is_made_and_when_it_is_removed(at, kind, credit):
    row, note = at.invoice(kind), at.credit_note(credit)
    at.later()
    path = f"CreditNotes/{note['CreditNoteID']}/Allocations"
    allocation = {"Amount": 40, "Date": "2026-11-20", "Invoice": {"InvoiceID": row["InvoiceID"]}}
    made = at.do("PUT", path, {"Allocations": [allocation]})["Allocations"][0]
    seen, left = at.again(row), at.again(note, "CreditNotes")
    assert (seen["AmountCredited"], seen["AmountDue"], left["RemainingCredit"]) == (40, 75, 75)
    assert (at.news("Invoices"), at.news("CreditNotes")) == ({row["InvoiceID"]}, {note["CreditNoteID"]})
    at.later()
    at.do("DELETE", f"{path}/{made['AllocationID']}")
    seen, left = at.again(row), at.again(note, "CreditNotes")
    assert (seen["AmountCredited"], seen["CreditNotes"]) == (0, [])
    assert (left["RemainingCredit"], left["Allocations"]) == (115, [])
    assert (at.news("Invoices"), at.news("CreditNotes")) == ({row["InvoiceID"]}, {note["CreditNoteID"]})


def test_a_credit_note_is_edited_refunded_and_voided(at):
    note = at.credit_note()
    at.later()
    line = {"LineItemID": note["LineItems"][0]["LineItemID"], "Quantity": 1, "UnitAmount": 200}
    at.write("CreditNotes", {"CreditNoteID": note["CreditNoteID"], "LineItems": [line]}, "POST")
    assert at.again(note, "CreditNotes")["RemainingCredit"] == 230
    refund = at.pay(230, CreditNote={"CreditNoteID": note["CreditNoteID"]})
    assert refund["PaymentType"] == "ARCREDITPAYMENT"
    assert at.again(note, "CreditNotes")["Status"] == "PAID"
    at.later()
    at.do("POST", f"Payments/{refund['PaymentID']}", {"Status": "DELETED"})
    assert (at.news("CreditNotes"), at.news("Payments")) == ({note["CreditNoteID"]}, {refund["PaymentID"]})
    at.write("CreditNotes", {"CreditNoteID": note["CreditNoteID"], "Status": "VOIDED"}, "POST")
    assert at.again(note, "CreditNotes")["Status"] == "VOIDED"


# ---- lists --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("resource", ["Invoices", "CreditNotes", "Payments", "Contacts", "Overpayments"])
@pytest.mark.parametrize("since", [None, "2020-01-01T00:00:00", "2030-01-01T00:00:00"])
@pytest.mark.parametrize("query", ["", "?page=1", "?page=2&pageSize=1"])
def test_every_list_says_what_time_it_is_at_xero(at, resource, query, since):
    headers = {"If-Modified-Since": since} if since else {}
    body = at.client.get(f"/{resource}{query}", headers=headers).json()
    assert moment_of(body["DateTimeUTC"]) == at.moment()
    assert ("pagination" in body) is bool(query)


def test_an_answer_of_nothing_changed_has_no_time(at):
    at.simulator.fault("status", status=304)
    answer = at.client.get("/Invoices?page=1", headers={"If-Modified-Since": "2030-01-01T00:00:00"})
    assert (answer.status_code, answer.content) == (304, b"")
