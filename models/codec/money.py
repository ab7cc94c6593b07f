"""Xero's arithmetic of a document, copied, so that a cent is found before a document is sent.

Order of rounding (Xero: "Rounding in Xero"): UnitAmount to 2 or 4 decimals, times Quantity (4 decimals), less the
discount, LineAmount to the cent, tax to the cent *per line*, half away from zero, then the sum.
"""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
UNIT = Decimal("0.0001")  # with unitdp=4, which every call of ours sends
QUANTITY = Decimal("0.0001")
HUNDRED = Decimal(100)


def decimal(value):
    """The Decimal that a person would read in ``value`` (float, int, str or Decimal): 0.1 is 0.1 and nothing more."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def round_to(value, step):
    """``value`` to the decimals of ``step``, half away from zero as Xero and Odoo both do."""
    return value.quantize(step, rounding=ROUND_HALF_UP)


def line_amount(quantity, unit_amount, discount_rate=None):
    """Xero's LineAmount in the document's currency.

    :param Decimal quantity: at most 4 decimals
    :param Decimal unit_amount: at most 4 decimals
    :param Decimal discount_rate: percent, or None
    """
    amount = quantity * unit_amount
    if discount_rate:
        amount -= amount * discount_rate / HUNDRED
    return round_to(amount, CENT)


def tax_amount(amount, effective_rate, inclusive):
    """Xero's TaxAmount of one line.

    :param Decimal amount: the LineAmount
    :param Decimal effective_rate: percent, with the components of a compound rate already multiplied out
    :param bool inclusive: whether the LineAmount contains the tax
    """
    if not effective_rate:
        return Decimal("0.00")
    if inclusive:
        return round_to(amount * effective_rate / (HUNDRED + effective_rate), CENT)
    return round_to(amount * effective_rate / HUNDRED, CENT)
