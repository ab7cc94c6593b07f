"""What the tests of expenses share: an employee who spends, and accounts, taxes and journals that are mapped."""

import base64
from unittest import SkipTest

from odoo import Command

from ..engine.common import EngineCommon

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class SpendCommon(EngineCommon):
    """Payments that are expenses, made of ``account`` alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.buy15 = cls.env["account.tax"].create({
            "name": "GST 15 purchases", "amount": 15, "type_tax_use": "purchase", "price_include_override":
            "tax_included", "tax_group_id": cls.tax_purchase_a.tax_group_id.id,
        })  # fmt: skip
        cls.organisation.expense_account_id = cls.account("404")
        cls.map_tax(cls.buy15, "INPUT2", "purchase")
        cls.map_journal(cls.bank, "090")

    def spend(self, amount=115.0, partner=None, post=True, lines=None, **values):
        """A payment whose entry books the money on an expense account, with the tax in it."""
        partner = self.customer("Taxi Ltd") if partner is None else partner
        net = round(amount / 1.15, 2)
        outstanding = self.bank.outbound_payment_method_line_ids[:1].payment_account_id or self.bank.default_account_id
        tax_line = self.buy15.invoice_repartition_line_ids.filtered(lambda line: line.repartition_type == "tax")
        move = self.env["account.move"].create({
            "move_type": "entry", "journal_id": self.bank.id, "date": "2026-06-01", "partner_id": partner.id,
            "line_ids": lines or [
                Command.create({"name": "Ann: Taxi", "balance": net, "tax_ids": [Command.set(self.buy15.ids)],
                                "account_id": self.company_data["default_account_expense"].id}),
                Command.create({"name": "GST", "balance": amount - net, "tax_repartition_line_id": tax_line.id,
                                "account_id": self.company_data["default_account_tax_purchase"].id}),
                Command.create({"name": "Ann: Taxi", "balance": -amount, "account_id": outstanding.id}),
            ],
        })  # fmt: skip
        payment = self.env["account.payment"].create({
            "payment_type": "outbound", "partner_type": "supplier", "partner_id": partner.id, "amount": amount,
            "date": "2026-06-01", "journal_id": self.bank.id, "memo": "Taxi", "move_id": move.id,
        } | values)  # fmt: skip
        move.write({"origin_payment_id": payment.id, "journal_id": self.bank.id})
        if post:
            payment.action_post()
        return payment

    def link(self, record):
        if record._name != "account.payment":
            return super().link(record)
        return self.link_in("BankTransactions", record)

    def link_in(self, resource, record):
        return self.env["xero.link"].search([
            ("organisation_id", "=", self.organisation.id), ("resource", "=", resource), ("res_id", "=", record.id),
            ("res_model", "=", record._name),
        ])  # fmt: skip

    def spent_in_xero(self):
        return self.sim.books("NZ", "BankTransactions", page=1)["BankTransactions"]

    def files_in_xero(self, resource, xero_id):
        return self.sim.books("NZ", f"{resource}/{xero_id}/Attachments")["Attachments"]

    def attach(self, record, name="receipt.png", raw=PIXEL, **values):
        return self.env["ir.attachment"].create(
            {"name": name, "raw": raw, "res_model": record._name, "res_id": record.id} | values
        )


class ExpensesCommon(SpendCommon):
    """Expenses of ``hr_expense``, as far as it is installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "hr.expense" not in cls.env:
            raise SkipTest("hr_expense is not installed in this database")
        cls.env.company.expense_journal_id = cls.company_data["default_journal_purchase"]
        cls.employee = cls.env["hr.employee"].create({"name": "Ann Walker", "work_email": "ann@example.com"})
        cls.category = cls.env["product.product"].create({
            "name": "Travel", "can_be_expensed": True, "standard_price": 0, "supplier_taxes_id": False,
            "property_account_expense_id": cls.company_data["default_account_expense"].id,
        })  # fmt: skip

    def expense(self, name="Taxi", total=115.0, paid_by="own_account", receipt=None, **values):
        expense = self.env["hr.expense"].create({
            "name": name, "employee_id": self.employee.id, "product_id": self.category.id, "payment_mode": paid_by,
            "total_amount_currency": total, "date": "2026-06-01", "tax_ids": [Command.set(self.buy15.ids)],
        } | values)  # fmt: skip
        if receipt:
            self.attach(expense, receipt)
        return expense

    def approve(self, expenses):
        expenses.action_submit()
        expenses.filtered(lambda expense: expense.state != "approved").action_approve()

    def post(self, expenses):
        """:return: the documents in Odoo: a receipt per employee, a payment per expense of the company's"""
        self.approve(expenses)
        action = expenses.action_post()
        if action:
            wizard = self.env[action["res_model"]].with_context(**action["context"]).browse(action["res_id"])
            wizard.accounting_date = "2026-06-01"
            wizard.with_context(active_ids=expenses.ids).action_post_entry()
        return expenses.account_move_id
