"""Batch payments: several invoices or bills paid at once, and deleted only together (Xero: Batch payments page)."""
from datetime import date, timedelta
from decimal import Decimal

import pytest
from bookkeeper import Bookkeeper

from simulator.accounting import hooks, texts

NOBODY = "11111111-2222-3333-4444-555555555555"
BANK = {"Code": "090"}


@pytest.fixture
def books():
    return Bookkeeper()


def part(invoice, amount, **more):
    return {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Amount": amount, **more}


def batch_element(payments, **more):
    return {"Account": BANK, "Date": "2026-10-15", "Payments": payments, **more}


def bill(books, **more):
    return books.invoice(Type="ACCPAY", LineItems=[books.line(account="400")], **more)




def test_a_batch_pays_several_invoices_at_once(books):
    first, second = books.invoice(), books.invoice()
    batch = books.write("BatchPayments", batch_element([part(first, 115), part(second, 40.5, Reference="part")]))
    assert (batch["Type"], batch["Status"], batch["IsReconciled"]) == ("RECBATCH", "AUTHORISED", False)
    assert (batch["TotalAmount"], batch["Account"]["CurrencyCode"]) == (Decimal("155.5"), "NZD")
    assert [(each["Amount"], each["BankAmount"]) for each in batch["Payments"]] == [(115, 115), (Decimal("40.5"),) * 2]
    assert batch["Payments"][1]["Reference"] == "part"
    assert books.again(first)["Status"] == "PAID"
    assert (books.again(second)["AmountPaid"], books.again(second)["AmountDue"]) == (Decimal("40.5"), Decimal("74.5"))
    again = books.get(f"/BatchPayments/{batch['BatchPaymentID']}")["BatchPayments"]
    assert again == [batch] == books.get("/BatchPayments")["BatchPayments"]


def test_its_payments_are_payments_that_name_their_batch(books):
    row = books.invoice()
    alone = books.pay(row, 15)
    batch = books.write("BatchPayments", batch_element([part(row, 100)]))
    listed = {each["PaymentID"]: each for each in books.get("/Payments")["Payments"]}
    payment = listed[batch["Payments"][0]["PaymentID"]]
    assert (payment["PaymentType"], payment["Date"], payment["Account"]["Code"]) == (
        "ACCRECPAYMENT", batch["Date"], "090"
    )
    assert payment["BatchPaymentID"] == payment["BatchPayment"]["BatchPaymentID"] == batch["BatchPaymentID"]
    assert (payment["BatchPayment"]["Type"], payment["BatchPayment"]["TotalAmount"]) == ("RECBATCH", 100)
    assert not {"BatchPayment", "BatchPaymentID"} & set(listed[alone["PaymentID"]])
    assert len(books.again(row)["Payments"]) == 2


def test_bills_make_a_paybatch(books):
    batch = books.write("BatchPayments", batch_element([part(bill(books), 115), part(bill(books), 1)]))
    assert batch["Type"] == "PAYBATCH"
    assert {row["PaymentType"] for row in books.get("/Payments")["Payments"]} == {"ACCPAYPAYMENT"}


def test_a_payment_of_a_batch_is_not_deleted_alone(books):
    batch = books.write("BatchPayments", batch_element([part(books.invoice(), 115)]))
    payment_id = batch["Payments"][0]["PaymentID"]
    for path, element in (
        (f"/Payments/{payment_id}", {"Status": "DELETED"}), (None, {"PaymentID": payment_id, "Status": "DELETED"}),
    ):
        assert books.messages("Payments", element, "POST", path) == ["Payments within a batch cannot be deleted."]


@pytest.mark.parametrize("by_address", [True, False])
def test_deleting_the_batch_gives_every_document_back_what_was_paid(books, by_address):
    first, second = books.invoice(), books.invoice()
    batch = books.write("BatchPayments", batch_element([part(first, 115), part(second, 15)]))
    books.world.clock.advance(5)
    path, element = f"/BatchPayments/{batch['BatchPaymentID']}", {"Status": "DELETED"}
    if not by_address:
        path, element = "/BatchPayments", {**element, "BatchPaymentID": batch["BatchPaymentID"]}
    status, body = books.call("POST", path, element)
    gone = body["BatchPayments"][0]
    assert (status, gone["Status"], gone["Payments"], gone["TotalAmount"]) == (200, "DELETED", [], 130)
    for row in (first, second):
        again = books.again(row)
        assert (again["Status"], again["AmountDue"], again["Payments"]) == ("AUTHORISED", 115, [])
    payments = books.get("/Payments")["Payments"]
    assert {(row["Status"], row["BatchPayment"]["Status"]) for row in payments} == {("DELETED", "DELETED")}
    assert all(row["UpdatedDateUTC"] != batch["UpdatedDateUTC"] for row in payments)
    assert books.messages("BatchPayments", element, "POST", path) == [texts.BATCH_DELETED]
    assert books.messages("Payments", element, "POST", f"/Payments/{payments[0]['PaymentID']}") == [
        "Payment not of valid status for modification"
    ]


@pytest.mark.parametrize(
    ("change", "messages"),
    [
        ({"Account": None}, ["Account could not be found"]),
        ({"Account": {"Code": "200"}}, [texts.PAYMENT_ACCOUNT]),
        ({"Account": {"Code": "299"}}, [texts.ACCOUNT_ARCHIVED.format("299")]),
        ({"Payments": []}, [texts.BATCH_EMPTY]),
        ({"Date": "2020-03-31"}, ["Organisation accounts are locked on the specified payment"]),
        ({"Reference": "x" * 13}, [texts.TOO_LONG.format("Reference", 12)]),
        ({"Particulars": "x" * 13, "Code": "y" * 13},
         [texts.TOO_LONG.format("Particulars", 12), texts.TOO_LONG.format("Code", 12)]),
    ],
)
def test_batches_that_break_a_rule(books, change, messages):
    row = books.invoice()
    assert books.messages("BatchPayments", batch_element([part(row, 15)], **change)) == messages
    assert books.again(row)["AmountDue"] == 115


def test_nothing_of_a_batch_is_kept_when_one_of_its_payments_breaks_a_rule(books):
    good, draft = books.invoice(), books.invoice(Status="DRAFT")
    for bad, message in (
        (part(good, 200), "Payment amount exceeds the amount outstanding on this document"),
        (part(draft, 1), "Payments can only be made against Authorised documents"),
        (part({"InvoiceID": NOBODY}, 1), texts.INVOICE_NOT_FOUND),
        (part(good, -1), texts.PAYMENT_AMOUNT),
    ):
        assert books.messages("BatchPayments", batch_element([part(good, 15), bad])) == [message]
    assert books.again(good)["AmountDue"] == 115
    assert books.get("/Payments")["Payments"] == books.get("/BatchPayments")["BatchPayments"] == []


def test_a_batch_mixes_no_bills_with_invoices_and_has_no_credit(books):
    both = batch_element([part(books.invoice(), 1), part(bill(books), 1)])
    assert books.messages("BatchPayments", both) == [texts.BATCH_MIXED]
    credit = {"CreditNote": {"CreditNoteID": books.credit_note()["CreditNoteID"]}, "Amount": 1}
    assert books.messages("BatchPayments", batch_element([credit])) == [texts.BATCH_INVOICES_ONLY]


def test_clients_make_batches_in_the_base_currency_alone_and_people_in_any(connect):
    client = connect("NZ")
    books = client.simulator.books
    contact = {"ContactID": books("NZ", "Contacts")["Contacts"][0]["ContactID"]}
    line = {"Description": "Work", "UnitAmount": 100, "AccountCode": "200", "TaxType": "NONE"}
    element = {
        "Type": "ACCREC", "Contact": contact, "Date": "2026-10-01", "DueDate": "2026-11-01", "Status": "AUTHORISED",
        "LineItems": [line], "CurrencyCode": "USD", "CurrencyRate": 0.5,
    }
    row = books("NZ", "Invoices", "PUT", {"Invoices": [element]})["Invoices"][0]
    body = {"BatchPayments": [batch_element([part(row, 100)])]}
    refused = client.put("/BatchPayments", body)
    assert refused.status_code == 400
    assert refused.json()["Elements"][0]["ValidationErrors"] == [{"Message": texts.BATCH_CURRENCY}]
    batch = books("NZ", "BatchPayments", "PUT", body)["BatchPayments"][0]
    assert (batch["TotalAmount"], batch["Payments"][0]["Amount"]) == (200, 100)
    assert client.get(f"/BatchPayments/{batch['BatchPaymentID']}").json()["BatchPayments"][0] == batch


def test_a_batch_of_a_foreign_bank_account_is_refused_to_a_client(connect):
    client = connect("NZ")
    contact = {"ContactID": client.get("/Contacts").json()["Contacts"][0]["ContactID"]}
    element = {
        "Type": "ACCREC", "Contact": contact, "Date": "2026-10-01", "DueDate": "2026-11-01", "Status": "AUTHORISED",
        "LineItems": [{"Description": "Work", "UnitAmount": 100, "AccountCode": "200"}],
    }
    row = client.put("/Invoices", {"Invoices": [element]}).json()["Invoices"][0]
    refused = client.put("/BatchPayments", batch_element([part(row, 15)], Account={"Code": "091"}))
    assert refused.json()["Elements"][0]["ValidationErrors"] == [{"Message": texts.BATCH_CURRENCY}]


@pytest.mark.parametrize("name", ["batch", "payment"])
def test_a_reconciled_batch_is_not_deleted(books, name):
    batch = books.write("BatchPayments", batch_element([part(books.invoice(), 15)]))
    payment_id = batch["Payments"][0]["PaymentID"]
    hooks.reconcile_payment(books.books, batch["BatchPaymentID"] if name == "batch" else payment_id)
    path = f"/BatchPayments/{batch['BatchPaymentID']}"
    assert books.get(path)["BatchPayments"][0]["IsReconciled"] is True
    payment = books.get(f"/Payments/{payment_id}")["Payments"][0]
    assert (payment["IsReconciled"], payment["BatchPayment"]["IsReconciled"]) == (True, True)
    assert books.messages("BatchPayments", {"Status": "DELETED"}, "POST", path) == [texts.BATCH_RECONCILED]


def test_a_batch_of_a_locked_period_is_not_deleted(books):
    row = books.invoice()
    batch = books.write("BatchPayments", batch_element([part(row, 15)]))
    hooks.set_lock_dates(books.books, period=date(2026, 12, 31))
    path = f"/BatchPayments/{batch['BatchPaymentID']}"
    assert books.messages("BatchPayments", {"Status": "DELETED"}, "POST", path) == [texts.PAYMENT_LOCKED]
    assert books.again(row)["AmountPaid"] == 15


def test_a_post_does_nothing_but_delete(books):
    row = books.invoice()
    assert books.messages("BatchPayments", batch_element([part(row, 15)]), "POST") == [texts.BATCH_NOT_FOUND]
    batch = books.write("BatchPayments", batch_element([part(row, 15)]))
    element = {"BatchPaymentID": batch["BatchPaymentID"], "Reference": "new"}
    assert books.messages("BatchPayments", element, "POST") == [texts.BATCH_NOT_EDITABLE]
    assert books.call("GET", f"/BatchPayments/{NOBODY}") == (404, b"")


@pytest.mark.parametrize(
    ("country", "sent", "kept"),
    [
        ("NZ", {"Particulars": "a", "Code": "b", "Reference": "c", "Details": "d"},
         {"Particulars", "Code", "Reference"}),
        ("AU", {"Particulars": "a", "Reference": "c" * 40, "Details": "d" * 18}, {"Reference", "Details"}),
        ("UK", {"Details": "d", "Narrative": "n" * 18, "Code": "b"}, {"Details", "Narrative"}),
    ],
)
def test_what_the_bank_is_told_differs_by_country(country, sent, kept):
    books = Bookkeeper(country)
    bank = next(row for row in books.books.accounts if row["Type"] == "BANK" and row["Status"] == "ACTIVE")
    account = {"AccountID": bank["AccountID"]}
    batch = books.write("BatchPayments", batch_element([part(books.invoice(), 1)], Account=account, **sent))
    assert {name: batch[name] for name in sent if name in batch} == {name: sent[name] for name in kept}
    if "Details" in kept:
        element = batch_element([part(books.invoice(), 1)], Account=account, Details="d" * 19)
        assert books.messages("BatchPayments", element) == [texts.TOO_LONG.format("Details", 18)]


def test_batches_are_found_by_type_account_status_and_change(books):
    clock = books.world.clock
    clock.freeze(clock.now().replace(microsecond=0))
    first = books.write("BatchPayments", batch_element([part(books.invoice(), 1)]))
    clock.advance(60)
    second = books.write("BatchPayments", batch_element([part(bill(books), 1)]))
    since = clock.now().strftime("%Y-%m-%dT%H:%M:%S")

    def found(headers=None, **query):
        return [row["BatchPaymentID"] for row in books.get("/BatchPayments", headers, **query)["BatchPayments"]]

    ids = [first["BatchPaymentID"], second["BatchPaymentID"]]
    assert found() == ids
    assert found(order="UpdatedDateUTC DESC") == ids[::-1]
    assert found(where='Type=="PAYBATCH"') == ids[1:]
    assert found(where=f'Account.AccountId==guid("{first["Account"]["AccountID"]}") AND Status=="AUTHORISED"') == ids
    assert found({"If-Modified-Since": since}) == ids[1:]
    clock.advance(60)
    books.write("BatchPayments", {"BatchPaymentID": ids[0], "Status": "DELETED"}, "POST")
    since = clock.now() - timedelta(seconds=1)
    assert found({"If-Modified-Since": since.strftime("%Y-%m-%dT%H:%M:%S")}) == ids[:1]


def test_notes_hang_on_a_batch(books):
    batch = books.write("BatchPayments", batch_element([part(books.invoice(), 1)]))
    path = f"/BatchPayments/{batch['BatchPaymentID']}/History"
    assert books.call("PUT", path, {"HistoryRecords": [{"Details": "Seen"}]})[0] == 200
    assert [row["Details"] for row in books.get(path)["HistoryRecords"]] == ["Seen"]
