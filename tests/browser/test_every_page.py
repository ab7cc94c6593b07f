"""Every page of the addon on a wide and on a narrow screen, with something on it: it opens, says what it should, fits.

XERO_PICTURES names a folder for pictures to look at.
"""

from odoo import Command

from .common import BrowserCommon
from .person import NARROW, WIDE

TALL_WIDE, TALL_NARROW = (WIDE[0], 1200), (NARROW[0], 1400)
TABS = ("Mapping", "Accounts", "Taxes", "Journals", "Tracking", "Reference data", "What syncs", "Connection")


class TestEveryPage(BrowserCommon):
    def setUp(self):
        super().setUp()
        self.keeper.group_ids += self.env.ref("analytic.group_analytic_accounting")
        self.there = self.connected()
        self.there.pull_from = False
        self.map_tax(self.there)
        self.bank = self.company_data["default_journal_bank"]
        self.cash = self.company_data["default_journal_cash"]
        self.there.write({
            "expense_account_id": self.account("429").id, "payment_account_id": self.account("855").id,
        })  # fmt: skip
        self.env["xero.journal.mapping"].create({
            "organisation_id": self.there.id, "journal_id": self.bank.id, "xero_account_id": self.account("090").id,
        })  # fmt: skip
        self.env["xero.account.mapping"].create({
            "organisation_id": self.there.id, "account_id": self.company_data["default_account_revenue"].id,
            "xero_account_id": self.account("200").id, "for_incoming": True,
        })  # fmt: skip
        self.plans()
        self.documents()

    def account(self, code):
        return self.there.account_ids.filtered(lambda account: account.code == code)

    def plans(self):
        """Region is mapped, Grants is in use and is not."""
        regions, grants = self.env["account.analytic.plan"].create([{"name": "Region"}, {"name": "Grants"}])
        region = self.there.tracking_category_ids.filtered(lambda category: category.name == "Region")
        self.env["xero.tracking.mapping"].create(
            {"organisation_id": self.there.id, "plan_id": regions.id, "category_id": region.id}
        )
        self.grant = self.env["account.analytic.account"].create({"name": "Sport 2026", "plan_id": grants.id})

    def documents(self):
        self.sold = self.invoice(self.partner_a, ref="Order 12")
        self.sold.invoice_line_ids.analytic_distribution = {str(self.grant.id): 100}
        other = self.invoice(self.partner_a)
        self.paid = self.pay(self.sold | other)
        self.spare = self.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": self.partner_b.id, "amount": 50,
            "journal_id": self.bank.id,
        })  # fmt: skip
        self.spare.action_post()
        self.refund = self.invoice(self.partner_a, move_type="out_refund")
        line = Command.create({
            "name": "Paper", "price_unit": 40, "tax_ids": [],
            "account_id": self.company_data["default_account_expense"].id,
        })  # fmt: skip
        self.bill = self.invoice(self.partner_b, move_type="in_invoice", ref="S-1", invoice_line_ids=[line])
        self.stopped = self.pay(self.invoice(self.partner_a), journal=self.cash)
        self.run_worker()
        self.from_xero()
        self.changed_on_both_sides()

    def pay(self, moves, journal=None):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids
        ).create({"journal_id": (journal or self.bank).id, "group_payment": True})  # fmt: skip
        return wizard._create_payments()

    def from_xero(self):
        """A bill with an account that nobody mapped."""
        contact = self.link(self.bill.partner_id).xero_id
        self.sim.books("NZ", "Invoices", "PUT", {
            "Type": "ACCPAY", "Contact": {"ContactID": contact}, "InvoiceNumber": "RENT-07", "Date": "2026-06-03",
            "DueDate": "2026-07-03", "Status": "AUTHORISED", "LineAmountTypes": "NoTax",
            "LineItems": [{"Description": "Rent", "Quantity": 1, "UnitAmount": 900, "AccountCode": "469"}],
        })  # fmt: skip

    def changed_on_both_sides(self):
        xero_id = self.link(self.refund).xero_id
        self.sim.books("NZ", "CreditNotes", "POST", {"CreditNoteID": xero_id, "Reference": "Theirs"})
        self.refund.ref = "Ours"
        self.env["xero.cursor"].search([]).write({"due_at": False, "read_at": "2026-01-01"})
        self.run_worker()

    def link(self, record):
        return self.env["xero.link"].search([
            ("res_model", "=", record._name), ("res_id", "=", record.id), ("outcome", "=", "synced"),
            ("resource", "in", ("Contacts", "Invoices", "CreditNotes")),
        ])  # fmt: skip

    def pages(self):
        """{path: a word on it}"""
        difference = self.env["xero.difference"].search([("state", "=", "open")], limit=1)
        request = self.env["xero.request"].search([("resource", "=", "Invoices")], limit=1)
        links = self.env["xero.link"]
        failed = links.search([("res_model", "=", "account.partial.reconcile"), ("outcome", "!=", "synced")], limit=1)
        return {
            "xero-organisations": "Kauri Trading", "xero-connections": "Xero", "xero-settings": "Connection",
            f"xero-connections/{self.there.connection_id.id}": "Authorisation",
            "xero-work": "RENT-07", "xero-differences": "Changed on both sides",
            f"xero-differences/{difference.id}": "Ours", "xero-records": self.sold.name,
            f"xero-records/{failed.id}": "Journal", "xero-requests": "Invoices",
            f"xero-requests/{request.id}": "Invoices",
            "xero-still-unmapped": "Grants", "xero-tracking-mappings": "Region", "xero-journal-mappings": "Bank",
            "xero-tax-mappings": "GST 15%", "xero-account-mappings": "200", "xero-accounts": "Sales",
            "xero-tax-rates": "15% GST on Income",
            f"customer-invoices/{self.sold.id}": "In Xero", f"vendor-bills/{self.bill.id}": "In Xero",
            f"customer-credit-notes/{self.refund.id}": "Not in agreement with Xero",
            f"account.payment/{self.paid.id}": "In Xero", f"account.payment/{self.spare.id}": "In Xero",
            f"account.payment/{self.stopped.id}": "is not mapped",
            "action-account.action_account_payments": self.paid.name,
            f"res.partner/{self.partner_a.id}": "Sales & Purchase", "settings": "Xero",
        }  # fmt: skip

    def test_every_page_says_what_it_should_and_fits(self):
        pages, organisation = self.pages(), self.there.id
        for size, name in ((TALL_WIDE, "wide"), (TALL_NARROW, "narrow")):
            with self.browsing("keeper", size) as person:
                for path, words in pages.items():
                    with self.subTest(path=path, size=name):
                        person.open(f"/odoo/{path}")
                        person.sees(words)
                        if path == "settings":
                            person.page.locator("#xero_card").scroll_into_view_if_needed()
                        person.picture(f"{path.replace('/', '-')}-{name}")
                        if path.startswith("xero-"):  # the others are Odoo's own screens
                            self.assertEqual(person.overflow(), [])
                person.open(f"/odoo/xero-organisations/{organisation}")
                person.picture(f"organisation-{name}")
                for tab in TABS:
                    with self.subTest(tab=tab, size=name):
                        person.choose_tab(tab)
                        person.settled()
                        person.picture(f"organisation-{tab}-{name}")
                        self.assertEqual(person.overflow(), [])
