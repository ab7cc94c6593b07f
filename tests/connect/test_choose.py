"""Which granted organisations are kept, and for which company (S0.11, S1.10, S4.17)."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.xero_integration.xero import Gateway

from ..common import MANAGER, XeroCommon


@tagged("post_install", "-at_install")
class TestChoose(XeroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.second = cls.env["res.company"].create({"name": "Second", "currency_id": cls.env.ref("base.NZD").id})
        cls.hidden = cls.env["res.company"].create({"name": "Hidden"})
        cls.manager = cls.make_user("keeper", MANAGER, cls.company | cls.second)

    def setUp(self):
        super().setUp()
        both = [self.company.id, self.second.id]
        self.connection = (
            self.connect(("NZ", "AU", "US")).with_user(self.manager).with_context(allowed_company_ids=both)
        )

    def open(self, connection=None):
        action = (connection or self.connection).action_choose_organisations()
        return self.connection.env[action["res_model"]].browse(action["res_id"])

    def line(self, wizard, country):
        return wizard.line_ids.filtered(lambda line: line.tenant_id == self.sim.tenant_id(country))

    def choose(self, wizard, **companies):
        """Tick exactly these countries, each for a company."""
        wizard.line_ids.selected = False
        for country, company in companies.items():
            self.line(wizard, country).write({"selected": True, "company_id": company.id})
        return wizard.action_confirm()

    def test_all_granted_organisations_are_listed_and_those_of_this_consent_ticked(self):
        """S1.10"""
        wizard = self.open()
        self.assertEqual(len(wizard.line_ids), 3)
        self.assertTrue(all(wizard.line_ids.mapped("selected")))
        self.assertEqual(wizard.line_ids.company_id, self.company)

    def test_practices_are_not_listed(self):
        """S1.10"""
        connections = Gateway.connections

        def with_practice(gateway, *args, **kwargs):
            practice = {"id": "1", "tenantId": "practice", "tenantType": "PRACTICE", "tenantName": "A practice"}
            return [*connections(gateway, *args, **kwargs), practice]

        self.patch(Gateway, "connections", with_practice)
        self.assertNotIn("practice", self.open().line_ids.mapped("tenant_id"))

    def test_chosen_ones_are_connected_each_with_its_company_the_rest_stays_offered(self):
        """S4.17"""
        self.choose(self.open(), NZ=self.company, AU=self.second)
        organisations = self.connection.organisation_ids
        found = {each.country_code: (each.company_id, each.state) for each in organisations}
        self.assertEqual(found, {"NZ": (self.company, "connected"), "AU": (self.second, "connected")})
        self.assertEqual(len(organisations.cron_id), 2)
        self.assertTrue(organisations[0].account_ids, "its chart of accounts was read")
        self.assertEqual(self.connection.offered_names, "Sequoia Goods (US)")
        self.assertEqual(self.open().line_ids.mapped("name"), ["Sequoia Goods (US)"])

    def test_one_choice_opens_the_organisation(self):
        action = self.choose(self.open(), NZ=self.company)
        self.assertEqual((action["res_model"], action["res_id"]),
                         ("xero.organisation", self.connection.organisation_ids.id))  # fmt: skip

    def test_nothing_ticked(self):
        with self.assertRaises(UserError):
            self.choose(self.open())

    def test_the_same_tenant_for_two_companies_is_refused(self):
        self.choose(self.open(), NZ=self.company)
        again = self.connect(("NZ",), company_id=self.second.id).with_user(self.manager)
        again = again.with_context(allowed_company_ids=self.connection.env.context["allowed_company_ids"])
        with self.assertRaisesRegex(UserError, f"belongs to {self.company.name}"):
            self.choose(self.open(again), NZ=self.second)
        self.assertEqual(self.connection.organisation_ids.connection_id, self.connection)

    def test_a_tenant_of_a_company_the_user_cannot_see_is_refused_without_naming_it(self):
        self.connect_organisation("US", company_id=self.hidden.id)
        wizard = self.open()
        self.assertTrue(self.line(wizard, "US").blocked)
        with self.assertRaises(UserError) as caught:
            self.choose(wizard, US=self.company)
        self.assertNotIn("Hidden", str(caught.exception))

    def test_what_a_client_makes_up_is_not_believed(self):
        wizard = self.open()
        wizard.line_ids[0].write({"tenant_id": "made up", "selected": True})
        with self.assertRaises(UserError):
            wizard.action_confirm()
        wizard = self.open()
        with self.assertRaises(UserError):
            self.choose(wizard, NZ=self.hidden)

    def test_an_organisation_moves_to_another_connection_of_its_company_with_all_it_has(self):
        """Another person takes over: links and mappings stay, the record is the same."""
        self.choose(self.open(), NZ=self.company)
        organisation = self.connection.organisation_ids
        link = self.env["xero.link"].create({
            "organisation_id": organisation.id, "company_id": self.company.id, "resource": "Contacts",
            "res_model": "res.partner", "res_id": self.partner_a.id, "outcome": "synced",
        })  # fmt: skip
        other = self.connect(("NZ",)).with_user(self.manager)
        wizard = self.open(other)
        self.assertFalse(self.line(wizard, "NZ").selected, "not moved unless somebody says so")
        self.assertIn("continues through this connection", self.line(wizard, "NZ").note)
        self.choose(wizard, NZ=self.company)
        self.assertEqual(organisation.connection_id, other)
        self.assertEqual(link.organisation_id, organisation)

    def test_xero_out_of_reach_is_said(self):
        self.sim.fault("status", status=503, match={"path": "/connections"}, times=1)
        with self.assertRaisesRegex(UserError, "Nothing is lost"):
            self.open()

    def test_everything_in_use_already(self):
        self.choose(self.open(), NZ=self.company, AU=self.second, US=self.company)
        with self.assertRaises(UserError):
            self.open()

    def test_a_connected_organisation_stays_with_its_company(self):
        self.choose(self.open(), NZ=self.company)
        with self.assertRaises(UserError):
            self.connection.organisation_ids.company_id = self.second

    def test_two_organisations_of_one_company_share_documents_by_journal(self):
        """S4.17: the second names its journals, the first takes the rest."""
        self.choose(self.open(), NZ=self.company, AU=self.company)
        australia = self.connection.organisation_ids.filtered(lambda o: o.country_code == "AU")
        australia.journal_ids = [Command.set(self.company_data["default_journal_sale"].ids)]
        routes = dict(self.env["xero.organisation"]._routes(self.company.id))
        self.assertEqual(routes[australia.id], frozenset(self.company_data["default_journal_sale"].ids))
