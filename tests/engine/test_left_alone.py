"""With a document that a person took out of the sync its payments and credits are left alone, on both sides."""

from odoo import fields
from odoo.tests import tagged

from odoo.addons.xero_integration.xero import dates

from .payments_common import PaymentsCommon


@tagged("post_install", "-at_install")
class TestLeftAlone(PaymentsCommon):
    def take_out(self, *moves):
        """A person's word; the worker has not come round yet."""
        for move in moves:
            self.env["xero.link"]._decide(self.document_link(move)._targets(), "exempt", {"reason": "By hand"})

    def put_back(self, *moves):
        for move in moves:
            self.document_link(move).action_include()
        self.work()

    def allocated_in_xero(self, credit, invoice, amount):
        path = f"CreditNotes/{self.document_link(credit).xero_id}/Allocations"
        target = {"InvoiceID": self.document_link(invoice).xero_id}
        element = {"Amount": amount, "Date": "2026-06-15", "Invoice": target}
        return path, self.sim.books("NZ", path, "PUT", {"Allocations": [element]})["Allocations"][0]

    def days(self):
        return [str(dates.parse_date(item["Date"])) for item in self.of_xero()]

    def waiting(self):
        return self.env["xero.work.item"].search([]).mapped("message")

    def assertLeftAlone(self, moves, there, here):
        """:param there: what is open in Xero; here: what is open in Odoo"""
        self.assertQuiet()
        self.assertEqual([self.due(move) for move in moves], list(zip(there, here, strict=True)))
        self.assertFalse(self.waiting())

    def test_payment_recorded_in_xero_on_a_document_that_is_out_comes_when_that_is_put_back(self):
        moves = self.sold(), self.bought(80), self.sold(50, move_type="out_refund")
        self.work()
        self.take_out(*moves)
        for move in moves:
            self.paid_in_xero(move, 10)
            self.paid_in_xero(move, 5, Date="2026-06-13")
        self.work_again()
        self.assertLeftAlone(moves, (85, 65, 35), (100, 80, 50))
        self.put_back(*moves)
        self.assertEqual([self.due(move) for move in moves], [(85, 85), (65, 65), (35, 35)])
        self.assertQuiet()

    def test_what_is_undone_here_stands_there_until_the_document_is_put_back(self):
        """Nor does its money go as credit: it stands in Xero already"""
        invoice, credit = self.sold(), self.sold(30, move_type="out_refund")
        self.match(invoice, credit)
        self.pay(invoice, amount=60)
        self.work()
        self.take_out(invoice)
        self.partials(invoice).unlink()
        self.work()
        self.assertLeftAlone([invoice, credit], (10, 0), (100, 30))
        self.assertFalse(self.of_xero("Overpayments"))
        self.put_back(invoice)
        self.assertEqual([self.due(move) for move in (invoice, credit)], [(100, 100), (30, 30)])
        self.assertEqual([item["Total"] for item in self.of_xero("Overpayments")], [60])
        self.assertQuiet()

    def test_money_that_is_tied_up_there_does_not_go_to_another_document(self):
        invoice, other = self.sold(), self.sold(60)
        payment = self.pay(invoice, amount=60)
        self.work()
        self.take_out(invoice)
        self.partials(invoice).unlink()
        self.match(other, payment.move_id)
        self.work()
        self.assertLeftAlone([invoice, other], (40, 60), (100, 0))
        self.put_back(invoice)
        self.assertEqual([self.due(move) for move in (invoice, other)], [(100, 100), (0, 0)])
        self.assertQuiet()

    def test_money_of_another_day_is_not_made_anew_on_a_document_that_is_out(self):
        move = self.sold()
        payment = self.pay(move)
        self.work()
        self.take_out(move)
        self.work()
        payment.action_draft()
        payment.date = "2026-06-11"
        payment.action_post()
        self.match(move, payment.move_id)
        self.work()
        self.assertEqual(self.days(), ["2026-06-10"])
        self.put_back(move)
        self.assertEqual(self.days(), ["2026-06-11"])
        self.assertQuiet()

    def test_what_is_taken_back_in_xero_stays_here_until_the_document_is_put_back(self):
        invoice, credit = self.sold(), self.sold(30, move_type="out_refund")
        self.work()
        item = self.paid_in_xero(invoice, 60)
        path, allocation = self.allocated_in_xero(credit, invoice, 30)
        self.work_again()
        self.take_out(invoice)
        self.in_books("Payments", PaymentID=item["PaymentID"], Status="DELETED")
        self.sim.books("NZ", f"{path}/{allocation['AllocationID']}", "DELETE")
        self.work_again()
        self.assertLeftAlone([invoice, credit], (100, 30), (10, 0))
        self.put_back(invoice)
        self.assertEqual([self.due(move) for move in (invoice, credit)], [(100, 100), (30, 30)])
        self.assertQuiet()

    def test_credit_taken_in_xero_to_a_document_that_is_out_comes_when_that_is_put_back(self):
        invoice, credit = self.sold(), self.sold(30, move_type="out_refund")
        self.work()
        self.take_out(invoice)
        self.allocated_in_xero(credit, invoice, 20)
        self.work_again()
        self.assertLeftAlone([invoice, credit], (80, 10), (100, 30))
        self.put_back(invoice)
        self.assertEqual([self.due(move) for move in (invoice, credit)], [(80, 80), (10, 10)])
        self.assertQuiet()

    def test_what_was_paid_here_before_the_document_went_goes_when_it_is_put_back(self):
        invoice = self.sold()
        targets = [(self.organisation.id, "Invoices", "account.move", invoice.id)]
        self.env["xero.link"]._decide(targets, "exempt", {"reason": "By hand"})
        self.work()
        self.pay(invoice, amount=40)
        self.work()
        self.assertFalse(self.of_xero() + self.of_xero("Invoices"))
        self.put_back(invoice)
        self.assertEqual(self.due(invoice), (60, 60))
        self.assertQuiet()

    def test_taking_xeros_count_of_a_credit_note_leaves_what_it_has_on_a_document_that_is_out(self):
        invoice, credit = self.sold(), self.sold(30, move_type="out_refund")
        self.work()
        self.take_out(invoice)
        self.match(invoice, credit)
        self.work_again()
        self.assertEqual([self.due(move) for move in (invoice, credit)], [(100, 70), (30, 0)])
        now = fields.Datetime.now()
        self.env["xero.cursor"].search([]).write({"due_at": "2030-01-01", "read_at": now, "modified_since": now})
        self.organisation.action_compare()
        self.work()
        row = self.env["xero.difference"].search([("state", "=", "open")])
        self.assertEqual([value["label"] for value in row.values], ["AmountDue"])
        row.action_take_xero()
        self.work()
        self.assertEqual((invoice.amount_residual, credit.amount_residual), (70, 0))

    def test_batch_stays_as_long_as_one_of_its_documents_is_out(self):
        self.organisation.send_unmatched = False
        for first in (0, 1):
            moves = self.sold(60), self.sold(40)
            self.work()
            self.in_books("BatchPayments", Account={"AccountID": self.account("090").xero_id}, Date="2026-06-12",
                          Payments=[{"Invoice": {"InvoiceID": self.document_link(move).xero_id},
                                     "Amount": move.amount_total} for move in moves])  # fmt: skip
            self.work_again()
            self.take_out(moves[first])
            for move in moves:
                self.partials(move).unlink()
            self.work()
            self.assertEqual([self.due(move) for move in moves], [(0, 60), (0, 40)])
            self.put_back(moves[first])
            self.assertEqual([self.due(move) for move in moves], [(60, 60), (40, 40)])
            self.assertFalse(self.waiting())

    def only_there(self, **values):
        """An invoice in Xero that cannot come: nothing here stands for its account."""
        self.sold()
        self.work()
        return self.in_books(
            "Invoices", Type="ACCREC", Status="AUTHORISED", InvoiceNumber="OLD-1", Date="2026-06-01",
            DueDate="2026-06-20", Contact={"ContactID": self.link(self.partner).xero_id},
            LineItems=[{"Description": "Advice", "Quantity": 1, "UnitAmount": 100, "AccountCode": "260"}], **values,
        )  # fmt: skip

    def pay_there(self, item):
        self.in_books("Payments", Invoice={"InvoiceID": item["InvoiceID"]}, Account={"Code": "090"}, Amount=40,
                      Date="2026-06-12")  # fmt: skip

    def test_payment_of_what_is_ignored_in_xero_waits_for_nothing(self):
        """Neither one that waited for the document before it was taken out nor a later one"""
        item = self.only_there()
        self.pay_there(item)
        self.work_again()
        link = self.env["xero.link"].search([("resource", "=", "Invoices"), ("xero_id", "=", item["InvoiceID"])])
        self.assertEqual(len(self.waiting()), 2)
        self.env["xero.link"]._decide(link._targets(), "exempt", {"reason": "Not ours"})
        self.work()
        self.assertFalse(self.waiting())
        self.pay_there(item)
        self.work_again()
        self.assertFalse(self.waiting())
        self.assertQuiet()
        self.map_account(self.income.copy({"code": "400260"}), "260")
        link.action_include()
        self.work()
        move = self.env["account.move"].browse(link.res_id)
        self.assertEqual(self.due(move), (35, 35))
        self.assertQuiet()

    def test_payment_that_found_too_little_open_does_not_wait_on_a_document_that_is_out(self):
        self.directions(payments="pull")
        move = self.sold()
        self.work()
        self.pay(move, amount=30)
        self.paid_in_xero(move, 100)
        self.work_again()
        self.assertTrue(self.waiting())
        self.take_out(move)
        self.work()
        self.assertFalse(self.waiting())
        self.put_back(move)
        self.assertTrue(self.waiting())
