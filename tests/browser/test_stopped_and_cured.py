"""An invoice that cannot go: the form says why in plain words, leads to what helps, and sends it again."""

from playwright.sync_api import expect

from .common import BrowserCommon


class TestStoppedAndCured(BrowserCommon):
    def setUp(self):
        super().setUp()
        self.connected()
        self.move = self.invoice(partner=self.env["res.partner"].create({"name": "Paper Boat Ltd"}))

    def test_a_missing_mapping_is_named_led_to_and_the_invoice_goes_by_itself(self):
        """S0.21, S1.23: the banner, its button, the form about this very tax, and no Retry to think of."""
        self.run_worker()
        with self.browsing("keeper") as person:
            person.open(f"/odoo/customer-invoices/{self.move.id}")
            banner = person.page.locator("[name=xero_attention]")
            expect(banner).to_contain_text("No Xero tax rate is mapped for GST 15% sale")
            person.reads("xero_state", "Needs you")
            person.press("Map tax", banner)
            self.map_it(person)
            person.open(f"/odoo/customer-invoices/{self.move.id}")
            person.reads("xero_state", "Queued")
            expect(banner).to_be_hidden()
        self.arrives()

    def test_what_was_cured_at_xero_goes_with_retry(self):
        """S0.23, S0.26: a period that was locked in Xero; nothing here can know that it is open again."""
        self.map_tax(self.organisation())
        self.sim.organisation("NZ", period_lock_date="2026-06-30")
        self.organisation()._refresh_reference()
        self.run_worker()
        with self.browsing("keeper") as person:
            person.open(f"/odoo/customer-invoices/{self.move.id}")
            banner = person.page.locator("[name=xero_attention]")
            expect(banner).to_contain_text("is in a period that is locked in Xero up to")
            self.sim.organisation("NZ", period_lock_date="2020-03-31")
            person.press("Retry", banner)
            person.told("1 queued for Xero.")
            person.reads("xero_state", "Queued")
        self.organisation()._refresh_reference()
        self.arrives()

    def arrives(self):
        self.run_worker()
        self.assertEqual(self.in_xero(self.move)["Total"], self.move.amount_total)
        with self.browsing() as person:
            person.open(person.page.url)
            person.reads("xero_state", "In Xero")
            person.reads("xero_number", self.move.name)

    def map_it(self, person):
        """The form that opens is about this very tax; only its rate is missing."""
        dialog = person.page.locator(".o_dialog")
        expect(dialog.locator(".o_field_widget[name=tax_ids]")).to_contain_text("GST 15% sale")
        person.pick("xero_tax_rate_id", "15% GST on Income")
        person.press("Save")
        expect(dialog).to_have_count(0)

    def test_work_list_shows_what_stopped_and_retries_it(self):
        """S0.21, S0.26: the list of everything that waits or failed, with bulk retry."""
        self.run_worker()
        number = self.move.name
        with self.browsing("keeper") as person:
            person.open("/odoo/xero-work")
            row = person.page.locator(".o_data_row", has_text=number)
            expect(row).to_contain_text("No Xero tax rate is mapped")
            row.locator("input[type=checkbox]").check()
            person.press("Retry")
            person.told("1 queued for Xero.")
            expect(row).to_contain_text("Queued")

    def test_a_bookkeeper_reads_the_reason_and_may_retry_but_not_map(self):
        """S0.6: who does not manage Xero gets no button for it, and is told who can help."""
        self.run_worker()
        with self.browsing("booker") as person:
            person.open(f"/odoo/customer-invoices/{self.move.id}")
            banner = person.page.locator("[name=xero_attention]")
            expect(banner).to_contain_text("Someone who manages the Xero integration can do this")
            expect(person.button("Map tax")).to_have_count(0)
            expect(person.button("Take out of the sync")).to_have_count(0)
            person.press("Retry", banner)
            person.told("1 queued for Xero.")
