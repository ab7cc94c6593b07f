"""How what Xero says is read: in pages, compared with what was last agreed; what is news is taken in
(``resource_take_in.py``). A resource overrides the hooks of the first section."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .codec.digest import digest_of
from .resource_take_in import Incoming
from .xero_link import NO_ERROR

CHUNK = 100  # items between two commits
AGAIN = 200  # of those that wait, in one run
FRESH = timedelta(minutes=2)  # how old the last look may be when an update is sent
DECISIONS = ("take_odoo", "take_xero", "ignore")
BY_LINK = (*DECISIONS, "exempt", "include")  # what a person can say about what Xero has


class XeroResource(models.AbstractModel):
    _inherit = "xero.resource"

    # ---- hooks ------------------------------------------------------------------------------------

    _own_list = True  # else it is read among others, which hand it over
    _read_after = ()  # names of models: what these list has to be known first

    def _reads(self, organisation):
        """Whether this resource is read from ``organisation`` at all."""
        return False

    def _read_params(self, organisation):
        """Further parameters of the list at Xero (``where``, ``includeArchived``, …)."""
        return {}

    def _change_params(self, organisation):
        """The same for a list of what changed since the last look."""
        return self._read_params(organisation)

    def _kind_of_item(self, item):
        """The policy's kind of one item of Xero's."""
        return self._kind

    def _remote_values(self, item):
        """What one item says that could be taken over, in a form that two readings of it share. :rtype: dict"""
        return {}

    def _welcome(self, organisation, item):
        """Whether an item that nothing here belongs to yet concerns us."""
        return True

    # ---- reading ----------------------------------------------------------------------------------

    def _pull_steps(self, organisation, run, at_once=False):
        """Take in what changed at Xero since the last look; yields at the commit points.

        :param bool at_once: also where the next look is not due yet
        """
        if not self._reads(organisation):
            return
        if self._own_list and not organisation.auto_sync and organisation._may_call():
            yield from self._look_steps(organisation, run)
        if self._name in organisation._queued(run)["in"]:
            yield from self._again_steps(organisation, run)
        if not (self._own_list and organisation.auto_sync and organisation._may_call()):
            return
        cursor = self.env["xero.cursor"]._of(organisation, self._resource)
        whole = False
        while not whole and self._may_read(organisation, cursor, at_once):
            whole = yield from self._read_steps(organisation, run, cursor)

    def _may_read(self, organisation, cursor, at_once):
        """Whether it is time to read, and nothing has to be read before that."""
        return (
            (at_once or cursor._is_due()) and not cursor._is_fresh(FRESH)
            and not any(self.env[name]._reads_anew(organisation) for name in self._read_after)
        )  # fmt: skip

    def _reads_anew(self, organisation):
        """Whether everything is to be read, and was not yet."""
        return self._reads(organisation) and not self.env["xero.cursor"]._of(organisation, self._resource).read_at

    def _read_steps(self, organisation, run, cursor):
        """One read, from where an interrupted one stopped; yields at the commit points.

        :return bool: False where a manager let in more meanwhile, which may stand on the pages that were read
        """
        if not cursor.read_at:
            yield 0  # a manager finds the row
            cursor._heed_settings()
        generation = cursor.generation
        began, times, news = fields.Datetime.now(), [], 0
        for page, answer in self._pages(organisation, run, cursor):
            for first in range(0, len(answer.items), CHUNK):
                news += self._receive(organisation, run, answer.items[first : first + CHUNK])
                yield 0
            times += [item.get("UpdatedDateUTC") for item in answer.items]
            if cursor.generation != generation:
                return False
            cursor._turn_page(page, answer)
            yield 0
            self.env.invalidate_all()  # a page of documents must not stay in memory while the next one is read
        if cursor.generation != generation:
            return False
        cursor._complete(began, times, news)
        yield 0
        return True

    def _pages(self, organisation, run, cursor):
        """``(page, answer)`` of what changed since the last complete read, from where an interrupted one stopped."""
        first, since = max(cursor.page, 1), cursor._since()
        params = self._change_params(organisation) if since else self._read_params(organisation)
        pages = organisation._call_pages(run, self._resource, modified_since=since, first_page=first, **params)
        return enumerate(pages, first)

    def _receive(self, organisation, run, items):
        """Take in one chunk of Xero's items. :return int: how many said something new"""
        news = self._news_among(organisation, items)
        if news:
            self._take_in(organisation, run, news)
        return len(news)

    def _news_among(self, organisation, items):
        """What says something new and concerns us; of all others the links follow the facts. :rtype: list"""
        items = {item[self._id_key]: item for item in items if item.get(self._id_key)}
        links = {link.xero_id: link for link in self._links_of(organisation, list(items))}
        news = []
        for xero_id, item in items.items():
            link = links.get(xero_id)
            incoming = Incoming(item, self._remote_digest(item), link)
            if link and link.remote_digest == incoming.digest:
                self._follow_facts(link, item)
            elif link and link.outcome == "exempt":
                self._follow_facts(link, item)
            elif link and link.outcome == "gone" and self._ends(item):
                self._follow_facts(link, item)
                if link.error_code:
                    link.write(NO_ERROR)  # it has ended on both sides: nobody has to look at it any more
            elif link or (organisation._pulls(self._kind_of_item(item)) and self._welcome(organisation, item)):
                news.append(incoming)
        return news

    def _links_of(self, organisation, xero_ids):
        return self.env["xero.link"].search(
            [("organisation_id", "=", organisation.id), ("resource", "=", self._resource), ("xero_id", "in", xero_ids)]
        )

    @api.model
    def _remote_digest(self, item):
        return digest_of(self._remote_values(item))

    def _follow_facts(self, link, item):
        """What the link shows of Xero's copy, and nobody decides about: its status, its total."""
        facts = self._facts(item)
        changed = {name: value for name, value in facts.items() if (link[name] or False) != (value or False)}
        if changed:
            link.write(changed)

    def _facts(self, item):
        return {}

    def _owes_updates(self, organisation):
        """Whether something that Xero has is queued to be changed there: then what Xero says is looked at first."""
        return bool(self.env.execute_query(SQL(
            """SELECT 1 FROM xero_change c JOIN xero_link l ON l.organisation_id = c.organisation_id
                      AND l.resource = c.resource AND l.res_model = c.res_model AND l.res_id = c.res_id
                WHERE c.organisation_id = %s AND c.resource = %s AND c.res_model = %s AND l.xero_id IS NOT NULL
                  AND l.outcome != 'exempt' LIMIT 1""",
            organisation.id, self._resource, self._res_model,
        )))  # fmt: skip

    # ---- what waits here ----------------------------------------------------------------------------

    def _again_steps(self, organisation, run):
        """What could not be taken over goes again when its time has come, a mapping was made or a person said so."""
        changes = self.env["xero.change"].search([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource), ("link_id", "!=", False),
            ("res_model", "=", self._res_model), ("kind", "not in", BY_LINK),
        ])  # fmt: skip
        asked = self._waiting_here(organisation, [("id", "in", changes.link_id.ids)], AGAIN)
        in_time = [("next_attempt", "<=", fields.Datetime.now()), ("id", "not in", asked.ids)]
        due = asked + self._waiting_here(organisation, in_time, AGAIN - len(asked))
        for first in range(0, len(due), CHUNK):
            some = due[first : first + CHUNK]
            news = [
                Incoming(link.remote_item, self._remote_digest(link.remote_item), link, forced=link.xero_counts)
                for link in some
            ]
            done = changes.filtered(lambda change, some=some: change.link_id in some)
            with self.env.cr.savepoint():  # what it needs of Xero may not be had now: then it is still due
                some.write({"next_attempt": False})
                self._take_in(organisation, run, news)
            self.env["xero.change"]._consume(done.ids)
            changes -= done
            yield len(some)
        if changes and len(asked) < AGAIN:  # about what does not wait (any more); else the next pass takes the rest
            with self.env.cr.savepoint():  # as above
                self._weigh_again(organisation, run, changes.link_id.filtered(lambda link: link.outcome == "conflict"))
            self.env["xero.change"]._consume(changes.ids)
            yield 0

    def _waiting_here(self, organisation, domain, limit):
        """Links of what could not be taken over and no person has to decide about."""
        return self.env["xero.link"].search([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource),
            ("res_model", "=", self._res_model), ("remote_item", "!=", False), ("outcome", "!=", "conflict"), *domain,
        ], limit=limit) if limit else self.env["xero.link"]  # fmt: skip
