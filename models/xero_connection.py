"""One authorisation at Xero: the app's credentials and the token set it was given."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..xero import oauth
from .connection_problems import AppChanged, sentence
from .vault import KeyUnusable, seal, unseal

MANAGER = "xero_integration.group_xero_manager"
CALLBACK = "/xero/oauth/callback"
DEVELOPER_SITE = "https://developer.xero.com/app/manage"
# Without these nothing works at all: no settings are read, and half an hour after the consent all is over.
ESSENTIAL_SCOPES = ("offline_access", "accounting.settings.read")


class XeroConnection(models.Model):
    _name = "xero.connection"
    _description = "Xero Connection"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _allow_sudo_commands = False
    _order = "company_id, id"

    name = fields.Char(required=True, default="Xero")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    client_id = fields.Char("Client id", copy=False)
    # Written by people, readable by nobody: the inverse seals it into the next field (S4.11).
    client_secret = fields.Char(
        "Client secret",
        compute="_compute_client_secret",
        inverse="_inverse_client_secret",
        copy=False,
        exportable=False,
    )
    has_client_secret = fields.Boolean(compute="_compute_has_client_secret")
    has_credentials = fields.Boolean(compute="_compute_has_client_secret", help="Client id and secret are saved.")
    secret_placeholder = fields.Char(compute="_compute_has_client_secret")
    client_secret_encrypted = fields.Char(groups=fields.NO_ACCESS, copy=False)
    token_encrypted = fields.Text(groups=fields.NO_ACCESS, copy=False)
    token_expires_at = fields.Datetime(readonly=True, copy=False, help="When the access token ends (UTC).")
    token_refreshed_at = fields.Datetime(readonly=True, copy=False, help="Last rotation of the refresh token (UTC).")
    refresh_days_left = fields.Integer(
        compute="_compute_refresh_days_left", help="Days until the authorisation ends if it is not used at all."
    )
    scopes = fields.Char(default=lambda self: self._default_scopes(), help="What Xero is asked for, space separated.")
    granted_scopes = fields.Char(readonly=True, copy=False)
    authentication_event_id = fields.Char(readonly=True, copy=False)
    authorised_user_id = fields.Many2one("res.users", "Connected by", readonly=True, copy=False)
    xero_user_id = fields.Char(readonly=True, copy=False, help="xero_userid of the person who consented.")
    xero_user_name = fields.Char("Xero account", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("new", "Not configured"),
            ("configured", "Configured"),
            ("connected", "Connected"),
            ("broken", "Needs attention"),
            ("disconnected", "Disconnected"),
        ],
        default="new", required=True, readonly=True, copy=False, index=True, tracking=True,
    )  # fmt: skip
    error_code = fields.Char(readonly=True, copy=False)
    error_detail = fields.Char(readonly=True, copy=False)
    error_message = fields.Text(compute="_compute_error_message")
    consent_pending = fields.Boolean(
        readonly=True, copy=False, help="A consent came in whose organisations are not looked at yet."
    )
    offered = fields.Json(
        readonly=True,
        copy=False,
        help="Organisations of the last look at Xero: [{tenant_id, name, xero_connection_id, picked}].",
    )
    offered_names = fields.Char(compute="_compute_offered_names", help="Granted by Xero, not used here yet.")
    organisation_ids = fields.One2many("xero.organisation", "connection_id")
    organisation_names = fields.Char(compute="_compute_organisation_names")
    unready_names = fields.Char(
        compute="_compute_unready_names", help="Connected, but accounts and taxes are not chosen yet (S2.22, S2.24)."
    )
    redirect_url = fields.Char("Redirect URI", compute="_compute_urls")
    company_url = fields.Char("Company or application URL", compute="_compute_urls")
    url_warning = fields.Char(compute="_compute_urls")

    # ---- constraints ----------------------------------------------------------------------

    @api.constrains("scopes")
    def _check_scopes(self):
        for connection in self:
            missing = oauth.missing_scopes(ESSENTIAL_SCOPES, connection.scopes)
            if missing:
                raise ValidationError(
                    self.env._("Without the scope %(scopes)s nothing works: put it back.", scopes=", ".join(missing))
                )

    # ---- computes -------------------------------------------------------------------------

    def _default_scopes(self):
        return " ".join(oauth.SCOPES)

    def _compute_client_secret(self):
        self.client_secret = False

    @api.depends("client_secret_encrypted", "client_id")
    def _compute_has_client_secret(self):
        for connection in self:
            # sudo: the field is hidden from everybody; whether there is one is no secret.
            connection.has_client_secret = bool(connection.sudo().client_secret_encrypted)
            connection.has_credentials = bool(connection.has_client_secret and connection.client_id)
            connection.secret_placeholder = "••••••••••••" if connection.has_client_secret else ""

    @api.depends("token_refreshed_at")
    def _compute_refresh_days_left(self):
        for connection in self:
            since = connection.token_refreshed_at
            connection.refresh_days_left = max(0, 60 - (fields.Datetime.now() - since).days) if since else 0

    @api.depends("error_code", "error_detail")
    @api.depends_context("lang")
    def _compute_error_message(self):
        for connection in self:
            connection.error_message = connection.error_code and sentence(
                self.env, connection.error_code, {"detail": connection.error_detail or ""}
            )

    @api.depends("organisation_ids.name", "organisation_ids.state")
    def _compute_organisation_names(self):
        for connection in self:
            live = connection.organisation_ids.filtered(lambda organisation: organisation.state == "connected")
            connection.organisation_names = ", ".join(live.mapped("name"))

    @api.depends("organisation_ids.state", "organisation_ids.mapping_ready")
    def _compute_unready_names(self):
        for connection in self:
            connection.unready_names = ", ".join(connection._unready().mapped("name"))

    def _unready(self):
        return self.organisation_ids.filtered(lambda o: o.state == "connected" and not o.mapping_ready)

    @api.depends("offered", "organisation_ids.state")
    def _compute_offered_names(self):
        for connection in self:
            connection.offered_names = ", ".join(offer["name"] for offer in connection._unused_offers())

    def _unused_offers(self):
        """What Xero grants and nobody uses here: list of offers."""
        if self.state != "connected":
            return []
        used = self._live_tenants()
        return [offer for offer in self.offered or [] if offer["tenant_id"] not in used]

    def _compute_urls(self):
        base = self._xero_base_url()
        warning = ""
        if base.startswith("http://") and not base.startswith("http://localhost"):
            warning = self.env._(
                "Xero takes only https addresses (http only for localhost). Open Odoo under its https address as an "
                "administrator, or correct the system parameter web.base.url, before you create the app."
            )
        for connection in self:
            connection.company_url = base
            connection.redirect_url = base + CALLBACK
            connection.url_warning = warning

    @api.model
    def _xero_base_url(self):
        """Odoo's own address as Xero wants it: it knows ``localhost``, but not ``127.0.0.1``."""
        base = self.browse().get_base_url().rstrip("/")  # Odoo's takes one record at most; ours is the same for all
        for loopback in ("http://127.0.0.1", "http://[::1]"):
            if base == loopback or base.startswith(f"{loopback}:"):
                base = base.replace(loopback, "http://localhost", 1)
        return base

    # ---- the client secret ----------------------------------------------------------------

    def _inverse_client_secret(self):
        for connection in self:
            secret = (connection.client_secret or "").strip()
            if secret:
                try:
                    sealed = seal(self.env, connection._owner("client_secret"), secret)
                except KeyUnusable as error:
                    raise UserError(sentence(self.env, "key_unusable")) from error
                connection.sudo().client_secret_encrypted = sealed  # sudo: nobody has access to the field itself

    def _owner(self, secret):
        return f"{self._name}/{self.id}/{secret}"

    def _secret(self):
        """The client secret in clear; never store, log or return it to a client.

        :raise SealBroken:
        """
        self.ensure_one()
        sealed = self.sudo().client_secret_encrypted  # sudo: hidden field
        return unseal(self.env, self._owner("client_secret"), sealed) if sealed else None

    # ---- CRUD -----------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        connections = super().create([self._stripped(vals) for vals in vals_list])
        connections._forget_written_secret()
        connections._follow_credentials()
        return connections

    def write(self, vals):
        vals = self._stripped(vals)
        other_app = self.filtered(lambda c: "client_id" in vals and (c.client_id or "") != (vals["client_id"] or ""))
        result = super().write(vals)
        if vals.get("client_secret"):
            self._forget_written_secret()
        if other_app:
            other_app._leave_app()
        if other_app or vals.get("client_secret"):
            self._follow_credentials()
        return result

    @staticmethod
    def _stripped(vals):
        """Copied text often brings a blank along."""
        return {
            key: value.strip() if key in ("client_id", "client_secret", "scopes") and isinstance(value, str) else value
            for key, value in vals.items()
        }

    def _forget_written_secret(self):
        """What was written stands in the cache until the end of the request: nothing in it may read it back."""
        self.invalidate_recordset(["client_secret", "has_client_secret", "has_credentials", "secret_placeholder"])

    def _leave_app(self):
        """Another client id is another app at Xero: tokens of the former one are worth nothing to it."""
        signed_in = self.filtered(lambda connection: connection.state in ("connected", "broken"))
        # sudo: hidden field
        self.sudo().write({
            "token_encrypted": False, "token_expires_at": False, "token_refreshed_at": False, "granted_scopes": False,
            "authentication_event_id": False, "xero_user_id": False, "xero_user_name": False, "offered": False,
            "error_code": False, "error_detail": False, "state": "new",
        })  # fmt: skip
        signed_in.error_code = AppChanged.code

    def _follow_credentials(self):
        """New credentials: the state follows, the next call proves them, and every test before them is void (S1.34)."""
        for connection in self:
            if connection.state in ("new", "configured"):
                connection.state = "configured" if connection.has_credentials else "new"
            elif connection.token_expires_at:
                connection.token_expires_at = fields.Datetime.now()
        self._void_tests()

    def _every_organisation(self):
        """All that hang on these lines, also archived ones and those of companies that the user does not see."""
        # sudo: an authorisation begins and ends for all of them. A search, because ``organisation_ids`` may stand in
        # the cache as the user sees it.
        Organisation = self.env["xero.organisation"].sudo().with_context(active_test=False)
        return Organisation.search([("connection_id", "in", self.ids)])

    def _void_tests(self):
        self._every_organisation().filtered("test_passed").write({"test_passed": False})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.organisation_ids:
            raise UserError(
                self.env._("This connection has organisations. Disconnect them; the connection stays as their history.")
            )

    # ---- who may ----------------------------------------------------------------------------

    def _check_manager(self):
        """Buttons are hidden from others; this is for those who call the method all the same.

        :raise AccessError: names the missing right
        """
        self._check_group()
        self.check_access("write")

    @api.model
    def _check_group(self):
        """:raise AccessError: names the missing right"""
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._(
                    "You need the right “Xero: manage integrations” for this. Ask an administrator to give it to you."
                )
            )

    # ---- actions --------------------------------------------------------------------------

    def action_connect(self):
        """To Xero's consent page, by way of our own controller: only that knows the session it will come back to."""
        self.ensure_one()
        self._check_manager()
        return self._connect_action("connection")

    def _connect_action(self, back):
        if not self.has_credentials:
            raise UserError(sentence(self.env, "credentials_absent"))
        return {"type": "ir.actions.act_url", "url": f"/xero/oauth/start/{self.id}?back={back}", "target": "self"}

    def action_choose_organisations(self):
        """Offer what Xero grants now."""
        self.ensure_one()
        self._check_manager()
        return self.env["xero.choose.organisations"]._open(self)

    def action_open_organisations(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_integration.action_xero_organisation")
        action["domain"] = [("connection_id", "=", self.id)]
        if len(self.organisation_ids) == 1:
            action |= {"views": [(False, "form")], "res_id": self.organisation_ids.id}
        return action

    def action_open_mapping(self):
        """What is next after the consent: accounts and taxes of the organisation that lacks them."""
        self.ensure_one()
        unready = self._unready()
        return unready.action_open_mapping() if len(unready) == 1 else self.action_open_organisations()

    @api.model
    def action_open_settings(self):
        """The menu Xero > Settings: the company's connection, or a new one to fill in."""
        self.env["xero.connection"].browse()._check_manager()
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_integration.action_xero_connection")
        connections = self.search([("company_id", "=", self.env.company.id)])
        if len(connections) < 2:
            action |= {"views": [(False, "form")], "res_id": connections.id}
        return action
