"""Xero's dates, all forms that were seen, and the one form it takes."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero.dates import format_date, format_modified_since, parse_date, parse_datetime

UTC = timezone.utc


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("/Date(1552262400000+0000)/", datetime(2019, 3, 11, tzinfo=UTC)),
        ("/Date(1552404447003)/", datetime(2019, 3, 12, 15, 27, 27, 3000, tzinfo=UTC)),
        ("/Date(1552262400000+1300)/", datetime(2019, 3, 11, tzinfo=UTC)),
        ("/Date(-86400000+0000)/", datetime(1969, 12, 31, tzinfo=UTC)),
        ("2019-03-11T00:00:00", datetime(2019, 3, 11, tzinfo=UTC)),
        ("2019-12-07T18:46:19.5165400", datetime(2019, 12, 7, 18, 46, 19, 516540, tzinfo=UTC)),
        ("2024-06-21T01:15:39.902", datetime(2024, 6, 21, 1, 15, 39, 902000, tzinfo=UTC)),
        ("2024-06-21T01:15:39Z", datetime(2024, 6, 21, 1, 15, 39, tzinfo=UTC)),
        ("2024-06-21T13:15:39+12:00", datetime(2024, 6, 21, 1, 15, 39, tzinfo=UTC)),
        ("2024-06-21", datetime(2024, 6, 21, tzinfo=UTC)),
        (" 2024-06-21 01:15 ", datetime(2024, 6, 21, 1, 15, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_as_utc(text, moment):
    assert parse_datetime(text) == moment
    assert parse_datetime(text).tzinfo == UTC


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("/Date(1552262400000+0000)/", date(2019, 3, 11)),
        ("/Date(1552215600000+1300)/", date(2019, 3, 11)),
        ("2019-03-11T00:00:00", date(2019, 3, 11)),
        ("2019-03-11T00:00:00+13:00", date(2019, 3, 11)),
        ("2019-03-11", date(2019, 3, 11)),
    ],
)
def test_a_day_is_never_shifted(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "soon",
        "/Date()/",
        "/Date(99999999999999999)/",
        "2019-13-01",
        "2019-02-30",
        "0000-01-01",
        "2019-03-11T25:00:00",
        12345,
        [],
        {},
        "٢٠١٩-٠٣-١١",
        "/Date(-62135596800000-2300)/",
        "2019-03-11T00:00:00+99:99",
    ],
)
def test_what_is_no_date_is_none(value):
    assert parse_date(value) is None
    assert parse_datetime(value) is None


@given(st.text() | st.integers().map(lambda number: f"/Date({number}+0000)/"))
def test_reading_never_raises(text):
    parse_date(text)
    parse_datetime(text)


@given(st.dates())
def test_a_day_goes_there_and_back(day):
    assert parse_date(format_date(day)) == day


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1971, 1, 1), max_value=datetime(9000, 1, 1)))
def test_a_moment_goes_there_and_back(moment):
    milliseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert parse_datetime(f"/Date({milliseconds}+0000)/") == moment.replace(
        microsecond=moment.microsecond // 1000 * 1000
    )


def test_modified_since_is_utc_in_whole_seconds_rounded_down():
    assert format_modified_since(datetime(2026, 1, 2, 3, 4, 5, 999999)) == "2026-01-02T03:04:05"
    zone = timezone(timedelta(hours=13))
    assert format_modified_since(datetime(2026, 1, 2, 3, 4, 5, tzinfo=zone)) == "2026-01-01T14:04:05"
    with pytest.raises(TypeError):
        format_modified_since("2026-01-01")
