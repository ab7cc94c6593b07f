"""The fingerprint of a payload: equal digests mean that nothing has to be sent."""

import hashlib
import json
from decimal import Decimal


def _plain(value):
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")  # 1.50 and 1.5 are the same amount
    raise TypeError(f"{type(value).__name__} does not belong in a payload")


def digest_of(payload):
    """:return str: 40 hexadecimal digits, independent of the order of keys and of trailing zeros of amounts."""
    text = json.dumps(payload, default=_plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
