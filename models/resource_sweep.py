"""How one type is compared with Xero's: page by page, then what Xero has not listed (S1.28)."""

from odoo import models
from odoo.tools import SQL

from ..xero.questions import by_ids
from .problems import Problem
from .xero_difference import MISSING

MISSING_PER_STEP = 500


class XeroResource(models.AbstractModel):
    _inherit = "xero.resource"

    _sweep_page = 1000  # the most that Xero gives in one call

    # ---- hooks ------------------------------------------------------------------------------------

    def _sweeps(self, organisation):
        """Whether this type is compared at all."""
        return False

    def _sweep_params(self, organisation):
        """Further parameters of the list at Xero; as little as is needed for comparing."""
        return self._read_params(organisation)

    def _sweep_compare(self, organisation, items, links):
        """Compare one page.

        :param list items: as Xero sent them
        :param dict links: {Xero id: xero.link}
        :return dict: {Xero id: (reason, values), both as in ``xero.difference``, or None where they agree}; without
            what cannot be compared now
        """
        raise NotImplementedError

    def _sweep_absent(self, organisation, sweep, after, limit):
        """What should be at Xero and was not listed, in the order of ids.

        :param int after: id of the last record that was looked at
        :return list: ``[(record id, link id or None, values)]``, at most ``limit``
        """
        raise NotImplementedError

    def _money_under_way(self, organisation, move_ids):
        """Of these documents, those with a payment or credit that this type has queued or holds.

        :return set: ids; what is due on them is not compared
        """
        return set()

    def _repeat_money(self, organisation, run, link, side):
        """A person decided what is due on the document of ``link``: bring its payments and credits over once more.

        :param str side: ``odoo`` or ``xero``, whose count
        :return bool: whether this type carries any
        """
        return False

    def _carries_money(self, organisation):
        """Whether :meth:`_repeat_money` can do something for ``organisation``."""
        return False

    # ---- the steps --------------------------------------------------------------------------------

    def _sweep_steps(self, organisation, run, sweep):
        """Compare page by page; yields at the commit points."""
        pages = organisation._call_pages(
            run, self._resource, first_page=max(sweep.page, 1), page_size=self._sweep_page,
            **self._sweep_params(organisation),
        )  # fmt: skip
        for answer in pages:
            found, count = self._sweep_items(organisation, sweep, answer.items)
            sweep.write({
                "page": sweep.page + 1, "document_count": sweep.document_count + count,
                "found_count": sweep.found_count + found,
            })  # fmt: skip
            yield 0
            self.env.invalidate_all()  # a page of documents must not stay in memory while the next one is read
            if not organisation._may_call():
                return
        yield from self._absent_steps(organisation, run, sweep)
        self._sweep_vanished(organisation, sweep)
        yield 0

    def _sweep_items(self, organisation, sweep, items):
        """:return tuple: how many differ, how many were compared"""
        items = [item for item in items if item.get(self._id_key)]
        links = {link.xero_id: link for link in self._links_of(organisation, [item[self._id_key] for item in items])}
        for item in items:
            if link := links.get(item[self._id_key]):
                self._follow_facts(link, item)
        compared = self._sweep_compare(organisation, items, links)
        found = {xero_id: what for xero_id, what in compared.items() if what}
        missing = [item for item in items if item[self._id_key] in found and item[self._id_key] not in links]
        links |= {link.xero_id: link for link in self._stand_for(organisation, missing)}
        self._note_seen(sweep, self.env["xero.link"].union(*links.values()))
        looked_at = self.env["xero.link"].union(*(links[xero_id] for xero_id in compared if xero_id in links))
        self.env["xero.difference"]._note_found({links[xero_id]: what for xero_id, what in found.items()}, looked_at)
        return len(found), len(items)

    def _absent_steps(self, organisation, run, sweep):
        """What Xero did not list although it should."""
        after = 0
        while absent := self._sweep_absent(organisation, sweep, after, MISSING_PER_STEP):
            after = absent[-1][0]
            absent = self._not_elsewhere(organisation, run, sweep, absent)
            new = [res_id for res_id, link_id, _values in absent if not link_id]
            made = dict(zip(new, self._stand_for_records(organisation, new), strict=True))
            found = {
                made.get(res_id) or self.env["xero.link"].browse(link_id): ("missing_in_xero", values)
                for res_id, link_id, values in absent
            }
            links = self.env["xero.link"].union(*found)
            self._note_seen(sweep, links)
            self.env["xero.difference"]._note_found(found, links)
            sweep.found_count += len(absent)
            yield 0
            self.env.invalidate_all()

    def _not_elsewhere(self, organisation, run, sweep, absent):
        """A document that was given a day of long ago in Xero is not in the list, but there. A few are asked for, in
        one call; so many that they need more are not single documents that somebody moved.

        :return list: what is left of ``absent``
        """
        links = self.env["xero.link"].browse([link_id for _res_id, link_id, _values in absent if link_id])
        known = links.filtered("xero_id")
        xero_ids = known.mapped("xero_id")
        if len(by_ids(self._id_key, xero_ids)) != 1:
            return absent
        items = self._ask_for_all(organisation, run, xero_ids)
        self._sweep_items(organisation, sweep, items)
        there = {item[self._id_key] for item in items}
        found = known.filtered(lambda link: link.xero_id in there)
        return [one for one in absent if one[1] not in found._ids]

    def _sweep_vanished(self, organisation, sweep):
        """What was reported and was neither listed nor missed this time has come into agreement."""
        stale = self.env["xero.difference"].search([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource), ("state", "=", "open"),
            ("reason", "in", SWEPT), ("link_id", "not in", SQL(
                "(SELECT link_id FROM xero_sweep_seen WHERE sweep_id = %s)", sweep.id)),
        ])  # fmt: skip
        stale._agree()

    def _note_seen(self, sweep, links):
        if links:
            self.env.cr.execute(SQL(
                "INSERT INTO xero_sweep_seen (sweep_id, link_id) SELECT %s, unnest(%s) ON CONFLICT DO NOTHING",
                sweep.id, links.ids,
            ))  # fmt: skip

    # ---- links that stand for what one side lacks ---------------------------------------------------

    def _stand_for(self, organisation, items):
        """Links of what is only in Xero."""
        problem = self._problem_values(Problem("missing_in_odoo"))
        return self.env["xero.link"].create([
            self._new_link_values(organisation, 0) | problem | self._facts(item) | {"xero_id": item[self._id_key]}
            for item in items
        ])  # fmt: skip

    def _stand_for_records(self, organisation, record_ids):
        """Links of what is only in Odoo."""
        problem = self._problem_values(Problem("missing_in_xero"))
        return self.env["xero.link"].create(
            [self._new_link_values(organisation, res_id) | problem for res_id in record_ids]
        )


# Reasons that a comparison gives, and takes back when the two sides agree again.
SWEPT = ("values", "ended", *MISSING)


class XeroDifference(models.Model):
    _inherit = "xero.difference"

    def _note_found(self, found, looked_at):
        """Open what a comparison found, and close what agrees again; a fixed number of queries.

        :param dict found: {xero.link: (reason, values)}
        :param looked_at: links that were compared, those of ``found`` among them
        """
        known = self.search([("link_id", "in", looked_at.ids), ("state", "in", ("open", "ignored"))])
        ignored = {(row.link_id, row.fingerprint) for row in known if row.state == "ignored"}
        opened = {row.link_id: row for row in known if row.state == "open"}
        new = []
        for link, (reason, values) in found.items():
            vals = self._new_values(link, reason, values)
            row = opened.get(link)
            if (link, vals["fingerprint"]) in ignored or (row and row.fingerprint == vals["fingerprint"]):
                continue
            if row:
                row.write(vals)
            else:
                new.append(vals)
        self.create(new)
        over = known.filtered(lambda row: row.link_id not in found and row.reason in SWEPT)
        over._agree()

    def _agree(self):
        """The two sides agree again; a link that only stood for what was missing has nothing to stand for."""
        self.write({"state": "vanished"})
        self.link_id.filtered(lambda link: link.outcome == "conflict" and link.error_code in MISSING).unlink()
