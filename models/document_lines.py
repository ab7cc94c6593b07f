"""Lines that only one side has, for its own way of rounding: what a link remembers of them (``remote``)."""

from decimal import Decimal

from .codec.money import CENT


def lines_beside(link, move):
    """Lines of Xero's that are no line of an invoice here: the cent between two ways of rounding, cash rounding.

    :return dict: {LineItemID: key of ``xero.link.remote``}
    """
    rounding = {str(line.id) for line in move.line_ids if line.display_type == "rounding"} | {"None"}
    lines = (link.remote or {}).get("lines") or {}
    return {line_id: key for key, line_id in lines.items() if key in rounding}


def rounded_tax(link):
    """Xero's TotalTax of a document with a cent on the rounding account, which is not Odoo's. :rtype: Decimal | None"""
    known = (link.remote or {}).get("tax")
    return Decimal(known) if known else None


def cents_line(link, move):
    """The line that ``DocumentTotal`` made and Xero has none for, or an empty recordset."""
    known = (link.remote or {}).get("cents")
    return move.invoice_line_ids.filtered(lambda line: line.id == known)


def made_for_cents(lines, count):
    """That line among ``lines``, right after it was made: one more than Xero's ``count``, of cents, without tax."""
    last = lines.sorted("id")[-1:]
    little = last and not last.tax_ids and abs(last.price_subtotal) <= float(CENT) * max(count, 1)
    return last if little and len(lines) == count + 1 else last.browse()
