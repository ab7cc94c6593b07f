"""The currencies an organisation is subscribed to, and the day rates that a document without a rate gets."""
from decimal import Decimal

from ..core.routing import route
from . import texts
from .elements import write
from .fields import Refused, text
from .listing import select, sort
from .rounding import half_up

NAMES = {
    "AUD": "Australian Dollar", "BRL": "Brazilian Real", "CAD": "Canadian Dollar", "CHF": "Swiss Franc",
    "CNY": "Chinese Yuan", "DKK": "Danish Krone", "EUR": "Euro", "FJD": "Fijian Dollar", "GBP": "British Pound",
    "HKD": "Hong Kong Dollar", "INR": "Indian Rupee", "JPY": "Japanese Yen", "KRW": "Korean Won",
    "KWD": "Kuwaiti Dinar", "MXN": "Mexican Peso", "NOK": "Norwegian Krone", "NZD": "New Zealand Dollar",
    "PLN": "Polish Zloty", "SEK": "Swedish Krona", "SGD": "Singapore Dollar", "THB": "Thai Baht",
    "USD": "United States Dollar", "XPF": "CFP Franc", "ZAR": "South African Rand",
}
# What one US dollar buys: stands in for XE.com's day rates and never changes, so that a test can foretell them.
PER_DOLLAR = {
    "AUD": "1.52", "BRL": "5.40", "CAD": "1.37", "CHF": "0.88", "CNY": "7.20", "DKK": "6.86", "EUR": "0.92",
    "FJD": "2.25", "GBP": "0.79", "HKD": "7.80", "INR": "83.5", "JPY": "155", "KRW": "1370", "KWD": "0.307",
    "MXN": "18.2", "NOK": "10.7", "NZD": "1.66", "PLN": "3.95", "SEK": "10.5", "SGD": "1.34", "THB": "36.4", "USD": "1",
    "XPF": "110", "ZAR": "18.4",
}
FIELDS = {"code": lambda row: row["Code"], "description": lambda row: row["Description"]}


def day_rate(base, currency):
    """Units of ``currency`` for one unit of ``base``, 6 decimals: base amount = document amount / rate."""
    return half_up(Decimal(PER_DOLLAR[currency]) / Decimal(PER_DOLLAR[base]), 6)


def day_rate_of(books, currency):
    """The same of an organisation: as a person set it, or by the table."""
    return books.rates.get(currency) or day_rate(books.organisation.base_currency, currency)


def add_currency(books, code, description=None):
    return books.currencies.put({"Code": code, "Description": description or NAMES[code]})


def create_currency(books, element):
    code = (text(element, "Code") or "").upper()
    if code not in NAMES:
        raise Refused(texts.CURRENCY_UNKNOWN.format(code))
    if not books.organisation.multicurrency:
        raise Refused(texts.CURRENCY_PLAN)
    if books.currencies.get(code) is not None:
        raise Refused(texts.CURRENCY_EXISTS.format(code))
    return add_currency(books, code, text(element, "Description"))


@route("GET", path="/Currencies")
def list_currencies(call):
    rows = select(call, call.books.currencies, FIELDS)
    if call.query.get("order"):
        rows = sort(call, rows, FIELDS, "Code")
    return {"Currencies": rows}


@route("PUT", path="/Currencies")
def put_currency(call):
    return write(
        call, "Currencies", "Code", lambda element, writing: create_currency(writing.books, element),
        lambda row: row,
    )
