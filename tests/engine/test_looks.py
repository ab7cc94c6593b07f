"""What is read of Xero's, and from when on: nothing is passed over, nothing goes over what was not seen."""

from datetime import timedelta
from uuid import UUID

from odoo import fields
from odoo.tests import tagged

from odoo.addons.xero_integration.models import resource_pull
from odoo.addons.xero_integration.models.xero_organisation_worker import XeroRun

from .documents import DocumentsCommon


@tagged("post_install", "-at_install")
class TestLooks(DocumentsCommon):
    def in_the_past(self):
        """Everything that stands in Xero was read."""
        read = self.env["xero.cursor"].search([("read_at", "!=", False)])
        read.write({"modified_since": "2027-01-01 00:00:00"})

    def their_bill(self, **values):
        lines = [self.their_line(AccountCode="429", TaxType="INPUT2")]
        return self.in_books("Invoices", **self.theirs(Type="ACCPAY", lines=lines, **values))

    def test_resources_at_rest_are_looked_at_together_and_never_later_than_they_would_be_alone(self):
        """S1.28: an access token lives for half an hour, so looks at different times would each need a new one"""
        Cursor = self.env["xero.cursor"]
        first, second = (Cursor.create({"organisation_id": self.organisation.id, "resource": name}) for name in "AB")
        began = fields.Datetime.to_datetime("2026-06-01 07:07:07")
        for interval in (15, 30, 60, 120, 180):
            due = first._next_look(began, interval)
            longest = timedelta(minutes=interval)
            for moment in (began, due - timedelta(seconds=1), due, due + timedelta(seconds=1)):
                wait = second._next_look(moment, interval) - moment
                self.assertTrue(timedelta() < wait <= longest, f"{interval} minutes: {wait}")
            self.assertEqual(second._next_look(due - longest / 2, interval), due)
            self.assertEqual(second._next_look(due, interval), due + longest)
        first.interval = second.interval = 90
        first._complete(began, [])
        second._complete(began + timedelta(seconds=90), [])
        self.assertEqual(first.due_at, second.due_at)

    def test_more_waiting_than_one_pass_takes_all_come_when_the_mapping_is_made(self):
        unmapped = [self.their_line(AccountCode="260")]
        items = [self.in_books("Invoices", **self.theirs(InvoiceNumber=f"W-{n}", lines=unmapped)) for n in range(3)]
        self.work_again()
        self.assertEqual({self.of(item)[0].outcome for item in items}, {"held"})
        self.patch(resource_pull, "AGAIN", 1)
        self.map_account(self.income.copy({"code": "400260", "name": "Other"}), "260")
        self.work()
        self.assertEqual([self.of(item)[0].outcome for item in items], ["synced"] * 3)
        self.assertFalse(self.changes())

    def test_what_goes_by_hand_while_auto_sync_is_off_goes_over_nothing_unseen(self):
        self.organisation.auto_sync = False
        link = self.link(self.first)
        self.in_books("Invoices", InvoiceID=link.xero_id, Reference="Theirs")
        other = self.in_books("Invoices", **self.theirs())
        self.first.invoice_date_due = "2026-08-01"
        link.action_retry()
        self.work_again()
        self.assertFalse(self.writes())
        self.assertEqual((link.outcome, link.error_code), ("conflict", "both_changed"))
        self.assertFalse(self.of(other)[0], "nothing else comes")

    def test_what_is_taken_over_by_hand_while_auto_sync_is_off_is_what_xero_says_now(self):
        link = self.link(self.first)
        self.in_books("Invoices", InvoiceID=link.xero_id, LineItems=[self.their_line(AccountCode="260")])
        self.work_again()
        self.assertEqual(link.outcome, "held")
        self.organisation.auto_sync = False
        self.in_books("Invoices", InvoiceID=link.xero_id, LineItems=[self.their_line(Quantity=1, UnitAmount=10)])
        self.first.action_xero_retry()
        self.work_again()
        self.assertEqual((link.outcome, self.first.amount_total), ("synced", 11.5))

    def test_kind_that_is_switched_on_later_comes_whole_with_its_payments(self):
        self.directions(bills="push", payments="both")
        item = self.their_bill()
        self.sim.books("NZ", "Payments", "PUT", {
            "Invoice": {"InvoiceID": item["InvoiceID"]}, "Account": {"Code": "090"}, "Date": "2026-06-05", "Amount": 5,
        })  # fmt: skip
        self.work_again()
        self.in_the_past()
        self.assertFalse(self.of(item)[0])
        self.directions(bills="both")
        self.work()
        self.assertEqual(self.of(item)[1].state, "posted")
        payments = self.env["xero.link"].search([("resource", "=", "Payments")])
        self.assertTrue(payments, "its payment was passed over with it")

    def test_earlier_first_day_brings_what_was_left_out(self):
        self.organisation.pull_from = "2026-06-10"
        item = self.in_books("Invoices", **self.theirs())
        self.work_again()
        self.assertFalse(self.of(item)[0])
        self.in_the_past()
        self.organisation.pull_from = "2026-06-01"
        self.work()
        self.assertEqual(self.of(item)[1].state, "posted")

    # ---- let in while it is read -------------------------------------------------------------------

    def in_pages_of_one(self, resource):
        self.patch(type(self.env[resource]), "_read_params", lambda *_: {"page_size": 1})

    def read_for_the_first_time(self, *resources):
        for resource in resources:
            self.cursor(resource)._read_anew()

    def let_bills_in(self):
        self.directions_told_elsewhere(bills="both")

    def test_kind_that_is_let_in_while_its_list_is_read_comes_also_from_the_pages_that_were_passed(self):
        self.in_pages_of_one("xero.resource.invoices")
        for passed in ("all pages but one", "all pages"):
            with self.subTest(passed=passed):
                self.directions(bills="push")
                bills = [self.their_bill(InvoiceNumber=f"{passed} {number}") for number in range(3)]
                self.read_for_the_first_time("Invoices")
                pages = len(self.sim.books("NZ", "Invoices")["Invoices"]) + (passed == "all pages")
                self.meanwhile(lambda pages=pages: self.cursor("Invoices").page == pages, self.let_bills_in)
                self.assertTrue(self.cursor("Invoices").read_at)
                self.assertEqual([self.of(bill)[1].state for bill in bills], ["posted"] * 3)

    def test_kind_that_is_let_in_before_its_list_is_read_again_comes_though_another_process_was_told(self):
        self.directions(bills="push")
        bill = self.their_bill()
        self.work_again()
        self.in_the_past()
        self.let_bills_in()
        self.work()
        self.assertEqual(self.of(bill)[1].state, "posted")

    def test_earlier_first_day_said_while_the_list_is_read_brings_what_was_left_out(self):
        self.organisation.pull_from = "2026-06-02"
        items = [self.in_books("Invoices", **self.theirs(InvoiceNumber=f"E-{day}", Date=f"2026-06-0{day}"))
                 for day in (1, 3, 4)]  # fmt: skip
        self.read_for_the_first_time("Invoices")
        resource = type(self.env["xero.resource.invoices"])
        original = resource._read_params
        self.patch(resource, "_read_params", lambda *args: original(*args) | {"page_size": 1})
        self.meanwhile(
            lambda: self.cursor("Invoices").page == 2, lambda: self.organisation.write({"pull_from": "2026-06-01"})
        )
        self.assertEqual([self.of(item)[1].state for item in items], ["posted"] * 3)

    def test_payments_wait_for_the_documents_that_were_let_in_while_other_lists_were_read(self):
        """Else a payment is passed by, because nothing here knows what it is on"""
        self.directions(bills="push", payments="both")
        item = self.their_bill()
        self.sim.books("NZ", "Payments", "PUT", {
            "Invoice": {"InvoiceID": item["InvoiceID"]}, "Account": {"Code": "090"}, "Date": "2026-06-05", "Amount": 5,
        })  # fmt: skip
        self.read_for_the_first_time("CreditNotes", "Invoices", "Payments")
        self.meanwhile(lambda: self.cursor("CreditNotes").read_at, lambda: (self.let_bills_in(), self.in_the_past()))
        self.work()
        self.assertEqual(self.of(item)[1].state, "posted")
        self.assertTrue(self.env["xero.link"].search([("resource", "=", "Payments")]), "its payment was passed by")

    def test_document_of_before_the_first_day_that_stands_on_both_sides_is_followed(self):
        self.organisation.pull_from = "2026-06-10"
        link = self.link(self.first)
        other = self.in_books("Invoices", **self.theirs())
        for reading in ("all", "what changed"):
            with self.subTest(reading=reading):
                self.in_books("Invoices", InvoiceID=link.xero_id, Reference=reading)
                self.work_again()
                self.assertEqual(self.first.ref, reading)
        self.assertFalse(self.of(other)[0])
        self.in_books("Invoices", InvoiceID=link.xero_id, Reference="Theirs", Date="2026-05-02")
        self.first.ref = "Ours"
        self.work_again()
        self.assertFalse(self.writes(), "ours must not go over it unseen")
        self.assertEqual((link.outcome, link.error_code), ("conflict", "both_changed"))

    def test_document_that_is_not_in_xero_is_not_sent_by_an_edit(self):
        """It was posted before anything was connected, and a bookkeeper may have entered it in Xero."""
        before, partner = len(self.writes()), self.customer("Old Customer")
        bill = self.bill(partner_id=partner.id)
        self.changes().unlink()
        bill.invoice_date_due = "2026-09-09"
        bill.invoice_line_ids.name = "Better paper"
        self.work()
        self.assertEqual((len(self.writes()), self.link(bill).ids, self.changes().ids), (before, [], []))
        self.env["xero.change"]._append(bill, "retry", by_hand=True)
        self.work()
        self.assertSynced(bill)
        bill.invoice_date_due = "2026-10-10"
        self.sim.clear_calls()
        self.work()
        self.assertEqual(len(self.writes("Invoices")), 1)

    def test_more_records_than_an_address_holds_are_looked_at_in_a_few(self):
        """Xero answers 404 to an address of more than 2,048 characters"""
        wanted = [self.contact_id, *(str(UUID(int=number)) for number in range(60))]
        run = XeroRun()
        self.sim.clear_calls()
        items = self.env["xero.resource.contacts"]._ask_for_all(self.organisation, run, wanted[::-1])
        self.assertEqual([item["ContactID"] for item in items], [self.contact_id])
        self.assertEqual(len(self.sim.calls(path="/Contacts")), 3)
