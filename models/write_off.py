"""What of a payment's money went neither to the bank nor to a partner: a discount, a write-off, a fee of the bank.

At Xero the money is a Payment from the bank account, and what was written off besides is another one, from the account
that it was written off to. Which of several documents it is taken from is nobody's decision in Odoo: the first ones.
"""

from decimal import Decimal

from odoo.tools import float_is_zero

from .codec.money import CENT, decimal, round_to
from .matching import CONTROL, control_lines, partials_of, payment_of
from .problems import Problem

ZERO = Decimal(0)
RESOURCES = ("Payments", "Allocations", "WriteOffs")


class WriteOffs:
    """:param organisation: in superuser mode
    :param moves: ``account.move`` of money
    """

    def __init__(self, organisation, moves):
        self.organisation = organisation
        self.env = organisation.env
        self.company_currency = organisation.company_id.currency_id
        self.mappings = None
        self.lines = self._read_lines(moves)
        self.totals = {move: self._total(move) for move in self.lines}
        self.shares = self._share_out() if self.lines else {}

    # ---- questions --------------------------------------------------------------------------------

    def share(self, matching):
        """What of a matching was written off, in the currency of the money. :rtype: Decimal"""
        return sum((self.shares.get(partial_id, ZERO) for partial_id in matching.partials.ids), ZERO)

    def unshared(self, move):
        """What was written off and is taken from no document yet, in the currency of the money. :rtype: Decimal"""
        return max(self.totals.get(move, ZERO) - sum(map(self._shares_of, partials_of(move)), ZERO), ZERO)

    def is_more(self, move):
        """Whether more money moved than what partners owed: a fee on top, a surplus that is income."""
        return self.totals.get(move, ZERO) < 0

    def is_taxed(self, move):
        """Whether something was written off, and bears tax."""
        lines = self.lines.get(move)
        return bool(lines) and bool(lines.tax_ids or lines.tax_line_id)

    def account(self, move):
        """The account at Xero that stands for what was written off.

        :return: ``xero.account``
        :raise Problem: ``write_off_surplus``, ``write_off_several``, ``write_off_account``,
            ``mapping_account_refused``
        """
        accounts = self.lines[move].account_id
        told = {"payment": move.name or "?", "amount": self._shown(move)}
        if self.is_more(move):
            raise Problem("write_off_surplus", account=", ".join(accounts.mapped("display_name")), **told)
        mappings = self._mappings().filtered(lambda mapping: mapping.account_id in accounts)
        for account in accounts - mappings.account_id:
            raise Problem("write_off_account", account=account.display_name, account_id=account.id, **told)
        there = mappings.xero_account_id
        if len(there) > 1:
            raise Problem("write_off_several", accounts=", ".join(there.mapped("display_name")), **told)
        if reason := there._refused_for_payments():
            raise Problem("mapping_account_refused", reason=reason, account_id=accounts[:1].id)
        return there

    def _mappings(self):
        """Of all accounts that something was written off to, read once."""
        if self.mappings is None:
            accounts = self.env["account.account"].union(*(lines.account_id for lines in self.lines.values()))
            self.mappings = self.env["xero.account.mapping"].search(
                [("organisation_id", "=", self.organisation.id), ("account_id", "in", accounts.ids)]
            )
        return self.mappings

    def _shown(self, move):
        return f"{abs(self.totals[move]):.2f} {control_lines(move).currency_id[:1].name}"

    # ---- reading ----------------------------------------------------------------------------------

    def _read_lines(self, moves):
        """{move: its lines that are neither the bank's nor a partner's, where they come to something}"""
        lines = self.env["account.move.line"].search(
            [("move_id", "in", moves.ids), ("account_id.account_type", "not in", CONTROL)]
        )
        found = {}
        for move, mine in lines.grouped("move_id").items():
            cash = _cash_accounts(move) if len(mine) > 1 else mine.account_id  # one line alone is the cash
            rest = mine.filtered(lambda line, cash=cash: line.account_id not in cash)
            if not float_is_zero(sum(rest.mapped("balance")), precision_rounding=self.company_currency.rounding):
                found[move] = rest
        return found

    def _total(self, move):
        """In the currency of the money; above zero where less money moved than what it settles. :rtype: Decimal"""
        lines, control = self.lines[move], control_lines(move)
        sign = 1 if sum(control.mapped("balance")) < 0 else -1
        if lines.currency_id == control.currency_id:
            amount = decimal(sum(lines.mapped("amount_currency")))
        else:
            whole = sum(map(decimal, control.mapped("balance")), ZERO)
            foreign = sum(map(decimal, control.mapped("amount_currency")), ZERO)
            amount = decimal(sum(lines.mapped("balance"))) * abs(foreign / whole) if whole else ZERO
        return sign * round_to(amount, CENT)

    def _share_out(self):
        """{partial id: what of it was written off}: what Xero was told stays, the rest goes to the first that are left.
        """
        partials = {move: partials_of(move).filtered(payment_of).sorted("id") for move in self.lines}
        shares = self._told(self.env["account.partial.reconcile"].union(*partials.values()))
        for move, mine in partials.items():
            left = self.totals[move] - sum((shares.get(partial.id, ZERO) for partial in mine), ZERO)
            for partial in mine:
                if partial.id not in shares:
                    matching = payment_of(partial)
                    shares[partial.id] = max(min(left, decimal(matching.amount_on(matching.other))), ZERO)
                    left -= shares[partial.id]
        return shares

    def _told(self, partials):
        """{partial id: its share} of what is in Xero; of several that are one amount there, the first bears it."""
        links = self.env["xero.link"].search_fetch([
            ("organisation_id", "=", self.organisation.id), ("resource", "in", RESOURCES),
            ("res_model", "=", partials._name), ("res_id", "in", partials.ids), ("xero_id", "!=", False),
            ("xero_status", "!=", "DELETED"),
        ], ["res_id", "remote"], order="id")  # fmt: skip
        shares = {}
        for link in links:
            remote = link.remote or {}
            for partial_id in {link.res_id, *(remote.get("partials") or ())}:
                shares.setdefault(partial_id, ZERO)
            shares[link.res_id] = max(shares[link.res_id], decimal(remote.get("written_off") or 0))
        return shares

    def _shares_of(self, partial):
        return self.shares.get(partial.id, ZERO)


def _cash_accounts(move):
    journal, payment = move.journal_id, move.origin_payment_id
    methods = journal.inbound_payment_method_line_ids | journal.outbound_payment_method_line_ids
    return (
        journal.default_account_id | journal.suspense_account_id | methods.payment_account_id
        | payment.outstanding_account_id
    )  # fmt: skip
