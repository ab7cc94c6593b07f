"""Documents that were made or changed in Xero come here (S4.3, S4.4), to the cent, and nothing goes back (S1.5)."""

from odoo.tests import tagged

from .documents import DocumentsCommon


@tagged("post_install", "-at_install")
class TestDocumentsIn(DocumentsCommon):
    def test_invoice_made_in_xero_is_posted_here_under_its_number(self):
        item = self.in_books("Invoices", **self.theirs())
        self.work_again()
        link, move = self.of(item)
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        self.assertEqual(
            (move.move_type, move.state, move.name, move.ref, str(move.invoice_date), str(move.invoice_date_due)),
            ("out_invoice", "posted", "INV-0042", "By phone", "2026-06-03", "2026-07-03"),
        )
        self.assertEqual((move.amount_untaxed, move.amount_tax, move.amount_total), (99.99, 15.0, 114.99))
        line = move.invoice_line_ids
        self.assertEqual((line.quantity, line.price_unit, line.account_id, line.tax_ids),
                         (3, 33.33, self.income, self.tax15))  # fmt: skip
        self.assertEqual(move.partner_id, self.partner)
        self.assertFalse(self.writes(), "what came from Xero must not go back")
        self.work_again()
        self.assertFalse(self.writes())

    def test_numbers_of_xero_leave_odoos_numbering_alone(self):
        self.in_books("Invoices", **self.theirs(InvoiceNumber="2025-INV/0042/07"))
        self.work_again()
        before = self.first.name
        after = self.invoice(self.partner).name
        self.assertEqual(int(after.rsplit("/", 1)[1]), int(before.rsplit("/", 1)[1]) + 1)

    def test_bill_credit_note_and_foreign_currency_come(self):
        self.env.ref("base.USD").active = True
        bill = self.in_books("Invoices", **self.theirs(
            Type="ACCPAY", InvoiceNumber="S-77", CurrencyCode="USD", CurrencyRate=0.5,
            lines=[self.their_line(AccountCode="429", TaxType="INPUT2", UnitAmount=10)],
        ))  # fmt: skip
        note = self.in_books("CreditNotes", **{
            "Type": "ACCRECCREDIT", "Contact": {"ContactID": self.contact_id}, "CreditNoteNumber": "CN-0007",
            "Date": "2026-06-04", "Status": "AUTHORISED", "LineItems": [self.their_line()],
            "LineAmountTypes": "Inclusive",
        })  # fmt: skip
        self.work_again()
        _link, move = self.of(bill)
        self.assertEqual((move.move_type, move.ref, move.state), ("in_invoice", "S-77", "posted"))
        self.assertEqual((move.currency_id.name, move.amount_total, move.amount_total_signed), ("USD", 34.5, -69.0))
        link, refund = self.of(note, "CreditNotes")
        self.assertEqual(link.outcome, "synced", link.error_message)
        self.assertEqual((refund.move_type, refund.name, refund.amount_total), ("out_refund", "CN-0007", 99.99))
        self.assertEqual(refund.amount_tax, float(note["TotalTax"]))
        self.assertFalse(self.writes())

    def test_tax_that_a_person_typed_in_xero_is_taken_over_to_the_cent(self):
        item = self.in_books("Invoices", **self.theirs(
            Type="ACCPAY", InvoiceNumber="S-78",
            lines=[self.their_line(AccountCode="429", TaxType="INPUT2", TaxAmount=14.97)],
        ))  # fmt: skip
        self.work_again()
        link, move = self.of(item)
        self.assertEqual(link.outcome, "synced", link.error_message)
        self.assertEqual((move.amount_tax, move.amount_total), (14.97, 114.96))

    def test_what_cannot_be_mapped_waits_with_a_button_and_comes_when_it_is_mapped(self):
        item = self.in_books("Invoices", **self.theirs(lines=[self.their_line(AccountCode="260")]))
        self.work_again()
        link, move = self.of(item)
        self.assertFalse(move)
        self.assertEqual((link.outcome, link.error_code), ("held", "incoming_account"))
        self.assertIn("260", link.error_message)
        work = self.env["xero.work.item"].search([("link_id", "=", link.id)])
        self.assertEqual((work.state, work.name), ("needs_you", "INV-0042"))
        self.map_account(self.income.copy({"code": "400260", "name": "Other"}), "260")
        self.sim.clear_calls()
        self.work()
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        self.assertEqual(self.of(item)[1].name, "INV-0042")
        self.assertFalse(self.writes())

    def test_edits_in_xero_follow_here_and_lines_keep_their_identity(self):
        lines = [self.their_line(), self.their_line(Description="Travel")]
        item = self.in_books("Invoices", **self.theirs(lines=lines))
        self.work_again()
        _link, move = self.of(item)
        first, second = move.invoice_line_ids.sorted("id")
        lines = item["LineItems"]
        self.in_books("Invoices", InvoiceID=item["InvoiceID"], Reference="By post", DueDate="2026-07-10", LineItems=[
            {"LineItemID": lines[0]["LineItemID"], "UnitAmount": 50, "Quantity": 1, "Description": "Advice",
             "AccountCode": "200", "TaxType": "OUTPUT2"},
            self.their_line(Description="Parking", UnitAmount=4, Quantity=1),
        ])  # fmt: skip
        self.work_again()
        self.assertEqual((move.state, move.ref, move.amount_untaxed), ("posted", "By post", 54.0))
        self.assertEqual(str(move.invoice_date_due), "2026-07-10")
        self.assertIn(first, move.invoice_line_ids)
        self.assertNotIn(second, move.invoice_line_ids)
        self.assertFalse(self.writes())

    def test_voided_in_xero_is_cancelled_here(self):
        item = self.in_books("Invoices", **self.theirs())
        self.work_again()
        link, move = self.of(item)
        self.in_books("Invoices", InvoiceID=item["InvoiceID"], Status="VOIDED")
        self.work_again()
        self.assertEqual((move.state, link.xero_status), ("cancel", "VOIDED"))
        self.assertFalse(self.writes())

    def test_our_own_invoice_edited_in_xero_follows_here(self):
        link = self.link(self.first)
        self.in_books("Invoices", InvoiceID=link.xero_id, Reference="Their order 5")
        self.work_again()
        self.assertEqual(self.first.ref, "Their order 5")
        self.assertFalse(self.writes())

    def test_changed_on_both_sides_a_person_decides(self):
        """Ask: nothing is overwritten; both values stand side by side, and either button settles it."""
        for button, ref in (("action_take_odoo", "Ours"), ("action_take_xero", "Theirs"), ("action_ignore", None)):
            with self.subTest(button=button):
                move = self.invoice(self.partner)
                self.work_again()
                link = self.link(move)
                self.in_books("Invoices", InvoiceID=link.xero_id, Reference="Theirs")
                move.ref = "Ours"
                self.work_again()
                self.assertFalse(self.writes())
                row = self.env["xero.difference"].search([("link_id", "=", link.id), ("state", "=", "open")])
                self.assertEqual(row.values, [{"label": "Reference", "odoo": "Ours", "xero": "Theirs"}])
                self.assertEqual(link.outcome, "conflict")
                getattr(row, button)()
                self.work()
                self.work_again()
                there = self.in_xero(move)["Reference"]
                self.assertEqual((move.ref, there), (ref, ref) if ref else ("Ours", "Theirs"))
                self.assertEqual(link.outcome, "synced")
                self.assertIn(row.state, ("decided", "ignored"))
                self.assertEqual(row.decided_by_id, self.env.user)
                self.assertFalse(self.work_again())
                self.assertFalse(self.writes())

    def test_policy_decides_without_asking(self):
        for side, ref in (("odoo", "Ours"), ("xero", "Theirs")):
            with self.subTest(wins=side):
                self.wins(side)
                move = self.invoice(self.partner)
                self.work_again()
                self.in_books("Invoices", InvoiceID=self.link(move).xero_id, Reference="Theirs")
                move.ref = "Ours"
                self.work_again()
                self.assertEqual((move.ref, self.in_xero(move)["Reference"]), (ref, ref))

    def test_other_directions_take_nothing_over(self):
        self.directions(invoices="push")
        item = self.in_books("Invoices", **self.theirs())
        self.in_books("Invoices", InvoiceID=self.link(self.first).xero_id, Reference="Theirs")
        self.work_again()
        self.assertFalse(self.of(item)[0])
        self.assertFalse(self.first.ref)

    def test_lines_with_discount_odd_quantity_and_text_come_to_the_same(self):
        item = self.in_books("Invoices", **self.theirs(lines=[
            self.their_line(Quantity=2.3333, UnitAmount=19.9999, DiscountRate=12.5), {"Description": "Thank you"},
            self.their_line(Quantity=-1, UnitAmount=5), self.their_line(Quantity=1, UnitAmount=80, DiscountAmount=7.77),
        ]))  # fmt: skip
        self.work_again()
        link, move = self.of(item)
        self.assertEqual(link.outcome, "synced", link.error_message)
        self.assertEqual(move.currency_id.compare_amounts(move.amount_total, float(item["Total"])), 0)
        note = move.invoice_line_ids.filtered(lambda line: line.display_type == "line_note")
        self.assertEqual(note.name, "Thank you")

    def test_mapping_of_several_is_decided_by_the_mark(self):
        other = self.income.copy({"code": "400299", "name": "Sales too"})
        mapping = self.map_account(other, "200")
        item = self.in_books("Invoices", **self.theirs())
        self.work_again()
        link, _move = self.of(item)
        self.assertEqual(link.error_code, "incoming_account_several")
        mapping.for_incoming = True
        self.work()
        self.assertEqual(self.of(item)[1].invoice_line_ids.account_id, other)

    def test_document_with_a_tax_in_the_price_uses_the_tax_that_is_in_the_price(self):
        within = self.tax15.copy({"name": "15 in", "price_include_override": "tax_included"})
        self.map_tax(within, "OUTPUT2")
        inclusive = self.in_books("Invoices", **self.theirs(LineAmountTypes="Inclusive", InvoiceNumber="INV-1"))
        exclusive = self.in_books("Invoices", **self.theirs(InvoiceNumber="INV-2"))
        self.work_again()
        self.assertEqual(self.of(inclusive)[1].invoice_line_ids.tax_ids, within)
        self.assertEqual(self.of(exclusive)[1].invoice_line_ids.tax_ids, self.tax15)
        self.assertEqual(self.of(inclusive)[1].amount_total, 99.99)

    def test_our_bill_and_credit_notes_arrive_with_their_supplier_number(self):
        bill = self.bill()
        # the account is given: of itself Odoo takes the one that the partner's documents bear most often
        refund = self.invoice(self.partner, [self.line(account_id=self.income.id)], move_type="out_refund")
        vendor = self.bill(move_type="in_refund", ref="SC-1")
        self.work_again()
        books = self.sim.books("NZ", "Invoices", page=1)["Invoices"]
        [there] = [one for one in books if one["Type"] == "ACCPAY" and one["InvoiceNumber"] == "S-1"]
        self.assertEqual((there["Total"], there["Status"]), (23.0, "AUTHORISED"))
        notes = {one["CreditNoteNumber"]: one for one in self.sim.books("NZ", "CreditNotes", page=1)["CreditNotes"]}
        self.assertEqual(notes[refund.name]["Type"], "ACCRECCREDIT")
        self.assertEqual((notes["SC-1"]["Type"], notes["SC-1"]["Total"]), ("ACCPAYCREDIT", 23.0))
        for move, resource in ((bill, "Invoices"), (refund, "CreditNotes"), (vendor, "CreditNotes")):
            link = self.env["xero.link"].search([("res_id", "=", move.id), ("resource", "=", resource)])
            self.assertEqual(link.outcome, "synced", link.error_message)
        self.work_again()
        self.assertFalse(self.writes())
