"""Contacts at the edges: marks over several pages, people, numbers that Odoo refuses, bugs, addresses (S2.2-S2.7)."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.xero_integration.models.contact_writer import ContactWriter
from odoo.addons.xero_integration.models.worker_run import XeroRun

from .contacts_common import ContactsInCommon


@tagged("post_install", "-at_install")
class TestContactEdges(ContactsInCommon):
    def refusing(self, method):
        """Odoo's ``res.partner`` as with a localisation that checks tax numbers."""
        partner_class = type(self.env["res.partner"])
        original = getattr(partner_class, method)

        def refuse(records, vals):
            for values in vals if isinstance(vals, list) else [vals]:
                if values.get("vat") == "wrong":
                    raise ValidationError(records.env._("The VAT number [wrong] does not seem to be valid."))
            return original(records, vals)

        return patch.object(partner_class, method, refuse)

    def cron(self):
        """A run as the scheduled action makes it, where a bug is isolated."""
        self.env["xero.cursor"].search([]).write({"due_at": False, "read_at": "2026-01-01"})
        self.organisation.cron_id.method_direct_trigger()
        self.env.invalidate_all()

    # ---- marks --------------------------------------------------------------------------------------

    def in_pages_of_one(self):
        resource = type(self.env["xero.resource.contacts"])
        return patch.object(resource, "_read_params", lambda *_: {"includeArchived": "true", "page_size": 1})

    def test_two_contacts_of_one_mark_on_two_pages_go_to_a_person(self):
        """S1.17: which is meant shows only when all are known"""
        self.customer("Ours", email="a@acme.example")
        ids = [self.there(Name=name, EmailAddress="a@acme.example") for name in ("North", "South")]
        with self.in_pages_of_one():
            self.work_again()
        self.assertGreater(len(self.reads()), 1)
        self.assertEqual({self.of(xero_id)[0].error_code for xero_id in ids}, {"incoming_contact_several"})

    def test_nothing_is_taken_over_before_all_pages_are_read(self):
        xero_id = self.there(Name="North")
        cursor = self.env["xero.cursor"]._of(self.organisation, "Contacts")
        item = self.in_books(xero_id)
        self.env["xero.contact"]._mirror(self.organisation, [item], {xero_id})
        cursor.write({"page": 2, "due_at": "2099-01-01"})
        self.work()
        self.assertFalse(self.of(xero_id)[0])
        cursor.page = 0
        self.work()
        self.assertEqual(self.of(xero_id)[1].name, "North")

    def test_archived_partner_is_better_than_a_second_one(self):
        """S2.5: and an active one is better than an archived one"""
        old = self.customer("Acme", email="a@acme.example", active=False)
        _id, found = self.pulled(Name="Acme", EmailAddress="a@acme.example")
        self.assertEqual((found, found.active), (old, False), "whether it is restored is for a person to say")
        self.assertAtRest()
        self.customer("Bolt", email="b@bolt.example", active=False)
        new = self.customer("Bolt")
        _id, found = self.pulled(Name="Bolt", EmailAddress="b@bolt.example")
        self.assertEqual(found, new)
        self.assertAtRest()

    # ---- people -------------------------------------------------------------------------------------

    PEOPLE = [
        {"FirstName": "Ada", "LastName": "Byron", "EmailAddress": "ada@acme.example", "IncludeInEmails": True},
        {"FirstName": "Bob", "EmailAddress": ""},
        {"EmailAddress": "bills@acme.example"},
    ]

    def test_people_of_a_business_come_once_and_are_odoos_then(self):
        xero_id, partner = self.pulled(Name="Acme", FirstName="Eve", LastName="Fox", ContactPersons=self.PEOPLE)
        people = {(child.name, child.email or "") for child in partner.child_ids}
        self.assertEqual(people, {
            ("Eve Fox", ""), ("Ada Byron", "ada@acme.example"), ("Bob", ""), ("bills@acme.example",) * 2,
        })  # fmt: skip
        self.assertAtRest()
        partner.child_ids.filtered(lambda child: child.name in ("Bob", "Eve Fox")).unlink()
        people = [*self.PEOPLE, {"FirstName": "Cy", "EmailAddress": "cy@acme.example"}]
        self.there(ContactID=xero_id, ContactPersons=people, EmailAddress="new@acme.example")
        self.work_again()
        self.assertEqual(sorted(partner.child_ids.mapped("name")), ["Ada Byron", "Cy", "bills@acme.example"])
        self.assertAtRest()

    def test_people_who_are_here_already_are_not_doubled(self):
        partner = self.customer("Acme", email="a@acme.example")
        for name, email in (("Mrs Byron", "ADA@acme.example"), ("Bob", "bob@acme.example")):
            self.env["res.partner"].create({"name": name, "email": email, "parent_id": partner.id})
        _id, found = self.pulled(Name="Acme", EmailAddress="a@acme.example", ContactPersons=self.PEOPLE)
        self.assertEqual(found, partner)
        self.assertEqual(sorted(partner.child_ids.mapped("name")), ["Bob", "Mrs Byron", "bills@acme.example"])

    # ---- what Odoo refuses --------------------------------------------------------------------------

    def test_refused_tax_number_does_not_keep_the_contact_out(self):
        with self.refusing("create"):
            ids = [self.there(Name=name, TaxNumber=number) for name, number in (("A", ""), ("B", "wrong"), ("C", "7"))]
            self.work_again()
        partners = [self.of(xero_id)[1] for xero_id in ids]
        self.assertEqual([partner.vat for partner in partners], [False, False, "7"])
        self.assertIn("tax number wrong", " ".join(partners[1].message_ids.mapped("body")))
        self.assertEqual(self.in_books(ids[1])["TaxNumber"], "wrong")
        self.assertAtRest()
        partners[1].vat = "right"
        self.work_again()
        self.assertEqual(self.in_books(ids[1])["TaxNumber"], "right")
        self.assertAtRest()

    def test_refused_tax_number_does_not_keep_other_changes_out(self):
        xero_id, partner = self.pair()
        with self.refusing("write"):
            self.there(ContactID=xero_id, TaxNumber="wrong", EmailAddress="b@acme.example")
            self.work_again()
        self.assertEqual((partner.email, partner.vat), ("b@acme.example", False))
        said = " ".join(partner.message_ids.mapped("body"))
        self.assertIn("tax number wrong", said)
        self.assertIn("E-mail.", said)
        self.assertEqual(self.in_books(xero_id)["TaxNumber"], "wrong")
        self.assertAtRest()

    # ---- bugs ---------------------------------------------------------------------------------------

    def test_bug_among_many_new_contacts_stops_one(self):
        """The organisation is not parked, and the others come in the same run"""
        values = ContactWriter.values

        def buggy(writer, contact):
            if contact.name == "B":
                raise KeyError(contact.name)
            return values(writer, contact)

        ids = [self.there(Name=name) for name in "ABC"]
        with patch.object(ContactWriter, "values", buggy), self.assertLogs("odoo.addons.xero_integration", "ERROR"):
            self.cron()
        self.assertFalse(self.organisation.parked_until)
        self.assertEqual([bool(self.of(xero_id)[1]) for xero_id in ids], [True, False, True])
        self.assertEqual(self.of(ids[1])[0].error_code, "internal_error")

    def test_bug_while_a_batch_is_prepared_stops_one(self):
        make = ContactWriter.is_new

        def buggy(writer, xero_id):
            if writer.received[xero_id].name == "B":
                raise KeyError(xero_id)
            return make(writer, xero_id)

        ids = [self.there(Name=name) for name in "ABC"]
        with patch.object(ContactWriter, "is_new", buggy), self.assertLogs("odoo.addons.xero_integration", "ERROR"):
            self.cron()
        self.assertFalse(self.organisation.parked_until)
        self.assertEqual([bool(self.of(xero_id)[1]) for xero_id in ids], [True, False, True])

    # ---- addresses ----------------------------------------------------------------------------------

    def test_what_odoo_has_no_place_for_stays_in_xeros_address(self):
        """Fields a side does not own are never overwritten: a region or country of no such name here, Attention"""
        where = {"AddressType": "POBOX", "AddressLine1": "1 Quay", "City": "Sometown", "Region": "Nowhere Shire",
                 "Country": "Utopia", "AttentionTo": "The Owner"}  # fmt: skip
        xero_id, partner = self.pulled(Name="Acme", Addresses=[where])
        partner.street = "2 Quay"
        self.work_again()
        [there] = [one for one in self.in_books(xero_id)["Addresses"] if one["AddressType"] == "POBOX"]
        self.assertEqual({key: there.get(key) for key in where}, where | {"AddressLine1": "2 Quay"})
        self.assertAtRest()
        partner.country_id = self.env.ref("base.fr")
        self.work_again()
        [there] = [one for one in self.in_books(xero_id)["Addresses"] if one["AddressType"] == "POBOX"]
        self.assertEqual((there["Country"], there.get("Region") or ""), ("France", ""))
        self.assertEqual(there["AttentionTo"], "The Owner")

    def test_country_as_people_write_it(self):
        for said, code in (("UK", "GB"), ("USA", "US"), ("new zealand", "NZ")):
            with self.subTest(said):
                _id, partner = self.pulled(Name=f"Acme {code}", Addresses=[
                    {"AddressType": "POBOX", "AddressLine1": "1 Quay", "Country": said}
                ])  # fmt: skip
                self.assertEqual(partner.country_id.code, code)
                self.assertAtRest()

    # ---- archived -----------------------------------------------------------------------------------

    def test_archived_contact_is_found_when_it_is_put_back_into_the_sync(self):
        xero_id, _partner = self.pair()
        link = self.of(xero_id)[0]
        self.sim.organisation("NZ", archive_contact="Acme")
        item = self.env["xero.resource.contacts"]._ask_for(self.organisation, XeroRun(), link)
        self.assertEqual(item["ContactStatus"], "ARCHIVED")

    def test_line_that_drops_while_a_merge_is_followed_loses_nothing(self):
        xero_id, partner = self.pair()
        other_id, other = self.pulled(Name="Zealous")
        self.organisation.contact_group_ids = self.env["xero.contact.group"].search([], limit=1)
        stays = self.there(Name="Acme Holdings", TaxNumber="GST 7")
        self.work_again()
        self.sim.organisation("NZ", merge_contact={"source": xero_id, "target": stays})
        self.there(ContactID=other_id, EmailAddress="z@acme.example")
        self.sim.fault("drop_before", match={"path": "/Contacts", "method": "GET"}, times=9, skip=1)
        self.work_again()
        self.assertTrue(self.organisation.parked_until)
        self.assertFalse(self.of(stays)[1])
        self.sim.clear_faults()
        self.organisation.parked_until = False
        self.env["xero.cursor"].search([]).write({"due_at": "2099-01-01"})  # nothing is read anew
        self.work()
        self.assertEqual((self.of(stays)[1], other.email), (partner, "z@acme.example"))

    # ---- partners merged in Odoo --------------------------------------------------------------------

    def merge_here(self, partner, stays):
        self.env["base.partner.merge.automatic.wizard"].create({})._merge([stays.id, partner.id], stays)
        self.env.invalidate_all()

    def test_documents_follow_when_both_of_two_merged_partners_have_contacts(self):
        """Odoo's wizard changes documents without a write of theirs"""
        stays, merged = self.customer("Acme"), self.customer("Acme (double)")
        moves = [self.invoice(partner) for partner in (stays, merged)]
        self.work_again()
        self.assertSynced(*moves)
        self.merge_here(merged, stays)
        self.work_again()
        contacts = {self.in_xero(move)["Contact"]["ContactID"] for move in moves}
        self.assertEqual(contacts, {self.link(stays).xero_id})
        self.assertSynced(*moves)
        self.assertAtRest()
