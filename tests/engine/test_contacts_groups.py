"""Contact groups: they choose who comes (S2.6), and become tags."""

from odoo.tests import tagged

from odoo.addons.xero_integration.models.worker_run import XeroRun

from .contacts_common import ContactsInCommon


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

    def test_all_that_are_let_in_while_the_contacts_are_read_come(self):
        """Also from the pages that were passed"""
        inside, outside = self.there(Name="Inside"), [self.there(Name=f"Outside {number}") for number in range(3)]
        self.organisation.contact_group_ids = self.group("Import me", inside)
        params = {"includeArchived": "true", "page_size": 1}
        self.patch(type(self.env["xero.resource.contacts"]), "_read_params", lambda *_: params)
        pages = len(self.sim.books("NZ", "Contacts", includeArchived="true")["Contacts"])
        self.meanwhile(
            lambda: self.cursor("Contacts").page == pages, lambda: self.organisation.write({"contact_group_ids": False})
        )
        self.assertEqual(len([xero_id for xero_id in outside if self.of(xero_id)[1]]), 3)

    def test_contacts_that_are_let_in_before_a_match_reads_them_come_though_another_process_was_told(self):
        self.directions(contacts="push")
        xero_id = self.there(Name="Acme")
        self.directions_told_elsewhere(contacts="both")
        self.organisation._read_contacts(XeroRun())
        self.work()
        self.assertTrue(self.of(xero_id)[1])

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
