"""What was written off with a payment, as a Payment of its own from the account that it was written off to (S1.26).

Its record is the same matching as the money's: both come and go with it.
"""

from odoo import models

from .account_partial_reconcile import UNMATCHED
from .codec.digest import digest_of
from .matching import payment_of
from .problems import Problem
from .resource import Element


class XeroResourceWriteOffs(models.AbstractModel):
    _name = "xero.resource.write.offs"
    _inherit = "xero.resource.payments"
    _description = "Xero Payments of What Was Written Off"

    _resource = "WriteOffs"  # Payments at Xero; a matching has one link for its money and one for this
    _own_list = False

    def _matching(self, partial):
        return payment_of(partial)

    def _organisation_ids(self, records):
        """Whether something was written off, the worker alone looks: it is handed over with the money."""
        return super()._organisation_ids(records) if self.env.context.get(UNMATCHED) else []

    # ---- encoding ---------------------------------------------------------------------------------

    def _hand_over_write_off(self, organisation, matching):
        """It is here."""

    def _find_again(self, organisation, records, links):
        """The money finds its payment again, which brings this one along."""

    def _take_over(self, organisation, records, links):
        return {}

    def _encode_one(self, organisation, matching, link, source):
        move, write_offs = matching.source, source.write_offs
        if move not in write_offs.lines or source.recorded_by.get(move.journal_id.id) == "xero":
            return None
        amount = source.written_off(matching)
        besides = write_offs.is_more(move) and not move.origin_payment_id  # of a payment it goes, see the surplus
        if not amount and not (besides and self._is_first(matching)):
            return None
        account = write_offs.account(move)
        insist = link and link.error_code == "document_not_approved"
        target = self._target(matching, source, insist)
        organisation._check_open(matching.other.date)
        foreign = source.foreign(matching, amount)
        payload = self._payload(target, account, matching, amount) | {
            key: value for key, value in foreign.items() if key == "CurrencyRate"
        }
        told = {"document": matching.document.name, "journal_id": move.journal_id.id}
        return Element(matching.partial.id, payload, digest_of(payload), create=True, path="Payments",
                       remote=self._remembered(matching, source), told=told)  # fmt: skip

    def _is_first(self, matching):
        """Of a payment of several documents: what was moved besides is told once."""
        lines = matching.source.line_ids
        return matching.partial.id == min((lines.matched_debit_ids | lines.matched_credit_ids).filtered(payment_of).ids)

    def _said(self, matching, source):
        said = super()._said(matching, source) | {"amount": str(source.written_off(matching))}
        lines = source.write_offs.lines.get(matching.source)
        return said | ({"accounts": lines.account_id.ids} if lines else {})

    # ---- coming in --------------------------------------------------------------------------------

    def _others(self):
        return []

    def _of_interest(self, organisation, items):
        return items

    def _prepare_incoming(self, organisation, run, incoming):
        return None

    def _take_in_bulk(self, organisation, run, news):
        return set()

    def _bring_in(self, organisation, run, incoming, source):
        """Xero removes it, and nothing else: what it stood for is a part of the payment here, so a person decides."""
        link, values = incoming.link, {"remote_digest": incoming.digest, "remote_item": False}
        record = self.env[self._res_model].browse(link.res_id).exists()
        if record and self._ends(incoming.item):
            values |= self._problem_values(Problem("write_off_removed"), link)
        elif self._ends(incoming.item):
            values["outcome"] = "gone"
        return values | self._facts(incoming.item)
