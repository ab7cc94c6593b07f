"""Contacts that end on one side (docs/effects.md)."""

from odoo.tests import tagged

from odoo.addons.xero_integration.models.xero_organisation_worker import XeroRun

from .common import EffectsCommon


class ContactCommon(EffectsCommon):
    """A partner that is in Xero."""

    def setUp(self):
        super().setUp()
        self.work()  # what the simulator was founded with
        self.acme = self.customer("Acme")
        self.sent(self.acme)

    def sent(self, partner):
        self.env["xero.resource.contacts"]._queue(self.organisation, partner.ids, by_hand=True)
        self.work_again()
        self.assertSynced(partner)

    def status(self, partner):
        return self.item(self.link(partner))["ContactStatus"]


@tagged("post_install", "-at_install")
class TestContact(ContactCommon):
    record = "Contact"

    def test_delete_in_odoo(self):
        """nothing: it stays, and is free for another partner"""
        link, contact_id = self.link(self.acme), self.link(self.acme).xero_id
        self.acme.unlink()
        self.work_again()
        self.assertEqual((link.outcome, link.xero_id, self.writes()), ("gone", False, []))
        [there] = self.contacts_in_xero("Acme")
        self.assertEqual(there["ContactStatus"], "ACTIVE")
        self.assertQuiet()
        other = self.customer("Acme")
        self.sent(other)
        self.assertEqual(self.link(other).xero_id, contact_id)
        self.assertEqual(len(self.contacts_in_xero("Acme")), 1)

    def test_archive_in_odoo(self):
        """it is archived, and restored with the partner"""
        for active, status in ((False, "ARCHIVED"), (True, "ACTIVE")):
            self.acme.active = active
            self.work_again()
            self.assertEqual(self.status(self.acme), status)
            self.assertQuiet()

    def test_archive_in_xero(self):
        """it is archived, and restored with the contact. A user or a company here: nothing, and it waits with the
        reason. Another Xero organisation has it: nothing. A merged one is followed to the contact it was merged into"""
        self.sim.organisation("NZ", archive_contact="Acme")
        self.work_again()
        self.assertFalse(self.acme.active)
        self.assertFalse(self.writes())
        self.assertQuiet()
        self.change_there(self.link(self.acme), ContactStatus="ACTIVE")
        self.assertTrue(self.acme.active)
        self.assertQuiet()
        self.archive_a_users()
        self.archive_what_another_has()
        self.merge()

    def archive_a_users(self):
        partner = self.customer("Kim")
        self.env["res.users"].create({"name": "Kim", "login": "kim", "partner_id": partner.id})
        self.sent(partner)
        self.sim.organisation("NZ", archive_contact="Kim")
        self.work_again()
        link = self.link(partner)
        self.assertEqual((partner.active, link.error_code), (True, "contact_archived_in_use"))
        self.assertEqual(self.waiting(link), ("needs_you", link.error_message))
        self.assertIn("Kim", link.error_message)
        self.assertQuiet()

    def archive_what_another_has(self):
        partner = self.customer("Both")
        other = self.connect_organisation("AU")
        self.env["xero.resource.contacts"]._queue(other, partner.ids, by_hand=True)
        for _step in other._sync_steps(XeroRun()):
            self.env.flush_all()
        self.env.invalidate_all()
        self.sent(partner)
        self.sim.organisation("NZ", archive_contact="Both")
        self.work_again()
        self.assertEqual((partner.active, self.link(partner).outcome), (True, "synced"))
        self.assertQuiet()

    def merge(self):
        self.organisation.contact_group_ids = self.env["xero.contact.group"].search([], limit=1)
        partner = self.customer("Merged")
        self.sent(partner)
        [stays] = self.sim.books("NZ", "Contacts", "PUT", {"Contacts": [{"Name": "Stays"}]})["Contacts"]
        gone = self.link(partner).xero_id
        self.sim.organisation("NZ", merge_contact={"source": gone, "target": stays["ContactID"]})
        self.work_again()
        self.assertEqual((self.link(partner).xero_id, partner.active), (stays["ContactID"], True))
        self.assertQuiet()
