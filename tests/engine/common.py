"""What the engine's tests share: partners, invoices, a worker that runs, and what stands in Xero's books."""

from odoo import Command

from odoo.addons.xero_integration.models.xero_organisation_worker import XeroRun
from odoo.addons.xero_integration.models.xero_policy import ONE_WAY

from ..common import XeroCommon


class EngineCommon(XeroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax15 = cls.env["account.tax"].create(
            {"name": "GST 15", "amount": 15, "type_tax_use": "sale", "tax_group_id": cls.tax_sale_a.tax_group_id.id}
        )

    def setUp(self):
        super().setUp()
        self.organisation = self.connect_organisation("NZ")
        self.organisation._refresh_reference()
        self.directions("push")
        self.organisation.note_credit_notes = False  # a call of its own, which would only be in the way of counting
        self.map_basics()
        self.sim.clear_calls()

    def map_basics(self):
        """A revenue and a rounding account, and the one tax."""
        accounts = self.organisation.account_ids
        self.organisation.write(
            {
                "revenue_account_id": accounts.filtered(lambda account: account.code == "200").id,
                "rounding_account_id": accounts.filtered(lambda account: account.system_account == "ROUNDING").id,
            }
        )
        self.map_tax(self.tax15, "OUTPUT2")

    def map_tax(self, taxes, tax_type, direction="sale"):
        rate = self.organisation.tax_rate_ids.filtered(lambda rate: rate.tax_type == tax_type)
        return self.env["xero.tax.mapping"].create(
            {
                "organisation_id": self.organisation.id,
                "direction": direction,
                "tax_ids": [Command.set(taxes.ids)],
                "xero_tax_rate_id": rate.id,
            }
        )

    def directions(self, every=None, **by_kind):
        """Which way the kinds of record go: ``directions("both", payments="off")``."""
        for policy in self.organisation.policy_ids:
            wanted = by_kind.get(policy.kind, every)
            if wanted in ("pull", "both") and policy.kind in ONE_WAY:
                wanted = "push" if wanted == "both" else "off"
            if wanted:
                policy.direction = wanted

    def wins(self, side):
        """Who wins when both changed: odoo, xero or ask."""
        self.organisation.policy_ids.wins = side

    # ---- Odoo -----------------------------------------------------------------------------------

    def customer(self, name="Harbour Cafe", **values):
        return self.env["res.partner"].create({"name": name, "is_company": True} | values)

    def line(self, price=100.0, quantity=1.0, taxes=None, **values):
        taxes = self.tax15 if taxes is None else taxes
        return Command.create(
            {"name": "Work", "quantity": quantity, "price_unit": price, "tax_ids": [Command.set(taxes.ids)]} | values
        )

    def invoice(self, partner=None, lines=None, post=True, **values):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice", "partner_id": (partner or self.customer()).id, "invoice_date": "2026-06-01",
                "invoice_date_due": "2026-06-20", "invoice_line_ids": lines or [self.line()],
            } | values
        )  # fmt: skip
        if post:
            move.action_post()
        return move

    def work(self):
        """One run of the worker, without its commits. :return int: records finished"""
        done = 0
        for step in self.organisation._sync_steps(XeroRun()):
            done += step
            self.env.flush_all()
            self.env.invalidate_all()
        return done

    def work_again(self):
        """A further cycle, in which Xero is looked at again. :return int: records finished"""
        self.env["xero.cursor"].search([]).write({"due_at": False, "read_at": "2026-01-01"})
        self.sim.clear_calls()
        return self.work()

    def link(self, record):
        resource = "Contacts" if record._name == "res.partner" else "Invoices"
        return self.env["xero.link"].search(
            [("organisation_id", "=", self.organisation.id), ("resource", "=", resource), ("res_id", "=", record.id)]
        )

    def changes(self):
        return self.env["xero.change"].search([("organisation_id", "=", self.organisation.id)])

    def assertSynced(self, *records):
        for record in records:
            link = self.link(record)
            self.assertEqual((link.outcome, link.error_message), ("synced", ""), record.display_name)

    def assertStopped(self, record, code, outcome=None):
        link = self.link(record)
        self.assertEqual(link.error_code, code, link.error_message)
        if outcome:
            self.assertEqual(link.outcome, outcome)
        self.assertNotIn("?", link.error_message, "a hole of the sentence was not filled")

    # ---- Xero -----------------------------------------------------------------------------------

    def writes(self, resource=None):
        path = f"/{resource}" if resource else "/api.xro/"
        return [c for c in self.sim.calls(path=path) if c["method"] in ("PUT", "POST")]

    def contacts_in_xero(self, name):
        return [c for c in self.sim.books("NZ", "Contacts", page=1, pageSize=1000)["Contacts"] if c["Name"] == name]

    def stranger_uses(self, number):
        """A person enters an invoice of that number in Xero, for another contact."""
        contact = self.sim.books("NZ", "Contacts", page=1)["Contacts"][0]
        self.sim.books("NZ", "Invoices", "PUT", {
            "Type": "ACCREC", "InvoiceNumber": number, "Contact": {"ContactID": contact["ContactID"]},
            "LineItems": [{"Description": "By hand", "Quantity": 1, "UnitAmount": 9, "AccountCode": "200"}],
        })  # fmt: skip
