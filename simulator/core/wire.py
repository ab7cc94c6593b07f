"""JSON as Xero writes and reads it."""

from __future__ import annotations

import json
import secrets
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum

from .errors import PostDataInvalid

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
# json has no hook for a number's digits (100.00 would become 100.0). So a Decimal goes through it as a string between
# two marks that no text can hold, and the marks go together with the quotes.
MARK = f"\x01{secrets.token_hex(4)}"
OPENING, CLOSING = (json.dumps(MARK)[:-1], json.dumps(MARK)[1:])


class Scientific(Decimal):
    """A number that was written with an exponent, as ``1E-5``: Xero's reader has its troubles with these."""


def dumps(value) -> bytes:
    """Decimal as number with just its decimals, date and datetime as ``/Date(ms+0000)/``; a date is midnight UTC."""
    text = json.dumps(value, default=_plain, separators=(",", ":"), ensure_ascii=False, check_circular=False)
    return text.replace(OPENING, "").replace(CLOSING, "").encode()


def loads(body: bytes):
    """:raise PostDataInvalid: no JSON, or a number that JSON does not have (NaN, Infinity)."""
    try:
        return json.loads(body, parse_float=_number, parse_constant=_refuse)
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
        digits = str(value)
        return MARK + (f"{value:f}" if "E" in digits else digits) + MARK
    if isinstance(value, date):
        return ms_date(value)
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} has no form on the wire")


def _number(digits):
    return Scientific(digits) if "e" in digits or "E" in digits else Decimal(digits)


def _refuse(constant):
    raise ValueError(constant)
