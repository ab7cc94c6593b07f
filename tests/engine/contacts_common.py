"""What the tests share in which contacts come from Xero."""

from .common import EngineCommon


class ContactsInCommon(EngineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.directions("push", contacts="both")
        cls.work()  # what the simulator was founded with

    def there(self, **contact):
        """What a bookkeeper makes or changes in Xero. :return: the ContactID"""
        method = "POST" if "ContactID" in contact else "PUT"
        return self.sim.books("NZ", "Contacts", method, {"Contacts": [contact]})["Contacts"][0]["ContactID"]

    def in_books(self, xero_id):
        return self.sim.books("NZ", f"Contacts/{xero_id}")["Contacts"][0]

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
