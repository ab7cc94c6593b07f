"""JSON as Xero needs it: exact amounts out, exact amounts in.

The standard encoder has no way to write a ``Decimal`` as a number, and writes small floats as ``1e-05``, which Xero
refuses with an error about something else (Xero-Java#353). So values are written here, plainly and to the last digit.
"""

import json
import math
import re
from decimal import Decimal
from json.encoder import encode_basestring

# Xero's largest amount has 13 digits. The bound only keeps a slip (1E+999999) from becoming a megabyte of zeros.
WIDEST = 60
ESCAPED_TROUBLE = re.compile(r"\\u(?:0000|d[89a-f][0-9a-f]{2})", re.IGNORECASE)


def _number(value):
    """``value`` as a JSON number without an exponent.

    :raises ValueError: when it is not finite, or absurdly wide"""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("an amount must be finite")
        # repr: the shortest text that reads back as this very float, so 0.1 is sent as 0.1
        value = Decimal(repr(float(value)))
    if not value.is_finite():
        raise ValueError("an amount must be finite")
    if value.is_zero():
        # no "-0.00"; and a zero may carry any exponent
        return format(value.copy_abs() if abs(value.as_tuple().exponent) <= WIDEST else Decimal(0), "f")
    if abs(value.adjusted()) > WIDEST or abs(value.as_tuple().exponent) > WIDEST:
        raise ValueError("an amount is out of range")
    return format(value, "f")


def _write(value):
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return encode_basestring(str(value))
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, (float, Decimal)):
        return _number(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([_write(item) for item in value]) + "]"
    if isinstance(value, dict):
        return "{" + ",".join([f"{_key(key)}:{_write(item)}" for key, item in value.items()]) + "}"
    raise TypeError(f"a payload cannot hold a {type(value).__name__}")


def _key(key):
    if not isinstance(key, str):
        raise TypeError("a payload's keys are strings")
    return encode_basestring(str(key))


def dumps(value):
    """Serialise a payload.

    :param value: dicts and lists of ``str, int, float, bool, None, Decimal``
    :rtype: bytes
    :raises TypeError: for any other type (dates are given as ``YYYY-MM-DD`` text)
    :raises ValueError: for an amount that is infinite, NaN or out of range
    """
    return _write(value).encode("utf-8", errors="replace")


def _refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


def _storable(value):
    """PostgreSQL can store neither NUL nor half a surrogate pair; JSON can carry both."""
    if isinstance(value, str):
        value = value.replace("\x00", "")
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value


def loads(data):
    """Read what Xero sent: numbers with a point become ``Decimal``, text is such that a database can store it.

    :param bytes data: UTF-8, with or without a byte order mark
    :raises ValueError: when it is not JSON
    """
    text = data.decode("utf-8-sig")
    try:
        value = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
        return _storable(value) if ESCAPED_TROUBLE.search(text) else value
    except RecursionError:
        raise ValueError("nested too deeply") from None
