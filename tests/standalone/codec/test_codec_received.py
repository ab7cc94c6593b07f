"""Xero's documents as plain values: reading never raises, what we sent is read as what we meant, and a digest tells
news from what only looks different."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from junk import listed, under

from codec import invoice, received
from codec.digest import digest_of
from codec.refused import Refused
from simulator.core import wire
from tests.standalone.simulator.bookkeeper import Bookkeeper

D = Decimal
KEYS = {"ACCREC": ("InvoiceID", "InvoiceNumber"), "ACCPAY": ("InvoiceID", "InvoiceNumber"),
        "ACCRECCREDIT": ("CreditNoteID", "CreditNoteNumber"),
        "ACCPAYCREDIT": ("CreditNoteID", "CreditNoteNumber")}  # fmt: skip
LINE = (
    "LineItemID", "Description", "Quantity", "UnitAmount", "DiscountRate", "DiscountAmount", "LineAmount", "TaxAmount",
    "TaxType", "AccountCode", "AccountID",
)  # fmt: skip
HEADER = (
    "Type", "InvoiceID", "InvoiceNumber", "Date", "DueDate", "CurrencyCode", "CurrencyRate", "Reference", "Status",
    "LineAmountTypes", "SubTotal", "TotalTax", "Total", "AmountDue", "RemainingCredit",
)  # fmt: skip
documents_of_junk = under(
    *HEADER, Contact=under("ContactID"),
    LineItems=listed(*LINE, Tracking=listed("TrackingCategoryID", "TrackingOptionID")),
)  # fmt: skip
junk = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@junk
@given(documents_of_junk)
@example({"LineItems": 5})
@example({"LineItems": [{"Tracking": True}], "CurrencyRate": D("1E+300")})
@example({"Total": D("NaN"), "LineItems": {"a": 1}, "Contact": ["x"], "CurrencyRate": float("inf")})
def test_reading_never_raises_and_says_the_same_twice(item):
    """What nobody has seen is left out, not guessed; and what was read can be told from other readings"""
    one, other = received.read(item), received.read(dict(reversed(item.items())))
    assert one == other
    assert digest_of(received.values(one)) == digest_of(received.values(other))
    assert {received.line_digest(line) for line in one.lines} == {received.line_digest(line) for line in other.lines}
    assert one.stage in ("draft", "approved", "ended")
    amounts = [one.currency_rate, one.sub_total, one.total_tax, one.total, one.amount_due]
    for line in one.lines:
        amounts += [line.quantity, line.unit_amount, line.line_amount, line.tax_amount, line.discount]
    assert all(isinstance(value, Decimal) and value.is_finite() for value in amounts)
    assert all(abs(value) < received.LARGEST for value in amounts), "what is no amount was taken for one"


# ---- there and back --------------------------------------------------------------------------------


NUMBERS = count(1)  # those of sales documents are given once
RATES = {"sale": ("OUTPUT2", "TAX001", "ZERORATED", "NONE"), "purchase": ("INPUT2", "NONE")}


@pytest.fixture(scope="module")
def xero():
    books = Bookkeeper("NZ")
    books.rates = {rate["TaxType"]: rate["EffectiveRate"] for rate in books.get("/TaxRates")["TaxRates"]}
    return books


@st.composite
def documents(draw, rates):
    """What the codec for sending is given: any type, taxes on top, within or mixed, discounts, odd quantities."""
    kind = draw(st.sampled_from(sorted(KEYS)))
    sale = kind in invoice.SALES
    within = draw(st.sampled_from([False, True, None]))
    lines = [draw(line(number, sale, within, rates)) for number in range(1, draw(st.integers(1, 6)) + 1)]
    currency = draw(st.sampled_from(["NZD", "USD"]))
    return invoice.InvoiceData(
        type=kind, number=draw(st.text("ABC-/0123456789", min_size=1, max_size=20)), contact_id="", currency=currency,
        date=str(draw(st.dates(date(2026, 1, 1), date(2026, 11, 30)))), due_date="2026-12-01",
        total=sum((one.total for one in lines), D(0)),
        tax=sum((one.total - one.subtotal for one in lines), D(0)), lines=tuple(lines),
        currency_rate=draw(st.decimals("0.2", "3", places=6)) if currency == "USD" else None,
        reference=draw(st.text("Ref é 1", max_size=12)).strip() if sale else "",
        rounding_line=invoice.LineData(0, "Rounding", account_code="860", tax_type="NONE"),
    )  # fmt: skip


@st.composite
def line(draw, key, sale, within, rates):
    tax = draw(st.sampled_from(RATES["sale" if sale else "purchase"]))
    inclusive = draw(st.booleans()) if within is None else within
    quantity, price = draw(st.decimals("0.5", "40", places=2)), draw(st.decimals("0", "900", places=4))
    discount = draw(st.sampled_from([D(0), D(10), D("12.5")]))
    rate = rates[tax]
    gross = invoice.money.line_amount(quantity, price, discount)
    taxed = invoice.money.tax_amount(gross, rate, inclusive)
    return invoice.LineData(
        key, draw(st.sampled_from(["Work", "Hours – late", "Ü"])), quantity=quantity, unit_amount=price,
        discount=discount, subtotal=gross - taxed if inclusive else gross,
        total=gross if inclusive else gross + taxed, inclusive=inclusive, taxed=bool(rate),
        account_code="200" if sale else "400", tax_type=tax, tax_rate=rate,
    )  # fmt: skip


def sent(books, document):
    """What Xero answers to the document, and what it lists afterwards. :return tuple: (payload, answer, list's item)"""
    document = replace(document, contact_id=books.contact()["ContactID"])
    payload = invoice.build(document).payload
    resource = "Invoices" if document.type in invoice.INVOICES else "CreditNotes"
    key, number = KEYS[document.type]
    payload[number] = f"{document.number[:8]}-{next(NUMBERS)}"
    answer = books.write(resource, payload | {"Status": "AUTHORISED"}, unitdp="4")
    [item] = books.get(f"/{resource}", where=f'{key}==guid("{answer[key]}")', page="1", unitdp="4")[resource]
    return payload, answer, item



@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_what_was_sent_is_read_as_what_was_meant(xero, data):
    """Number, contact, days, currency, rate, every line and every total: to the last digit"""
    document = data.draw(documents(xero.rates))
    try:
        payload, answer, item = sent(xero, document)
    except Refused as refused:
        assert refused.code == "total_differs"
        return
    keys = KEYS[document.type]
    read = received.read(item, *keys)
    assert read == received.read(answer, *keys), "Xero's answer and its list are read the same"
    assert (read.type, read.number, read.date, read.currency) == (
        document.type, payload[keys[1]], document.date, document.currency,
    )  # fmt: skip
    assert read.contact_id == payload["Contact"]["ContactID"]
    assert read.stage == "approved"
    assert (read.total, read.amount_due) == (document.total, document.total)
    assert read.reference == (payload.get("Reference") or "")
    assert read.currency_rate == (document.currency_rate or 1)
    assert read.inclusive == (payload["LineAmountTypes"] == "Inclusive")
    items = payload["LineItems"]
    assert len(read.lines) == len(items)
    for one, line_item in zip(read.lines, items, strict=True):
        assert (one.description, one.quantity, one.unit_amount, one.discount, one.line_amount, one.tax_type) == (
            line_item["Description"], line_item["Quantity"], line_item["UnitAmount"], line_item.get("DiscountRate", 0),
            line_item["LineAmount"], line_item["TaxType"],
        )  # fmt: skip
        assert one.account_code == line_item["AccountCode"]
        assert one.line_id
        assert not one.is_text or not one.line_amount


# ---- news, and what is none --------------------------------------------------------------------------


def shuffled(value, dice):
    """The same JSON with every object's keys in another order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key], dice) for key in dice.sample(sorted(value), len(value))}
    return [shuffled(each, dice) for each in value] if isinstance(value, list) else value


@settings(max_examples=100, deadline=None)
@given(data=st.data(), seed=st.integers(0, 10**6))
def test_digest_is_deaf_to_what_is_no_news(xero, data, seed):
    """Order of keys, trailing zeros, floats for decimals, what a payment moves, and names nobody knows yet"""
    try:
        _payload, _answer, item = sent(xero, data.draw(documents(xero.rates)))
    except Refused:
        return
    keys = KEYS[item["Type"]]
    known = digest_of(received.values(received.read(item, *keys)))
    paid = {"Status": "PAID", "AmountDue": D("0.00"), "RemainingCredit": D(0), "AmountPaid": item["Total"],
            "UpdatedDateUTC": "/Date(1799999999000+0000)/", "Payments": [{"PaymentID": "p"}], "Unheard": {"of": 1},
            "HasAttachments": True}  # fmt: skip
    again = shuffled(item | paid, random.Random(seed))
    again["LineItems"] = [line | {"Unheard": 1, "ValidationErrors": [{}]} for line in again["LineItems"]]
    for form in (again, wire.loads(wire.dumps(again)), _longer(again)):
        assert digest_of(received.values(received.read(form, *keys))) == known


def _longer(value):
    """The same amounts with more zeros."""
    if isinstance(value, dict):
        return {key: _longer(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_longer(each) for each in value]
    return value * D("1.000") if isinstance(value, Decimal) else value


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_digest_hears_every_change_that_could_be_taken_over(xero, data):
    try:
        _payload, _answer, item = sent(xero, data.draw(documents(xero.rates)))
    except Refused:
        return
    keys = KEYS[item["Type"]]
    known = digest_of(received.values(received.read(item, *keys)))
    line = item["LineItems"][0]
    changes = [
        {keys[1]: item[keys[1]] + "x"}, {"Contact": {"ContactID": "other"}}, {"Date": "2025-01-01"},
        {"DueDate": "2027-01-01"}, {"CurrencyCode": "EUR"}, {"CurrencyRate": D("9.5")}, {"Reference": "Other"},
        {"Status": "VOIDED"}, {"Status": "DRAFT"}, {"Total": item["Total"] + 1}, {"TotalTax": item["TotalTax"] + 1},
        {"LineItems": item["LineItems"][1:]},
        *({"LineItems": [line | change, *item["LineItems"][1:]]} for change in (
            {"Description": "Else"}, {"Quantity": line["Quantity"] + 1}, {"UnitAmount": line["UnitAmount"] + 1},
            {"LineAmount": line["LineAmount"] + 1}, {"TaxAmount": line["TaxAmount"] + 1}, {"TaxType": "ELSE"},
            {"AccountCode": "999"}, {"Tracking": [{"TrackingCategoryID": "c", "TrackingOptionID": "o"}]},
            {"DiscountRate": D("3.5")},
        )),
    ]  # fmt: skip
    for change in changes:
        assert digest_of(received.values(received.read(item | change, *keys))) != known, change
