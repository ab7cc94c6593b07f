"""What people decide about a difference, and about what is only in Xero so far; done by the worker."""

from odoo import models
from odoo.exceptions import UserError

from ..xero.questions import by_ids
from .problems import Problem
from .resource_take_in import Differs, Incoming
from .resources import RESOURCES
from .xero_difference import MISSING
from .xero_link import NO_ERROR

DUE = "AmountDue"
COMPARED = ("values", "ended")  # reasons that a comparison gives of documents that stood as agreed


class XeroResource(models.AbstractModel):
    _inherit = "xero.resource"

    # ---- hooks ------------------------------------------------------------------------------------

    def _objection(self, difference, kind):
        """Why ``take_odoo`` or ``take_xero`` could not settle ``difference``. :return str: a sentence, or ''"""
        return ""

    # ---- a person's word ------------------------------------------------------------------------

    def _decide_link(self, organisation, run, link, change):
        """Act on a person's word: about a difference, or to take a link out of the sync and put it back. All of it is
        done, or nothing and the link says what stands in the way."""
        try:
            with self.env.cr.savepoint():
                self._act_on(organisation, run, link, change)
        except Problem as problem:
            self._note_hindrance(organisation, link, problem)
        except UserError as error:  # Odoo's own rules, as for what comes from Xero
            self._note_hindrance(organisation, link, Problem("refused_by_odoo", detail=str(error)[:1000]))

    def _note_hindrance(self, organisation, link, problem):
        """What Xero says of it waits with the reason; where nothing is kept of that, its difference stays open."""
        if link.remote_item:
            self._note_problem(organisation, Incoming(link.remote_item, link.remote_digest, link), problem)
        else:
            link.write(self._problem_values(problem, link))

    def _act_on(self, organisation, run, link, change):
        if change.kind in ("exempt", "include"):
            self._note_taken_out(link, change)
        if change.kind == "exempt":
            self._exempt_link(link, change.data)
            return
        if change.kind == "include":
            self._include(organisation, run, link)
            return
        difference = self._as_seen(organisation, run, link, change)
        if not difference:
            return
        if change.kind == "take_odoo":
            acted = self._take_odoo(organisation, run, link, difference)
        elif change.kind == "take_xero":
            acted = self._take_xero(organisation, run, link, difference)
        else:
            acted = self._leave_both(organisation, run, link, difference, change)
        if acted:
            difference._note_decision(change)

    def _as_seen(self, organisation, run, link, change):
        """The open difference of ``link`` that ``change`` decided, if it still says what the person saw: a word about
        other values is none about these."""
        Difference = self.env["xero.difference"]
        self._weigh_again(organisation, run, link)
        difference = Difference.search([("link_id", "=", link.id), ("state", "=", "open")])
        saw = (change.data or {}).get("saw")
        same = saw in (None, difference.fingerprint)
        if not difference or (same and not self._is_overtaken(organisation, run, link, difference)):
            return difference
        difference.overtaken = True
        return Difference

    def _is_overtaken(self, organisation, run, link, difference):
        """Whether the record was changed after a comparison, or Xero's refusal, made ``difference``: nobody who decided
        saw that. Where a person decides what both sides changed, the row then shows both as they are now, and nothing
        is sent before the next word; else what is queued goes its way."""
        record = self.env[self._res_model].browse(link.res_id).exists()
        if not record or link.remote_item or _only_due(difference):
            return False
        if not self._is_changed(organisation, run, record, link, difference):
            return False
        item = self._ask_for(organisation, run, link)
        if not item:
            return False  # Xero has nothing that could go over it
        kind = self._kind_of_item(item)
        asks = organisation._pushes(kind) and organisation._pulls(kind) and organisation._wins(kind) == "ask"
        rows = self._compare(organisation, record, item) if asks else ()
        if rows:
            incoming = Incoming(item, self._remote_digest(item), link)
            self._note_difference(organisation, incoming, Differs("both_changed", rows))
        return True

    def _is_changed(self, organisation, run, record, link, difference):
        """Whether a change of ``record`` is queued, or was sent in vain: nothing of that kind is compared."""
        if difference.reason in COMPARED and link.outcome != "synced":
            return self._ours_changed(organisation, run, record, link)
        return bool(self.env["xero.change"].search_count([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource), ("kind", "=", "changed"),
            ("res_model", "=", self._res_model), ("res_id", "=", record.id), ("link_id", "=", False),
        ], limit=1))  # fmt: skip

    def _take_odoo(self, organisation, run, link, difference):
        """What Xero says now is known and goes under; ours is sent at the next push. :return bool: done"""
        self._repeat_all_money(organisation, run, link, difference, "odoo")
        if _only_due(difference):
            return True
        if difference.reason == "missing_in_xero" and link.xero_id and not self._ask_for(organisation, run, link):
            link.write({"xero_id": False, "xero_status": False, "remote": False})  # it is made anew
        seen = {}
        if link.remote_item:
            seen = {"remote_digest": self._remote_digest(link.remote_item)} | self._not_ours(link, link.remote_item)
        link.write(seen | NO_ERROR | {"remote_item": False, "digest": False, "version": False, "outcome": "waiting"})
        record = self.env[self._res_model].browse(link.res_id).exists()
        if record:
            self.env["xero.change"].create(
                self._change_values(organisation, record, kind="retry", by_hand=True, data={"forced": True})
            )
        else:
            link.write(self._again())  # that it was deleted is what goes
        return True

    def _take_xero(self, organisation, run, link, difference):
        """Xero's values come here, whatever stands here. :return bool: done; not where Xero has nothing"""
        self._repeat_all_money(organisation, run, link, difference, "xero")
        if _only_due(difference):
            return True
        item = link.remote_item or self._ask_for(organisation, run, link)
        if not item:
            link.write(self._problem_values(Problem("gone_from_xero"), link))
            return False
        if not self.env[self._res_model].browse(link.res_id).exists():
            link.res_id = 0  # it is made anew
        self._take_in(organisation, run, [Incoming(item, self._remote_digest(item), link, forced=True)])
        pending = self.env["xero.change"].search(
            [("organisation_id", "=", organisation.id), ("resource", "=", self._resource), ("link_id", "=", False),
             ("res_model", "=", self._res_model), ("res_id", "=", link.res_id)]
        )  # fmt: skip
        self.env["xero.change"]._consume(pending.ids)
        return True

    def _leave_both(self, organisation, run, link, difference, change):
        """Both sides stay as they are: from here on that counts as agreed. What one side lacks stays out."""
        if difference.reason in MISSING:
            reason = self.env._("Ignored under Differences by %(person)s", person=change.create_uid.name)
            self._exempt_link(link, {"reason": reason}, keep=difference)
            return True
        if _only_due(difference):
            return True
        record = self.env[self._res_model].browse(link.res_id).exists()
        values = {"remote_item": False, "outcome": "synced"} | NO_ERROR
        if link.remote_item:
            values["remote_digest"] = self._remote_digest(link.remote_item)
        if record:
            values |= {
                "digest": self._own_digest(organisation, run, record, link),
                "version": self._versions(organisation, record.ids).get(record.id, False),
            }
        link.write(values)
        return True

    def _repeat_all_money(self, organisation, run, link, difference, side):
        """Bring payments and credits over once more, where what is due differs."""
        if any(row["label"] == DUE for row in difference.values or ()):
            for name in RESOURCES:
                self.env[name]._repeat_money(organisation, run, link, side)

    # ---- out of the sync, and back --------------------------------------------------------------

    def _note_taken_out(self, link, change):
        """Who took it out of the sync and why, or put it back, in the record's own history."""
        record = link._record() if link.res_id else None
        if not record or not hasattr(record, "_message_log"):
            return
        organisation = link.organisation_id.name
        if change.kind == "exempt":
            reason = (change.data or {}).get("reason") or ""
            body = self.env._("Taken out of the sync with Xero (%(organisation)s): %(reason)s",
                              organisation=organisation, reason=reason)  # fmt: skip
        else:
            body = self.env._("Put back into the sync with Xero (%(organisation)s).", organisation=organisation)
        record._message_log(body=body, author_id=change.create_uid.partner_id.id)

    def _exempt_link(self, link, data, keep=None):
        """From here on it is neither taken over nor sent, and nobody is asked about it."""
        link.write({"outcome": "exempt", "remote_item": False} | NO_ERROR | {"error_data": data})
        self._left_out_now(link, keep)

    def _left_out_now(self, link, keep=None):
        """``link`` was just taken out of the sync. :param keep: the difference that a person ignored, if that did it"""
        if not keep:
            self.env["xero.difference"]._vanish(link)

    def _put_back_now(self, organisation, res_id, link):
        """A record goes again from here on. :param link: None where it never had one"""

    def _include(self, organisation, run, link):
        """Back into the sync: first what Xero says now, by the rules for what changed there."""
        item = self._ask_for(organisation, run, link) if self._reads(organisation) else None
        comes = bool(item) and organisation._pulls(self._kind_of_item(item))
        if not (link.res_id or comes):
            link.unlink()  # nothing here, and nothing is to come
            return
        link.write({"outcome": "synced" if link.res_id else "waiting"} | NO_ERROR)
        digest = self._remote_digest(item) if item else ""
        if comes and not (link.res_id and digest == link.remote_digest):
            self._take_in(organisation, run, [Incoming(item, digest, link)])

    # ---- looking at Xero's copies -----------------------------------------------------------------

    def _ask_for(self, organisation, run, link):
        """Xero's copy of one record, as it is now; None when there is none."""
        return next(iter(self._ask_for_all(organisation, run, [link.xero_id])), None) if link.xero_id else None

    def _ask_for_all(self, organisation, run, xero_ids):
        """Xero's copies by their ids. :rtype: list"""
        items = []
        for where in by_ids(self._id_key, xero_ids):
            for answer in organisation._call_pages(run, self._resource, where=where, **self._ask_params()):
                items += answer.items
        return items

    def _ask_params(self):
        """What Xero leaves out of a list unless it is asked for, even by id."""
        return {}


def _only_due(difference):
    """Whether nothing differs but what is still due: then the document itself is left alone."""
    return bool(difference.values) and all(row["label"] == DUE for row in difference.values)
