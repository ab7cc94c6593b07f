"""Payments that have no journal entry of their own: with Odoo's accounting app there is none before the bank statement
is matched with the document, which is *in payment* until then. Xero has the payment from the beginning; the later
matching takes it over."""

from datetime import date, timedelta

from odoo import fields, models

from .codec import received_payment as payment_codec
from .codec.digest import digest_of
from .codec.money import CENT, decimal, round_to
from .matching import CREDITS, payment_of
from .matching_source import MatchingSource
from .payment_maker import QUIET
from .payment_writer import DAYS_APART
from .problems import Problem
from .resource import Element
from .resource_matchings import AGREED, DOCUMENTS
from .resource_overpayments import POSTED
from .resource_payments import REFERENCE_LIMIT
from .xero_link import NO_ERROR

ENDED = ("canceled", "rejected")


class XeroResourceEntrylessPayments(models.AbstractModel):
    _name = "xero.resource.entryless.payments"
    _inherit = "xero.resource.payments"
    _description = "Xero Payments Without an Entry in Odoo"

    _resource = "PaymentsWithoutEntry"  # Payments at Xero; so told apart from those that are matchings here
    _own_list = False
    _res_model = "account.payment"

    # ---- whose ------------------------------------------------------------------------------------

    def _wanted(self, records):
        """Those without an entry; and what stands in Xero from when it had none."""
        routes = self.env["xero.organisation"]._routes
        ours = records.filtered(lambda payment: routes(payment.company_id.id))
        bare = ours.filtered(lambda payment: not payment.move_id)
        return bare | self._with_link(ours - bare)

    def _organisation_ids(self, records):
        """Where its documents belong."""
        found = {}
        for name in DOCUMENTS:
            resource = self.env[name]
            for organisation_id, mine in resource._organisation_ids(resource._wanted(records.invoice_ids)):
                found.setdefault(organisation_id, set()).update(mine._ids)
        return [
            (organisation_id, records.filtered(lambda payment, ids=ids: ids.intersection(payment.invoice_ids._ids)))
            for organisation_id, ids in found.items()
        ]

    # ---- encoding ---------------------------------------------------------------------------------

    def _encode(self, organisation, run, records, links):
        source = MatchingSource(organisation, run.resolver_of(organisation), [])
        source.know(records.invoice_ids)
        outcomes = {}
        for payment in records:
            try:
                outcomes[payment.id] = self._encode_payment(organisation, payment, links.get(payment.id), source)
            except Problem as problem:
                outcomes[payment.id] = problem
        return outcomes

    def _encode_payment(self, organisation, payment, link, source):
        if link and self._is_there(link):
            return self._removal(organisation, link) if self._is_over(payment, link) else None
        if link and self._is_replaced(link):
            return Problem("payment_replaced")
        documents = self._documents(payment)
        if payment.state not in POSTED or payment.move_id or not any(documents.mapped("amount_residual")):
            return None
        if source.recorded_by.get(payment.journal_id.id) == "xero" or source.is_exempt(*documents):
            return None
        if len(documents) > 1:
            raise Problem("payment_without_entry", payment=payment.name or "?")
        account = source.resolver.journal(payment.journal_id.id)
        target = "CreditNote" if documents.move_type in CREDITS else "Invoice"
        insist = link and link.error_code == "document_not_approved"
        document_id = source.document_id(documents, insist)
        organisation._check_open(payment.date)
        payload = {
            target: {f"{target}ID": document_id}, "Account": {"AccountID": account.xero_id}, "Date": str(payment.date),
            "Amount": self._amount(payment, documents), "Reference": (payment.name or "")[:REFERENCE_LIMIT],
        } | self._rate(payment, documents)  # fmt: skip
        told = {"document": documents.name, "journal_id": payment.journal_id.id}
        return Element(payment.id, payload, digest_of(payload), create=True, path="Payments",
                       remote=self._agreement(payment, documents), told=told)  # fmt: skip

    def _is_replaced(self, link):
        """Whether the bank statement was matched with its document, and by another amount."""
        return bool(self.env["account.partial.reconcile"].browse((link.remote or {}).get("replaced") or ()).exists())

    def _documents(self, payment):
        return payment.invoice_ids.filtered(lambda move: move.state == "posted")

    def _amount(self, payment, document):
        """In the document's currency, and no more than is due. :rtype: Decimal"""
        value = payment.currency_id._convert(payment.amount, document.currency_id, payment.company_id, payment.date)
        return round_to(decimal(min(value, document.amount_residual)), CENT)

    def _rate(self, payment, document):
        """What a payment of a document in a foreign currency says besides, see ``MatchingSource.foreign``."""
        company = payment.company_id
        if document.currency_id == company.currency_id:
            return {}
        base = decimal(payment.currency_id._convert(payment.amount, company.currency_id, company, payment.date))
        return {"CurrencyRate": round(self._amount(payment, document) / base, 6)} if base else {}

    def _agreement(self, payment, document):
        return {
            "date": str(payment.date), "journal": payment.journal_id.id, "amount": str(decimal(payment.amount)),
            "document": document.id,
        }  # fmt: skip

    def _is_over(self, payment, link):
        """Cancelled; or what was told is no longer so: the payment, or what is due because the bank was matched."""
        if payment.state in ENDED or self._is_replaced(link):
            return True
        if payment.state not in POSTED:
            return False  # reset to draft: it is posted again or cancelled
        document = self._documents(payment)
        due = round_to(decimal(sum(document.mapped("amount_residual"))), CENT)
        said = link.remote or {}
        changed = any(said.get(key, now) != now for key, now in self._agreement(payment, document[:1]).items())
        return changed or bool(payment.move_id) or due < round_to(decimal(link.xero_total), CENT)

    # ---- answers ----------------------------------------------------------------------------------

    def _agreed_values(self, note, item):
        """What was taken back for good is not in Xero; it may be sent anew."""
        values = super()._agreed_values(note, item)
        replaced = self._is_replaced(self.env["xero.link"].browse(note["link"]))
        return values | ({"xero_id": False} if values["outcome"] == "gone" and not replaced else {})

    def _is_still_owed(self, record, link):
        return record.state in POSTED and not record.move_id and not self._is_replaced(link)

    def _after_apply(self, organisation, links):
        result = super()._after_apply(organisation, links)
        links._free_waiting()  # the matching that took its place
        return result

    # ---- coming in --------------------------------------------------------------------------------

    def _others(self):
        return []

    def _of_interest(self, organisation, items):
        return items

    def _claim(self, organisation, items):
        """Also those that were entered here, too."""
        self._adopt(organisation, items)
        return super()._claim(organisation, items)

    def _adopt(self, organisation, items):
        """Give new payments of Xero's to those of here that say the same and are in no link yet."""
        if self.env["account.move"]._get_invoice_in_payment_state() != "in_payment":
            return  # without the accounting app every payment has an entry
        payments = self.env["xero.resource.payments"]
        known = set(payments._links_of(organisation, [item[self._id_key] for item in items]).mapped("xero_id"))
        documents = payments._document_links(organisation, items)
        for item in items:
            link = documents.get(payment_codec.document_id(item))
            if link and item[self._id_key] not in known and not self._ends(item) and link.res_model == "account.move":
                self._adopt_one(organisation, item, self.env["account.move"].browse(link.res_id).exists())

    def _adopt_one(self, organisation, item, document):
        received = payment_codec.read(item)
        mapping = self.env["xero.journal.mapping"].search([
            ("organisation_id", "=", organisation.id), ("xero_account_id.xero_id", "=", received.account_id),
        ], limit=1)  # fmt: skip
        on, near = date.fromisoformat(received.date), timedelta(days=DAYS_APART)
        free = document.matched_payment_ids.filtered(
            lambda payment: not payment.move_id and payment.state in POSTED and payment.journal_id == mapping.journal_id
            and abs(payment.date - on) <= near and payment.currency_id == document.currency_id
            and not payment.currency_id.compare_amounts(payment.amount, float(received.amount))
        )  # fmt: skip
        links = self._links(organisation, free.ids)
        free = free.filtered(lambda one: not (one.id in links and self._is_there(links[one.id])))[:1]
        if free:
            self._write_link(organisation, free.id, links.get(free.id), self._facts(item) | NO_ERROR | {
                "xero_id": received.xero_id, "outcome": "synced", "remote_digest": self._remote_digest(item),
                "synced_at": fields.Datetime.now(), "digest": AGREED, "remote": self._agreement(free, document),
            })  # fmt: skip

    def _take_in_bulk(self, organisation, run, news):
        return set()

    def _prepare_incoming(self, organisation, run, incoming):
        return None

    def _bring_in(self, organisation, run, incoming, source):
        """Xero removes it, and nothing else."""
        values = self._facts(incoming.item) | {"remote_digest": incoming.digest, "remote_item": False}
        if not self._ends(incoming.item):
            return values
        payment = self.env[self._res_model].browse(incoming.link.res_id).exists()
        if payment.state in POSTED and not payment.move_id:
            payment.with_context(**QUIET).action_cancel()
        return values | {"outcome": "gone"} | NO_ERROR

    # ---- a comparison -------------------------------------------------------------------------------

    def _money_under_way(self, organisation, move_ids):
        """What is in payment is due here and paid there: no difference."""
        payments = self.env["account.move"].browse(move_ids).matched_payment_ids
        return set(payments.filtered(lambda one: not one.move_id and one.state in POSTED).invoice_ids.ids)

    def _repeat_money(self, organisation, run, link, side):
        return False


class XeroResourcePayments(models.AbstractModel):
    _inherit = "xero.resource.payments"

    def _others(self):
        return [*super()._others(), self.env["xero.resource.entryless.payments"]]

    def _encode(self, organisation, run, records, links):
        """A matching with the bank takes over the payment that stood for it."""
        before = self._take_over(organisation, records, links)
        outcomes = super()._encode(organisation, run, records - records.browse(before), links)
        return outcomes | before

    def _take_over(self, organisation, records, links):
        """:return dict: {partial id: Problem} of those whose predecessor says something else and has to go first"""
        entryless = self.env["xero.resource.entryless.payments"]
        new = {
            partial: matching for partial in records
            if (matching := payment_of(partial)) and not (partial.id in links and self._is_there(links[partial.id]))
        }  # fmt: skip
        documents = self.env["account.move"].union(*(matching.document for matching in new.values()))
        mine = documents.matched_payment_ids
        known = entryless._links(organisation, mine.ids) if mine else {}
        waiting = {}
        for partial, matching in new.items():
            candidates = [
                known[payment.id] for payment in matching.document.matched_payment_ids
                if payment.id in known and payment.journal_id == matching.source.journal_id
                and entryless._is_there(known[payment.id])
            ]  # fmt: skip
            amount = round_to(decimal(matching.amount), CENT)
            same = next((one for one in candidates if round_to(decimal(one.xero_total), CENT) == amount), None)
            if same:
                if partial.id in links:
                    links[partial.id].unlink()
                del known[same.res_id]
                agreed = {
                    "date": str(matching.other.date), "journal": matching.source.journal_id.id, "amount": str(amount),
                }  # fmt: skip
                same.write({"resource": self._resource, "res_model": self._res_model, "res_id": partial.id,
                            "outcome": "synced", "remote": agreed} | NO_ERROR)  # fmt: skip
                links[partial.id] = same
            elif candidates:
                payment = self.env["account.payment"].browse(candidates[0].res_id)
                candidates[0].remote = (candidates[0].remote or {}) | {"replaced": partial.id}
                changes = entryless._change_values(organisation, payment, kind="needed", by_hand=True)
                self.env["xero.change"].create(changes)
                waiting[partial.id] = Problem(
                    "document_first", document=payment.name or "?", waiting_for_id=candidates[0].id
                )
        return waiting


class XeroResourceOverpayments(models.AbstractModel):
    _inherit = "xero.resource.overpayments"

    def _encode(self, organisation, run, records, links):
        """Money that stands in Xero as a payment from when it had no entry does not go as well: that is deleted
        first, which Xero may refuse."""
        outcomes = super()._encode(organisation, run, records, links)
        new = [res_id for res_id, outcome in outcomes.items() if isinstance(outcome, Element) and outcome.create]
        entryless = self.env["xero.resource.entryless.payments"]
        before = entryless._links(organisation, new) if new else {}
        return outcomes | {
            res_id: Problem("payment_stands", payment=link.xero_number or "?", waiting_for_id=link.id)
            for res_id, link in before.items() if entryless._is_there(link)
        }  # fmt: skip
