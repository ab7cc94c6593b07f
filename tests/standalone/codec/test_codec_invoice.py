"""Invoices to the cent: the payload's total, computed by the simulator's arithmetic, is Odoo's total (S1.24)."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
import sdk_oracle
from hypothesis import given, settings
from hypothesis import strategies as st

from codec import invoice as codec
from codec.refused import Refused
from simulator.accounting import rounding as xero

CENT = Decimal("0.01")
D = Decimal
RATES = {"OUTPUT2": D(15), "OUTPUT": D(10), "RROUTPUT": D(5), "TAX001": D("15.47375"), "NONE": D(0)}
ROUNDING = codec.LineData(0, "Rounding", account_code="860", account_id="r", tax_type="NONE")


def cents(value):
    return value.quantize(CENT, ROUND_HALF_UP)


def line(key=1, price="100", quantity="1", discount="0", tax="OUTPUT2", inclusive=False, subtotal=None, total=None):
    """A line as Odoo computes it, rounding the tax per line unless amounts are given."""
    price, quantity, discount, rate = D(price), D(quantity), D(discount), RATES[tax]
    gross = cents(price * quantity * (100 - discount) / 100)
    if inclusive:
        computed_subtotal, computed_total = cents(gross * 100 / (100 + rate)), gross
    else:
        computed_subtotal, computed_total = gross, gross + cents(gross * rate / 100)
    return codec.LineData(
        key, f"Line {key}", quantity=quantity, unit_amount=price, discount=discount, inclusive=inclusive,
        subtotal=computed_subtotal if subtotal is None else D(subtotal),
        total=computed_total if total is None else D(total),
        taxed=tax != "NONE", account_code="200", account_id="a", tax_type=tax, tax_rate=rate,
    )  # fmt: skip


def invoice(*lines, total=None, **more):
    total = sum((one.total for one in lines), D(0)) if total is None else D(total)
    tax = total - sum((one.subtotal for one in lines), D(0))
    values = {
        "type": "ACCREC", "number": "INV/2026/00001", "contact_id": "c", "date": "2026-02-28", "due_date": "2026-03-30",
        "currency": "NZD", "total": total, "tax": tax, "lines": lines, "rounding_line": ROUNDING,
    }  # fmt: skip
    return codec.InvoiceData(**(values | more))


def build(document):
    """What the codec makes of it; Xero's own SDK knows all of it and loses none."""
    built = codec.build(document)
    assert sdk_oracle.problems("Invoice", built.payload) == []
    return built


def xero_totals(payload):
    """Xero's (SubTotal, TotalTax, Total), by the simulator's rules; LineAmount has to be what Xero multiplies out."""
    kind, parts = payload["LineAmountTypes"], []
    for item in payload["LineItems"]:
        if "UnitAmount" not in item:
            continue
        amount = xero.line_amount(
            xero.half_up(item["Quantity"], 4), xero.half_up(item["UnitAmount"], 4), item.get("DiscountRate")
        )
        assert amount == item["LineAmount"]
        parts.append((amount, xero.tax(amount, RATES[item["TaxType"]], kind)))
    return xero.totals(parts, kind)


def xero_total(payload):
    return xero_totals(payload)[2]


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ([line()], "Exclusive"),
        ([line(inclusive=True)], "Inclusive"),
        ([line(tax="NONE")], "Exclusive"),
        ([line(inclusive=True), line(2, tax="NONE")], "Inclusive"),
        ([line(inclusive=True), line(2)], "Exclusive"),
    ],
    ids=["exclusive", "inclusive", "untaxed", "inclusive and untaxed", "mixed"],
)
def test_tax_mode_follows_the_lines(lines, kind):
    built = build(invoice(*lines))
    assert built.payload["LineAmountTypes"] == kind
    assert xero_total(built.payload) == sum(one.total for one in lines)


def test_mixed_document_folds_the_included_tax_out_and_tells_the_multiplication():
    built = build(invoice(line(1, "11.50", "3", inclusive=True), line(2, "10")))
    first = built.payload["LineItems"][0]
    assert (first["Quantity"], first["UnitAmount"], first["LineAmount"]) == (1, D("30.00"), D("30.00"))
    assert "3 × 11.5" in first["Description"]


def test_more_decimals_than_xero_takes_are_folded():
    built = build(invoice(line(1, "0.123456", "10000", subtotal="1234.56", total="1419.74")))
    assert built.payload["LineItems"][0]["LineAmount"] == D("1234.56")
    assert xero_total(built.payload) == D("1419.74")


def test_discount_goes_as_a_rate():
    built = build(invoice(line(1, "99.99", "3", "12.5")))
    assert built.payload["LineItems"][0]["DiscountRate"] == D("12.50")
    assert xero_total(built.payload) == built.total


def test_cent_of_a_global_rounding_stands_on_the_rounding_account():
    """25.06 + 25.61 + 25.63 at 15 % are 11.44 of tax at Xero and 11.45 where tax is rounded on the document."""
    lines = [line(1, "25.06"), line(2, "25.61"), line(3, "25.63")]
    built = build(invoice(*lines, total="87.75"))
    assert built.rounding == D("0.01")
    assert built.payload["LineItems"][-1]["AccountCode"] == "860"
    assert built.line_keys == [1, 2, 3, None]
    assert xero_total(built.payload) == D("87.75")


def test_inclusive_document_whose_tax_was_rounded_as_a_whole_goes_exclusive():
    """3 x 10.00 including 15 %: 3.91 of tax in Odoo, 3 x 1.30 at Xero. The total alone would not show it (S1.24)."""
    lines = [line(key, "10", inclusive=True, subtotal=net) for key, net in enumerate(("8.70", "8.70", "8.69"), 1)]
    built = build(invoice(*lines))
    assert built.payload["LineAmountTypes"] == "Exclusive"
    assert xero_totals(built.payload) == (D("26.08"), built.tax, D("30.00"))
    assert built.rounding == D("3.91") - built.tax != 0
    assert built.payload["LineItems"][-1]["AccountCode"] == "860"


def test_currency_without_cents_may_differ_by_half_a_unit_per_line():
    lines = [line(key, "33", tax="OUTPUT", total="36") for key in range(1, 5)]  # 3.30 of tax each at Xero
    built = build(invoice(*lines, currency="JPY", step=D(1)))
    assert (built.rounding, xero_total(built.payload)) == (D("-1.20"), D(144))
    with pytest.raises(Refused) as refused:
        build(invoice(*lines, currency="JPY", step=D(1), total="142"))
    assert refused.value.code == "total_differs"


@pytest.mark.parametrize("amounts", [{"subtotal": "1.234", "total": "1.234"}, {"subtotal": "1.23", "total": "1.235"}])
def test_third_decimal_stops_the_document(amounts):
    with pytest.raises(Refused) as refused:
        build(invoice(line(tax="NONE", **amounts), currency="KWD", step=D("0.001")))
    assert refused.value.code == "currency_decimals"
    assert build(invoice(line(), currency="KWD", step=D("0.001"))).total == D(115)


def test_more_than_rounding_goes_to_a_person():
    with pytest.raises(Refused) as refused:
        build(invoice(line(), total="116.00"))
    assert refused.value.code == "total_differs"
    assert refused.value.data == {"ours": "116.00", "theirs": "115.00"}


def test_cent_without_a_rounding_account_goes_to_a_person():
    with pytest.raises(Refused) as refused:
        build(invoice(line(), total="115.01", rounding_line=None))
    assert refused.value.code == "rounding_account_missing"


def test_sections_and_notes_are_descriptions_only():
    text = codec.LineData(7, "Work in February", is_text=True)
    built = build(invoice(text, line()))
    assert built.payload["LineItems"][0] == {"Description": "Work in February"}


def test_zero_line_and_zero_invoice_are_sent():
    built = build(invoice(line(1, "0"), line(2, "10", "0")))
    assert [item["LineAmount"] for item in built.payload["LineItems"]] == [0, 0]
    assert xero_total(built.payload) == 0


def test_account_without_a_code_is_named_by_its_id():
    bare = codec.LineData(
        1, "x", quantity=D(1), unit_amount=D(5), subtotal=D(5), total=D(5), account_id="guid", tax_type="NONE"
    )
    item = build(invoice(bare)).payload["LineItems"][0]
    assert item["AccountID"] == "guid" and "AccountCode" not in item


@pytest.mark.parametrize(
    ("number", "code"), [("N" * 300, "number_long"), ("RE-2026-ä", "number_invalid"), ("INV\t1", "number_invalid")]
)
def test_number_that_xero_refuses_is_stopped_before_a_call(number, code):
    with pytest.raises(Refused) as refused:
        build(invoice(line(), number=number))
    assert refused.value.code == code


def test_long_description_is_cut_and_never_empty():
    long = build(invoice(codec.LineData(1, "x" * 9000, is_text=True), line()))
    empty = build(invoice(codec.LineData(1, " \x00 ", is_text=True), line()))
    assert len(long.payload["LineItems"][0]["Description"]) == 4000
    assert empty.payload["LineItems"][0]["Description"] == "-"


@pytest.mark.parametrize("status", ["DRAFT", "SUBMITTED", "AUTHORISED"])
def test_whole_document_is_one_that_xero_s_sdk_knows(status):
    """With everything that a move can have; what the worker adds to the codec's payload too."""
    built = build(invoice(
        codec.LineData(7, "A section", is_text=True), line(1, "99.99", "3", "12.5"), line(2, tax="NONE"),
        total="401.85", reference="PO 7", url="https://erp.example/odoo/1", currency="USD", currency_rate=D("0.6125"),
    ))  # fmt: skip
    more = {"Status": status, "InvoiceID": "00000000-0000-4000-8000-000000000000"}
    assert sdk_oracle.problems("Invoices", {"Invoices": [built.payload | more]}) == []


def test_rate_is_sent_for_a_foreign_document_only():
    assert "CurrencyRate" not in build(invoice(line())).payload
    foreign = build(invoice(line(), currency="USD", currency_rate=D("0.590000")))
    assert foreign.payload["CurrencyRate"] == D("0.59")


prices = st.decimals("0", "99999", places=4)
quantities = st.decimals("-50", "500", places=3)
discounts = st.sampled_from([D(0), D(5), D("12.5"), D("33.333"), D(100)])


@st.composite
def documents(draw):
    """Invoices as Odoo computes them, with tax rounded per line or on the document, tax in the price or on top."""
    inclusive = draw(st.sampled_from([False, True, None]))
    lines = [
        line(
            key,
            draw(prices),
            draw(quantities),
            draw(discounts),
            draw(st.sampled_from(sorted(RATES))),
            draw(st.booleans()) if inclusive is None else inclusive,
        )
        for key in range(1, draw(st.integers(1, 12)) + 1)
    ]
    return invoice(*lines) if draw(st.booleans()) else rounded_as_a_whole(lines)


def rounded_as_a_whole(lines):
    """The invoice with each tax rounded once. Where it is in the price, what is left of the price is shared out."""
    total = D(0)
    for inclusive, name in {(one.inclusive, one.tax_type) for one in lines}:
        mine = [index for index, one in enumerate(lines) if (one.inclusive, one.tax_type) == (inclusive, name)]
        rate = RATES[name]
        if not inclusive:
            net = sum(lines[index].subtotal for index in mine)
            total += net + cents(net * rate / 100)
            continue
        gross = sum(lines[index].total for index in mine)
        short = gross - cents(gross * rate / (100 + rate)) - sum(lines[index].subtotal for index in mine)
        for index in mine:
            share = max(min(short, CENT), -CENT)
            lines[index] = replace(lines[index], subtotal=lines[index].subtotal + share)
            short -= share
        total += gross
    return invoice(*lines, total=total)


@settings(max_examples=400, deadline=None)
@given(documents())
def test_any_document_reaches_odoo_s_total_or_stops(document):
    try:
        built = build(document)
    except Refused as refused:
        assert refused.code == "total_differs"
        amounts = sum(not one.is_text for one in document.lines)
        assert abs(D(refused.data["ours"]) - D(refused.data["theirs"])) > CENT * amounts
        return
    assert xero_total(built.payload) == document.total
    assert built.total == document.total
    assert len(built.line_keys) == len(built.payload["LineItems"])


@settings(max_examples=400, deadline=None)
@given(documents())
def test_any_document_s_tax_is_odoo_s_or_the_difference_is_a_line(document):
    """S1.24: no cent of tax differs without standing on the rounding line"""
    try:
        built = build(document)
    except Refused:
        return
    _net, tax, _total = xero_totals(built.payload)
    assert tax == built.tax
    assert document.tax - tax == built.rounding
    assert (built.line_keys[-1:] == [None]) == bool(built.rounding)
