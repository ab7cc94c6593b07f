"""The screen on which people match contacts, wide and narrow."""

import os

from .common import BrowserCommon
from .person import NARROW, WIDE


class TestMatchContacts(BrowserCommon):
    def setUp(self):
        super().setUp()
        self.there = self.connect_organisation("NZ")
        self.partners = self.env["res.partner"].create([
            {"name": name, "is_company": True, "email": email}
            for name, email in (("Harbour Cafe", "info@harbour.example"), ("Harbour Kiosk", "info@harbour.example"))
        ])  # fmt: skip
        self.env["xero.change"].search([]).unlink()
        self.link = self.env["xero.link"].create([
            self.waiting("Harbour Cafe", "info@harbour.example"), self.waiting("Mountain Bikes", "hi@bikes.example"),
        ])  # fmt: skip

    def waiting(self, name, email):
        return {
            "organisation_id": self.there.id, "company_id": self.company.id, "resource": "Contacts",
            "res_model": "res.partner", "res_id": 0, "xero_id": f"contact {name}", "xero_number": name,
            "outcome": "held", "error_code": "incoming_contact_several", "error_data": {"partners": name},
            "remote_item": {"ContactID": f"contact {name}", "Name": name, "EmailAddress": email},
        }  # fmt: skip

    def picture(self, person, name):
        """For looking at: XERO_PICTURES names the folder."""
        if folder := os.environ.get("XERO_PICTURES"):
            person.page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    def test_person_matches_from_the_organisation(self):
        """S3.13, S1.17"""
        for size, name in ((NARROW, "narrow"), (WIDE, "wide")):
            with self.browsing("keeper", size) as person:
                person.open(f"/odoo/xero-organisations/{self.there.id}")
                person.choose_tab("What syncs")
                self.picture(person, f"contacts-settings-{name}")
                person.press("Match contacts")
                person.sees("Same e-mail, Same name")
                person.settled()
                self.picture(person, f"match-several-{name}")
                self.assertEqual(person.overflow(), [])
                dialog = person.page.locator(".o_dialog")
                dialog.get_by_role("button", name="Choose").first.click()
                person.sees("Which contact here is it?")
                person.settled()
                self.picture(person, f"match-one-{name}")
                self.assertEqual(person.overflow(), [])
                person.press("Cancel", person.page.locator(".o_dialog").last)
        with self.browsing("keeper") as person:
            person.open(f"/odoo/xero-organisations/{self.there.id}")
            person.choose_tab("What syncs")
            person.press("Match contacts")
            person.press("Link the ticked ones")
            person.told("1 queued")
        change = self.env["xero.change"].search([("kind", "=", "match")])
        self.assertEqual((change.link_id, change.data), (self.link[0], {"partner_id": self.partners[0].id}))
