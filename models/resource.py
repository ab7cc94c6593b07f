"""What every type of document has in common on its way to Xero: taken, encoded, sent, answered.

One AbstractModel per resource (``resource_contacts.py``, ``resource_documents.py``) says what is special: whose
records, how they become a payload, by which fingerprint Xero's copy is recognised.
"""

from dataclasses import dataclass, field, replace

from odoo import api, models

from ..xero import dates, errors
from ..xero.answers import Answer
from ..xero.answers import Element as Answered
from ..xero.limits import Limits
from .codec.received import ENDED
from .problems import Problem
from .resources import RESOURCES


@dataclass
class Element:
    """One record on its way: what is sent, and what to do with the answer."""

    res_id: int
    payload: dict
    digest: str
    create: bool
    path: str = ""  # where it goes if not to the resource itself: CreditNotes/<id>/Allocations, Payments/<id>
    verb: str = ""  # PUT to create and POST to update, unless it says DELETE
    link_id: int = 0
    doubts: int = 0  # of the link
    bears: str = ""  # the number that Xero knows it by
    changes: list = field(default_factory=list)
    lines: list = field(default_factory=list)  # Odoo line id or None, per LineItem
    version: str = ""  # of the record in Odoo when it was read, see ``_versions``
    remote: dict = field(default_factory=dict)  # what the link remembers when this is agreed
    expected: dict = field(default_factory=dict)  # what Xero should compute: {Total: '115.00', ...}
    told: dict = field(default_factory=dict)  # values for the sentence of a refusal, besides Xero's own words

    def note(self):
        """What ``xero.request`` keeps to apply the answer later, even in another life."""
        return {
            "link": self.link_id,
            "res_id": self.res_id,
            "digest": self.digest,
            "create": self.create,
            "changes": self.changes,
            "lines": self.lines,
            "remote": self.remote,
            "expected": self.expected,
            "told": self.told,
            "version": self.version,
        }


class XeroResource(models.AbstractModel):
    """Contract of a resource. Subclasses set the attributes and override the hooks of the first section."""

    _name = "xero.resource"
    _description = "Xero Resource"

    _resource = ""  # Xero's name of the endpoint and of the list in its envelope
    _res_model = ""
    _id_key = ""  # InvoiceID, ContactID, ...
    _number_key = ""  # InvoiceNumber, ContactNumber, ...: what Xero takes only once
    _kind = ""  # of xero.policy; where a resource carries several, see _kind_of and _kind_of_item
    _ends_here = False  # that a record was deleted sends nothing: it is noted whichever way its kind goes

    # ---- hooks ------------------------------------------------------------------------------

    def _wanted(self, records):
        """Those of ``records`` that this resource carries."""
        return records

    def _kind_of(self, record):
        """The policy's kind of one record."""
        return self._kind

    def _organisation_ids(self, records):
        """``[(organisation id, records)]``: where each belongs. Called in users' transactions."""
        raise NotImplementedError

    def _perhaps_on_their_way(self, records, belonging):
        """Those of ``records`` that ``_organisation_ids`` cannot see to belong, because a worker has not committed yet.

        :param list belonging: what ``_by_organisation`` found
        :return list: as that, the others
        """
        return []

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
        identity of a row version (xmin, ctid) serves: ``write_date`` is the same for all writes of one transaction. It
        is there too because a restored database counts its versions anew.
        """
        return {}

    def _decide(self, organisation, res_id, link, change):
        """Link values that a person's decision (``match``, ``create``) stands for, or what is told of a deleted record.

        :rtype: dict
        """
        if link and change.kind == "deleted":
            return {"remote": (link.remote or {}) | (change.data or {})}
        return {}

    def _find(self, organisation, run, payloads, sent_at):
        """Look at Xero for what a lost request may have made. :return list: per payload Xero's item or None"""
        raise NotImplementedError

    def _bearers(self, organisation, run, payloads):
        """Look at Xero for who bears the payloads' numbers, ours or not.

        :return list: per payload Xero's item or None
        """
        raise NotImplementedError

    def _doubt_about(self, payload, item):
        """Whether Xero's ``item`` of our number is what the payload made. :return str: '', or the problem's code"""
        return ""

    def _is_closed(self, item):
        """Whether Xero's ``item`` is in a final state, in which it keeps its number for ever."""
        return False

    def _number_now(self, record):
        """The number that ``record`` would be sent with."""
        return ""

    def _link_values(self, note, item):
        """What the link learns from Xero's own answer to one element (a dict as Xero sent it)."""
        return {
            "xero_id": item[self._id_key],
            "xero_updated_at": _naive(item.get("UpdatedDateUTC")),
        } | self._facts(item)

    def _reached(self, payload, item):
        """Whether Xero's ``item`` already is in the final state ``payload`` asks for: asking again would be refused."""
        return False

    def _close_otherwise(self, payload, item):
        """Link values when ``payload`` asked for a final state that Xero's ``item`` cannot reach in this way."""
        return {}

    def _forgive(self, link, code):
        """Link values with which what was refused with ``code`` is worth another attempt at once; {} when it is not."""
        return {}

    def _is_ours(self, payload, item):
        """Whether Xero's item carries the fingerprint that the payload put on it."""
        raise NotImplementedError

    def _let_go(self, link):
        """The record of ``link`` was deleted in Odoo: what it may give up."""

    def _has_ended(self, link):
        """Whether Xero has, for good, nothing alive any more of what ``link`` stands for."""
        return link.xero_status in ENDED or (link.outcome == "gone" and not link.error_code)

    def _gone(self, organisation, link):
        """What a record that was deleted in Odoo means at Xero, where it lives on. Nothing, unless its ending is the
        message.

        :rtype: Element | Problem
        """
        return Problem("record_gone")

    def _send(self, organisation, run, request, payloads):
        """One call to Xero. :return: ``Answer`` with an element per payload"""
        path, key = request.path or self._resource, request.idempotency_key
        if request.method == "DELETE":
            return self._send_deletion(organisation, run, path, key, payloads)
        if request.path:  # the address names what is changed; Xero knows no such member of the body
            payloads = [{key: value for key, value in p.items() if key != self._id_key} for p in payloads]
        return organisation._call(run, "write", path, payloads, idempotency_key=key, method=request.method)

    def _send_deletion(self, organisation, run, path, key, payloads):
        """DELETE answers with little or nothing; that it is not there (any more) is what was asked for."""
        try:
            answer = organisation._call(run, "delete", path, key)
        except errors.NotFound as error:
            answer = Answer(status=error.status or 404, limits=error.limits or Limits())
        data = payloads[0] | {"Status": "DELETED"}
        return replace(answer, elements=[Answered(index=0, ok=True, data=data, id=data.get(self._id_key))])

    def _after_apply(self, organisation, links):
        """What becomes possible when ``links`` are in agreement."""

    def _change_values(self, organisation, records, **more):
        """Values of changes, one per record."""
        return [
            {
                "organisation_id": organisation.id,
                "company_id": organisation.company_id.id,
                "resource": self._resource,
                "res_model": self._res_model,
                "res_id": record_id,
                **more,
            }
            for record_id in records._ids
        ]

    # ---- which resource, which organisation ---------------------------------------------------

    @api.model
    def _database_mark(self):
        """Part of every fingerprint of ours: databases that share an organisation, or a copy of one, differ in it."""
        # sudo: the database's id is a fact, not a setting of the user's.
        return (self.env["ir.config_parameter"].sudo().get_param("database.uuid") or "")[:8]

    @api.model
    def _serving(self, res_model):
        """The resources that carry records of ``res_model``."""
        return [self.env[name] for name in RESOURCES if self.env[name]._res_model == res_model]

    @api.model
    def _for(self, resource, res_model):
        return next(handler for handler in self._serving(res_model) if handler._resource == resource)

    def _by_organisation(self, records, organisations=None, kind="changed"):
        """``[(organisation in superuser mode, records)]`` that a change of ``kind`` concerns, restricted to
        ``organisations`` if given."""
        wanted = self._wanted(records)
        # sudo: the integration's settings are no user's to read, but every change is routed by them.
        Organisation = self.env["xero.organisation"].sudo()
        belonging = [
            (Organisation.browse(organisation_id), mine)
            for organisation_id, mine in self._organisation_ids(wanted)
            if mine and (organisations is None or organisation_id in organisations.ids)
        ]
        if kind == "deleted" and self._ends_here:
            return belonging
        going = [(organisation, self._going(organisation, mine)) for organisation, mine in belonging]
        return [(organisation, mine) for organisation, mine in going if mine]

    def _with_link(self, records):
        """Those of ``records`` that have a link of this resource."""
        # sudo: where a record stands decides where its changes go, whoever makes them.
        links = self.env["xero.link"].sudo().search_fetch(
            [("res_model", "=", self._res_model), ("res_id", "in", records.ids), ("resource", "=", self._resource)],
            ["res_id"],
        ) if records else self.env["xero.link"]  # fmt: skip
        return records.browse(links.mapped("res_id"))

    def _going(self, organisation, records):
        """Those of ``records`` whose kind goes from here to ``organisation``."""
        return records.filtered(lambda record: organisation._pushes(self._kind_of(record)))


def _naive(value):
    """Xero's time as Odoo stores it: UTC without a zone; False when absent or unreadable."""
    moment = dates.parse_datetime(value) if value else None
    return moment.replace(tzinfo=None, microsecond=0) if moment else False
