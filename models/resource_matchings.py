"""What payments and allocations have in common: a partial reconcile that is made and taken back, and never changed."""

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .account_partial_reconcile import UNMATCHED
from .codec.digest import digest_of
from .codec.money import CENT, decimal, round_to
from .codec.received import number
from .matching_source import MatchingSource
from .problems import Problem
from .resource import Element
from .xero_link import NO_ERROR

DOCUMENTS = ("xero.resource.invoices", "xero.resource.credit.notes")
DELETED = digest_of({"Status": "DELETED"})
AGREED = digest_of({})  # of what is never changed


class XeroResourceMatchings(models.AbstractModel):
    _name = "xero.resource.matchings"
    _inherit = "xero.resource"
    _description = "Xero Payments and Allocations"

    _res_model = "account.partial.reconcile"

    # ---- hooks ------------------------------------------------------------------------------------

    def _matching(self, partial):
        """The ``Matching`` that ``partial`` is for this resource, or None."""
        raise NotImplementedError

    def _encode_one(self, organisation, matching, link, source):
        """:rtype: Element | None
        :raise Problem:"""
        raise NotImplementedError

    # ---- whose ------------------------------------------------------------------------------------

    def _wanted(self, records):
        routes = self.env["xero.organisation"]._routes
        return records.filtered(lambda partial: routes(partial.company_id.id) and self._matching(partial))

    def _organisation_ids(self, records):
        """Where its document belongs, whatever journal the money is in."""
        documents = {partial.id: self._matching(partial).document for partial in records}
        moves = self.env["account.move"].union(*documents.values())
        found = {}
        for name in DOCUMENTS:
            resource = self.env[name]
            for organisation_id, mine in resource._organisation_ids(resource._wanted(moves)):
                found.setdefault(organisation_id, set()).update(mine._ids)
        return [
            (organisation_id, records.filtered(lambda partial, ids=ids: documents[partial.id].id in ids))
            for organisation_id, ids in found.items()
        ]

    def _going(self, organisation, records):
        """That something was taken back is noted whichever way it came: where it does not go, its link ends."""
        return records if self.env.context.get(UNMATCHED) else super()._going(organisation, records)

    # ---- taken from the queue -----------------------------------------------------------------------

    def _take(self, organisation, limit, removals=False, seen=()):
        """What happened to one of several partials that are one amount at Xero happened to that amount."""
        taken = super()._take(organisation, limit, removals, seen)
        for link, members in self._links_of_members(organisation, list(taken)):
            changes = [change for member in members for change in taken.pop(member)]
            if link.outcome != "in_doubt":
                taken[link.res_id] = taken.get(link.res_id, []) + changes
            waited = self.env["xero.link"].union(*self._links(organisation, members).values())
            waited.filtered(lambda one: not one.xero_id).unlink()  # their amount is there now
        return taken

    def _links_of_members(self, organisation, record_ids):
        """:return list: ``[(link, ids)]``: links that stand for these partials besides their own"""
        if not record_ids:
            return []
        self.env["xero.link"].flush_model(["remote"])
        rows = self.env.execute_query(SQL(
            """SELECT l.id, array_agg(member::int)
                 FROM xero_link l, jsonb_array_elements_text(l.remote -> 'partials') member
                WHERE l.organisation_id = %s AND l.resource = %s AND l.remote -> 'partials' IS NOT NULL
                  AND member::int = ANY(%s) AND member::int != l.res_id AND l.outcome != 'gone'
                GROUP BY l.id""",
            organisation.id, self._resource, record_ids,
        ))  # fmt: skip
        return [(self.env["xero.link"].browse(link_id), members) for link_id, members in rows]

    # ---- encoding ---------------------------------------------------------------------------------

    def _encode(self, organisation, run, records, links):
        matchings = {partial.id: self._matching(partial) for partial in records}
        members = self._join(organisation, matchings, links)
        source = MatchingSource(
            organisation, run.resolver_of(organisation), list(filter(None, matchings.values()))
        )
        outcomes = {}
        for partial_id, matching in matchings.items():
            link = links.get(partial_id)
            try:
                outcomes[partial_id] = self._encode_if_owed(organisation, matching, link, source)
            except Problem as problem:
                outcomes[partial_id] = problem
        return outcomes | {
            member: self._goes_with(organisation, outcomes, links, first) for member, first in members.items()
            if member in records._ids
        }  # fmt: skip

    def _encode_if_owed(self, organisation, matching, link, source):
        """What is in Xero is agreed until it changes here; a document that a person took out takes this with it."""
        if not matching or matching.document.state != "posted" or matching.source.state != "posted":
            return None  # it goes when both are posted
        if link and self._is_there(link):
            return self._removal(organisation, link) if self._has_changed(matching, link, source) else None
        if source.is_exempt(matching.document, matching.source):
            return None
        return self._encode_one(organisation, matching, link, source)

    def _removal(self, organisation, link):
        """:return: Element that takes back at Xero what ``link`` stands for; None where that does not go from here"""
        raise NotImplementedError

    def _is_there(self, link):
        return bool(link.xero_id) and link.xero_status != "DELETED"

    def _has_changed(self, matching, link, source):
        """Whether it is another day, account or amount than what was agreed: Xero changes no payment, so the old one
        goes and a new one is made."""
        agreed = link.remote or {}
        return any(agreed[key] != now for key, now in self._said(matching, source).items() if key in agreed)

    def _said(self, matching, source):
        """What of a matching Xero is told. :return dict: a part of what the link remembers"""
        return {"date": str(matching.other.date), "amount": str(source.amount(matching))}

    def _remembered(self, matching, source):
        """What the link has to know later, also when the matching is gone. :rtype: dict"""
        remote = self._said(matching, source) | self._money_of(matching)
        if len(matching.partials) > 1:
            remote["partials"] = matching.partials.ids
        if matching.source in source.write_offs.lines:
            remote["written_off"] = str(source.write_offs.share(matching))
        return remote

    def _money_of(self, matching):
        """Whose form says how it went when the matching is gone (``account_payment_xero.py``)."""
        payment = matching.source.origin_payment_id
        return {"payment": payment.id} if payment else {}

    # ---- several that are one amount ----------------------------------------------------------------

    def _join(self, organisation, matchings, links):
        """Join what is one amount at Xero: of a document that is due in instalments and the money that pays several.

        :param dict matchings: {partial id: ``Matching`` or None}; the first of several becomes all of them, the others
            are taken out
        :return dict: {partial id that was taken out: id of the first}
        """
        pairs, members = {}, {}
        for partial_id, matching in sorted(matchings.items(), key=lambda each: (each[0] not in links, each[0])):
            if matching and not (partial_id in links and self._is_there(links[partial_id])):
                pairs.setdefault(matching.pair, []).append(partial_id)
        for first, *others in pairs.values():
            members |= dict.fromkeys(others, first)
        for first, partial in self._known_members(matchings, links):
            if partial.id not in (first, *members):
                members[partial.id] = first
        for member, first in members.items():
            matching = matchings.pop(member, None) or self._matching(self.env[self._res_model].browse(member))
            if matching and matching.pair == matchings[first].pair:
                matchings[first] = matchings[first].together_with([matching])
        return members

    def _known_members(self, matchings, links):
        """``(id, partial)`` of what went along with these before, or was about to when the request was lost."""
        for partial_id, matching in matchings.items():
            link = links.get(partial_id)
            if link and matching and len(matching.siblings()) > 1:
                waiting = self.env["xero.link"].search([
                    ("waiting_for_id", "=", link.id), ("error_code", "=", "sum_first"),
                    ("res_model", "=", self._res_model), ("resource", "=", self._resource),
                ])  # fmt: skip
                ids = {*((link.remote or {}).get("partials") or ()), *waiting.mapped("res_id")}
                for partial in matching.partial.browse(sorted(ids)).exists():
                    yield partial_id, partial

    def _goes_with(self, organisation, outcomes, links, first):
        """The outcome of a partial that goes as a part of ``first``: it waits for that one, and is no more then."""
        outcome = outcomes[first]
        if not isinstance(outcome, Element):
            return outcome
        if not outcome.create:
            return None
        if first not in links:
            links[first] = self._write_link(organisation, first, None, {})
        return Problem("sum_first", document=outcome.told["document"], waiting_for_id=links[first].id)

    def _own_digest(self, organisation, run, record, link):
        return link.digest or AGREED

    def _ours_changed(self, organisation, run, record, link):
        return False

    # ---- answers ----------------------------------------------------------------------------------

    def _link_values(self, note, item):
        values = super()._link_values(note, item)
        return values | ({"remote": note["remote"]} if note["remote"] else {})

    def _agreed_values(self, note, item):
        """What was taken back because it is another one now is made anew at once, and what is left of several, too."""
        values = super()._agreed_values(note, item)
        if values["outcome"] != "gone":
            return values
        link = self.env["xero.link"].browse(note["link"])
        record = self.env[self._res_model].browse(note["res_id"]).exists()
        if record and self._is_still_owed(record, link):
            return values | self._again()
        left = self.env[self._res_model].browse((link.remote or {}).get("partials") or ()).exists()
        changes = self._change_values(link.organisation_id, left - record, kind="needed", by_hand=True)
        self.env["xero.change"].create(changes)
        return values

    def _is_still_owed(self, record, link):
        """Whether what was taken back at Xero, and is here, is to be made anew."""
        return True

    def _reached(self, payload, item):
        return payload.get("Status") == item.get("Status") == "DELETED"

    # ---- coming in --------------------------------------------------------------------------------

    def _take_in_group(self, organisation, run, news):
        """What ended or came to less while money was on it here goes again when that money has gone."""
        result = super()._take_in_group(organisation, run, news)
        ended = self.env["xero.link"].union(*(one.link for one in news if one.link and self._ends(one.item)))
        self._free_paid(organisation, ended.filtered(lambda link: link.outcome == "gone"))
        return result

    def _free_paid(self, organisation, ended):
        """:param ended: links of what was just taken back"""
        if not ended:
            return
        remotes = [link.remote or {} for link in ended]
        documents = {*ended.mapped("parent_xero_id"), *(remote.get("invoice_id") for remote in remotes)}
        of_payments = Domain("res_model", "=", "account.payment") & Domain(
            "res_id", "in", [remote["payment"] for remote in remotes if remote.get("payment")]
        )
        self.env["xero.link"].search(
            Domain("organisation_id", "=", organisation.id) & Domain("error_code", "=", "incoming_paid")
            & (Domain("xero_id", "in", list(documents - {None, False})) | of_payments)
        ).write({"next_attempt": fields.Datetime.now()})  # fmt: skip

    def _update_from(self, organisation, run, record, item, link, source):
        """What Xero never changes, neither do we."""

    def _compare(self, organisation, record, item):
        return []

    def _look_at_rest(self, organisation, partials, payment):
        """What else stands in Xero of money that was taken back there: a write-off, a discount, a fee, credit. This is
        Xero's own word, so nothing of it is owed by itself.

        :param partials: that are gone
        :param payment: ``account.payment`` that they were of, or an empty recordset
        """
        of_partials = Domain("res_model", "=", partials._name) & Domain("res_id", "in", partials.ids)
        of_payment = Domain("res_model", "=", payment._name) & Domain("res_id", "in", payment.ids)
        links = self.env["xero.link"].search(Domain([
            ("organisation_id", "=", organisation.id), ("resource", "!=", self._resource), ("outcome", "!=", "gone"),
        ]) & (of_partials | of_payment))  # fmt: skip
        changes = []
        for link in links:
            handler = self.env["xero.resource"]._for(link.resource, link.res_model)
            record = self.env[link.res_model].browse(link.res_id)
            changes += handler._change_values(organisation, record, kind="needed", by_hand=True)
        self.env["xero.change"].create(changes)

    def _agreed_in(self, organisation, run, record, incoming):
        amount = round_to(number(incoming.item.get("Amount")), CENT)
        values = self._facts(incoming.item) | NO_ERROR | {
            "res_id": record.id, "xero_id": incoming.item[self._id_key], "outcome": "synced",
            "remote_digest": incoming.digest, "remote_item": False, "synced_at": fields.Datetime.now(),
            "digest": AGREED,
            "remote": self._remembered_in(self._as_one(organisation, record, amount), incoming.item)
            | self._money_of(self._matching(record)),
        }  # fmt: skip
        return values if incoming.link else values | {"from_xero": True}

    def _remembered_in(self, matching, item):
        """As :meth:`_remembered`, of what Xero said."""
        raise NotImplementedError

    def _as_one(self, organisation, partial, amount):
        """The matching of a partial that Xero's ``amount`` became, with the others that it became besides."""
        matching = self._matching(partial)
        rest = matching.siblings() - partial
        if not rest or decimal(matching.amount) == amount:
            return matching
        linked = self._linked_partials(organisation, rest)
        free = filter(None, (self._matching(other) for other in rest if other.id not in linked))
        together = matching.together_with(other for other in free if other.pair == matching.pair)
        if round_to(decimal(together.amount), CENT) == amount:
            return together
        # what is older and waits to go to Xero is another amount
        newer = together.partials.filtered(lambda other: other.id > partial.id)
        return matching.together_with(map(self._matching, newer))

    def _linked_partials(self, organisation, partials):
        """Ids of those that stand in Xero, by a link of their own or as a part of one."""
        links = self.env["xero.link"].search_fetch([
            ("organisation_id", "=", organisation.id), ("res_model", "=", self._res_model),
            ("res_id", "in", partials.ids), ("xero_id", "!=", False), ("outcome", "!=", "gone"),
        ], ["res_id"])  # fmt: skip
        members = self._links_of_members(organisation, partials.ids)
        return {*links.mapped("res_id"), *(member for _link, mine in members for member in mine)}


class XeroLink(models.Model):
    _inherit = "xero.link"

    def _free_waiting(self):
        """With a document, what hangs on it goes again: payments that waited before the document had a link, and those
        that were read before the document was."""
        result = super()._free_waiting()
        documents = self.filtered(lambda link: link.res_model == "account.move" and link.xero_id)
        if documents:
            self.browse(self._hanging_on(documents)).write({"next_attempt": fields.Datetime.now()})
        return result

    def _hanging_on(self, documents):
        """Ids of the links that wait for ``documents`` without naming them."""
        self.flush_model(["outcome", "error_code", "next_attempt", "parent_xero_id", "res_id"])
        rows = self.env.execute_query(SQL(
            """SELECT l.id FROM account_move_line line
                 JOIN account_partial_reconcile p ON p.debit_move_id = line.id OR p.credit_move_id = line.id
                 JOIN xero_link l ON l.res_model = 'account.partial.reconcile' AND l.res_id = p.id
                WHERE line.move_id IN %(moves)s AND l.organisation_id IN %(organisations)s
                  AND l.outcome = 'waiting' AND l.error_code = 'document_first'
               UNION
               SELECT id FROM xero_link
                WHERE organisation_id IN %(organisations)s
                  AND (parent_xero_id IN %(xero_ids)s OR remote_item #>> '{Invoice,InvoiceID}' IN %(xero_ids)s)
                  AND outcome = 'waiting' AND error_code IN ('incoming_first', 'incoming_not_here')""",
            moves=tuple(documents.mapped("res_id")), organisations=tuple(documents.organisation_id.ids),
            xero_ids=tuple(documents.mapped("xero_id")),
        ))  # fmt: skip
        return [link_id for (link_id,) in rows]
