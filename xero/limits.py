"""What Xero says about its limits in the headers of every answer. Reading never raises.

Source: developer.xero.com, guides/oauth2/limits, and recorded answers.
"""

from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

DAY = 86400
PROBLEMS = ("minute", "day", "concurrent", "appminute")


@dataclass(frozen=True)
class Limits:
    """Calls left; ``None`` where Xero did not say.

    :ivar minute_remaining: of this organisation's 60 per minute
    :ivar day_remaining: of this organisation's 1,000 or 5,000 per day
    :ivar app_minute_remaining: of the app's 10,000 per minute
    """

    minute_remaining: int | None = None
    day_remaining: int | None = None
    app_minute_remaining: int | None = None


def _count(value):
    value = (value or "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def parse_limits(headers):
    """:param headers: mapping of header names (any case) to text
    :rtype: Limits"""
    headers = {name.lower(): value for name, value in headers.items()}
    return Limits(
        minute_remaining=_count(headers.get("x-minlimit-remaining")),
        day_remaining=_count(headers.get("x-daylimit-remaining")),
        app_minute_remaining=_count(headers.get("x-appminlimit-remaining")),
    )


def parse_retry_after(value, now=None):
    """Seconds to wait, at most one day; ``None`` when absent or not understood.

    Xero sends seconds; HTTP also allows a date, and something in between (a proxy) may use it.

    :param str | None value: the ``Retry-After`` header
    :param datetime now: aware, for tests
    :rtype: int | None
    """
    value = (value or "").strip()
    if value.isascii() and value.isdigit() and len(value) < 10:
        return min(int(value), DAY)
    try:
        when = parsedate_to_datetime(value)
        when = when if when.tzinfo else when.replace(tzinfo=timezone.utc)
        seconds = (when - (now or datetime.now(timezone.utc))).total_seconds()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return int(min(max(seconds, 0), DAY))


def parse_problem(value, limits, retry_after=None):
    """Which limit a 429 is about: one of :data:`PROBLEMS`.

    The header is spelt in more than one way and may be missing; then the counters, and the length of the wait, tell.

    :param str | None value: the ``X-Rate-Limit-Problem`` header
    :param Limits limits: of the same answer
    :param int | None retry_after: of the same answer
    :rtype: str
    """
    word = "".join(char for char in (value or "").lower() if char.isalpha())
    for known, problem in (("appmin", "appminute"), ("min", "minute"), ("da", "day"), ("concurren", "concurrent")):
        if word.startswith(known):
            return problem
    if limits.day_remaining == 0 or (retry_after or 0) > 60:
        return "day"
    if limits.minute_remaining == 0:
        return "minute"
    if limits.app_minute_remaining == 0:
        return "appminute"
    # Only the concurrency limit comes without a counter; only the minute limit, or an unknown, comes with none at all.
    return "concurrent" if limits.minute_remaining else "minute"
