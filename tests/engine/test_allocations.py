"""Credit notes taken to invoices, made and taken back on either side, in full and in part."""

from odoo.tests import tagged

from .payments_common import PaymentsCommon


@tagged("post_install", "-at_install")
class TestAllocations(PaymentsCommon):
    def allocations(self, credit):
        return self.there(credit)["Allocations"]

    def allocated_in_xero(self, credit, invoice, amount):
        path = f"CreditNotes/{self.document_link(credit).xero_id}/Allocations"
        target = {"InvoiceID": self.document_link(invoice).xero_id}
        element = {"Amount": amount, "Date": "2026-06-15", "Invoice": target}
        return self.sim.books("NZ", path, "PUT", {"Allocations": [element]})["Allocations"][0]

    def assertSame(self, *moves):
        for move in moves:
            there, here = self.due(move)
            self.assertEqual(there, here, move.name)

    def test_matching_here_allocates_there_and_unmatching_takes_it_back(self):
        invoice, other = self.sold(100), self.sold(20)
        credit = self.sold(30, move_type="out_refund")
        bill, vendor = self.bought(50), self.bought(50, move_type="in_refund", ref="SC-1")
        self.match(invoice, credit)
        self.match(bill, vendor)
        self.work()
        self.assertEqual([each["Amount"] for each in self.allocations(credit)], [30])
        self.assertEqual(self.allocations(vendor)[0]["Invoice"]["InvoiceID"], self.document_link(bill).xero_id)
        self.assertSame(invoice, credit, bill, vendor)
        self.assertQuiet()
        self.partials(credit).unlink()
        self.match(other, credit)
        self.work()
        self.assertEqual([each["Amount"] for each in self.allocations(credit)], [20])
        self.assertSame(invoice, other, credit)
        self.assertQuiet()

    def test_allocation_made_in_xero_is_matched_here_in_part_and_in_full(self):
        invoice, other = self.sold(100), self.sold(20)
        credit = self.sold(50, move_type="out_refund")
        self.work()
        first = self.allocated_in_xero(credit, invoice, 12.5)
        self.allocated_in_xero(credit, other, 20)
        self.work_again()
        self.assertSame(invoice, other, credit)
        self.assertEqual((invoice.amount_residual, other.payment_state), (87.5, "reversed"))
        self.assertFalse(self.writes())
        self.assertQuiet()
        self.sim.books("NZ", f"CreditNotes/{self.document_link(credit).xero_id}/Allocations/{first['AllocationID']}",
                       "DELETE")  # fmt: skip
        self.work_again()
        self.assertSame(invoice, other, credit)
        self.assertEqual(invoice.amount_residual, 100)
        self.assertQuiet()

    def test_allocation_removed_and_its_documents_voided_in_xero_between_two_looks_end_here(self):
        invoice, credit = self.sold(100), self.sold(50, move_type="out_refund")
        self.match(invoice, credit)
        self.work()
        [there] = self.allocations(credit)
        path = f"CreditNotes/{self.document_link(credit).xero_id}/Allocations/{there['AllocationID']}"
        self.sim.books("NZ", path, "DELETE")
        self.in_books("CreditNotes", CreditNoteID=self.document_link(credit).xero_id, Status="VOIDED")
        self.in_books("Invoices", InvoiceID=self.document_link(invoice).xero_id, Status="VOIDED")
        self.work_again()
        self.assertEqual((credit.state, self.document_link(credit).outcome), ("cancel", "synced"))
        self.work()
        self.assertEqual((invoice.state, self.document_link(invoice).outcome), ("cancel", "synced"))
        self.assertQuiet()

    def test_pulled_allocation_that_is_undone_here_is_taken_back_there(self):
        invoice, credit = self.sold(100), self.sold(50, move_type="out_refund")
        self.work()
        self.allocated_in_xero(credit, invoice, 10)
        self.work_again()
        self.partials(credit).unlink()
        self.work()
        self.assertFalse(self.allocations(credit))
        self.assertSame(invoice, credit)
        self.assertQuiet()

    def test_same_matching_on_both_sides_is_one(self):
        invoice, credit = self.sold(100), self.sold(50, move_type="out_refund")
        self.work()
        self.allocated_in_xero(credit, invoice, 50)
        self.match(invoice, credit)
        self.work_again()
        self.assertEqual(len(self.allocations(credit)), 1)
        self.assertEqual(self.links(self.partials(credit), "Allocations").outcome, "synced")
        self.assertQuiet()

    def waiting_allocation(self):
        """:return: a credit note that is taken to an invoice which does not come, and the link of that"""
        credit = self.sold(50, move_type="out_refund")
        self.work()
        self.directions(invoices="push")
        elsewhere = self.in_books(
            "Invoices", Type="ACCREC", Status="AUTHORISED", InvoiceNumber="OLD-1", Date="2026-06-01",
            DueDate="2026-06-20", Contact={"ContactID": self.link(self.partner).xero_id},
            LineItems=[{"Description": "Advice", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200"}],
        )  # fmt: skip
        path = f"CreditNotes/{self.document_link(credit).xero_id}/Allocations"
        element = {"Amount": 20, "Date": "2026-06-15", "Invoice": {"InvoiceID": elsewhere["InvoiceID"]}}
        self.sim.books("NZ", path, "PUT", {"Allocations": [element]})
        self.work_again()
        link = self.env["xero.link"].search([("resource", "=", "Allocations")])
        self.assertEqual((link.outcome, link.error_code), ("waiting", "incoming_not_here"))
        return credit, link

    def test_allocation_to_what_does_not_come_says_which_document_and_goes_when_that_comes(self):
        credit, link = self.waiting_allocation()
        self.assertIn("OLD-1", link.error_message)
        self.assertEqual(link.action_cure()["res_id"], self.organisation.id)
        self.directions(invoices="both")
        self.work_again()
        self.assertEqual(link.outcome, "synced")
        self.assertSame(credit)
        self.assertQuiet()

    def test_waiting_allocation_that_was_out_of_the_sync_waits_again_when_it_is_put_back(self):
        credit, link = self.waiting_allocation()
        self.exempt(link)
        self.work()
        self.assertEqual((link.outcome, link.error_data), ("exempt", {"reason": "Entered by hand"}))
        link.action_include()
        self.work()
        self.assertEqual((link.outcome, link.error_code), ("waiting", "incoming_not_here"))
        self.exempt(link)
        self.work()
        self.sim.books("NZ", f"CreditNotes/{link.parent_xero_id}/Allocations/{link.xero_id}", "DELETE")
        link.action_include()
        self.work()
        self.assertFalse([each for each in self.env["xero.work.item"].search([]) if each.link_id == link])

    def exempt(self, link):
        self.env["xero.link"]._decide(link._targets(), "exempt", {"reason": "Entered by hand"})

    def test_foreign_allocation_in_part_books_the_exchange_difference(self):
        usd = self.dollars({"2026-01-01": 0.5, "2026-06-05": 0.625})
        invoice = self.sold(100, currency_id=usd.id)
        credit = self.sold(50, currency_id=usd.id, move_type="out_refund", invoice_date="2026-06-08")
        self.work()
        self.allocated_in_xero(credit, invoice, 20)
        self.work_again()
        self.assertSame(invoice, credit)
        self.assertEqual((invoice.amount_residual, credit.amount_residual), (80, 30))
        self.assertTrue(self.partials(credit).exchange_move_id)
        self.assertQuiet()

    def test_credit_to_another_contact_is_stopped_with_its_reason(self):
        invoice, credit = self.sold(100), self.sold(30, move_type="out_refund")
        stranger = self.invoice(self.customer("Other"), [self.line(50, taxes=self.tax15.browse())])
        self.match(stranger, credit)
        self.work()
        link = self.links(self.partials(credit), "Allocations")
        self.assertEqual((link.outcome, link.error_code), ("failed", "allocation_contact"))
        self.assertIn(credit.name, link.error_message)
        self.partials(credit).unlink()
        self.match(invoice, credit)
        self.work()
        self.assertFalse(link.exists())
        self.assertSame(invoice, credit)

    def test_lost_answer_leads_to_one_allocation(self):
        invoice, credit = self.sold(100), self.sold(30, move_type="out_refund")
        self.match(invoice, credit)
        self.sim.fault("drop_after", match={"path": "/Allocations", "method": "PUT"}, times=2)
        self.work()
        self.env["xero.request"].search([("state", "=", "recorded")]).sent_at = "2026-01-01"
        self.organisation.parked_until = False
        self.work()
        self.assertEqual(len(self.allocations(credit)), 1)
        self.assertSame(invoice, credit)
        self.assertQuiet()

    # ---- an answer without ids ----------------------------------------------------------------------

    def without_ids(self):
        """As in Xero's own examples: the ids stand in the list of the source alone."""
        self.sim.fault(
            "missing_field", field="AllocationID", match={"path": "/Allocations", "method": "PUT"}, times=None
        )

    def calls(self, method, path):
        return [call for call in self.sim.calls(path=path) if call["method"] == method]

    def test_answer_without_ids_has_its_source_read_at_once(self):
        self.without_ids()
        invoice, other, credit = self.sold(100), self.sold(20), self.sold(50, move_type="out_refund")
        bill, vendor = self.bought(50), self.bought(50, move_type="in_refund", ref="SC-1")
        self.match(other, credit)
        self.match(invoice, credit)
        self.match(bill, vendor)
        self.sim.clear_calls()
        self.work()
        self.assertEqual(len(self.calls("PUT", "/Allocations")), 2, "one per credit, none again")
        self.assertFalse(self.organisation.parked_until)
        self.assertEqual(sorted(each["Amount"] for each in self.allocations(credit)), [20, 30])
        links = self.links(self.partials(credit), "Allocations")
        self.assertEqual(set(links.mapped("outcome")), {"synced"})
        self.assertEqual(set(links.mapped("xero_id")), {each["AllocationID"] for each in self.allocations(credit)})
        self.assertSame(invoice, other, credit, bill, vendor)
        self.assertQuiet()
        self.partials(credit).unlink()
        self.work()
        self.assertFalse(self.allocations(credit))
        self.assertSame(invoice, other, credit)
        self.assertQuiet()

    def test_answer_without_ids_whose_source_cannot_be_read_leads_to_one_allocation(self):
        for later in ("within the window", "past it"):
            with self.subTest(later=later):
                self.without_ids()
                invoice, credit = self.sold(100), self.sold(30, move_type="out_refund")
                self.match(invoice, credit)
                self.sim.fault("status", match={"path": "/CreditNotes/[^/]+$", "method": "GET"}, times=2, status=503)
                self.work()
                self.assertTrue(self.organisation.parked_until)
                if later == "past it":
                    self.env["xero.request"].search([("state", "=", "recorded")]).sent_at = "2026-01-01"
                self.organisation.parked_until = False
                self.work()
                self.assertEqual([each["Amount"] for each in self.allocations(credit)], [30])
                self.assertSame(invoice, credit)
                self.assertQuiet()
                self.sim.clear_faults()

    def test_more_than_is_open_here_waits_with_its_reason(self):
        invoice, credit = self.sold(100), self.sold(30, move_type="out_refund")
        self.work()
        self.directions(credit_notes="pull", payments="off")
        self.pay(invoice, amount=90)
        self.allocated_in_xero(credit, invoice, 30)
        self.work_again()
        link = self.env["xero.link"].search([("resource", "=", "Allocations")])
        self.assertEqual((link.outcome, link.error_code), ("held", "incoming_exceeds"))
        self.partials(invoice).unlink()
        link.action_retry()
        self.work()
        self.assertEqual(link.outcome, "synced")
        self.assertEqual((invoice.amount_residual, credit.amount_residual), (70, 0))
