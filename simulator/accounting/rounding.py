"""Xero's own order of rounding, in ``Decimal``: what the totals of a document come from.

UnitAmount to 2 decimals (4 with ``unitdp=4``) -> times Quantity (4 decimals) -> LineAmount to 2 decimals -> tax
of *each line* to 2 decimals, half up (2.165 -> 2.17) -> sums.  Source: developer.xero.com "Rounding in Xero";
its example 25.06 + 25.61 + 25.63 at 15 % gives 11.44 of tax, not the 11.45 of the document's total.
"""
from decimal import ROUND_HALF_UP, Context, Decimal

ZERO = Decimal("0.00")
ONE = Decimal(1)
HUNDRED = Decimal(100)
CENT = Decimal("0.01")
WIDE = Context(prec=120)  # the product of the two largest numbers that can be read still has its decimals
QUANTUM = {2: CENT, 4: Decimal("0.0001"), 6: Decimal("0.000001")}


def half_up(amount, places=2):
    """``amount`` (Decimal) to ``places`` (2, 4 or 6) decimals; a half goes away from zero."""
    return amount.quantize(QUANTUM[places], ROUND_HALF_UP, WIDE)


def line_amount(quantity, unit_amount, discount_rate=None, discount_amount=None):
    """Amount of a line: quantity x unit less its discount (a rate in percent wins over an amount)."""
    gross = quantity * unit_amount
    if discount_rate:
        return half_up(gross * (HUNDRED - discount_rate) / HUNDRED)
    if discount_amount:
        return half_up(gross) - discount_amount
    return half_up(gross)


def discount(quantity, unit_amount, amount):
    """What a line's discount took off, in the document's currency."""
    return half_up(quantity * unit_amount) - amount


def effective_rate(components):
    """The one rate, in percent, that a rate's components come to.

    ``components``: dicts with Rate (Decimal percent) and IsCompound. A compound component is charged on the
    amount plus the other taxes: 5 % and 9.975 % compound are 15.47375 %.
    """
    simple = sum((part["Rate"] for part in components if not part.get("IsCompound")), Decimal(0))
    compound = sum((part["Rate"] for part in components if part.get("IsCompound")), Decimal(0))
    return simple + compound * (HUNDRED + simple) / HUNDRED


def tax(amount, rate, line_amount_types):
    """Tax of one line. ``amount`` is its LineAmount, ``rate`` a percent, ``line_amount_types`` Xero's word:
    Exclusive (tax comes on top), Inclusive (tax is inside) or NoTax."""
    if not rate or line_amount_types == "NoTax":
        return ZERO
    if line_amount_types == "Inclusive":
        return half_up(amount * rate / (HUNDRED + rate))
    return half_up(amount * rate / HUNDRED)


def totals(lines, line_amount_types):
    """(SubTotal, TotalTax, Total) of ``lines``: pairs of LineAmount and TaxAmount."""
    amounts = sum((amount for amount, _tax in lines), ZERO)
    taxes = sum((line_tax for _amount, line_tax in lines), ZERO)
    if line_amount_types == "Inclusive":
        return amounts - taxes, taxes, amounts
    return amounts, taxes, amounts + taxes
