"""A posted customer invoice as Xero's Invoice (Xero: Invoices), to the cent."""

from dataclasses import dataclass, field
from decimal import Decimal

from . import money, text
from .refused import Refused

DESCRIPTION_LIMIT = 4000
NUMBER_LIMIT = 255
ZERO = Decimal(0)
# More than this per line is not rounding: the tax mapping or the price is wrong, and a person has to look.
CENTS_PER_LINE = Decimal("0.01")


@dataclass(frozen=True)
class LineData:
    """One line. Amounts are Decimals in the document's currency, as Odoo computed them."""

    key: int  # id of the Odoo line
    description: str
    is_text: bool = False  # a section or a note: description only
    quantity: Decimal = ZERO
    unit_amount: Decimal = ZERO
    discount: Decimal = ZERO  # percent
    subtotal: Decimal = ZERO  # without tax
    total: Decimal = ZERO  # with tax
    inclusive: bool = False  # whether unit_amount contains the tax
    taxed: bool = False
    account_code: str = ""
    account_id: str = ""  # AccountID, for accounts without a code
    tax_type: str = ""
    tax_rate: Decimal = ZERO  # percent, effective


@dataclass(frozen=True)
class InvoiceData:
    """What is read from a move."""

    type: str  # ACCREC
    number: str
    contact_id: str
    date: str  # YYYY-MM-DD
    due_date: str
    currency: str
    total: Decimal
    lines: tuple = ()
    currency_rate: Decimal = None  # document currency per unit of base currency; None in the base currency
    reference: str = ""
    url: str = ""
    rounding_line: LineData = None  # account and tax type for the cent that remains


@dataclass
class Built:
    """``payload``: an Invoice without InvoiceID and Status; ``line_keys``: Odoo line id per LineItem, None for the
    rounding line; ``total``: what Xero will compute; ``rounding``: the cent that got a line of its own."""

    payload: dict
    line_keys: list = field(default_factory=list)
    total: Decimal = ZERO
    rounding: Decimal = ZERO


def build(invoice):
    """Translate, with Xero's total equal to Odoo's.

    :param InvoiceData invoice:
    :rtype: Built
    :raise Refused: ``number_long``, ``number_invalid``, ``total_differs``, ``rounding_account_missing``
    """
    inclusive = _all_inclusive(invoice.lines)
    items, keys, total = [], [], ZERO
    for line in invoice.lines:
        item = _text_item(line) if line.is_text else _amount_item(line, inclusive)
        items.append(item)
        keys.append(line.key)
        total += _item_total(item, line, inclusive)
    rounding = invoice.total - total
    if rounding:
        items.append(_rounding_item(invoice, rounding, total))
        keys.append(None)
    payload = _header(invoice) | {"LineAmountTypes": "Inclusive" if inclusive else "Exclusive", "LineItems": items}
    return Built(payload, keys, total + rounding, rounding)


def _header(invoice):
    payload = {
        "Type": invoice.type,
        "Contact": {"ContactID": invoice.contact_id},
        "InvoiceNumber": _number(invoice.number),
        "Date": invoice.date,
        "DueDate": invoice.due_date,
        "CurrencyCode": invoice.currency,
        "Reference": text.one_line(invoice.reference, 255),
    }
    if invoice.currency_rate:
        payload["CurrencyRate"] = invoice.currency_rate
    if invoice.url:
        payload["Url"] = invoice.url
    return payload


def _number(number):
    number = number.strip()
    if len(number) > NUMBER_LIMIT:
        raise Refused("number_long", number=number[:60] + "…", length=len(number))
    if not text.ascii_printable(number):
        raise Refused("number_invalid", number=number)
    return number


def _all_inclusive(lines):
    """Whether the document can be Inclusive: every taxed line has its tax in the price. Mixed ones go Exclusive."""
    taxed = [line.inclusive for line in lines if line.taxed]
    return bool(taxed) and all(taxed)


def _text_item(line):
    return {"Description": text.clean(line.description, DESCRIPTION_LIMIT) or "-"}


def _amount_item(line, inclusive):
    """A line that Xero multiplies out to exactly Odoo's amount."""
    amount = line.total if inclusive else line.subtotal
    description = text.clean(line.description, DESCRIPTION_LIMIT) or "-"
    item = {"Description": description}
    item |= _multiplied(line, amount, inclusive) or _lump(line, amount, description)
    item["LineAmount"] = amount
    item["TaxType"] = line.tax_type
    item |= {"AccountCode": line.account_code} if line.account_code else {"AccountID": line.account_id}
    return item


def _multiplied(line, amount, inclusive):
    """Quantity, price and discount as the user wrote them, or None when Xero would get another amount out of them."""
    if line.taxed and line.inclusive != inclusive:
        return None  # the price holds a tax that a mixed document has to show apart
    unit = money.round_to(line.unit_amount, money.UNIT)
    quantity = money.round_to(line.quantity, money.QUANTITY)
    discount = money.round_to(line.discount, money.CENT)
    exact = discount == line.discount and quantity == line.quantity
    if not exact or not ZERO <= discount <= money.HUNDRED or money.line_amount(quantity, unit, discount) != amount:
        return None
    return {"Quantity": quantity, "UnitAmount": unit} | ({"DiscountRate": discount} if discount else {})


def _lump(line, amount, description):
    """One unit at the whole amount; the multiplication that it stands for is told in the description."""
    told = f"{_figure(line.quantity)} × {_figure(line.unit_amount)}"
    if line.discount:
        told += f" − {_figure(line.discount)} %"
    return {
        "Description": text.clean(description, DESCRIPTION_LIMIT - len(told) - 3) + f" ({told})",
        "Quantity": Decimal(1),
        "UnitAmount": amount,
    }


def _figure(value):
    return format(value.normalize(), "f") if value else "0"


def _item_total(item, line, inclusive):
    """What the line adds to Xero's Total."""
    if line.is_text:
        return ZERO
    amount = item["LineAmount"]
    return amount if inclusive else amount + money.tax_amount(amount, line.tax_rate, False)


def _rounding_item(invoice, rounding, total):
    """The cents between the two totals, openly, on the rounding account (requirement S1.24)."""
    amounts = sum(not line.is_text for line in invoice.lines)
    if abs(rounding) > CENTS_PER_LINE * max(amounts, 1):
        raise Refused("total_differs", ours=str(invoice.total), theirs=str(total))
    line = invoice.rounding_line
    if line is None:
        raise Refused("rounding_account_missing", cents=str(rounding))
    item = {"Description": line.description, "Quantity": Decimal(1), "UnitAmount": rounding, "LineAmount": rounding}
    item["TaxType"] = line.tax_type
    return item | ({"AccountCode": line.account_code} if line.account_code else {"AccountID": line.account_id})
