"""Payments, refunds, credit notes, allocations, prepayments, overpayments, bank transactions (platform §5, §6)."""
from datetime import date
from decimal import Decimal

import pytest
from bookkeeper import Bookkeeper
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.accounting import hooks, texts
from simulator.accounting.fields import Refused

NOBODY = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def books():
    return Bookkeeper()


def test_part_and_full_payment(books):
    row = books.invoice()
    first = books.pay(row, 15, Reference="A")
    part = books.again(row)
    assert (part["Status"], part["AmountDue"], part["AmountPaid"]) == ("AUTHORISED", 100, 15)
    assert [payment["PaymentID"] for payment in part["Payments"]] == [first["PaymentID"]]
    books.pay(row, 100, Date="2026-10-20")
    whole = books.again(row)
    assert (whole["Status"], whole["AmountDue"], whole["FullyPaidOnDate"]) == ("PAID", 0, "/Date(1792454400000+0000)/")
    assert (first["PaymentType"], first["Status"], first["Account"]["Code"]) == ("ACCRECPAYMENT", "AUTHORISED", "090")


def test_deleting_a_payment_gives_the_document_back_what_was_paid(books):
    row = books.invoice()
    payment = books.pay(row, 115)
    path = f"/Payments/{payment['PaymentID']}"
    status, body = books.call("POST", path, {"Status": "DELETED"})
    assert (status, body["Payments"][0]["Status"]) == (200, "DELETED")
    again = books.again(row)
    assert (again["Status"], again["AmountDue"], again["AmountPaid"], again["Payments"]) == ("AUTHORISED", 115, 0, [])
    assert "FullyPaidOnDate" not in again
    assert books.messages("Payments", {"Status": "DELETED"}, "POST", path) == [
        "Payment not of valid status for modification"
    ]
    assert books.change(row, Status="VOIDED")["Status"] == "VOIDED"


def test_a_payment_is_never_edited(books):
    payment = books.pay(books.invoice(), 15)
    element = {"PaymentID": payment["PaymentID"], "Amount": 20}
    assert books.messages("Payments", element, "POST") == [texts.PAYMENT_NOT_EDITABLE]
    assert books.messages("Payments", {**element, "PaymentID": NOBODY}, "POST") == [texts.PAYMENT_NOT_FOUND]
    assert books.write("Payments", {"PaymentID": payment["PaymentID"], "Status": "DELETED"}, "POST")


def test_a_reconciled_payment_is_not_deleted(books):
    payment = books.pay(books.invoice(), 15)
    hooks.reconcile_payment(books.books, payment["PaymentID"])
    path = f"/Payments/{payment['PaymentID']}"
    assert books.messages("Payments", {"Status": "DELETED"}, "POST", path) == [texts.PAYMENT_RECONCILED]


@pytest.mark.parametrize(
    ("change", "messages"),
    [
        ({"Amount": 115.01}, ["Payment amount exceeds the amount outstanding on this document"]),
        ({"Amount": 0}, [texts.PAYMENT_AMOUNT]),
        ({"Amount": -5}, [texts.PAYMENT_AMOUNT]),
        ({"Amount": 0.004}, [texts.PAYMENT_AMOUNT]),
        ({"Amount": None}, [texts.PAYMENT_AMOUNT]),
        ({"Account": {"Code": "nope"}}, ["Account could not be found"]),
        ({"Account": None}, ["Account could not be found"]),
        ({"Account": {"Code": "200"}}, [texts.PAYMENT_ACCOUNT]),
        ({"Account": {"Code": "299"}}, [texts.ACCOUNT_ARCHIVED.format("299")]),
        ({"Invoice": {"InvoiceID": NOBODY}}, [texts.INVOICE_NOT_FOUND]),
        ({"Invoice": {"InvoiceNumber": "nope"}}, [texts.INVOICE_NOT_FOUND]),
        ({"Invoice": None}, [texts.PAYMENT_TARGET]),
        ({"CreditNote": {"CreditNoteID": NOBODY}}, [texts.PAYMENT_TARGET]),
        ({"Invoice": None, "CreditNote": {"CreditNoteID": NOBODY}}, [texts.CREDIT_NOTE_NOT_FOUND]),
        ({"Date": "2020-03-31"}, ["Organisation accounts are locked on the specified payment"]),
        ({"Reference": "x" * 256}, [texts.TOO_LONG.format("Reference", 255)]),
        ({"CurrencyRate": -1}, [texts.CURRENCY_RATE]),
    ],
)
def test_payments_that_break_a_rule(books, change, messages):
    row = books.invoice()
    assert books.messages("Payments", books.payment_element(row, 15, **change)) == messages
    assert books.again(row)["AmountDue"] == 115


@pytest.mark.parametrize("status", ["DRAFT", "SUBMITTED", "VOIDED", "DELETED"])
def test_only_approved_documents_take_payments(books, status):
    row = books.invoice(Status={"VOIDED": "AUTHORISED", "DELETED": "DRAFT"}.get(status, status))
    if row["Status"] != status:
        row = books.change(row, Status=status)
    assert books.messages("Payments", books.payment_element(row, 1)) == [
        "Payments can only be made against Authorised documents"
    ]


def test_accounts_that_take_payments_are_banks_with_or_without_code_and_those_enabled(books):
    savings = next(row for row in books.books.accounts if row["Type"] == "BANK" and not row["Code"])
    row = books.invoice()
    payment = books.pay(row, 1, Account={"AccountID": savings["AccountID"]})
    assert "Code" not in payment["Account"]
    books.pay(row, 1, Account={"Code": "855"})
    hooks.set_payments_enabled(books.books, "850")
    books.pay(row, 1, Account={"Code": "850"})
    hooks.set_payments_enabled(books.books, "850", False)
    refused = books.messages("Payments", books.payment_element(row, 1, Account={"Code": "850"}))
    assert refused == [texts.PAYMENT_ACCOUNT]


def test_the_invoice_may_be_named_by_number(books):
    books.invoice(InvoiceNumber="N-1")
    element = {"InvoiceNumber": "N-1", "Account": {"Code": "090"}, "Amount": 5}
    assert books.write("Payments", element)["Invoice"]["InvoiceNumber"] == "N-1"
    assert books.write("Payments", {**element, "InvoiceNumber": None, "Invoice": {"InvoiceNumber": "n-1"}})


def test_payments_of_one_batch_see_each_other(books):
    row = books.invoice()
    elements = [books.payment_element(row, 100), books.payment_element(row, 100)]
    status, body = books.call("PUT", "/Payments", {"Payments": elements}, summarizeErrors="false")
    assert [each["StatusAttributeString"] for each in body["Payments"]] == ["OK", "ERROR"]
    assert books.again(row)["AmountDue"] == 15


def test_payment_of_a_foreign_document(books):
    row = books.invoice(CurrencyCode="USD", CurrencyRate=0.5)
    payment = books.pay(row, 50)
    assert (payment["CurrencyRate"], payment["BankAmount"]) == (Decimal("0.5"), 100)
    assert books.pay(row, 10, Account={"Code": "091"})["BankAmount"] == 10
    assert books.pay(row, 10, BankAmount=19.5)["BankAmount"] == Decimal("19.5")


def test_a_bills_payment_has_its_own_type(books):
    row = books.invoice(Type="ACCPAY", LineItems=[books.line(account="400")])
    assert books.pay(row, 115)["PaymentType"] == "ACCPAYPAYMENT"


def test_deleting_a_payment_of_a_locked_period_is_refused(books):
    payment = books.pay(books.invoice(), 15)
    hooks.set_lock_dates(books.books, period=date(2026, 12, 31))
    path = f"/Payments/{payment['PaymentID']}"
    assert books.messages("Payments", {"Status": "DELETED"}, "POST", path) == [texts.PAYMENT_LOCKED]


# ---- credit notes and allocations ---------------------------------------------------------------------------------


def allocate(books, note, invoice, amount, **more):
    element = {"Amount": amount, "Date": "2026-10-10", "Invoice": {"InvoiceID": invoice["InvoiceID"]}, **more}
    return books.call("PUT", f"/CreditNotes/{note['CreditNoteID']}/Allocations", {"Allocations": [element]})


def note_again(books, note):
    return books.get(f"/CreditNotes/{note['CreditNoteID']}")["CreditNotes"][0]


def test_an_allocation_moves_credit_and_deleting_it_moves_it_back(books):
    row, note = books.invoice(), books.credit_note()
    status, body = allocate(books, note, row, 40)
    assert status == 200
    part = note_again(books, note)
    assert (part["Status"], part["RemainingCredit"]) == ("AUTHORISED", 75)
    assert part["Allocations"][0]["Invoice"]["InvoiceID"] == row["InvoiceID"]
    invoice = books.again(row)
    assert (invoice["AmountCredited"], invoice["AmountDue"]) == (40, 75)
    assert invoice["CreditNotes"][0]["AppliedAmount"] == 40
    allocate(books, note, row, 75)
    assert (books.again(row)["Status"], note_again(books, note)["Status"]) == ("PAID", "PAID")
    path = f"/CreditNotes/{note['CreditNoteID']}/Allocations/{body['Allocations'][0]['AllocationID']}"
    assert books.call("DELETE", path)[1]["IsDeleted"] is True
    assert (books.again(row)["AmountDue"], note_again(books, note)["RemainingCredit"]) == (40, 40)
    assert books.call("DELETE", path) == (404, b"")


def test_a_credited_invoice_is_frozen_even_in_its_contact(books):
    row, note = books.invoice(), books.credit_note()
    allocate(books, note, row, 40)
    assert books.refused_change(row, Contact=books.contact("PowerDirect"))[-1] == texts.HAS_PAYMENT
    assert books.refused_change(row, Status="VOIDED") == [texts.STATUS_WITH_PAYMENT.format("VOIDED")]
    element = {"CreditNoteID": note["CreditNoteID"], "Status": "VOIDED"}
    assert books.messages("CreditNotes", element, "POST") == [texts.STATUS_WITH_PAYMENT.format("VOIDED")]


@pytest.mark.parametrize(
    ("note", "invoice", "amount", "more", "message"),
    [
        ({}, {}, 116, {}, texts.ALLOCATION_AMOUNT),
        ({"LineItems": [{"Description": "x", "UnitAmount": 500, "AccountCode": "200"}]}, {}, 116, {},
         texts.ALLOCATION_DUE),
        ({"Status": "DRAFT"}, {}, 10, {}, texts.ALLOCATION_STATUS),
        ({}, {"Status": "DRAFT"}, 10, {}, texts.ALLOCATION_STATUS),
        ({}, {"Contact": {"Name": "Other"}}, 10, {}, texts.ALLOCATION_CONTACT),
        ({}, {"CurrencyCode": "USD"}, 10, {}, texts.ALLOCATION_CURRENCY),
        ({}, {"Type": "ACCPAY", "LineItems": [{"Description": "x", "UnitAmount": 100, "AccountCode": "400"}]}, 10, {},
         texts.ALLOCATION_TYPE),
        ({}, {}, 0, {}, texts.PAYMENT_AMOUNT),
        ({}, {}, 0.004, {}, texts.PAYMENT_AMOUNT),
        ({}, {}, 10, {"Date": None}, "The Date field must be specified."),
        ({}, {}, 10, {"Invoice": {"InvoiceID": NOBODY}}, texts.INVOICE_NOT_FOUND),
    ],
)
def test_allocations_that_break_a_rule(books, note, invoice, amount, more, message):
    row = books.invoice(**invoice)
    status, body = allocate(books, books.credit_note(**note), row, amount, **more)
    assert status == 400
    assert message in [error["Message"] for error in body["Elements"][0]["ValidationErrors"]]
    assert books.again(row)["AmountCredited"] == 0


def test_a_credit_note_is_refunded_by_a_payment(books):
    note = books.credit_note()
    element = {"CreditNote": {"CreditNoteID": note["CreditNoteID"]}, "Account": {"Code": "090"}, "Amount": 115,
               "Date": "2026-10-12"}
    payment = books.write("Payments", element)
    assert payment["PaymentType"] == "ARCREDITPAYMENT"
    assert (note_again(books, note)["Status"], note_again(books, note)["RemainingCredit"]) == ("PAID", 0)


@pytest.mark.parametrize("kind", ["Prepayment", "Overpayment"])
def test_credit_from_the_bank_is_refunded_by_a_payment(books, kind):
    account = {"AccountCode": "610"} if kind == "Overpayment" else {}
    made = books.write("BankTransactions", {
        "Type": f"RECEIVE-{kind.upper()}", "Contact": books.contact(), "BankAccount": {"Code": "090"},
        "LineItems": [books.line(**account)],
    })
    credit_id = made[f"{kind}ID"]
    refund = {f"{kind}": {f"{kind}ID": credit_id}, "Account": {"Code": "090"}, "Amount": 100}
    payment = books.write("Payments", refund)
    assert payment["PaymentType"] == f"AR{kind.upper()}PAYMENT"
    row = books.get(f"/{kind}s/{credit_id}")[f"{kind}s"][0]
    assert (row["RemainingCredit"], row["Status"]) == (0, "PAID")
    assert [(each["PaymentID"], each["Amount"]) for each in row["Payments"]] == [(payment["PaymentID"], 100)]


def test_a_credit_note_has_no_url(books):
    assert "Url" not in books.credit_note(Url="https://erp.example/1")
    assert books.invoice(Url="https://erp.example/1")["Url"] == "https://erp.example/1"


def test_credit_notes_are_numbered_of_their_own_and_take_no_discount(books):
    assert books.credit_note()["CreditNoteNumber"] == "CN-0001"
    element = {**books.element(Type="ACCRECCREDIT"), "CreditNoteNumber": "CN-0001"}
    assert books.messages("CreditNotes", element) == [texts.CREDIT_NOTE_NUMBER]
    element = {**element, "CreditNoteNumber": "C", "LineItems": [books.line(DiscountRate=5)]}
    assert books.messages("CreditNotes", element) == [texts.DISCOUNT]
    assert books.messages("CreditNotes", {**element, "Type": "ACCREC"}) == [texts.BAD_TYPE.format("ACCREC")]


# ---- bank transactions -------------------------------------------------------------------------------------------


def spend(books, **more):
    return {
        "Type": "SPEND", "Contact": books.contact(), "BankAccount": {"Code": "090"}, "Date": "2026-10-03",
        "LineItems": [books.line(AccountCode="400", UnitAmount=115)], **more,
    }


def test_bank_transactions_are_inclusive_by_default_and_deleted_by_status(books):
    row = books.write("BankTransactions", spend(books, Url="https://erp.example/3", Reference="Taxi"))
    assert (row["LineAmountTypes"], row["TotalTax"], row["Total"]) == ("Inclusive", 15, 115)
    assert (row["Status"], row["BankAccount"]["Code"], row["Url"]) == ("AUTHORISED", "090", "https://erp.example/3")
    element = {"BankTransactionID": row["BankTransactionID"], "Status": "DELETED"}
    assert books.write("BankTransactions", element, "POST")["Status"] == "DELETED"
    assert books.messages("BankTransactions", element, "POST") == [
        "BankTransaction not of valid status for modification"
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Type": "GIVE"}, texts.BAD_TYPE.format("GIVE")),
        ({"BankAccount": None}, texts.BANK_ACCOUNT),
        ({"BankAccount": {"Code": "855"}}, texts.ACCOUNT_NOT_FOUND),
        ({"Contact": None}, texts.CONTACT_MISSING),
        ({"LineItems": []}, texts.LINES_MISSING),
        ({"Date": "2019-01-01"}, texts.PERIOD_LOCK.format("31-Mar-2020")),
        ({"Url": "https://xero.example"}, texts.URL_INVALID),
        ({"CurrencyCode": "GBP"}, texts.CURRENCY.format("GBP")),
    ],
)
def test_bank_transactions_that_break_a_rule(books, change, message):
    assert books.messages("BankTransactions", spend(books, **change)) == [message]


@pytest.mark.parametrize("kind", ["SPEND", "RECEIVE", "SPEND-PREPAYMENT"])
def test_the_tax_of_a_transaction_is_what_it_is_computed_to_be(books, kind):
    """Xero: BankTransactions, TaxAmount: "This value must match the auto calculated value"; of invoices it need not"""
    line = books.line(AccountCode="400", UnitAmount="5.01", TaxType="INPUT2", TaxAmount="0.66")
    assert books.messages("BankTransactions", spend(books, Type=kind, LineItems=[line])) == [
        "Tax amount 0.66 is incorrect for INPUT2 tax type, should be 0.65"
    ]
    row = books.write("BankTransactions", spend(books, Type=kind, LineItems=[line | {"TaxAmount": "0.65"}]))
    assert row["TotalTax"] == Decimal("0.65")
    assert books.invoice(Type="ACCPAY", LineItems=[line])["TotalTax"] == Decimal("0.66")


def test_a_reconciled_transaction_is_not_changed(books):
    row = books.write("BankTransactions", spend(books, IsReconciled=True))
    element = {"BankTransactionID": row["BankTransactionID"], "Status": "DELETED"}
    assert books.messages("BankTransactions", element, "POST") == [texts.BANK_RECONCILED]


def test_the_currency_of_a_transaction_is_that_of_its_bank_account(books):
    assert books.write("BankTransactions", spend(books, BankAccount={"Code": "091"}))["CurrencyCode"] == "USD"


@pytest.mark.parametrize(("kind", "resource"), [("PREPAYMENT", "Prepayments"), ("OVERPAYMENT", "Overpayments")])
def test_credit_from_the_bank_is_allocated_to_an_invoice(books, kind, resource):
    transaction = spend(books, Type=f"RECEIVE-{kind}", LineItems=[books.line(UnitAmount=150)])
    row = books.write("BankTransactions", transaction)
    key = f"{resource[:-1]}ID"
    path = f"/{resource}/{row[key]}"
    credit = books.get(path)[resource][0]
    assert (credit["RemainingCredit"], credit["Total"]) == (150, 150)
    assert credit["TotalTax"] == (0 if kind == "OVERPAYMENT" else Decimal("19.57"))
    invoice = books.invoice()
    element = {"Amount": 115, "Date": "2026-10-10", "Invoice": {"InvoiceID": invoice["InvoiceID"]}}
    status, body = books.call("PUT", f"{path}/Allocations", {"Allocations": [element]})
    assert status == 200
    assert (books.again(invoice)["Status"], books.again(invoice)["AmountCredited"]) == ("PAID", 115)
    assert books.again(invoice)[resource][0][key] == row[key]
    assert books.get(path)[resource][0]["RemainingCredit"] == 35
    refund = {resource[:-1]: {key: row[key]}, "Account": {"Code": "090"}, "Amount": 35, "Date": "2026-10-11"}
    assert books.write("Payments", refund)["PaymentType"] == f"AR{kind}PAYMENT"
    assert books.get(path)[resource][0]["Status"] == "PAID"


@pytest.mark.parametrize(("kind", "resource"), [("PREPAYMENT", "Prepayments"), ("OVERPAYMENT", "Overpayments")])
def test_credit_from_the_bank_that_was_voided_is_paid_back_no_more(books, kind, resource):
    key = f"{resource[:-1]}ID"
    row = books.write("BankTransactions", spend(books, Type=f"RECEIVE-{kind}"))
    refund = {resource[:-1]: {key: row[key]}, "Account": {"Code": "090"}, "Amount": 5}
    payment = books.write("Payments", refund)
    with pytest.raises(Refused):
        hooks.void_credit(books.books, row["BankTransactionID"])
    books.write("Payments", {"PaymentID": payment["PaymentID"], "Status": "DELETED"}, "POST")
    hooks.void_credit(books.books, row["BankTransactionID"])
    assert books.get(f"/{resource}/{row[key]}")[resource][0]["Status"] == "VOIDED"
    assert books.messages("Payments", refund) == ["Payments can only be made against Authorised documents"]


# ---- properties --------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.decimals(min_value=Decimal("0.01"), max_value=60, places=2), max_size=8), data=st.data())
def test_what_is_due_is_always_what_is_not_paid(books, amounts, data):
    row = books.invoice()
    alive = []
    for amount in amounts:
        status, body = books.call("PUT", "/Payments", {"Payments": [books.payment_element(row, amount)]})
        due = Decimal(115) - sum((payment["Amount"] for payment in alive), Decimal(0))
        assert status == (200 if amount <= due else 400)
        if status == 200:
            alive.append(body["Payments"][0])
        if alive and data.draw(st.booleans()):
            gone = alive.pop(data.draw(st.integers(0, len(alive) - 1)))
            books.call("POST", f"/Payments/{gone['PaymentID']}", {"Status": "DELETED"})
        seen = books.again(row)
        paid = sum((payment["Amount"] for payment in alive), Decimal(0))
        assert (seen["AmountPaid"], seen["AmountDue"]) == (paid, Decimal(115) - paid)
        assert seen["Status"] == ("AUTHORISED" if paid < 115 else "PAID")
        assert len(seen["Payments"]) == len(alive)
