"""Looking at Xero's copy before ours goes over it, where it is not read anyway; and weighing again what was seen."""

from odoo import models
from odoo.tools import SQL

from ..xero.resources import describe
from .resource_pull import CHUNK
from .resource_take_in import Incoming
from .resources import WINDOW


class XeroResource(models.AbstractModel):
    _inherit = "xero.resource"

    def _look_steps(self, organisation, run):
        """While auto-sync is off nothing is read; but what a person sends must not go over what Xero changed, nor is
        what a person takes over once more to be what Xero said long ago."""
        listed = describe(self._resource).paged  # options and rates are no list that could be asked for some
        xero_ids = self._sent_by_hand(organisation) if listed else []
        for first in range(0, len(xero_ids), CHUNK):
            items = self._ask_for_all(organisation, run, xero_ids[first : first + CHUNK])
            self._receive(organisation, run, items)
            yield 0
            if not organisation._may_call():
                return

    def _sent_by_hand(self, organisation):
        """Xero's ids of what people asked to send or to take over once more, as many as go in one pass. :rtype: list"""
        return [xero_id for (xero_id,) in self.env.execute_query(SQL(
            """SELECT l.xero_id FROM xero_change c JOIN xero_link l ON l.organisation_id = c.organisation_id
                      AND l.resource = c.resource AND l.res_model = c.res_model AND l.res_id = c.res_id
                WHERE c.organisation_id = %s AND c.resource = %s AND c.res_model = %s AND l.xero_id IS NOT NULL
                  AND (c.link_id IS NULL AND c.by_hand AND c.kind != 'needed' OR c.link_id = l.id AND c.kind = 'retry')
                  AND l.outcome NOT IN ('exempt', 'in_doubt')
                GROUP BY l.xero_id ORDER BY min(c.id) LIMIT %s""",
            organisation.id, self._resource, self._res_model, WINDOW,
        ))]  # fmt: skip

    def _weigh_again(self, organisation, run, links):
        """What Xero says is kept on these and could not be taken over; meanwhile the record here changed (again).

        A difference shows what both say now, or is none any more. Of what waits for something else, a person's word
        that Xero's counts was about the record as it was.
        """
        waiting = links.filtered(lambda link: link.remote_item and link.outcome != "exempt")
        waiting.filtered("xero_counts").write({"xero_counts": False})
        differing = waiting.filtered(lambda link: link.outcome == "conflict" and link.error_code == "both_changed")
        if differing:
            news = [Incoming(link.remote_item, self._remote_digest(link.remote_item), link) for link in differing]
            self._take_in(organisation, run, news)
