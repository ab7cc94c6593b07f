"""One Xero tenant, tied to one company: its settings, its worker's health, what is left of its call budget."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..xero import errors
from .connection_problems import sentence_of
from .xero_connection import MANAGER

CRON_MINUTES = 15


class XeroOrganisation(models.Model):
    _name = "xero.organisation"
    _description = "Xero Organisation"
    _inherit = ["mail.thread"]
    _check_company_auto = True
    _order = "company_id, name, id"

    name = fields.Char(required=True, tracking=True, help="The organisation's name at Xero.")
    active = fields.Boolean(default=True)
    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    tenant_id = fields.Char("TenantId", required=True, readonly=True, copy=False)
    xero_connection_id = fields.Char(
        readonly=True, copy=False, help="The id of the row at GET /connections, for DELETE."
    )
    state = fields.Selection(
        [("connected", "Connected"), ("disconnected", "Disconnected"), ("gone", "No longer granted")],
        default="disconnected", required=True, readonly=True, copy=False, index=True, tracking=True,
        help="Connected: calls may be made. Disconnected: a person stopped it. No longer granted: Xero says so.",
    )  # fmt: skip
    cron_id = fields.Many2one("ir.cron", readonly=True, copy=False, ondelete="restrict")
    auto_sync = fields.Boolean(
        tracking=True, help="Off: only what a person sends by hand goes to Xero; the rest queues up."
    )

    # Facts of Xero's Organisation, refreshed with the test and the reference data.
    short_code = fields.Char(readonly=True)
    country_code = fields.Char("Country", readonly=True)
    base_currency = fields.Char(readonly=True)
    timezone = fields.Char(readonly=True)
    period_lock_date = fields.Date(readonly=True)
    year_lock_date = fields.Date(readonly=True)
    organisation_data = fields.Json(readonly=True, groups=MANAGER)
    reference_refreshed_at = fields.Datetime(readonly=True)

    # What people choose.
    journal_ids = fields.Many2many(
        "account.journal", check_company=True,
        help="Journals whose documents belong here. "
        "Empty: every journal that no other organisation of the company names.",
    )  # fmt: skip
    invoice_status = fields.Selection(
        [("DRAFT", "Draft"), ("SUBMITTED", "Awaiting approval"), ("AUTHORISED", "Authorised")],
        default="AUTHORISED", required=True, tracking=True,
        help="Payments can be recorded in Xero only on authorised invoices.",
    )  # fmt: skip
    bill_status = fields.Selection(
        [("DRAFT", "Draft"), ("SUBMITTED", "Awaiting approval"), ("AUTHORISED", "Authorised")],
        default="AUTHORISED", required=True, tracking=True,
        help="Payments can be recorded in Xero only on authorised bills.",
    )  # fmt: skip
    pull_from = fields.Date(
        "Documents from", default=fields.Date.context_today, tracking=True,
        help="Invoices, bills and credit notes of before this day do not come from Xero; those that stand on both "
        "sides are followed all the same. Empty: all of them come.",
    )  # fmt: skip
    create_contacts = fields.Boolean(default=True, help="Create a contact in Xero when none matches.")
    update_contacts = fields.Boolean(default=True, help="Send changes of partners to the contacts they are linked to.")
    revenue_account_id = fields.Many2one("xero.account", domain="[('organisation_id', '=', id)]")
    expense_account_id = fields.Many2one("xero.account", domain="[('organisation_id', '=', id)]")
    payment_account_id = fields.Many2one("xero.account", domain="[('organisation_id', '=', id)]")
    rounding_account_id = fields.Many2one("xero.account", domain="[('organisation_id', '=', id)]")

    # Test connection (S1.29-S1.34).
    tested_at = fields.Datetime(readonly=True, copy=False)
    test_passed = fields.Boolean(readonly=True, copy=False)
    test_report = fields.Json(readonly=True, copy=False)

    # Disconnecting.
    deletion_pending = fields.Boolean(readonly=True, copy=False, help="Stopped here, but Xero could not be told yet.")
    deletion_message = fields.Char(readonly=True, copy=False)

    # The worker's notes.
    parked_until = fields.Datetime(
        readonly=True, copy=False, help="No call before this moment (UTC): Xero's limit or its outage."
    )
    parked_reason = fields.Char(readonly=True, copy=False)
    day_remaining = fields.Integer("Calls left today", readonly=True, copy=False)
    minute_remaining = fields.Integer(readonly=True, copy=False)
    limits_at = fields.Datetime(readonly=True, copy=False)
    last_success_at = fields.Datetime("Last answer of Xero", readonly=True, copy=False)
    error_code = fields.Char(readonly=True, copy=False)
    error_message = fields.Text(readonly=True, copy=False)
    mapping_revision = fields.Integer(
        default=1, readonly=True, copy=False, help="Grows whenever a mapping or a default changes."
    )

    # Whoever keeps the accounts may read an organisation; what hangs on it is for those who manage the integration.
    account_ids = fields.One2many("xero.account", "organisation_id", groups=MANAGER)
    tax_rate_ids = fields.One2many("xero.tax.rate", "organisation_id", groups=MANAGER)
    link_ids = fields.One2many("xero.link", "organisation_id", groups=MANAGER)
    change_ids = fields.One2many("xero.change", "organisation_id", groups=MANAGER)

    # Of its connection, for the form.
    connection_state = fields.Selection(related="connection_id.state", string="Authorisation")
    connection_message = fields.Text("What stops the connection", related="connection_id.error_message")
    refresh_days_left = fields.Integer(related="connection_id.refresh_days_left")
    xero_user_name = fields.Char(related="connection_id.xero_user_name")
    connection_reachable = fields.Boolean(
        compute="_compute_connection_reachable", help="Off: the connection is of a company that the user is not in now."
    )

    _tenant_company_uniq = models.UniqueIndex(
        "(tenant_id)", "This Xero organisation is already tied to a company of this database."
    )

    # ---- constraints ----------------------------------------------------------------------

    @api.constrains("auto_sync")
    def _check_auto_sync(self):
        untested = self.filtered(lambda organisation: organisation.auto_sync and not organisation.test_passed)
        if untested:
            raise ValidationError(self.env._(
                "Press Test connection on %(name)s first: auto-sync can be switched on once a test has passed with "
                "the present client id, secret and authorisation.", name=untested[0].name,
            ))  # fmt: skip

    # ---- computes -------------------------------------------------------------------------

    @api.depends("connection_id.company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_connection_reachable(self):
        for organisation in self:
            # sudo: whose the connection is decides whether the user may see it
            organisation.connection_reachable = organisation.connection_id.sudo().company_id in self.env.companies

    # ---- CRUD -----------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        organisations = super().create(vals_list)
        organisations.filtered(lambda organisation: not organisation.cron_id)._create_crons()
        return organisations

    def write(self, vals):
        if "company_id" in vals:
            moved = self.filtered(lambda o: o.company_id.id != vals["company_id"] and o.state == "connected")
            if moved:
                raise UserError(
                    self.env._("Disconnect %(name)s before you tie it to another company.", name=moved[0].name)
                )
        if not vals.get("active", True) and vals.get("state", "connected") == "connected":
            self._check_may_archive()
        result = super().write(vals)
        if "name" in vals:
            for organisation in self.filtered("cron_id"):
                organisation._rename_cron()
        return result

    def _check_may_archive(self):
        """:raise UserError: out of sight it would go on"""
        live = self.filtered(lambda organisation: organisation.active and organisation.state == "connected")
        if live:
            raise UserError(self.env._("Disconnect %(name)s first, then archive it.", name=live[0].name))

    def unlink(self):
        crons = self.cron_id
        result = super().unlink()
        crons.sudo().unlink()  # sudo: managers have no right on scheduled actions; these are the organisations' own
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        for organisation in self:
            # sudo: whether there is anything must not depend on who asks
            if organisation.state == "connected" or organisation.sudo().link_ids:
                raise UserError(
                    self.env._(
                        "%(name)s is connected or has links to Xero. Disconnect it and archive it; its history stays.",
                        name=organisation.name,
                    )
                )

    # ---- its scheduled action ---------------------------------------------------------------

    def _create_crons(self):
        """One worker per organisation (design §3), switched on while it is connected."""
        # sudo: managers have no right on scheduled actions; these are the organisations' own
        Cron = self.env["ir.cron"].sudo()
        crons = Cron.create([organisation._prepare_cron_vals() for organisation in self])
        for organisation, cron in zip(self, crons, strict=True):
            organisation.cron_id = cron

    def _prepare_cron_vals(self):
        return {
            "name": f"Xero: {self.name}",
            "model_id": self.env["ir.model"]._get_id(self._name),
            "state": "code",
            "code": f"model._cron_sync_organisation({self.id})",
            "user_id": self.env.ref("base.user_root").id,
            "interval_number": CRON_MINUTES,
            "interval_type": "minutes",
            "active": self.state == "connected",
        }

    def _rename_cron(self):
        cron = self.cron_id.sudo()  # sudo: as above
        if cron.name != f"Xero: {self.name}" and cron.try_lock_for_update(allow_referencing=True):
            cron.name = f"Xero: {self.name}"

    def _switch_cron(self, on):
        """A run under way holds the row. It ends by itself when it sees the state, and the row stays as it is: a cron
        that is on does nothing for an organisation that is not connected."""
        for cron in self.cron_id.sudo().with_context(active_test=False):  # sudo: as above
            if cron.active != on and (on or cron.try_lock_for_update(allow_referencing=True)):
                cron.active = on

    # ---- connecting -------------------------------------------------------------------------

    def _connect(self):
        """Both directions may go again; what queued up meanwhile goes first."""
        self.write({
            "state": "connected", "error_code": False, "error_message": False,
            "parked_until": False, "parked_reason": False,
            "deletion_pending": False, "deletion_message": False, "test_passed": False,
        })  # fmt: skip
        self._switch_cron(True)
        self._wake()

    def _on_connected(self):
        """What else to read from Xero while the person who connected waits: its accounts, taxes and so on.

        :raise errors.XeroError:
        """
        # sudo: the mirrors are written by the machinery alone
        self.sudo()._refresh_reference()

    def _follow(self, vals):
        """Write what differs, so that nothing is tracked or locked without need."""
        changed = {name: value for name, value in vals.items() if self[name] != value}
        if changed:
            self.write(changed)

    def _gone(self):
        """Xero no longer grants it. What queues up waits for somebody to connect it again."""
        self.write({"state": "gone"})
        self._switch_cron(False)

    def _needs_person(self, error):
        """The worker, or a refresh, met what only a person can help with: say so here; keep everything queued.

        :param errors.XeroError error:
        """
        if isinstance(error, errors.TenantGone) and self.state == "connected":
            self._gone()
        message = sentence_of(self.env, error, name=self.name, scope=error.detail, blocks="")
        self._follow({"error_code": error.code, "error_message": message})

    def _check_manager(self):
        """Buttons are hidden from others; this is for those who call the method all the same.

        Asks for no right on the connection: that may be another company's.

        :raise AccessError: names the missing right
        """
        self.env["xero.connection"]._check_group()
        self.check_access("write")

    def action_connect(self):
        """Connect again, and come back to this very form."""
        self.ensure_one()
        self.connection_id._check_manager()
        return self.connection_id._connect_action(f"organisation-{self.id}")

    # ---- what a person sees ------------------------------------------------------------------

    def _notify(self, kind, message):
        """Say how a button ended, and read the form anew. What is no success stays until it is closed."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "sticky": kind != "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_connection(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_integration.action_xero_connection")
        return action | {"views": [(False, "form")], "res_id": self.connection_id.id}
