"""Who may: menus, buttons, RPC (S0.5, S0.6); what the settings show and offer (S0.7-S0.9, S1.6, S1.7, S1.14, "
"S4.7-S4.13)."""

from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.xero_integration.xero import errors

from ..common import MANAGER, XeroCommon, XeroHttpCommon

BUTTONS = {
    "xero.connection": ("action_connect", "action_choose_organisations", "action_open_settings"),
    "xero.organisation": ("action_test_connection", "action_connect", "action_disconnect", "action_remove_at_xero"),
}


@tagged("post_install", "-at_install")
class TestRights(XeroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.manager = cls.make_user("keeper", MANAGER)
        cls.clerk = cls.make_user("clerk", "account.group_account_manager")

    def setUp(self):
        super().setUp()
        self.organisation = self.connect_organisation("NZ")
        self.connection = self.organisation.connection_id
        self.sim.clear_calls()

    def test_without_the_right_no_button_works_by_rpc_and_no_call_leaves(self):
        """S0.6"""
        for model, names in BUTTONS.items():
            record = (self.connection if model == "xero.connection" else self.organisation).with_user(self.clerk)
            for name in names:
                with self.subTest(model=model, button=name), self.assertRaisesRegex(AccessError, "Xero"):
                    getattr(record, name)()
        self.assertFalse(self.sim.calls())
        self.assertEqual(self.organisation.state, "connected")

    def test_without_the_right_nothing_is_read_or_written(self):
        connection = self.connection.with_user(self.clerk)
        for call in (
            lambda: connection.read(["name"]),
            lambda: connection.write({"client_secret": "x"}),
            lambda: connection.unlink(),
            lambda: connection.create({"name": "x"}),
            lambda: self.organisation.with_user(self.clerk).write({"auto_sync": False}),
            lambda: (
                self.env["xero.choose.organisations"].with_user(self.clerk).create({"connection_id": connection.id})
            ),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_what_people_may_read_at_all_they_read_whole(self):
        """An export or an integration reads every field: those that are not for everybody must not break it."""
        self.organisation._refresh_reference()
        partner = self.env["res.partner"].create({"name": "Linked"})
        link = self.env["xero.link"].create({
            "organisation_id": self.organisation.id, "company_id": self.company.id, "resource": "Contacts",
            "res_model": "res.partner", "res_id": partner.id, "outcome": "held", "error_code": "contact_ambiguous",
        })  # fmt: skip
        item = self.env["xero.work.item"].search([("link_id", "=", link.id)])
        reader = self.make_user("reader", "account.group_account_readonly")
        for user in (self.clerk, reader):
            for record in (self.organisation, link, item):
                with self.subTest(user=user.login, model=record._name):
                    self.env.invalidate_all()
                    [told] = record.with_user(user).read()
                    self.assertEqual(told["id"], record.id)
                    self.assertFalse({"organisation_data", "account_ids", "request_ids"} & told.keys())
        self.env.invalidate_all()
        [told] = self.organisation.with_user(self.manager).read()
        self.assertTrue(told["account_ids"])

    def test_without_the_right_there_is_no_menu_with_it_there_are(self):
        """S0.6, S0.7, S4.12"""
        mine = {f"xero_integration.menu_xero_{name}" for name in
                ("organisations", "settings", "account", "account_settings", "account_organisations")}  # fmt: skip
        ids = {self.env.ref(name).id for name in mine}
        Menu = self.env["ir.ui.menu"]
        self.assertFalse(ids & Menu.with_user(self.clerk)._visible_menu_ids())
        self.manager.group_ids += self.env.ref("account.group_account_manager")
        self.assertLessEqual(ids, Menu.with_user(self.manager)._visible_menu_ids())

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user("stranger", MANAGER, other)
        connection, organisation = (
            record.with_user(stranger).with_context(allowed_company_ids=other.ids)
            for record in (self.connection, self.organisation)
        )
        for record in (connection, organisation):
            self.assertFalse(record.search([]))
            with self.assertRaises(AccessError):
                record.read(["name"])
        for button in (organisation.action_disconnect, organisation.action_test_connection, connection.action_connect):
            with self.assertRaises(AccessError):
                button()

    def test_the_own_profile_shows_whether_one_may(self):
        """S0.5"""
        for user, word in ((self.manager, "You may connect"), (self.clerk, "You may not manage")):
            profile = self.env["res.users"].with_user(user).browse(user.id)
            self.assertIn(word, profile.read(["xero_permission"])[0]["xero_permission"])
            self.assertIn("Xero: manage integrations", profile.xero_permission)
        arch = self.env["res.users"].with_user(self.clerk).get_view(
            self.env.ref("base.view_users_form_simple_modif").id, "form")["arch"]  # fmt: skip
        self.assertIn("xero_permission", arch)

    def test_administrators_hold_the_right_from_the_start(self):
        self.assertTrue(self.env.ref("base.user_admin").has_group(MANAGER))


@tagged("post_install", "-at_install")
class TestSettings(XeroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.manager = cls.make_user("keeper", f"{MANAGER},base.group_system")

    def settings(self):
        return self.env["res.config.settings"].with_user(self.manager).create({"company_id": self.company.id})

    def shown(self, settings, view):
        """The buttons of the card that are visible in a state."""
        arch = etree.fromstring(
            self.env["res.config.settings"].with_user(self.manager).get_view(view_type="form")["arch"]
        )
        buttons = arch.xpath(f"//setting[@id='{view}']//button")
        state = {"xero_state": settings.xero_state}
        return [b.get("string") for b in buttons if not safe_eval(b.get("invisible"), state)]

    def assertShown(self, label):
        settings = self.settings()
        for view in ("xero_card", "xero_connection_setting"):
            self.assertEqual(self.shown(settings, view)[0], label)
        return settings

    def test_one_button_for_each_state(self):
        """S1.6, S1.7, S1.13, S1.14"""
        action = self.assertShown("Configure").action_xero_configure()
        self.assertEqual((action["res_model"], action["res_id"]), ("xero.connection", False))
        connection = self.make_connection()
        action = self.assertShown("Connect").action_xero_connect()
        self.assertEqual(action["url"], f"/xero/oauth/start/{connection.id}?back=settings")
        organisation = self.connect_organisation("NZ", connection=self.token(connection))
        settings = self.assertShown("Manage")
        self.assertEqual(settings.xero_names, "Kauri Trading (NZ)")
        self.assertEqual(
            dict(settings._fields["xero_state"]._description_selection(self.env))["connected"], "Connected"
        )
        self.assertEqual(settings.action_xero_manage()["res_id"], organisation.id)
        organisation.action_disconnect()
        self.env.invalidate_all()  # the next request
        self.assertShown("Connect")

    def test_connect_is_about_the_connection_that_organisations_wait_for(self):
        healthy = self.connect_organisation("AU")
        stuck = self.connect_organisation("NZ", self.connect(("NZ",))).connection_id
        self.assertEqual(self.company.with_env(self.env).xero_organisation_ids[:1], healthy, "the first is not the one")
        stuck._break(errors.Reconnect("invalid_grant"))
        self.env.invalidate_all()
        settings = self.assertShown("Connect")
        self.assertEqual(settings.xero_state, "broken")
        self.assertIn(f"/{stuck.id}?", settings.action_xero_connect()["url"])

    def test_connect_is_about_a_connection_that_has_credentials(self):
        bare = self.env["xero.connection"].create({"name": "bare", "company_id": self.company.id})
        spare = self.make_connection(name="spare")
        self.assertLess(bare.id, spare.id)
        settings = self.assertShown("Connect")
        self.assertIn(f"/{spare.id}?", settings.action_xero_connect()["url"])
        former = self.connect_organisation("NZ")
        former.action_disconnect()
        self.env.invalidate_all()
        settings = self.assertShown("Connect")
        self.assertIn(f"/{former.connection_id.id}?", settings.action_xero_connect()["url"])

    def token(self, connection):
        connection.write(connection._consent_values(self.token_set(), self.env.user))
        return connection

    def test_a_block_of_that_name_on_company_and_settings(self):
        """S0.9"""
        company = self.env["res.company"].with_user(self.manager).get_view(
            self.env.ref("base.view_company_form").id, "form")["arch"]  # fmt: skip
        settings = self.env["res.config.settings"].with_user(self.manager).get_view(view_type="form")["arch"]
        self.assertIn('"Xero Integration"', company)
        self.assertIn('"Xero Integration"', settings)

    def test_credentials_are_saved_and_the_form_says_when_one_may_connect(self):
        """S4.7-S4.13"""
        with Form(self.env["xero.connection"].with_user(self.manager)) as form:
            self.assertEqual(form.state, "new")
            form.client_id = "  ABC  "
            form.client_secret = " shh "
        connection = form.record
        self.assertEqual((connection.client_id, connection._secret(), connection.state), ("ABC", "shh", "configured"))
        self.assertFalse(connection.client_secret)
        self.assertTrue(connection.has_credentials)

    def test_connect_without_credentials_is_refused(self):
        """S4.13"""
        connection = self.env["xero.connection"].create({"name": "x", "client_id": "abc"})
        with self.assertRaisesRegex(UserError, "client secret"):
            connection.action_connect()

    def test_addresses_to_copy_are_the_ones_that_are_sent(self):
        """S4.8, S4.9"""
        set_base = lambda base: self.env["ir.config_parameter"].set_param("web.base.url", base)  # noqa: E731
        connection = self.make_connection()
        for base, company_url, warned in (
            ("https://erp.example.com", "https://erp.example.com", False),
            ("http://erp.example.com", "http://erp.example.com", True),
            ("http://localhost:8069", "http://localhost:8069", False),
            ("http://127.0.0.1:8069", "http://localhost:8069", False),
            ("http://127.0.0.10.example.com", "http://127.0.0.10.example.com", True),
        ):
            set_base(base)
            connection.invalidate_recordset()
            self.assertEqual(connection.company_url, company_url)
            self.assertEqual(connection.redirect_url, f"{company_url}/xero/oauth/callback")
            self.assertEqual(bool(connection.url_warning), warned, base)

    def test_scopes_that_nothing_works_without_cannot_be_removed(self):
        connection = self.make_connection()
        with self.assertRaisesRegex(ValidationError, "offline_access"):
            connection.scopes = "openid accounting.settings"
        with self.assertRaisesRegex(ValidationError, "accounting.settings"):
            connection.scopes = "openid offline_access"
        connection.scopes = "offline_access accounting.settings.read"

    def test_disconnect_is_the_last_button_and_asks(self):
        """S1.37, S1.38"""
        view = self.env["xero.organisation"].with_user(self.manager).get_view(view_type="form")
        button = etree.fromstring(view["arch"]).xpath("//button")[-1]
        self.assertEqual((button.get("name"), button.get("string")), ("action_disconnect", "Disconnect"))
        self.assertIn("Every record, link and mapping stays", button.get("confirm"))

    def test_menu_settings_opens_the_companys_connection(self):
        """S4.12"""
        Connection = self.env["xero.connection"].with_user(self.manager)
        self.assertFalse(Connection.action_open_settings()["res_id"])
        connection = self.make_connection()
        self.assertEqual(Connection.action_open_settings()["res_id"], connection.id)


@tagged("post_install", "-at_install")
class TestPagesOpen(XeroHttpCommon):
    def test_the_getting_started_page_is_reachable(self):
        """S0.1-S0.3"""
        self.authenticate("admin", "admin")
        answer = self.url_open("/xero_integration/static/description/index.html")
        self.assertEqual(answer.status_code, 200)
        for word in ("Connect", "Test connection", "Disconnect", "developer.xero.com"):
            self.assertIn(word, answer.text)
