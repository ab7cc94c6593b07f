"""What Odoo and Xero say differently, on the screens: found, compared, decided."""

import os
from datetime import timedelta

from odoo import fields

from .common import BrowserCommon
from .person import NARROW, WIDE


class TestDifferences(BrowserCommon):
    def setUp(self):
        super().setUp()
        self.there = self.connected()
        self.map_tax(self.there)
        self.there.policy_ids.filtered(lambda policy: policy.kind == "contacts").direction = "push"
        self.there.pull_from = False
        self.env["xero.account.mapping"].create({
            "organisation_id": self.there.id, "account_id": self.company_data["default_account_revenue"].id,
            "xero_account_id": self.there.account_ids.filtered(lambda account: account.code == "200").id,
        })  # fmt: skip

    def picture(self, person, name):
        """For looking at: XERO_PICTURES names the folder."""
        if folder := os.environ.get("XERO_PICTURES"):
            person.page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    def look_again(self):
        """The worker runs, and looks at Xero whether it is time or not."""
        long_ago = fields.Datetime.now() - timedelta(days=1)
        self.env["xero.cursor"].search([]).write({"due_at": False, "read_at": long_ago})
        self.run_worker()

    def changed_on_both_sides(self):
        move = self.invoice(self.partner_a)
        self.run_worker()
        there = self.in_xero(move)
        self.sim.books("NZ", "Invoices", "POST", {"InvoiceID": there["InvoiceID"], "Reference": "Their order 77"})
        move.ref = "Our order 12"
        self.look_again()
        return move

    def test_bookkeeper_sees_both_values_and_takes_xeros(self):
        """S1.4: an invoice that was changed on both sides, from the alert to done."""
        move = self.changed_on_both_sides()
        with self.browsing("booker") as person:
            person.open(f"/odoo/customer-invoices/{move.id}")
            person.sees("Not in agreement with Xero.")
            self.picture(person, "invoice-differs-wide")
            person.open("/odoo/xero-differences")
            person.sees("Changed on both sides")
            person.sees("Reference: Our order 12")
            self.picture(person, "differences-list-wide")
            person.page.locator(".o_data_row").first.click()
            person.sees("Reference: Their order 77")
            person.sees("Reference: Our order 12")
            self.picture(person, "difference-form-wide")
            person.press("Take Xero's")
            person.told("queued")
            person.open("/odoo/xero-differences")
            person.page.locator(".o_data_row").first.click()
            person.sees("Decided. It is done at the next run, in a moment.")
        self.run_worker()
        with self.browsing() as person:
            person.open("/odoo/xero-differences")
            person.press("Compare now")
            person.told("Comparing with Xero.")
        self.run_worker()
        self.assertEqual(self.env["xero.sweep"].search([]).mapped("state"), ["done"])
        with self.browsing() as person:
            person.open(f"/odoo/customer-invoices/{move.id}")
            person.sees_no("Not in agreement with Xero.")
            self.picture(person, "invoice-done-wide")
            person.open("/odoo/xero-differences")
            person.sees("Odoo and Xero agree")
        self.assertEqual(move.ref, "Their order 77")
        row = self.env["xero.difference"].search([])
        self.assertEqual((row.state, row.decided_by_id), ("decided", self.booker))

    def mixed_bag(self):
        """Differences of several kinds, and something that waits from Xero."""
        self.changed_on_both_sides()
        voided = self.invoice(self.partner_b)
        self.run_worker()
        there = self.in_xero(voided)
        item = {
            "Type": "ACCREC", "Contact": {"ContactID": there["Contact"]["ContactID"]}, "InvoiceNumber": "INV-0042",
            "Date": "2026-06-03", "DueDate": "2026-07-03", "Status": "AUTHORISED", "LineAmountTypes": "Exclusive",
            "LineItems": [
                {"Description": "Advice", "Quantity": 3, "UnitAmount": 40, "AccountCode": "260", "TaxType": "OUTPUT2"}
            ],
        }  # fmt: skip
        self.sim.books("NZ", "Invoices", "PUT", item)
        self.look_again()
        self.there.auto_sync = False
        self.sim.books("NZ", "Invoices", "PUT", item | {"InvoiceNumber": "INV-0043"})
        self.sim.books("NZ", "Invoices", "POST", {"InvoiceID": there["InvoiceID"], "Status": "VOIDED"})
        lost = self.invoice(self.partner_a)
        self.env["xero.change"].search([("res_id", "=", lost.id), ("res_model", "=", "account.move")]).unlink()
        self.there.action_compare()
        self.run_worker()
        return voided

    def test_screens_fit_wide_and_narrow_for_bookkeeper_and_manager(self):
        voided = self.mixed_bag()
        rows = self.env["xero.difference"].search([("state", "=", "open")])
        reasons = ["both_changed", "ended", "missing_in_odoo", "missing_in_xero"]
        self.assertEqual(sorted(rows.mapped("reason")), reasons, rows.mapped("values"))
        form = rows.filtered(lambda row: row.reason == "missing_in_xero").id
        for login, size, label in (
            ("booker", WIDE, "booker-wide"), ("booker", NARROW, "booker-narrow"),
            ("keeper", WIDE, "keeper-wide"), ("keeper", NARROW, "keeper-narrow"),
        ):  # fmt: skip
            with self.browsing(login, size) as person:
                for path, text in (
                    ("xero-differences", "Ended on one side"), (f"xero-differences/{form}", "Missing in Xero"),
                    (f"customer-invoices/{voided.id}", "Status"), ("xero-work", "INV-0042"),
                ):  # fmt: skip
                    person.open(f"/odoo/{path}")
                    person.sees(text)
                    self.picture(person, f"{path.replace('/', '-')}-{label}")
                    if not path.startswith("customer-invoices"):  # the screen is Odoo's own
                        self.assertEqual(person.overflow(), [], (path, label))
                person.open(f"/odoo/xero-organisations/{self.there.id}")
                person.settled()
                self.picture(person, f"organisation-{label}")
                person.choose_tab("What syncs")
                person.settled()
                self.picture(person, f"what-syncs-{label}")
                self.assertEqual(person.overflow(), [], label)
