"""How records go out: taken from the queue, checked and encoded, recorded, sent (design §4, "Push")."""

from odoo import fields, models
from odoo.tools import SQL

from ..xero import errors
from ..xero.resources import describe
from .problems import CATALOGUE, Problem
from .xero_link import NO_ERROR

FULL_BATCH = 50  # Xero's advice for the elements of one call
SUSPECT = 2  # doubts that ended with nothing; from here on a record goes alone, so that it stops no other
CHUNK_BYTES = 3_000_000  # Xero advises 3.5 MB for one request
OF_RECORDS = ("changed", "touched", "needed")  # changes that nobody asked for
LINK_KEYS = ("waiting_for_id", "next_attempt")  # of a problem's data: columns of the link, not holes of the sentence


class XeroResource(models.AbstractModel):
    _inherit = "xero.resource"

    def _push_steps(self, organisation, run, window, removals=False):
        """Bring up to ``window`` records across; yields at the commit points (design §4, "Push").

        :param bool removals: only what was deleted in Odoo
        """
        seen = set()
        while len(seen) < window and organisation._may_call():
            limit = run.limit
            taken = self._take(organisation, limit, removals, seen)
            run.count(self._name, taken)
            if not taken:
                return
            seen.update(taken)
            run.batch = (self._name, list(taken))
            for element_chunk, method, path in self._prepare(organisation, run, taken):
                if not organisation._may_call():
                    run.batch = None
                    return  # disconnected or out of calls meanwhile: what was not sent is still queued
                request = self.env["xero.request"]._record(organisation, self, method, element_chunk, path)
                self.env["xero.link"].browse(request.link_ids.ids).write(
                    {"outcome": "in_doubt", "error_code": "in_doubt"}
                )
                yield 0  # written down before it is sent
                yield from self._send_steps(organisation, run, request)
            run.batch = None
            if run.limit == limit:  # no trouble in this batch: after one they grow back
                run.limit = min(FULL_BATCH, limit * 2)
            yield len(taken)

    def _send_steps(self, organisation, run, request):
        """Send once; if no answer came, ask again under the same key once before the organisation is parked."""
        if not organisation._may_call():
            request._drop()  # disconnected in this very moment
            return
        try:
            request._exchange(run)
        except errors.InDoubt:
            yield 0
            request._settle(run)  # a second doubt parks the organisation

    def _take(self, organisation, limit, removals=False, seen=()):
        """The next records with something due: queued changes first, then retries whose time has come.

        :return dict: {res_id: [change ids]}, at most ``limit`` records, none of them in doubt
        """
        in_doubt = self.env["xero.link"].search_fetch(
            [
                ("organisation_id", "=", organisation.id),
                ("outcome", "=", "in_doubt"),
                ("resource", "=", self._resource),
                ("res_model", "=", self._res_model),
            ],
            ["res_id"],
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT res_id FROM xero_change
                WHERE organisation_id = %s AND resource = %s AND res_model = %s AND link_id IS NULL
                  AND NOT res_id = ANY(%s) %s %s
                ORDER BY id LIMIT %s""",
                organisation.id,
                self._resource,
                self._res_model,
                in_doubt.mapped("res_id"),
                SQL() if organisation.auto_sync else SQL("AND by_hand"),
                self._is_gone_sql() if removals else SQL(),
                limit * 4,
            )
        )
        record_ids = list(dict.fromkeys(res_id for (res_id,) in rows))[:limit]
        if len(record_ids) < limit:
            # What was looked at in this pass and is due at once waits for something that another resource does first.
            due = self._due_again(organisation, limit - len(record_ids), [*record_ids, *seen])
            there = set(self.env[self._res_model].browse(due).exists().ids) if removals else ()
            record_ids += [record_id for record_id in due if record_id not in there]
        taken = {res_id: [] for res_id in record_ids}
        if record_ids:
            for change_id, res_id in self.env.execute_query(
                SQL(
                    """SELECT id, res_id FROM xero_change
                    WHERE res_model = %s AND res_id IN %s AND organisation_id = %s AND resource = %s
                      AND link_id IS NULL ORDER BY id""",
                    self._res_model,
                    tuple(record_ids),
                    organisation.id,
                    self._resource,
                )
            ):
                taken[res_id].append(change_id)
        return taken

    def _is_gone_sql(self):
        table = SQL.identifier(self.env[self._res_model]._table)
        return SQL("AND NOT EXISTS (SELECT FROM %s AS there WHERE there.id = res_id)", table)

    def _due_again(self, organisation, limit, besides):
        links = self.env["xero.link"].search_fetch(
            [
                ("organisation_id", "=", organisation.id),
                ("resource", "=", self._resource),
                ("res_model", "=", self._res_model),
                ("next_attempt", "<=", fields.Datetime.now()),
                ("outcome", "not in", ("in_doubt", "exempt")),
                ("res_id", "not in", [0, *besides]),
                ("remote_item", "=", False),
            ],
            ["res_id"],
            limit=limit,
            order="next_attempt",
        )
        return links.mapped("res_id")

    def _prepare(self, organisation, run, taken):
        """Encode what was taken and write down every outcome that needs no call.

        :return list: ``[([Element], verb, path)]``, each a call's worth, with their links
        """
        links = self._links(organisation, list(taken))
        changes = self.env["xero.change"].browse([change for ids in taken.values() for change in ids])
        versions = self._versions(organisation, list(taken))
        self._renew_reference(organisation, run, links, changes)
        decided = self._apply_decisions(organisation, taken, links, changes)
        # What Xero says and could not be taken over yet comes first: nothing of ours goes over it unseen.
        unseen = [res_id for res_id in decided if res_id in links and links[res_id].remote_item]
        self._weigh_again(organisation, run, self.env["xero.link"].union(*(links[res_id] for res_id in unseen)))
        decided = [res_id for res_id in decided if res_id not in unseen]
        records = self.env[self._res_model].browse(self._not_as_agreed(decided, links, changes, versions))
        alive = records.exists()
        gone = [links[res_id] for res_id in set(records.ids) - set(alive.ids) if res_id in links]
        over = self.env["xero.link"].union(*(link for link in gone if self._has_ended(link)))
        ends = {link.res_id: self._gone(organisation, link) for link in gone if link not in over}
        for link in gone:
            if link in over or isinstance(ends[link.res_id], Problem):
                self._let_go(link)  # before the others are encoded: one of them may be its successor
        over.write({"outcome": "gone"} | NO_ERROR)  # here and there: nobody has to look at it
        over._free_waiting()
        going = self._going(organisation, self._wanted(alive)) | (alive & alive.browse(self._forced(changes)))
        self._owe_nothing(self.env["xero.link"].union(*(links[r] for r in (alive - going).ids if r in links)))
        outcomes = self._encode(organisation, run, going, links) if going else {}
        outcomes |= ends
        elements = self._sort_out(organisation, taken, links, outcomes, versions)
        sent = {change for element in elements for change in element.changes}
        self.env["xero.change"]._consume([change_id for change_id in changes.ids if change_id not in sent])
        return self._chunks(elements, run.limit)

    def _owe_nothing(self, links):
        """The records of ``links`` do not go (any more): what was to go again is let go, else it is due for ever."""
        due = links.filtered(lambda link: link.outcome == "waiting" or link.next_attempt)
        due._free_waiting()
        there = due.filtered("xero_id")
        there.write({"outcome": "synced"} | NO_ERROR)
        (due - there).unlink()

    def _forced(self, changes):
        """Ids of the records of which a person said that Odoo's counts, whichever way their kind goes."""
        return changes.filtered(lambda change: (change.data or {}).get("forced")).mapped("res_id")

    def _renew_reference(self, organisation, run, links, changes):
        """A person retries what a mapping, a lock date or an account stopped: perhaps Xero has changed; look, once."""
        curable = self.env["xero.link"]._codes_cured_by_mapping()
        retried = changes.filtered(lambda change: change.kind == "retry")
        if run.reference_read or not any(
            links[change.res_id].error_code in curable for change in retried if change.res_id in links
        ):
            return
        organisation._refresh_reference(organisation._line(run))
        run.reference_read, run.resolver = True, None

    def _links(self, organisation, record_ids):
        links = self.env["xero.link"].search(
            [
                ("organisation_id", "=", organisation.id),
                ("resource", "=", self._resource),
                ("res_model", "=", self._res_model),
                ("res_id", "in", record_ids),
            ]
        )
        return {link.res_id: link for link in links}

    def _apply_decisions(self, organisation, taken, links, changes):
        """Do what people said. :return list: ids of the records that may go"""
        by_record = changes.filtered(lambda change: change.kind not in (*OF_RECORDS, "retry", "remap")).grouped(
            "res_id"
        )
        going = []
        for res_id in taken:
            link = links.get(res_id)
            exempt = link and link.outcome == "exempt"
            for change in by_record.get(res_id, ()):
                exempt = change.kind == "exempt" or (exempt and change.kind != "include")
                vals = self._decide(organisation, res_id, link, change)
                if change.kind == "exempt":
                    vals = {"outcome": "exempt", "remote_item": False} | NO_ERROR | {"error_data": change.data}
                if vals:
                    link = links[res_id] = self._write_link(organisation, res_id, link, vals)
                if link and change.kind in ("exempt", "include"):
                    self._note_taken_out(link, change)
                if change.kind == "exempt":
                    self._left_out_now(link)
                elif change.kind == "include":
                    self._put_back_now(organisation, res_id, link)
            if not exempt:
                going.append(res_id)
        return going

    def _not_as_agreed(self, record_ids, links, changes, versions):
        """Those of ``record_ids`` not known to be what was last agreed. What a person asked for is always looked at.

        What was posted before there was a way to Xero stays where it is until a person sends it: perhaps a bookkeeper
        has entered it there. That its due date or its memo changes is no reason to send it.
        """
        asked = {change.res_id for change in changes if change.kind not in OF_RECORDS}
        called_for = {change.res_id for change in changes if not (change.data or {}).get("edited")}
        unasked = {change.res_id for change in changes} - called_for - links.keys()
        return [
            res_id
            for res_id in record_ids
            if res_id not in unasked
            and (
                res_id in asked
                or not (link := links.get(res_id))
                or link.outcome != "synced"
                or not link.version
                or link.version != versions.get(res_id)
            )
        ]

    def _sort_out(self, organisation, taken, links, outcomes, versions):
        """Write the outcome of what is not sent; give what is sent its link."""
        elements, new = [], []
        agreed = ended = self.env["xero.link"]
        for res_id, outcome in outcomes.items():
            link = links.get(res_id)
            if isinstance(outcome, Problem):
                links[res_id] = self._write_link(organisation, res_id, link, self._problem_values(outcome, link))
            elif outcome is None or (link and link.digest == outcome.digest and link.xero_id and not outcome.create):
                if link and link.xero_id:
                    link.write({"outcome": "synced", "version": versions.get(res_id, False)} | NO_ERROR)
                    agreed += link
                elif link and outcome is None and not link.xero_id:
                    ended += links.pop(res_id)  # it never arrived and is not owed any more
            else:
                outcome.changes = taken[res_id]
                outcome.version = versions.get(res_id, "")
                elements.append(outcome)
                if not link:
                    new.append(outcome)
        for element, link in zip(new, self._create_links(organisation, new), strict=True):
            links[element.res_id] = link
        for element in elements:
            link = links[element.res_id]
            element.link_id, element.doubts, element.bears = link.id, link.doubts, link.xero_number
        looked_at = self.env["xero.link"].union(*(links[res_id] for res_id in outcomes if res_id in links))
        settled = looked_at.filtered(lambda link: link.xero_id or link.outcome == "gone")
        self._release(organisation, agreed, settled | ended)
        ended.unlink()
        return elements

    def _release(self, organisation, agreed, settled):
        """Let go what waited: an id at Xero is enough to be named, and nothing more will come of what has ended."""
        settled._free_waiting()
        if agreed:
            self._after_apply(organisation, agreed)

    def _create_links(self, organisation, elements):
        return self.env["xero.link"].create([self._new_link_values(organisation, e.res_id) for e in elements])

    def _new_link_values(self, organisation, res_id):
        return {
            "organisation_id": organisation.id,
            "company_id": organisation.company_id.id,
            "resource": self._resource,
            "res_model": self._res_model,
            "res_id": res_id,
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
        """Creates go by PUT, which Xero refuses for what exists; updates by POST. Each chunk is one call; who was in
        doubt before goes last and alone."""
        places = {}
        for element in sorted(elements, key=lambda element: not element.create):
            verb = element.verb or ("PUT" if element.create else "POST")
            places.setdefault((verb, element.path), []).append(element)
        chunks = []
        for (verb, path), some in places.items():
            most = 1 if describe(path or self._resource).single else limit
            chunk, size = [], 0
            for element in sorted(self._givers_first(some), key=lambda element: element.doubts):
                weight = len(repr(element.payload))
                alone = element.doubts >= SUSPECT
                if chunk and (alone or len(chunk) >= most or size + weight > CHUNK_BYTES):
                    chunks.append((chunk, verb, path))
                    chunk, size = [], 0
                chunk.append(element)
                size += weight
            chunks.append((chunk, verb, path))
        return chunks

    def _givers_first(self, elements):
        """Xero treats the elements of a call in turn: who gives up a number goes before who takes it."""
        bearers = {element.bears: element for element in elements if element.bears}
        ordered = {}
        for element in elements:
            chain = {}
            while element and id(element) not in ordered and id(element) not in chain:
                chain[id(element)] = element
                element = bearers.get(element.payload.get(self._number_key))
            ordered |= dict(reversed(chain.items()))
        return list(ordered.values())
