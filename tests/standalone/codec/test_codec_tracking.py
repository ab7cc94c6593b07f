"""A line that is shared out over tracking options loses no cent of its amount or its tax (S0.18, S1.24)."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codec import invoice as codec
from codec import tracking
from simulator.accounting import rounding as xero

CENT = Decimal("0.01")
D = Decimal
NORTH, SOUTH = (("region", "north"),), (("region", "south"),)


def line(price="100", quantity="1", rate="15", shares=(), inclusive=False):
    gross = xero.half_up(D(price) * D(quantity), 2)
    tax = xero.half_up(gross * D(rate) / (100 + D(rate) if inclusive else 100), 2)
    return codec.LineData(
        7, "Work", quantity=D(quantity), unit_amount=D(price), inclusive=inclusive, taxed=True, account_code="200",
        subtotal=gross - tax if inclusive else gross, total=gross if inclusive else gross + tax, tax_type="OUTPUT2",
        tax_rate=D(rate), shares=shares,
    )  # fmt: skip


def build(*lines, **more):
    total = sum(one.total for one in lines)
    values = {
        "type": "ACCREC", "number": "INV/1", "contact_id": "c", "date": "2026-02-28", "due_date": "2026-03-30",
        "currency": "NZD", "total": total, "tax": total - sum(one.subtotal for one in lines), "lines": lines,
    }  # fmt: skip
    return codec.build(codec.InvoiceData(**(values | more)))


def test_whole_line_is_tracked_and_stays_one():
    built = build(line(shares=((NORTH, D(100)),)))
    [item] = built.payload["LineItems"]
    assert item["Tracking"] == [{"TrackingCategoryID": "region", "TrackingOptionID": "north"}]
    assert built.line_keys == [7] and "TaxAmount" not in item


def test_distribution_splits_the_line_and_names_its_parts():
    built = build(line("10", "8", shares=((NORTH, D(75)), (SOUTH, D(25)))))
    first, second = built.payload["LineItems"]
    assert (first["Quantity"], first["UnitAmount"], first["LineAmount"], first["TaxAmount"]) == (6, 10, 60, 9)
    assert (second["LineAmount"], second["TaxAmount"]) == (20, 3)
    assert built.line_keys == ["7:0", "7:1"]


def test_cent_goes_to_the_largest_remainder():
    thirds = tuple(((("region", name),), D(100) / 3) for name in "abc")
    items = build(line("100", shares=thirds)).payload["LineItems"]
    assert sorted(item["LineAmount"] for item in items) == [D("33.33"), D("33.33"), D("33.34")]
    assert sum(item["TaxAmount"] for item in items) == 15


def test_part_that_comes_to_nothing_is_left_out():
    built = build(line("0.01", rate="0", shares=((NORTH, D(50)), (SOUTH, D(50)))))
    assert [item["LineAmount"] for item in built.payload["LineItems"]] == [CENT]
    free = build(line("0", shares=((NORTH, D(30)), (SOUTH, D(70)))))
    assert [item["Tracking"][0]["TrackingOptionID"] for item in free.payload["LineItems"]] == ["south"]


def test_currency_without_cents_is_shared_out_in_whole_units():
    built = build(line("100", rate="0", shares=((NORTH, D("33.33")), (SOUTH, D("66.67")))), currency="JPY", step=D(1))
    assert [item["LineAmount"] for item in built.payload["LineItems"]] == [33, 67]


@pytest.mark.parametrize(
    ("distribution", "plans", "shares"),
    [
        ([({0: "a"}, 100)], 1, {("a",): 100}),
        ([({0: "a"}, 60)], 1, {("a",): 60, (None,): 40}),
        ([({0: "a"}, 60), ({0: "a"}, 40)], 1, {("a",): 100}),
        ([({0: "a", 1: "x"}, 60), ({0: "b", 1: "y"}, 40)], 2, {("a", "x"): 60, ("b", "y"): 40}),
        ([({0: "a"}, 100), ({1: "x"}, 100)], 2, {("a", "x"): 100}),
        ([({0: "a"}, 60), ({0: "b"}, 40), ({1: "x"}, 100)], 2, {("a", "x"): 60, ("b", "x"): 40}),
        ([({0: "a"}, 50), ({1: "x"}, 100)], 2, {("a", "x"): 50, (None, "x"): 50}),
        ([({0: "a", 1: "x"}, 50), ({0: "b"}, 50)], 2, {("a", "x"): 50, ("b", None): 50}),
    ],
)  # fmt: skip
def test_distributions_of_two_plans_are_laid_side_by_side(distribution, plans, shares):
    found = tracking.combine([(options, D(percent)) for options, percent in distribution], plans)
    assert dict(found) == shares


def test_rounding_of_percentages_is_no_share_of_its_own():
    found = tracking.combine([({0: name}, D("33.33")) for name in "abc"], 1)
    assert {key for key, _percent in found} == {("a",), ("b",), ("c",)}


@pytest.mark.parametrize("percents", [(60, 50), (120,), (150, -50)])
def test_more_than_the_whole_cannot_be_told(percents):
    with pytest.raises(tracking.Overdrawn):
        tracking.combine([({0: str(number)}, D(percent)) for number, percent in enumerate(percents)], 1)


percentages = st.lists(st.decimals("0.01", "100", places=2), min_size=1, max_size=7)


@st.composite
def distributions(draw):
    """Keys of one or two plans, each plan together at most 100 %."""
    found = []
    for plan in range(draw(st.integers(1, 2))):
        left = D(100)
        for number, percent in enumerate(draw(percentages)):
            percent = min(percent, left)
            if percent:
                found.append(({plan: f"{plan}-{number}"}, percent))
            left -= percent
    return found


@settings(max_examples=300, deadline=None)
@given(distributions())
def test_every_option_gets_its_own_percentage(distribution):
    plans = 1 + max(index for options, _percent in distribution for index in options)
    shares = tracking.combine(distribution, plans)
    slack = CENT * (len(distribution) + 1)
    assert abs(sum(percent for _key, percent in shares) - 100) <= slack
    for options, percent in distribution:
        [(index, option)] = options.items()
        assert abs(sum(share for key, share in shares if key[index] == option) - percent) <= slack


weights = st.lists(st.decimals("0.01", "100", places=2), min_size=1, max_size=9)


@settings(max_examples=300, deadline=None)
@given(st.decimals("-99999", "99999", places=2), weights)
def test_parts_come_to_the_amount_and_none_is_off_by_a_cent(amount, some):
    parts = tracking.share_out(amount, some)
    assert sum(parts) == amount
    for part, weight in zip(parts, some, strict=True):
        assert abs(part - amount * weight / sum(some)) < CENT


@settings(max_examples=400, deadline=None)
@given(
    st.decimals("-9999", "9999", places=3), st.decimals("0.01", "99", places=2), weights,
    st.sampled_from(["0", "15", "8.875", "15.47375"]), st.booleans(),
)  # fmt: skip
def test_split_changes_neither_total_nor_tax(price, quantity, some, rate, inclusive):
    """Exactly what the undivided document comes to, by Xero's own arithmetic with the taxes that we say."""
    shares = tuple(((("region", str(number)),), weight) for number, weight in enumerate(some))
    whole = build(line(price, quantity, rate, inclusive=inclusive))
    split = build(line(price, quantity, rate, shares, inclusive))
    assert (split.total, split.tax, split.rounding) == (whole.total, whole.tax, whole.rounding)
    items = split.payload["LineItems"]
    assert sum(item["LineAmount"] for item in items) == sum(i["LineAmount"] for i in whole.payload["LineItems"])
    if len(items) > 1:
        assert sum(item["TaxAmount"] for item in items) == whole.tax
    for item in items:
        assert xero.line_amount(item["Quantity"], item["UnitAmount"]) == item["LineAmount"]
    assert not [key for key, count in Counter(split.line_keys).items() if count > 1]
