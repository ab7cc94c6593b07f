"""Posted credit notes as Xero's CreditNotes: documents like the invoices, without a due date and without a Url."""

from datetime import timedelta

from odoo import models

FEW = 3
CLOCKS = timedelta(minutes=15)  # Xero's and ours need not agree


class XeroResourceCreditNotes(models.AbstractModel):
    _name = "xero.resource.credit.notes"
    _inherit = "xero.resource.documents"
    _description = "Xero Credit Notes"

    _resource = "CreditNotes"
    _id_key = "CreditNoteID"
    _number_key = "CreditNoteNumber"
    _move_types = ("out_refund", "in_refund")
    _kinds = ("credit_notes",)

    def _questions(self, numbers, sent_at):
        """Xero cannot list credit notes by their numbers: a few are asked for one by one, many are found among all that
        changed since they were sent."""
        if len(numbers) <= FEW or not sent_at:
            return [self._question_of_number(number) for number in numbers]
        return [{"modified_since": sent_at - CLOCKS}]
