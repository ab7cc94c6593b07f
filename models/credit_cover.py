"""How far the credit reaches that a payment is in Xero: which of its matchings are taken from it, and what of it is
left that nothing here accounts for. What it does not reach is a payment of its own there.
"""

from .codec.money import decimal
from .matching import control_lines, partials_of, refund_of

CREDITS = ("Overpayments", "Prepayments")
ENDED = ("VOIDED", "DELETED")


class CreditCover:
    """
    :param organisation: in superuser mode
    :param payment: ``account.payment`` with a living ``link`` of a resource of ``CREDITS``
    :param Decimal rest: what of the payment is matched with nothing here; it stands in the credit
    :param dict written_off: {partial id: Decimal}, what of it is no money; as ``WriteOffs.shares``
    :ivar set partial_ids: of the matchings whose money is in the credit
    :ivar Decimal left: what else the credit holds; below 0: more is free here than it holds
    """

    def __init__(self, organisation, payment, link, rest, written_off):
        self.total = round(decimal(link.xero_total), 2)
        self.organisation = organisation
        self.env = organisation.env
        self.written_off = written_off
        self.receivable = control_lines(payment.move_id).account_id[:1].account_type == "asset_receivable"
        partials = partials_of(payment.move_id)
        taken, paid = self._in_xero(partials, self._ids_of(payment))
        self.partial_ids = set(taken.ids)
        self.left = self.total - rest - sum(map(self._amount, taken))
        for partial in (partials - taken - paid).sorted(lambda one: (not refund_of(one), one.id)):
            amount = self._amount(partial)
            # what went back of it is a payment on the credit, whatever it holds
            if amount and (refund_of(partial) or amount <= self.left):
                self.partial_ids.add(partial.id)
                self.left -= amount

    @property
    def ours(self):
        """What the credit would have to hold. :rtype: Decimal"""
        return self.total - self.left

    def reaches(self, matching):
        return self.partial_ids.issuperset(matching.partials.ids)

    def _ids_of(self, payment):
        """Xero's ids of the credits that ``payment`` is or was: payments on them are no payments of its own."""
        return set(self.env["xero.link"].search_fetch([
            ("organisation_id", "=", self.organisation.id), ("resource", "in", CREDITS),
            ("res_model", "=", payment._name), ("res_id", "=", payment.id), ("xero_id", "!=", False),
        ], ["xero_id"]).mapped("xero_id"))  # fmt: skip

    def _in_xero(self, partials, credit_ids):
        """:return tuple: those that are taken from the credit there, and those that are payments of their own"""
        taken, paid = set(), set()
        for link in self.env["xero.link"].search_fetch([
            ("organisation_id", "=", self.organisation.id), ("resource", "in", ("Allocations", "Payments")),
            ("res_model", "=", partials._name), ("res_id", "in", partials.ids), ("xero_id", "!=", False),
            ("xero_status", "!=", "DELETED"),
        ], ["resource", "res_id", "parent_xero_id", "remote"]):  # fmt: skip
            on_credit = link.resource == "Allocations" or link.parent_xero_id in credit_ids
            members = (link.remote or {}).get("partials") or ()
            (taken if on_credit else paid).update((link.res_id, *members))
        return partials.browse(taken & set(partials.ids)), partials.browse(paid & set(partials.ids))

    def _amount(self, partial):
        """Its money, in the payment's currency. :rtype: Decimal"""
        amount = partial.credit_amount_currency if self.receivable else partial.debit_amount_currency
        return round(decimal(amount) - self.written_off.get(partial.id, 0), 2)
