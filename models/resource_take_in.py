"""How one item of Xero's is taken over, ends its record, waits here, or is put before a person.

A resource overrides the hooks of the first section. What is taken over is written with ``TAKING_IN`` in the context, so
that it is not owed to the organisation that said it.
"""

import json
from dataclasses import dataclass
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from .problems import Problem
from .resource import Element
from .xero_change import TAKING_IN
from .xero_link import NO_ERROR


@dataclass
class Incoming:
    """One item of Xero's on its way in. ``digest``: of what it says; ``forced``: a person said that Xero's counts."""

    item: dict
    digest: str
    link: object
    forced: bool = False


class Differs(Exception):
    """Both sides changed and a person has to decide.

    :ivar reason: of ``xero.difference``; ``values``: as there
    :ivar res_id: the record's id, where no link names it yet
    """

    def __init__(self, reason, values, res_id=0):
        super().__init__(reason)
        self.reason = reason
        self.values = values
        self.res_id = res_id


class XeroResource(models.AbstractModel):
    _inherit = "xero.resource"

    # ---- hooks --------------------------------------------------------------------------------------

    def _ends(self, item):
        """Whether the item has ceased to exist at Xero, so that its record does here, too."""
        return False

    def _end_record(self, organisation, run, record, link):
        """Do here what was done at Xero: the record of an item that ended goes. :raise Problem:"""
        raise NotImplementedError

    def _prepare_incoming(self, organisation, run, incoming):
        """Read at once what :meth:`_counterpart`, :meth:`_create_from` and :meth:`_update_from` need for all of them.

        :return: whatever these three take as ``source``
        """
        return {}

    def _counterpart(self, organisation, run, item, source):
        """A record of Odoo's that surely is this item and has no link yet, or an empty recordset. :raise Problem:"""
        return self.env[self._res_model]

    def _create_from(self, organisation, run, item, source):
        """:return: the record that stands for a new item. :raise Problem:"""
        raise NotImplementedError

    def _update_from(self, organisation, run, record, item, link, source):
        """Bring ``record`` to what ``item`` says. :raise Problem:"""
        raise NotImplementedError

    def _compare(self, organisation, record, item):
        """:return list: ``[{label, odoo, xero}]``, what the two sides say differently, as people read it"""
        return []

    def _not_ours(self, link, item):
        """Values of the link about what ``item`` says and is none of ours to overwrite, whoever wins."""
        return {}

    def _own_digest(self, organisation, run, record, link):
        """The digest of what we would send of ``record`` now; '' if it could not go."""
        return getattr(self._own_element(organisation, run, record, link), "digest", "")

    def _own_element(self, organisation, run, record, link):
        """What we would send of ``record`` now; None if it could not go. :rtype: Element"""
        try:
            element = self._encode(organisation, run, record, {record.id: link}).get(record.id)
        except Problem:
            return None
        return element if isinstance(element, Element) else None

    def _remote_of(self, organisation, record, item):
        """Values of the link about ids inside the document."""
        return {}

    def _taken_in(self, organisation, run, links):
        """What becomes possible when the records of ``links`` are here."""

    def _concerning(self, organisation, news):
        """Those of ``news`` that are to be taken in; of all others, what is to be noted is noted."""
        return news

    # ---- taking in ----------------------------------------------------------------------------------

    def _take_in(self, organisation, run, news):
        if news := self._concerning(organisation, news):
            self._take_in_all(organisation, run, news)

    def _take_in_all(self, organisation, run, news):
        """Together, which saves queries; where a bug struck on several, each alone: so it names the culprit."""
        groups = [[incoming] for incoming in news] if run.in_bulk else [news]
        for group in groups:
            self._take_in_group(organisation, run, group)

    def _take_in_group(self, organisation, run, news):
        """What one of them lacks does not hold up the others."""
        here = self._as_taken_from(organisation)
        before = run.incoming
        with run.together(self._name, news):
            source = here._prepare_incoming(organisation, run, news)
        agreed = ended = self.env["xero.link"]
        for incoming in news:
            run.incoming = (self._name, incoming)  # what to isolate if a bug strikes
            link = here._take_in_one(organisation, run, incoming, source)
            if link and link.outcome == "synced":
                agreed += link
            elif link and link.outcome == "gone":
                ended += link
        run.incoming = before
        (agreed + ended)._free_waiting()
        self._taken_in(organisation, run, agreed)

    def _as_taken_from(self, organisation):
        """What is written so is not owed to this organisation."""
        return self.with_context(**{TAKING_IN: organisation.id})

    def _take_in_one(self, organisation, run, incoming, source):
        """:return: the link, with the outcome"""
        try:
            with self.env.cr.savepoint():
                values = self._bring_in(organisation, run, incoming, source)
        except Differs as differs:
            return self._note_difference(organisation, incoming, differs)
        except Problem as problem:
            return self._note_problem(organisation, incoming, problem)
        except UserError as error:  # Odoo's own rules: a lock date, a constraint; ValidationError is one, too
            return self._note_problem(organisation, incoming, Problem("refused_by_odoo", detail=str(error)[:1000]))
        if values is None:
            return None
        link = self._write_incoming(organisation, incoming, values)
        if link.outcome in ("synced", "exempt"):
            self.env["xero.difference"]._vanish(link)
        return link

    def _bring_in(self, organisation, run, incoming, source):
        """:return dict: values of the link; None where there is nothing to note. :raise Problem, Differs:"""
        item, link = incoming.item, incoming.link
        record = self.env[self._res_model].browse(link.res_id if link else ()).exists()
        if self._ends(item):
            return self._bring_end(organisation, run, record, incoming)
        if link and link.res_id and not record:
            settled = NO_ERROR if self._is_closed(item) else {}  # what was deleted here has ended there, too
            return self._facts(item) | {"remote_digest": incoming.digest, "remote_item": False} | settled
        if record and not self._may_take(organisation, incoming):
            return self._facts(item) | {"remote_digest": incoming.digest, "remote_item": False}
        if record and not incoming.forced and self._ours_changed(organisation, run, record, link):
            differences = self._compare(organisation, record, item)
            wins = organisation._wins(self._kind_of_item(item))
            if differences and wins == "odoo":
                return self._send_ours(organisation, record, incoming)
            if differences and wins == "ask":
                raise Differs("both_changed", differences)
        if record:
            self._update_from(organisation, run, record, item, link, source)
        else:
            record = self._counterpart(organisation, run, item, source)
            if record:
                if out := self._one_link(organisation, record, incoming):
                    return self._facts(item) | out
                if differences := self._compare(organisation, record, item):
                    return self._adopt_differing(organisation, run, record, incoming, differences, source)
            else:
                record = self._create_from(organisation, run, item, source)
        return self._agreed_in(organisation, run, record, incoming)

    def _one_link(self, organisation, record, incoming):
        """The record may have a link that never got as far as Xero: one of the two has to do.

        :return dict: values of the one that stays where a person took the record out of the sync: out it stays; else {}
        """
        other = self._links(organisation, record.ids).get(record.id)
        if not other or other == incoming.link:
            return {}
        out = {}
        if other.outcome == "exempt":  # what Xero says is not compared before the record is put back
            out = NO_ERROR | {"outcome": "exempt", "error_data": other.error_data, "res_id": record.id}
            out |= {"remote_item": False, "remote_digest": False}
        if incoming.link:
            other._free_waiting()
            other.unlink()
        else:
            incoming.link = other
        return out

    def _bring_end(self, organisation, run, record, incoming):
        """What ended at Xero ends here, where the direction allows it; what never was here is not noted."""
        if not incoming.link:
            return None
        if record and self._may_take(organisation, incoming):
            self._end_record(organisation, run, record, incoming.link)
        return self._facts(incoming.item) | NO_ERROR | {
            "outcome": "gone", "remote_digest": incoming.digest, "remote_item": False
        }  # fmt: skip

    def _may_take(self, organisation, incoming):
        """Whether what Xero says may change a record here: the direction, or a person's word."""
        return incoming.forced or organisation._pulls(self._kind_of_item(incoming.item))

    def _ours_changed(self, organisation, run, record, link):
        """Whether ``record`` is no longer what was last agreed: equal row versions need no encoding."""
        if link.outcome == "conflict":
            return True
        if link.version and link.version == self._versions(organisation, record.ids).get(record.id):
            return False
        return self._own_digest(organisation, run, record, link) != (link.digest or "")

    def _send_ours(self, organisation, record, incoming):
        """Odoo wins: Xero's change is known, and ours goes over it."""
        self.env["xero.change"].create(self._change_values(organisation, record, kind="changed"))
        seen = {"remote_digest": incoming.digest, "remote_item": False, "digest": False}
        return self._facts(incoming.item) | seen | self._not_ours(incoming.link, incoming.item)

    def _adopt_differing(self, organisation, run, record, incoming, differences, source):
        """A record that surely is the item, but does not say the same: as if both had changed."""
        kind = self._kind_of_item(incoming.item)
        wins = organisation._wins(kind) if organisation._pushes(kind) else "xero"
        if wins == "odoo":
            values = self._send_ours(organisation, record, incoming)
            return values | {"res_id": record.id, "outcome": "waiting"}
        if wins == "ask":
            raise Differs("both_changed", differences, record.id)
        self._update_from(organisation, run, record, incoming.item, incoming.link, source)
        return self._agreed_in(organisation, run, record, incoming)

    def _agreed_in(self, organisation, run, record, incoming):
        """Values of a link whose record now says what Xero says. What we would send of it is not sent."""
        record.flush_recordset()
        link = incoming.link or self.env["xero.link"].new(
            {"organisation_id": organisation.id, "xero_id": incoming.item[self._id_key]}
        )
        values = self._facts(incoming.item) | NO_ERROR | {
            "res_id": record.id, "xero_id": incoming.item[self._id_key], "outcome": "synced",
            "remote_digest": incoming.digest, "remote_item": False, "xero_counts": False,
            "synced_at": fields.Datetime.now(),
        }  # fmt: skip
        if not incoming.link:
            values["from_xero"] = True
        values |= self._remote_of(organisation, record, incoming.item)
        link.update(values)
        return values | self._agreed_ours(organisation, run, record, link, incoming.item)

    def _agreed_ours(self, organisation, run, record, link, item):
        """Values of the link about what we would send of a record that now says what Xero's ``item`` says."""
        return {
            "digest": self._own_digest(organisation, run, record, link),
            "version": self._versions(organisation, record.ids).get(record.id, False),
        }

    def _write_incoming(self, organisation, incoming, values):
        if incoming.link:
            incoming.link.write({"xero_id": incoming.item[self._id_key]} | values)
        else:
            base = self._new_link_values(organisation, values.get("res_id", 0))
            incoming.link = self.env["xero.link"].create(base | {"xero_id": incoming.item[self._id_key]} | values)
        return incoming.link

    # ---- what is not taken over ---------------------------------------------------------------------

    def _note_problem(self, organisation, incoming, problem):
        """It waits here, with what Xero said, until the mapping is made or a person retries."""
        if incoming.link:
            self.env["xero.difference"]._vanish(incoming.link)  # it is in the list of what waits from now on
        values = self._problem_values(problem, incoming.link) | self._facts(incoming.item)
        return self._write_incoming(organisation, incoming, values | self._kept(incoming))

    def _kept(self, incoming):
        """Link values of what is not taken over: what Xero says is kept, and known; a person's word holds for it."""
        return {
            "remote_item": storable(incoming.item), "remote_digest": incoming.digest, "xero_counts": incoming.forced,
        }  # fmt: skip

    def _quarantine(self, organisation, item):
        """Set aside an item that a bug struck on. Nothing of it was written.

        :param item: None where several were in hand: none is to blame yet
        """
        if item is None:
            return
        [link] = self._links_of(organisation, [item[self._id_key]]) or [None]
        self._note_problem(organisation, Incoming(item, self._remote_digest(item), link), Problem("internal_error"))

    def _note_difference(self, organisation, incoming, differs):
        if differs.res_id:  # that the record has one link was rolled back with the rest
            self._one_link(organisation, self.env[self._res_model].browse(differs.res_id), incoming)
        values = self._problem_values(Problem("both_changed"), incoming.link) | self._facts(incoming.item)
        if differs.res_id:
            values["res_id"] = differs.res_id
        link = self._write_incoming(organisation, incoming, values | self._kept(incoming))
        if not self.env["xero.difference"]._open(link, differs.reason, differs.values):
            link.write({"outcome": "synced", "remote_item": False} | NO_ERROR)  # exactly this was ignored before
        return link


def storable(item):
    """Xero's item as JSON takes it; an amount stays the number that a person would read."""
    return json.loads(json.dumps(item, default=lambda v: float(v) if isinstance(v, Decimal) else str(v)))
