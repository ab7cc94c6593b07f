"""The main job, as a person does it: connect, map, post an invoice, see it in Xero (S0.1-S0.14, issue's main walk)."""

from playwright.sync_api import expect

from .common import BrowserCommon


class TestConnectAndSend(BrowserCommon):
    def test_connect_from_the_settings(self):
        """S0.1-S0.4, S0.8, S1.29: settings, form, Xero's consent, back on the same record, Connected, tested."""
        with self.browsing("keeper") as person:
            person.open("/odoo/settings")
            card = person.page.locator("#xero_card")
            expect(card.get_by_text("Not configured")).to_be_visible()
            card.get_by_role("button", name="Configure").click()
            self.enter_credentials(person)
            person.press("Connect")
            person.consent("Kauri Trading")
            person.settled()
            person.sees("Connected")
            person.page.screenshot(path="/tmp/br_shot1.png")

    def enter_credentials(self, person):
        expect(person.field("client_id")).to_be_visible()
        person.fill("client_id", self.sim.client_id)
        person.fill("client_secret", self.sim.client_secret)
        person.save()
        person.page.screenshot(path="/tmp/br_shot0.png")
