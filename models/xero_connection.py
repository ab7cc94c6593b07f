"""One authorisation at Xero: the app's credentials and the token set it was given."""

from odoo import fields, models


class XeroConnection(models.Model):
    _name = "xero.connection"
    _description = "Xero Connection"
    _inherit = ["mail.thread"]
    _check_company_auto = True
    _allow_sudo_commands = False

    name = fields.Char(required=True, default="Xero")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    client_id = fields.Char("Client id", copy=False)
    # Written by people, readable by nobody: the inverse encrypts it into the next field (S4.11).
    client_secret = fields.Char(compute="_compute_client_secret", inverse="_inverse_client_secret", copy=False)
    has_client_secret = fields.Boolean(compute="_compute_has_client_secret")
    client_secret_encrypted = fields.Char(groups=fields.NO_ACCESS, copy=False)
    token_encrypted = fields.Text(groups=fields.NO_ACCESS, copy=False)
    token_expires_at = fields.Datetime(readonly=True, copy=False, help="When the access token ends (UTC).")
    token_refreshed_at = fields.Datetime(readonly=True, copy=False, help="Last rotation of the refresh token (UTC).")
    scopes = fields.Char(default=lambda self: self._default_scopes(), help="What Xero is asked for, space separated.")
    granted_scopes = fields.Char(readonly=True, copy=False)
    authentication_event_id = fields.Char(readonly=True, copy=False)
    authorised_user_id = fields.Many2one("res.users", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("new", "Not configured"),
            ("configured", "Configured"),
            ("connected", "Connected"),
            ("broken", "Needs attention"),
            ("disconnected", "Disconnected"),
        ],
        default="new", required=True, readonly=True, copy=False, index=True,
    )
    error_code = fields.Char(readonly=True, copy=False)
    error_message = fields.Text(readonly=True, copy=False)
    organisation_ids = fields.One2many("xero.organisation", "connection_id")
    redirect_url = fields.Char(compute="_compute_urls")
    company_url = fields.Char(compute="_compute_urls")

    def _default_scopes(self):
        return ""

    def _compute_client_secret(self):
        self.client_secret = False

    def _inverse_client_secret(self):
        return

    def _compute_has_client_secret(self):
        self.has_client_secret = False

    def _compute_urls(self):
        self.redirect_url = self.company_url = False
