"""Xero's contacts on their way in (S2.2-S2.7): one reading serves the mirror, by which partners are matched, and this.

What each side said since they last agreed is told apart field by field: the link remembers both (``remote``: ours,
said). So a phone that changed there and a street that changed here both go their way, and nothing is asked.
"""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..xero import dates
from .codec import contact as contact_codec
from .codec import contact_received as codec
from .codec.refused import Refused
from .contact_agreed import difference_rows, last_agreed
from .contact_counterpart import ContactCounterpart
from .contact_writer import ContactWriter
from .deleted_here import deleted_here
from .problems import Problem
from .resource_pull import CHUNK
from .resource_take_in import Differs

NO_TIME = timedelta()


class XeroResourceContacts(models.AbstractModel):
    _inherit = "xero.resource.contacts"

    # ---- what is read -----------------------------------------------------------------------------

    def _reads(self, organisation):
        return organisation._pulls(self._kind)

    def _read_params(self, organisation):
        return {"includeArchived": "true"}

    def _ask_params(self):
        return {"includeArchived": "true"}

    def _remote_values(self, item):
        return codec.values(codec.read(item))

    def _facts(self, item):
        return {"xero_number": item.get("Name") or False, "xero_status": item.get("ContactStatus") or False}

    def _welcome(self, organisation, item):
        """Of those that are in use, the members of the groups that were chosen (S2.6); without a choice all (S2.7)."""
        contact = codec.read(item)
        if contact.status != codec.ACTIVE or contact.merged_to:
            return False
        wanted = organisation.contact_group_ids.mapped("xero_id")
        return not wanted or bool(set(wanted) & set(contact.groups))

    def _pull_steps(self, organisation, run, at_once=False):
        """First everything is read, then it is taken over: which contacts share a mark shows when all are known."""
        yield from super()._pull_steps(organisation, run, at_once)
        if self._reads(organisation) and organisation.auto_sync:
            yield from self._pending_steps(organisation, run)

    def _pages(self, organisation, run, cursor):
        yield from super()._pages(organisation, run, cursor)
        run.contacts_read = True  # the matcher needs no reading of its own

    def _receive(self, organisation, run, items):
        """Into the mirror; what says something new is kept there to be taken over when everything was read."""
        news = self._news_among(organisation, items)
        self.env["xero.contact"]._mirror(organisation, items, {one.item["ContactID"] for one in news})
        organisation._follow_groups(items)
        return len(news)

    def _pending_steps(self, organisation, run):
        """Take over what was read; what we have sent of it since then is newer."""
        if self.env["xero.cursor"]._of(organisation, self._resource).page:
            return  # not all of it was read yet
        while rows := self.env["xero.contact"].search(
            [("organisation_id", "=", organisation.id), ("pending", "!=", False)], limit=CHUNK
        ):
            items = rows.mapped("pending")
            links = {link.xero_id: link for link in self._links_of(organisation, rows.mapped("xero_id"))}
            with self.env.cr.savepoint():  # what it needs of Xero may not be had now: then it is still pending
                newer = self._newer(organisation, run, items, links)
                rows.write({"pending": False})
                if news := self._news_among(organisation, newer):
                    self._take_in(organisation, run, news)
                organisation._follow_groups(newer)
            yield 0

    def _newer(self, organisation, run, items, links):
        """Those of ``items`` that are newer than what we have sent. Links keep whole seconds: of what changed in the
        second in which we sent, Xero is asked how it stands now."""
        newer, unsure = [], []
        for item in items:
            link = links.get(item["ContactID"])
            moment = dates.parse_datetime(item.get("UpdatedDateUTC")) if link and link.xero_updated_at else None
            since = moment and moment.replace(tzinfo=None, microsecond=0) - link.xero_updated_at
            if since is None or since > NO_TIME:
                newer.append(item)
            elif since == NO_TIME:
                unsure.append(item["ContactID"])
        return newer + (self._ask_for_all(organisation, run, unsure) if unsure else [])

    # ---- taking in --------------------------------------------------------------------------------

    def _take_in_group(self, organisation, run, news):
        """New ones in one go, all others one by one."""
        here = self._as_taken_from(organisation)
        with run.together(self._name, news):
            source = here._prepare_incoming(organisation, run, news)
            self._note_merges(news, source)
            fresh = [one for one in news if not one.link and source.is_new(one.item["ContactID"])]
            rest = [one for one in news if one not in fresh and one.item["ContactID"] not in source.deleted]
            if fresh and not here._create_at_once(organisation, run, fresh, source):
                rest = fresh + rest
        return super()._take_in_group(organisation, run, rest) if rest else None

    def _prepare_incoming(self, organisation, run, incoming):
        received = {one.item["ContactID"]: codec.read(one.item) for one in incoming}
        source = run.contacts = ContactWriter(organisation.with_env(self.env), received)
        unknown = {one.item["ContactID"]: one.link for one in incoming if not (one.link and one.link.res_id)}
        chosen = {xero_id: (link.remote or {}) for xero_id, link in unknown.items() if link}
        asked = [received[xero_id] for xero_id in unknown if not chosen.get(xero_id, {}).get("new")]
        finder = ContactCounterpart(organisation.with_env(self.env), self._number)
        source.found, source.waiting = finder.find(
            asked, {xero_id: known["partner"] for xero_id, known in chosen.items() if known.get("partner")}
        )
        deleted = deleted_here(organisation, self._resource, [xero_id for xero_id, link in unknown.items() if not link])
        source.deleted = {xero_id for xero_id in deleted if not source.found.get(xero_id)}
        return source

    def _create_at_once(self, organisation, run, fresh, source):
        """A batch of partners and their links. :return bool: False when Odoo refuses one of them"""
        contacts = [source.received[one.item["ContactID"]] for one in fresh]
        try:
            with self.env.cr.savepoint():
                partners = source.make(contacts)
                self.env.flush_all()
        except UserError:  # whose fault it is shows when they go one by one
            source.notes.clear()
            return False
        versions = self._versions(organisation, partners.ids)
        links = self.env["xero.link"].create([
            self._new_link_values(organisation, partner.id) | self._facts(one.item) | {
                "xero_id": one.item["ContactID"], "outcome": "synced", "from_xero": True,
                "synced_at": fields.Datetime.now(), "remote_digest": one.digest,
                "digest": self._own_digest(organisation, run, partner, None), "version": versions.get(partner.id),
                "remote": self._remote(partner, None, source, contact),
            }
            for partner, one, contact in zip(partners, fresh, contacts, strict=True)
        ])  # fmt: skip
        self._taken_in(organisation, run, links)
        return True

    def _bring_in(self, organisation, run, incoming, source):
        link, contact = incoming.link, source.received[incoming.item["ContactID"]]
        record = self.env["res.partner"].browse(link.res_id if link else ()).exists()
        if link and contact.merged_to:
            return self._bring_merge(organisation, run, record, incoming, contact)
        known = self._facts(incoming.item) | {"remote_digest": incoming.digest, "remote_item": False}
        if link and link.res_id and not (record and self._may_take(organisation, incoming)):
            return known
        if record:
            self._update_known(organisation, run, record, incoming, source)
            return self._agreed_in(organisation, run, record, incoming)
        record = self._counterpart(organisation, run, incoming.item, source)
        if record:
            contested = "take" if organisation.contact_fill == "overwrite" else "keep"
            source.update(record, contact, self._said_here(record, None), None, contested)
            self._join(incoming, source.waiting.get(record.id))
        else:
            record = source.make_one(contact)
        return self._agreed_in(organisation, run, record, incoming)

    def _update_known(self, organisation, run, record, incoming, source):
        """Merge what Xero says into a partner that has its contact. :raise Differs:"""
        link, contact = incoming.link, source.received[incoming.item["ContactID"]]
        ours = self._said_here(record, link)
        changed = self._ours_changed(organisation, run, record, link)
        base = last_agreed(link, None if changed else ours)
        contested = "take" if incoming.forced else self._whose(organisation)
        if contested == "ask":
            rows = difference_rows(codec.merge(ours, contact.texts(), base).contested, ours, contact.texts())
            if rows:
                raise Differs("both_changed", rows)
            contested = "keep"
        source.update(record, contact, ours, base, contested)

    def _whose(self, organisation):
        """What becomes of a field that both sides changed: ``ask``, or as ``ContactWriter.update`` takes it."""
        if not organisation._pushes(self._kind):
            return "take" if organisation.contact_fill == "overwrite" else "keep"
        return {"odoo": "send", "xero": "take", "ask": "ask"}[organisation._wins(self._kind)]

    def _counterpart(self, organisation, run, item, source):
        hit = source.found.get(item["ContactID"], self.env["res.partner"])
        if isinstance(hit, Problem):
            raise hit
        return hit

    def _join(self, incoming, waiting):
        """The partner had a link that waited for its contact: here it is. Whoever waited for that goes again."""
        if waiting and incoming.link:
            waiting._free_waiting()
            waiting.unlink()
        elif waiting:
            incoming.link = waiting

    def _agreed_in(self, organisation, run, record, incoming):
        source, contact = run.contacts, run.contacts.received[incoming.item["ContactID"]]
        values = super()._agreed_in(organisation, run, record, incoming)
        values["remote"] = self._remote(record, incoming.link, source, contact)
        if source.merges[record.id].owed and organisation._pushes(self._kind) and organisation.update_contacts:
            self.env["xero.change"].create(self._change_values(organisation, record, kind="changed"))
            values |= {"digest": False, "version": False}
        return values

    def _own_digest(self, organisation, run, record, link):
        if not organisation.update_contacts:
            return ""
        try:
            return self._digest(self._payload(record, link))
        except Refused:
            return ""

    def _remote(self, record, link, source, contact):
        """What the link remembers of this agreement."""
        known = {name: value for name, value in ((link and link.remote) or {}).items()
                 if name not in ("partner", "new", "create", "merged_to")}  # fmt: skip
        ours, said = self._said_here(record, link), contact.texts()
        before = (known.get("ours") or {}) if known else {}
        for field in source.merges[record.id].owed:  # not agreed: it is still to be sent
            ours[field] = before[field] if before.get(field, ours[field]) != ours[field] else said[field]
        try:
            sent = contact_codec.names_in(self._payload(record, link))
        except Refused:
            sent = known.get("sent", [])
        foreign = contact.number if contact.number != self._number(record.id, known.get("generation")) else ""
        person_id = source.follow_person(record, contact, known.get("person_id"))
        people = source.follow_people(record, contact, known.get("people") or ())
        return known | {
            "ours": ours, "said": said, "sent": sent, "phone_type": contact.phone_type, "number": foreign,
            "address_type": contact.address_type, "person_id": person_id, "people": people,
            "kept": source.kept(record, contact),
        }  # fmt: skip

    def _taken_in(self, organisation, run, links):
        run.contacts.tell(set(links.mapped("res_id")))
        self._free_documents(organisation, links.mapped("xero_id"))

    def _after_apply(self, organisation, links):
        self._free_documents(organisation, links.mapped("xero_id"))
        return super()._after_apply(organisation, links)
