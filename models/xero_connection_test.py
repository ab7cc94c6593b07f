"""Test connection: reads only, and names what is wrong before the sync goes live (S1.29-S1.34).

A report is a list of ``{"code", "status", "data"}``: the code of a sentence in ``connection_problems``, ``ok``,
``warn`` or ``fail``, and what its holes are filled with. It is rendered in the reader's language. Two GETs leave the
machine, /connections and /Organisation; an access token that has run out is renewed first, which is a call to Xero's
sign-in, not to anybody's books.
"""

from markupsafe import Markup

from odoo import api, fields, models

from ..xero import Gateway, errors, oauth, parse_date
from .connection_problems import code_of, sentence
from .own_cursor import for_button
from .xero_connection import MANAGER

ICONS = {
    "ok": Markup('<i class="fa fa-fw fa-check-circle text-success" role="img" aria-label="%s"></i>'),
    "warn": Markup('<i class="fa fa-fw fa-exclamation-triangle text-warning" role="img" aria-label="%s"></i>'),
    "fail": Markup('<i class="fa fa-fw fa-times-circle text-danger" role="img" aria-label="%s"></i>'),
}
# A quiet connection is near its end when this many of its 60 days are left.
SOON = 14
# Without these the sync of contacts and documents cannot work; the others cost a feature each.
NEEDED = ("offline_access", "accounting.settings.read", "accounting.contacts", "accounting.invoices")
USED = ("accounting.payments", "accounting.banktransactions", "accounting.attachments")


class Report(list):
    """The lines of one test, in the order in which they were found out."""

    def ok(self, code, **data):
        self.append({"code": code, "status": "ok", "data": data})

    def warn(self, code, **data):
        self.append({"code": code, "status": "warn", "data": data})

    def fail(self, code, **data):
        self.append({"code": code, "status": "fail", "data": data})

    def fail_with(self, error, **data):
        self.fail(code_of(error), detail=error.detail or error.code, **data)

    @property
    def passed(self):
        return bool(self) and all(line["status"] != "fail" for line in self)


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    test_report_html = fields.Html(compute="_compute_test_report_html", sanitize=False)
    is_demo_company = fields.Boolean(compute="_compute_is_demo_company", groups=MANAGER)

    @api.depends("test_report")
    @api.depends_context("lang")
    def _compute_test_report_html(self):
        words = {"ok": self.env._("In order"), "warn": self.env._("Notice"), "fail": self.env._("Wrong")}
        for organisation in self:
            lines = [
                Markup('<li class="d-flex mb-1" data-code="%s"><span class="me-2">%s</span><span>%s</span></li>') % (
                    line["code"], ICONS[line["status"]] % words[line["status"]],
                    sentence(self.env, line["code"], line["data"]),
                )
                for line in organisation.test_report or []
            ]  # fmt: skip
            organisation.test_report_html = lines and Markup('<ul class="list-unstyled mb-0">%s</ul>') % Markup().join(
                lines
            )

    @api.depends("organisation_data")
    def _compute_is_demo_company(self):
        for organisation in self:
            organisation.is_demo_company = bool((organisation.organisation_data or {}).get("IsDemoCompany"))

    def action_test_connection(self):
        self.ensure_one()
        self._check_manager()
        for_button(self)._run_test()
        if self.test_passed:
            return self._notify("success", self.env._("Everything that was tested is in order."))
        return self._notify("danger", self.env._("Something is wrong: see the list."))

    def _run_test(self):
        """Test and note the report. Never raises for what Xero or the network answers."""
        report = Report()
        connection = self.connection_id.sudo()  # sudo: a line and its permissions, not a look at the credentials
        token = self._test_credentials(connection, report)
        if token:
            self._test_scopes(connection, report)
            self._test_books(connection, token, report)
        self.write({"tested_at": fields.Datetime.now(), "test_passed": report.passed, "test_report": list(report)})
        if report.passed and self.error_code:
            self.write({"error_code": False, "error_message": False})
            self._wake()

    # ---- the lines --------------------------------------------------------------------------

    def _test_credentials(self, connection, report):
        """:return str: an access token, or None when there is no point in going on"""
        if self.state == "disconnected":
            report.fail("not_connected")
            return None
        if not connection.has_credentials:
            report.fail("credentials_absent")
            return None
        try:
            # a broken connection may have been mended meanwhile: a new secret, or Xero's own trouble is over
            token = connection._access_token(renew=connection.state == "broken")
        except errors.XeroError as error:
            report.fail_with(error)
            return None
        report.ok("ok_credentials")
        days = connection._as_committed("refresh_days_left")["refresh_days_left"]
        if days > SOON:
            report.ok("ok_lasts", days=days)
        else:
            report.warn("warn_lasts", days=days)
        return token

    def _test_scopes(self, connection, report):
        asked, granted = connection._as_committed("scopes", "granted_scopes").values()
        lacking = oauth.missing_scopes([*oauth.parse_scopes(asked), *NEEDED], granted)
        for scope in lacking:
            if scope not in ("openid", "profile", "email"):  # they only tell us a name
                report.fail("scope_missing", scope=scope, blocks=self._blocked_by(scope))
        for scope in oauth.missing_scopes(USED, [asked, granted]):
            report.warn("warn_scope", scope=scope, blocks=self._blocked_by(scope))
        if not lacking:
            report.ok("ok_scopes")

    @staticmethod
    def _blocked_by(scope):
        return ", ".join(oauth.OPENS.get(scope) or oauth.OPENS.get(scope.removesuffix(".read")) or (scope,))

    def _test_books(self, connection, token, report, renewed=False):
        with Gateway(connection._hosts(), token, self.tenant_id) as gateway:
            try:
                listed = {row.get("tenantId"): row for row in gateway.connections()}
                row = listed.get(self.tenant_id)
                if row is None:
                    self._report_gone(report)
                    return
                report.ok("ok_listed", name=row.get("tenantName") or self.name)
                found = gateway.get("Organisation").items
            except errors.ScopeMissing as error:
                report.fail(error.code, scope="accounting.settings", blocks=self._blocked_by("accounting.settings"))
                return
            except errors.TokenExpired as error:
                if renewed:
                    report.fail_with(error)
                else:
                    self._test_with_new_token(connection, report)
                return
            except errors.XeroError as error:
                report.fail_with(error, name=self.name)
                return
        self._follow({"xero_connection_id": row.get("id")})
        if self.state == "gone":
            self._connect()
        self._test_organisation(found[0], report)

    def _test_with_new_token(self, connection, report):
        """Xero ended the sign-in before its time: only a renewal tells whether the authorisation holds."""
        about_it = ("ok_credentials", "ok_lasts", "warn_lasts", "ok_listed")
        report[:] = [line for line in report if line["code"] not in about_it]
        try:
            token = connection._access_token(renew=True)
        except errors.XeroError as error:
            report.fail_with(error)
            return
        report.ok("ok_credentials")
        self._test_books(connection, token, report, renewed=True)

    def _report_gone(self, report):
        report.fail("tenant_gone", name=self.name)
        if self.is_demo_company:
            report.warn("warn_demo")
        if self.state == "connected":
            self._gone()

    def _test_organisation(self, data, report):
        """What Xero says of itself, against what it said before and against the company."""
        before = self.organisation_data or {}
        name, currency, country = data.get("Name") or self.name, data.get("BaseCurrency"), data.get("CountryCode")
        report.ok("ok_organisation", name=name, country=country, currency=currency)
        if name != self.name:
            report.warn("warn_renamed", name=name, before=self.name)
        if before.get("CountryCode") and before["CountryCode"] != country:
            report.warn("warn_country", country=country, before=before["CountryCode"])
        if before.get("IsDemoCompany") and _identity(before) != _identity(data):
            report.fail("demo_reset")
        if (data.get("OrganisationStatus") or "ACTIVE") != "ACTIVE":
            report.fail("not_active", status=data["OrganisationStatus"])
        ours = self.company_id.currency_id.name
        if before.get("BaseCurrency") and before["BaseCurrency"] != currency:
            report.fail("currency_changed", before=before["BaseCurrency"], theirs=currency)
        elif currency != ours:
            report.fail("currency_differs", theirs=currency, ours=ours, company=self.company_id.name)
        else:
            report.ok("ok_currency", currency=currency)
        self._write_facts(data, keep=before if not report.passed else None)

    def _write_facts(self, data, keep=None):
        """Store what Xero's Organisation says.

        :param dict data: the element
        :param dict keep: facts of earlier that a failed test compared with, so that the next test fails as well
        """
        facts = {
            "name": data.get("Name") or self.name,
            "short_code": data.get("ShortCode"),
            "country_code": data.get("CountryCode"),
            "base_currency": data.get("BaseCurrency"),
            "timezone": data.get("Timezone"),
            "period_lock_date": parse_date(data.get("PeriodLockDate")) or False,
            "year_lock_date": parse_date(data.get("EndOfYearLockDate")) or False,
        }
        self._follow({key: value or False for key, value in facts.items()})
        if not keep and data != self.organisation_data:
            self.organisation_data = data


def _identity(data):
    """What a reset of the demo company changes, as far as Xero says it."""
    return tuple(data.get(key) for key in ("OrganisationID", "ShortCode", "CreatedDateUTC"))
