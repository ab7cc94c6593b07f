"""Xero's order of rounding (platform §5): examples of Xero's, and properties that hold for any line."""
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.accounting import rounding

D = Decimal
MONEY = st.decimals(min_value=0, max_value=10**7, places=2)
SIGNED = st.decimals(min_value=-(10**7), max_value=10**7, places=2)
RATES = st.decimals(min_value=0, max_value=40, places=4)
TYPES = st.sampled_from(["Exclusive", "Inclusive", "NoTax"])


@pytest.mark.parametrize(
    ("amount", "places", "rounded"),
    [("2.165", 2, "2.17"), ("2.1649", 2, "2.16"), ("-2.165", 2, "-2.17"), ("0.00005", 4, "0.0001"), ("1", 2, "1.00")],
)
def test_a_half_goes_up(amount, places, rounded):
    assert str(rounding.half_up(D(amount), places)) == rounded


def test_tax_is_rounded_per_line_as_in_xeros_own_example():
    amounts = [D("25.06"), D("25.61"), D("25.63")]
    lines = [(amount, rounding.tax(amount, D(15), "Exclusive")) for amount in amounts]
    assert rounding.totals(lines, "Exclusive") == (D("76.30"), D("11.44"), D("87.74"))
    assert rounding.tax(D("76.30"), D(15), "Exclusive") == D("11.45")


def test_inclusive_tax_is_taken_out_of_the_amount():
    assert rounding.tax(D("115.00"), D(15), "Inclusive") == D("15.00")
    assert rounding.totals([(D("115.00"), D("15.00"))], "Inclusive") == (D("100.00"), D("15.00"), D("115.00"))


def test_compound_component_is_charged_on_the_tax_before_it():
    parts = [{"Rate": D("5"), "IsCompound": False}, {"Rate": D("9.975"), "IsCompound": True}]
    assert rounding.effective_rate(parts) == D("15.47375")
    assert rounding.effective_rate([{**part, "IsCompound": False} for part in parts]) == D("14.975")


def test_discounts_are_taken_before_the_line_is_rounded_or_off_the_rounded_line():
    assert rounding.line_amount(D(3), D("33.33"), discount_rate=D(10)) == D("89.99")
    assert rounding.line_amount(D(3), D("33.33"), discount_amount=D("9.99")) == D("90.00")


@given(amount=SIGNED, rate=RATES, types=TYPES)
def test_subtotal_and_tax_are_the_total(amount, rate, types):
    line_tax = rounding.tax(amount, rate, types)
    subtotal, tax, total = rounding.totals([(amount, line_tax)], types)
    assert subtotal + tax == total
    assert total == (amount if types != "Exclusive" else amount + line_tax)


@given(amount=SIGNED, rate=RATES)
def test_exclusive_tax_is_within_half_a_cent_and_odd_in_sign(amount, rate):
    exact = amount * rate / 100
    assert abs(rounding.tax(amount, rate, "Exclusive") - exact) <= D("0.005")
    assert rounding.tax(-amount, rate, "Exclusive") == -rounding.tax(amount, rate, "Exclusive")


@given(amount=MONEY, rate=RATES)
def test_inclusive_tax_gives_the_net_amount_back(amount, rate):
    net = amount - rounding.tax(amount, rate, "Inclusive")
    assert abs(net * (100 + rate) / 100 - amount) <= D("0.008")


@given(amounts=st.lists(MONEY, max_size=12), rate=RATES, types=TYPES)
def test_the_order_of_lines_changes_nothing(amounts, rate, types):
    lines = [(amount, rounding.tax(amount, rate, types)) for amount in amounts]
    assert rounding.totals(lines, types) == rounding.totals(lines[::-1], types)


@given(quantity=st.decimals(min_value=0, max_value=9999, places=4), unit=st.decimals(0, 9999, places=4), rate=RATES)
def test_a_discount_never_makes_a_line_dearer(quantity, unit, rate):
    whole = rounding.line_amount(quantity, unit)
    assert rounding.line_amount(quantity, unit, discount_rate=rate) <= whole
    assert whole == (quantity * unit).quantize(D("0.01"), ROUND_HALF_UP)
    assert rounding.discount(quantity, unit, rounding.line_amount(quantity, unit, discount_rate=rate)) >= 0


@given(parts=st.lists(st.tuples(st.decimals(0, 20, places=4), st.booleans()), min_size=1, max_size=4))
def test_a_compound_rate_is_never_below_the_plain_sum(parts):
    components = [{"Rate": rate, "IsCompound": compound} for rate, compound in parts]
    assert rounding.effective_rate(components) >= sum(rate for rate, _compound in parts)
