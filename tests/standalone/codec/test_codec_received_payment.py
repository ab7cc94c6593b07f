"""Xero's payments as plain values: reading never raises, and what a payment says is told from what moves by itself."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from junk import under

from codec import received_payment as codec
from codec.digest import digest_of
from codec.received import LARGEST
from tests.standalone.simulator.bookkeeper import Bookkeeper

D = Decimal
payments_of_junk = under(
    "PaymentID", "Date", "Amount", "BankAmount", "CurrencyRate", "Reference", "Status", "BatchPaymentID",
    Account=under("AccountID"), BatchPayment=under("BatchPaymentID"),
    **{name: under(key) for name, key in codec.TARGETS.items()},
)  # fmt: skip


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(payments_of_junk)
@example({"Amount": D("NaN"), "CurrencyRate": D("1E+300"), "Invoice": [], "Account": 1})
@example({"Amount": 10**40, "BankAmount": float("nan")})
def test_reading_never_raises_and_says_the_same_twice(item):
    one, other = codec.read(item), codec.read(dict(reversed(item.items())))
    assert one == other
    assert digest_of(codec.values(one)) == digest_of(codec.values(other))
    assert all(value.is_finite() and abs(value) < LARGEST for value in (one.amount, one.bank_amount, one.rate))
    assert one.document_id == codec.document_id(item)


@pytest.fixture(scope="module")
def xero():
    return Bookkeeper("NZ")


TARGETS = st.sampled_from(["ACCREC", "ACCPAY", "ACCRECCREDIT", "ACCPAYCREDIT"])
REFERENCES = st.sampled_from(["", "PBNK1/2026/00001", "By phone – late"])
AMOUNTS = st.decimals("0.01", "99", places=2)


@settings(max_examples=60, deadline=None)
@given(TARGETS, AMOUNTS, st.sampled_from(["NZD", "USD"]), st.decimals("0.2", "3", places=6), REFERENCES)
def test_what_was_paid_is_read_as_what_was_meant(xero, kind, amount, currency, rate, reference):
    """Document, account, day, amounts and rate; the same from the answer as from the list"""
    sale, credit = kind.startswith("ACCREC"), kind.endswith("CREDIT")
    line = xero.line(account="200" if sale else "400", TaxType="NONE")
    element = xero.element(Type=kind, LineItems=[line], CurrencyCode=currency)
    resource, key, target = ("CreditNotes", "CreditNoteID", "CreditNote") if credit else (
        "Invoices", "InvoiceID", "Invoice")  # fmt: skip
    document = xero.write(resource, element)
    foreign = {"CurrencyRate": rate} if currency != "NZD" else {}
    bank = xero.get("/Accounts", where='Code=="090"')["Accounts"][0]["AccountID"]
    made = xero.write("Payments", {
        target: {key: document[key]}, "Account": {"AccountID": bank}, "Date": "2026-10-15", "Amount": amount,
        "Reference": reference,
    } | foreign)  # fmt: skip
    [item] = xero.get("/Payments", where=f'PaymentId==guid("{made["PaymentID"]}")')["Payments"]
    read = codec.read(item)
    assert read == codec.read(made)
    assert (read.document_id, read.account_id, read.date, read.amount, read.status) == (
        document[key], bank, "2026-10-15", amount, "AUTHORISED",
    )  # fmt: skip
    assert read.reference == reference
    assert read.rate == (rate if foreign else 1)
    assert read.bank_amount == (codec.round_to(amount / rate, D("0.01")) if foreign else amount)
    known = digest_of(codec.values(read))
    moved = item | {"UpdatedDateUTC": "/Date(1799999999000+0000)/", "IsReconciled": True, "Reference": "Other",
                    "BankAmount": item["BankAmount"] * D("1.0"), "Unheard": 1, "Amount": item["Amount"] * D("1.000")}
    assert digest_of(codec.values(codec.read(dict(reversed(moved.items()))))) == known
    for change in ({"Status": "DELETED"}, {"Amount": amount + 1}, {"Date": "2026-10-16"},
                   {"Account": {"AccountID": "other"}}, {target: {key: "other"}}):  # fmt: skip
        assert digest_of(codec.values(codec.read(item | change))) != known, change
