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
        cls.organisation = cls.connect_organisation("NZ")
        cls.organisation._refresh_reference()
        cls.directions("push")
        cls.organisation.note_credit_notes = False  # a call of its own, which would only be in the way of counting
        cls.map_basics()

    @classmethod
    def map_basics(cls):
        """A revenue and a rounding account, and the one tax."""
        accounts = cls.organisation.account_ids
        cls.organisation.write(
            {
                "revenue_account_id": accounts.filtered(lambda account: account.code == "200").id,
                "rounding_account_id": accounts.filtered(lambda account: account.system_account == "ROUNDING").id,
            }
        )
        cls.map_tax(cls.tax15, "OUTPUT2")

    @classmethod
    def map_tax(cls, taxes, tax_type, direction="sale"):
        rate = cls.organisation.tax_rate_ids.filtered(lambda rate: rate.tax_type == tax_type)
        return cls.env["xero.tax.mapping"].create(
            {
                "organisation_id": cls.organisation.id,
                "direction": direction,
                "tax_ids": [Command.set(taxes.ids)],
                "xero_tax_rate_id": rate.id,
            }
        )

    @classmethod
    def account(cls, code):
        return cls.organisation.account_ids.filtered(lambda account: account.code == code)

    @classmethod
    def map_account(cls, account, code, **values):
        return cls.env["xero.account.mapping"].create({
            "organisation_id": cls.organisation.id, "account_id": account.id,
            "xero_account_id": cls.account(code).id,
        } | values)  # fmt: skip

    @classmethod
    def map_journal(cls, journal, code, **values):
        return cls.env["xero.journal.mapping"].create({
            "organisation_id": cls.organisation.id, "journal_id": journal.id,
            "xero_account_id": cls.account(code).id,
        } | values)  # fmt: skip

    @classmethod
    def map_plan(cls, plan, category):
        return cls.env["xero.tracking.mapping"].create(
            {"organisation_id": cls.organisation.id, "plan_id": plan.id, "category_id": category.id}
        )

    @classmethod
    def directions(cls, every=None, **by_kind):
        """Which way the kinds of record go: ``directions("both", payments="off")``."""
        for policy in cls.organisation.policy_ids:
            wanted = by_kind.get(policy.kind, every)
            if wanted in ("pull", "both") and policy.kind in ONE_WAY:
                wanted = "push" if wanted == "both" else "off"
            if wanted:
                policy.direction = wanted

    @classmethod
    def wins(cls, side):
        """Who wins when both changed: odoo, xero or ask."""
        cls.organisation.policy_ids.wins = side

    # ---- Odoo -----------------------------------------------------------------------------------

    @classmethod
    def customer(cls, name="Harbour Cafe", **values):
        return cls.env["res.partner"].create({"name": name, "is_company": True} | values)

    @classmethod
    def line(cls, price=100.0, quantity=1.0, taxes=None, **values):
        taxes = cls.tax15 if taxes is None else taxes
        return Command.create(
            {"name": "Work", "quantity": quantity, "price_unit": price, "tax_ids": [Command.set(taxes.ids)]} | values
        )

    @classmethod
    def invoice(cls, partner=None, lines=None, post=True, **values):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice", "partner_id": (partner or cls.customer()).id, "invoice_date": "2026-06-01",
                "invoice_date_due": "2026-06-20", "invoice_line_ids": lines or [cls.line()],
            } | values
        )  # fmt: skip
        if post:
            move.action_post()
        return move

    @classmethod
    def work(cls):
        """One run of the worker, without its commits. :return int: records finished"""
        done = 0
        for step in cls.organisation._sync_steps(XeroRun()):
            done += step
            cls.env.flush_all()
            cls.env.invalidate_all()
        return done

    @classmethod
    def work_again(cls):
        """A further cycle, in which Xero is looked at again. :return int: records finished"""
        cls.env["xero.cursor"].search([]).write({"due_at": False, "read_at": "2026-01-01"})
        cls.sim.clear_calls()
        return cls.work()

    def meanwhile(self, moment, act):
        """A run of the worker, in which ``act`` happens once, between two commits, as soon as ``moment`` says so."""
        done = False
        for _step in self.organisation._sync_steps(XeroRun()):
            self.env.flush_all()
            self.env.invalidate_all()
            if not done and moment():
                act()
                done = True
                self.env.flush_all()
                self.env.invalidate_all()
        self.assertTrue(done)

    def directions_told_elsewhere(self, **by_kind):
        """As by a manager in another process: the cache of this one says what it said."""
        before = self.organisation._policies()
        self.directions(**by_kind)
        type(self.organisation)._policies.__cache__.add_value(self.organisation, cache_value=before)

    def cursor(self, resource):
        return self.env["xero.cursor"]._of(self.organisation, resource)

    @classmethod
    def link(cls, record):
        resource = "Contacts" if record._name == "res.partner" else "Invoices"
        return cls.env["xero.link"].search(
            [("organisation_id", "=", cls.organisation.id), ("resource", "=", resource), ("res_id", "=", record.id)]
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
