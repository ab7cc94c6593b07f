"""What is written otherwise on the two sides and says the same: figures of lines, cents of tax, contacts that were
merged, addressees. None of it is sent back, refused or reported."""

from odoo import Command
from odoo.tests import tagged

from .documents import DocumentsCommon


@tagged("post_install", "-at_install")
class TestFigures(DocumentsCommon):
    def compared(self):
        """The nightly comparison. :return: the open differences, in words"""
        self.organisation.action_compare()
        self.work_again()
        rows = self.env["xero.difference"].search([("state", "=", "open")])
        return [(row.name, row.reason, row.values) for row in rows]

    def in_order(self, move):
        """Descriptions of the lines, as a person sees them."""
        return move.invoice_line_ids.sorted(lambda line: (line.sequence, line.id)).mapped("name")

    def their_bill(self, move):
        return self.sim.books("NZ", f"Invoices/{self.link(move).xero_id}")["Invoices"][0]

    def two_regions(self):
        """A distribution over two options of a category that Xero has."""
        plan = self.env["account.analytic.plan"].create({"name": "Region"})
        accounts = self.env["account.analytic.account"].create(
            [{"name": name, "plan_id": plan.id} for name in ("Eastside", "North")]
        )
        self.organisation._refresh_reference()
        self.map_plan(plan, self.organisation.tracking_category_ids[:1])
        return {str(accounts[0].id): 40, str(accounts[1].id): 60}

    def pay_in_books(self, item, amount):
        return self.sim.books("NZ", "Payments", "PUT", {
            "Invoice": {"InvoiceID": item["InvoiceID"]}, "Account": {"Code": "090"}, "Date": "2026-06-10",
            "Amount": amount,
        })  # fmt: skip

    def test_reference_of_a_paid_document_goes_whatever_its_lines_look_like_there(self):
        """Issue, Edits after payment: Xero refuses other figures, and there is no reason to send any"""
        for values in (
            {"LineAmountTypes": "NoTax"}, {"LineAmountTypes": "Inclusive"},
            {"lines": [self.their_line(Quantity=0.3333, UnitAmount=500.12), {"Description": "Thank you"}]},
            {"lines": [self.their_line(DiscountAmount=7.77)]}, {"lines": [self.their_line(TaxAmount=14.99)]},
        ):  # fmt: skip
            with self.subTest(values):
                item = self.in_books("Invoices", **self.theirs(InvoiceNumber=f"INV-{values}"[:200], **values))
                self.work_again()
                link, move = self.of(item)
                self.assertEqual((link.outcome, link.error_message), ("synced", ""))
                self.pay_in_books(item, 5)
                for text in ("Order 7", "Order 8"):
                    move.ref = text
                    self.work_again()
                    self.assertEqual((link.outcome, link.error_message), ("synced", ""))
                there = self.sim.books("NZ", f"Invoices/{item['InvoiceID']}", unitdp=4)["Invoices"][0]
                self.assertEqual(there["Reference"], "Order 8")
                for name in ("LineAmountTypes", "Total", "TotalTax"):
                    self.assertEqual(there[name], item[name])
                for line, before in zip(there["LineItems"], item["LineItems"], strict=True):
                    self.assertEqual(line, before)
                self.work_again()
                self.assertFalse(self.writes())

    def test_line_that_a_bookkeeper_put_between_two_takes_over_no_ones_identity(self):
        """Nothing is doubled: sent under the identity of a line with an amount, a text would leave that amount there"""
        note = Command.create({"display_type": "line_note", "name": "In June"})
        move = self.invoice(self.partner, [self.line(10, name="A"), note, self.line(30, name="B")])
        self.work_again()
        there = self.in_xero(move)
        first, _note, last = there["LineItems"]
        names = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode", "TaxType")
        kept = [{name: line[name] for name in names} for line in (first, last)]
        between = self.their_line(Description="C", UnitAmount=20, Quantity=1)
        self.in_books("Invoices", InvoiceID=there["InvoiceID"],
                      LineItems=[kept[0], {"Description": "In July"}, between, kept[1]])  # fmt: skip
        self.work_again()
        self.assertEqual(self.in_order(move), ["A", "In July", "C", "B"])
        move.button_draft()
        move.invoice_line_ids.filtered(lambda line: line.name == "B").unlink()
        move.action_post()
        self.work_again()
        self.assertSynced(move)
        lines = {line["Description"]: line.get("LineAmount") for line in self.in_xero(move)["LineItems"]}
        self.assertEqual((lines, self.in_xero(move)["Total"]), ({"A": 10, "C": 20, "In July": 0}, move.amount_total))

    def test_lines_stand_here_as_they_stand_in_xero(self):
        """Also those that two regions share: a paid document that is sent in another order is refused"""
        move = self.bill(invoice_line_ids=[
            Command.create({"name": name, "price_unit": price, "account_id": self.expense.id, "tax_ids": [],
                            "analytic_distribution": shares})
            for name, price, shares in (("A", 10, False), ("B", 30, self.two_regions()), ("C", 20, False))
        ])  # fmt: skip
        self.work_again()
        there = self.their_bill(move)
        self.assertEqual([line["Description"] for line in there["LineItems"]], ["A", "B", "B", "C"])
        names = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode", "TaxType", "Tracking")
        a, b, b2, c = ({name: line[name] for name in names} for line in there["LineItems"])
        self.in_books("Invoices", InvoiceID=there["InvoiceID"], LineItems=[{"Description": "In June"}, c, b, b2, a])
        self.work_again()
        self.assertEqual(self.in_order(move), ["In June", "C", "B", "A"])
        self.assertFalse(self.writes())
        self.pay_in_books(there, 5)
        self.work_again()
        move.invoice_line_ids.filtered(lambda line: line.name == "A").name = "A, as ordered"
        self.work_again()
        self.assertEqual([line["Description"] for line in self.their_bill(move)["LineItems"]],
                         ["In June", "C", "B", "B", "A, as ordered"])  # fmt: skip
        self.assertEqual(self.link(move).outcome, "synced", self.link(move).error_message)
        self.work_again()
        self.assertFalse(self.writes())

    def test_edit_of_a_paid_document_there_comes_though_a_cent_has_a_line_here(self):
        """Odoo splits a price that holds its tax by a cent otherwise: no reason to open what is paid"""
        self.directions("both", contacts="push")
        self.map_journal(self.company_data["default_journal_bank"], "090")
        self.organisation.company_id.tax_calculation_rounding_method = "round_globally"
        self.map_tax(self.tax15.copy({"name": "within", "price_include_override": "tax_included"}), "OUTPUT2")
        lines = [self.their_line(Quantity=1, UnitAmount=10.03) for _n in range(3)]  # 3 × 1.31, together 3.92
        item = self.in_books("Invoices", **self.theirs(LineAmountTypes="Inclusive", lines=lines))
        self.work_again()
        link, move = self.of(item)
        self.assertEqual(move.amount_total, item["Total"])
        self.assertGreater(len(move.invoice_line_ids), len(lines), "the example is to need a line for its cents")
        before = move.invoice_line_ids
        self.pay_in_books(item, 5)
        self.work_again()
        self.assertEqual(move.amount_residual, round(item["Total"] - 5, 2))
        self.in_books("Invoices", InvoiceID=item["InvoiceID"], Reference="PO 7")
        self.work_again()
        self.assertEqual((link.outcome, link.error_message, move.ref), ("synced", "", "PO 7"))
        self.assertEqual(move.invoice_line_ids, before)
        self.assertFalse(self.writes())

    def test_edit_of_a_paid_document_there_leaves_its_taxes_and_cents_as_they_are_here(self):
        """Taxes within the price and on top of it, rounded on the document: it went Exclusive, with a cent apart"""
        self.directions("both", contacts="push")
        self.map_journal(self.company_data["default_journal_bank"], "090")
        self.organisation.company_id.tax_calculation_rounding_method = "round_globally"
        within = self.tax15.copy({"name": "within", "price_include_override": "tax_included"})
        self.map_tax(within, "OUTPUT2")
        lines = [self.line(price, taxes=taxes, account_id=self.income.id) for price, taxes in (
            (25.06, self.tax15), (25.61, self.tax15), (25.63, self.tax15), (34.50, within))]  # fmt: skip
        move = self.invoice(self.partner, lines)
        self.work_again()
        there = self.in_xero(move)
        self.assertEqual((there["LineAmountTypes"], len(there["LineItems"])), ("Exclusive", 5))
        self.pay_in_books(there, 5)
        self.work_again()
        before = move.invoice_line_ids.mapped(lambda line: (line.id, line.price_unit, line.tax_ids.ids))
        keys = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode", "TaxType")
        items = [{key: line[key] for key in keys} for line in there["LineItems"]]
        items[0]["Description"] = "Work on Monday"
        self.in_books("Invoices", InvoiceID=there["InvoiceID"], Reference="PO 7", LineItems=items)
        self.work_again()
        self.assertEqual((self.link(move).outcome, self.link(move).error_message), ("synced", ""))
        self.assertEqual((move.ref, move.invoice_line_ids[0].name), ("PO 7", "Work on Monday"))
        after = move.invoice_line_ids.mapped(lambda line: (line.id, line.price_unit, line.tax_ids.ids))
        self.assertEqual(after, before)
        self.assertFalse(self.writes())
        self.assertEqual(self.compared(), [])

    def test_edit_of_a_paid_document_here_goes_though_the_cents_of_both_sides_have_lines_of_their_own(self):
        """A bookkeeper added a line: Xero keeps its line of a cent, and here is one for Odoo's way of rounding"""
        self.organisation.company_id.tax_calculation_rounding_method = "round_globally"
        self.map_tax(self.tax15 + self.tax15.copy({"name": "Tourism levy 1.5", "amount": 1.5}), "TAX001")
        both = self.env["xero.tax.mapping"].search([], order="id desc", limit=1).tax_ids
        move = self.invoice(self.partner, [
            self.line(7.2595, discount=33.33), self.line(130.15, discount=10, taxes=both), self.line(59.25),
        ])  # fmt: skip
        self.work_again()
        there = self.in_xero(move)
        keys = ("LineItemID", "Description", "Quantity", "UnitAmount", "DiscountRate", "AccountCode", "TaxType")
        items = [{key: line[key] for key in keys if line.get(key) is not None} for line in there["LineItems"]]
        rent = self.their_line(Description="Rent", Quantity=1.5, UnitAmount=311.59)
        self.in_books("Invoices", InvoiceID=there["InvoiceID"], LineItems=[*items, rent])
        self.work_again()
        self.assertIn("Rounding", [line["Description"] for line in self.in_xero(move)["LineItems"]])
        self.assertIn("Rounding", move.invoice_line_ids.mapped("name"), "the example is to need a line on both sides")
        self.pay_in_books(there, 5)
        before = self.in_xero(move)["LineItems"]
        for text in ("PO 7", "PO 8"):
            move.ref = text
            move.invoice_line_ids[0].name = f"Work, {text}"
            self.work_again()
            self.assertSynced(move)
        after = self.in_xero(move)
        self.assertEqual((after["Reference"], after["LineItems"][0]["Description"]), ("PO 8", "Work, PO 8"))
        self.assertEqual(after["LineItems"][1:], before[1:])
        self.assertEqual(self.compared(), [])

    def test_amount_that_changes_here_is_sent_in_our_figures(self):
        item = self.in_books("Invoices", **self.theirs(lines=[self.their_line(Quantity=0.3333, UnitAmount=500.12)]))
        self.work_again()
        link, move = self.of(item)
        move.button_draft()
        move.invoice_line_ids.price_unit = 200
        move.action_post()
        self.work_again()
        there = self.sim.books("NZ", f"Invoices/{item['InvoiceID']}")["Invoices"][0]
        self.assertEqual((link.outcome, there["Total"], move.amount_total), ("synced", 230.0, 230.0))
        self.assertEqual(there["LineItems"][0]["LineItemID"], item["LineItems"][0]["LineItemID"])

    def test_cents_on_the_rounding_account_are_no_difference(self):
        """S1.24, S1.28: where Odoo rounds on the document, TotalTax is another one and everybody sees why"""
        self.organisation.company_id.tax_calculation_rounding_method = "round_globally"
        move = self.invoice(self.partner, [self.line(price, account_id=self.income.id) for price in (
            25.06, 25.61, 25.63)])  # fmt: skip
        self.work_again()
        there = self.in_xero(move)
        self.assertEqual((there["TotalTax"], move.amount_tax, there["Total"]), (11.44, 11.45, move.amount_total))
        self.assertEqual(self.compared(), [])

    def test_cancelled_here_and_changed_there_lives_where_xero_wins(self):
        self.wins("xero")
        move = self.invoice(self.partner)
        self.work_again()
        move.button_draft()
        move.button_cancel()
        self.in_books("Invoices", InvoiceID=self.link(move).xero_id, Reference="Theirs")
        self.work_again()
        self.assertEqual((move.state, move.ref, self.in_xero(move)["Status"]), ("posted", "Theirs", "AUTHORISED"))
        self.work_again()
        self.assertFalse(self.writes())

    def test_documents_follow_when_partners_are_merged_here(self):
        other = self.customer("Harbour Cafe again")
        move = self.invoice(other)
        self.work_again()
        self.env["base.partner.merge.automatic.wizard"]._merge([other.id, self.partner.id], self.partner)
        self.work_again()
        self.assertEqual(self.in_xero(move)["Contact"]["ContactID"], self.contact_id)
        self.assertEqual(self.compared(), [])

    def test_documents_stay_as_they_are_when_contacts_are_merged_there(self):
        """Paid ones too, and when that one is merged once more: nothing is opened, nothing sent"""
        self.directions("both", payments="off")
        other = self.customer("Corner Shop")
        move = self.invoice(other)
        self.work_again()
        self.pay_in_books(self.in_xero(move), 5)
        self.sim.organisation("NZ", merge_contact={"source": "Corner Shop", "target": self.contact_id})
        self.work_again()
        row = self.env["xero.difference"].search([("state", "=", "open")])
        self.assertEqual(row.resource, "Contacts", "a person says which of the two partners it is")
        row.action_take_xero()
        self.work_again()
        third = self.customer("Third")
        self.invoice(third)
        self.work_again()
        self.sim.organisation("NZ", merge_contact={"source": self.contact_id, "target": "Third"})
        self.work_again()
        self.env["xero.difference"].search([("state", "=", "open")]).action_take_xero()
        self.work_again()
        self.assertEqual((self.link(move).outcome, self.link(move).error_message), ("synced", ""))
        self.assertEqual((move.partner_id, move.state), (other, "posted"))
        self.assertFalse(self.writes("Invoices"))
        self.assertEqual(self.compared(), [])

    def test_addressee_within_a_company_stays_when_the_document_is_edited_there(self):
        ann = self.env["res.partner"].create({"name": "Ann", "parent_id": self.partner.id})
        move = self.invoice(ann)
        self.work_again()
        self.in_books("Invoices", InvoiceID=self.link(move).xero_id, Reference="By post")
        self.work_again()
        self.assertEqual((move.partner_id, move.ref), (ann, "By post"))

    def test_tax_of_several_components_is_rounding_as_far_as_it_is(self):
        """Odoo rounds each of them, Xero once: two cents on a line are no wrong mapping"""
        names = ("State", "County", "City", "Transit")
        rate = {"Name": "Four", "ReportTaxType": "OUTPUT", "TaxComponents": [{"Name": n, "Rate": 1} for n in names]}
        [made] = self.sim.books("NZ", "TaxRates", "PUT", rate)["TaxRates"]
        self.organisation._refresh_reference()
        taxes = self.env["account.tax"].create([
            {"name": name, "amount": 1, "type_tax_use": "sale", "tax_group_id": self.tax15.tax_group_id.id}
            for name in names
        ])  # fmt: skip
        self.map_tax(taxes, made["TaxType"])
        move = self.invoice(self.partner, [self.line(50.5, taxes=taxes, account_id=self.income.id)])
        self.work_again()
        self.assertSynced(move)
        there = self.in_xero(move)
        self.assertEqual((move.amount_tax, there["TotalTax"], there["Total"]), (2.04, 2.02, 52.54))
        self.assertEqual(self.compared(), [])
