"""Brings an Odoo document to the total of Xero's, to the cent."""

from decimal import Decimal

from odoo import Command

from .codec.money import decimal
from .problems import Problem
from .received_document import TYPES

CENT = Decimal("0.01")


class DocumentTotal:
    """:param MappingReverse reverse:"""

    def __init__(self, reverse):
        self.reverse = reverse

    def settle(self, move, received):
        """Xero rounds tax per line, a person may have typed it: the tax lines here take over what stands there.

        :raise Problem: ``incoming_total``: it cannot be brought to the same total
        """
        if move.currency_id.compare_amounts(move.amount_tax, float(received.total_tax)):
            for taxes, wanted in self._tax_groups(received):
                self._settle_tax(move, taxes, wanted)
        self._settle_cents(move, received)
        for label, ours, theirs in (
            ("TotalTax", move.amount_tax, received.total_tax), ("Total", move.amount_total, received.total),
        ):  # fmt: skip
            if move.currency_id.compare_amounts(ours, float(theirs)):
                raise Problem("incoming_total", label=label, ours=f"{ours:.{move.currency_id.decimal_places}f}",
                              theirs=str(theirs))  # fmt: skip

    def _settle_cents(self, move, received):
        """Where a price holds its tax, Odoo may split it by a cent otherwise than Xero: the cent gets a line."""
        cents = (received.total - decimal(move.amount_total)).quantize(_step(move))
        if not cents or abs(cents) > CENT * max(len(received.lines), 1):
            return
        lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        largest = max(lines, key=lambda line: abs(line.price_subtotal))
        move.write({"invoice_line_ids": [Command.create({
            "name": move.env._("Rounding"), "quantity": 1, "price_unit": float(cents), "tax_ids": [Command.clear()],
            "account_id": largest.account_id.id, "product_id": False,
        })]})  # fmt: skip

    def _tax_groups(self, received):
        """``[(taxes, what they come to)]``; taxes that stand on lines of several rates belong together."""
        groups = []
        for line in received.lines:
            taxes = self.reverse.env["account.tax"]
            if not line.is_text:
                same = self.reverse.same_taxes(line.tax_type, TYPES[received.type][1])
                taxes = taxes.browse({tax_id for ids in same for tax_id in ids}).flatten_taxes_hierarchy()
            overlapping = [group for group in groups if group[0] & taxes]
            wanted = line.tax_amount + sum(group[1] for group in overlapping)
            groups = [group for group in groups if group not in overlapping]
            groups.append((taxes.union(*(group[0] for group in overlapping)), wanted))
        return groups

    def _settle_tax(self, move, taxes, wanted):
        """The lines of these taxes together come to ``wanted``, in the document's currency."""
        lines = move.line_ids.filtered(lambda line: line.tax_line_id in taxes)
        sign = move.direction_sign
        off = (wanted - sum((decimal(line.amount_currency) * sign for line in lines), Decimal(0))).quantize(_step(move))
        if off and lines:
            largest = max(lines, key=lambda line: abs(line.amount_currency))
            amount = largest.amount_currency + float(off) * sign
            largest.write({"amount_currency": amount})


def _step(move):
    """Xero keeps two decimals of every currency; Odoo has some with three."""
    return min(CENT, decimal(move.currency_id.rounding))
