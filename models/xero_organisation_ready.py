"""Whether an organisation is ready to take documents, as a list that says what is left to do (S2.22, S2.24)."""

from markupsafe import Markup

from odoo import api, fields, models

from .xero_connection import MANAGER
from .xero_connection_test import ICONS


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    gap_ids = fields.One2many("xero.mapping.gap", "organisation_id", groups=MANAGER)
    gap_count = fields.Integer("Still unmapped", compute="_compute_mapping_ready", groups=MANAGER)
    mapping_ready = fields.Boolean(
        "Ready", compute="_compute_mapping_ready", groups=MANAGER, help="Everything that invoices need is chosen."
    )
    mapping_checklist_html = fields.Html(
        "Checklist", compute="_compute_mapping_ready", sanitize=False, groups=MANAGER
    )
    reference_failures = fields.Text(compute="_compute_reference_failures", groups=MANAGER)
    journals_shared = fields.Text(compute="_compute_journals_shared", groups=MANAGER)
    payment_account_offered = fields.Boolean(compute="_compute_payment_account_offered", groups=MANAGER)
    account_count = fields.Integer("Accounts", compute="_compute_mirror_counts", groups=MANAGER)
    tax_rate_count = fields.Integer("Tax rates", compute="_compute_mirror_counts", groups=MANAGER)
    currency_count = fields.Integer("Currencies", compute="_compute_mirror_counts", groups=MANAGER)
    tracking_count = fields.Integer("Tracking categories", compute="_compute_mirror_counts", groups=MANAGER)
    contact_group_count = fields.Integer("Contact groups", compute="_compute_mirror_counts", groups=MANAGER)

    @api.depends("account_ids.active", "account_ids.enable_payments", "account_ids.account_type")
    def _compute_payment_account_offered(self):
        for organisation in self:
            organisation.payment_account_offered = any(
                not account._refused_for_payments() for account in organisation.account_ids
            )

    @api.depends(
        "active", "journal_ids", "company_id.xero_organisation_ids.active",
        "company_id.xero_organisation_ids.journal_ids",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_journals_shared(self):
        """Two organisations of a company that name no journal: the first one gets every document of the rest."""
        for organisation in self:
            mine, company = organisation._origin, organisation.company_id
            others = company.xero_organisation_ids.filtered(lambda o: not o.journal_ids) - mine
            if not organisation.active or organisation.journal_ids or not others:
                organisation.journals_shared = False
                continue
            rest = (mine | others).sorted("id")
            organisation.journals_shared = self.env._(
                "%(names)s name no journals: %(first)s gets all documents of %(company)s whose journal nobody names. "
                "Disconnect and archive what is not used any more, or name the journals of each under “What goes to "
                "Xero”.",
                names=", ".join(rest.mapped("name")), first=rest[0].name, company=company.name,
            )  # fmt: skip

    @api.depends("reference_report")
    @api.depends_context("lang")
    def _compute_reference_failures(self):
        for organisation in self:
            organisation.reference_failures = "\n".join(organisation._reference_failures())

    @api.depends("account_ids", "tax_rate_ids", "reference_refreshed_at")
    def _compute_mirror_counts(self):
        counts = {
            "account_count": "xero.account", "tax_rate_count": "xero.tax.rate", "currency_count": "xero.currency",
            "tracking_count": "xero.tracking.category", "contact_group_count": "xero.contact.group",
        }  # fmt: skip
        for name, model in counts.items():
            groups = self.env[model]._read_group(
                [("organisation_id", "in", self.ids)], ["organisation_id"], ["__count"]
            )
            found = {organisation.id: count for organisation, count in groups}
            for organisation in self:
                organisation[name] = found.get(organisation.id, 0)

    @api.depends(
        "state", "reference_refreshed_at", "reference_report", "revenue_account_id", "expense_account_id",
        "payment_account_id",
        "rounding_account_id", "tax_mapping_ids.trouble", "account_mapping_ids.trouble",
        "journal_mapping_ids.trouble", "base_currency", "journals_shared",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_mapping_ready(self):
        groups = self.env["xero.mapping.gap"]._read_group(
            [("organisation_id", "in", self.ids)],
            ["organisation_id", "kind", "direction"],
            ["__count", "document_count:sum"],
        )
        for organisation in self:
            gaps = {
                (kind, direction): (count, documents)
                for there, kind, direction, count, documents in groups if there == organisation
            }  # fmt: skip
            lines = organisation._ready_lines(gaps)
            organisation.gap_count = sum(count for count, _documents in gaps.values())
            organisation.mapping_ready = all(status != "fail" for status, _text in lines)
            organisation.mapping_checklist_html = self._checklist_html(lines)

    def _checklist_html(self, lines):
        words = {"ok": self.env._("In order"), "warn": self.env._("Notice"), "fail": self.env._("Wrong")}
        items = [
            Markup('<li class="d-flex mb-1"><span class="me-2">%s</span><span>%s</span></li>')
            % (ICONS[status] % words[status], text)
            for status, text in lines
        ]
        return Markup('<ul class="list-unstyled mb-0">%s</ul>') % Markup().join(items)

    def _ready_lines(self, gaps):
        """:param dict gaps: {(kind, direction): (count, documents waiting)}
        :return list: (``ok``, ``warn`` or ``fail``; a sentence)"""
        return [*self._ready_books(), *self._ready_accounts(), *self._ready_mappings(gaps)]

    def _ready_books(self):
        if self.state != "connected":
            yield "fail", self.env._("Not connected. Press Connect.")
        if not self.reference_refreshed_at:
            yield "fail", self.env._("Accounts and tax rates were not read from Xero yet. Press Refresh from Xero.")
        elif self.reference_failures:
            yield "warn", self.env._("Some reference data could not be read: see the page Reference data.")
        else:
            yield "ok", self.env._("Accounts, tax rates and currencies were read from Xero.")
        if self.journals_shared:
            yield "fail", self.journals_shared
        ours = self.company_id.currency_id.name
        if self.base_currency and self.base_currency != ours:
            yield (
                "fail",
                self.env._(
                    "The base currency in Xero is %(theirs)s, the company's is %(ours)s.",
                    theirs=self.base_currency,
                    ours=ours,
                ),
            )

    def _ready_accounts(self):
        names = self._fields
        for name, needed, use in (
            ("revenue_account_id", True, self.env._("Customer invoices need it.")),
            ("payment_account_id", True, self.env._("Payments need it.")),
            ("expense_account_id", False, self.env._("Vendor bills need it.")),
            (
                "rounding_account_id",
                False,
                self.env._("Without it an invoice whose total would differ by a cent is held."),
            ),
        ):
            account = self[name]
            label = names[name]._description_string(self.env)
            if account and account.active:
                yield "ok", self.env._("%(field)s: %(account)s", field=label, account=account.display_name)
            elif account:
                yield "fail", account._refused_as_archived()
            else:
                yield "fail" if needed else "warn", self.env._("%(field)s: not chosen. %(use)s", field=label, use=use)

    def _ready_mappings(self, gaps):
        sales, waiting = gaps.get(("tax", "sale"), (0, 0))
        mapped = self.tax_mapping_ids
        if not mapped.filtered(lambda mapping: mapping.direction == "sale"):
            yield "fail", self.env._("No sales tax is mapped. Press Propose, then check the page Taxes.")
        elif sales:
            yield (
                "warn",
                self.env._(
                    "Sales taxes without a rate in Xero: %(count)s; documents waiting: %(waiting)s.",
                    count=sales,
                    waiting=waiting,
                ),
            )
        else:
            yield "ok", self.env._("Every sales tax is mapped.")
        if purchases := gaps.get(("tax", "purchase"), (0, 0))[0]:
            yield "warn", self.env._("Purchase taxes without a rate in Xero: %(count)s.", count=purchases)
        troubled = [
            m
            for mappings in (mapped, self.account_mapping_ids, self.journal_mapping_ids)
            for m in mappings
            if m.trouble
        ]
        for mapping in troubled:
            yield "fail", mapping.trouble
        if journals := gaps.get(("journal", False), gaps.get(("journal", None), (0, 0)))[0]:
            yield "warn", self.env._("Bank and cash journals without an account in Xero: %(count)s.", count=journals)
