"""Contacts that are archived, deleted, merged or refused, and the documents that wait for them."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.xero_integration.models.contact_writer import ContactWriter

from .contacts_common import ContactsInCommon


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
        user = self.env["res.users"].create({"name": "A", "login": "acme", "partner_id": partner.id})
        self.sim.organisation("NZ", archive_contact="Acme")
        self.work_again()
        self.assertTrue(partner.active)
        self.assertStopped(partner, "contact_archived_in_use", "held")
        user.active = False
        partner.action_xero_retry()
        self.work()
        self.assertEqual((partner.active, self.link(partner).outcome), (False, "synced"))

    def test_decision_that_cannot_be_carried_out_says_why_and_stops_nothing_else(self):
        xero_id, partner = self.pair()
        user = self.env["res.users"].create({"name": "A", "login": "acme", "partner_id": partner.id})
        self.there(ContactID=xero_id, Phones=[{"PhoneType": "DEFAULT", "PhoneNumber": "777"}])
        self.sim.organisation("NZ", archive_contact="Acme")
        partner.phone = "555"
        self.work_again()
        link = self.of(xero_id)[0]
        self.assertStopped(partner, "both_changed", "conflict")
        self.env["xero.difference"].search([("link_id", "=", link.id), ("state", "=", "open")]).action_take_odoo()
        move = self.invoice(self.customer("Other"))
        self.organisation.cron_id.method_direct_trigger()
        self.env.invalidate_all()
        self.assertStopped(partner, "contact_archived_in_use", "held")
        self.assertEqual((partner.active, partner.phone), (True, "555"), "nothing of it was done")
        self.assertFalse(self.organisation.parked_until)
        self.assertFalse(self.changes())
        self.assertSynced(move)
        user.active = False
        link.action_retry()
        self.work()
        self.env["xero.difference"].search([("link_id", "=", link.id), ("state", "=", "open")]).action_take_odoo()
        self.work()
        self.assertEqual((link.outcome, partner.active, partner.phone), ("synced", False, "555"))

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
        self.map_account(self.company_data["default_account_revenue"], "200")
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
        """It waits with the reason. The rule stands for one of a localisation or of the customer's own."""
        make = ContactWriter.make

        def refusing(writer, contacts):
            if any(contact.ref == "wrong" for contact in contacts):
                raise ValidationError(writer.env._("No such number"))
            return make(writer, contacts)

        with patch.object(ContactWriter, "make", refusing):
            ids = [self.there(Name=name, AccountNumber=ref) for name, ref in (("A", ""), ("B", "wrong"), ("C", ""))]
            self.work_again()
        self.assertEqual([bool(self.of(xero_id)[1]) for xero_id in ids], [True, False, True])
        link = self.of(ids[1])[0]
        self.assertEqual((link.outcome, link.error_code), ("held", "refused_by_odoo"))
        self.assertIn("No such number", link.error_message)
