"""Looking for a document at Xero: what a lost request may have made, and who bears a number."""

from odoo import models

from ..xero import dates
from .codec.money import decimal


class XeroResourceDocuments(models.AbstractModel):
    _inherit = "xero.resource.documents"

    def _questions(self, numbers, sent_at):
        """As few reads as fit, that together find every document of these numbers.

        :param sent_at: when they were sent (UTC); None where that says nothing about when they were made
        :return list: of keyword arguments of ``_call_pages``
        """
        return [self._question_of_number(number) for number in numbers]

    def _find(self, organisation, run, payloads, sent_at):
        """An update by its id; a new document by its number if it is ours: a person's is not to be adopted."""
        ids = [payload[self._id_key] for payload in payloads if self._id_key in payload]
        by_id = {item.get(self._id_key): item for item in self._ask_for_all(organisation, run, ids)}
        new = [payload for payload in payloads if self._id_key not in payload]
        made = self._made_by(organisation, new, self._alike(organisation, run, new, sent_at))
        return [
            by_id.get(payload[self._id_key]) if self._id_key in payload else made.get(id(payload))
            for payload in payloads
        ]

    def _made_by(self, organisation, payloads, alike):
        """:return dict: {id of a payload: the item it made}; two that say the same (a supplier's number may come twice)
        made two, and none made what another record has"""
        ids = {item[self._id_key] for items in alike for item in items}
        taken, made = set(self._taken_ids(organisation, ids)), {}
        for payload, items in zip(payloads, alike, strict=True):
            for item in items:
                if item[self._id_key] in taken or self._is_closed(item) or self._doubt_about(payload, item):
                    continue
                made[id(payload)] = item
                taken.add(item[self._id_key])
                break
        return made

    def _bearers(self, organisation, run, payloads):
        """A living document counts before a closed one, ours before another's."""
        alike = self._alike(organisation, run, payloads)
        return [self._likeliest(payload, items) for payload, items in zip(payloads, alike, strict=True)]

    def _alike(self, organisation, run, payloads, sent_at=None):
        """Numbers are unique among sales documents, in any case of letters; suppliers may share one.

        :return list: per payload the items of its number
        """
        found = {}
        numbers = list(dict.fromkeys(payload[self._number_key] for payload in payloads))
        for item in self._read(organisation, run, self._questions(numbers, sent_at)):
            found.setdefault((item.get("Type"), (item.get(self._number_key) or "").casefold()), []).append(item)
        return [found.get((payload["Type"], payload[self._number_key].casefold()), ()) for payload in payloads]

    def _likeliest(self, payload, items):
        def unlikely(item):
            return self._is_closed(item), bool(self._doubt_about(payload, item))

        return min(items, key=unlikely, default=None)

    def _read(self, organisation, run, questions):
        for where in questions:
            for answer in organisation._call_pages(run, self._resource, **where):
                yield from answer.items

    def _question_of_number(self, number):
        quoted = number.replace("\\", "\\\\").replace('"', '\\"')
        return {"where": f'{self._number_key}=="{quoted}"'}

    def _doubt_about(self, payload, item):
        """Ours bears our Url and is for the same contact: a restored database counts on where a lost one stopped, and
        gives its next document the lost one's number and id. Where no Url could be sent, it says the same in all."""
        contact_id = item.get("Contact", {}).get("ContactID")
        if payload.get("Url"):
            if item.get("Url") != payload["Url"]:
                return "number_taken"
            return "" if contact_id == payload["Contact"]["ContactID"] else "number_of_lost"
        said = (
            contact_id, str(dates.parse_date(item.get("Date"))), item.get("Reference") or "",
            [decimal(line.get("LineAmount") or 0) for line in item.get("LineItems") or []],
        )  # fmt: skip
        meant = (
            payload["Contact"]["ContactID"], payload["Date"], payload.get("Reference", ""),
            [decimal(line.get("LineAmount") or 0) for line in payload["LineItems"]],
        )  # fmt: skip
        return "" if said == meant else "number_taken"
