"""What every type of document has in common on its way to Xero: taken, encoded, sent, answered.

One AbstractModel per resource (``resource_contacts.py``, ``resource_invoices.py``) says what is special: whose records,
how they become a payload, by which fingerprint Xero's copy is recognised.
"""

import json
from dataclasses import dataclass, field

from odoo import api, fields, models
from odoo.tools import SQL

from ..xero import dates, errors
from .problems import CATALOGUE, Problem, code_of
from .xero_link import NO_ERROR

LINK_KEYS = ("waiting_for_id", "next_attempt")  # of a problem's data: columns of the link, not holes of the sentence
RECLAIMABLE = ("number_taken", "contact_number_taken")
FULL_BATCH = 50  # Xero's advice for the elements of one call
CHUNK_BYTES = 3_000_000  # Xero advises 3.5 MB for one request


@dataclass
class Element:
    """One record on its way: what is sent, and what to do with the answer."""

    res_id: int
    payload: dict
    digest: str
    create: bool
    link_id: int = 0
    changes: list = field(default_factory=list)
    lines: list = field(default_factory=list)  # Odoo line id or None, per LineItem
    version: str = ""  # of the record in Odoo when it was read, see ``_versions``
    total: str = ""  # what Xero's Total should be; '' when there is none
    told: dict = field(default_factory=dict)  # values for the sentence of a refusal, besides Xero's own words

    def note(self):
        """What ``xero.request`` keeps to apply the answer later, even in another life."""
        return {
            "link": self.link_id, "res_id": self.res_id, "digest": self.digest, "create": self.create,
            "changes": self.changes, "lines": self.lines, "total": self.total, "told": self.told, "version": self.version,
        }


class XeroResource(models.AbstractModel):
    """Contract of a resource. Subclasses set the three attributes and override the hooks of the first section."""

    _name = "xero.resource"
    _description = "Xero Resource"

    _resource = ""  # Xero's name of the endpoint and of the list in its envelope
    _res_model = ""
    _id_key = ""  # InvoiceID, ContactID, ...

    # ---- hooks ------------------------------------------------------------------------------

    def _wanted(self, records):
        """Those of ``records`` that this resource carries."""
        return records

    def _organisation_ids(self, records):
        """``[(organisation id, records)]``: where each belongs by company and journal. Called in users' transactions."""
        raise NotImplementedError

    def _append_needs(self, organisation, window):
        """Queue what the next ``window`` changes need first at Xero. :return int: how many records were queued"""
        return 0

    def _encode(self, organisation, run, records, links):
        """:param dict links: {res_id: xero.link}
        :return dict: {res_id: Element without link and changes | Problem | None when nothing is owed}"""
        raise NotImplementedError

    def _versions(self, organisation, record_ids):
        """:return dict: {res_id: text that differs whenever what would be sent could differ}; missing: not known

        It is what makes a second look at an unchanged record cheap: equal versions need no encoding. PostgreSQL's own
        identity of a row version (xmin, ctid) serves: ``write_date`` is the same for all writes of one transaction.
        """
        return {}

    def _decide(self, organisation, record, link, decisions):
        """Link values that a person's decisions (``match``, ``create``) stand for. :rtype: dict"""
        return {}

    def _find(self, organisation, run, payloads, sent_at):
        """Look at Xero for what a lost request may have made. :return list: per payload Xero's item or None"""
        raise NotImplementedError

    def _link_values(self, note, item):
        """What the link learns from Xero's own answer to one element (a dict as Xero sent it)."""
        return {"xero_id": item[self._id_key], "xero_updated_at": _naive(item.get("UpdatedDateUTC"))}

    def _is_ours(self, payload, item):
        """Whether Xero's item carries the fingerprint that the payload put on it."""
        raise NotImplementedError

    def _let_go(self, link):
        """The record of ``link`` was deleted in Odoo: what it may give up."""

    def _after_apply(self, organisation, links):
        """What becomes possible when ``links`` are in agreement."""

    # ---- which resource, which organisation ---------------------------------------------------

    @api.model
    def _serving(self, res_model):
        """The resources that carry records of ``res_model``."""
        from .xero_organisation_worker import RESOURCES  # noqa: PLC0415  (the order of the worker names them all)

        return [self.env[name] for name in RESOURCES if self.env[name]._res_model == res_model]

    @api.model
    def _for(self, resource, res_model):
        return next(handler for handler in self._serving(res_model) if handler._resource == resource)

    def _by_organisation(self, records, organisations=None):
        """``[(organisation in superuser mode, records)]``, restricted to ``organisations`` if given."""
        wanted = self._wanted(records)
        # sudo: the integration's settings are no user's to read, but every change is routed by them.
        Organisation = self.env["xero.organisation"].sudo()
        return [
            (Organisation.browse(organisation_id), mine)
            for organisation_id, mine in self._organisation_ids(wanted)
            if mine and (organisations is None or organisation_id in organisations.ids)
        ]

    # ---- push ---------------------------------------------------------------------------------

    def _push_steps(self, organisation, run, window):
        """Bring up to ``window`` records across; yields at the commit points (design §4, "Push")."""
        taken_in_all = 0
        while taken_in_all < window and organisation._may_call():
            limit = run.limit
            taken = self._take(organisation, limit)
            if not taken:
                return
            taken_in_all += len(taken)
            run.batch = (self._name, list(taken))
            for element_chunk, method in self._prepare(organisation, run, taken):
                request = self.env["xero.request"]._record(organisation, self, method, element_chunk)
                self.env["xero.link"].browse(request.link_ids.ids).write({"outcome": "in_doubt", "error_code": "in_doubt"})
                yield 0  # written down before it is sent
                yield from self._send_steps(organisation, run, request)
            run.batch = None
            if run.limit == limit:  # no trouble in this batch: after one they grow back
                run.limit = min(FULL_BATCH, limit * 2)
            yield len(taken)

    def _send_steps(self, organisation, run, request):
        """Send once; if no answer came, ask again under the same key once before the organisation is parked."""
        try:
            request._exchange(run)
        except errors.InDoubt:
            yield 0
            request._settle(run)  # a second doubt parks the organisation

    def _take(self, organisation, limit):
        """The next records with something due: queued changes first, then retries whose time has come.

        :return dict: {res_id: [change ids]}, at most ``limit`` records, none of them in doubt
        """
        in_doubt = self.env["xero.link"].search_fetch(
            [("organisation_id", "=", organisation.id), ("outcome", "=", "in_doubt"), ("resource", "=", self._resource),
             ("res_model", "=", self._res_model)], ["res_id"])
        rows = self.env.execute_query(SQL(
            """SELECT res_id FROM xero_change
                WHERE organisation_id = %s AND resource = %s AND res_model = %s AND NOT res_id = ANY(%s) %s
                ORDER BY id LIMIT %s""",
            organisation.id, self._resource, self._res_model, in_doubt.mapped("res_id"),
            SQL() if organisation.auto_sync else SQL("AND by_hand"), limit * 4,
        ))
        record_ids = list(dict.fromkeys(res_id for (res_id,) in rows))[:limit]
        if len(record_ids) < limit:
            record_ids += self._due_again(organisation, limit - len(record_ids), record_ids)
        taken = {res_id: [] for res_id in record_ids}
        if rows:
            for change_id, res_id in self.env.execute_query(SQL(
                """SELECT id, res_id FROM xero_change
                    WHERE res_model = %s AND res_id IN %s AND organisation_id = %s AND resource = %s ORDER BY id""",
                self._res_model, tuple(record_ids), organisation.id, self._resource,
            )):
                taken[res_id].append(change_id)
        return taken

    def _due_again(self, organisation, limit, besides):
        links = self.env["xero.link"].search_fetch(
            [
                ("organisation_id", "=", organisation.id), ("resource", "=", self._resource),
                ("res_model", "=", self._res_model), ("next_attempt", "<=", fields.Datetime.now()),
                ("outcome", "not in", ("in_doubt", "exempt")), ("res_id", "not in", besides),
            ],
            ["res_id"], limit=limit, order="next_attempt",
        )
        return links.mapped("res_id")

    def _prepare(self, organisation, run, taken):
        """Encode what was taken and write down every outcome that needs no call.

        :return list: ``[([Element], 'PUT' | 'POST')]``, each a call's worth, with their links
        """
        links = self._links(organisation, list(taken))
        changes = self.env["xero.change"].browse([change for ids in taken.values() for change in ids])
        versions = self._versions(organisation, list(taken))
        decided = self._apply_decisions(organisation, taken, links, changes)
        records = self.env[self._res_model].browse(self._not_as_agreed(decided, links, changes, versions))
        alive = records.exists()
        outcomes = self._encode(organisation, run, self._wanted(alive), links) if alive else {}
        for res_id in set(records.ids) - set(alive.ids):
            if link := links.get(res_id):
                outcomes[res_id] = Problem("record_gone")
                self._let_go(link)
        elements = self._sort_out(organisation, taken, links, outcomes, versions)
        sent = {change for element in elements for change in element.changes}
        self.env["xero.change"]._consume([change_id for change_id in changes.ids if change_id not in sent])
        return self._chunks(elements, run.limit)

    def _links(self, organisation, record_ids):
        links = self.env["xero.link"].search([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource),
            ("res_model", "=", self._res_model), ("res_id", "in", record_ids),
        ])
        return {link.res_id: link for link in links}

    def _apply_decisions(self, organisation, taken, links, changes):
        """Do what people said. :return list: ids of the records that may go"""
        by_record = changes.filtered(lambda change: change.kind not in ("changed", "needed", "retry", "remap")).grouped("res_id")
        going = []
        for res_id in taken:
            link = links.get(res_id)
            exempt = link and link.outcome == "exempt"
            for change in by_record.get(res_id, ()):
                exempt = change.kind == "exempt" or (exempt and change.kind != "include")
                vals = self._decide(organisation, res_id, link, change)
                if change.kind == "exempt":
                    vals = {"outcome": "exempt"} | NO_ERROR | {"error_data": change.data}
                if vals:
                    link = links[res_id] = self._write_link(organisation, res_id, link, vals)
            if not exempt:
                going.append(res_id)
        return going

    def _not_as_agreed(self, record_ids, links, changes, versions):
        """Those of ``record_ids`` that are not known to be what was last agreed. What a person asked for is always looked at."""
        asked = {change.res_id for change in changes if change.kind not in ("changed", "needed")}
        return [
            res_id for res_id in record_ids
            if res_id in asked or not (link := links.get(res_id)) or link.outcome != "synced"
            or not link.version or link.version != versions.get(res_id)
        ]

    def _sort_out(self, organisation, taken, links, outcomes, versions):
        """Write the outcome of what is not sent; give what is sent its link."""
        elements, new = [], []
        for res_id, outcome in outcomes.items():
            link = links.get(res_id)
            if isinstance(outcome, Problem):
                links[res_id] = self._write_link(organisation, res_id, link, self._problem_values(outcome, link))
            elif outcome is None or (link and link.digest == outcome.digest and link.xero_id and not outcome.create):
                if link and link.xero_id:
                    link.write({"outcome": "synced", "version": versions.get(res_id, False)} | NO_ERROR)
                elif link and outcome is None and not link.xero_id:
                    links.pop(res_id).unlink()  # it never arrived and is not owed any more
            else:
                outcome.changes = taken[res_id]
                outcome.version = versions.get(res_id, "")
                elements.append(outcome)
                if not link:
                    new.append(outcome)
        for element, link in zip(new, self._create_links(organisation, new), strict=True):
            links[element.res_id] = link
        for element in elements:
            element.link_id = links[element.res_id].id
        return elements

    def _create_links(self, organisation, elements):
        return self.env["xero.link"].create([self._new_link_values(organisation, e.res_id) for e in elements])

    def _new_link_values(self, organisation, res_id):
        return {
            "organisation_id": organisation.id, "company_id": organisation.company_id.id,
            "resource": self._resource, "res_model": self._res_model, "res_id": res_id,
        }

    def _write_link(self, organisation, res_id, link, vals):
        if link:
            link.write(vals)
            return link
        return self.env["xero.link"].create(self._new_link_values(organisation, res_id) | vals)

    def _problem_values(self, problem, link=None):
        return {
            "outcome": CATALOGUE[problem.code].outcome,
            "error_code": problem.code,
            "error_data": {key: value for key, value in problem.data.items() if key not in LINK_KEYS},
            "attempts": (link.attempts if link else 0) + 1,
            "next_attempt": problem.data.get("next_attempt", False),
            "waiting_for_id": problem.data.get("waiting_for_id", False),
        }

    def _chunks(self, elements, limit):
        """Creates go by PUT, which Xero refuses for what exists; updates by POST. Each chunk is one call."""
        chunks = []
        for create, method in ((True, "PUT"), (False, "POST")):
            chunk, size = [], 0
            for element in (e for e in elements if e.create is create):
                weight = len(repr(element.payload))
                if chunk and (len(chunk) >= limit or size + weight > CHUNK_BYTES):
                    chunks.append((chunk, method))
                    chunk, size = [], 0
                chunk.append(element)
                size += weight
            if chunk:
                chunks.append((chunk, method))
        return chunks

    # ---- answers ------------------------------------------------------------------------------

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
            self._refuse(request, note, link, answer)
        self._forget_changes(notes)
        agreed.filtered(lambda link: link.outcome == "synced")._free_waiting()
        self._after_apply(request.organisation_id, agreed)

    def _check_alignment(self, request, answers):
        """Xero answers in the order of the question. Were it ever otherwise, no id may land on the wrong record.

        :raise errors.InDoubt: the answer cannot be told apart, the look-up has to
        """
        for payload, answer in zip(json.loads(request.body), answers, strict=True):
            if answer.ok and not (answer.data.get(self._id_key) and self._is_ours(payload, answer.data)):
                raise errors.InDoubt("The answer names other records than were sent.")

    def _reclaim(self, request, run):
        """Xero says a number of ours is taken: perhaps by ourselves, before a database was restored. Look, and adopt it."""
        notes = request.elements
        links = self.env["xero.link"].browse([note["link"] for note in notes]).exists()
        taken_numbers = set(links.filtered(lambda link: link.error_code in RECLAIMABLE).ids)
        if not taken_numbers:
            return
        pairs = zip(notes, json.loads(request.body), strict=True)
        refused = [(note, payload) for note, payload in pairs if note["link"] in taken_numbers]
        found = self._find(request.organisation_id, run, [payload for _note, payload in refused], request.sent_at)
        taken = self._taken_ids(request.organisation_id, [item[self._id_key] for item in found if item])
        for (note, _payload), item in zip(refused, found, strict=True):
            if item and item[self._id_key] not in taken:
                # Not known to be equal to what we have now: no digest, so that it is sent as an update.
                link = self.env["xero.link"].browse(note["link"])
                link.write(self._link_values(note, item) | NO_ERROR
                           | {"outcome": "waiting", "digest": False, "next_attempt": fields.Datetime.now()})

    def _agreed_values(self, note, item):
        return {
            "digest": note["digest"], "version": note["version"], "outcome": "synced", "synced_at": fields.Datetime.now(),
        } | NO_ERROR | self._link_values(note, item)

    def _refuse(self, request, note, link, answer):
        code = code_of(answer.errors) if not answer.ok else "contact_linked"
        link.write(self._problem_values(Problem(code, detail=" ".join(answer.errors)[:1000], **note["told"]), link))

    def _taken_ids(self, organisation, xero_ids):
        """{xero id: link id} of those that a link already names."""
        links = self.env["xero.link"].search_fetch(
            [("organisation_id", "=", organisation.id), ("resource", "=", self._resource),
             ("xero_id", "in", [xero_id for xero_id in xero_ids if xero_id])], ["xero_id"])
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
                data = {"detail": " ".join(texts)[:1000]} | note["told"]
                link.write(self._problem_values(Problem(code_of(texts), **data), link))
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
            if item is not None and note["create"]:
                link.write(self._agreed_values(note, item))
                self._forget_changes([note])
                link._free_waiting()
            else:
                # An update sets a state, so it may simply go again; a create that is not there never happened.
                link.write({"outcome": "waiting", "error_code": "retry_later", "digest": False,
                            "next_attempt": fields.Datetime.now()})

    def _forget_changes(self, notes):
        self.env["xero.change"]._consume([change for note in notes for change in note["changes"]])

    def _fail(self, organisation, record_ids, code):
        """Give these records the outcome of ``code`` and forget what was queued for them."""
        links = self._links(organisation, record_ids)
        for res_id in record_ids:
            self._write_link(organisation, res_id, links.get(res_id), self._problem_values(Problem(code), links.get(res_id)))
        self.env["xero.change"].search([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource),
            ("res_model", "=", self._res_model), ("res_id", "in", record_ids),
        ]).unlink()


def _naive(value):
    """Xero's time as Odoo stores it: UTC without a zone; False when absent or unreadable."""
    moment = dates.parse_datetime(value) if value else None
    return moment.replace(tzinfo=None, microsecond=0) if moment else False
