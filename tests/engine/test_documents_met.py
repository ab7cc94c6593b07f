"""A document that a bookkeeper enters in Xero and a person posts here: one document, whatever became of either."""

from odoo import Command
from odoo.tests import tagged

from .documents import DocumentsCommon


@tagged("post_install", "-at_install")
class TestDocumentsMet(DocumentsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fuel = cls.env["account.tax"].create({
            "name": "GST 15 fuel", "amount": 15, "type_tax_use": "purchase", "tax_group_id": cls.tax15.tax_group_id.id,
        })  # fmt: skip
        cls.goods = cls.expense.copy({"code": "600310", "name": "Goods"})

    def their_bill(self, **values):
        """In an account that is not mapped."""
        line = self.their_line(
            Description="Diesel", Quantity=1, UnitAmount=20, AccountCode="310", TaxType="INPUT2"
        )  # fmt: skip
        values = {"InvoiceNumber": "S-77"} | values
        item = self.in_books("Invoices", **self.theirs(Type="ACCPAY", lines=[line], **values))
        self.work_again()
        return item

    def our_bill(self):
        """The same one, with a tax that is not mapped."""
        line = Command.create({
            "name": "Fuel", "quantity": 1, "price_unit": 20, "tax_ids": [Command.set(self.fuel.ids)],
            "account_id": self.expense.id,
        })  # fmt: skip
        return self.invoice(self.partner, [line], move_type="in_invoice", ref="S-77")

    def documents_in_xero(self, number="S-77"):
        everything = self.sim.books("NZ", "Invoices", page=1, pageSize=1000)["Invoices"]
        return [item for item in everything if item["InvoiceNumber"] == number and item["Status"] != "DELETED"]

    def test_bill_that_waited_on_both_sides_is_one_that_a_person_decides_about(self):
        item, bill = self.their_bill(), self.our_bill()
        self.work()
        self.assertEqual(self.of(item)[0].error_code, "incoming_account")
        self.assertStopped(bill, "mapping_tax", "held")
        self.map_account(self.goods, "310")
        self.map_tax(self.fuel, "INPUT2", direction="purchase").for_incoming = True
        self.sim.clear_calls()
        self.work()
        link, move = self.of(item)
        self.assertEqual((move, self.link(bill)), (bill, link))
        self.assertEqual((link.outcome, link.error_code), ("conflict", "both_changed"))
        row = self.env["xero.difference"].search([("link_id", "=", link.id), ("state", "=", "open")])
        self.assertIn("Lines", [value["label"] for value in row.values])
        self.assertFalse(self.writes())
        row.action_take_xero()
        self.work()
        self.assertEqual((link.outcome, bill.invoice_line_ids.name), ("synced", "Diesel"))
        self.assertEqual(len(self.documents_in_xero()), 1)

    def taken_out(self, move):
        self.env["xero.change"]._append(move, "exempt", data={"reason": "Entered by hand"})
        self.work()
        self.assertEqual((self.link(move).outcome, self.link(move).xero_id), ("exempt", False))

    def assertStaysOut(self, item, move):
        link, there = self.of(item)
        self.assertEqual((there, self.link(move), link.outcome), (move, link, "exempt"))
        self.assertIn("Entered by hand", str(link.error_data))
        ref = move.ref
        self.in_books("Invoices", InvoiceID=item["InvoiceID"], DueDate="2026-07-30")
        move.invoice_date_due = "2026-06-25"
        self.work_again()
        self.assertEqual((str(move.invoice_date_due), move.ref, link.outcome), ("2026-06-25", ref, "exempt"))
        self.assertFalse(self.writes("Invoices"))

    def test_invoice_taken_out_and_entered_by_hand_in_xero_stays_out(self):
        move = self.invoice(self.partner)
        self.taken_out(move)
        item = self.in_books("Invoices", **self.theirs(InvoiceNumber=move.name))
        self.work_again()
        self.assertStaysOut(item, move)
        self.env["xero.change"]._append(move, "include")
        self.work_again()
        self.assertEqual((self.link(move).outcome, self.link(move).error_code), ("conflict", "both_changed"))
        self.assertFalse(self.writes("Invoices"), "what stands in Xero is looked at first")

    def test_bill_taken_out_while_xero_s_waited_stays_out(self):
        item, bill = self.their_bill(), self.our_bill()
        self.taken_out(bill)
        self.map_account(self.goods, "310")
        self.work()
        self.assertStaysOut(item, bill)

    def waiting_twice(self):
        """:return: Xero's bill, and the same one here, that could go"""
        item = self.their_bill()
        bill = self.bill(ref="S-77")
        self.sim.clear_calls()
        self.work()
        self.assertStopped(bill, "waits_from_xero", "waiting")
        self.assertIn("S-77", self.link(bill).error_message)
        self.assertFalse(self.writes())
        return item, bill

    def test_bill_that_waits_to_come_is_not_sent_a_second_time(self):
        """Xero takes a supplier's number twice without a word"""
        item, bill = self.waiting_twice()
        self.map_account(self.goods, "310")
        self.work_again()
        self.assertEqual(self.of(item), (self.link(bill), bill))
        self.assertFalse(self.writes())
        self.assertEqual(len(self.documents_in_xero()), 1)

    def test_bill_that_was_voided_before_it_came_is_sent_when_a_person_says_so(self):
        item, bill = self.waiting_twice()
        self.in_books("Invoices", InvoiceID=item["InvoiceID"], Status="VOIDED")
        self.work_again()
        row = self.env["xero.difference"].search([("link_id", "=", self.link(bill).id), ("state", "=", "open")])
        self.assertIn({"label": "Status", "odoo": "posted", "xero": "VOIDED"}, row.values)
        row.action_take_odoo()
        self.work()
        self.assertSynced(bill)
        self.assertEqual(sorted(one["Status"] for one in self.documents_in_xero()), ["AUTHORISED", "VOIDED"])

    def test_bill_of_another_contact_or_number_goes_though_one_waits_to_come(self):
        self.their_bill()
        other = self.bill(ref="S-79")
        theirs = self.bill(ref="S-77", partner_id=self.customer(name="Another supplier").id)
        self.work()
        self.assertSynced(other)
        self.assertSynced(theirs)
