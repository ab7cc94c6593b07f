"""A document in Xero leads back to Odoo, and Odoo to Xero (R59)."""

import urllib.request

from odoo.tests import tagged

from ..expenses.common import SpendCommon


@tagged("post_install", "-at_install")
class TestLinksBothWays(SpendCommon):
    def setUp(self):
        super().setUp()
        self.organisation.note_credit_notes = True

    def refund(self, **values):
        return self.invoice(move_type="out_refund", **values)

    def notes(self, move):
        path = f"CreditNotes/{self.link_in('CreditNotes', move).xero_id}/History"
        return [note["Details"] for note in self.sim.books("NZ", path)["HistoryRecords"]]

    def test_credit_note_bears_the_way_back_in_its_history_once(self):
        move = self.refund()
        self.work()
        self.assertEqual([f"res_id={move.id}" in note for note in self.notes(move)], [True])
        self.sim.clear_calls()
        move.ref = "PO 9"
        self.env["xero.change"]._append(move, "retry")
        self.work()
        self.assertEqual(len(self.writes()), 1, "the change, no second note")
        self.assertEqual(len(self.notes(move)), 1)

    def test_switched_off_writes_none(self):
        self.assertTrue(self.env["xero.organisation"].new({}).note_credit_notes, "on, unless a person says otherwise")
        self.organisation.note_credit_notes = False
        move = self.refund()
        self.work()
        self.assertFalse(self.notes(move))

    def test_lost_answer_leaves_one_note(self):
        """Nothing is doubled"""
        move = self.refund()
        self.sim.fault("drop_after", match={"path": "/History"}, times=2)
        self.work()
        self.assertEqual(self.link_in("History", move).outcome, "in_doubt")
        self.organisation.write({"parked_until": False})
        self.env["xero.request"].search([("state", "=", "recorded")]).sent_at = "2026-01-01 00:00:00"
        self.work()
        self.assertEqual(self.link_in("History", move).outcome, "synced")
        self.assertEqual(len(self.notes(move)), 1)

    def test_every_document_leads_to_its_page_in_xero(self):
        customer = self.customer()
        sale, refund = self.invoice(customer), self.refund(partner=customer)
        supplier, bought = self.customer("Supplies Ltd"), [self.line(taxes=self.buy15)]
        bill = self.invoice(supplier, bought, move_type="in_invoice", ref="S-1")
        credit = self.invoice(supplier, bought, move_type="in_refund", ref="C-1")
        payment = self.spend()
        self.work()
        pages = {
            self.link(sale): "/app/", self.link(bill): "AccountsPayable/Edit.aspx?InvoiceID=",
            self.link_in("CreditNotes", refund): "AccountsReceivable/ViewCreditNote.aspx?creditNoteID=",
            self.link_in("CreditNotes", credit): "AccountsPayable/ViewCreditNote.aspx?creditNoteID=",
            self.link(payment): "Bank/ViewTransaction.aspx?bankTransactionID=",
        }  # fmt: skip
        for link, page in pages.items():
            self.assertIn(page, link.xero_url)
            self.assertIn(link.xero_number, self.page_of(link))

    def test_payment_leads_to_its_page_in_xero(self):
        move = self.invoice()
        self.work()
        paid = {"Invoice": {"InvoiceID": self.link(move).xero_id}, "Account": {"Code": "090"}, "Amount": 115.0,
                "Date": "2026-06-05", "Reference": "cash in hand"}  # fmt: skip
        [payment] = self.sim.books("NZ", "Payments", "PUT", {"Payments": [paid]})["Payments"]
        link = self.env["xero.link"].create({
            "organisation_id": self.organisation.id, "company_id": self.env.company.id, "resource": "Payments",
            "res_model": "account.partial.reconcile", "res_id": 1, "xero_id": payment["PaymentID"],
        })  # fmt: skip
        self.assertIn("cash in hand", self.page_of(link))

    def test_bill_that_is_only_in_xero_so_far_leads_to_its_page_too(self):
        link = self.env["xero.link"].new({
            "organisation_id": self.organisation.id, "resource": "Invoices", "res_model": "account.move", "res_id": 0,
            "xero_id": "1111", "remote_item": {"Type": "ACCPAY"},
        })  # fmt: skip
        self.assertIn("AccountsPayable/Edit.aspx?InvoiceID=1111", link.xero_url)

    def page_of(self, link):
        with urllib.request.urlopen(link.xero_url) as shown:
            self.assertTrue(shown.url.endswith(f"/{link.xero_id}"), shown.url)
            return shown.read().decode()
