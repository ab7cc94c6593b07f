"""What is queued of an organisation: which resources have something to do at all, found with one query.

A pass of the worker asks every resource. Most have nothing, and with many organisations that is what a quiet night
costs.
"""

from odoo import fields, models
from odoo.tools import SQL

from .resources import RESOURCES


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    def _queued(self, run):
        """Resources with changes to look at, or links whose time has come; kept on ``run`` until something happens.

        :return dict: {``out``: what may go to Xero, ``in``: what came from there and waits}, each a set of names of
            models
        """
        if run.queued is None:
            rows = self._probe()
            run.queued = {
                "out": {name for name, goes, _waits in rows if goes},
                "in": {name for name, _goes, waits in rows if waits},
            }
        return run.queued

    def _probe(self):
        """:return list: ``[(name of a model, whether something may go, whether something waits here)]``"""
        self.env["xero.change"].flush_model(["organisation_id", "resource", "res_model", "link_id"])
        self.env["xero.link"].flush_model(["organisation_id", "resource", "res_model", "next_attempt", "remote_item"])
        served = SQL(", ").join(
            SQL("(%s, %s, %s)", name, self.env[name]._resource, self.env[name]._res_model) for name in RESOURCES
        )
        return self.env.execute_query(SQL(
            """SELECT served.name,
                      EXISTS (SELECT FROM xero_change c
                               WHERE c.organisation_id = %(organisation)s AND c.resource = served.resource
                                 AND c.res_model = served.res_model AND c.link_id IS NULL)
                   OR EXISTS (SELECT FROM xero_link l
                               WHERE l.organisation_id = %(organisation)s AND l.resource = served.resource
                                 AND l.res_model = served.res_model AND l.next_attempt <= %(now)s
                                 AND l.remote_item IS NULL),
                      EXISTS (SELECT FROM xero_change c
                               WHERE c.organisation_id = %(organisation)s AND c.resource = served.resource
                                 AND c.res_model = served.res_model AND c.link_id IS NOT NULL)
                   OR EXISTS (SELECT FROM xero_link l
                               WHERE l.organisation_id = %(organisation)s AND l.resource = served.resource
                                 AND l.res_model = served.res_model AND l.next_attempt <= %(now)s
                                 AND l.remote_item IS NOT NULL)
                 FROM (VALUES %(served)s) AS served (name, resource, res_model)""",
            organisation=self.id, served=served, now=fields.Datetime.now(),
        ))  # fmt: skip
