"""Matches credit with invoices as Xero says, in full or in part."""

from .matching import control_lines
from .problems import Problem


class AllocationWriter:
    """:param organisation: in superuser mode, its company the environment's
    :param dict links: {Xero's id: ``xero.link``} of the sources and the invoices
    :param dict numbers: {Xero's id: its number} of the invoices
    """

    def __init__(self, organisation, links, numbers):
        self.organisation = organisation
        self.links = links
        self.numbers = numbers
        self.env = organisation.env

    def lines(self, xero_id):
        """The lines of a source or an invoice that are matched.

        :raise Problem: ``incoming_first``: it is not here, or not posted; ``incoming_not_here``: nor on its way
        """
        link = self.links.get(xero_id)
        if not link:
            raise Problem("incoming_not_here", document=self.numbers.get(xero_id) or "?")
        record = self.env[link.res_model].browse(link.res_id).exists() if link.res_id else None
        move = record.move_id if record and record._name == "account.payment" else record
        if not move or move.state != "posted":
            raise Problem("incoming_first", waiting_for_id=link.id)
        return control_lines(move)

    def counterpart(self, source_id, invoice_id, amount):
        """A matching of exactly this amount that a person made here, and no link names."""
        credit, debt = self.lines(source_id), self.lines(invoice_id)
        partials = (debt.matched_debit_ids | debt.matched_credit_ids) & (
            credit.matched_debit_ids | credit.matched_credit_ids
        )
        linked = self.env["xero.link"].search_fetch([
            ("organisation_id", "=", self.organisation.id), ("res_model", "=", partials._name),
            ("res_id", "in", partials.ids), ("xero_id", "!=", False), ("outcome", "!=", "gone"),
        ], ["res_id"]).mapped("res_id")  # fmt: skip
        free = partials.filtered(lambda partial: partial.id not in linked).sorted("id")
        currency, wanted = debt.currency_id[:1], float(amount)
        if not currency.compare_amounts(sum(free.mapped("debit_amount_currency")), wanted):
            return free[:1]  # of several instalments, the first
        return free.filtered(lambda partial: not currency.compare_amounts(partial.debit_amount_currency, wanted))[:1]

    def make(self, source_id, invoice_id, amount):
        """:return: the partial; of several, where a document is due in instalments, the first
        :raise Problem: ``incoming_exceeds``"""
        credit = self.lines(source_id).filtered(lambda line: not line.reconciled)
        debt = self.lines(invoice_id).filtered(lambda line: not line.reconciled)
        self._check_open(debt or self.lines(invoice_id), debt, amount)
        self._check_open(credit or self.lines(source_id), credit, amount)
        left, partials = float(amount), self.env["account.partial.reconcile"]
        for line in debt.sorted("date_maturity"):
            for other in credit.filtered(lambda other, line=line: other.account_id == line.account_id):
                share = min(left, abs(line.amount_residual_currency), abs(other.amount_residual_currency))
                if line.currency_id.compare_amounts(share, 0) > 0:
                    partials += match_amount(line, other, share)
                    left -= share
        return partials[:1]

    def _check_open(self, lines, unmatched, amount):
        left, move = abs(sum(unmatched.mapped("amount_residual_currency"))), lines.move_id
        if move.currency_id.compare_amounts(float(amount), left) > 0:
            raise Problem("incoming_exceeds", document=move.name, amount=f"{amount:.2f}", open=f"{left:.2f}")


def match_amount(line, other, amount):
    """Match ``amount``, in the currency of the two lines. Odoo itself matches as much as it can; so less than that
    is put to it as if it were all there is."""
    before = line.matched_debit_ids | line.matched_credit_ids
    least = min(abs(line.amount_residual_currency), abs(other.amount_residual_currency))
    if not line.currency_id.compare_amounts(amount, least):
        (line | other).reconcile()
        now = line.matched_debit_ids | line.matched_credit_ids
        return (now - before).filtered(lambda partial: other in (partial.debit_move_id, partial.credit_move_id))
    debit, credit = (line, other) if line.balance > 0 else (other, line)
    found = line._prepare_reconciliation_single_partial(_share(debit, amount), _share(credit, amount))
    partial = line.env["account.partial.reconcile"].create(found["partial_values"])
    exchange = found.get("exchange_values")
    if exchange and exchange["move_values"]["line_ids"]:
        partial.exchange_move_id = line._create_exchange_difference_moves([exchange])
    if line.company_id.tax_exigibility:
        partial._create_tax_cash_basis_moves()
    return partial


def _share(line, amount):
    """As much of ``line`` as ``amount`` is of what is open on it."""
    residual, foreign = line.amount_residual, line.amount_residual_currency
    part = amount / abs(foreign) if foreign else 0
    return {
        "aml": line, "parent_state": line.parent_state,
        "amount_residual": line.company_currency_id.round(residual * part),
        "amount_residual_currency": line.currency_id.round(foreign * part),
    }  # fmt: skip
