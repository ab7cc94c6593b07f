"""What a payment shows of its way to Xero: one part per document that it paid, what is left as credit, or an expense.

A Xero Payment is for one document, so most payments have no link of their own: their matchings have (``matching.py``).
"""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .matching import CONTROL, control_lines
from .resource_overpayments import POSTED, TYPES

PARTIAL = "account.partial.reconcile"


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["account.payment", "xero.state.mixin"]

    # ---- its parts -------------------------------------------------------------------------------

    def _xero_parts(self):
        """The matchings with documents, also those that were taken back here and could not be in Xero."""
        parts = {}
        # sudo: who sees a payment may know how it stands, whatever else of the matched documents
        payments = {payment.move_id.id: payment.id for payment in self._origin.sudo()}
        # as one recordset: what is read of one line is read of all
        for line in control_lines(self._origin.sudo().move_id):
            for partial in line.matched_debit_ids | line.matched_credit_ids:
                parts.setdefault(partial.id, []).append(payments[line.move_id.id])
        for partial_id, payment_id in self._xero_taken_back():
            parts.setdefault(partial_id, []).append(payment_id)
        return {PARTIAL: parts}

    def _xero_taken_back(self):
        """[(id of a matching that is gone, payment id)]: the link remembers what it was of."""
        if not self._origin:
            return []
        self.env["xero.link"].flush_model(["remote", "outcome", "res_model", "organisation_id"])
        return self.env.execute_query(SQL(
            """SELECT l.res_id, (l.remote->>'payment')::integer FROM xero_link l
                WHERE l.res_model = %s AND l.outcome != 'synced' AND (l.remote->>'payment')::integer IN %s
                  AND NOT EXISTS (SELECT FROM account_partial_reconcile p WHERE p.id = l.res_id)""",
            PARTIAL, tuple(self._origin.ids),
        ))  # fmt: skip

    def _xero_known(self, model, domain):
        own = super()._xero_known(model, domain)
        found = model._search(self._xero_about() & Domain("res_model", "=", PARTIAL) & Domain(domain))
        for name in ("origin_payment_id", "line_ids"):
            self.env["account.move"].flush_model([name])
        self.env["xero.link"].flush_model(["remote"])
        self.env[PARTIAL].flush_model(["debit_move_id", "credit_move_id"])
        return own | Domain("id", "in", SQL(
            """(WITH found AS (%s)
                SELECT m.origin_payment_id FROM found
                  JOIN account_partial_reconcile p ON p.id = found.res_id
                  JOIN account_move_line line ON line.id IN (p.debit_move_id, p.credit_move_id)
                  JOIN account_move m ON m.id = line.move_id
                 WHERE m.origin_payment_id IS NOT NULL
                UNION
                SELECT (l.remote->>'payment')::integer FROM found
                  JOIN xero_link l ON l.res_model = %s AND l.res_id = found.res_id
                 WHERE l.outcome != 'synced' AND l.remote->>'payment' IS NOT NULL)""",
            found.select("res_id"), PARTIAL,
        ))  # fmt: skip

    # ---- what nobody queued ------------------------------------------------------------------------

    def _xero_unsent(self):
        posted = Domain("id", "in", self.filtered(lambda payment: payment.state in POSTED).ids)
        # sudo: as above
        return {
            payment_id: organisation
            for organisation, owed in (self._xero_owed() if not posted.is_false() else ())
            for payment_id in self.sudo()._search(owed & posted).get_result_ids()
        }

    def _xero_unsent_domain(self):
        return Domain.OR(owed for _organisation, owed in self._xero_owed()) & Domain("state", "in", POSTED)

    def _xero_owed(self):
        """[(organisation, domain of the payments that it should have)], in the companies the user works in."""
        # sudo: which way payments go is the same for every user
        Organisation = self.env["xero.organisation"].sudo()
        return [
            (organisation, Domain("company_id", "=", company.id) & self._xero_owed_to(organisation))
            for company in self.env.companies
            for organisation in Organisation.browse([one for one, _journals in Organisation._routes(company.id)])
        ]

    def _xero_owed_to(self, organisation):
        owed = []
        if organisation._pushes("payments"):
            documents = self.env["account.move"]._xero_unsent_domain()
            owed.append(Domain("move_id", "=", False) & Domain("invoice_ids", "any", documents))
            for side in ("debit", "credit"):
                owed.append(Domain(
                    f"move_id.line_ids.matched_{side}_ids", "any", [(f"{side}_move_id.move_id", "any", documents)]
                ))  # fmt: skip
            if organisation.send_unmatched:
                free = [("account_id.account_type", "in", CONTROL), ("reconciled", "=", False)]
                owed += [
                    Domain([("payment_type", "=", payment_type), ("partner_type", "=", partner_type),
                            ("partner_id", "!=", False), ("move_id.line_ids", "any", free)])
                    for payment_type, partner_type in TYPES
                ]  # fmt: skip
        if organisation._pushes("expenses"):
            transfer = organisation.company_id.transfer_account_id.id
            settled = ["|", ("account_id.account_type", "in", CONTROL), ("account_id", "=", transfer)]
            owed.append(Domain([
                ("payment_type", "=", "outbound"), ("move_id", "!=", False), ("move_id.line_ids", "not any", settled),
            ]))  # fmt: skip
        recorded_there = [journal for journal, who in organisation._recorded_by().items() if who == "xero"]
        return Domain.OR(owed) & Domain("journal_id", "not in", recorded_there)
