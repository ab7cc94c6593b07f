"""Posted invoices and bills as Xero's Invoices."""

from odoo import models

NUMBERS_PER_READ = 25  # at most 255 characters each


class XeroResourceInvoices(models.AbstractModel):
    _name = "xero.resource.invoices"
    _inherit = "xero.resource.documents"
    _description = "Xero Invoices"

    _resource = "Invoices"
    _id_key = "InvoiceID"
    _number_key = "InvoiceNumber"
    _move_types = ("out_invoice", "out_receipt", "in_invoice", "in_receipt")
    _kinds = ("invoices", "bills")

    def _questions(self, numbers, sent_at):
        """As few reads as fit: numbers are joined by commas in an address that must not grow without end.

        :param sent_at: when they were sent (UTC); None where that says nothing about when they were made
        """
        plain = [number for number in numbers if "," not in number]
        questions = [
            {"InvoiceNumbers": plain[first : first + NUMBERS_PER_READ]}
            for first in range(0, len(plain), NUMBERS_PER_READ)
        ]
        return questions + [self._question_of_number(number) for number in numbers if "," in number]

    def _sweep_params(self, organisation):
        return super()._sweep_params(organisation) | {"summaryOnly": "true"}
