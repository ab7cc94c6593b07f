"""Posted invoices and bills as Xero's Invoices."""

from odoo import models

from ..xero.questions import in_questions


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
        plain = [number for number in numbers if "," not in number]
        questions = [{"InvoiceNumbers": some} for some in in_questions(plain, ",")]
        return questions + [self._question_of_number(number) for number in numbers if "," in number]

    def _sweep_params(self, organisation):
        return super()._sweep_params(organisation) | {"summaryOnly": "true"}
