"""What the forms of connection and organisation show to whom, in which state."""

from lxml import etree

from odoo.tests import tagged
from odoo.tools import file_open
from odoo.tools.safe_eval import safe_eval

from odoo.addons.xero_integration.xero import errors

from ..common import MANAGER, XeroCommon

STATES = ("connected", "gone", "disconnected")


@tagged("post_install", "-at_install")
class TestForms(XeroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.manager = cls.make_user("keeper", MANAGER)
        cls.clerk = cls.make_user("clerk", "account.group_account_invoice")

    def setUp(self):
        super().setUp()
        self.organisation = self.connect_organisation("NZ")
        self.connection = self.organisation.connection_id

    def form(self, record, user=None, view_type="form"):
        return etree.fromstring(record.with_user(user or self.manager).get_view(view_type=view_type)["arch"])

    def seen(self, record, path, user=None):
        """The nodes of the form that ``user`` has on the screen, as the record stands now."""
        arch, record = self.form(record, user), record.with_user(user or self.manager)
        self.env.flush_all()
        self.env.invalidate_all()
        names = record.fields_get(record.get_view(view_type="form")["models"][record._name])
        values = {name: record[name] for name in names}
        values = {name: value.ids if hasattr(value, "ids") else value for name, value in values.items()}
        own = [node for node in arch.xpath(path) if node.xpath("not(ancestor::field)")]  # not of the rows in it
        return [node for node in own if self.visible(node, values)]

    def visible(self, node, values):
        chain = [node, *node.iterancestors()]
        return not any(safe_eval(each.get("invisible") or "False", dict(values)) for each in chain)

    def buttons(self, record, user=None):
        return {(node.get("name"), node.get("string")) for node in self.seen(record, "//button", user)}

    # ---- the organisation -------------------------------------------------------------------------

    def test_test_and_disconnect_are_there_while_it_is_connected(self):
        """S0.13, S0.14: also while Xero no longer grants it, because that is what one has to look into or to end."""
        for state in STATES:
            self.organisation.state = state
            shown = self.buttons(self.organisation)
            for button in (("action_test_connection", "Test connection"), ("action_disconnect", "Disconnect")):
                self.assertEqual(button in shown, state != "disconnected", (button, state))
            self.assertEqual(("action_connect", "Connect") in shown, state == "disconnected", state)

    def test_every_button_that_a_bookkeeper_has_may_be_pressed(self):
        """S0.6"""
        organisation = self.organisation.with_user(self.clerk)
        names = {
            button.get("name")
            for view_type in ("form", "list", "kanban")
            for button in self.form(self.organisation, self.clerk, view_type).xpath("//button[@type='object']")
        }
        self.assertIn("action_open_work", names)
        for name in names:
            with self.subTest(button=name):
                self.env.invalidate_all()
                self.assertTrue(getattr(organisation, name)())

    def test_a_bookkeeper_reads_what_is_wrong_and_who_can_help(self):
        self.connection._break(errors.Reconnect("invalid_grant"))
        self.organisation.write({"deletion_pending": True, "deletion_message": "x"})
        texts = self.seen(self.organisation, "//span", self.clerk)
        helped = [node for node in texts if "Someone who manages the Xero integration" in (node.text or "")]
        self.assertEqual(len(helped), 2, "once in each bar")
        self.assertFalse([n for n in self.seen(self.organisation, "//span") if "Someone who manages" in (n.text or "")])

    def test_the_form_is_read_only_for_who_does_not_manage_xero(self):
        """S0.8"""
        self.assertEqual(self.form(self.organisation, self.clerk).get("edit"), "False")
        self.assertNotEqual(self.form(self.organisation).get("edit"), "False")

    def test_a_status_that_takes_no_payments_is_warned_of_beside_the_setting(self):
        """S1.20"""
        for status, warned in (("AUTHORISED", False), ("DRAFT", True), ("SUBMITTED", True)):
            self.organisation.invoice_status = status
            found = self.seen(self.organisation, "//div[@name='invoice_status_warning']")
            self.assertEqual(bool(found), warned, status)
        self.assertIn("approve", found[0].text)

    def test_another_client_id_leaves_no_empty_banner(self):
        """The organisation stays tied to its connection, which has to be connected anew."""
        self.connection.client_id = "ANOTHER"
        self.assertTrue(self.seen(self.organisation, "//div[@name='alert_broken']"))
        self.assertIn("client id was changed", self.organisation.connection_message)
        self.assertIn("Press Connect", self.organisation.connection_message)
        self.assertTrue(self.seen(self.connection, "//field[@name='error_message']"))
        self.organisation._run_test()
        self.assertIn("client id was changed", self.organisation.test_report_html)
        self.connection.write(self.connection._consent_values(self.token_set(), self.env.user))
        self.assertFalse(self.seen(self.organisation, "//div[@name='alert_broken']"))
        self.assertFalse(self.connection.error_message)

    # ---- what is next -----------------------------------------------------------------------------

    def test_until_accounts_and_taxes_are_chosen_both_forms_lead_to_the_mapping(self):
        """S2.22, S2.24"""
        bar = "//div[@name='alert_next']"
        for record in (self.connection, self.organisation):
            self.assertTrue(self.seen(record, bar), record)
            action = record.with_user(self.manager).action_open_mapping()
            self.assertEqual((action["res_model"], action["res_id"]), ("xero.organisation", self.organisation.id))
            view = self.env["xero.organisation"].with_user(self.manager).get_view(action["views"][0][0], "form")
            [page] = etree.fromstring(view["arch"]).xpath("//page[@autofocus]")
            self.assertEqual(page.get("string"), "Mapping")
        self.map()
        self.assertTrue(self.organisation.mapping_ready, self.organisation.mapping_checklist_html)
        for record in (self.connection, self.organisation):
            self.assertFalse(self.seen(record, bar), record)

    def map(self):
        self.env["account.tax"].search([("company_id", "=", self.company.id)]).active = False
        self.env["account.tax"].create({
            "name": "15%", "amount": 15, "type_tax_use": "sale", "company_id": self.company.id,
            "tax_group_id": self.tax_sale_a.tax_group_id.id,
        })  # fmt: skip
        self.organisation._refresh_reference()
        self.organisation.action_propose_mappings()
        accounts = self.organisation.account_ids
        self.organisation.payment_account_id = accounts.filtered(lambda a: not a._refused_for_payments())[:1]

    def test_several_that_are_not_ready_are_listed(self):
        other = self.connect_organisation("AU", self.connection)
        self.env.invalidate_all()
        self.assertEqual(self.connection.unready_names, f"{other.name}, {self.organisation.name}")
        self.assertEqual(self.connection.action_open_mapping()["domain"], [("connection_id", "=", self.connection.id)])

    # ---- the connection ---------------------------------------------------------------------------

    def test_form_and_guide_lead_through_the_steps_at_xero(self):
        """S4.5, S4.6, S4.7, S4.10"""
        form = self.form(self.make_connection(name="new"))
        [link] = form.xpath("//a[@href='https://developer.xero.com/app/manage']")
        self.assertEqual((link.get("target"), link.get("rel")), ("_blank", "noopener"))
        texts = [" ".join("".join(step.itertext()).split()) for step in form.xpath("//ol/li")]
        with (
            file_open("xero_integration/docs/connecting.md") as guide,
            file_open("xero_integration/static/description/index.html") as page,
        ):
            places = (" ".join(texts), guide.read(), page.read())
        for step in ("developer.xero.com/app/manage", "New app", "Web app", "Create app", "Generate a secret"):
            for place in places:
                self.assertIn(step, place)

    def test_several_connections_can_be_read_at_once(self):
        """The addresses to copy are the same for all; Odoo's own method for them takes one record."""
        other = self.make_connection(name="other")
        both = (self.connection | other).with_user(self.manager)
        self.env.invalidate_all()
        self.assertEqual(len({told["redirect_url"] for told in both.read(["redirect_url", "company_url"])}), 1)
        self.assertEqual(len(both.read()), 2)
