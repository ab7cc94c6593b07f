"""Contacts that were made or changed in Xero come here (S2.2-S2.7), nobody is doubled, and nothing goes back."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.xero_integration.models.contact_writer import ContactWriter
from odoo.addons.xero_integration.models.xero_organisation_worker import XeroRun

from .common import EngineCommon


class ContactsInCommon(EngineCommon):
    def setUp(self):
        super().setUp()
        self.directions("push", contacts="both")
        self.work()  # what the simulator was founded with
        self.sim.clear_calls()

    def there(self, **contact):
        """What a bookkeeper makes or changes in Xero. :return: the ContactID"""
        method = "POST" if "ContactID" in contact else "PUT"
        return self.sim.books("NZ", "Contacts", method, {"Contacts": [contact]})["Contacts"][0]["ContactID"]

    def in_books(self, xero_id):
        return self.sim.books("NZ", f"Contacts/{xero_id}")["Contacts"][0]

    def work_again(self):
        """A further cycle, in which Xero is looked at again."""
        self.env["xero.cursor"].search([]).write({"due_at": False, "read_at": "2026-01-01"})
        self.sim.clear_calls()
        return self.work()

    def of(self, xero_id):
        """:return: the link of a contact, and its partner"""
        link = self.env["xero.link"].search(
            [("organisation_id", "=", self.organisation.id), ("resource", "=", "Contacts"), ("xero_id", "=", xero_id)]
        )
        return link, self.env["res.partner"].browse(link.res_id).exists()

    def partners(self, name):
        return self.env["res.partner"].with_context(active_test=False).search([("name", "=", name)])

    def pulled(self, **contact):
        """A contact of Xero's that has come. :return: ContactID, partner"""
        xero_id = self.there(**contact)
        self.work_again()
        link, partner = self.of(xero_id)
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        return xero_id, partner

    def pair(self, **contact):
        return self.pulled(**({
            "Name": "Acme", "EmailAddress": "a@acme.example", "ContactNumber": "THEIRS",
            "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "555 1234", "PhoneAreaCode": "9"}],
        } | contact))  # fmt: skip

    def reads(self):
        return [call for call in self.sim.calls(path="/Contacts") if call["method"] == "GET"]

    def assertAtRest(self):
        """A further cycle writes nothing at Xero and changes nothing here."""
        partners = self.env["res.partner"].with_context(active_test=False).search([])
        before = {partner.id: partner.write_date for partner in partners}
        messages = self.env["mail.message"].search_count([("model", "=", "res.partner")])
        self.work_again()
        self.assertFalse(self.writes())
        partners = self.env["res.partner"].with_context(active_test=False).search([])
        self.assertEqual({partner.id: partner.write_date for partner in partners}, before)
        self.assertEqual(self.env["mail.message"].search_count([("model", "=", "res.partner")]), messages)


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
        _id, partner = self.pulled(Name="Acme")
        self.assertEqual(partner.company_id, self.organisation.company_id)

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
        self.env["xero.change"]._append_to_links(link, "match", {"partner_id": second.id})
        self.work()
        self.assertEqual(self.of(xero_id)[1], second)
        self.assertFalse(self.link(first))
        self.assertAtRest()

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

    # ---- changes --------------------------------------------------------------------------------------

    def test_change_in_xero_is_followed_and_does_not_go_back(self):
        xero_id, partner = self.pair()
        self.there(ContactID=xero_id, EmailAddress="b@acme.example", Name="Acme Ltd")
        self.work_again()
        self.assertEqual((partner.name, partner.email, partner.phone), ("Acme Ltd", "b@acme.example", "9 555 1234"))
        self.assertFalse(self.writes())
        self.assertAtRest()

    def test_edit_in_odoo_sends_what_was_edited_and_nothing_else(self):
        """Fields a side does not own are never overwritten: Xero's parts of a number, its own ContactNumber"""
        xero_id, partner = self.pair()
        partner.city = "Auckland"
        self.work_again()
        [call] = self.writes("Contacts")
        self.assertNotIn("Phones", call["json"]["Contacts"][0])
        contact = self.in_books(xero_id)
        self.assertEqual(contact["ContactNumber"], "THEIRS")
        self.assertIn("9", [phone["PhoneAreaCode"] for phone in contact["Phones"]])
        self.assertIn("Auckland", [address["City"] for address in contact["Addresses"]])
        self.assertAtRest()

    def test_different_fields_changed_on_both_sides_go_both_ways(self):
        xero_id, partner = self.pair()
        self.there(ContactID=xero_id, EmailAddress="b@acme.example")
        partner.city = "Auckland"
        self.work_again()
        self.assertEqual(partner.email, "b@acme.example")
        self.assertIn("Auckland", [address["City"] for address in self.in_books(xero_id)["Addresses"]])
        self.assertEqual(self.of(xero_id)[0].outcome, "synced")
        self.assertAtRest()

    def both_changed(self, **contact):
        xero_id, partner = self.pair(**contact)
        self.there(ContactID=xero_id, EmailAddress="xero@acme.example", TaxNumber="GST 1")
        partner.email = "odoo@acme.example"
        self.work_again()
        return xero_id, partner

    def mails(self, xero_id, partner):
        return partner.email, self.in_books(xero_id)["EmailAddress"]

    def test_one_field_changed_on_both_sides_is_asked_about(self):
        for number, (kind, winner) in enumerate((("take_odoo", "odoo"), ("take_xero", "xero"), ("ignore", None))):
            with self.subTest(kind):
                contact = {"Name": f"Acme {number}", "EmailAddress": f"{number}@acme.example",
                           "ContactNumber": f"T{number}", "Phones": []}  # fmt: skip
                xero_id, partner = self.both_changed(**contact)
                link = self.of(xero_id)[0]
                self.assertEqual((link.outcome, link.error_code), ("conflict", "both_changed"))
                row = self.env["xero.difference"].search([("link_id", "=", link.id), ("state", "=", "open")])
                self.assertEqual((row.odoo_text, row.xero_text),
                                 ("E-mail: odoo@acme.example", "E-mail: xero@acme.example"))  # fmt: skip
                self.assertEqual(self.mails(xero_id, partner), ("odoo@acme.example", "xero@acme.example"))
                getattr(row, f"action_{kind}")()
                self.work()
                both = (f"{winner}@acme.example",) * 2 if winner else ("odoo@acme.example", "xero@acme.example")
                self.assertEqual(self.mails(xero_id, partner), both)
                self.assertEqual(partner.vat, "GST 1" if winner else False, "what only Xero changed comes")
                self.assertEqual(self.of(xero_id)[0].outcome, "synced")
                self.assertAtRest()
                partner.email = False

    def test_policy_decides_without_asking(self):
        for number, side in enumerate(("odoo", "xero")):
            with self.subTest(side):
                self.wins(side)
                xero_id, partner = self.both_changed(
                    Name=f"Acme {number}", EmailAddress=f"{number}@acme.example", ContactNumber=f"T{number}", Phones=[]
                )
                self.assertEqual(self.mails(xero_id, partner), (f"{side}@acme.example",) * 2)
                self.assertEqual(partner.vat, "GST 1")
                self.assertAtRest()
                partner.email = False

    def test_what_xero_empties_stays_here_unless_the_organisation_says_so(self):
        xero_id, partner = self.pair()
        self.there(ContactID=xero_id, EmailAddress="")
        self.work_again()
        self.assertEqual(partner.email, "a@acme.example")
        self.assertAtRest()
        self.organisation.contact_fill = "overwrite"
        self.there(ContactID=xero_id, EmailAddress="b@acme.example")
        self.work_again()
        self.there(ContactID=xero_id, EmailAddress="")
        self.work_again()
        self.assertFalse(partner.email)

    def test_what_is_emptied_here_is_emptied_in_xero(self):
        xero_id, partner = self.pair()
        partner.phone = False
        self.work_again()
        self.assertEqual({phone["PhoneNumber"] for phone in self.in_books(xero_id)["Phones"]}, {""})
        self.assertAtRest()

    def test_without_the_direction_nothing_comes(self):
        self.directions(contacts="push")
        xero_id = self.there(Name="Acme")
        self.work_again()
        self.assertFalse(self.of(xero_id)[0])
        self.directions(contacts="pull")
        self.work_again()
        partner = self.of(xero_id)[1]
        self.assertEqual(partner.name, "Acme", "it comes when it is let in")
        partner.city = "Auckland"
        self.work_again()
        self.assertFalse(self.writes())

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


@tagged("post_install", "-at_install")
class TestContactGroups(ContactsInCommon):
    def group(self, name, *contact_ids):
        group = self.sim.books("NZ", "ContactGroups", "PUT", {"ContactGroups": [{"Name": name}]})["ContactGroups"][0]
        self.put_in(group["ContactGroupID"], *contact_ids)
        self.organisation._refresh_reference()
        return self.env["xero.contact.group"].search([("xero_id", "=", group["ContactGroupID"])])

    def put_in(self, group_id, *contact_ids):
        members = [{"ContactID": contact_id} for contact_id in contact_ids]
        self.sim.books("NZ", f"ContactGroups/{group_id}/Contacts", "PUT", {"Contacts": members})

    def test_only_members_of_the_chosen_groups_come(self):
        """S2.6; who is put into the group later comes then, though Xero calls that no change"""
        inside, outside = self.there(Name="Inside"), self.there(Name="Outside")
        group = self.group("Import me", inside)
        self.organisation.contact_group_ids = group
        self.work_again()
        self.assertTrue(self.of(inside)[1])
        self.assertFalse(self.of(outside)[0])
        self.put_in(group.xero_id, outside)
        self.organisation.reference_due_at = False
        self.work_again()
        self.assertTrue(self.of(outside)[1])
        self.organisation.contact_group_ids = False
        self.assertAtRest()

    def test_groups_become_tags_and_are_followed(self):
        self.organisation.groups_as_tags = True
        xero_id, partner = self.pulled(Name="Acme")
        mine = self.env["res.partner.category"].create({"name": "Mine"})
        partner.category_id = mine
        group = self.group("Gold", xero_id)
        self.work_again()
        self.assertEqual(set(partner.category_id.mapped("name")), {"Mine", "Gold"})
        self.sim.books("NZ", f"ContactGroups/{group.xero_id}", "POST", {"ContactGroups": [{"Name": "Platinum"}]})
        self.organisation.reference_due_at = False
        self.work_again()
        self.assertEqual(set(partner.category_id.mapped("name")), {"Mine", "Platinum"})
        self.assertAtRest()
        self.sim.books("NZ", f"ContactGroups/{group.xero_id}/Contacts/{xero_id}", "DELETE")
        self.organisation.reference_due_at = False
        self.work_again()
        self.assertEqual(partner.category_id, mine)
        self.assertFalse(self.writes())


@tagged("post_install", "-at_install")
class TestContactsEnd(ContactsInCommon):
    def test_archived_and_restored_in_xero_is_archived_and_restored_here(self):
        xero_id, partner = self.pair()
        self.sim.organisation("NZ", archive_contact="Acme")
        self.work_again()
        self.assertFalse(partner.active)
        self.assertEqual(self.of(xero_id)[0].xero_status, "ARCHIVED")
        self.assertAtRest()
        self.there(ContactID=xero_id, ContactStatus="ACTIVE")
        self.work_again()
        self.assertTrue(partner.active)
        self.assertAtRest()

    def test_archived_and_restored_here_is_archived_and_restored_in_xero(self):
        xero_id, partner = self.pair()
        for active, status in ((False, "ARCHIVED"), (True, "ACTIVE")):
            partner.active = active
            self.work_again()
            self.assertEqual(self.in_books(xero_id)["ContactStatus"], status)
            self.assertAtRest()

    def test_contact_of_a_user_is_not_archived_and_it_is_said(self):
        _id, partner = self.pair()
        self.env["res.users"].create({"name": "A", "login": "acme", "partner_id": partner.id})
        self.sim.organisation("NZ", archive_contact="Acme")
        self.work_again()
        self.assertTrue(partner.active)
        self.assertStopped(partner, "contact_archived_in_use", "held")

    def test_deleted_partner_leaves_xero_alone_and_does_not_come_back(self):
        xero_id, partner = self.pair()
        partner.unlink()
        self.work_again()
        self.assertFalse(self.writes())
        self.there(ContactID=xero_id, EmailAddress="b@acme.example")
        self.work_again()
        self.assertFalse(self.of(xero_id)[0])
        self.assertFalse(self.partners("Acme"))

    def test_link_follows_to_the_contact_that_stays_after_a_merge(self):
        """MergedToContactID"""
        xero_id, partner = self.pair()
        self.organisation.contact_group_ids = self.env["xero.contact.group"].search([], limit=1)
        stays = self.there(Name="Acme Holdings", TaxNumber="GST 7")
        self.work_again()
        self.assertFalse(self.of(stays)[0], "no member of the group")
        self.sim.organisation("NZ", merge_contact={"source": xero_id, "target": stays})
        self.work_again()
        self.assertEqual(self.of(stays)[1], partner)
        self.assertFalse(self.of(xero_id)[0])
        self.assertEqual(partner.vat, "GST 7")
        move = self.invoice(partner)
        self.work_again()
        self.assertEqual(self.in_xero(move)["Contact"]["ContactID"], stays)

    def merged(self):
        """Two contacts with a partner each; Xero merges the first into the second."""
        ids = [self.there(Name=name) for name in ("Acme", "Acme Holdings")]
        self.work_again()
        gone, stays = (self.of(xero_id)[1] for xero_id in ids)
        self.sim.organisation("NZ", merge_contact={"source": ids[0], "target": ids[1]})
        self.work_again()
        return ids, gone, stays

    def test_merge_of_two_that_have_partners_is_for_a_person(self):
        ids, gone, stays = self.merged()
        self.assertTrue(gone.active and stays.active)
        self.assertStopped(gone, "both_changed", "conflict")
        row = self.env["xero.difference"].search([("state", "=", "open")])
        self.assertEqual((row.reason, row.xero_text), ("ended", "Contact: Acme Holdings"))
        move = self.invoice(gone)
        self.work_again()
        self.assertEqual(self.in_xero(move)["Contact"]["ContactID"], ids[1], "its documents follow")
        row.action_take_xero()
        self.work_again()
        self.assertEqual(self.link(gone).outcome, "synced")
        self.assertAtRest()

    def test_partner_may_get_a_contact_of_its_own_again_after_a_merge(self):
        ids, gone, _stays = self.merged()
        self.env["xero.difference"].search([("state", "=", "open")]).action_take_odoo()
        self.work()
        link = self.link(gone)
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        self.assertNotIn(link.xero_id, ids)
        self.assertAtRest()

    def test_documents_that_waited_for_their_contact_come_with_it(self):
        self.directions(contacts="off", invoices="both", payments="off")
        self.organisation.pull_from = False
        income = self.company_data["default_account_revenue"]
        account = self.organisation.account_ids.filtered(lambda account: account.code == "200")
        self.env["xero.account.mapping"].create({
            "organisation_id": self.organisation.id, "account_id": income.id, "xero_account_id": account.id,
        })  # fmt: skip
        xero_id = self.there(Name="Acme")
        item = self.sim.books("NZ", "Invoices", "PUT", {
            "Type": "ACCREC", "Contact": {"ContactID": xero_id}, "InvoiceNumber": "INV-0042", "Date": "2026-06-03",
            "DueDate": "2026-07-03", "Status": "AUTHORISED", "LineAmountTypes": "Exclusive",
            "LineItems": [{"Description": "Advice", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200",
                           "TaxType": "OUTPUT2"}],
        })["Invoices"][0]  # fmt: skip
        self.work_again()
        link = self.env["xero.link"].search([("xero_id", "=", item["InvoiceID"])])
        self.assertEqual((link.error_code, link.res_id), ("incoming_contact", 0))
        self.directions(contacts="both")
        self.work_again()
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        self.assertEqual(self.env["account.move"].browse(link.res_id).partner_id, self.of(xero_id)[1])

    def test_what_odoo_refuses_does_not_hold_up_the_others_of_its_batch(self):
        """It waits with the reason. The rule stands for one of a localisation, as of its tax numbers."""
        make = ContactWriter.make

        def refusing(writer, contacts):
            if any(contact.vat == "wrong" for contact in contacts):
                raise ValidationError(writer.env._("No such number"))
            return make(writer, contacts)

        with patch.object(ContactWriter, "make", refusing):
            ids = [self.there(Name=name, TaxNumber=number) for name, number in (("A", ""), ("B", "wrong"), ("C", ""))]
            self.work_again()
        self.assertEqual([bool(self.of(xero_id)[1]) for xero_id in ids], [True, False, True])
        link = self.of(ids[1])[0]
        self.assertEqual((link.outcome, link.error_code), ("held", "refused_by_odoo"))
        self.assertIn("No such number", link.error_message)
