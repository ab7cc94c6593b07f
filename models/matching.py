"""What a partial reconcile of Odoo is at Xero: a payment, an allocation of credit, or none of its business.

Xero's Payment is one amount of money on one document, and so is a partial between a line of a document and a line of a
move of money; an Allocation is one between a credit note and an invoice. Where a document is due in instalments,
several partials between the same two are one amount at Xero.
"""

from dataclasses import dataclass, field, replace

INVOICES = {"out_invoice": "sale", "out_receipt": "sale", "in_invoice": "purchase", "in_receipt": "purchase"}
CREDITS = {"out_refund": "sale", "in_refund": "purchase"}
MONEY_JOURNALS = ("bank", "cash", "credit")
CONTROL = ("asset_receivable", "liability_payable")


@dataclass(frozen=True)
class Matching:
    """Two lines that were matched.

    :ivar partial: ``account.partial.reconcile``: of several, the one that has the link
    :ivar line: of the document: for an allocation, of the invoice
    :ivar other: of the money: for an allocation, of the credit note
    :ivar more: further partials between the two documents that are the same amount at Xero
    """

    partial: object
    line: object
    other: object
    more: tuple = field(default=())

    @property
    def partials(self):
        return self.partial.union(*self.more)

    @property
    def pair(self):
        """What two partials have in common if they can be one amount at Xero."""
        return self.document, self.source, self.line.account_id, self.line.currency_id, self.other.currency_id

    def together_with(self, others):
        """:param others: ``Matching`` of the same pair
        :rtype: Matching"""
        return replace(self, more=(*self.more, *(other.partial for other in others)))

    def siblings(self):
        """All partials between the two documents, this one among them."""
        return (self.other.matched_debit_ids | self.other.matched_credit_ids).filtered(
            lambda partial: self.document in (partial.debit_move_id.move_id, partial.credit_move_id.move_id)
        )

    @property
    def document(self):
        return self.line.move_id

    @property
    def source(self):
        """The move of money, or the credit note."""
        return self.other.move_id

    @property
    def is_refund(self):
        """Money that went back: the document is money, too."""
        return self.document.move_type == "entry"

    @property
    def amount(self):
        """In the document's currency."""
        return self.amount_on(self.line)

    def amount_on(self, line):
        """What was matched, in the currency of ``line``, one of the two."""
        side = "debit" if line == self.partial.debit_move_id else "credit"
        return sum(self.partials.mapped(f"{side}_amount_currency"))


def payment_of(partial):
    """:return: the ``Matching`` of money with an invoice, bill or credit note; None for any other partial"""
    for line, other in _both_ways(partial):
        if line.move_id.move_type in (*INVOICES, *CREDITS) and is_money(other.move_id):
            return Matching(partial, line, other)
    return None


def allocation_of(partial):
    """:return: the ``Matching`` of a credit note with an invoice of the same side; None for any other partial"""
    for line, other in _both_ways(partial):
        side = INVOICES.get(line.move_id.move_type)
        if side and CREDITS.get(other.move_id.move_type) == side:
            return Matching(partial, line, other)
    return None


def refund_of(partial):
    """:return: the ``Matching`` of money with other money: ``other`` went back; None for any other partial"""
    debit, credit = partial.debit_move_id, partial.credit_move_id
    if not (_controlled(partial) and is_money(debit.move_id) and is_money(credit.move_id)):
        return None
    receivable = debit.account_id.account_type == "asset_receivable"
    return Matching(partial, credit, debit) if receivable else Matching(partial, debit, credit)


def control_lines(move):
    """The lines of ``move`` on a receivable or payable account."""
    return move.line_ids.filtered(lambda line: line.account_id.account_type in CONTROL)


def partials_of(move):
    """What those lines are matched by."""
    lines = control_lines(move)
    return lines.matched_debit_ids | lines.matched_credit_ids


def is_money(move):
    """Whether ``move`` is of a journal in which money moves, and no document."""
    return move.move_type == "entry" and move.journal_id.type in MONEY_JOURNALS


def _both_ways(partial):
    debit, credit = partial.debit_move_id, partial.credit_move_id
    return ((debit, credit), (credit, debit)) if _controlled(partial) else ()


def _controlled(partial):
    return partial.debit_move_id.account_id.account_type in CONTROL
