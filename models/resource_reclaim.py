"""Refusals that a look at Xero turns into agreement, or into another attempt."""

import json

from odoo import fields, models

from .xero_link import NO_ERROR

# Xero says a number is taken: perhaps by ourselves, in a life that this database does not remember.
RECLAIMABLE = ("number_taken", "contact_number_taken")


class XeroResource(models.AbstractModel):
    _inherit = "xero.resource"

    def _reclaim(self, request, run):
        """Look behind the refusals of ``request`` that need not be the last word: a number that is taken by ourselves
        (a database was restored), a document that cannot be closed in the way we thought.

        :raise errors.XeroError: the look was refused or lost; what it was about is due again
        """
        links = {link.id: link for link in request.link_ids.exists()}
        cases = [
            (note, payload, links[note["link"]])
            for note, payload in zip(request.elements, json.loads(request.body), strict=True)
            if note["link"] in links and self._worth_a_look(links[note["link"]], payload)
        ]
        if not cases:
            return
        refused = self.env["xero.link"].union(*(link for _note, _payload, link in cases))
        # Should the look fail (a limit, a token), they are sent once more, refused and looked at again.
        refused.write({"next_attempt": fields.Datetime.now()})
        found = self._find(request.organisation_id, run, [payload for _n, payload, _l in cases], request.sent_at)
        taken = self._taken_ids(request.organisation_id, [item[self._id_key] for item in found if item])
        for (note, payload, link), item in zip(cases, found, strict=True):
            link.write({"next_attempt": False} | self._second_thought(note, payload, link, item, taken))

    def _worth_a_look(self, link, payload):
        stopped = link.outcome in ("failed", "held", "conflict")
        return stopped and (link.error_code in RECLAIMABLE or self._reached(payload, payload))

    def _second_thought(self, note, payload, link, item, taken):
        """What ``link`` becomes, now that Xero's ``item`` is known. :rtype: dict"""
        if not item:
            return {}
        if self._reached(payload, item):
            return self._agreed_values(note, item)
        if self._reached(payload, payload):
            return self._close_otherwise(payload, item)
        if note["create"] and item[self._id_key] not in taken:
            # Not known to be equal to what we have now: no digest, so that it is sent as an update.
            return self._link_values(note, item) | NO_ERROR | self._again()
        return {}

    def _again(self):
        """Link values of what goes again in this run."""
        return {"outcome": "waiting", "digest": False, "next_attempt": fields.Datetime.now()}
