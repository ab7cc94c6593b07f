"""What an accounting document shows of its way to Xero."""

from odoo import models
from odoo.fields import Domain

from .resource_documents import KIND_OF


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "xero.state.mixin"]

    def _xero_unsent(self):
        posted = self.filtered(lambda move: move.state == "posted")
        return {
            move_id: organisation
            for resource in self.env["xero.resource"]._serving(self._name)
            for organisation, moves in resource._by_organisation(posted)
            for move_id in moves._ids
        }

    def _xero_unsent_domain(self):
        """Posted documents of the journals that an organisation takes (see ``xero.organisation._route``)."""
        organisations = self.env["xero.organisation"]
        journals = []
        for company in self.env.companies:
            for organisation_id, named in organisations._routes(company.id):
                # sudo: which way a kind goes is the same for every user
                organisation = organisations.sudo().browse(organisation_id)
                going = [move_type for move_type, kind in KIND_OF.items() if organisation._pushes(kind)]
                where = Domain("company_id", "=", company.id) & Domain("move_type", "in", going)
                journals.append(where & Domain("journal_id", "in", list(named)) if named else where)
        return Domain.OR(journals) & Domain("state", "=", "posted")
