"""One Xero tenant, tied to one company: its settings, its worker's health, what is left of its call budget."""

from odoo import fields, models


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
    xero_connection_id = fields.Char(readonly=True, copy=False, help="The id of the row at GET /connections, for DELETE.")
    state = fields.Selection(
        [
            ("offered", "Offered"),
            ("connected", "Connected"),
            ("disconnected", "Disconnected"),
            ("gone", "No longer granted"),
        ],
        default="offered", required=True, readonly=True, copy=False, index=True, tracking=True,
        help="Offered: Xero granted it, nobody chose it yet. Connected: calls may be made. Disconnected: a person stopped it. "
        "Gone: Xero no longer grants it.",
    )
    cron_id = fields.Many2one("ir.cron", readonly=True, copy=False, ondelete="restrict")
    auto_sync = fields.Boolean(tracking=True, help="Off: only what a person sends by hand goes to Xero; the rest queues up.")

    # Facts of Xero's Organisation, refreshed with the reference data.
    short_code = fields.Char(readonly=True)
    country_code = fields.Char(readonly=True)
    base_currency = fields.Char(readonly=True)
    timezone = fields.Char(readonly=True)
    period_lock_date = fields.Date(readonly=True)
    year_lock_date = fields.Date(readonly=True)
    organisation_data = fields.Json(readonly=True)
    reference_refreshed_at = fields.Datetime(readonly=True)

    # What people choose.
    journal_ids = fields.Many2many(
        "account.journal", check_company=True,
        help="Journals whose documents belong here. Empty: every journal that no other organisation of the company names.",
    )
    invoice_status = fields.Selection(
        [("DRAFT", "Draft"), ("SUBMITTED", "Awaiting approval"), ("AUTHORISED", "Authorised")],
        default="AUTHORISED", required=True, tracking=True,
    )
    create_contacts = fields.Boolean(default=True, help="Create a contact in Xero when none matches.")
    update_contacts = fields.Boolean(default=True, help="Send changes of partners to the contacts they are linked to.")
    revenue_account_id = fields.Many2one("xero.account", domain="[('organisation_id', '=', id)]")
    expense_account_id = fields.Many2one("xero.account", domain="[('organisation_id', '=', id)]")
    payment_account_id = fields.Many2one("xero.account", domain="[('organisation_id', '=', id)]")
    rounding_account_id = fields.Many2one("xero.account", domain="[('organisation_id', '=', id)]")
    alert_emails = fields.Char()

    # Test connection (S1.29-S1.34).
    tested_at = fields.Datetime(readonly=True, copy=False)
    test_passed = fields.Boolean(readonly=True, copy=False)
    test_report = fields.Json(readonly=True, copy=False)

    # The worker's notes.
    parked_until = fields.Datetime(readonly=True, copy=False, help="No call before this moment (UTC): Xero's limit or its outage.")
    parked_reason = fields.Char(readonly=True, copy=False)
    day_remaining = fields.Integer(readonly=True, copy=False)
    minute_remaining = fields.Integer(readonly=True, copy=False)
    limits_at = fields.Datetime(readonly=True, copy=False)
    last_success_at = fields.Datetime(readonly=True, copy=False)
    error_code = fields.Char(readonly=True, copy=False)
    error_message = fields.Text(readonly=True, copy=False)
    mapping_revision = fields.Integer(default=1, readonly=True, copy=False, help="Grows whenever a mapping or a default changes.")

    account_ids = fields.One2many("xero.account", "organisation_id")
    tax_rate_ids = fields.One2many("xero.tax.rate", "organisation_id")
    link_ids = fields.One2many("xero.link", "organisation_id")
    change_ids = fields.One2many("xero.change", "organisation_id")

    _tenant_company_uniq = models.UniqueIndex(
        "(tenant_id)", "This Xero organisation is already tied to a company of this database."
    )
