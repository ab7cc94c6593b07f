"""The main screens on a telephone: nothing sticks out of a screen 400 pixels wide (S0.14)."""

from .common import BrowserCommon
from .person import NARROW


class TestNarrow(BrowserCommon):
    size = NARROW

    def test_the_screens_of_connecting(self):
        connection = self.make_connection()
        with self.browsing("keeper") as person:
            for path in ("/odoo/xero-settings", "/odoo/xero-connections", f"/odoo/xero-connections/{connection.id}"):
                self.fits(person, path)
            person.press("Connect")
            person.consent("Kauri Trading", allow=False)
            person.page.locator("[data-code=consent_denied]").wait_for()
            self.assertEqual(person.overflow(), [], "the page of a consent that failed")

    def test_the_screens_of_an_organisation(self):
        organisation = self.connected()
        organisation._run_test()
        with self.browsing("keeper") as person:
            self.fits(person, "/odoo/xero-organisations")
            self.fits(person, f"/odoo/xero-organisations/{organisation.id}")
            tabs = person.page.locator(".o_notebook_headers [role=tab]")
            for name in tabs.all_inner_texts():
                person.choose_tab(name)
                person.settled()
                self.assertEqual(person.overflow(), [], f"the page {name}")
            for path in ("xero-still-unmapped", "xero-account-mappings", "xero-tax-mappings", "xero-journal-mappings"):
                self.fits(person, f"/odoo/{path}")

    def test_the_screens_of_an_invoice_that_stopped(self):
        self.connected()
        move = self.invoice(partner=self.env["res.partner"].create({"name": "Paper Boat Ltd"}))
        self.run_worker()
        partner = move.partner_id
        with self.browsing("keeper") as person:
            for path in (
                "/odoo/customer-invoices", f"/odoo/customer-invoices/{move.id}", "/odoo/xero-work", "/odoo/xero-requests",
                "/odoo/xero-links", f"/odoo/res.partner/{partner.id}",
            ):  # fmt: skip
                self.fits(person, path)

    def fits(self, person, path):
        person.open(path)
        self.assertEqual(person.overflow(), [], path)
