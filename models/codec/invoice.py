"""A posted customer invoice as Xero's Invoice (Xero: Invoices), to the cent."""

from dataclasses import dataclass, field
from decimal import Decimal

from . import money, text, tracking
from .refused import Refused

DESCRIPTION_LIMIT = 4000
NUMBER_LIMIT = 255
ZERO = Decimal(0)
INVOICES, SALES = ("ACCREC", "ACCPAY"), ("ACCREC", "ACCRECCREDIT")
WITH_URL = (*INVOICES, "SPEND")  # a credit note has none
NUMBER_KEYS = {
    "ACCREC": "InvoiceNumber", "ACCPAY": "InvoiceNumber",
    "ACCRECCREDIT": "CreditNoteNumber", "ACCPAYCREDIT": "CreditNoteNumber", "SPEND": "Reference",
}  # fmt: skip
DISCOUNTED = ("ACCREC",)  # Xero takes discounts on sales invoices only
# Xero: BankTransactions, TaxAmount: "This value must match the auto calculated value".
TAX_COMPUTED = ("SPEND",)


@dataclass(frozen=True)
class LineData:
    """One line. Amounts are Decimals in the document's currency, as Odoo computed them."""

    key: int | str  # id of the Odoo line; "<id>:<part>" where its distribution splits it
    description: str
    is_text: bool = False  # a section or a note: description only
    quantity: Decimal = ZERO
    unit_amount: Decimal = ZERO
    discount: Decimal = ZERO  # percent
    subtotal: Decimal = ZERO  # without tax, as it is booked: over all lines it is the document's untaxed amount
    total: Decimal = ZERO  # with tax
    inclusive: bool = False  # whether unit_amount contains the tax
    taxed: bool = False
    account_code: str = ""
    account_id: str = ""  # AccountID, for accounts without a code
    tax_type: str = ""
    tax_rate: Decimal = ZERO  # percent, effective
    taxes: int = 1  # how many Odoo rounds one by one, where Xero rounds the effective rate once
    tax_amount: Decimal = None  # where Xero is not to compute it
    tracking: tuple = ()  # ((TrackingCategoryID, TrackingOptionID), ...)
    shares: tuple = ()  # ((tracking, percent), ...) that together are the line


@dataclass(frozen=True)
class InvoiceData:
    """What is read from a move."""

    type: str  # ACCREC, ACCPAY, ACCRECCREDIT, ACCPAYCREDIT or SPEND
    number: str
    contact_id: str
    date: str  # YYYY-MM-DD
    due_date: str
    currency: str
    total: Decimal
    tax: Decimal  # its part of the total; what cash rounding added to it is a line
    lines: tuple = ()
    step: Decimal = money.CENT  # the currency's smallest amount
    currency_rate: Decimal = None  # document currency per unit of base currency; None in the base currency
    reference: str = ""
    url: str = ""
    rounding_line: LineData = None  # account and tax type for the cent that remains


@dataclass
class Built:
    """``payload``: an Invoice without InvoiceID and Status; ``line_keys``: ``LineData.key`` per LineItem, None for the
    rounding line; ``total`` and ``tax``: Xero's Total and TotalTax to be; ``rounding``: the cent that got a line of its
    own, the difference between the two taxes."""

    payload: dict
    line_keys: list = field(default_factory=list)
    total: Decimal = ZERO
    tax: Decimal = ZERO
    rounding: Decimal = ZERO


def build(invoice):
    """Translate, with Xero's total equal to Odoo's.

    An Inclusive document has the right total whatever tax Xero finds in it. Where that is not Odoo's (it was rounded on
    the document), it goes Exclusive, so that the cent stands on the rounding line for everybody to see (S1.24).

    :param InvoiceData invoice:
    :rtype: Built
    :raise Refused: ``number_long``, ``number_invalid``, ``currency_decimals``, ``total_differs``,
        ``rounding_account_missing``
    """
    inclusive = _all_inclusive(invoice.lines) and _total_tax(_parts(invoice, True), True) == invoice.tax
    items, keys, total = [], [], ZERO
    lines = _parts(invoice, inclusive)
    for line in lines:
        _check_decimals(_amount(line, inclusive), invoice.currency)
        items.append(_text_item(line) if line.is_text else _amount_item(line, inclusive, invoice.type))
        keys.append(line.key)
        total += _amount(line, inclusive)
    tax = _total_tax(lines, inclusive)
    total += ZERO if inclusive else tax
    _check_decimals(invoice.total, invoice.currency)
    rounding = invoice.total - total
    if rounding:
        items.append(_rounding_item(invoice, lines, rounding, total))
        keys.append(None)
    payload = _header(invoice) | {"LineAmountTypes": "Inclusive" if inclusive else "Exclusive", "LineItems": items}
    return Built(payload, keys, total + rounding, tax, rounding)


def _parts(invoice, inclusive):
    """The lines, each shared out over what it is tracked by."""
    says_tax = invoice.type not in TAX_COMPUTED
    return [part for line in invoice.lines for part in tracking.parts_of(line, inclusive, invoice.step, says_tax)]


def _amount(line, inclusive):
    return ZERO if line.is_text else line.total if inclusive else line.subtotal


def _total_tax(lines, inclusive):
    """Xero's TotalTax."""
    return sum((_tax_amount(line, inclusive) for line in lines), ZERO)


def _tax_amount(line, inclusive):
    if line.tax_amount is not None:
        return line.tax_amount
    return money.tax_amount(_amount(line, inclusive), line.tax_rate, inclusive)


def _check_decimals(amount, currency):
    """Xero keeps two decimals of every currency: a third one would be lost without a word."""
    if amount != money.round_to(amount, money.CENT):
        raise Refused("currency_decimals", currency=currency, amount=_figure(amount))


def _header(invoice):
    payload = {
        "Type": invoice.type,
        "Contact": {"ContactID": invoice.contact_id},
        NUMBER_KEYS[invoice.type]: _number(invoice.number),
        "Date": invoice.date,
    }
    if invoice.type != "SPEND":  # a bank transaction is in the currency of its bank account
        payload["CurrencyCode"] = invoice.currency
    if invoice.type in INVOICES:
        payload["DueDate"] = invoice.due_date
    if invoice.type in SALES:  # of a supplier's document Xero shows the number as its reference
        payload["Reference"] = text.one_line(invoice.reference, 255)
    if invoice.currency_rate:
        payload["CurrencyRate"] = invoice.currency_rate
    if invoice.url and invoice.type in WITH_URL:
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


def _amount_item(line, inclusive, type_):
    """A line that Xero multiplies out to exactly Odoo's amount."""
    amount = _amount(line, inclusive)
    description = text.clean(line.description, DESCRIPTION_LIMIT) or "-"
    item = {"Description": description}
    whole = bool(line.discount) and type_ not in DISCOUNTED
    item |= (None if whole else _multiplied(line, amount, inclusive)) or _lump(line, amount, description)
    item["LineAmount"] = amount
    item["TaxType"] = line.tax_type
    item |= {"AccountCode": line.account_code} if line.account_code else {"AccountID": line.account_id}
    if line.tax_amount is not None:
        item["TaxAmount"] = line.tax_amount
    if line.tracking:
        item["Tracking"] = [
            {"TrackingCategoryID": category, "TrackingOptionID": option} for category, option in line.tracking
        ]
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


def _most(invoice, parts):
    """What can be rounding; more is a wrong tax mapping or price, and a person has to look.

    Half a unit for each tax that Odoo rounds by itself, the tax on the unit that the net may be off where the tax is
    taken out of the price and Odoo gives the net what is left (0.5 × 7.63 yen with 15 % in it: 4 and no tax), and half
    a cent for Xero's one tax of the line, or of each of its parts that does not say its own. Where the currency has no
    cents, that unit is a whole one.
    """
    lines = [line for line in invoice.lines if not line.is_text]
    step = max(invoice.step, money.CENT)
    shares = [max(line.taxes, 1) + 2 * line.tax_rate / money.HUNDRED for line in lines] or [Decimal(1)]
    computed = sum(not part.is_text and part.tax_amount is None for part in parts)
    return (sum(step * share for share in shares) + money.CENT * max(computed, len(shares))) / 2


def _rounding_item(invoice, parts, rounding, total):
    """The cents between the two totals, openly, on the rounding account (requirement S1.24)."""
    if abs(rounding) > _most(invoice, parts):
        raise Refused("total_differs", ours=str(invoice.total), theirs=str(total))
    line = invoice.rounding_line
    if line is None:
        raise Refused("rounding_account_missing", cents=str(rounding))
    item = {"Description": line.description, "Quantity": Decimal(1), "UnitAmount": rounding, "LineAmount": rounding}
    item["TaxType"] = line.tax_type
    return item | ({"AccountCode": line.account_code} if line.account_code else {"AccountID": line.account_id})
