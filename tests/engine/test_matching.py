"""Which contact at Xero is this partner (S1.15-S1.17): number, e-mail, name; what is ambiguous goes to a person."""

from unittest.mock import patch

import psycopg2.errors

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.xero_integration.models.contact_matcher import ContactMatcher

from .common import EngineCommon


@tagged("post_install", "-at_install")
class TestMatching(EngineCommon):
    def there(self, **contact):
        """A contact that a bookkeeper made."""
        return self.sim.books("NZ", "Contacts", "PUT", {"Contacts": [contact]})["Contacts"][0]["ContactID"]

    def choose(self, partner, kind, **data):
        """A person decides in the dialog."""
        target = (self.organisation.id, "Contacts", "res.partner", partner.id)
        self.env["xero.link"]._append_keys([target], kind, data)

    def pushed(self, partner):
        self.invoice(partner)
        self.work()
        return self.link(partner)

    def doubtful(self):
        """A partner that could be one of two contacts. :return: partner, its invoice, ContactID of one of the two"""
        _north, south = (self.there(Name=name, EmailAddress="a@acme.example") for name in ("Acme North", "Acme South"))
        partner = self.customer("Acme", email="a@acme.example")
        move = self.invoice(partner)
        self.work()
        return partner, move, south

    def test_contact_is_found_though_the_reading_of_contacts_was_rolled_back(self):
        xero_id = self.there(Name="Acme Holdings", EmailAddress="a@acme.example")
        partner = self.customer("Acme", email="a@acme.example")
        self.invoice(partner)
        original, collisions = ContactMatcher.match, [psycopg2.errors.SerializationFailure()]

        def match(matcher, partners, number_of):
            if collisions:
                raise collisions.pop()
            return original(matcher, partners, number_of)

        with patch.object(ContactMatcher, "match", match):
            self.organisation.cron_id.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((self.link(partner).xero_id, self.contacts_in_xero("Acme Holdings")), (xero_id, []))

    def test_account_number_beats_e_mail_and_name(self):
        self.there(Name="Other", EmailAddress="a@example.com")
        right = self.there(Name="Acme Holdings", AccountNumber="C-17")
        link = self.pushed(self.customer("Acme", ref="C-17", email="a@example.com"))
        self.assertEqual((link.xero_id, link.outcome), (right, "synced"))

    def test_e_mail_beats_name_in_any_case(self):
        right = self.there(Name="Acme Billing", EmailAddress="Billing@Acme.example")
        self.there(Name="Acme")
        self.assertEqual(self.pushed(self.customer("Acme", email="billing@acme.example")).xero_id, right)

    def test_phone_beats_name_however_it_is_written(self):
        """S2.5: the same marks in both directions"""
        right = self.there(Name="Acme Billing", Phones=[
            {"PhoneType": "DEFAULT", "PhoneNumber": "555-1234", "PhoneAreaCode": "9", "PhoneCountryCode": "64"}
        ])  # fmt: skip
        self.there(Name="Acme")
        self.assertEqual(self.pushed(self.customer("Acme", phone="(09) 555 1234")).xero_id, right)

    def test_name_matches_without_case_accents_and_points(self):
        right = self.there(Name="Café Zoë Ltd.")
        self.assertEqual(self.pushed(self.customer("CAFE ZOE LTD")).xero_id, right)

    def test_matched_contact_takes_odoo_s_details_and_bears_our_number(self):
        xero_id = self.there(Name="Acme", Phones=[{"PhoneType": "FAX", "PhoneNumber": "99"}])
        partner = self.customer("Acme", email="a@acme.example")
        self.pushed(partner)
        contact = self.sim.books("NZ", f"Contacts/{xero_id}")["Contacts"][0]
        self.assertEqual(contact["EmailAddress"], "a@acme.example")
        self.assertTrue(contact["ContactNumber"].endswith(f"-{partner.id}"))
        self.assertIn("99", [phone.get("PhoneNumber") for phone in contact["Phones"]], "what Odoo does not know stays")

    def test_matched_contact_is_left_alone_when_the_organisation_says_so(self):
        self.organisation.update_contacts = False
        xero_id = self.there(Name="Acme", EmailAddress="old@acme.example")
        link = self.pushed(self.customer("Acme", email="new@acme.example"))
        self.assertEqual((link.xero_id, link.outcome), (xero_id, "synced"))
        self.assertFalse(self.writes("Contacts"))

    def test_edit_of_a_matched_contact_is_not_sent_when_the_organisation_says_so(self):
        """S1.17: neither after an automatic match nor after a person's"""
        self.organisation.update_contacts = False
        self.there(Name="Acme", EmailAddress="old@acme.example")
        chosen = self.there(Name="Hill Bakery Ltd")
        automatic, by_hand = self.customer("Acme"), self.customer("Bakery on the Hill")
        self.pushed(automatic)
        self.choose(by_hand, "match", xero_id=chosen)
        self.work()
        self.assertEqual(self.link(by_hand).xero_id, chosen)
        (automatic + by_hand).write({"email": "new@acme.example"})
        self.work()
        self.assertSynced(automatic, by_hand)
        self.assertFalse(self.writes("Contacts"))

    def test_two_candidates_go_to_a_person_who_chooses(self):
        """S1.17: an ambiguous match is never picked"""
        partner, move, south = self.doubtful()
        self.assertStopped(partner, "contact_ambiguous", "held")
        self.assertStopped(move, "contact_first", "waiting")
        self.env["xero.change"]._append(partner, "match", data={"xero_id": south})
        self.work()
        self.assertSynced(move, partner)
        self.assertEqual(self.link(partner).xero_id, south)

    def test_document_that_waits_for_its_contact_and_does_not_go_any_more_is_let_go(self):
        partner, move, south = self.doubtful()
        self.assertStopped(move, "contact_first", "waiting")
        self.directions(invoices="pull")
        self.env["xero.change"]._append(partner, "match", data={"xero_id": south})
        self.work()
        self.assertSynced(partner)
        self.assertFalse(self.link(move))
        self.directions(invoices="push")
        self.env["xero.change"]._append(move, "retry")
        self.work()
        self.assertSynced(move)

    def test_person_may_say_that_none_of_them_is_it(self):
        partner, move, _south = self.doubtful()
        self.env["xero.change"]._append(partner, "create", data={"name": "Acme East"})
        self.work()
        self.assertSynced(move, partner)
        self.assertEqual(len(self.contacts_in_xero("Acme East")), 1)

    def test_contact_is_not_created_where_that_is_not_allowed(self):
        """S1.16"""
        self.organisation.create_contacts = False
        partner = self.customer("Nobody knows")
        move = self.invoice(partner)
        self.work()
        self.assertStopped(partner, "contact_not_allowed", "held")
        self.assertFalse(self.writes())
        self.organisation.create_contacts = True
        self.env["xero.change"]._append(partner, "retry")
        self.work()
        self.assertSynced(move, partner)

    def test_contact_that_shares_its_mark_with_a_linked_one_is_not_picked(self):
        """S1.17: two contacts of one e-mail address are ambiguous, also when one of them has found its partner"""
        self.there(Name="Acme North", EmailAddress="a@acme.example", AccountNumber="C-1")
        south = self.there(Name="Acme South", EmailAddress="a@acme.example", AccountNumber="C-2")
        self.pushed(self.customer("Acme North", email="a@acme.example", ref="C-1"))
        other = self.customer("Acme Trading", email="a@acme.example")
        self.pushed(other)
        self.assertStopped(other, "contact_ambiguous", "held")
        self.assertEqual(len(self.contacts_in_xero("Acme South")), 1, "nobody renamed it")
        exact = self.customer("Acme of the South", email="a@acme.example", ref="C-2")
        self.assertEqual(self.pushed(exact).xero_id, south, "a stronger mark decides")

    def test_partner_is_found_by_its_contact_number_when_the_link_was_lost(self):
        """S1.17: our own number before every other mark"""
        partner = self.customer("Acme", email="a@acme.example")
        link = self.pushed(partner)
        xero_id = link.xero_id
        link.unlink()
        partner.write({"name": "Renamed since", "email": "new@acme.example"})
        self.there(Name="Somebody", EmailAddress="new@acme.example")
        self.assertEqual(self.pushed(partner).xero_id, xero_id)
        self.assertSynced(partner)

    def test_person_may_choose_another_contact_for_a_linked_partner(self):
        """The contact that is left keeps its number, so the new one gets another"""
        first, second = self.there(Name="Acme"), self.there(Name="Acme Two")
        partner = self.customer("Acme")
        self.pushed(partner)
        numbers = set()
        for chosen, name in ((second, "Acme 2"), (first, "Acme 3"), (second, "Acme 4")):
            partner.name = name
            self.choose(partner, "match", xero_id=chosen)
            self.work()
            self.assertSynced(partner)
            self.assertEqual(self.link(partner).xero_id, chosen)
            numbers.add(self.contacts_in_xero(name)[0]["ContactNumber"])
        self.assertEqual(len(numbers), 3)

    def test_chosen_contact_takes_the_next_number_when_a_forgotten_one_bears_ours(self):
        partner = self.customer("Acme")
        forgotten = self.pushed(partner)
        forgotten.unlink()
        chosen = self.there(Name="Acme Two")
        partner.name = "Acme (2)"
        self.choose(partner, "match", xero_id=chosen)
        self.work()
        self.assertSynced(partner)
        numbers = [self.contacts_in_xero(name)[0]["ContactNumber"] for name in ("Acme", "Acme (2)")]
        self.assertEqual(numbers[1], f"{numbers[0]}-2")

    def test_version_of_a_record_names_the_time_it_was_written(self):
        """A restored database counts its row versions anew, and may come to the same ones"""
        move = self.invoice(self.customer("Acme"))
        for resource, record in (("contacts", move.partner_id), ("invoices", move)):
            handler = self.env[f"xero.resource.{resource}"]
            version = handler._versions(self.organisation, record.ids)[record.id]
            self.assertIn(str(record.write_date).rstrip("0"), version)

    def test_second_partner_of_a_linked_contact_goes_to_a_person(self):
        """S1.15: one contact, one partner"""
        first, second = self.customer("Acme"), self.customer("ACME")
        self.invoice(first)
        self.work()
        self.invoice(second)
        self.work()
        self.assertSynced(first)
        self.assertStopped(second, "contact_linked", "held")

    def test_partners_of_one_name_in_one_batch(self):
        self.there(Name="Twin")
        first, second = self.customer("Twin"), self.customer("Twin")
        moves = self.invoice(first, post=False) + self.invoice(second, post=False)
        moves.action_post()
        self.work()
        self.assertEqual({self.link(first).outcome, self.link(second).outcome}, {"synced", "held"})

    def test_archived_and_merged_contacts_are_no_candidates(self):
        self.there(Name="Old Acme", EmailAddress="a@acme.example")
        self.sim.organisation("NZ", archive_contact="Old Acme")
        link = self.pushed(self.customer("Acme", email="a@acme.example"))
        self.assertEqual((link.outcome, link.xero_number), ("synced", "Acme"))

    def test_contact_archived_after_the_match_stops_the_invoice_with_a_reason(self):
        partner = self.customer("Acme")
        self.pushed(partner)
        self.sim.organisation("NZ", archive_contact="Acme")
        move = self.invoice(partner)
        self.work()
        self.assertStopped(move, "contact_archived", "held")

    def test_deleted_partner_frees_its_contact(self):
        partner = self.customer("Merged away")
        self.env["xero.change"]._append(partner, organisations=self.organisation)
        self.env["xero.resource.contacts"]._queue(self.organisation, partner.ids, True)
        self.work()
        xero_id = self.link(partner).xero_id
        partner.unlink()
        self.work()
        successor = self.customer("Merged away")
        self.assertEqual(self.pushed(successor).xero_id, xero_id)

    def test_what_is_cleared_in_odoo_is_cleared_in_xero(self):
        """S1.4: but what Odoo never had stays as Xero has it"""
        xero_id = self.there(Name="Acme", TaxNumber="NZ 1", Phones=[{"PhoneType": "FAX", "PhoneNumber": "99"}])
        partner = self.customer("Acme", email="a@acme.example", phone="09 123 4567", street="1 Quay St", city="Nelson")
        self.pushed(partner)
        partner.write({"email": False, "phone": False, "street": False})
        self.work()
        contact = self.sim.books("NZ", f"Contacts/{xero_id}")["Contacts"][0]
        postal = next(address for address in contact["Addresses"] if address["AddressType"] == "POBOX")
        phones = {phone["PhoneType"]: phone["PhoneNumber"] for phone in contact["Phones"]}
        self.assertEqual((contact["EmailAddress"], phones["DEFAULT"], phones["FAX"]), ("", "", "99"))
        self.assertEqual((postal.get("AddressLine1", ""), postal["City"], contact["TaxNumber"]), ("", "Nelson", "NZ 1"))
        self.sim.clear_calls()
        self.env["xero.change"]._append(partner, "retry")
        self.work()
        self.assertFalse(self.writes(), "it is agreed")
        partner.city = False
        self.work()
        contact = self.sim.books("NZ", f"Contacts/{xero_id}")["Contacts"][0]
        self.assertNotIn("Nelson", [address["City"] for address in contact["Addresses"]])

    def test_one_contact_belongs_to_one_partner_and_one_partner_to_one_contact(self):
        """S1.15: whatever the code does, the database keeps to it"""
        one, other = self.customer("One"), self.customer("Other")
        link = self.pushed(one)
        values = link.copy_data()[0]
        for wrong in ({"xero_id": "another"}, {"res_id": other.id}):
            with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
                link.create(values | wrong)
        link.create(values | {"res_id": other.id, "xero_id": False})

    def test_changed_partner_is_sent_only_where_it_is_linked(self):
        linked, other = self.customer("Linked"), self.customer("Never invoiced")
        self.pushed(linked)
        self.sim.clear_calls()
        (linked + other).write({"phone": "+64 9 123 4567"})
        self.work()
        self.assertEqual([len(call["json"]["Contacts"]) for call in self.writes()], [1])

    def test_archived_contact_may_be_replaced_by_a_new_one(self):
        partner = self.customer("Acme")
        old = self.pushed(partner).xero_id
        self.sim.organisation("NZ", archive_contact="Acme")
        move = self.invoice(partner)
        self.work()
        self.env["xero.change"]._append(partner, "create", data={"name": "Acme (2026)"})
        self.work()
        self.assertSynced(partner, move)
        self.assertNotEqual(self.link(partner).xero_id, old)
        self.assertEqual(self.in_xero(move)["Contact"]["Name"], "Acme (2026)")

    def test_invoice_goes_when_its_contact_is_cured_without_a_call(self):
        """S4.3: matched by a person where matched contacts are left alone"""
        self.organisation.update_contacts = False
        partner, move, south = self.doubtful()
        self.assertStopped(move, "contact_first", "waiting")
        self.choose(partner, "match", xero_id=south)
        self.work()
        self.assertSynced(partner, move)
        self.assertFalse(self.writes("Contacts"))

    def test_invoice_goes_when_its_contact_is_chosen_where_contacts_do_not_go(self):
        """contact_not_sent: match it with a contact"""
        xero_id = self.there(Name="Acme Ltd")
        self.directions(contacts="off")
        partner = self.customer("Acme")
        move = self.invoice(partner)
        self.work()
        self.assertStopped(move, "contact_not_sent", "held")
        self.choose(partner, "match", xero_id=xero_id)
        self.work()
        self.assertSynced(partner, move)
        self.assertEqual(self.in_xero(move)["Contact"]["ContactID"], xero_id)
        self.assertFalse(self.writes("Contacts"))

    def test_invoice_goes_when_the_match_holds_though_our_details_are_refused(self):
        self.there(Name="Acme")  # so that the chosen one cannot be renamed
        partner, move, south = self.doubtful()
        self.choose(partner, "match", xero_id=south)
        self.work()
        self.assertStopped(partner, "contact_name_taken", "held")
        self.assertSynced(move)

    def test_invoice_of_an_archived_contact_goes_when_another_is_chosen_without_a_call(self):
        self.organisation.update_contacts = False
        self.there(Name="Acme")
        other = self.there(Name="Acme Two")
        partner = self.customer("Acme")
        self.pushed(partner)
        self.sim.organisation("NZ", archive_contact="Acme")
        move = self.invoice(partner)
        self.work()
        self.assertStopped(move, "contact_archived", "held")
        self.choose(partner, "match", xero_id=other)
        self.work()
        self.assertSynced(move)
        self.assertFalse(self.writes("Contacts"))

    def test_merged_partner_hands_its_contact_and_its_invoices_to_the_one_that_stays(self):
        """Odoo's own wizard: the source is deleted, its documents change hands without a write of ours"""
        stays, merged = self.customer("Acme"), self.customer("Acme (double)", email="a@acme.example")
        xero_id = self.pushed(merged).xero_id
        move, waiting = self.invoice(merged), self.customer("no mail", email="no mail")
        self.work()
        held = self.invoice(waiting)
        self.work()
        self.assertStopped(held, "contact_first", "waiting")
        (merged + waiting + stays).write({"email": "a@acme.example", "is_company": True})
        waiting.email = "no mail"
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([stays.id, merged.id, waiting.id], stays)
        self.env.invalidate_all()
        self.assertEqual((move + held).commercial_partner_id, stays)
        self.work()
        self.assertSynced(stays, held, move)
        self.assertEqual(self.link(stays).xero_id, xero_id)
        self.assertEqual(self.in_xero(held)["Contact"]["ContactID"], xero_id)
