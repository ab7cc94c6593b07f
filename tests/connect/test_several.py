"""Organisations of several companies on one connection (S4.17), and several organisations of one company (S1.41)."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.xero_integration.models.connection_problems import sentence
from odoo.addons.xero_integration.xero import errors

from ..common import MANAGER, XeroCommon


class SeveralCommon(XeroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]

    def take_up(self, connection, countries):
        """A new consent, as the callback takes it up. :return: what the person is told"""
        connection.sudo().write(connection._consent_values(self.token_set(countries), connection.env.user))
        self.env.flush_all()
        outcome, organisations = connection._take_up_consent()
        connection._settle_in(organisations)
        return outcome


@tagged("post_install", "-at_install")
class TestSeveralCompanies(SeveralCommon):
    """One consent brought New Zealand's organisation for one company and Australia's for another."""

    def setUp(self):
        super().setUp()
        self.elsewhere = self.env["res.company"].create(
            {"name": "Banksia", "currency_id": self.env.ref("base.AUD").id}
        )
        self.connection = self.connect(("NZ", "AU"))
        self.here = self.connect_organisation("NZ", self.connection)
        self.there = self.connect_organisation("AU", self.connection, company_id=self.elsewhere.id)
        self.theirs = self.make_user("their keeper", MANAGER, self.elsewhere)
        self.env.flush_all()
        self.sim.clear_calls()

    def as_theirs(self):
        """The organisation, as somebody who manages Xero in that company alone has it."""
        self.env.flush_all()
        self.env.invalidate_all()
        return self.there.with_user(self.theirs).with_context(allowed_company_ids=self.elsewhere.ids)

    def test_who_manages_the_organisations_company_alone_can_press_its_buttons(self):
        """S1.29, S1.39, S4.17"""
        self.assertEqual(self.as_theirs().action_test_connection()["params"]["type"], "success")
        told = self.as_theirs().action_refresh_reference()["params"]
        self.assertEqual(told["type"], "success", told["message"])
        self.assertTrue(self.as_theirs().account_ids)
        self.assertIn("Mapped:", self.as_theirs().action_propose_mappings()["params"]["message"])
        self.sim.fault("drop_before", match={"method": "DELETE"}, times=1)
        self.assertEqual(self.as_theirs().action_disconnect()["params"]["type"], "warning")
        self.assertEqual(self.as_theirs().action_remove_at_xero()["params"]["type"], "success")
        self.env.invalidate_all()
        self.assertEqual((self.there.state, self.here.state), ("disconnected", "connected"))
        self.assertEqual(self.connection.state, "connected", "the other company's organisation goes on")
        self.assertEqual([row["tenantId"] for row in self.sim.control("GET", "connections")], [self.here.tenant_id])

    def test_who_manages_the_organisations_company_alone_can_make_a_tax_of_its_rates(self):
        """S4.4"""
        self.elsewhere.account_fiscal_country_id = self.env.ref("base.au")
        self.env["account.tax.group"].create(
            {"name": "GST", "company_id": self.elsewhere.id, "country_id": self.env.ref("base.au").id}
        )
        self.there._refresh_reference()
        self.theirs.group_ids += self.env.ref("account.group_account_manager")
        rate = self.as_theirs().tax_rate_ids.filtered("unmapped")[:1]
        tax = self.env["account.tax"].search(rate.action_create_in_odoo()["domain"])
        self.assertEqual(tax.company_id, self.elsewhere)

    def test_connecting_again_needs_the_connections_company_and_the_form_says_so(self):
        organisation = self.as_theirs()
        self.assertFalse(organisation.connection_reachable)
        with self.assertRaises(AccessError):
            organisation.action_connect()
        self.assertTrue(self.here.with_user(self.make_user("keeper", MANAGER)).connection_reachable)

    def test_the_whole_form_can_be_read(self):
        organisation = self.as_theirs()
        names = organisation.get_view(view_type="form")["models"]["xero.organisation"]
        [told] = organisation.web_read({name: {} for name in names})
        self.assertEqual(told["state"], "connected")

    def test_new_credentials_void_the_test_of_every_companys_organisation(self):
        """S1.34"""
        keeper = self.make_user("keeper", MANAGER)
        connection = self.connection.with_user(keeper).with_context(allowed_company_ids=self.company.ids)
        self.assertTrue(self.here.test_passed and self.there.test_passed)
        connection.client_secret = self.sim.client_secret
        self.assertFalse(self.here.test_passed or self.there.test_passed)

    def test_a_new_consent_lets_every_companys_organisation_go_on(self):
        keeper = self.make_user("keeper", MANAGER)
        self.connection._break(errors.Reconnect("invalid_grant"))
        (self.here | self.there).write({"error_code": "reconnect", "error_message": "x"})
        self.env.flush_all()
        connection = self.connection.with_user(keeper).with_context(allowed_company_ids=self.company.ids)
        self.take_up(connection, ("NZ", "AU"))
        self.env.invalidate_all()
        self.assertFalse(self.here.error_message or self.there.error_message)


@tagged("post_install", "-at_install")
class TestOneCompany(SeveralCommon):
    def setUp(self):
        super().setUp()
        self.first = self.connect_organisation("NZ")
        self.connection = self.first.connection_id

    def second(self):
        return self.connect_organisation("AU", self.connect(("AU",)))

    def route(self):
        """The organisations of an invoice of the usual journal."""
        move = self.init_invoice("out_invoice", partner=self.partner_a, amounts=[100])
        return self.env["xero.organisation"]._route(self.company.id, move.journal_id.id)

    def test_two_that_share_the_rest_are_said_until_one_is_archived_or_journals_are_named(self):
        """S1.41: the documents go to the first, also while that one is disconnected."""
        self.assertFalse(self.first.journals_shared)
        second = self.second()
        self.assertEqual(self.route(), self.first.ids)
        for organisation in self.first | second:
            for word in (self.first.name, second.name, f"{self.first.name} gets all documents", "archive"):
                self.assertIn(word, organisation.journals_shared)
            self.assertIn(f"{self.first.name} gets all documents", organisation.mapping_checklist_html)
            self.assertFalse(organisation.mapping_ready)
        second.journal_ids = self.company_data["default_journal_sale"]
        self.assertFalse(self.first.journals_shared or second.journals_shared)
        self.assertNotIn("gets all documents", self.first.mapping_checklist_html)
        self.assertEqual(self.route(), second.ids)

    def test_archiving_the_disconnected_one_takes_it_out_of_the_routes(self):
        """S1.41"""
        second = self.second()
        self.first.action_disconnect()
        self.env.invalidate_all()
        self.assertEqual(self.route(), self.first.ids, "what is queued for it resumes when it is connected again")
        self.first.action_archive()
        self.assertEqual(self.route(), second.ids)
        self.assertFalse(second.journals_shared)
        self.first.action_unarchive()
        self.assertTrue(second.journals_shared)

    def test_the_sentences_about_a_reset_demo_company_say_to_archive_it(self):
        for code in ("demo_reset", "warn_demo"):
            self.assertIn("archive", sentence(self.env, code))

    def test_a_new_consent_voids_the_test_of_what_is_connected_and_tests_it_anew(self):
        """S1.34"""
        self.first.action_test_connection()
        self.assertTrue(self.first.test_passed)
        self.connection.write(self.connection._consent_values(self.token_set(), self.env.user))
        self.env.flush_all()
        _outcome, organisations = self.connection._take_up_consent()
        self.assertFalse(organisations, "it was connected before")
        self.assertFalse(self.first.test_passed)
        self.sim.fault("status", match={"path": "/Organisation"}, times=1, status=503)
        self.connection._settle_in(organisations)
        self.assertFalse(self.first.test_passed)
        self.take_up(self.connection, ("NZ",))
        self.assertTrue(self.first.test_passed)
