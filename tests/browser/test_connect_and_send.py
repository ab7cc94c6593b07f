"""The main job, as a person does it: connect, map, post an invoice, see it in Xero."""

import re

from playwright.sync_api import expect

from .common import BrowserCommon


class TestConnectAndSend(BrowserCommon):
    def test_from_settings_to_the_invoice_in_xero(self):
        """S0.7, S0.10-S0.13, S1.6-S1.13, S1.18, S1.19, S1.29, S2.8-S2.11, S2.13, S4.8-S4.16: one walk, from an empty
        card in the settings to Xero's total."""
        with self.browsing("keeper") as person:
            self.connect(person)
            self.check_and_switch_on(person)
            self.map(person)
            self.enter_an_invoice(person)
            person.reads("xero_state", "Queued")
        organisation = self.organisation()
        self.assertEqual((organisation.state, organisation.auto_sync), ("connected", True))
        move = self.env["account.move"].search([("company_id", "=", self.company.id)], order="id desc", limit=1)
        self.assertEqual((move.state, move.partner_id.name), ("posted", "Paper Boat Ltd"))
        self.run_worker()
        there = self.in_xero(move)
        self.assertEqual((there["Contact"]["Name"], there["Total"]), ("Paper Boat Ltd", 276.0))
        self.assertEqual([line["AccountCode"] for line in there["LineItems"]], ["260"])
        with self.browsing() as person:
            self.see_it_in_xero(person, move.name)

    def connect(self, person):
        person.open("/odoo/settings")
        card = person.page.locator("#xero_card")
        expect(card.get_by_text("Not configured")).to_be_visible()
        person.press("Configure", card)
        expect(person.button("Connect")).to_be_disabled()
        person.reads("redirect_url", re.compile(r"^http://localhost:\d+/xero/oauth/callback$"))
        person.fill("client_id", self.sim.client_id)
        person.fill("client_secret", self.sim.client_secret)
        person.save()
        expect(person.field("client_secret").locator("input")).to_have_value("")
        person.reads("state", "Configured")
        person.press("Connect")
        person.consent("Kauri Trading")
        person.settled()
        # Xero knows localhost alone; who came from 127.0.0.1 is there again
        expect(person.page).to_have_url(re.compile(re.escape(self.base_url()) + "/odoo/xero-connections/"))
        person.reads("state", "Connected")
        person.reads("organisation_names", "Kauri Trading (NZ)")
        person.sees("Next: choose accounts and taxes for")

    def check_and_switch_on(self, person):
        person.press("Organisations")
        person.settled()
        person.press("Test connection")
        person.told("Everything that was tested is in order.")
        person.sees("Base currency and company currency are both NZD.")
        person.sees("Every permission that is needed was granted.")
        person.tick("auto_sync")
        person.save()

    def map(self, person):
        """S2.13, S2.22, S2.24: a bar leads there; a proposal for every tax, the default accounts; then it goes."""
        person.sees("Next: choose accounts and taxes")
        person.press("Choose accounts and taxes")
        person.settled()
        person.press("Propose")
        person.settled()
        expect(person.field("revenue_account_id").locator("input")).to_have_value("200 Sales")
        person.sees("Every sales tax is mapped.")
        person.pick("revenue_account_id", "260 Other Revenue", typed="other")
        person.sees("Next: choose accounts and taxes")
        person.pick("payment_account_id", "855 Clearing Account")
        person.save()
        person.sees("Revenue account: 260 Other Revenue")
        person.sees_no("Next: choose accounts and taxes")
        person.choose_tab("Taxes")
        row = person.page.locator(".o_data_row", has_text="GST 15% sale")
        expect(row).to_contain_text("15% GST on Income")

    def enter_an_invoice(self, person):
        """With a customer that nobody knew before."""
        person.open("/odoo/customer-invoices/new")
        person.make("partner_id", "Paper Boat Ltd")
        person.press("Add a line")
        line = person.page.locator(".o_data_row.o_selected_row")
        line.locator("textarea").first.fill("Consulting")
        line.locator(".o_field_widget[name=price_unit] input").fill("240")
        person.press("Confirm")
        expect(person.page.locator(".o_arrow_button_current")).to_have_text("Posted")

    def see_it_in_xero(self, person, number):
        person.open(person.page.url)
        person.reads("xero_state", "In Xero")
        with person.page.context.expect_page() as opened:
            person.page.locator("button[name=action_xero_open]").click()
        there = opened.value
        expect(there.locator("h1")).to_contain_text(number)
        expect(there.get_by_text("Paper Boat Ltd").first).to_be_visible()
        expect(there.locator("tr.total", has_text="Total").last).to_contain_text("276")
        there.close()
