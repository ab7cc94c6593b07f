"""Reads what the payments of one batch were spent on, for the codec: the lines of their own entries."""

from decimal import Decimal

from .codec import invoice as invoice_codec
from .codec.money import decimal
from .invoice_source import InvoiceSource
from .problems import Problem


class SpendSource(InvoiceSource):
    """:param payments: ``account.payment`` records of one batch, with posted entries of their own"""

    def __init__(self, organisation, resolver, payments):
        self.liquidity = {payment.move_id.id: payment._get_valid_liquidity_accounts().ids for payment in payments}
        self.money = {}  # {move id: what left the bank, by the field that says it}
        self.banks = {}
        super().__init__(organisation, resolver, payments.move_id)
        self._read_banks()

    # ---- reading --------------------------------------------------------------------------------

    def _read_lines(self, moves):
        """What was bought, per entry. The tax is what is left of the money after it."""
        lines = {}
        for move_id, rows in super()._read_lines(moves).items():
            money = [row for row in rows if row["account_id"] in self.liquidity[move_id]]
            self.money[move_id] = {
                name: -sum((decimal(row[name]) for row in money), Decimal(0)) for name in ("balance", "amount_currency")
            }
            lines[move_id] = [row for row in rows if row not in money and not row["tax_repartition_line_id"]]
        return lines

    def _read_banks(self):
        """{AccountID: currency} of the accounts that Xero lets money be spent from"""
        banks = self.env["xero.account"].search_fetch(
            [("organisation_id", "=", self.organisation.id), ("account_type", "=", "BANK")],
            ["xero_id", "bank_currency"],
        )
        self.banks = {bank.xero_id: bank.bank_currency for bank in banks}

    def _partner(self, move):
        return move.origin_payment_id._xero_partner()

    # ---- translating ----------------------------------------------------------------------------

    def bank(self, payment):
        """AccountID of the bank account that the payment's journal stands for.

        :raise Problem: ``mapping_journal``, ``mapping_account_refused``, ``journal_no_bank``
        """
        journal = payment.journal_id
        account = self.resolver.journal(journal.id)
        if account.xero_id not in self.banks:
            raise Problem("journal_no_bank", journal=journal.display_name, journal_id=journal.id, account=account.name)
        return account.xero_id

    def spending(self, payment):
        """:rtype: codec.invoice.InvoiceData
        :raise Problem: ``spend_contact_missing``, ``spend_currency`` and what ``invoice`` raises"""
        if not payment._xero_partner():
            raise Problem("spend_contact_missing")
        move, currency = payment.move_id, self._currency(payment)
        amount = "amount_currency" if currency == payment.currency_id else "balance"
        rows = self.lines.get(move.id, ())
        total = self._in(currency, self.money[move.id][amount])
        subtotals = [self._in(currency, row[amount]) for row in rows]
        # One line bears the whole tax, so its price with tax is known; of several only the prices without it are.
        whole = total if len(rows) == 1 else None
        return invoice_codec.InvoiceData(
            type="SPEND",
            number=move.name,
            contact_id=self._contact_id(move),
            date=str(payment.date),
            due_date="",
            currency=currency.name,
            currency_rate=self._rate(payment, currency),
            total=total,
            tax=total - sum(subtotals, Decimal(0)),
            step=decimal(currency.rounding),
            lines=tuple(
                self._spent_line(row, subtotal, whole) for row, subtotal in zip(rows, subtotals, strict=True)
            ),
            url=self.url(payment),
            rounding_line=self._rounding_line("purchase"),
        )

    def _spent_line(self, row, subtotal, whole):
        mapped = self._mapped(row, "purchase")
        inclusive = whole is not None and mapped["taxed"]
        return invoice_codec.LineData(
            quantity=Decimal(1),
            unit_amount=whole if inclusive else subtotal,
            subtotal=subtotal,
            total=subtotal if whole is None else whole,
            inclusive=inclusive,
            **mapped,
        )

    def _in(self, currency, value):
        return round(decimal(value), currency.decimal_places) + 0  # no minus before a zero

    def _currency(self, payment):
        """Xero books money in the currency of the bank account that it left."""
        journal, base = payment.journal_id, payment.company_id.currency_id
        ours, theirs = base.name, self.organisation.base_currency
        if theirs and theirs != ours:
            raise Problem("base_currency_differs", ours=ours, theirs=theirs)
        currency = journal.currency_id or base
        if currency not in (payment.currency_id, base):
            raise Problem(
                "spend_currency", currency=payment.currency_id.name, journal=journal.display_name, other=currency.name
            )
        return currency

    def _rate(self, payment, currency):
        """Bank currency per unit of the base currency, as this payment was booked; None in the base currency."""
        if currency == payment.company_id.currency_id:
            return None
        self.resolver.currency(currency.name)
        money = self.money[payment.move_id.id]
        return round(money["amount_currency"] / money["balance"], 6) if money["balance"] else None
