"""What Odoo tests of this addon share: a simulator of their own, and a connected organisation in a second.

class TestX(XeroCommon):                      # or XeroHttpCommon, for controllers and browsers
    def test_x(self):
        organisation = self.connect_organisation("NZ")
        ... self.sim.calls(path="/Invoices") ...
"""

import importlib
import importlib.util
import sys
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from unittest.mock import patch

from odoo import Command
from odoo.tests import HttpCase
from odoo.tools import config

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.addons.xero_integration.xero import Hosts, oauth

MANAGER = "xero_integration.group_xero_manager"
OAUTH_HOST = "https://identity.xero.com/"  # what the library is told; our wire takes it to the simulator


def load_simulator():
    """``simulator/process.py`` by its path: the addon must not import the simulator, and neither do its tests."""
    name = "xero_integration_simulator_process"
    if name not in sys.modules:
        path = Path(__file__).parents[1] / "simulator" / "process.py"
        spec = importlib.util.spec_from_file_location(name, path)
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name].Simulator


def load_judge():
    """``tests/contract/our_requests.py``, which lies beside Odoo's tests and is none of them."""
    folder = str(Path(__file__).parent / "contract")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return importlib.import_module("our_requests")


class SimulatorMixin:
    """Starts a simulator for the class and makes it the Xero of this process. Mix in before an Odoo test case.

    Whatever is asked of it is judged by Xero's own OpenAPI files (``tests/contract/our_requests.py``), at the latest
    when the test has ended.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sim = load_judge().judged(load_simulator()).start()
        cls.addClassCleanup(cls.sim.stop)
        cls.hosts = Hosts.from_base_url(cls.sim.url)
        cls.startClassPatcher(patch.dict(config.options, {"xero_base_url": cls.sim.url}))
        cls.books_kept = False

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        # The token endpoint is asked through requests, whose transport is ours and goes to the simulator.
        if r.url.startswith(OAUTH_HOST):
            return s.get_adapter(r.url).send(r, **{key: value for key, value in kw.items() if key != "allow_redirects"})
        return super()._request_handler(s, r, **kw)

    def setUp(self):
        super().setUp()
        # Every test rolls its database back to what setUpClass made, and so does Xero with its books.
        if not self.books_kept:
            self.sim.keep()
            type(self).books_kept = True
        self.sim.reset()
        self.addCleanup(self.sim.judge)

    @contextmanager
    def raises(self, kind):
        """As ``assertRaises``, which takes back everything that was written in its block: here cursors of their own
        write, and what they committed has to be looked at afterwards."""
        try:
            yield
        except kind as error:
            self.env.invalidate_all()
            self.assertTrue(str(error))
        else:
            self.fail(f"{kind.__name__} was not raised")

    def in_xero(self, move):
        """The one invoice of that number in Xero's books, with its lines; a deleted draft only where none is alive."""
        found = self.sim.books("NZ", "Invoices", InvoiceNumbers=move.name, page=1)["Invoices"]
        found = [document for document in found if document["Status"] != "DELETED"] or found
        self.assertEqual(len(found), 1, f"{move.name} stands {len(found)} times in Xero")
        return found[0]

    # ---- a connection, without the browser --------------------------------------------------

    @classmethod
    def make_connection(cls, **values):
        """Client id and secret of the simulator's app, saved; not connected."""
        return cls.env["xero.connection"].create({
            "name": "Xero", "company_id": cls.env.company.id, "client_id": cls.sim.client_id,
            "client_secret": cls.sim.client_secret,
        } | values)  # fmt: skip

    @classmethod
    def token_set(cls, countries=("NZ",), **more):
        """A real consent at the simulator, as the gateway returns it."""
        answer = cls.sim.token_set(countries, **more)
        return oauth.TokenSet(
            access_token=answer["access_token"],
            refresh_token=answer.get("refresh_token"),
            expires_at=datetime.now(timezone.utc) + timedelta(seconds=answer["expires_in"]),
            scopes=answer["scope"].split(),
            person=oauth.claims(answer.get("id_token")),
        )

    @classmethod
    def connect(cls, countries=("NZ",), **values):
        """A connection with a token set for these countries' organisations, of which none is kept yet."""
        connection = cls.make_connection(**values)
        user = connection.env.user
        connection.sudo().write(connection._consent_values(cls.token_set(countries), user) | {"consent_pending": False})
        connection.env.flush_all()
        return connection

    @classmethod
    def connect_organisation(cls, country="NZ", connection=None, **values):
        """A connected organisation of the simulator, as a person leaves it after Connect, Test and auto-sync.

        :param str country: NZ, AU, GB or US
        :param values: further fields; ``company_id`` for another company than the environment's
        """
        company = cls.env["res.company"].browse(values.get("company_id")) or cls.env.company
        connection = connection or cls.connect((country,), company_id=company.id)
        there = cls.sim.organisation(country)
        organisation = cls.env["xero.organisation"].create({
            "name": there["name"], "connection_id": connection.id, "company_id": company.id,
            "tenant_id": there["tenant_id"], "base_currency": there["base_currency"], "country_code": there["country"],
            "short_code": there["short_code"], "test_passed": True, "auto_sync": True,
        } | values)  # fmt: skip
        organisation._connect()
        organisation.write({"test_passed": True})
        cls.env.flush_all()
        return organisation

    @classmethod
    def set_currency(cls, code, company=None):
        """The company's currency, as long as it has no entries."""
        currency = cls.env.ref(f"base.{code}")
        currency.active = True
        (company or cls.env.company).currency_id = currency

    @classmethod
    def make_user(cls, login, groups, companies=None):
        companies = companies or cls.env.company
        return mail_new_test_user(
            cls.env, login=login, password=login, groups=groups, company_id=companies[:1].id,
            company_ids=[Command.set(companies.ids)],
        )  # fmt: skip


class XeroCommon(SimulatorMixin, AccountTestInvoicingCommon):
    """With a chart of accounts; cursors of their own see the test's data."""

    @classmethod
    def setup_independent_company(cls, **kwargs):
        """The one that `make test` made beforehand (``dev/company_for_tests.py``); else each class makes its own."""
        # sudo: no user of the tests is in that company yet
        made = cls.env["res.company"].sudo().search([("name", "=", "Company of the tests")], limit=1).sudo(False)
        if not made:
            return super().setup_independent_company(**kwargs)
        cls.env.user.company_ids = [Command.link(made.id)]
        return made

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(user=cls.env.ref("base.user_root").id, su=True)
        cls.env = cls.env["base"].with_company(cls.company_data["company"]).env
        cls.set_currency("NZD", cls.company_data["company"])
        if not cls._registry_patched:
            cls.registry_enter_test_mode_cls()


class XeroHttpCommon(XeroCommon, HttpCase):
    """The same with Odoo's web server."""
