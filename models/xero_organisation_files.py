"""What an organisation gets besides the documents themselves."""

from odoo import fields, models


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    send_pdf = fields.Boolean(
        "Send the PDF", tracking=True,
        help="Put the PDF of each customer invoice and credit note on the document in Xero, where the customer finds "
        "it with the online invoice. It costs one more call per document, and one more whenever the document changes: "
        "1,000 documents are 1,000 calls instead of 20 for them alone. Documents that are in Xero already get it when "
        "they change.",
    )  # fmt: skip
    note_credit_notes = fields.Boolean(
        "Link in credit notes", default=True, tracking=True,
        help="Write the way back to Odoo into the history of each credit note that is created in Xero: Xero keeps a "
        "link of invoices, bills and bank transactions, but not of credit notes. It costs one more call for each.",
    )  # fmt: skip
