"""What the tests share in which bookkeepers work in Xero, too: accounts and taxes mapped in both directions."""

from .common import EngineCommon


class BothWaysCommon(EngineCommon):
    def setUp(self):
        super().setUp()
        self.organisation.pull_from = False
        self.income = self.company_data["default_account_revenue"]
        self.expense = self.company_data["default_account_expense"]
        self.bought15 = self.env["account.tax"].create({
            "name": "GST 15 in", "amount": 15, "type_tax_use": "purchase", "tax_group_id": self.tax15.tax_group_id.id,
        })  # fmt: skip
        self.map_tax(self.bought15, "INPUT2", direction="purchase")
        self.organisation.expense_account_id = self.account("429")
        self.map_account(self.income, "200")
        self.map_account(self.expense, "429")

    def account(self, code):
        return self.organisation.account_ids.filtered(lambda account: account.code == code)

    def map_account(self, account, code, **values):
        return self.env["xero.account.mapping"].create({
            "organisation_id": self.organisation.id, "account_id": account.id,
            "xero_account_id": self.account(code).id,
        } | values)  # fmt: skip

    def map_journal(self, journal, code, **values):
        return self.env["xero.journal.mapping"].create({
            "organisation_id": self.organisation.id, "journal_id": journal.id,
            "xero_account_id": self.account(code).id,
        } | values)  # fmt: skip

    def in_books(self, resource, **element):
        """What a bookkeeper makes or changes in Xero. :return: Xero's own item"""
        method = "POST" if f"{resource[:-1]}ID" in element else "PUT"
        return self.sim.books("NZ", resource, method, element)[resource][0]
