"""What the tests of reference data and mapping share: an organisation whose reference data was read."""

from odoo import Command
from odoo.exceptions import ValidationError

from ..common import XeroCommon

CURRENCIES = {"NZ": "NZD", "AU": "AUD", "GB": "GBP", "US": "USD"}


class ReferenceCommon(XeroCommon):
    country = "NZ"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.set_currency(CURRENCIES[cls.country], cls.company)
        cls.tax_group = cls.tax_sale_a.tax_group_id
        # What the chart of accounts brought would only be in the way of counting.
        cls.env["account.tax"].search([("company_id", "=", cls.company.id)]).active = False
        cls.organisation = cls.connect_organisation(cls.country)
        cls.organisation._refresh_reference()

    # ---- Odoo -----------------------------------------------------------------------------------

    def other_company(self, name="Theirs"):
        """A second company with a chart of accounts of its own."""
        cls, env = type(self), self.env
        cls.env = self.product_category.env  # of the user who owns the products, as account's own tests want it
        try:
            return cls.setup_other_company(name=name)["company"].with_env(env)
        finally:
            cls.env = env

    def tax(self, amount, use="sale", **values):
        return self.env["account.tax"].create({
            "name": f"{amount} % {use} {self.env['account.tax'].search_count([])}", "amount": amount,
            "type_tax_use": use,
            "tax_group_id": self.tax_group.id,
        } | values)  # fmt: skip

    def group(self, *taxes, **values):
        return self.tax(0, amount_type="group", children_tax_ids=[Command.set([tax.id for tax in taxes])], **values)

    # ---- Xero -----------------------------------------------------------------------------------

    def account(self, code):
        accounts = self.organisation.account_ids.with_context(active_test=False)
        return accounts.search([("organisation_id", "=", self.organisation.id), ("code", "=", code)])

    def system_account(self, name):
        return self.organisation.account_ids.filtered(lambda account: account.system_account == name)

    def rate(self, tax_type):
        rates = self.env["xero.tax.rate"].with_context(active_test=False)
        return rates.search([("organisation_id", "=", self.organisation.id), ("tax_type", "=", tax_type)])

    # ---- mapping --------------------------------------------------------------------------------

    def map_tax(self, taxes, rate, direction="sale", organisation=None):
        rate = self.rate(rate) if isinstance(rate, str) else rate
        return self.env["xero.tax.mapping"].create({
            "organisation_id": (organisation or self.organisation).id, "direction": direction,
            "tax_ids": [Command.set(taxes.ids)], "xero_tax_rate_id": rate.id,
        })  # fmt: skip

    def map_account(self, account, organisation=None, **ours):
        return self.env["xero.account.mapping"].create({
            "organisation_id": (organisation or self.organisation).id, "xero_account_id": account.id,
        } | ours)  # fmt: skip

    def assertRefused(self, words, function, *args, **kwargs):
        """``function`` is refused with a sentence that holds each of ``words``."""
        with self.assertRaises(ValidationError) as caught, self.env.cr.savepoint():
            function(*args, **kwargs)
            self.env.flush_all()
        for word in words:
            self.assertIn(word, str(caught.exception))
