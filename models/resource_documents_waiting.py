"""A supplier's document that was entered here, too, while Xero's waits to come: the two are one. Xero takes the number
of a supplier twice without a word, so ours must not be sent beside it."""

from odoo import models

from .codec.received import ENDED
from .problems import Problem
from .resource import Element

BOUGHT = ("ACCPAY", "ACCPAYCREDIT")


class XeroResourceDocuments(models.AbstractModel):
    _inherit = "xero.resource.documents"

    def _encode(self, organisation, run, records, links):
        outcomes = super()._encode(organisation, run, records, links)
        new = {
            res_id: self._identity(outcome.payload) for res_id, outcome in outcomes.items()
            if isinstance(outcome, Element) and outcome.create and outcome.payload["Type"] in BOUGHT
        }  # fmt: skip
        waiting = self._waiting_to_come(organisation, new.values()) if new else {}
        return outcomes | {
            res_id: Problem("waits_from_xero", number=identity[1], waiting_for_id=waiting[identity].id)
            for res_id, identity in new.items() if identity in waiting
        }  # fmt: skip

    def _identity(self, document):
        """:param dict document: as Xero has it, or as it goes there
        :return tuple: what a supplier's document is known by"""
        contact_id = (document.get("Contact") or {}).get("ContactID")
        return document.get("Type"), document.get(self._number_key), contact_id

    def _waiting_to_come(self, organisation, identities):
        """:return dict: {identity: the link of Xero's document that is not here yet}"""
        links = self.env["xero.link"].search_fetch([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource), ("res_id", "=", 0),
            ("xero_number", "in", [number for _type, number, _contact in identities if number]),
        ], ["remote_item", "xero_status"])  # fmt: skip
        return {
            self._identity(link.remote_item): link for link in links
            if link.remote_item and link.xero_status not in ENDED
        }  # fmt: skip
