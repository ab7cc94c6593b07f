"""JSON as Xero writes and reads it."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum

from .errors import PostDataInvalid

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def dumps(value) -> bytes:
    """Decimal as number, date and datetime as ``/Date(ms+0000)/``; a date is midnight UTC."""
    return json.dumps(value, default=_plain, separators=(",", ":"), ensure_ascii=False).encode()


def loads(body: bytes):
    """:raise PostDataInvalid: no JSON, or a number that JSON does not have (NaN, Infinity)."""
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError) as problem:
        # (text not verified)
        raise PostDataInvalid("JSON for post data was invalid") from problem


def ms_date(moment: date | datetime, offset: str = "+0000") -> str:
    """``/Date(1552262400000+0000)/``; pass ``offset=""`` for the envelope's form."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=timezone.utc)
    return f"/Date({int((moment - EPOCH).total_seconds() * 1000)}{offset})/"


def _plain(value):
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return ms_date(value)
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} has no form on the wire")


def _refuse(constant):
    raise ValueError(constant)
