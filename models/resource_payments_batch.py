"""Payments that Xero holds together: a batch is removed as a whole or not at all (Xero: "Payments within a batch cannot
be deleted."); and payments that could not be removed, and are matched here again."""

from dataclasses import replace

from odoo import models
from odoo.tools import SQL

from .codec.money import CENT, decimal, round_to
from .problems import Problem
from .resource import Element
from .resource_matchings import DELETED, DOCUMENTS
from .xero_link import NO_ERROR

BATCHES = "BatchPayments"
STUCK = ("payment_of_batch", "payment_in_batch", "payment_reconciled")


class XeroResourcePayments(models.AbstractModel):
    _inherit = "xero.resource.payments"

    # ---- a whole batch ------------------------------------------------------------------------------

    def _removal(self, organisation, link):
        """Of a payment in a batch, the batch: when nothing of it stands here any more."""
        removal = super()._removal(organisation, link)
        batch_id = (link.remote or {}).get("batch")
        if not (removal and batch_id):
            return removal
        links = self._links_of_batch(organisation, batch_id)
        standing = self.env[self._res_model].browse((links - link).mapped("res_id")).exists()
        known = sum((decimal(one.xero_total) for one in links), decimal(0))
        alone = self._on_left_out(organisation, {one.id: self._places(one) for one in links})
        if standing or alone or round_to(known, CENT) != decimal(link.remote["batch_total"]):
            return Problem("payment_of_batch", total=link.remote["batch_total"])
        first = links.sorted("id")[0]
        if first != link:
            first.next_attempt = self._again()["next_attempt"]
            return Problem("payment_of_batch", total=link.remote["batch_total"], waiting_for_id=first.id)
        payload = {self._id_key: link.xero_id, "Status": "DELETED"}
        return Element(link.res_id, payload, DELETED, create=False, path=f"{BATCHES}/{batch_id}")

    def _links_of_batch(self, organisation, batch_id):
        """Links of what stands in Xero of one batch."""
        self.env["xero.link"].flush_model()
        rows = self.env.execute_query(SQL(
            """SELECT id FROM xero_link WHERE organisation_id = %s AND resource = %s AND remote ->> 'batch' = %s
                  AND xero_id IS NOT NULL AND outcome != 'gone' AND xero_status IS DISTINCT FROM 'DELETED'""",
            organisation.id, self._resource, batch_id,
        ))  # fmt: skip
        return self.env["xero.link"].browse([link_id for (link_id,) in rows])

    def _send(self, organisation, run, request, payloads):
        """Xero answers about the batch; what was asked is about its payments."""
        answer = super()._send(organisation, run, request, payloads)
        if not (request.path or "").startswith(f"{BATCHES}/"):
            return answer
        [payload], [element] = payloads, answer.elements
        data = payload | {"Status": element.data.get("Status")} if element.ok else element.data
        return replace(answer, elements=[replace(element, data=data)])

    def _after_apply(self, organisation, links):
        """With a batch, all its payments are gone."""
        result = super()._after_apply(organisation, links)
        for link in links.filtered(lambda one: one.outcome == "gone" and (one.remote or {}).get("batch")):
            others = self._links_of_batch(organisation, link.remote["batch"])
            others = others.filtered(lambda one: one.error_code == "payment_of_batch")
            others.write({"outcome": "gone", "xero_status": "DELETED"} | NO_ERROR)
        return result

    # ---- matched again ------------------------------------------------------------------------------

    def _encode(self, organisation, run, records, links):
        self._find_again(organisation, records, links)
        return super()._encode(organisation, run, records, links)

    def _find_again(self, organisation, records, links):
        """What was undone here, could not be undone in Xero and is matched here as it was, is the same payment."""
        stuck = self.env["xero.link"].search([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource), ("xero_id", "!=", False),
            ("outcome", "in", ("waiting", "conflict")), ("error_code", "in", STUCK),
        ])  # fmt: skip
        there = set(self.env[self._res_model].browse(stuck.mapped("res_id")).exists().ids)
        stuck = stuck.filtered(lambda link: link.res_id not in there)
        documents = self._documents_by_id(organisation, stuck.mapped("parent_xero_id")) if stuck else {}
        for partial in records if stuck else ():
            own, matching = links.get(partial.id), self._matching(partial)
            if matching and not (own and self._is_there(own)):
                same = stuck.filtered(lambda link, mine=matching: self._is_same(link, mine, documents))[:1]
                if same:
                    if own:
                        own.unlink()
                    same.write({"res_id": partial.id, "outcome": "synced"} | NO_ERROR)
                    links[partial.id] = same
                    stuck -= same

    def _documents_by_id(self, organisation, xero_ids):
        """{Xero's id: move id}"""
        links = self.env["xero.link"].search_fetch([
            ("organisation_id", "=", organisation.id), ("res_model", "=", "account.move"), ("xero_id", "in", xero_ids),
            ("resource", "in", [self.env[name]._resource for name in DOCUMENTS]),
        ], ["xero_id", "res_id"])  # fmt: skip
        return {link.xero_id: link.res_id for link in links}

    def _is_same(self, link, matching, documents):
        said = link.remote or {}
        return (
            documents.get(link.parent_xero_id) == matching.document.id
            and said.get("journal") == matching.source.journal_id.id
            and said.get("date") == str(matching.other.date)
            and not said.get("partials") and not said.get("written_off")
            and round_to(decimal(link.xero_total), CENT) == round_to(decimal(matching.amount), CENT)
        )
