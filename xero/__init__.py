"""The gateway to Xero. Knows nothing of Odoo, and nothing outside it talks to Xero."""

from . import errors, oauth
from .answers import Answer, Element
from .dates import format_date, parse_date, parse_datetime
from .gateway import Gateway, attachment_name
from .hosts import Hosts
from .limits import Limits

__all__ = [
    "Answer",
    "Element",
    "Gateway",
    "Hosts",
    "Limits",
    "attachment_name",
    "errors",
    "format_date",
    "oauth",
    "parse_date",
    "parse_datetime",
]
