"""The headers about limits are read as far as they can be read, and never stop anything."""

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero.limits import DAY, PROBLEMS, Limits, parse_limits, parse_problem, parse_retry_after


def test_the_counters_of_a_recorded_answer_are_read():
    headers = {"X-MinLimit-Remaining": "0", "x-daylimit-remaining": "4539", "X-APPMINLIMIT-REMAINING": " 9938 "}
    assert parse_limits(headers) == Limits(minute_remaining=0, day_remaining=4539, app_minute_remaining=9938)


def test_absent_or_strange_counters_are_none():
    assert parse_limits({}) == Limits()
    strange = {"x-minlimit-remaining": "-1", "x-daylimit-remaining": "many", "x-appminlimit-remaining": "²"}
    assert parse_limits(strange) == Limits()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("22", 22),
        (" 26 ", 26),
        ("0", 0),
        ("67000", 67000),
        ("9999999", DAY),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("Fri, 02 Jan 2026 00:01:00 GMT", 60),
        ("Thu, 01 Jan 2026 00:00:00 GMT", 0),
        ("Fri, 32 Jan 2026 00:01:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_nothing(value, seconds):
    assert parse_retry_after(value, now=datetime(2026, 1, 2, tzinfo=timezone.utc)) == seconds


@pytest.mark.parametrize(
    ("header", "limits", "wait", "problem"),
    [
        ("minute", Limits(), None, "minute"),
        ("Minute", Limits(), None, "minute"),
        ("day", Limits(), None, "day"),
        ("daily", Limits(), None, "day"),
        ("concurrent", Limits(), None, "concurrent"),
        ("appminute", Limits(), None, "appminute"),
        ("app-minute", Limits(), None, "appminute"),
        ("App Minute", Limits(), None, "appminute"),
        (None, Limits(day_remaining=0), None, "day"),
        (None, Limits(minute_remaining=30), 40000, "day"),
        (None, Limits(minute_remaining=0, day_remaining=9), 20, "minute"),
        (None, Limits(minute_remaining=3, app_minute_remaining=0), 20, "appminute"),
        (None, Limits(minute_remaining=3), None, "concurrent"),
        ("nonsense", Limits(), None, "minute"),
    ],
)
def test_the_problem_is_named_in_one_way(header, limits, wait, problem):
    assert parse_problem(header, limits, wait) == problem


HEADER = st.none() | st.text()


@given(HEADER, HEADER, HEADER, HEADER, HEADER)
def test_reading_headers_never_raises(minute, day, app, wait, problem):
    named = {"x-minlimit-remaining": minute, "x-daylimit-remaining": day, "x-appminlimit-remaining": app}
    limits = parse_limits({name: value for name, value in named.items() if value is not None})
    seconds = parse_retry_after(wait)
    assert seconds is None or 0 <= seconds <= DAY
    assert parse_problem(problem, limits, seconds) in PROBLEMS
