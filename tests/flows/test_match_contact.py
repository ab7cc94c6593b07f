"""A contact that the matcher could not decide about: proposals, search, a new one under another name."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.xero_integration.models.codec.text import email_key, name_key, phone_key

from .common import ScreensCommon


@tagged("post_install", "-at_install")
class TestMatchContact(ScreensCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create({
            "name": "Harbour Cafe", "email": "info@harbour.example", "phone": "+64 9 555 1234", "ref": "C-77",
            "is_company": True,
        })
        cls.env["xero.change"].search([]).unlink()

    @classmethod
    def make_contact(cls, name, organisation=None, email="", phone="", **values):
        return cls.env["xero.contact"].create({
            "organisation_id": (organisation or cls.organisation).id, "xero_id": f"contact {name}", "name": name,
            "name_key": name_key(name), "email": email, "email_key": email_key(email) or False,
            "phone_key": phone_key(phone) or False, "status": "ACTIVE",
        } | values)

    def open(self, partner=None, user=None):
        partner = (partner or self.partner).with_user(user or self.manager).with_context(
            allowed_company_ids=self.company.ids)
        action = partner.action_xero_match()
        return partner.env[action["res_model"]].browse(action["res_id"])

    def test_candidates_come_best_first_with_the_reason(self):
        similar = self.make_contact("Harbour Cafe Ltd")
        email = self.make_contact("HC Holdings", email="Info@Harbour.example")
        number = self.make_contact("Somebody", account_number="C-77")
        phone = self.make_contact("Cafe on the Quay", phone="09 555 1234")
        self.make_contact("Mountain Bikes")
        self.make_contact("Harbour Cafe Old", status="ARCHIVED")
        wizard = self.open()
        self.assertEqual(wizard.mode, "match")
        self.assertEqual(wizard.line_ids.contact_id.ids, (number + email + phone + similar).ids)
        self.assertEqual(wizard.line_ids.mapped("reason"), [
            "Same account number", "Same e-mail", "Same phone", "Similar name"])
        self.assertEqual(wizard.line_ids.mapped("score"), sorted(wizard.line_ids.mapped("score"), reverse=True))

    def test_what_the_matcher_could_not_decide_between_is_proposed(self):
        first, second = self.make_contact("Harbour Cafe"), self.make_contact("HARBOUR CAFÉ", xero_id="other")
        self.make_link(self.partner, "held", error_code="contact_ambiguous", error_data={
            "count": 2, "candidates": [first.xero_id, second.xero_id]})
        self.assertEqual(self.open().line_ids.contact_id, first + second)

    def test_choosing_appends_the_decision_and_wakes_the_worker(self):
        contact = self.make_contact("Harbour Cafe Ltd")
        with self.capture_triggers() as triggers:
            self.open().line_ids.action_choose()
        change = self.changes(self.partner)
        self.assertEqual((change.kind, change.data, change.by_hand), ("match", {"xero_id": contact.xero_id}, True))
        self.assertEqual(triggers.records.cron_id, self.organisation.cron_id)

    def test_any_contact_of_the_organisation_can_be_searched_and_chosen(self):
        contact = self.make_contact("Mountain Bikes")
        wizard = self.open()
        self.assertFalse(wizard.line_ids)
        wizard.write({"mode": "match", "contact_id": contact.id})
        wizard.action_confirm()
        self.assertEqual(self.changes(self.partner).data, {"xero_id": contact.xero_id})

    def test_a_contact_that_belongs_to_another_partner_is_shown_and_refused(self):
        contact = self.make_contact("Harbour Cafe")
        self.make_synced(self.partner_a, xero_id=contact.xero_id)
        wizard = self.open()
        self.assertEqual(wizard.line_ids.owner, self.partner_a.display_name)
        wizard.contact_id = contact
        self.assertEqual(wizard.contact_owner, self.partner_a.display_name)
        for choose in (wizard.line_ids.action_choose, wizard.action_confirm):
            with self.assertRaisesRegex(UserError, self.partner_a.display_name):
                choose()
        self.assertFalse(self.changes(self.partner))

    def test_without_any_candidate_a_new_one_is_proposed(self):
        self.assertEqual(self.open().mode, "create")

    def test_creating_under_another_name_says_so_to_the_worker(self):
        self.make_contact("Harbour Cafe")
        wizard = self.open()
        with Form(wizard) as form:
            form.mode = "create"
            self.assertTrue(form.name_taken)
        with self.assertRaisesRegex(UserError, "only once"):
            wizard.action_confirm()
        wizard.new_name = "Harbour Cafe (Auckland)"
        wizard.action_confirm()
        change = self.changes(self.partner)
        self.assertEqual((change.kind, change.data), ("create", {"name": "Harbour Cafe (Auckland)"}))

    def test_creating_under_its_own_name_needs_no_alias(self):
        wizard = self.open()
        wizard.action_confirm()
        self.assertEqual(self.changes(self.partner).data, {"name": False})

    def test_what_is_in_xero_already_is_not_created_again(self):
        self.make_synced(self.partner, xero_id="there")
        wizard = self.open()
        self.assertEqual(wizard.current_name, self.partner.display_name)
        wizard.mode = "create"
        with self.assertRaises(UserError):
            wizard.action_confirm()

    def test_what_xero_archived_or_merged_may_be_created_anew(self):
        for values in ({"status": "ARCHIVED"}, {"merged_to": "another"}):
            contact = self.make_contact("Harbour Cafe", **values)
            link = self.make_synced(self.partner, xero_id=contact.xero_id)
            wizard = self.open()
            wizard.write({"mode": "create", "new_name": "Harbour Cafe (new)"})
            wizard.action_confirm()
            self.assertEqual(self.changes(self.partner).kind, "create")
            for records in (contact, link, self.changes(self.partner)):
                records.unlink()

    def test_choosing_nothing_is_said(self):
        self.make_contact("Harbour Cafe Ltd")
        with self.assertRaises(UserError):
            self.open().action_confirm()

    def test_a_contact_of_another_organisation_is_refused(self):
        second = self.make_organisation("Roo Pty", self.company)
        wizard = self.open()
        wizard.write({"mode": "match", "contact_id": self.make_contact("Elsewhere", second).id})
        with self.assertRaisesRegex(UserError, "another Xero organisation"):
            wizard.action_confirm()

    def test_another_organisation_has_its_own_candidates(self):
        second = self.make_organisation("Roo Pty", self.company)
        here, there = self.make_contact("Harbour Cafe Ltd"), self.make_contact("Harbour Cafe Inc", second)
        wizard = self.open()
        self.assertEqual(wizard.organisation_count, 2)
        self.assertEqual(wizard.line_ids.contact_id, here)
        following = wizard.browse(wizard.action_next_organisation()["res_id"])
        self.assertEqual((following.organisation_id, following.line_ids.contact_id), (second, there))
        self.assertEqual(
            wizard.browse(following.action_next_organisation()["res_id"]).organisation_id, self.organisation)

    def test_an_address_of_a_company_leads_to_the_company(self):
        child = self.env["res.partner"].create({"name": "Till", "parent_id": self.partner.id})
        self.assertEqual(self.open(child).partner_id, self.partner)

    def test_without_an_organisation_it_is_said(self):
        self.organisation.write({"state": "disconnected", "active": False})
        with self.assertRaisesRegex(UserError, "No Xero organisation"):
            self.open()

    def test_only_managers_choose(self):
        with self.assertRaises(AccessError):
            self.open(user=self.bookkeeper)

    def test_it_takes_the_same_queries_for_any_number_of_candidates(self):
        for index in range(50):
            self.make_contact(f"Harbour Cafe {index}")
        self.env.flush_all()
        wizard = self.env["xero.contact.match"].create(
            {"partner_id": self.partner.id, "organisation_id": self.organisation.id})
        wizard._proposals()
        self.env.flush_all()
        with self.assertQueryCount(8):
            self.assertEqual(len(wizard._proposals()), 8)
