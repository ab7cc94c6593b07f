"""Makes Odoo payments of what Xero says was paid: made, posted and matched many at a time."""

from datetime import date

from odoo.fields import Command
from odoo.tools import SQL

from .codec.money import decimal
from .matching import CREDITS, INVOICES, Matching, control_lines, is_money, partials_of
from .matching_source import ENDED
from .payment_maker import QUIET, make_payments
from .problems import Problem
from .write_off import WriteOffs

DAYS_APART = 5  # between the day a person gave it here and there


class PaymentWriter:
    """:param organisation: in superuser mode, its company the environment's
    :param MappingReverse reverse:
    :param dict documents: {Xero's id: ``xero.link`` of the document}
    """

    def __init__(self, organisation, reverse, documents):
        self.organisation = organisation
        self.reverse = reverse
        self.documents = documents
        self.env = organisation.env
        self.company_currency = organisation.company_id.currency_id
        self.moves = self._read_moves()
        self.adoptable = self.write_offs = None

    def _read_moves(self):
        ids = {model: [link.res_id for link in self.documents.values() if link.res_model == model and link.res_id]
               for model in ("account.move", "account.payment")}  # fmt: skip
        payments = self.env["account.payment"].browse(ids["account.payment"]).exists()
        return self.env["account.move"].browse(ids["account.move"]).exists() | payments.move_id

    # ---- what it is on ----------------------------------------------------------------------------

    def document(self, received):
        """The posted move that a payment is on. :raise Problem: ``incoming_first``"""
        link = self.documents.get(received.document_id)
        record = self.env[link.res_model].browse(link.res_id).exists() if link and link.res_id else self.moves.browse()
        move = record.move_id if record._name == "account.payment" else record
        if move not in self.moves or move.state != "posted":
            raise Problem("incoming_first", waiting_for_id=link.id if link else False)
        return move

    # ---- one that a person entered here, too ------------------------------------------------------

    def counterpart(self, received):
        """A partial that no link names, of the same document, account and amount, a few days apart at most.

        Each is given once. :rtype: account.partial.reconcile"""
        if self.adoptable is None:
            self.adoptable = self._read_adoptable()
        move = self.document(received)
        fitting = [
            (gap, matching.partial.id, matching)
            for matching in self.adoptable
            if matching.document == move and (gap := self._gap(received, matching)) is not None
        ]
        if not fitting:
            return self.env["account.partial.reconcile"]
        found = min(fitting, key=lambda each: each[:2])[2]
        self.adoptable.remove(found)
        return found.partial

    def _read_adoptable(self):
        """``Matching`` of what no link names; several between the same two are one."""
        lines = control_lines(self.moves)
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        linked = self.env["xero.resource.payments"]._linked_partials(self.organisation, partials)
        found = {}
        for partial in partials.filtered(lambda partial: partial.id not in linked).sorted("id"):
            for line, other in (
                (partial.debit_move_id, partial.credit_move_id), (partial.credit_move_id, partial.debit_move_id)
            ):  # fmt: skip
                if line in lines and is_money(other.move_id):
                    matching = Matching(partial, line, other)
                    first = found.get(matching.pair)
                    found[matching.pair] = first.together_with([matching]) if first else matching
        money = self.env["account.move"].union(*(matching.source for matching in found.values()))
        self.write_offs = WriteOffs(self.organisation, money)
        return list(found.values())

    def _gap(self, received, matching):
        """Days between the two, or None where they cannot be the same payment."""
        line, other = matching.line, matching.other
        whole, money = decimal(matching.amount), decimal(matching.amount_on(other))
        moved = float(whole - (whole * self.write_offs.share(matching) / money if money else 0))
        mapping = self.reverse.journals.get(received.account_id)
        journal = mapping.journal_id if mapping else None
        if other.move_id.journal_id != journal or line.currency_id.compare_amounts(moved, float(received.amount)):
            return None
        days = abs((other.date - _date(received)).days)
        return days if days <= DAYS_APART else None

    # ---- new ones ---------------------------------------------------------------------------------

    def make(self, many):
        """Payments, posted and matched with their documents.

        :param list many: ``ReceivedPayment``
        :return list: the partial of each, in their order
        :raise Problem: of any of them; nothing of what was written is to be kept then
        """
        targets = [self._target(received) for received in many]
        self._check_open(many, targets)
        payments = make_payments(self.env, [
            self._payment(received, *target) for received, target in zip(many, targets, strict=True)
        ])  # fmt: skip
        counterparts = [
            payment.move_id.line_ids.filtered(lambda line, lines=lines: line.account_id == lines.account_id)
            for payment, (_move, lines) in zip(payments, targets, strict=True)
        ]
        self.env["account.move.line"].with_context(**QUIET)._reconcile_plan([
            lines | counterpart for (_move, lines), counterpart in zip(targets, counterparts, strict=True)
        ])  # fmt: skip
        return [self._partial(counterpart, move) for counterpart, (move, _l) in zip(counterparts, targets, strict=True)]

    def _target(self, received):
        move = self.document(received)
        lines = control_lines(move).filtered(lambda line: not line.reconciled)
        return move, lines.filtered(lambda line: line.account_id == lines[:1].account_id)

    def _check_open(self, many, targets):
        """:raise Problem: ``incoming_exceeds``"""
        left = {move: abs(sum(lines.mapped("amount_residual_currency"))) for move, lines in targets}
        for received, (move, _lines) in zip(many, targets, strict=True):
            amount = float(received.amount)
            if move.currency_id.compare_amounts(amount, left[move]) > 0:
                raise Problem(
                    "incoming_exceeds", document=move.name, amount=f"{amount:.2f}", open=f"{left[move]:.2f}"
                )
            left[move] -= amount

    def _payment(self, received, move, lines):
        sale, inbound = self._direction(move)
        mapping = self.reverse.journal(received.account_id)
        values = {
            "payment_type": "inbound" if inbound else "outbound",
            "partner_type": "customer" if sale else "supplier",
            "partner_id": lines.partner_id[:1].id or move.commercial_partner_id.id,
            "journal_id": mapping.journal_id.id,
            "currency_id": move.currency_id.id,
            "amount": float(received.amount),
            "date": received.date,
            "memo": received.reference or move.payment_reference or move.ref or move.name,
            "destination_account_id": lines.account_id.id,
            "invoice_ids": [Command.set(move.ids if move.is_invoice(include_receipts=True) else [])],
        }
        if move.currency_id != self.company_currency:
            values["force_balance"] = self._balance(received, mapping.journal_id)
        return values

    def _direction(self, move):
        """(whether it is the customer's side, whether money comes in): of a refund, the other way than the money."""
        if payment := move.origin_payment_id:
            return payment.partner_type == "customer", payment.payment_type == "outbound"
        sale = (INVOICES | CREDITS)[move.move_type] == "sale"
        return sale, sale == (move.move_type in INVOICES)

    def _balance(self, received, journal):
        """In the company's currency: what left or reached the bank, if that is kept in it, else by Xero's rate."""
        if (journal.currency_id or self.company_currency) == self.company_currency and received.bank_amount:
            return float(received.bank_amount)
        return self.company_currency.round(float(received.amount / (received.rate or 1)))

    def _partial(self, counterpart, move):
        partials = counterpart.matched_debit_ids | counterpart.matched_credit_ids
        return partials.filtered(
            lambda partial: move in (partial.debit_move_id.move_id, partial.credit_move_id.move_id)
        )[:1]  # fmt: skip

    # ---- taken back -------------------------------------------------------------------------------

    def take_back(self, matching):
        """The document is open again; a payment of which nothing is left and that is on no bank statement is cancelled.

        :return Decimal: what is free again, in the currency of the money
        """
        payment, freed = matching.source.origin_payment_id, decimal(matching.amount_on(matching.other))
        matching.partials.unlink()
        on_statement = payment.is_matched and payment._seek_for_lines()[0].account_id.reconcile if payment else False
        living = payment.state in ("in_process", "paid") and not on_statement
        if living and not self._is_left(payment, freed):
            payment.with_context(**QUIET).action_cancel()
        return freed

    def _is_left(self, payment, freed):
        """Whether some of a payment's money is for something else, or is free without Xero having taken it back."""
        if partials_of(payment.move_id) or self._is_credit(payment):
            return True
        free = abs(sum(control_lines(payment.move_id).mapped("amount_residual_currency")))
        if not payment.currency_id.compare_amounts(free, float(freed)):
            return False
        return payment.currency_id.compare_amounts(free, float(freed + self._freed_before(payment))) > 0

    def _is_credit(self, payment):
        """Whether a part of its money stands in Xero as an overpayment or prepayment."""
        return bool(self.env["xero.link"].search_count([
            ("organisation_id", "=", self.organisation.id), ("resource", "in", ("Overpayments", "Prepayments")),
            ("res_model", "=", payment._name), ("res_id", "=", payment.id), ("xero_id", "!=", False),
            ("xero_status", "not in", ENDED),
        ], limit=1))  # fmt: skip

    def _freed_before(self, payment):
        """What of its money was taken back in Xero before, of other documents. :rtype: Decimal"""
        self.env["xero.link"].flush_model(["outcome", "remote"])
        [(freed,)] = self.env.execute_query(SQL(
            """SELECT COALESCE(sum((remote ->> 'freed')::numeric), 0) FROM xero_link
                WHERE organisation_id = %s AND resource = 'Payments' AND outcome = 'gone'
                  AND remote ->> 'payment' = %s""",
            self.organisation.id, str(payment.id),
        ))  # fmt: skip
        return decimal(freed)


def _date(received):
    return date.fromisoformat(received.date)
