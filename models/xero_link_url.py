"""Where a person finds the document at Xero (platform notes, "Deep links")."""

import os

from odoo import api, fields, models, tools

from ..xero import Hosts

XERO = "https://go.xero.com"
APP = "/app/%(organisation)s/"
# Older pages need the organisation to be entered first.
ENTER = "/organisationlogin/default.aspx?shortcode=%(organisation)s&redirecturl="
PAGES = {
    "Contacts": APP + "contacts/contact/%(id)s",
    ("Invoices", "sale"): APP + "invoicing/view/%(id)s",
    ("Invoices", "purchase"): ENTER + "/AccountsPayable/Edit.aspx?InvoiceID=%(id)s",
    ("CreditNotes", "sale"): ENTER + "/AccountsReceivable/ViewCreditNote.aspx?creditNoteID=%(id)s",
    ("CreditNotes", "purchase"): ENTER + "/AccountsPayable/ViewCreditNote.aspx?creditNoteID=%(id)s",
    # Xero's page of a bank transaction shows payments too, under the same parameter.
    "Payments": ENTER + "/Bank/ViewTransaction.aspx?bankTransactionID=%(id)s",
    "PaymentsWithoutEntry": ENTER + "/Bank/ViewTransaction.aspx?bankTransactionID=%(id)s",
    "Discounts": ENTER + "/AccountsReceivable/ViewCreditNote.aspx?creditNoteID=%(id)s",
    "MoneyBesides": ENTER + "/Bank/ViewTransaction.aspx?bankTransactionID=%(id)s",
    "WriteOffs": ENTER + "/Bank/ViewTransaction.aspx?bankTransactionID=%(id)s",
    "BankTransactions": ENTER + "/Bank/ViewTransaction.aspx?bankTransactionID=%(id)s",
}
# Credit has no page of its own: the bank transaction that it came with has.
CREDIT = ("Overpayments", "Prepayments")
TWO_SIDED = ("Invoices", "CreditNotes")


class XeroLink(models.Model):
    _inherit = "xero.link"

    xero_url = fields.Char("Page in Xero", compute="_compute_xero_url")

    @api.depends("xero_id", "resource", "res_model", "res_id", "remote", "remote_item", "organisation_id.short_code")
    def _compute_xero_url(self):
        base, sides = self._xero_pages_base(), self._xero_sides()
        for link in self:
            # sudo: the short code is part of an address that the user may see, whatever else of the organisation not.
            short_code = link.organisation_id.sudo().short_code
            credit = link.resource in CREDIT
            xero_id = (link.remote or {}).get("transaction") if credit else link.xero_id
            resource = "BankTransactions" if credit else link.resource
            page = PAGES.get((resource, sides[link]) if link in sides else resource)
            known = xero_id and short_code and page
            link.xero_url = base + page % {"organisation": short_code, "id": xero_id} if known else False

    def _xero_sides(self):
        """``{link: sale or purchase}`` of those whose page depends on it; what is only at Xero says it itself."""
        documents = self.filtered(lambda link: link.resource in TWO_SIDED)
        # sudo: only on which side a document stands
        moves = self.env["account.move"].sudo().browse(documents.mapped("res_id")).exists()
        purchases = set(moves.filtered(lambda move: move.is_purchase_document(include_receipts=True)).ids)
        return {
            link: "purchase"
            if link.res_id in purchases or ((link.remote_item or {}).get("Type") or "").startswith("ACCPAY")
            else "sale"
            for link in documents
        }

    @api.model
    def _xero_pages_base(self):
        """Xero's site, or the simulator's when the server's configuration names one (loopback only)."""
        configured = tools.config.get("xero_base_url") or os.environ.get("XERO_BASE_URL")
        try:
            hosts = Hosts.from_base_url(configured)
        except ValueError:
            return XERO  # connecting complains about it; no invoice becomes unreadable for that
        return hosts.connections_url.removesuffix("/connections") if hosts.loopback else XERO
