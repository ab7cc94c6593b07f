"""Contacts that are changed on one side or on both: each field goes its way, and what both changed is decided."""

from odoo.tests import tagged

from .contacts_common import ContactsInCommon


@tagged("post_install", "-at_install")
class TestContactsChanges(ContactsInCommon):
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
