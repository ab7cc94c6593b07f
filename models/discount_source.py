"""Reads what a discount that bears tax is made of, for the codec: the lines of the payment's own entry."""

from decimal import Decimal

from .codec import invoice as invoice_codec
from .codec.money import decimal
from .invoice_source import InvoiceSource
from .matching import CREDITS, INVOICES
from .problems import Problem


class DiscountSource(InvoiceSource):
    """:param WriteOffs write_offs: of the payments of one batch"""

    def __init__(self, organisation, resolver, write_offs):
        self.write_offs = write_offs
        moves = organisation.env["account.move"].union(*write_offs.lines)
        super().__init__(organisation, resolver, moves)

    def _read_lines(self, moves):
        """What was granted, per entry, without its tax."""
        granted = {line.id for lines in self.write_offs.lines.values() for line in lines if not line.tax_line_id}
        return {
            move_id: [row for row in rows if row["id"] in granted]
            for move_id, rows in super()._read_lines(moves).items()
        }

    def credit_note(self, matching, number):
        """The credit note that a discount is in Xero.

        :param Matching matching: of the document that bears all of it
        :rtype: codec.invoice.InvoiceData
        :raise Problem: ``write_off_tax``, and what a credit note of this contact and these lines raises
        """
        document, move = matching.document, matching.source
        total = self.write_offs.totals[move]
        if document.move_type in CREDITS or self.write_offs.share(matching) != total:
            raise Problem("write_off_tax", payment=move.name, amount=f"{total:.2f} {matching.other.currency_id.name}")
        side = INVOICES[document.move_type]
        sign = 1 if sum(line.balance for line in self.write_offs.lines[move]) > 0 else -1
        lines = tuple(self._granted(move, row, side, sign) for row in self.lines.get(move.id, ()))
        currency = matching.other.currency_id
        return invoice_codec.InvoiceData(
            type="ACCRECCREDIT" if side == "sale" else "ACCPAYCREDIT",
            number=number,
            contact_id=self._contact_id(document),
            date=str(move.date),
            due_date="",
            currency=currency.name,
            currency_rate=self._rate_of(matching),
            total=total,
            tax=total - sum((line.subtotal for line in lines), Decimal(0)),
            step=decimal(currency.rounding),
            lines=lines,
            reference=document.name or "",
            rounding_line=self._rounding_line(side),
        )

    def _read_contacts(self, moves):
        """Of the documents: whoever pays, the credit is theirs."""
        lines = moves.line_ids
        paid = lines.matched_debit_ids.debit_move_id | lines.matched_credit_ids.credit_move_id
        return super()._read_contacts(paid.move_id)

    def _granted(self, move, row, side, sign):
        amount = round(sign * decimal(row["amount_currency"]), 2)
        return invoice_codec.LineData(
            quantity=Decimal(1), unit_amount=amount, subtotal=amount, total=amount, **self._mapped(row, side)
        )

    def _rate_of(self, matching):
        """Currency of the payment per unit of the base currency, None in the base currency."""
        money = matching.other
        if money.currency_id == money.company_currency_id:
            return None
        self.resolver.currency(money.currency_id.name)
        return round(abs(decimal(money.amount_currency) / decimal(money.balance)), 6) if money.balance else None
