"""What is let in later comes, too: where more may come than before, all of it is read once more."""

from odoo import models

# What Xero lists of before a day only when it is asked for it, and the payments on it, which were of no interest.
DATED = ["Invoices", "CreditNotes", "Overpayments", "Prepayments", "Payments"]
# Kinds that share a list with others, whose reading has passed them by as long as they were not let in.
SHARED = {
    "invoices": ["Invoices", "Payments"], "bills": ["Invoices", "Payments"],
    "credit_notes": ["CreditNotes", "Payments"],
}  # fmt: skip


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    def write(self, vals):
        before = {organisation.id: organisation.pull_from for organisation in self} if "pull_from" in vals else {}
        result = super().write(vals)
        earlier = self.filtered(
            lambda organisation: before.get(organisation.id)
            and (not organisation.pull_from or organisation.pull_from < before[organisation.id])
        )
        earlier._read_anew(DATED)
        return result

    def _read_anew(self, resources):
        """The next look reads everything, and at once. :param resources: Xero's names"""
        if self:
            self.env["xero.cursor"].sudo().search(  # sudo: the worker's own notes
                [("organisation_id", "in", self.ids), ("resource", "in", resources)]
            )._read_anew()


class XeroPolicy(models.Model):
    _inherit = "xero.policy"

    def write(self, vals):
        closed = self.filtered(lambda policy: not policy.organisation_id._pulls(policy.kind))
        result = super().write(vals)
        for policy in closed:
            if policy.organisation_id._pulls(policy.kind):
                policy.organisation_id._read_anew(SHARED.get(policy.kind, []))
        return result
