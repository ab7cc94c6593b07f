"""Xero's Invoice or CreditNote as plain values: what a document here is made of, and what two readings are told by.

Reading never raises: what Xero says in a form nobody has seen is left out, not guessed.
"""

from dataclasses import asdict, dataclass, replace
from decimal import Decimal, InvalidOperation

from ...xero import dates
from .digest import digest_of
from .money import round_to

ZERO = Decimal(0)
RATE = Decimal("0.000001")
APPROVED = ("AUTHORISED", "PAID")
ENDED = ("VOIDED", "DELETED")
# Xero's own largest amount has ten digits before the point, and its rates six behind it.
LARGEST, LEAST = Decimal(10) ** 15, 30


@dataclass(frozen=True)
class ReceivedLine:
    """One LineItem. Amounts in the document's currency; ``line_amount`` holds the tax in an Inclusive document."""

    line_id: str
    description: str
    quantity: Decimal = ZERO
    unit_amount: Decimal = ZERO
    discount: Decimal = ZERO  # percent
    discount_amount: Decimal = ZERO
    line_amount: Decimal = ZERO
    tax_amount: Decimal = ZERO
    tax_type: str = ""
    account_code: str = ""
    account_id: str = ""
    tracking: tuple = ()  # ((TrackingCategoryID, TrackingOptionID), …) ascending
    is_text: bool = False  # a description alone


@dataclass(frozen=True)
class Received:
    """A document. ``status``: Xero's own word; ``stage``: ``draft``, ``approved`` or ``ended``; days: YYYY-MM-DD."""

    type: str
    xero_id: str
    number: str
    contact_id: str
    date: str
    due_date: str
    currency: str
    currency_rate: Decimal
    reference: str
    status: str
    stage: str
    line_amount_types: str
    sub_total: Decimal
    total_tax: Decimal
    total: Decimal
    amount_due: Decimal
    lines: tuple

    @property
    def inclusive(self):
        return self.line_amount_types == "Inclusive"


def read(item, id_key="InvoiceID", number_key="InvoiceNumber"):
    """:param dict item: as the gateway read it
    :rtype: Received"""
    status = str(item.get("Status") or "")
    contact = item.get("Contact") if isinstance(item.get("Contact"), dict) else {}
    return Received(
        type=str(item.get("Type") or ""),
        xero_id=str(item.get(id_key) or ""),
        number=str(item.get(number_key) or ""),
        contact_id=str(contact.get("ContactID") or ""),
        date=day(item.get("Date")),
        due_date=day(item.get("DueDate")),
        currency=str(item.get("CurrencyCode") or ""),
        currency_rate=round_to(number(item.get("CurrencyRate")), RATE),
        reference=str(item.get("Reference") or ""),
        status=status,
        stage="approved" if status in APPROVED else "ended" if status in ENDED else "draft",
        line_amount_types=str(item.get("LineAmountTypes") or "Exclusive"),
        sub_total=number(item.get("SubTotal")),
        total_tax=number(item.get("TotalTax")),
        total=number(item.get("Total")),
        amount_due=number(item.get("AmountDue", item.get("RemainingCredit"))),
        lines=tuple(_line(line) for line in members(item, "LineItems")),
    )


def _line(line):
    account = str(line.get("AccountCode") or ""), str(line.get("AccountID") or "")
    line_amount = number(line.get("LineAmount"))
    return ReceivedLine(
        line_id=str(line.get("LineItemID") or ""),
        description=str(line.get("Description") or ""),
        quantity=number(line.get("Quantity")),
        unit_amount=number(line.get("UnitAmount")),
        discount=number(line.get("DiscountRate")),
        discount_amount=number(line.get("DiscountAmount")),
        line_amount=line_amount,
        tax_amount=number(line.get("TaxAmount")),
        tax_type=str(line.get("TaxType") or ""),
        account_code=account[0],
        account_id=account[1],
        tracking=tuple(sorted(
            (str(entry.get("TrackingCategoryID") or ""), str(entry.get("TrackingOptionID") or ""))
            for entry in members(line, "Tracking")
        )),
        is_text=not line_amount and not any(account) and not number(line.get("UnitAmount")),
    )  # fmt: skip


def values(received):
    """What a digest is made of: everything that could be taken over, and nothing that moves by itself.

    A payment changes Status and AmountDue, which is the payments' business; an approved document stays approved.
    """
    fixed = replace(received, status="", amount_due=ZERO)
    return asdict(fixed)


def line_digest(line):
    """What tells two readings of one line apart. :rtype: str"""
    return digest_of(asdict(line))


def members(item, key):
    """The objects that ``item`` lists under ``key``; whatever else stands there is none of ours to guess."""
    listed = item.get(key)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list | tuple) else []


def number(value):
    """Decimal of what Xero wrote as a number; 0 for what is none, or none that an amount could be."""
    try:
        found = value if isinstance(value, Decimal) else Decimal(str(value)) if value not in (None, "") else ZERO
    except InvalidOperation:
        return ZERO
    return found if found.is_finite() and abs(found) < LARGEST and found.as_tuple().exponent > -LEAST else ZERO


def day(value):
    """YYYY-MM-DD of what Xero wrote as a day; empty for what is none."""
    day = dates.parse_date(value) if value else None
    return day.isoformat() if day else ""
