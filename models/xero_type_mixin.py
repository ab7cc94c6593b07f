"""What kind of record a row speaks of, in the words of the screens: Xero's names of its resources are for the log."""

from odoo import api, fields, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)
LABELS = {
    "Contacts": _lt("Contact"),
    "Invoices": _lt("Invoice or bill"),
    "CreditNotes": _lt("Credit note"),
    "Payments": _lt("Payment"),
    "PaymentsWithoutEntry": _lt("Payment"),
    "WriteOffs": _lt("Write-off"),
    "Discounts": _lt("Discount"),
    "DiscountAllocations": _lt("Use of a discount"),
    "MoneyBesides": _lt("Money besides"),
    "Allocations": _lt("Use of credit"),
    "Overpayments": _lt("Overpayment"),
    "Prepayments": _lt("Prepayment"),
    "BankTransactions": _lt("Expense"),
    "TaxRates": _lt("Tax rate"),
    "TrackingCategories": _lt("Tracking category"),
    "TrackingOptions": _lt("Tracking option"),
    "Attachments": _lt("File"),
    "History": _lt("Link back to Odoo"),
}
# Xero's Type of a document that is only there so far
OF_XERO = {"ACCREC": "out_invoice", "ACCPAY": "in_invoice", "ACCRECCREDIT": "out_refund", "ACCPAYCREDIT": "in_refund"}


class XeroTypeMixin(models.AbstractModel):
    """For models with ``resource``, ``res_model`` and ``res_id``."""

    _name = "xero.type.mixin"
    _description = "Type of What Xero Has"

    type_name = fields.Char("Type", compute="_compute_type_name")

    @api.depends("resource", "res_model", "res_id")
    @api.depends_context("lang")
    def _compute_type_name(self):
        """One read for any number of rows."""
        documents = self.filtered(lambda row: row.resource in ("Invoices", "CreditNotes"))
        # sudo: only what kind of document it is, of rows that the user may read
        Move = self.env["account.move"].sudo()
        kinds = {move.id: move.move_type for move in Move.browse(documents.mapped("res_id")).exists()}
        words = dict(Move._fields["move_type"]._description_selection(self.env))
        for row in self:
            label = LABELS.get(row.resource)
            kind = (kinds.get(row.res_id) or row._xero_kind()) if row in documents else None
            row.type_name = words.get(kind) or (self.env._(label) if label else row.resource)

    def _xero_kind(self):
        """``move_type`` of a document that is only in Xero so far."""
        link = self if self._name == "xero.link" else self.link_id
        # sudo: what Xero said is no user's to read, but what kind of document it is they may know
        return OF_XERO.get((link.sudo().remote_item or {}).get("Type"))
