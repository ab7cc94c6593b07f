"""What the tests of the screens share: people with different rights, and links as the worker would have written them.

No simulator: what people see is made of rows that the worker wrote, whatever it had talked to.
"""

from odoo import Command, fields

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.tests.test_ir_cron import CronMixinCase
from odoo.addons.mail.tests.common import mail_new_test_user


class ScreensCommon(CronMixinCase, AccountTestInvoicingCommon):
    """:cvar second_company: whether ``theirs`` is wanted, a company that the people of these tests do not work in"""

    second_company = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.theirs = cls.setup_other_company(name="Theirs") if cls.second_company else None
        cls.company = cls.company_data["company"]
        cls.env = cls.env(user=cls.env.ref("base.user_root").id, su=True)
        cls.env = cls.env["base"].with_company(cls.company).env
        cls.partner_a, cls.partner_b = cls.partner_a.with_env(cls.env), cls.partner_b.with_env(cls.env)
        cls.organisation = cls.make_organisation("Kiwi Ltd", cls.company)
        cls.manager = cls.make_user("keeper", "xero_integration.group_xero_manager")
        cls.bookkeeper = cls.make_user("booker", "account.group_account_invoice")
        cls.auditor = cls.make_user("auditor", "account.group_account_readonly,base.group_user")
        cls.clerk = cls.make_user("clerk", "base.group_user")

    @classmethod
    def make_user(cls, login, groups, companies=None):
        companies = companies or cls.company
        return mail_new_test_user(
            cls.env, login=login, groups=groups, company_id=companies[:1].id, company_ids=[Command.set(companies.ids)])

    @classmethod
    def make_organisation(cls, name, company, **values):
        connection = cls.env["xero.connection"].create({"name": name, "company_id": company.id})
        return cls.env["xero.organisation"].create({
            "name": name, "connection_id": connection.id, "company_id": company.id, "tenant_id": f"tenant of {name}",
            "state": "connected", "test_passed": True, "auto_sync": True, "short_code": "!kiwi",
            "base_currency": company.currency_id.name,
        } | values)

    @classmethod
    def make_invoice(cls, partner=None, post=True, forget=True, **values):
        """A customer invoice; ``forget`` empties the queue, as if the worker had read it and found nothing owed."""
        move = cls.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": (partner or cls.partner_a).id, "invoice_date": "2026-06-01",
            "company_id": cls.company.id,
        } | ({} if values.get("move_type") == "entry" else {"invoice_line_ids": [
            Command.create({"name": "Work", "quantity": 1, "price_unit": 100, "tax_ids": []})]}) | values)
        if post:
            move.action_post()
        if forget:
            cls.env["xero.change"].search([]).unlink()
        return move

    @classmethod
    def make_link(cls, record, outcome="synced", organisation=None, **values):
        """A link as the worker writes it."""
        organisation = organisation or cls.organisation
        return cls.env["xero.link"].create({
            "organisation_id": organisation.id, "company_id": organisation.company_id.id, "res_model": record._name,
            "resource": "Contacts" if record._name == "res.partner" else "Invoices", "res_id": record.id,
            "outcome": outcome,
        } | values)

    @classmethod
    def make_synced(cls, record, **values):
        return cls.make_link(record, "synced", **{
            "xero_id": f"guid-{record._name}-{record.id}", "xero_number": record.display_name,
            "xero_status": "AUTHORISED", "synced_at": fields.Datetime.now(),
        } | values)

    def changes(self, record):
        return self.env["xero.change"].search([("res_model", "=", record._name), ("res_id", "=", record.id)])

    def assertState(self, record, state):
        """``record`` shows ``state``, and the search agrees with what is shown."""
        record.invalidate_recordset()
        self.assertEqual(record.xero_state, state)
        Model = record.with_context(active_test=False)
        found = {
            each for each, _label in record._fields["xero_state"].selection
            if Model.search_count([("id", "=", record.id), ("xero_state", "=", each)])
        }
        self.assertEqual(found, {state}, "the search finds it by what it shows, and by nothing else")
