"""Money on invoices, bills and credit notes as Xero's Payments, on its way out (S1.26)."""

from datetime import timedelta

from odoo import fields, models

from ..xero.questions import by_ids
from .codec import received_payment as payment_codec
from .codec.digest import digest_of
from .codec.money import decimal
from .matching import CREDITS, payment_of, refund_of
from .problems import Problem
from .resource import Element
from .resource_matchings import DELETED

CLOCKS = timedelta(minutes=15)  # Xero's and ours need not agree
REFERENCE_LIMIT = 255
CREDIT = object()  # an outcome: it is for the allocations


class XeroResourcePayments(models.AbstractModel):
    _name = "xero.resource.payments"
    _inherit = "xero.resource.matchings"
    _description = "Xero Payments"

    _resource = "Payments"
    _id_key = "PaymentID"
    _kind = "payments"

    def _matching(self, partial):
        return payment_of(partial) or refund_of(partial)

    def _organisation_ids(self, records):
        """A refund of money belongs where the money does."""
        refunds = records.filtered(lambda partial: not payment_of(partial))
        found = super()._organisation_ids(records - refunds)
        payments = {partial.id: self._matching(partial).document.origin_payment_id for partial in refunds}
        money = self.env["account.payment"].union(*payments.values())
        for organisation_id, mine in self.env["xero.resource.overpayments"]._organisation_ids(money):
            found.append((organisation_id, refunds.filtered(lambda p, mine=mine: payments[p.id] in mine)))
        return found

    # ---- encoding ---------------------------------------------------------------------------------

    def _encode(self, organisation, run, records, links):
        """Money that is credit in Xero already is allocated, not paid once more."""
        outcomes = super()._encode(organisation, run, records, links)
        credit = records.filtered(lambda partial: outcomes.get(partial.id) is CREDIT)
        allocations = self.env["xero.resource.allocations"]
        self.env["xero.change"].create(allocations._change_values(organisation, credit, kind="needed", by_hand=True))
        return outcomes | dict.fromkeys(credit.ids)

    def _encode_if_owed(self, organisation, matching, link, source):
        if matching and matching.source in source.write_offs.lines:
            self._hand_over_write_off(organisation, matching)
        return super()._encode_if_owed(organisation, matching, link, source)

    def _hand_over_write_off(self, organisation, matching):
        """What was written off besides is a payment of its own."""
        write_offs = self.env["xero.resource.write.offs"]
        changes = write_offs._change_values(organisation, matching.partial, kind="needed", by_hand=True)
        self.env["xero.change"].create(changes)

    def _encode_one(self, organisation, matching, link, source):
        move, journal = matching.source, matching.source.journal_id
        if source.recorded_by.get(journal.id) == "xero":
            return None
        payment = move.origin_payment_id
        if payment.id in source.credits:
            self._look_at_credit(organisation, payment, source.credits[payment.id])
        if not matching.is_refund and source.is_credit(matching):
            return CREDIT
        amount = source.amount(matching)
        if not amount:
            return None  # all of it was written off
        account = source.resolver.journal(journal.id)
        # who waited for the approval was freed by it, or by a person: Xero has the last word
        insist = link and link.error_code == "document_not_approved"
        target = self._target(matching, source, insist)
        if not target:
            return None
        organisation._check_open(matching.other.date)
        payload = self._payload(target, account, matching, amount) | source.foreign(matching, amount)
        told = {"document": matching.document.name, "journal_id": journal.id}
        return Element(matching.partial.id, payload, digest_of(payload), create=True,
                       remote=self._remembered(matching, source), told=told)  # fmt: skip

    def _look_at_credit(self, organisation, payment, link):
        """What of money is matched, its credit is not any more: that is looked at after this."""
        credit = self.env[f"xero.resource.{link.resource.lower()}"]
        changes = credit._change_values(organisation, payment, kind="needed", by_hand=True)
        self.env["xero.change"].create(changes)

    def _payload(self, target, account, matching, amount):
        """A Payment of ``amount`` from ``account``, an ``xero.account``, on the document that ``target`` names."""
        return target | {
            "Account": {"AccountID": account.xero_id}, "Date": str(matching.other.date), "Amount": amount,
            "Reference": (matching.source.name or "")[:REFERENCE_LIMIT],
        }  # fmt: skip

    def _target(self, matching, source, insist):
        """{Invoice | CreditNote | Overpayment | Prepayment: {its id}}; {} of money that is no credit in Xero."""
        if matching.is_refund:
            link = source.credits.get(matching.document.origin_payment_id.id) or self._credit_first(matching, source)
            name = link.resource[:-1] if link else ""
            return {name: {f"{name}ID": link.xero_id}} if link else {}
        name = "CreditNote" if matching.document.move_type in CREDITS else "Invoice"
        return {name: {f"{name}ID": source.document_id(matching.document, insist)}}

    def _credit_first(self, matching, source):
        """Money that went back before it was in Xero as credit: that goes first.

        :return: None where it does not go
        :raise Problem: ``document_first``
        """
        overpayments, payment = self.env["xero.resource.overpayments"], matching.document.origin_payment_id
        if not (payment and overpayments._goes_as_credit(source.organisation, payment)):
            return None
        link = overpayments._links(source.organisation, payment.ids).get(payment.id)
        again = False
        if not link:
            changes = overpayments._change_values(source.organisation, payment, kind="needed", by_hand=True)
            self.env["xero.change"].create(changes)
            again = fields.Datetime.now()  # it comes after this one in the same pass
        raise Problem("document_first", document=payment.name or "?", waiting_for_id=link.id if link else False,
                      next_attempt=again)  # fmt: skip

    def _said(self, matching, source):
        return super()._said(matching, source) | {"journal": matching.source.journal_id.id}

    def _gone(self, organisation, link):
        """Matching undone, payment cancelled or deleted: the payment is deleted in Xero."""
        if not link.xero_id:
            return None
        return self._is_there(link) and self._removal(organisation, link) or Problem("record_gone")

    def _removal(self, organisation, link):
        journal_id = (link.remote or {}).get("journal")
        if not organisation._pushes(self._kind) or organisation._recorded_by().get(journal_id) == "xero":
            return None
        payload = {self._id_key: link.xero_id, "Status": "DELETED"}
        return Element(link.res_id, payload, DELETED, create=False, path=f"Payments/{link.xero_id}")

    # ---- answers ----------------------------------------------------------------------------------

    def _facts(self, item):
        payment = payment_codec.read(item)
        facts = {
            "xero_number": payment.reference or False, "xero_status": payment.status or False,
            "parent_xero_id": payment.document_id or False,
        }  # fmt: skip
        return facts | ({"xero_total": float(payment.amount)} if item.get("Amount") is not None else {})

    def _ends(self, item):
        return item.get("Status") == "DELETED"

    def _is_ours(self, payload, item):
        if self._id_key in payload:
            return item.get(self._id_key) == payload[self._id_key]
        return payment_codec.document_id(item) == payment_codec.document_id(payload)

    def _find(self, organisation, run, payloads, sent_at):
        """A deletion by the payment's id; a new one by what it says, each found one once."""
        known = [payload[self._id_key] for payload in payloads if self._id_key in payload]
        made = [payload for payload in payloads if self._id_key not in payload]
        items = self._read_all(organisation, run, self._questions(known, made, sent_at))
        free = {item.get(self._id_key): item for item in items}
        linked = self._taken_ids(organisation, list(free))
        return [
            free.get(payload[self._id_key]) if self._id_key in payload
            else self._pop_same(payload, free, linked) for payload in payloads
        ]  # fmt: skip

    def _questions(self, known, made, sent_at):
        """Xero finds payments fast by their own id and by that of an invoice; refunds among all that changed since."""
        questions = [{"where": f'PaymentId==guid("{payment_id}")'} for payment_id in known]
        invoices = list(dict.fromkeys(
            payment_codec.document_id(payload) for payload in made if "Invoice" in payload
        ))  # fmt: skip
        questions += [{"where": where} for where in by_ids("Invoice.InvoiceId", invoices)]
        if any("Invoice" not in payload for payload in made):
            questions.append({"modified_since": sent_at - CLOCKS} if sent_at else {})
        return questions

    def _read_all(self, organisation, run, questions):
        for question in questions:
            for answer in organisation._call_pages(run, "Payments", **question):
                yield from answer.items

    def _ask_for_all(self, organisation, run, xero_ids):
        """Payments at Xero, whatever they stand for here."""
        return list(self._read_all(organisation, run, self._questions(xero_ids, [], None)))

    def _pop_same(self, payload, free, linked):
        """The payment that ``payload`` made, taken out of ``free``; None when there is none."""
        for xero_id, item in free.items():
            if xero_id not in linked and self._says_same(payload, item):
                return free.pop(xero_id)
        return None

    def _says_same(self, payload, item):
        payment = payment_codec.read(item)
        said = (
            payment.status, payment.document_id, payment.account_id, payment.amount, payment.date, payment.reference,
        )  # fmt: skip
        meant = (
            "AUTHORISED", payment_codec.document_id(payload), payload["Account"]["AccountID"],
            decimal(payload["Amount"]), payload["Date"], payload["Reference"],
        )  # fmt: skip
        return said == meant
