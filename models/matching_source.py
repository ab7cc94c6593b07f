"""Reads what the payments and allocations of one batch are made of: a constant number of queries per batch."""

from .codec.money import decimal
from .problems import Problem
from .write_off import WriteOffs

UNAPPROVED = ("DRAFT", "SUBMITTED")
ENDED = ("VOIDED", "DELETED")
CENT_DIGITS = 2
RATE_DIGITS = 6


class MatchingSource:
    """:param organisation: in superuser mode, its company the environment's
    :param MappingResolver resolver:
    :param list matchings: ``Matching`` of one batch
    """

    def __init__(self, organisation, resolver, matchings):
        self.organisation = organisation
        self.resolver = resolver
        self.env = organisation.env
        self.company_currency = organisation.company_id.currency_id
        moves = self.env["account.move"].union(*(m.document | m.source for m in matchings))
        self.know(moves)
        self.credits = self._read_credits(moves.origin_payment_id)
        self.covers = {}  # {payment: CreditCover}
        self.exempt_payments = self._read_exempt(moves.origin_payment_id)
        self.exempt_payments |= self.env["xero.resource.overpayments"]._tied_up(organisation, moves.origin_payment_id)
        self.recorded_by = organisation._recorded_by()
        self.discounts = None  # DiscountSource, where there are some
        self.write_offs = WriteOffs(organisation, self.env["account.move"].union(*(m.source for m in matchings)))

    def know(self, moves):
        """Read the links of these documents."""
        self.links = self._read_links(moves)
        self.left_out = self.env["xero.link"].union(*self.links.values())._left_out()

    def _read_links(self, moves):
        """{move id: the link of the document}"""
        links = self.env["xero.link"].search([
            ("organisation_id", "=", self.organisation.id), ("resource", "in", ("Invoices", "CreditNotes")),
            ("res_model", "=", "account.move"), ("res_id", "in", moves.ids),
        ])  # fmt: skip
        return {link.res_id: link for link in links}

    def _read_credits(self, payments):
        """{payment id: the link of the overpayment or prepayment that it is in Xero}"""
        links = self.env["xero.link"].search([
            ("organisation_id", "=", self.organisation.id), ("resource", "in", ("Overpayments", "Prepayments")),
            ("res_model", "=", "account.payment"), ("res_id", "in", payments.ids), ("xero_id", "!=", False),
            ("xero_status", "not in", ENDED),
        ])  # fmt: skip
        return {link.res_id: link for link in links}

    def _read_exempt(self, payments):
        """Ids of the payments that a person took out: what they are matched with does not go either. A person's word
        counts as soon as it is said, whichever of the payment's parts the worker comes to first."""
        about = [
            ("organisation_id", "=", self.organisation.id), ("resource", "=", "Overpayments"),
            ("res_model", "=", "account.payment"), ("res_id", "in", payments.ids),
        ]  # fmt: skip
        links = self.env["xero.link"].search_fetch([*about, ("outcome", "=", "exempt")], ["res_id"])
        said = self.env["xero.change"].search_fetch(
            [*about, ("kind", "in", ("exempt", "include"))], ["res_id", "kind"], order="id"
        )
        last = dict.fromkeys(links.mapped("res_id"), "exempt") | {change.res_id: change.kind for change in said}
        return {payment_id for payment_id, kind in last.items() if kind == "exempt"}

    # ---- questions --------------------------------------------------------------------------------

    def document_id(self, move, insist=False):
        """Xero's id of an approved document.

        :param bool insist: whatever status was last seen: Xero has the last word
        :raise Problem: ``document_first``, ``document_not_approved``
        """
        link = self.links.get(move.id)
        if not (link and link.xero_id) or link.outcome == "gone":
            raise Problem("document_first", document=move.name or "?", waiting_for_id=link.id if link else False)
        if link.xero_status in UNAPPROVED and not insist:
            raise Problem("document_not_approved", document=move.name or "?", waiting_for_id=link.id)
        return link.xero_id

    def credit(self, matching, insist=False):
        """Where the credit of an allocation stands.

        :return tuple: (resource, Xero's id); (None, None) of money that is no credit in Xero
        :raise Problem: as :meth:`document_id`
        """
        if matching.source.move_type != "entry":
            return "CreditNotes", self.document_id(matching.source, insist)
        link = self.credits.get(matching.source.origin_payment_id.id)
        return (link.resource, link.xero_id) if link else (None, None)

    def is_credit(self, matching):
        """Whether its money stands in Xero as an overpayment or prepayment, as far as that reaches.

        :raise Problem: ``overpayment_first``: a part of it does, and Xero does not change that
        """
        payment = matching.source.origin_payment_id
        if payment.id not in self.credits:
            return False
        cover = self._cover(payment)
        if not cover.reaches(matching) and cover.left > 0:
            raise Problem("overpayment_first", payment=payment.name)
        return cover.reaches(matching)

    def _cover(self, payment):
        if payment not in self.covers:
            overpayments = self.env["xero.resource.overpayments"]
            self.covers[payment] = overpayments._cover(self.organisation, payment, self.credits[payment.id])
        return self.covers[payment]

    def is_exempt(self, *moves):
        """Whether a person took one of these out of the sync: what hangs on it does not go either."""
        if any(move.origin_payment_id.id in self.exempt_payments for move in moves):
            return True
        return any(self.links[move.id] in self.left_out for move in moves if move.id in self.links)

    def amount(self, matching):
        """What moved, in the document's currency: without what was written off.

        :rtype: Decimal
        :raise Problem: ``currency_decimals``
        """
        return self._whole(matching) - self.written_off(matching)

    def written_off(self, matching):
        """What of a matching was written off, in the document's currency. :rtype: Decimal"""
        share = self.write_offs.share(matching)
        if not share:
            return decimal(0)
        money = decimal(matching.amount_on(matching.other))
        return round(self._whole(matching) * share / money, CENT_DIGITS)

    def _whole(self, matching):
        currency = matching.line.currency_id
        value = round(decimal(matching.amount), currency.decimal_places)
        if value != round(value, CENT_DIGITS):
            raise Problem("currency_decimals", amount=str(value), currency=currency.name)
        return round(value, CENT_DIGITS)

    def foreign(self, matching, amount):
        """What a payment of a document in a foreign currency says besides: both sides book the same gain or loss.

        :param Decimal amount: what of the matching it is, in the document's currency
        :return dict: CurrencyRate (document currency per unit of the base currency), BankAmount (in the currency of
            the bank account); empty for the base currency
        """
        if matching.line.currency_id == self.company_currency:
            return {}
        journal = matching.source.journal_id
        paid_in = journal.currency_id or self.company_currency
        part = amount / self._whole(matching)
        base = round(self._base_amount(matching) * part, CENT_DIGITS)
        amounts = {self.company_currency: base, matching.line.currency_id: amount}
        amounts.setdefault(
            matching.other.currency_id, round(decimal(matching.amount_on(matching.other)) * part, CENT_DIGITS)
        )
        values = {"CurrencyRate": round(amount / base, RATE_DIGITS)} if base else {}
        return values | ({"BankAmount": amounts[paid_in]} if paid_in in amounts else {})

    def _base_amount(self, matching):
        """The share of the money in the company's currency, by the money's own rate."""
        money, share = matching.other, decimal(matching.amount_on(matching.other))
        if money.currency_id == self.company_currency:
            return round(share + self._exchanged(matching), CENT_DIGITS)
        whole = decimal(money.amount_currency)
        return round(abs(decimal(money.balance) * share / whole), CENT_DIGITS) if whole else share

    def _exchanged(self, matching):
        """What of money in the company's currency became an exchange difference of this very matching."""
        ours = matching.partials.exchange_move_id.line_ids
        partials = matching.other.matched_debit_ids | matching.other.matched_credit_ids
        differences = partials.filtered(lambda partial: (partial.debit_move_id | partial.credit_move_id) & ours)
        return sum(map(decimal, differences.mapped("amount")), decimal(0))

