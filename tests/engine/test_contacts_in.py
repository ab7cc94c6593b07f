"""Contacts that were made in Xero come here (S2.2-S2.7), nobody is doubled, and nothing goes back."""

from odoo.tests import tagged

from odoo.addons.xero_integration.models.xero_organisation_worker import XeroRun

from .contacts_common import ContactsInCommon


@tagged("post_install", "-at_install")
class TestContactsIn(ContactsInCommon):
    def test_first_look_takes_all_that_are_in_use(self):
        """S2.2 S2.7: customers and suppliers, one reading for the mirror and for the take-over"""
        mirror = self.env["xero.contact"].search([("organisation_id", "=", self.organisation.id)])
        for contact in mirror:
            link, partner = self.of(contact.xero_id)
            self.assertEqual(bool(partner), contact.status == "ACTIVE", contact.name)
            self.assertEqual(bool(link), bool(partner))
        self.assertGreater(len(mirror), 2)
        self.assertAtRest()
        self.assertEqual(len(self.reads()), 1)

    def test_company_comes_with_everything(self):
        """S2.3 S2.4"""
        _id, partner = self.pulled(
            Name="Harbour Cafe Ltd", FirstName="Jane", LastName="Doe", EmailAddress="info@harbour.example",
            TaxNumber="49-091-850", AccountNumber="C-17",
            Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": "555 1234", "PhoneAreaCode": "9",
                     "PhoneCountryCode": "64"}],
            Addresses=[{"AddressType": "STREET", "AddressLine1": "elsewhere"},
                       {"AddressType": "POBOX", "AddressLine1": "1 Quay", "AddressLine2": "Level 2",
                        "AddressLine3": "East", "City": "Auckland", "PostalCode": "1010", "Country": "New Zealand"}],
        )  # fmt: skip
        self.assertEqual(
            (partner.name, partner.is_company, partner.email, partner.phone, partner.vat, partner.ref),
            ("Harbour Cafe Ltd", True, "info@harbour.example", "+64 9 555 1234", "49-091-850", "C-17"),
        )
        self.assertEqual(
            (partner.street, partner.street2, partner.city, partner.zip, partner.country_id.code),
            ("1 Quay", "Level 2, East", "Auckland", "1010", "NZ"),
        )
        self.assertEqual((partner.child_ids.name, partner.child_ids.is_company), ("Jane Doe", False))
        self.assertFalse(partner.company_id, "seen by all companies, as Odoo's own")
        self.assertIn(self.organisation.name, partner.message_ids.mapped("body")[0])
        self.assertFalse(self.writes(), "what came from Xero must not go back")
        self.assertAtRest()

    def test_person_is_named_by_its_two_names_and_nobody_is_nameless(self):
        """S2.4"""
        _id, person = self.pulled(Name="Jane  Doe", FirstName="Jane", LastName="Doe")
        self.assertEqual((person.name, person.is_company, person.child_ids.ids), ("Jane Doe", False, []))
        _id, business = self.pulled(Name="Acme")
        self.assertEqual((business.name, business.is_company), ("Acme", True))

    def test_mobile_and_street_serve_where_there_is_nothing_else(self):
        xero_id, partner = self.pulled(
            Name="Acme", Phones=[{"PhoneType": "MOBILE", "PhoneNumber": "021 55 1234"}],
            Addresses=[{"AddressType": "STREET", "AddressLine1": "1 Quay", "Country": "Nowhere"}],
        )  # fmt: skip
        self.assertEqual((partner.phone, partner.street, partner.country_id.ids), ("021 55 1234", "1 Quay", []))
        partner.write({"phone": "021 55 9999", "street": "2 Quay"})
        self.work_again()
        contact = self.in_books(xero_id)
        numbers = {phone["PhoneType"]: phone["PhoneNumber"] for phone in contact["Phones"]}
        streets = {address["AddressType"]: address.get("AddressLine1") for address in contact["Addresses"]}
        self.assertEqual((numbers["MOBILE"], numbers["DEFAULT"]), ("021 55 9999", ""))
        self.assertEqual((streets["STREET"], streets["POBOX"]), ("2 Quay", None))
        self.assertAtRest()

    def test_new_partner_may_be_for_its_company_alone(self):
        self.organisation.contact_own_company = True
        _id, partner = self.pulled(
            Name="Acme", FirstName="Eve", LastName="Fox", ContactPersons=[{"FirstName": "Bob", "EmailAddress": ""}]
        )
        self.assertEqual(partner.company_id, self.organisation.company_id)
        self.assertEqual(partner.child_ids.mapped("company_id.id"), [self.organisation.company_id.id])
        self.assertEqual(len(partner.child_ids), 2)

    # ---- who is here already ------------------------------------------------------------------------

    def test_partner_of_the_same_mark_is_updated_and_never_doubled(self):
        """S2.5: e-mail, then phone, then name; what is empty is filled"""
        cases = (
            ({"email": "Info@Acme.example"}, {"EmailAddress": "info@acme.example"}),
            ({"phone": "+64 9 555 1234"}, {"Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "(09) 555-1234"}]}),
            ({"name": "CAFÉ Zoë Ltd."}, {"Name": "Cafe Zoe Ltd"}),
            ({"ref": "C-1"}, {"AccountNumber": "C-1"}),
        )
        for number, (ours, theirs) in enumerate(cases):
            with self.subTest(ours):
                partner = self.customer(f"Ours {number}")
                partner.write(ours)
                name = partner.name
                xero_id = self.there(**({"Name": f"Theirs {number}", "TaxNumber": f"GST {number}"} | theirs))
                self.work_again()
                link, found = self.of(xero_id)
                self.assertEqual((found, link.outcome), (partner, "synced"), link.error_message)
                self.assertEqual((partner.vat, partner.name), (f"GST {number}", name))
                self.assertIn("Tax number", " ".join(partner.message_ids.mapped("body")))
                self.assertNotEqual(self.in_books(xero_id)["Name"], name, "nothing is written over on either side")
                self.assertAtRest()

    def test_partner_of_the_same_name_is_found_in_every_script(self):
        """S2.5: PostgreSQL folds letters otherwise than Python, and takes other signs for letters"""
        names = (
            ("Groß GmbH", "Groß GmbH"), ("Weiß & Söhne", "WEISS & SÖHNE"), ("STRAẞE AG", "Strasse AG"),
            ("Γιώργος", "Γιώργος"), ("ΝΊΚΟΣ", "Νίκος"), ("ООО Ромашка", "ооо «Ромашка»"), ("บริษัท สยาม", "บริษัท สยาม"),
            ("हिन्दी भवन", "हिन्दी भवन"), ("株式会社山田", "株式会社山田"),
        )
        partners = [self.customer(ours) for ours, _theirs in names]
        ids = [self.there(Name=theirs) for _ours, theirs in names]
        self.work_again()
        for partner, xero_id in zip(partners, ids, strict=True):
            with self.subTest(partner.name):
                self.assertEqual(self.of(xero_id)[1], partner)
        self.assertAtRest()

    def test_organisation_may_want_xeros_details_to_count(self):
        """S2.5: overwrite"""
        self.organisation.contact_fill = "overwrite"
        partner = self.customer("Ours", email="a@acme.example", phone="111 1111")
        _id, found = self.pulled(
            Name="Theirs", EmailAddress="a@acme.example", Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": "222 2222"}]
        )
        self.assertEqual(found, partner)
        self.assertEqual((partner.name, partner.phone), ("Theirs", "222 2222"))
        self.assertAtRest()

    def test_what_only_odoo_knows_is_filled_in_xero(self):
        self.customer("Acme", email="a@acme.example", city="Auckland", ref="C-1")
        xero_id, _partner = self.pulled(Name="Acme Ltd", EmailAddress="a@acme.example")
        contact = self.in_books(xero_id)
        self.assertEqual((contact["AccountNumber"], contact["Name"]), ("C-1", "Acme Ltd"))
        self.assertAtRest()

    def test_two_partners_of_one_mark_go_to_a_person(self):
        """S1.17: never picked; S3.13: chosen by hand"""
        first, second = (self.customer(name, email="a@acme.example") for name in ("North", "South"))
        xero_id = self.there(Name="Acme", EmailAddress="a@acme.example")
        self.work_again()
        link, partner = self.of(xero_id)
        self.assertFalse(partner)
        self.assertEqual((link.outcome, link.error_code), ("held", "incoming_contact_several"))
        self.assertIn("North, South", link.error_message)
        self.env["xero.change"]._append_to_links(link, "match", {link.id: {"partner_id": second.id}})
        self.work()
        self.assertEqual(self.of(xero_id)[1], second)
        self.assertFalse(self.link(first))
        self.assertAtRest()

    def waiting(self):
        """A contact of Xero's that may be each of two partners. :return: ContactID, both partners"""
        partners = [self.customer(name, email="a@acme.example") for name in ("North", "South")]
        xero_id = self.there(Name="Acme", EmailAddress="a@acme.example")
        self.work_again()
        self.assertEqual(self.of(xero_id)[0].error_code, "incoming_contact_several")
        return xero_id, *partners

    def say(self, xero_id, partner):
        """A person says which partner a waiting contact is."""
        link = self.of(xero_id)[0]
        self.env["xero.change"]._append_to_links(link, "match", {link.id: {"partner_id": partner.id}})
        self.work()

    def test_partner_that_may_be_a_waiting_contact_goes_to_a_person_and_no_second_one_is_made(self):
        """S1.17: an ambiguous match is never picked"""
        xero_id, north, _south = self.waiting()
        move = self.invoice(north)
        self.work()
        self.assertStopped(north, "contact_ambiguous", "held")
        self.assertEqual(self.link(north).error_data["candidates"], [xero_id])
        self.assertFalse(self.writes())
        self.say(xero_id, north)
        self.assertSynced(north, move)
        self.assertEqual((self.link(north).xero_id, self.in_xero(move)["Contact"]["ContactID"]), (xero_id, xero_id))
        self.assertAtRest()

    def test_partner_that_was_not_the_waiting_contact_goes_by_itself(self):
        xero_id, north, south = self.waiting()
        move = self.invoice(north)
        self.work()
        self.say(xero_id, south)
        self.assertSynced(north, move, south)
        self.assertEqual(self.link(south).xero_id, xero_id)
        self.assertEqual(len(self.contacts_in_xero("North")), 1)
        self.assertAtRest()

    def test_waiting_contact_of_the_same_name_belongs_to_nobody_yet(self):
        _id, north, _south = self.waiting()
        north.name = "Acme"
        self.invoice(north)
        self.work()
        self.assertStopped(north, "contact_ambiguous", "held")

    def choose(self, partner, xero_id):
        """A person says in the partner's dialog which contact it is."""
        contact = self.env["xero.contact"].search([("xero_id", "=", xero_id)])
        wizard = self.env["xero.contact.match"].create(
            {"partner_id": partner.id, "organisation_id": self.organisation.id, "contact_id": contact.id}
        )
        wizard.action_confirm()
        self.work()

    def assertChosen(self, partner, xero_id):
        link = self.of(xero_id)[0]
        self.assertEqual((len(link), link.res_id, link.outcome), (1, partner.id, "synced"), link.error_message)
        self.assertFalse(self.changes())
        self.assertAtRest()

    def test_waiting_contact_that_a_partner_chooses_comes_with_what_xero_says(self):
        xero_id, north, _south = self.waiting()
        self.there(ContactID=xero_id, TaxNumber="GST 7")
        self.work_again()
        move = self.invoice(north)
        self.work()
        self.choose(north, xero_id)
        self.assertEqual((north.vat, north.name, self.in_books(xero_id)["Name"]), ("GST 7", "North", "Acme"))
        self.assertSynced(move)
        self.assertChosen(north, xero_id)

    def test_waiting_contact_may_be_chosen_where_contacts_do_not_come_any_more(self):
        xero_id, north, _south = self.waiting()
        self.directions(contacts="push")
        move = self.invoice(north)
        self.work()
        self.assertStopped(north, "contact_ambiguous", "held")
        self.choose(north, xero_id)
        self.assertSynced(move)
        self.assertChosen(north, xero_id)

    def test_partner_may_be_chosen_for_a_waiting_contact_where_contacts_do_not_come_any_more(self):
        xero_id, north, _south = self.waiting()
        self.directions(contacts="push")
        wizard = self.env["xero.partner.match"].create({"link_id": self.of(xero_id)[0].id, "partner_id": north.id})
        wizard.action_confirm()
        self.work()
        self.assertChosen(north, xero_id)

    def test_contact_that_was_taken_out_of_the_sync_may_be_chosen(self):
        xero_id, north, _south = self.waiting()
        self.env["xero.change"]._append_to_links(self.of(xero_id)[0], "exempt")
        self.work()
        self.assertEqual(self.of(xero_id)[0].outcome, "exempt")
        self.choose(north, xero_id)
        self.assertChosen(north, xero_id)

    def test_partner_whose_contact_was_archived_may_choose_one_that_waits(self):
        old = self.there(Name="North")
        self.work_again()
        north = self.of(old)[1]
        self.sim.organisation("NZ", archive_contact="North")
        north.email = "a@acme.example"
        self.customer("South", email="a@acme.example")
        self.customer("East", email="a@acme.example")
        xero_id = self.there(Name="Acme", EmailAddress="a@acme.example")
        self.work_again()
        north.active = True
        self.assertEqual(self.of(xero_id)[0].error_code, "incoming_contact_several")
        self.choose(north, xero_id)
        self.assertFalse(self.of(old)[0])
        self.assertChosen(north, xero_id)

    def test_person_may_say_that_a_contact_is_new_here(self):
        for name in ("North", "South"):
            self.customer(name, email="a@acme.example")
        xero_id = self.there(Name="Acme", EmailAddress="a@acme.example")
        self.work_again()
        self.env["xero.change"]._append_to_links(self.of(xero_id)[0], "create")
        self.work()
        self.assertEqual(self.of(xero_id)[1].name, "Acme")

    def test_two_contacts_of_one_mark_go_to_a_person(self):
        self.customer("Ours", email="a@acme.example")
        ids = [self.there(Name=name, EmailAddress="a@acme.example") for name in ("North", "South")]
        self.work_again()
        self.assertEqual({self.of(xero_id)[0].error_code for xero_id in ids}, {"incoming_contact_several"})

    def test_partner_that_waited_for_a_choice_gets_its_contact(self):
        """Its link and its invoice do not stay behind"""
        for name in ("Acme North", "Acme South"):
            self.there(Name=name, EmailAddress="a@acme.example")
        self.work_again()  # each has a partner of its own now
        north, south = self.partners("Acme North"), self.partners("Acme South")
        self.assertTrue(north and south)
        partner = self.customer("Acme South Ltd", email="a@acme.example")
        move = self.invoice(partner)
        self.work()
        self.assertEqual(self.link(partner).outcome, "synced", "of its own: both others are taken")
        self.assertSynced(move)

    # ---- one reading ------------------------------------------------------------------------------------

    def test_matching_and_taking_over_share_one_reading(self):
        self.there(Name="New there")
        self.invoice(self.customer("New here"))
        self.work_again()
        self.assertEqual(len(self.reads()), 1)
        self.assertTrue(self.partners("New there"))

    def test_what_was_read_for_the_matching_comes_without_a_further_call(self):
        xero_id = self.there(Name="New there")
        self.organisation._read_contacts(XeroRun())
        self.assertFalse(self.of(xero_id)[0])
        self.sim.clear_calls()
        self.work()
        self.assertFalse(self.reads())
        self.assertTrue(self.of(xero_id)[1])
        self.assertFalse(self.env["xero.contact"].search([("pending", "!=", False)]))

    def test_several_hundred_take_few_queries_and_calls(self):
        """S2.2: a first look at many"""
        contacts = [{"Name": f"Business {n:03}", "EmailAddress": f"{n}@many.example"} for n in range(300)]
        for first in range(0, 300, 50):
            self.sim.books("NZ", "Contacts", "PUT", {"Contacts": contacts[first : first + 50]})
        before = self.env.cr.sql_log_count
        self.work_again()
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(self.env["res.partner"].search_count([("email", "like", "@many.example")]), 300)
        self.assertEqual(len(self.reads()), 1)
        self.assertLess(queries, 250, "three hundred contacts")
        self.assertAtRest()
