"""Expenses that an employee paid: a bill to the employee's contact (S1.3)."""

from odoo.tests import tagged

from .common import ExpensesCommon


@tagged("post_install", "-at_install")
class TestPaidByEmployee(ExpensesCommon):
    def test_expense_becomes_a_bill_to_the_employee(self):
        """S1.3: once, with account, tax in the price, and the total to the cent"""
        move = self.post(self.expense(total=80.25))
        self.work()
        self.assertSynced(move)
        [bill] = self.sim.books("NZ", "Invoices", page=1, where='Type=="ACCPAY"')["Invoices"]
        self.assertEqual(
            {key: bill[key] for key in ("Status", "Total", "TotalTax", "LineAmountTypes")},
            {"Status": "AUTHORISED", "Total": move.amount_total, "TotalTax": move.amount_tax,
             "LineAmountTypes": "Inclusive"},
        )  # fmt: skip
        self.assertEqual(move.amount_total, 80.25)
        self.assertEqual(bill["Contact"]["ContactID"], self.link(self.employee.work_contact_id).xero_id)
        self.assertEqual(bill["Contact"]["Name"], "Ann Walker")
        self.assertEqual(
            [(i["AccountCode"], i["TaxType"], i["LineAmount"]) for i in bill["LineItems"]], [("404", "INPUT2", 80.25)]
        )
        self.assertIn(f"res_id={move.id}", bill["Url"])

    def test_several_expenses_of_one_report_are_one_bill(self):
        expenses = self.expense(total=11.11) + self.expense("Lunch", 22.23) + self.expense("Hotel", 333.37)
        move = self.post(expenses)
        self.work()
        self.assertSynced(move)
        [bill] = self.sim.books("NZ", "Invoices", page=1, where='Type=="ACCPAY"')["Invoices"]
        self.assertEqual((bill["Total"], len(bill["LineItems"])), (move.amount_total, 3))
        self.assertEqual(move.amount_total, 366.71)

    def test_tax_that_is_not_in_the_price_is_in_the_expense_all_the_same(self):
        """Odoo takes an expense for the whole of what was paid, whatever the tax says"""
        self.buy15.price_include_override = "tax_excluded"
        move = self.post(self.expense(total=99.99))
        self.work()
        self.assertSynced(move)
        [bill] = self.sim.books("NZ", "Invoices", page=1, where='Type=="ACCPAY"')["Invoices"]
        self.assertEqual((bill["Total"], bill["LineAmountTypes"], len(bill["LineItems"])), (99.99, "Inclusive", 1))

    def test_title_in_letters_that_xero_refuses_gives_way_to_the_number(self):
        move = self.post(self.expense("Café – Zürich"))
        self.work()
        self.assertSynced(move)
        self.assertEqual(self.link(move).xero_number, move.name)

    def test_second_cycle_writes_nothing(self):
        """S1.5"""
        move = self.post(self.expense(receipt="taxi.png"))
        self.work()
        self.sim.clear_calls()
        self.env["xero.change"]._append(move)
        self.env["xero.change"]._append(move.attachment_ids)
        self.work()
        self.assertFalse(self.writes())
        self.assertFalse(self.changes())

    def test_comparison_finds_no_difference(self):
        """S1.28: the expenses of one employee have no commercial partner of their own."""
        self.directions("both")
        self.post(self.expense("Täxi"))
        self.work()
        self.organisation.action_compare()
        self.work()
        sweep = self.env["xero.sweep"].search([("organisation_id", "=", self.organisation.id)])
        self.assertEqual((sweep.state, sweep.document_count), ("done", 1))
        rows = self.env["xero.difference"].search([("organisation_id", "=", self.organisation.id)])
        self.assertFalse(rows, rows.mapped("values"))
