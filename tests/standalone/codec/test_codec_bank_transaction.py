"""Money spent to the cent: Xero's total, by the simulator's arithmetic, is what left the bank (S1.3, S1.24)."""

import json
import sys
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codec import bank_transaction as codec
from codec.invoice import InvoiceData, LineData
from codec.refused import Refused
from simulator.accounting import rounding as xero

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "contract"))

import xero_contract  # noqa: E402

D, CENT, ZERO = Decimal, Decimal("0.01"), Decimal(0)
BANK = "00000000-0000-0000-0000-000000000002"
CONTACT = "00000000-0000-0000-0000-000000000001"
RATES = {"INPUT2": D(15), "INPUT": D(10), "TAX001": D("15.47375"), "NONE": D(0)}
ROUNDING = LineData(0, "Rounding", account_code="860", account_id="r", tax_type="NONE")


def spending(total, tax_type="INPUT2", off=ZERO, **more):
    """An expense as Odoo books it: the tax is in the price, and ``off`` by cents where Odoo rounded otherwise."""
    rate = RATES[tax_type]
    net = (total * 100 / (100 + rate)).quantize(CENT, ROUND_HALF_UP) + off
    line = LineData(
        1, "Ann: Taxi", quantity=D(1), unit_amount=total, subtotal=net, total=total, inclusive=bool(rate),
        taxed=bool(rate), account_code="404", account_id="a", tax_type=tax_type, tax_rate=rate,
    )  # fmt: skip
    values = {
        "type": "SPEND", "number": "PBNK1/2026/00001", "contact_id": CONTACT, "date": "2026-06-01", "due_date": "",
        "currency": "NZD", "total": total, "tax": total - net, "lines": (line,), "rounding_line": ROUNDING,
        "url": "https://odoo.example.com/mail/view?model=account.payment&res_id=1",
    }  # fmt: skip
    return InvoiceData(**(values | more))


def xero_total(payload):
    kind = payload["LineAmountTypes"]
    amounts = [(item["LineAmount"], RATES[item["TaxType"]]) for item in payload["LineItems"]]
    net = sum(amount for amount, _rate in amounts)
    tax = sum(xero.tax(amount, rate, kind) for amount, rate in amounts)
    return net if kind == "Inclusive" else net + tax


def test_says_where_the_money_left_and_where_it_is_written_down():
    payload = codec.build(spending(D("80.25")), BANK).payload
    assert {key: payload[key] for key in ("Type", "BankAccount", "Reference", "LineAmountTypes")} == {
        "Type": "SPEND", "BankAccount": {"AccountID": BANK}, "Reference": "PBNK1/2026/00001",
        "LineAmountTypes": "Inclusive",
    }  # fmt: skip
    assert payload["Url"].endswith("res_id=1")


def test_has_the_currency_of_its_bank_account():
    """Xero sets it; one of its own is for overpayments alone"""
    assert "CurrencyCode" not in codec.build(spending(D(5)), BANK).payload


def test_is_a_sound_request_by_xero_s_own_file():
    judge = xero_contract.load()
    if judge is None:
        pytest.skip(xero_contract.MISSING.format("xero_accounting.yaml"))
    payload = codec.build(spending(D("80.25"), currency_rate=D("0.610000")), BANK).payload
    body = {"BankTransactions": [json.loads(json.dumps(payload, default=float))]}
    assert judge.request("PUT", "/BankTransactions", {"unitdp": 4}, {"xero-tenant-id": "x"}, body) == []


@settings(max_examples=300, deadline=None)
@given(st.decimals("0.01", "99999", places=2), st.sampled_from(sorted(RATES)), st.sampled_from([ZERO, CENT, -CENT]))
def test_any_spending_comes_to_what_left_the_bank_or_stops(total, tax_type, off):
    try:
        built = codec.build(spending(total, tax_type, off if tax_type != "NONE" else ZERO), BANK)
    except Refused as refused:
        assert refused.code == "total_differs"
        assert off, "only where Odoo's tax is not Xero's"
        return
    assert xero_total(built.payload) == built.total == total
    assert len(built.payload["LineItems"]) == 1 + bool(built.rounding)


weights = st.lists(st.decimals("0.01", "100", places=2), min_size=1, max_size=9)


@settings(max_examples=400, deadline=None)
@given(
    st.decimals("0.01", "99999", places=2), st.sampled_from(sorted(RATES)), st.sampled_from([ZERO, CENT, -CENT]),
    weights,
)  # fmt: skip
def test_what_is_shared_out_says_no_tax_of_its_own_and_comes_to_what_left_the_bank_or_stops(total, tax_type, off, some):
    """Xero refuses another TaxAmount than it computes"""
    whole = spending(total, tax_type, off if tax_type != "NONE" else ZERO)
    shares = tuple(((("region", str(number)),), weight) for number, weight in enumerate(some))
    spent = replace(whole, lines=(replace(whole.lines[0], shares=shares),))
    try:
        built = codec.build(spent, BANK)
    except Refused as refused:
        assert refused.code == "total_differs"
        assert off, "only where Odoo's tax is not Xero's"
        return
    items = built.payload["LineItems"]
    assert not [item for item in items if "TaxAmount" in item]
    assert xero_total(built.payload) == built.total == total
    kind = built.payload["LineAmountTypes"]
    assert sum(xero.tax(item["LineAmount"], RATES[item["TaxType"]], kind) for item in items) == built.tax
    if kind == "Inclusive":
        assert (built.tax, built.rounding) == (spent.tax, 0)
