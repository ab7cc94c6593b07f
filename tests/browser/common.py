"""What the browser tests share: Odoo's web server, a simulator, and a person in front of a real Chromium.

Odoo's own tours live inside one page of the web client; the way to Xero and back leads over another origin. So the
browser is driven from outside. The test's thread and the browser share one transaction, which is rolled back at the
end: while the browser is used (``with self.browsing()``) the test touches no record, and the other way round.
"""

import unittest
from contextlib import ExitStack, contextmanager
from pathlib import Path

from odoo import Command
from odoo.tests import tagged
from odoo.tests.common import HOST, TEST_CURSOR_COOKIE_NAME
from odoo.tools import config

from ..common import MANAGER, XeroHttpCommon
from .person import WIDE, Person, chromium, find_browser


@tagged("post_install", "-at_install", "xero_browser")
class BrowserCommon(XeroHttpCommon):
    @classmethod
    def setUpClass(cls):
        if not find_browser():
            raise unittest.SkipTest("no Chromium on this machine")
        super().setUpClass()
        stack = ExitStack()
        cls.addClassCleanup(stack.close)
        cls.person = Person(stack.enter_context(chromium()), cls.base_url())
        cls.company = cls.company_data["company"]
        cls.company.write({"name": "Harbour Books", "country_id": cls.env.ref("base.nz").id})
        cls.make_taxes()
        cls.keeper = cls.make_user("keeper", f"base.group_system,account.group_account_manager,{MANAGER}")
        cls.booker = cls.make_user("booker", "account.group_account_invoice")

    @classmethod
    def make_taxes(cls):
        """New Zealand's, and the one that invoices get by themselves."""
        group = cls.tax_sale_a.tax_group_id
        cls.env["account.tax"].search([("company_id", "=", cls.company.id)]).write({"active": False})
        cls.gst, cls.gst_purchase = cls.env["account.tax"].create([
            {"name": f"GST 15% {kind}", "amount": 15, "type_tax_use": kind, "tax_group_id": group.id,
             "company_id": cls.company.id, "description": "15%", "invoice_label": "15%"}
            for kind in ("sale", "purchase")
        ])  # fmt: skip
        cls.company.write({"account_sale_tax_id": cls.gst.id, "account_purchase_tax_id": cls.gst_purchase.id})
        cls.company_data["default_account_revenue"].tax_ids = cls.gst
        cls.service = cls.env["product.product"].create({
            "name": "Consulting", "type": "service", "list_price": 120, "taxes_id": [Command.set(cls.gst.ids)],
            "property_account_income_id": cls.company_data["default_account_revenue"].id,
        })  # fmt: skip

    def setUp(self):
        super().setUp()
        self.addCleanup(self.leave)

    def leave(self):
        self.assertEqual(self.person.stand_up(), [], "JavaScript broke")

    @contextmanager
    def browsing(self, login=None, size=None):
        """The person at the screen, the same from block to block; ``login`` sits somebody else (or the first one) down.

        What goes wrong leaves a picture beside Odoo's own screenshots.
        """
        if login:
            self.leave()
            self.person.resize(size or WIDE)
            session = self.authenticate(login, login)
            self._cookie("session_id", session.sid)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.allow_requests():
            # Xero sends people to "localhost", where this cookie has to be too
            self._cookie(TEST_CURSOR_COOKIE_NAME, self.http_request_key, HOST, "localhost")
            try:
                yield self.person
            except BaseException:
                self._picture()
                raise
            finally:
                self._wait_remaining_requests()
        self.env.invalidate_all()

    def _cookie(self, name, value, *hosts):
        self.person.context.add_cookies(
            [{"name": name, "value": value, "domain": host, "path": "/"} for host in hosts or (HOST,)]
        )

    def _picture(self):
        folder = Path(config["screenshots"]) / self.env.cr.dbname
        folder.mkdir(parents=True, exist_ok=True)
        self.person.page.screenshot(path=folder / f"{self._testMethodName}.png")
        self._logger.error("A picture of the screen: %s", folder / f"{self._testMethodName}.png")

    # ---- behind the scenes --------------------------------------------------------------------

    def organisation(self):
        return self.env["xero.organisation"].search([("company_id", "=", self.company.id)])

    def run_worker(self):
        """The organisation's scheduled action, once, as Odoo runs it: in a cursor of its own, with its commits."""
        cron = self.organisation().cron_id
        self.env.flush_all()
        with self.registry.cursor() as cr:
            cron.with_env(self.env(cr=cr)).method_direct_trigger()
        self.env.invalidate_all()

    def connected(self, **values):
        """As a person leaves it after connecting and mapping: see ``test_connect_and_send`` for the way there."""
        organisation = self.connect_organisation("NZ", **values)
        organisation._refresh_reference()
        accounts = organisation.account_ids
        organisation.write({
            "revenue_account_id": accounts.filtered(lambda account: account.code == "200").id,
            "rounding_account_id": accounts.filtered(lambda account: account.system_account == "ROUNDING").id,
        })
        return organisation

    def map_tax(self, organisation):
        rate = organisation.tax_rate_ids.filtered(lambda rate: rate.tax_type == "OUTPUT2")
        self.env["xero.tax.mapping"].create({
            "organisation_id": organisation.id, "direction": "sale", "tax_ids": [Command.set(self.gst.ids)],
            "xero_tax_rate_id": rate.id,
        })  # fmt: skip

    def invoice(self, partner=None, **values):
        """A posted one of 120 plus GST."""
        move = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": (partner or self.partner_a).id, "invoice_date": "2026-06-01",
            "company_id": self.company.id,
            "invoice_line_ids": [Command.create({"product_id": self.service.id, "quantity": 1, "price_unit": 120})],
        } | values)  # fmt: skip
        move.action_post()
        return move
