"""Xero's dates. Two forms come out (``/Date(1552262400000+0000)/`` and ISO 8601, seven decimals), one goes in.

What cannot be understood is ``None``, never an exception: an answer about 50 documents is not lost over one date.
"""

import re
from datetime import date, datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MS_DATE = re.compile(r"/Date\((-?\d{1,17})(?:([+-])(\d{2})(\d{2}))?\)/", re.ASCII)
ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(?:(Z)|([+-])(\d\d):?(\d\d))?)?",
    re.ASCII | re.IGNORECASE,
)


def _offset(sign, hours, minutes):
    shift = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return timezone(-shift if sign == "-" else shift)


def _parse(value):
    """Aware datetime in the zone that the text names (UTC when it names none)."""
    text = value.strip() if isinstance(value, str) else ""
    try:
        if match := MS_DATE.fullmatch(text):
            milliseconds, *zone = match.groups()
            return (EPOCH + timedelta(milliseconds=int(milliseconds))).astimezone(_offset(*zone))
        if match := ISO.fullmatch(text):
            year, month, day, hour, minute, second, fraction, _z, *zone = match.groups()
            return datetime(
                int(year),
                int(month),
                int(day),
                int(hour or 0),
                int(minute or 0),
                int(second or 0),
                int((fraction or "0").ljust(6, "0")[:6]),
                tzinfo=_offset(*zone),
            )
    except (ValueError, OverflowError):
        return None  # a day that does not exist
    return None


def parse_datetime(value):
    """:param value: Xero's text for a moment (``UpdatedDateUTC``, ``createdDateUtc``), or ``None``
    :return: aware datetime in UTC, ``None`` when absent or not understood"""
    moment = _parse(value)
    try:
        return moment and moment.astimezone(timezone.utc)
    except OverflowError:
        return None


def parse_date(value):
    """The day on a document. Xero gives midnight with no zone of its own, so the day is never shifted by ours.

    :param value: Xero's text for a day (``Date``, ``DueDate``, ``PeriodLockDate``), or ``None``
    :rtype: datetime.date | None
    """
    moment = _parse(value)
    return moment and moment.date()


def format_modified_since(moment):
    """``If-Modified-Since`` as Xero wants it: UTC, whole seconds, rounded down so that nothing is missed.

    :param datetime moment: aware, or naive and then UTC (as Odoo keeps it)
    :rtype: str
    """
    if not isinstance(moment, datetime):
        raise TypeError("modified_since must be a datetime")
    if moment.tzinfo:
        moment = moment.astimezone(timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def format_date(day):
    """``YYYY-MM-DD``, the only form that Xero takes for a day.

    :param datetime.date day:
    :rtype: str
    """
    return date(day.year, day.month, day.day).isoformat()
