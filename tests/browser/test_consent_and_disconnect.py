"""Consents that do not end well, disconnecting and coming back, and who may do any of it."""

import re

from playwright.sync_api import expect

from odoo.addons.xero_integration.xero import errors

from .common import BrowserCommon


class TestConsentDisconnectRights(BrowserCommon):
    def test_access_not_allowed_says_so_and_connects_at_the_second_try(self):
        """S4.14: Cancel at Xero ends on a page with the reason and a button, and nothing was changed."""
        self.make_connection()
        with self.browsing("keeper") as person:
            person.open("/odoo/settings")
            card = person.page.locator("#xero_card")
            expect(card.get_by_text("Not connected")).to_be_visible()
            person.press("Connect", card)
            person.consent("Kauri Trading", allow=False)
            card = person.page.locator("[data-code=consent_denied]")
            expect(card).to_contain_text("Access was not allowed")
            card.get_by_role("link", name="Connect again").click()
            person.consent("Kauri Trading")
            person.settled()
            # back where the person began, and the card says the new state
            expect(person.page).to_have_url(re.compile("/odoo/xero-settings"))
            person.sees("Connected", "#xero_connection_setting")
            person.sees("Kauri Trading (NZ)", "#xero_connection_setting")

    def test_disconnect_asks_keeps_everything_and_connect_resumes(self):
        """S1.35-S1.41: what is posted meanwhile waits, and goes when the same organisation is connected again."""
        organisation = self.connected()
        self.map_tax(organisation)
        before = self.invoice()
        self.run_worker()
        rows = self.sim.control("GET", "connections")
        organisation.xero_connection_id = rows[0]["id"]
        with self.browsing("keeper") as person:
            person.open(f"/odoo/xero-organisations/{organisation.id}")
            person.press("Disconnect")
            person.sees("Every record, link and mapping stays, here and in Xero", ".o_dialog")
            person.press("Cancel")
            person.reads("state", "Connected")
            person.press("Disconnect")
            person.press("Disconnect", person.page.locator(".o_dialog"))
            person.told("Disconnected. Every record, link and mapping stays")
            person.reads("state", "Disconnected")
        self.assertEqual(self.sim.control("GET", "connections"), [])
        self.assertTrue(before.xero_number)
        during = self.invoice()
        self.run_worker()
        self.assertEqual(self.sim.books("NZ", "Invoices", InvoiceNumbers=during.name, page=1)["Invoices"], [])
        with self.browsing() as person:
            person.press("Connect")
            person.consent("Kauri Trading")
            person.settled()
            expect(person.page).to_have_url(re.compile(f"/odoo/xero-organisations/{organisation.id}"))
            person.reads("state", "Connected")
        self.run_worker()
        for move in before, during:
            self.in_xero(move)

    def test_without_the_right_there_is_no_menu_no_settings_and_the_profile_says_so(self):
        """S0.5, S0.6: no menu, no button; an address typed by hand is refused; the profile tells what is missing."""
        organisation = self.connected()
        with self.browsing("booker") as person:
            person.open("/odoo/xero-work")
            sections = person.page.locator(".o_menu_sections")
            expect(sections.get_by_text("Waiting and Failed")).to_be_visible()
            for name in ("Organisations", "Settings", "Mapping", "Requests"):
                expect(sections.get_by_text(name, exact=True)).to_have_count(0)
            person.page.goto(f"{self.base_url()}/odoo/xero-connections/{organisation.connection_id.id}")
            person.sees(re.compile("Access Error|not allowed|don't have access"), ".o_dialog, .o_notification")
            person.open("/odoo/xero-work")
            self.profile(person)
            person.sees("You may not manage Xero. An administrator can give you “Xero: manage integrations”.")
        with self.browsing("keeper") as person:
            person.open("/odoo/xero-work")
            expect(person.page.locator(".o_menu_sections").get_by_text("Organisations", exact=True)).to_be_visible()
            self.profile(person)
            person.sees("You may connect and manage Xero (“Xero: manage integrations”).")

    def test_a_bookkeeper_reads_the_organisation_and_has_no_button_that_only_raises(self):
        """S0.6, S0.8"""
        organisation = self.connected()
        organisation.connection_id._break(errors.Reconnect("invalid_grant"))
        organisation.write({"deletion_pending": True, "deletion_message": "Xero did not answer."})
        with self.browsing("booker") as person:
            person.open(f"/odoo/xero-organisations/{organisation.id}")
            person.sees("Xero no longer accepts the authorisation")
            person.sees("Someone who manages the Xero integration can do this.")
            for name in ("Connect", "Connect again", "Remove at Xero", "Test connection", "Disconnect"):
                expect(person.button(name)).to_have_count(0)
            expect(person.page.get_by_role("tab", name="Mapping")).to_have_count(0)
            expect(person.field("auto_sync").locator("input")).to_be_disabled()
            person.picture("organisation-bookkeeper")

    def profile(self, person):
        person.page.locator(".o_user_menu button, .o_user_menu.dropdown-toggle").first.click()
        person.page.get_by_role("menuitem", name=re.compile("My Preferences")).click()
        person.settled()
