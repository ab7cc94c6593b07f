"""What Xero's answers do to the links: each element its own, and nothing is believed that Xero did not say."""

import json

from odoo import fields, models

from ..xero import errors
from .problems import Problem
from .problems_said import code_of
from .xero_link import NO_ERROR

HOPELESS = 4  # doubts in a row that ended with nothing found


class XeroResource(models.AbstractModel):
    _inherit = "xero.resource"

    def _apply(self, request, answers):
        """Store each element's own answer on its link and delete the changes that it carried.

        :param answers: ``Element`` list of the gateway, aligned with what was sent
        """
        notes = request.elements
        links = {link.id: link for link in self.env["xero.link"].browse([note["link"] for note in notes]).exists()}
        self._check_alignment(request, answers)
        taken = self._taken_ids(request.organisation_id, [a.data.get(self._id_key) for a in answers if a.ok])
        agreed = self.env["xero.link"]
        refused = []
        for note, answer in zip(notes, answers, strict=True):
            link = links.get(note["link"])
            if not link:
                continue
            if answer.ok and taken.get(answer.data[self._id_key], link.id) == link.id:
                link.write(self._agreed_values(note, answer.data))
                agreed += link
            else:
                refused.append((note, link, answer))
        for note, link, answer in refused:
            self._refuse(note, link, "contact_linked" if answer.ok else code_of(answer.errors), answer.errors)
        self._forget_changes(notes)
        agreed.filtered(lambda link: link.outcome == "synced")._free_waiting()
        self.env["xero.difference"]._vanish(agreed)
        self._after_apply(request.organisation_id, agreed)

    def _check_alignment(self, request, answers):
        """Xero answers in the order of the question. Were it ever otherwise, no id may land on the wrong record.

        :raise errors.InDoubt: the answer cannot be told apart, the look-up has to
        """
        for payload, answer in zip(json.loads(request.body), answers, strict=True):
            if answer.ok and not (answer.data.get(self._id_key) and self._is_ours(payload, answer.data)):
                raise errors.InDoubt("The answer names other records than were sent.")

    def _agreed_values(self, note, item):
        return (
            {
                "digest": note["digest"],
                "version": note["version"],
                "remote_digest": self._remote_digest(item),
                "outcome": "gone" if self._ends(item) else "synced",
                "synced_at": fields.Datetime.now(),
            }
            | NO_ERROR
            | self._link_values(note, item)
        )

    def _refuse(self, note, link, code, texts):
        problem = Problem(code, **({"detail": " ".join(texts)[:1000]} | note["told"]))
        link.write(self._problem_values(problem, link) | {"doubts": 0} | self._forgive(link, code))

    def _taken_ids(self, organisation, xero_ids):
        """{xero id: link id} of those that a link already names."""
        links = self.env["xero.link"].search_fetch(
            [
                ("organisation_id", "=", organisation.id),
                ("resource", "=", self._resource),
                ("xero_id", "in", [xero_id for xero_id in xero_ids if xero_id]),
            ],
            ["xero_id"],
        )
        return {link.xero_id: link.id for link in links}

    def _apply_rejection(self, request, per_element, detail):
        """A whole call was refused: elements with a reason fail, the others go again.

        :return bool: whether the culprit was named; if not, smaller calls have to find it
        """
        notes = request.elements
        links = {link.id: link for link in self.env["xero.link"].browse([note["link"] for note in notes]).exists()}
        told = [texts for texts in per_element if texts]
        alone = len(notes) == 1
        for index, note in enumerate(notes):
            link = links.get(note["link"])
            texts = per_element[index] if index < len(per_element) else []
            if alone and not told:
                texts = [detail]
            if not link:
                self._forget_changes([note])
            elif texts:
                self._refuse(note, link, code_of(texts), texts)
                self._forget_changes([note])
            else:
                link.write({"outcome": "waiting", "error_code": "retry_later"})
        return bool(told) or alone

    def _settle(self, request, payloads, found):
        """Past the idempotency window: what was found is adopted, the rest goes again."""
        for note, payload, item in zip(request.elements, payloads, found, strict=True):
            link = self.env["xero.link"].browse(note["link"]).exists()
            if not link:
                continue
            if item is not None and (note["create"] or self._reached(payload, item)):
                link.write(self._agreed_values(note, item))
                self._forget_changes([note])
                link._free_waiting()
                self._after_apply(request.organisation_id, link)
            else:
                link.write(self._lost_values(note, link))

    def _lost_values(self, note, link):
        """An update sets a state, so it may simply go again; a create that is not there never happened. But what
        Xero never answers (an error of its own about just this record) must not come back for ever."""
        doubts = link.doubts + 1
        if doubts >= HOPELESS:
            self._forget_changes([note])
            return self._problem_values(Problem("no_answer", count=doubts), link) | {"doubts": doubts, "digest": False}
        return self._again() | {"error_code": "retry_later", "doubts": doubts}

    def _forget_changes(self, notes):
        self.env["xero.change"]._consume([change for note in notes for change in note["changes"]])

    def _fail(self, organisation, record_ids, code):
        """Give these records the outcome of ``code`` and forget what was queued for them."""
        links = self._links(organisation, record_ids)
        for res_id in record_ids:
            self._write_link(
                organisation, res_id, links.get(res_id), self._problem_values(Problem(code), links.get(res_id))
            )
        self.env["xero.change"].search(
            [
                ("organisation_id", "=", organisation.id),
                ("resource", "=", self._resource),
                ("res_model", "=", self._res_model),
                ("res_id", "in", record_ids),
            ]
        ).unlink()
