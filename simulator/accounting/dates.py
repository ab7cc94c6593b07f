"""Dates as clients send them (``2019-03-11``) and the ``DateString`` that goes out; ``core.wire`` writes the rest."""
import re
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

EPOCH = date(1970, 1, 1)
MS_DATE = re.compile(r"^/Date\((-?\d+)(?:[+-]\d{4})?\)/$")
ISO_DATE = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]*(?:Z|[+-]\d\d:?\d\d)?)?$")
MODIFIED_SINCE = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%a, %d %b %Y %H:%M:%S GMT")


@lru_cache(maxsize=4096)
def date_string(day):
    return f"{day.isoformat()}T00:00:00"


def utc_string(moment):
    """``UpdatedDateUTCString``: ISO 8601 without a zone, to the millisecond."""
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds")


@lru_cache(maxsize=4096)
def parse_date(text):
    """The day that ``text`` (ISO date, ISO datetime or /Date(ms)/) names; ValueError if it names none."""
    found = ISO_DATE.match(text)
    if found:
        return date(*map(int, found.groups()))
    found = MS_DATE.match(text)
    if found:
        return EPOCH + timedelta(milliseconds=int(found.group(1)))
    raise ValueError(text)


def parse_modified_since(text):
    """If-Modified-Since as an aware datetime, second precision; ValueError if it is none."""
    text = text.strip().split(".")[0].removesuffix("Z").removesuffix("+00:00")
    for form in MODIFIED_SINCE:
        try:
            return datetime.strptime(text, form).replace(tzinfo=timezone.utc)
        except ValueError:
            continue
    raise ValueError(text)


def today(moment, zone):
    """The day at ``moment`` in the IANA ``zone``: Xero's default for a document without a date."""
    return moment.astimezone(ZoneInfo(zone)).date()
