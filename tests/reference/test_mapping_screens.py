"""The mapping pages in a real browser, on a wide and on a narrow screen."""

from playwright.sync_api import expect

from ..browser.common import BrowserCommon
from ..browser.person import NARROW, WIDE


class TestMappingScreens(BrowserCommon):
    def setUp(self):
        super().setUp()
        self.there = self.connect_organisation("NZ")
        self.there._refresh_reference()
        self.keeper.group_ids += self.env.ref("analytic.group_analytic_accounting")
        self.env["account.tax"].create({
            "name": "7 % nowhere", "amount": 7, "tax_group_id": self.gst.tax_group_id.id, "company_id": self.company.id,
        })  # fmt: skip

    def test_person_proposes_maps_the_rest_and_sees_that_all_is_ready(self):
        """S2.13 S2.22 S2.23 S2.24"""
        with self.browsing("keeper") as person:
            person.open(f"/odoo/xero-organisations/{self.there.id}")
            person.choose_tab("Mapping")
            person.sees("No sales tax is mapped")
            person.sees("Unable to find it?")
            person.picture("mapping-before-wide")
            person.press("Propose")
            person.told("taxes are left")
            person.picture("mapping-told-wide")
            person.settled()
            person.choose_tab("Mapping")
            person.sees("Payment account: not chosen")
            person.pick("payment_account_id", "855 Clearing Account")
            person.save()
            person.sees_no("Payment account: not chosen")
            person.picture("mapping-after-wide")
            self.map_a_journal(person)
            for tab in ("Accounts", "Taxes", "Journals", "Tracking", "Reference data"):
                person.choose_tab(tab)
                person.settled()
                person.picture(f"{tab}-wide")
            self.map_by_hand(person)
        self.assertEqual(self.there.payment_account_id.code, "855")
        self.assertTrue(self.there.mapping_ready, self.there.mapping_checklist_html)
        self.assertIn("090", self.there.journal_mapping_ids.xero_account_id.mapped("code"))

    def map_a_journal(self, person):
        """The row's button opens the mapping with the journal in it."""
        named = person.page.get_by_role("cell", name="Bank", exact=True)
        row = person.page.locator("[name=gap_ids] .o_data_row").filter(has=named).first
        row.get_by_role("button", name="Map").click()
        dialog = person.page.locator(".o_dialog")
        expect(dialog.locator("[name=journal_id] input")).to_have_value("Bank")
        person.pick("xero_account_id", "090 Business Bank Account")
        person.picture("dialog-wide")
        person.press("Save", dialog)
        expect(dialog).to_have_count(0)

    def map_by_hand(self, person):
        """A new row's drop-downs offer what this organisation may use, and nothing that Xero keeps itself."""
        person.choose_tab("Accounts")
        person.page.locator("[name=account_mapping_ids] .o_field_x2many_list_row_add a").click()
        row = person.page.locator("[name=account_mapping_ids] .o_selected_row")
        self.pick_in(row, "product_id", "Consulting")
        offered = row.locator("[name=xero_account_id] input")
        offered.fill("Unpaid")
        expect(person.page.locator(".o-autocomplete--dropdown-menu")).to_contain_text("No records")
        self.pick_in(row, "xero_account_id", "200 Sales")
        person.save()
        expect(person.page.locator("[name=account_mapping_ids] .o_data_row", has_text="Consulting")).to_have_count(1)

    def pick_in(self, row, name, text):
        row.locator(f"[name={name}] input").fill(text)
        row.page.locator(".o-autocomplete--dropdown-item").get_by_text(text, exact=True).first.click()

    def test_missing_rate_is_created_from_its_row_and_a_tax_from_a_rate(self):
        """S4.2 S4.4"""
        self.there.action_propose_mappings()
        with self.browsing("keeper") as person:
            person.open(f"/odoo/xero-organisations/{self.there.id}")
            person.choose_tab("Mapping")
            row = person.page.locator("[name=gap_ids] .o_data_row", has_text="7 % nowhere")
            person.picture("gap-create-wide")
            row.get_by_role("button", name="Create in Xero").click()
            person.told("1 queued for Xero")
            person.open("/odoo/xero-tax-rates")
            person.picture("rates-create-wide")
            row = person.page.locator(".o_data_row", has_text="Tourism Levy").first
            row.get_by_role("button", name="Create in Odoo").click()
            person.sees("Tourism")
            person.settled()
            person.picture("tax-created-wide")
        change = self.env["xero.change"].search([("resource", "=", "TaxRates")])
        self.assertEqual((change.kind, change.by_hand), ("create", True))

    def test_plan_is_mapped_to_a_tracking_category(self):
        """S0.17"""
        self.env["account.analytic.plan"].create([{"name": "Grants"}, {"name": "Regions"}])
        with self.browsing("keeper") as person:
            person.open(f"/odoo/xero-organisations/{self.there.id}")
            person.choose_tab("Tracking")
            person.page.locator("[name=tracking_mapping_ids]").get_by_text("Add a line").click()
            person.pick("plan_id", "Regions")
            person.pick("category_id", "Region")
            person.save()
            person.picture("tracking-mapped-wide")
        self.assertEqual(self.there.tracking_mapping_ids.category_id.name, "Region")

    def test_pages_fit_a_narrow_screen(self):
        self.there.action_propose_mappings()
        plans = self.env["account.analytic.plan"].create([{"name": "Grants"}, {"name": "Regions"}])
        region = self.there.tracking_category_ids.filtered(lambda category: category.name == "Region")
        self.env["xero.tracking.mapping"].create([
            {"organisation_id": self.there.id, "plan_id": plans[0].id},
            {"organisation_id": self.there.id, "plan_id": plans[1].id, "category_id": region.id},
        ])  # fmt: skip
        with self.browsing("keeper", NARROW) as person:
            person.open(f"/odoo/xero-organisations/{self.there.id}")
            for tab in ("Mapping", "Accounts", "Taxes", "Journals", "Tracking", "Reference data"):
                person.choose_tab(tab)
                person.settled()
                person.picture(f"{tab}-narrow")
                self.assertEqual(person.overflow(), [], tab)
            person.open("/odoo/xero-still-unmapped")
            person.sees("No active rate in Xero comes to 7 %")
            self.assertEqual(person.overflow(), [])
            person.picture("still-unmapped-narrow")

    def test_lists_of_the_menu_open(self):
        self.there.action_propose_mappings()
        with self.browsing("keeper", WIDE) as person:
            for path, text in (
                ("xero-still-unmapped", "7 % nowhere"), ("xero-tax-mappings", "15% GST on Income"),
                ("xero-accounts", "Sales"),
                ("xero-tax-rates", "Tourism Levy 1.5 %"), ("xero-account-mappings", "No account is mapped"),
                ("xero-journal-mappings", "No journal is mapped"),
                ("xero-tracking-mappings", "No analytic plan is mapped"),
            ):  # fmt: skip
                person.open(f"/odoo/{path}")
                person.sees(text)
                person.picture(path)
