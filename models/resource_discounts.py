"""An early payment discount that bears tax, as Xero books it: a credit note, allocated to the document (S1.26).

Payments know no tax. In Odoo the discount is a part of the payment's entry, so here both have the link of the matching:
they come and go with the payment.
"""

from odoo import models

from .account_partial_reconcile import UNMATCHED
from .codec import invoice as invoice_codec
from .codec.digest import digest_of
from .codec.received import ENDED
from .codec.refused import Refused
from .discount_source import DiscountSource
from .matching import payment_of
from .problems import Problem
from .resource import Element

CREDIT_NOTES = "CreditNotes"
VOIDED = digest_of({"Status": "VOIDED"})


class XeroResourceDiscounts(models.AbstractModel):
    _name = "xero.resource.discounts"
    _inherit = "xero.resource.matchings"
    _description = "Xero Credit Notes of Discounts"

    _resource = "Discounts"  # CreditNotes at Xero; so told apart from those that are documents here
    _own_list = False
    _id_key = "CreditNoteID"
    _number_key = "CreditNoteNumber"
    _kind = "payments"

    def _matching(self, partial):
        return payment_of(partial)

    def _organisation_ids(self, records):
        """Whether there is one, the worker alone looks: it is handed over with the money."""
        return super()._organisation_ids(records) if self.env.context.get(UNMATCHED) else []

    # ---- encoding ---------------------------------------------------------------------------------

    def _encode_one(self, organisation, matching, link, source):
        if not source.write_offs.is_taxed(matching.source):
            return None
        insist = link and link.error_code == "document_not_approved"
        invoice_id = source.document_id(matching.document, insist)
        organisation._check_open(matching.other.date)
        number = f"{matching.source.name}-{matching.partial.id}"  # Xero never gives a voided one's number again
        try:
            if source.discounts is None:
                source.discounts = DiscountSource(organisation, source.resolver, source.write_offs)
            built = invoice_codec.build(source.discounts.credit_note(matching, number))
        except Refused as refused:
            raise Problem(refused.code, **refused.data) from None
        payload = built.payload | {"Status": "AUTHORISED"}
        return Element(matching.partial.id, payload, digest_of(payload), create=True, path=CREDIT_NOTES,
                       remote=self._remembered(matching, source) | {"invoice_id": invoice_id},
                       told={"document": matching.document.name, "number": number,
                       "currency": matching.other.currency_id.name})  # fmt: skip

    def _encode_if_owed(self, organisation, matching, link, source):
        """What is there has to be allocated, too."""
        outcome = super()._encode_if_owed(organisation, matching, link, source)
        if outcome is None and matching and link and self._is_there(link):
            self._hand_over(organisation, matching.partial)
        return outcome

    def _hand_over(self, organisation, partials):
        allocations = self.env["xero.resource.discount.allocations"]
        changes = allocations._change_values(organisation, partials, kind="needed", by_hand=True)
        self.env["xero.change"].create(changes)

    def _said(self, matching, source):
        said = super()._said(matching, source) | {"amount": str(source.written_off(matching))}
        lines = source.write_offs.lines.get(matching.source)
        return said | ({"accounts": lines.account_id.ids} if lines else {})

    def _is_there(self, link):
        return bool(link.xero_id) and link.xero_status not in ENDED

    def _gone(self, organisation, link):
        if not link.xero_id:
            return None
        return self._is_there(link) and self._removal(organisation, link) or Problem("record_gone")

    def _removal(self, organisation, link):
        if not organisation._pushes(self._kind):
            return None
        payload = {self._id_key: link.xero_id, "Status": "VOIDED"}
        return Element(link.res_id, payload, VOIDED, create=False, path=f"{CREDIT_NOTES}/{link.xero_id}")

    # ---- answers ----------------------------------------------------------------------------------

    def _after_apply(self, organisation, links):
        result = super()._after_apply(organisation, links)
        there = links.filtered(lambda link: link.outcome == "synced")
        self._hand_over(organisation, self.env[self._res_model].browse(there.mapped("res_id")).exists())
        return result

    def _ends(self, item):
        return item.get("Status") in ENDED

    def _facts(self, item):
        facts = {"xero_status": item.get("Status") or False, "xero_number": item.get(self._number_key) or False}
        return facts | ({"xero_total": float(item["Total"])} if item.get("Total") is not None else {})

    def _is_ours(self, payload, item):
        key = self._id_key if self._id_key in payload else self._number_key
        return item.get(key) == payload[key]

    def _reached(self, payload, item):
        return payload.get("Status") == "VOIDED" and self._ends(item)

    def _find(self, organisation, run, payloads, sent_at):
        """By the id, or by the number: it holds the matching's own id, so nobody else gives it."""
        found = []
        for payload in payloads:
            if self._id_key in payload:
                where = f'{self._id_key}==guid("{payload[self._id_key]}")'
            else:
                where = f'{self._number_key}=="{payload[self._number_key]}"'
            answers = organisation._call_pages(run, CREDIT_NOTES, where=where)
            found.append(next((item for answer in answers for item in answer.items), None))
        return found

    def _ask_for_all(self, organisation, run, xero_ids):
        return self.env["xero.resource.credit.notes"]._ask_for_all(organisation, run, xero_ids)

    # ---- coming in --------------------------------------------------------------------------------

    def _reads(self, organisation):
        return organisation._pulls(self._kind)

    def _remote_values(self, item):
        return {"ended": self._ends(item)}

    def _bring_in(self, organisation, run, incoming, source):
        """Voided in Xero: what it stood for is a part of the payment here, so a person decides."""
        values = self._facts(incoming.item) | {"remote_digest": incoming.digest, "remote_item": False}
        if not self._ends(incoming.item):
            return values
        if self.env[self._res_model].browse(incoming.link.res_id).exists():
            return values | self._problem_values(Problem("write_off_removed"), incoming.link)
        return values | {"outcome": "gone"}

    def _repeat_money(self, organisation, run, link, side):
        return False


class XeroResourceDiscountAllocations(models.AbstractModel):
    _name = "xero.resource.discount.allocations"
    _inherit = "xero.resource.allocations"
    _description = "Xero Allocations of Discounts"

    _resource = "DiscountAllocations"

    def _matching(self, partial):
        return payment_of(partial)

    def _kind_of(self, record):
        return "payments"

    def _kind_of_item(self, item):
        return "payments"

    def _organisation_ids(self, records):
        """As its credit note."""
        return super()._organisation_ids(records) if self.env.context.get(UNMATCHED) else []

    def _encode_one(self, organisation, matching, link, source):
        discounts = self.env["xero.resource.discounts"]
        credit = discounts._links(organisation, matching.partial.ids).get(matching.partial.id)
        if not credit:
            return None
        if not discounts._is_there(credit):
            raise Problem("document_first", document=credit.display_name, waiting_for_id=credit.id)
        payload = {
            "Amount": source.written_off(matching), "Date": str(matching.other.date),
            "Invoice": {"InvoiceID": source.document_id(matching.document)},
        }  # fmt: skip
        return Element(
            matching.partial.id, payload, digest_of(payload), create=True,
            path=f"{CREDIT_NOTES}/{credit.xero_id}/Allocations", told={"document": matching.document.name},
            remote=self._remembered(matching, source) | {
                "source": CREDIT_NOTES, "source_id": credit.xero_id, "invoice_id": payload["Invoice"]["InvoiceID"],
            },
        )  # fmt: skip

    def _said(self, matching, source):
        return {"amount": str(source.written_off(matching))}

    def _repeat_money(self, organisation, run, link, side):
        return False


class XeroResourceWriteOffs(models.AbstractModel):
    _inherit = "xero.resource.write.offs"

    def _encode_one(self, organisation, matching, link, source):
        """What bears tax is no payment."""
        move, write_offs = matching.source, source.write_offs
        if not write_offs.is_taxed(move) or write_offs.is_more(move):
            return super()._encode_one(organisation, matching, link, source)
        if write_offs.share(matching) and source.recorded_by.get(move.journal_id.id) != "xero":
            discounts = self.env["xero.resource.discounts"]
            changes = discounts._change_values(organisation, matching.partial, kind="needed", by_hand=True)
            self.env["xero.change"].create(changes)
        return None


class XeroResourceCreditNotes(models.AbstractModel):
    _inherit = "xero.resource.credit.notes"

    def _receive(self, organisation, run, items):
        """Those that stand for a discount are no documents."""
        discounts = self.env["xero.resource.discounts"]
        theirs = self._of_discounts(organisation, items)
        mine = [item for item in items if item.get(self._id_key) in theirs]
        news = discounts._receive(organisation, run, mine) if mine else 0
        return news + super()._receive(
            organisation, run, [item for item in items if item.get(self._id_key) not in theirs])

    def _sweep_items(self, organisation, sweep, items):
        theirs = self._of_discounts(organisation, items)
        return super()._sweep_items(
            organisation, sweep, [item for item in items if item.get(self._id_key) not in theirs])

    def _of_discounts(self, organisation, items):
        links = self.env["xero.resource.discounts"]._links_of(organisation, [item.get(self._id_key) for item in items])
        return set(links.mapped("xero_id"))
