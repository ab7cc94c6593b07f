"""Which organisation takes what: by its company, and by the journals that it names. Asked in users' transactions."""

from odoo import api, models, tools


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    @api.model
    @tools.ormcache("company_id")
    def _routes(self, company_id):
        """Which organisations take the documents of a company.

        :return tuple: ((organisation id, frozenset of journal ids or None for "the rest"), ...)
        """
        # sudo: routing is the same for every user, whatever they may see of the integration.
        organisations = self.sudo().search([("company_id", "=", company_id)], order="id")
        routes, rest = [], False
        for organisation in organisations:
            named = frozenset(organisation.journal_ids.ids)
            if named or rest:  # what was made in its Xero is its own, too
                named |= frozenset(organisation.incoming_journal_id.ids)
            rest = rest or not organisation.journal_ids
            routes.append((organisation.id, named or None))
        return tuple(routes)

    def _route(self, company_id, journal_id):
        """Ids of the organisations that take documents of this journal: those that name it, else the company's first
        that names none. A document never goes to two sets of books unless somebody said so."""
        routes = self._routes(company_id)
        named = [organisation_id for organisation_id, journals in routes if journals and journal_id in journals]
        return named or [organisation_id for organisation_id, journals in routes if not journals][:1]

    @api.model
    @tools.ormcache()
    def _all_ids(self):
        """Ids of every organisation."""
        # sudo: as above
        return tuple(self.sudo().search([("active", "=", True)], order="id").ids)

    def _clear_routes(self):
        self.env.registry.clear_cache()

    @api.model_create_multi
    def create(self, vals_list):
        organisations = super().create(vals_list)
        self._clear_routes()
        return organisations

    def write(self, vals):
        result = super().write(vals)
        if {"company_id", "state", "journal_ids", "incoming_journal_id", "active"} & vals.keys():
            self._clear_routes()
        return result

    def unlink(self):
        result = super().unlink()
        self._clear_routes()
        return result
