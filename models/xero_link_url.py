"""Where a person finds the document at Xero (platform notes, "Deep links")."""

import os

from odoo import api, fields, models, tools

from ..xero import Hosts

XERO = "https://go.xero.com"
# After the organisation's short code; older pages need the organisation to be entered first.
PAGES = {"Invoices": "invoicing/view/%s", "Contacts": "contacts/contact/%s"}


class XeroLink(models.Model):
    _inherit = "xero.link"

    xero_url = fields.Char("Page in Xero", compute="_compute_xero_url")

    @api.depends("xero_id", "resource", "organisation_id.short_code")
    def _compute_xero_url(self):
        base = self._xero_pages_base()
        for link in self:
            # sudo: the short code is part of an address that the user may see, whatever else of the organisation not.
            short_code = link.organisation_id.sudo().short_code
            page = PAGES.get(link.resource)
            known = link.xero_id and short_code and page
            link.xero_url = f"{base}/app/{short_code}/{page % link.xero_id}" if known else False

    @api.model
    def _xero_pages_base(self):
        """Xero's site, or the simulator's when the server's configuration names one (loopback only)."""
        configured = tools.config.get("xero_base_url") or os.environ.get("XERO_BASE_URL")
        try:
            hosts = Hosts.from_base_url(configured)
        except ValueError:
            return XERO  # connecting complains about it; no invoice becomes unreadable for that
        return hosts.connections_url.removesuffix("/connections") if hosts.loopback else XERO
