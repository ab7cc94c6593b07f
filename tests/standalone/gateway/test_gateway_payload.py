"""Amounts reach Xero to the last digit and without an exponent, and come back the same."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero.payload import dumps, loads

AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18, places=None).filter(
    lambda value: value.is_zero() or (abs(value.adjusted()) <= 50 and abs(value.as_tuple().exponent) <= 50)
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15).filter(
        lambda value: value == 0 or abs(value) > 1e-15
    )
    | AMOUNTS
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
)
PAYLOADS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcXYZ", min_size=1), inner, max_size=4),
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("0.00001"), "0.00001"),
        (Decimal("1E-5"), "0.00001"),
        (Decimal("1E+2"), "100"),
        (Decimal("10.50"), "10.50"),
        (Decimal("-0.00"), "0.00"),
        (Decimal("0E-7"), "0.0000000"),
        (Decimal("0E+9999"), "0"),
        (Decimal("9999999999999.9999"), "9999999999999.9999"),
        (1e-05, "0.00001"),
        (1e22, "10000000000000000000000"),
        (0.1, "0.1"),
        (-0.0, "0.0"),
        (-1.5, "-1.5"),
        (0, "0"),
        (10**20, "100000000000000000000"),
        (True, "true"),
        (False, "false"),
        (None, "null"),
        ('a"\n\\é😀', '"a\\"\\n\\\\é😀"'),
        ({}, "{}"),
        ([], "[]"),
        ((1, 2), "[1,2]"),
        ({"Amount": Decimal("1E-7"), "Lines": [None]}, '{"Amount":0.0000001,"Lines":[null]}'),
    ],
)
def test_a_value_is_written_plainly(value, text):
    assert dumps(value).decode() == text


@given(PAYLOADS)
def test_what_is_written_reads_back_as_the_same(payload):
    assert _plain(loads(dumps(payload))) == _plain(payload)


def _plain(value):
    """Numbers by their exact value, whatever their type."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


@given(AMOUNTS)
def test_an_amount_keeps_every_digit_and_has_no_exponent(amount):
    text = dumps(amount).decode()
    assert not set(text.lower()) & {"e", "+"}
    assert Decimal(text) == amount


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=1e-30, max_value=1e30))
def test_a_float_reads_back_as_the_same_float(number):
    assert float(dumps(number)) == number


@pytest.mark.parametrize(
    "value",
    [Decimal("NaN"), Decimal("Infinity"), Decimal("sNaN"), float("nan"), float("-inf"), Decimal("1E+999999"), 1e300],
)
def test_an_amount_that_is_none_is_refused(value):
    with pytest.raises(ValueError):
        dumps({"Amount": value})


@pytest.mark.parametrize("value", [date(2026, 1, 1), {1: 2}, {1, 2}, object(), b"bytes"])
def test_another_type_is_refused(value):
    with pytest.raises(TypeError):
        dumps([value])


def test_amounts_are_read_exactly():
    assert loads(b'{"a": 0.1, "b": 10.50, "c": 7, "d": 1e-5}') == {
        "a": Decimal("0.1"),
        "b": Decimal("10.50"),
        "c": 7,
        "d": Decimal("0.00001"),
    }
    assert str(loads(b"10.50")) == "10.50"


def test_a_byte_order_mark_is_no_obstacle():
    assert loads(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"<html>", b"NaN", b'{"a": Infinity}', b"\xff\xfe", b"[" * 100000, b"1" * 5000 + b"x", b'{"a":1} x'],
)
def test_what_is_not_json_is_a_value_error_and_nothing_else(data):
    with pytest.raises(ValueError):
        loads(data)


@given(st.binary())
def test_reading_rubbish_raises_nothing_but_value_error(data):
    try:
        loads(data)
    except ValueError:
        pass


def test_text_that_a_database_cannot_store_is_made_storable():
    read = loads(rb'{"Na\u0000me": ["a\u0000b", "\ud83d\ude00", "x\ud800y"]}')
    assert read == {"Name": ["ab", "\U0001f600", "x\ufffdy"]}
    json.dumps(read, ensure_ascii=False).encode()
