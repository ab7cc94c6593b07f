"""What the tests share in which bookkeepers work in Xero, too: accounts and taxes mapped in both directions."""

from .common import EngineCommon


class BothWaysCommon(EngineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.organisation.pull_from = False
        cls.income = cls.company_data["default_account_revenue"]
        cls.expense = cls.company_data["default_account_expense"]
        cls.bought15 = cls.env["account.tax"].create({
            "name": "GST 15 in", "amount": 15, "type_tax_use": "purchase", "tax_group_id": cls.tax15.tax_group_id.id,
        })  # fmt: skip
        cls.map_tax(cls.bought15, "INPUT2", direction="purchase")
        cls.organisation.expense_account_id = cls.account("429")
        cls.map_account(cls.income, "200")
        cls.map_account(cls.expense, "429")

    def in_books(self, resource, **element):
        """What a bookkeeper makes or changes in Xero. :return: Xero's own item"""
        method = "POST" if f"{resource[:-1]}ID" in element else "PUT"
        return self.sim.books("NZ", resource, method, element)[resource][0]
