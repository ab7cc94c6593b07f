"""Undoes what a document is matched with while its amounts are brought to what Xero says, and matches it again.

Nobody is told: at Xero the same payments and credits stand all the while. Their links follow to the new matchings.
"""

from dataclasses import dataclass

from .allocation_writer import match_amount
from .matching import CONTROL
from .problems import Problem


@dataclass(frozen=True)
class Kept:
    """:ivar partial_id: of the partial that was undone
    :ivar other: the line of the money or credit
    :ivar amount: in the currency of both lines
    """

    partial_id: int
    other: object
    amount: float


class Rematch:
    """:param organisation: in superuser mode, with an environment whose writings are owed to nobody
    :param move: a posted document
    :raise Problem: ``incoming_paid``: what it is matched with is not to be undone
    """

    def __init__(self, organisation, move):
        self.organisation = organisation
        self.env = organisation.env
        self.move = move
        lines = move.line_ids
        self.partials = lines.matched_debit_ids | lines.matched_credit_ids
        self.kept = [self._keep(partial) for partial in self.partials.sorted("id")]

    def _keep(self, partial):
        mine, other = partial.debit_move_id, partial.credit_move_id
        if mine.move_id != self.move:
            mine, other = other, mine
        plain = mine.account_id.account_type in CONTROL and mine.currency_id == other.currency_id
        if not plain or other.move_id.statement_line_id:
            raise Problem("incoming_paid", number=self.move.name)
        amount = partial.debit_amount_currency if mine == partial.debit_move_id else partial.credit_amount_currency
        return Kept(partial.id, other, amount)

    def undo(self):
        """From here on the document is matched with nothing."""
        self.partials.unlink()

    def match_again(self):
        """:raise Problem: ``incoming_paid``: it comes to less than what it was matched with"""
        if self.move.state != "posted":
            raise Problem("incoming_paid", number=self.move.name)
        followers = {kept.partial_id: self._match(kept) for kept in self.kept}
        self._follow(followers)

    def _match(self, kept):
        """:return: the partials that stand for one that was undone"""
        left, partials = kept.amount, self.env["account.partial.reconcile"]
        lines = self.move.line_ids.filtered(lambda line: line.account_id == kept.other.account_id)
        for line in lines.sorted("date_maturity"):
            if line.reconciled:
                continue
            share = min(left, abs(line.amount_residual_currency), abs(kept.other.amount_residual_currency))
            if line.currency_id.compare_amounts(share, 0) > 0:
                partials += match_amount(line, kept.other, share)
                left -= share
        if self.move.currency_id.compare_amounts(left, 0):
            raise Problem("incoming_paid", number=self.move.name)
        return partials

    def _follow(self, followers):
        """Links and what is queued speak of the new partials."""
        old = list(followers)
        links = self.env["xero.link"].search([
            ("organisation_id", "=", self.organisation.id), ("res_model", "=", self.partials._name),
            ("res_id", "in", old),
        ])  # fmt: skip
        for link in links:
            remote, new = dict(link.remote or {}), followers[link.res_id]
            for member in remote.get("partials") or ():
                new |= followers.get(member, new.browse(member).exists())
            if len(new) > 1:
                remote["partials"] = new.ids
            link.write({"res_id": followers[link.res_id][0].id, "remote": remote or False})
        changes = self.env["xero.change"].search([
            ("organisation_id", "=", self.organisation.id), ("res_model", "=", self.partials._name),
            ("res_id", "in", old), ("link_id", "=", False),
        ])  # fmt: skip
        for change in changes:
            change.copy({"res_id": followers[change.res_id][0].id})
        changes.unlink()
