"""What was settled between the two sides is no difference: a cent, a title, a merged contact (S1.4, S2.30)."""

from odoo.tests import tagged

from .reconcile_common import ReconcileCommon


@tagged("post_install", "-at_install")
class TestReconcileEdges(ReconcileCommon):
    def agreed(self, move, resource="Invoices"):
        link = self.env["xero.link"].search([("resource", "=", resource), ("res_id", "=", move.id)])
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        sweep = self.sweep()
        self.assertEqual([row.values for row in self.rows()], [])
        self.assertEqual((sweep.state, sweep.found_count), ("done", 0))
        return link

    def test_cent_on_the_rounding_account_is_no_difference(self):
        """S1.24: it stands there for everybody to see"""
        self.env.company.tax_calculation_rounding_method = "round_globally"
        move = self.invoice(self.partner, [self.line(0.1) for _number in range(3)])
        self.work_again()
        link = self.agreed(move)
        item = self.in_xero(move)
        self.assertNotEqual(float(item["TotalTax"]), move.amount_tax)
        self.in_books("Invoices", InvoiceID=link.xero_id, Reference="Their order 5")
        self.work_again()
        self.agreed(move)
        self.in_books("Invoices", InvoiceID=link.xero_id, DueDate="2026-08-01")
        move.ref = "Ours"
        self.work_again()
        [row] = self.rows()
        self.assertEqual([value["label"] for value in row.values], ["DueDate", "Reference"])

    def test_title_that_xero_does_not_take_is_no_difference(self):
        move = self.bill(move_type="in_receipt", ref="Café")
        self.work_again()
        self.agreed(move)

    def test_draft_that_was_deleted_here_and_is_approved_there_is_missed(self):
        item = self.in_books("Invoices", **self.theirs(Status="DRAFT"))
        self.work_again()
        link, move = self.of(item)
        move.unlink()
        self.in_books("Invoices", InvoiceID=item["InvoiceID"], Status="AUTHORISED")
        self.work_again()
        self.assertFalse(self.of(item)[1], "what was deleted does not come back by itself")
        self.sweep()
        [row] = self.rows(reason="missing_in_odoo")
        row.action_take_xero()
        self.work()
        self.assertEqual((link.outcome, self.of(item)[1].state), ("synced", "posted"))

    def test_document_of_a_merged_contact_is_no_difference(self):
        """MergedToContactID: its documents name the contact that stays"""
        stays = self.sim.books("NZ", "Contacts", "PUT", {"Contacts": [{"Name": "Holdings"}]})["Contacts"][0]
        self.directions(contacts="both")
        self.work_again()
        self.sim.organisation("NZ", merge_contact={"source": self.contact_id, "target": stays["ContactID"]})
        self.work_again()
        self.env["xero.difference"].search([("state", "=", "open")]).action_take_xero()
        self.work_again()
        self.assertEqual(self.in_xero(self.first)["Contact"]["ContactID"], stays["ContactID"])
        self.agreed(self.first)
