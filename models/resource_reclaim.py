"""Refusals that a look at Xero turns into agreement, or into another attempt."""

import json

from odoo import fields, models

from .problems import Problem
from .xero_link import NO_ERROR

# Xero says a number is taken: perhaps by ourselves, in a life that this database does not remember.
RECLAIMABLE = ("number_taken", "contact_number_taken")
TRIES = 3  # to take a number that Xero refused and that, at a look, nobody had


class XeroResource(models.AbstractModel):
    _inherit = "xero.resource"

    def _reclaim(self, request, run):
        """Look behind the refusals of ``request`` that need not be the last word: a number that is taken, a document
        that cannot be closed in the way we thought.

        :raise errors.XeroError: the look was refused or lost; what it was about is due again
        """
        links = {link.id: link for link in request.link_ids.exists()}
        cases = [
            (note, payload, links[note["link"]])
            for note, payload in zip(request.elements, json.loads(request.body), strict=True)
            if note["link"] in links and self._worth_a_look(links[note["link"]], payload)
        ]
        # Should the look fail (a limit, a token), they are sent once more, refused and looked at again.
        self.env["xero.link"].union(*(link for _note, _payload, link in cases)).write(
            {"next_attempt": fields.Datetime.now()}
        )
        closing = [case for case in cases if self._reached(case[1], case[1])]
        self._reclaim_closed(request, run, closing)
        self._reclaim_numbers(request, run, [case for case in cases if case not in closing])

    def _worth_a_look(self, link, payload):
        stopped = link.outcome in ("failed", "held", "conflict")
        return stopped and (link.error_code in RECLAIMABLE or self._reached(payload, payload))

    def _reclaim_closed(self, request, run, cases):
        """What was to be voided or deleted: it is so already, or has to be closed in another way."""
        if not cases:
            return
        found = self._find(request.organisation_id, run, [payload for _n, payload, _l in cases], request.sent_at)
        for (note, payload, link), item in zip(cases, found, strict=True):
            values = {}
            if item:
                reached = self._reached(payload, item)
                values = self._agreed_values(note, item) if reached else self._close_otherwise(payload, item)
            link.write({"next_attempt": False} | values)

    # ---- a number that is taken -----------------------------------------------------------------

    def _reclaim_numbers(self, request, run, cases):
        if not cases:
            return
        bearers = self._bearers(request.organisation_id, run, [payload for _n, payload, _l in cases])
        owners = self._taken_ids(request.organisation_id, [item[self._id_key] for item in bearers if item])
        for (note, payload, link), item in zip(cases, bearers, strict=True):
            owner = self.env["xero.link"].browse(owners.get(item[self._id_key]) if item else None)
            link.write({"next_attempt": False} | self._number_values(note, payload, link, item, owner))

    def _number_values(self, note, payload, link, item, owner):
        """What becomes of ``link``, whose number Xero's ``item`` bears, which belongs to the link ``owner`` if any.

        :rtype: dict
        """
        told = {"number": payload[self._number_key]}
        if not item:  # whoever bore it gave it up in the same call
            return self._again() | {"error_code": "retry_later"} if link.attempts < TRIES else {}
        if self._is_closed(item):
            return self._same_refusal(link, "number_voided", **told)
        if owner and owner != link:
            return self._behind(link, owner, told)
        if not note["create"]:
            return {}
        doubt = self._doubt_about(payload, item)
        if doubt:
            return self._same_refusal(link, doubt, **told)
        # Not known to be equal to what we have now: no digest, so that it is sent as an update.
        return self._link_values(note, item) | NO_ERROR | self._again()

    def _behind(self, link, owner, told):
        """Another document of ours bears the number. If it is to get another one, ``link`` goes right after it."""
        record = self.env[self._res_model].browse(owner.res_id).exists()
        moves = record and owner.outcome not in ("gone", "exempt") and self._number_now(record) != told["number"]
        told |= {"other": owner.display_name}
        if not moves or owner._waits_for(link):
            return self._same_refusal(link, "number_of_other", **told)
        return self._same_refusal(link, "number_first", waiting_for_id=owner.id, **told)

    def _same_refusal(self, link, code, **data):
        """The refusal that ``link`` has just got, in better words."""
        return self._problem_values(Problem(code, **data), link) | {"attempts": link.attempts}

    def _again(self):
        """Link values of what goes again in this run."""
        return {"outcome": "waiting", "digest": False, "next_attempt": fields.Datetime.now()}
