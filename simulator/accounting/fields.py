"""Reading what a client sent, one field at a time. Null is the same as not sent.

What cannot be read as its type stops the whole request (``PostDataInvalid``), as the reader of Xero's service does
before any rule is looked at; what breaks a rule is a message on its element (``Refused``).
"""
import re
import uuid
from decimal import Decimal, InvalidOperation

from ..core.errors import PostDataInvalid
from . import texts
from .dates import parse_date

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
EMAIL = re.compile(r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
                   r"([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$")
LARGEST = Decimal("79228162514264337593543950335")  # of the decimal type of Xero's platform, .NET
PRINTABLE = re.compile(r"^[\x20-\x7e]*$")


class Refused(Exception):
    """An element breaks rules of Xero's. ``messages``: its ValidationErrors, in order."""

    def __init__(self, *messages):
        super().__init__("; ".join(messages))
        self.messages = list(messages)


def unreadable(kind, value, key):
    return PostDataInvalid(texts.UNREADABLE.format(kind, str(value)[:60], key))


def member(element, key):
    """The object under ``key``; {} if there is none."""
    value = element.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise unreadable("object", value, key)
    return value


def members(element, key):
    """The objects under ``key`` as a list; None if the key was not sent."""
    value = element.get(key)
    if value is None:
        return None
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise unreadable("array", value, key)
    return value


def text(element, key):
    value = element.get(key)
    if value is None or value.__class__ is str and value.isprintable():
        return value
    if isinstance(value, str):
        return CONTROL.sub("", value)
    if isinstance(value, (dict, list, bool)):
        raise unreadable("string", value, key)
    return str(value)


def limited(element, key, limit, problems):
    """``text``, with a message in ``problems`` if it is longer than ``limit``."""
    value = text(element, key)
    if value is not None and len(value) > limit:
        problems.append(texts.TOO_LONG.format(key, limit))
    return value


def amount(element, key):
    value = element.get(key)
    if value is None or value == "":
        return None
    number = value
    if value.__class__ is int or isinstance(value, str):
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise unreadable("decimal", value, key) from None
    if isinstance(number, Decimal) and number.is_finite() and abs(number) <= LARGEST:
        return number
    raise unreadable("decimal", value, key)


def day(element, key):
    value = element.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            return parse_date(value)
        except (ValueError, OverflowError):
            pass
    raise unreadable("date", value, key)


def flag(element, key):
    value = element.get(key)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise unreadable("boolean", value, key)


def as_guid(value):
    """``value`` as Xero writes ids (lower case, dashes), or None if it is no GUID."""
    try:
        return str(uuid.UUID(value))
    except (ValueError, AttributeError, TypeError):
        return None


def guid(element, key):
    value = element.get(key)
    if value is None or value == "":
        return None
    found = as_guid(value)
    if found is None:
        raise unreadable("guid", value, key)
    return found


def valid_email(value):
    return len(value) <= 255 and EMAIL.match(value) is not None
