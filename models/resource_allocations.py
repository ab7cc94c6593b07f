"""Credit that is taken to invoices: of credit notes, and of payments that were more than was due (``Allocations``).

They stand below their source at Xero and are read with it: one that is missing from its source's list was taken back.
"""

from dataclasses import replace

from odoo import models

from ..xero import errors
from .account_partial_reconcile import UNMATCHED
from .allocation_writer import AllocationWriter
from .codec.digest import digest_of
from .codec.money import CENT, decimal, round_to
from .codec.received import number
from .matching import allocation_of, payment_of
from .problems import Problem
from .resource import Element
from .resource_matchings import DELETED

SOURCE_KEYS = {"CreditNotes": "CreditNoteID", "Overpayments": "OverpaymentID", "Prepayments": "PrepaymentID"}


class XeroResourceAllocations(models.AbstractModel):
    _name = "xero.resource.allocations"
    _inherit = "xero.resource.matchings"
    _description = "Xero Allocations"

    _resource = "Allocations"
    _id_key = "AllocationID"
    _own_list = False

    def _matching(self, partial):
        return allocation_of(partial) or payment_of(partial)

    def _kind_of(self, record):
        return "credit_notes" if allocation_of(record) else "payments"

    def _kind_of_item(self, item):
        return "credit_notes" if item.get("Source") == "CreditNotes" else "payments"

    def _organisation_ids(self, records):
        """Whether money was sent as a payment or as credit, the worker alone knows: it hands it on. What is taken back
        may have been either."""
        if not self.env.context.get(UNMATCHED):
            records = records.filtered(allocation_of)
        return super()._organisation_ids(records)

    # ---- encoding ---------------------------------------------------------------------------------

    def _encode_one(self, organisation, matching, link, source):
        insist = link and link.error_code == "document_not_approved"
        if matching.source.move_type == "entry" and not source.is_credit(matching):
            payments = self.env["xero.resource.payments"]
            changes = payments._change_values(organisation, matching.partial, kind="needed", by_hand=True)
            self.env["xero.change"].create(changes)
            return None
        resource, source_id = source.credit(matching, insist)
        document, credit = matching.document, matching.source
        if matching.line.currency_id != matching.other.currency_id:
            raise Problem("allocation_currency", document=document.name, credit=credit.name)
        partners = matching.line.partner_id.commercial_partner_id, matching.other.partner_id.commercial_partner_id
        if partners[0] != partners[1]:
            raise Problem("allocation_contact", document=document.name, credit=credit.name)
        organisation._check_open(matching.partial.max_date)
        amount = source.amount(matching)
        if not amount:
            return None  # all of it was written off
        payload = {
            "Amount": amount, "Date": str(matching.partial.max_date),
            "Invoice": {"InvoiceID": source.document_id(document, insist)},
        }  # fmt: skip
        return Element(
            matching.partial.id, payload, digest_of(payload), create=True,
            path=f"{resource}/{source_id}/Allocations",
            remote=self._remembered(matching, source) | {
                "source": resource, "source_id": source_id, "invoice_id": payload["Invoice"]["InvoiceID"],
            },
            told={"document": document.name},
        )  # fmt: skip

    def _said(self, matching, source):
        """The day of a credit is the bookkeeper's: it moves no money."""
        return {"amount": str(source.amount(matching))}

    def _gone(self, organisation, link):
        """Matching undone: the allocation is taken back in Xero."""
        if not link.xero_id:
            return None
        return self._is_there(link) and self._removal(organisation, link) or Problem("record_gone")

    def _removal(self, organisation, link):
        remote = link.remote or {}
        kind = self._kind_of_item({"Source": remote.get("source")})
        if not remote.get("source_id") or not organisation._pushes(kind):
            return None
        path = f"{remote['source']}/{remote['source_id']}/Allocations/{link.xero_id}"
        payload = {self._id_key: link.xero_id, "Status": "DELETED"}
        return Element(link.res_id, payload, DELETED, create=False, path=path, verb="DELETE")

    def _send(self, organisation, run, request, payloads):
        """Xero's own examples answer with allocations that name no AllocationID (Xero: createCreditNoteAllocation): it
        is obtained from the source, which lists them.

        :raise errors.InDoubt: they were made, and their source cannot be read now
        """
        answer = super()._send(organisation, run, request, payloads)
        nameless = [element for element in answer.elements if element.ok and not element.data.get(self._id_key)]
        if not nameless:
            return answer
        try:
            found = self._find(organisation, run, [payloads[each.index] for each in nameless], request.sent_at)
        except errors.XeroError as error:  # of the look; what was sent before it is applied
            raise errors.InDoubt(f"The allocations were made, their ids could not be read: {error}") from error
        named = {
            each.index: replace(each, data=item, id=item[self._id_key])
            for each, item in zip(nameless, found, strict=True) if item
        }  # fmt: skip
        return replace(answer, elements=[named.get(each.index, each) for each in answer.elements])

    # ---- answers ----------------------------------------------------------------------------------

    def _ends(self, item):
        return item.get("Status") == "DELETED" or item.get("IsDeleted") is True

    def _facts(self, item):
        facts = {"xero_status": "DELETED" if self._ends(item) else "AUTHORISED"}
        if item.get("Amount") is not None:
            facts["xero_total"] = float(item["Amount"])
        return facts | ({"parent_xero_id": item["SourceID"]} if item.get("SourceID") else {})

    def _link_values(self, note, item):
        values = super()._link_values(note, item)
        return values | ({"parent_xero_id": note["remote"]["source_id"]} if note["remote"] else {})

    def _is_ours(self, payload, item):
        if self._id_key in payload:
            return item.get(self._id_key) == payload[self._id_key]
        return (item.get("Invoice") or {}).get("InvoiceID") == payload["Invoice"]["InvoiceID"]

    def _find(self, organisation, run, payloads, sent_at):
        """Among the allocations of the sources that are in doubt: those that no link names, each once."""
        waiting = self.env["xero.request"].search(
            [("organisation_id", "=", organisation.id), ("state", "=", "recorded"), ("resource", "=", self._resource)]
        )
        free = {}
        for request in waiting:
            resource, source_id = request.path.split("/")[:2]
            answer = organisation._call(run, "get_one", resource, source_id)
            free |= {each[self._id_key]: each for each in self._listed(resource, answer.items)}
        linked = self._taken_ids(organisation, list(free))
        return [self._found(payload, free, linked) for payload in payloads]

    def _found(self, payload, free, linked):
        if self._id_key in payload:
            return free.get(payload[self._id_key]) or payload  # no longer listed: it is gone
        for xero_id, item in free.items():
            same = self._is_ours(payload, item) and number(item.get("Amount")) == decimal(payload["Amount"])
            if xero_id not in linked and same:
                return free.pop(xero_id)
        return None

    # ---- what is read with the sources ------------------------------------------------------------

    def _reads(self, organisation):
        return organisation._pulls("credit_notes") or organisation._pulls("payments")

    def _ask_for_all(self, organisation, run, xero_ids):
        """As their sources list them now."""
        links = self._links_of(organisation, xero_ids)
        items = []
        for source in self._links_to(organisation, links.mapped("parent_xero_id")).values():
            try:
                answer = organisation._call(run, "get_one", source.resource, source.xero_id)
            except errors.NotFound:
                continue
            items += self._listed(source.resource, answer.items)
        return [item for item in items if item[self._id_key] in xero_ids]

    def _listed(self, resource, items):
        """The allocations of these sources, each saying whose it is."""
        return [
            allocation | {"Source": resource, "SourceID": item[SOURCE_KEYS[resource]]}
            for item in items for allocation in item.get("Allocations") or () if allocation.get(self._id_key)
        ]  # fmt: skip

    def _receive_of(self, organisation, run, resource, items):
        """Take in the allocations of sources that were just read. :return int: how many said something new"""
        if not organisation._pulls(self._kind_of_item({"Source": resource})):
            return 0
        news = self._receive_ended(organisation, run, resource, items)  # what was taken back makes room
        return news + self._receive(organisation, run, self._listed(resource, items))

    def _receive_ended(self, organisation, run, resource, items):
        """The same, of those that these sources do not list any more."""
        if not organisation._pulls(self._kind_of_item({"Source": resource})):
            return 0
        listed = self._listed(resource, items)
        here = {allocation[self._id_key] for allocation in listed if not self._ends(allocation)}
        read = [item[SOURCE_KEYS[resource]] for item in items if "Allocations" in item]
        links = self.env["xero.link"].search([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource),
            ("parent_xero_id", "in", read), ("xero_id", "!=", False), ("outcome", "!=", "gone"),
        ])  # fmt: skip
        ended = [
            {self._id_key: link.xero_id, "Status": "DELETED", "Source": resource, "SourceID": link.parent_xero_id}
            for link in links if link.xero_id not in here
        ]  # fmt: skip
        return self._receive(organisation, run, ended)

    def _remote_values(self, item):
        if self._ends(item):
            return {"status": "DELETED"}
        invoice = (item.get("Invoice") or {}).get("InvoiceID")
        return {"invoice": invoice, "amount": str(round_to(number(item.get("Amount")), CENT))}

    def _welcome(self, organisation, item):
        """Of a source that is known here."""
        return not self._ends(item) and bool(self._links_to(organisation, [item["SourceID"]]))

    def _links_to(self, organisation, xero_ids):
        """{Xero's id: link} of invoices and sources."""
        links = self.env["xero.link"].search([
            ("organisation_id", "=", organisation.id), ("resource", "in", ("Invoices", *SOURCE_KEYS)),
            ("xero_id", "in", list(xero_ids)),
        ])  # fmt: skip
        return {link.xero_id: link for link in links}

    # ---- taking over ------------------------------------------------------------------------------

    def _prepare_incoming(self, organisation, run, incoming):
        sources = {one.item.get("SourceID") for one in incoming} - {None}
        invoices = [one.item["Invoice"] for one in incoming if one.item.get("Invoice")]
        numbers = {invoice["InvoiceID"]: invoice.get("InvoiceNumber") for invoice in invoices}
        links = self._links_to(organisation, sources | numbers.keys())
        return AllocationWriter(organisation.with_env(self.env), links, numbers)

    def _counterpart(self, organisation, run, item, source):
        return source.counterpart(item["SourceID"], item["Invoice"]["InvoiceID"], number(item.get("Amount")))

    def _create_from(self, organisation, run, item, source):
        return source.make(item["SourceID"], item["Invoice"]["InvoiceID"], number(item.get("Amount")))

    def _end_record(self, organisation, run, record, link):
        partials = record | record.browse((link.remote or {}).get("partials") or ()).exists()
        partials.unlink()
        self._look_at_rest(organisation, partials, self.env["account.payment"])

    def _remembered_in(self, matching, item):
        remote = {
            "source": item["Source"], "source_id": item["SourceID"],
            "invoice_id": (item.get("Invoice") or {}).get("InvoiceID"),
            "amount": str(round_to(number(item.get("Amount")), CENT)),
        }  # fmt: skip
        return remote | ({"partials": matching.partials.ids} if matching.more else {})


class XeroResourceCreditNotes(models.AbstractModel):
    _inherit = "xero.resource.credit.notes"

    def _receive(self, organisation, run, items):
        """A credit note that says nothing new may have been taken to other invoices. One that ended was taken from all
        of them before."""
        allocations = self.env["xero.resource.allocations"]
        news = allocations._receive_ended(organisation, run, self._resource, items)
        news += super()._receive(organisation, run, items)
        return news + allocations._receive_of(organisation, run, self._resource, items)
