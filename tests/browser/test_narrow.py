"""The main screens on a telephone: nothing sticks out of a screen 400 pixels wide."""

from .common import BrowserCommon
from .person import NARROW


class TestNarrow(BrowserCommon):
    def test_the_screens_of_connecting(self):
        connection = self.make_connection()
        with self.browsing("keeper", NARROW) as person:
            self.fits(person, "/odoo/xero-work", "Everything is in Xero")
            self.finds_what_sticks_out(person)
            self.fits(person, "/odoo/xero-settings", "Connection")
            self.fits(person, "/odoo/xero-connections", "Configured")
            self.fits(person, f"/odoo/xero-connections/{connection.id}", "1. Create your app at Xero")
            person.press("Connect")
            person.consent("Kauri Trading", allow=False)
            person.page.locator("[data-code=consent_denied]").wait_for()
            self.assertEqual(person.overflow(), [], "the page of a consent that failed")

    def test_the_screens_of_an_organisation(self):
        organisation = self.connected()
        organisation._run_test()
        with self.browsing("keeper", NARROW) as person:
            self.fits(person, "/odoo/xero-organisations", "Kauri Trading")
            self.fits(person, f"/odoo/xero-organisations/{organisation.id}", "Test connection")
            tabs = person.page.locator(".o_notebook_headers [role=tab]").all_inner_texts()
            self.assertIn("Mapping", tabs)
            for name in tabs:
                person.choose_tab(name)
                person.settled()
                self.assertEqual(person.overflow(), [], f"the page {name}")
            self.fits(person, "/odoo/xero-still-unmapped", "GST 15%")
            for path, words in (("account", "Account"), ("tax", "Tax"), ("journal", "Journal")):
                self.fits(person, f"/odoo/xero-{path}-mappings", f"No {words.lower()} is mapped")

    def test_the_screens_of_an_invoice_that_stopped(self):
        self.connected()
        move = self.invoice(partner=self.env["res.partner"].create({"name": "Paper Boat Ltd"}))
        self.run_worker()
        partner, number = move.partner_id, move.name
        with self.browsing("keeper", NARROW) as person:
            self.fits(person, "/odoo/customer-invoices", number)
            self.fits(person, f"/odoo/customer-invoices/{move.id}", "No Xero tax rate is mapped")
            self.fits(person, "/odoo/xero-work", "No Xero tax rate is mapped")
            self.fits(person, "/odoo/xero-records", "Paper Boat Ltd")
            self.fits(person, "/odoo/xero-requests", "Contacts")
            self.fits(person, f"/odoo/res.partner/{partner.id}", "Sales & Purchase")

    def finds_what_sticks_out(self, person):
        """Otherwise the tests of this class would pass on anything."""
        person.page.evaluate("""() => {
            const wide = document.createElement("div");
            wide.style.width = "600px";
            wide.textContent = "too wide";
            document.querySelector(".o_content").append(wide);
        }""")
        self.assertIn("too wide", "".join(person.overflow()))

    def fits(self, person, path, words):
        """:param words: what proves that this screen is the one that was meant"""
        person.open(path)
        person.sees(words)
        self.assertEqual(person.overflow(), [], path)
