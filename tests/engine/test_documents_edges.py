"""Documents at the edges: what a bookkeeper's worst customer has (S4.3, S4.4)."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .documents import DocumentsCommon


@tagged("post_install", "-at_install")
class TestDocumentEdges(DocumentsCommon):
    def edit(self, move, resource="Invoices", **values):
        """A bookkeeper changes our document at Xero, and Xero is looked at again."""
        link = self.env["xero.link"].search([("res_model", "=", "account.move"), ("res_id", "=", move.id)])
        key = f"{resource[:-1]}ID"
        item = self.in_books(resource, **{key: link.xero_id}, **values)
        self.work_again()
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        self.assertFalse(self.writes())
        return item

    def pay(self, move):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({})._create_payments()

    def sent(self, *args, **values):
        move = self.invoice(*(args or [self.partner]), **values)
        self.work_again()
        self.assertSynced(move)
        return move

    def test_person_at_the_customer_stays_on_the_invoice(self):
        person = self.env["res.partner"].create({"name": "Joe", "parent_id": self.partner.id, "type": "invoice"})
        move = self.sent(person)
        self.pay(move)
        self.edit(move, Reference="Their order 5")
        self.assertEqual((move.partner_id, move.ref), (person, "Their order 5"))

    def test_receipt_keeps_its_title_when_xero_changes_something_else(self):
        """Its own number went to Xero, because Xero would not take the title"""
        move = self.bill(move_type="in_receipt", ref="Café")
        self.work_again()
        self.assertSynced(move)
        self.edit(move, DueDate="2026-08-01")
        self.assertEqual((move.ref, str(move.invoice_date_due)), ("Café", "2026-08-01"))

    def test_rounding_line_is_no_change_of_amounts(self):
        self.env.company.tax_calculation_rounding_method = "round_globally"
        move = self.sent(lines=[self.line(0.1) for _number in range(3)])
        [item] = [one for one in self.sim.books("NZ", "Invoices", page=1)["Invoices"]
                  if one["InvoiceID"] == self.link(move).xero_id]  # fmt: skip
        self.assertEqual(len(item["LineItems"]), 4, "the rounding has a line")
        self.pay(move)
        before = move.amount_total, move.amount_tax, len(move.invoice_line_ids)
        self.edit(move, Reference="Their order 5")
        self.assertEqual(move.ref, "Their order 5")
        self.assertEqual((move.amount_total, move.amount_tax, len(move.invoice_line_ids)), before)

    def test_amounts_that_xero_changes_beside_a_rounding_line_are_taken_to_the_cent(self):
        self.env.company.tax_calculation_rounding_method = "round_globally"
        move = self.sent(lines=[self.line(0.1) for _number in range(3)])
        [item] = [one for one in self.sim.books("NZ", "Invoices", page=1)["Invoices"]
                  if one["InvoiceID"] == self.link(move).xero_id]  # fmt: skip
        lines = [{"LineItemID": line["LineItemID"], **({"UnitAmount": 7.77} if number == 0 else {})}
                 for number, line in enumerate(item["LineItems"])]  # fmt: skip
        for price in (7.77, 8.88):
            lines[0]["UnitAmount"] = price
            item = self.edit(move, LineItems=lines)
            self.assertEqual(round(move.amount_total, 2), float(item["Total"]))
        self.pay(move)
        self.edit(move, Reference="Their order 5")
        self.assertEqual(move.ref, "Their order 5")

    def test_rounding_line_that_a_bookkeeper_takes_away_is_followed(self):
        self.env.company.tax_calculation_rounding_method = "round_globally"
        move = self.sent(lines=[self.line(0.1) for _number in range(3)])
        [item] = [one for one in self.sim.books("NZ", "Invoices", page=1)["Invoices"]
                  if one["InvoiceID"] == self.link(move).xero_id]  # fmt: skip
        item = self.edit(move, LineItems=[{"LineItemID": line["LineItemID"]} for line in item["LineItems"][:3]])
        self.assertEqual(round(move.amount_total, 2), float(item["Total"]))

    def test_cash_rounding_is_no_change_of_amounts(self):
        rounding = self.env["account.cash.rounding"].create({
            "name": "0.05", "rounding": 0.05, "strategy": "add_invoice_line",
            "profit_account_id": self.income.id, "loss_account_id": self.expense.id,
        })  # fmt: skip
        move = self.sent(self.partner, [self.line(99.99)], invoice_cash_rounding_id=rounding.id)
        self.assertEqual(move.amount_total, 115.0)
        self.pay(move)
        before = len(move.line_ids)
        self.edit(move, Reference="Their order 5")
        self.assertEqual((move.ref, move.amount_total, len(move.line_ids)), ("Their order 5", 115.0, before))

    def test_rate_of_many_decimals_is_no_change(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", usd.id)]).unlink()
        self.env["res.currency.rate"].create({
            "currency_id": usd.id, "name": "2026-01-01", "rate": 0.61234567, "company_id": self.env.company.id,
        })  # fmt: skip
        move = self.sent(currency_id=usd.id)
        self.pay(move)
        rate = move.invoice_currency_rate
        self.edit(move, Reference="Their order 5")
        self.assertEqual((move.ref, move.invoice_currency_rate), ("Their order 5", rate))

    def test_receipt_without_a_customer_says_so(self):
        move = self.env["account.move"].create({
            "move_type": "out_receipt", "invoice_date": "2026-06-01", "invoice_line_ids": [self.line()],
        })  # fmt: skip
        move.action_post()
        self.work_again()
        self.assertStopped(move, "contact_missing", "held")
        move.button_draft()
        move.partner_id = self.partner
        move.action_post()
        self.work_again()
        self.assertSynced(move)

    def test_instalments_outlive_a_change_of_amounts_in_xero(self):
        term = self.env["account.payment.term"].create({"name": "30/70", "line_ids": [
            Command.create({"value": "percent", "value_amount": 30, "nb_days": 0}),
            Command.create({"value": "percent", "value_amount": 70, "nb_days": 30}),
        ]})  # fmt: skip
        move = self.sent(invoice_payment_term_id=term.id, invoice_date_due=False)
        link = self.link(move)
        line_id = next(iter(link.remote["lines"].values()))
        self.edit(move, LineItems=[{"LineItemID": line_id, "UnitAmount": 200, "Quantity": 1, "Description": "Work",
                                    "AccountCode": "200", "TaxType": "OUTPUT2"}])  # fmt: skip
        self.assertEqual(move.amount_total, 230)
        self.assertEqual(move.invoice_payment_term_id, term)
        due = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertEqual(sorted(due.mapped("balance")), [69.0, 161.0])

    def test_supplier_number_twice_and_numbers_of_invoice_and_credit_note_alike(self):
        bill = self.theirs(Type="ACCPAY", InvoiceNumber="S-77", lines=[
            self.their_line(AccountCode="429", TaxType="INPUT2")
        ])  # fmt: skip
        items = [(self.in_books("Invoices", **bill), "Invoices"), (self.in_books("Invoices", **bill), "Invoices")]
        items.append((self.in_books("Invoices", **self.theirs(InvoiceNumber="77")), "Invoices"))
        note = self.in_books("CreditNotes", **{
            "Type": "ACCRECCREDIT", "Contact": {"ContactID": self.contact_id}, "CreditNoteNumber": "77",
            "Date": "2026-06-04", "Status": "AUTHORISED", "LineItems": [self.their_line()],
        })  # fmt: skip
        self.work_again()
        link, move = self.of(note, "CreditNotes")
        self.assertEqual((link.outcome, link.error_code), ("held", "incoming_number"))
        self.assertIn("77", link.error_message)
        self.assertFalse(move)
        self.in_books("CreditNotes", CreditNoteID=note["CreditNoteID"], CreditNoteNumber="CN-77")
        items.append((note, "CreditNotes"))
        self.work_again()
        for item, resource in items:
            link, move = self.of(item, resource)
            self.assertEqual((link.outcome, link.error_message), ("synced", ""))
            self.assertEqual(move.state, "posted")
        self.assertNotEqual(self.of(items[0][0])[1], self.of(items[1][0])[1])

    def test_deleted_draft_gives_its_number_to_the_next(self):
        first = self.in_books("Invoices", **self.theirs(Status="DRAFT"))
        self.work_again()
        self.in_books("Invoices", InvoiceID=first["InvoiceID"], Status="DELETED")
        second = self.in_books("Invoices", **self.theirs())
        self.work_again()
        link, move = self.of(second)
        self.assertEqual((link.outcome, link.error_message, move.state), ("synced", "", "posted"))
        self.assertEqual(self.of(first)[1].state, "cancel")

    def test_document_of_an_archived_contact(self):
        self.directions(contacts="both")
        contact = self.sim.books("NZ", "Contacts", "PUT", {"Contacts": [{"Name": "Old Co"}]})["Contacts"][0]
        item = self.in_books("Invoices", **self.theirs(Contact={"ContactID": contact["ContactID"]}))
        self.sim.books("NZ", "Contacts", "POST", {"Contacts": [
            {"ContactID": contact["ContactID"], "ContactStatus": "ARCHIVED"}
        ]})  # fmt: skip
        self.work_again()
        link, move = self.of(item)
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        self.assertFalse(move.partner_id.active)

    def test_our_old_document_follows_though_older_ones_do_not_come(self):
        move = self.sent()
        self.organisation.pull_from = "2026-07-01"
        theirs = self.in_books("Invoices", **self.theirs())
        self.edit(move, Reference="Their order 5")
        self.assertEqual(move.ref, "Their order 5")
        self.assertFalse(self.of(theirs)[0])

    def test_other_base_currency_is_never_booked_at_a_rate_of_one(self):
        self.organisation.base_currency = "USD"
        item = self.in_books("Invoices", **self.theirs())
        self.work_again()
        link, move = self.of(item)
        self.assertFalse(move)
        self.assertEqual((link.outcome, link.error_code), ("held", "base_currency_differs"))

    def test_inclusive_document_with_a_cent_of_its_own_keeps_it(self):
        """Where Odoo takes the tax out of the price otherwise, a line holds the cent; it is none of Xero's to delete"""
        item = self.in_books("Invoices", **self.theirs(LineAmountTypes="Inclusive", lines=[
            self.their_line(UnitAmount=0.1, Quantity=1), self.their_line(UnitAmount=0.1, Quantity=1),
            self.their_line(UnitAmount=0.1, Quantity=1, TaxAmount=0.02),
        ]))  # fmt: skip
        self.work_again()
        link, move = self.of(item)
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        self.pay(move)
        lines = move.invoice_line_ids
        self.in_books("Invoices", InvoiceID=item["InvoiceID"], Reference="Their order 5")
        self.work_again()
        self.assertEqual((link.outcome, link.error_message, move.ref), ("synced", "", "Their order 5"))
        self.assertEqual(move.invoice_line_ids, lines)

    def test_two_lost_credit_notes_that_say_the_same_are_two(self):
        """A supplier's number may come twice, and a credit note bears no Url to tell them apart by"""
        notes = [self.bill(move_type="in_refund", ref="SC-1") for _number in range(2)]
        self.sim.fault("drop_after", match={"path": "/CreditNotes", "method": "PUT"}, times=2)
        self.work()
        self.sim.clock(advance=600)
        for request in self.env["xero.request"].search([("state", "=", "recorded")]):
            request.sent_at -= timedelta(seconds=600)
        self.organisation.parked_until = False
        self.work_again()
        self.organisation.parked_until = False
        self.work_again()
        links = [self.env["xero.link"].search([("resource", "=", "CreditNotes"), ("res_id", "=", note.id)])
                 for note in notes]  # fmt: skip
        self.assertEqual([link.outcome for link in links], ["synced", "synced"])
        self.assertEqual(len({link.xero_id for link in links}), 2)
        there = self.sim.books("NZ", "CreditNotes", page=1)["CreditNotes"]
        self.assertEqual(sorted(one["CreditNoteID"] for one in there), sorted(link.xero_id for link in links))

    def test_account_that_was_made_in_xero_a_moment_ago_can_be_mapped_at_once(self):
        self.sim.books("NZ", "Accounts", "PUT", {"Code": "2991", "Name": "New sales", "Type": "REVENUE"})
        items = [self.in_books("Invoices", **self.theirs(
            InvoiceNumber=f"INV-{number}", lines=[self.their_line(AccountCode="2991")]
        )) for number in range(2)]  # fmt: skip
        self.work_again()
        self.assertEqual(len(self.sim.calls(path="/Accounts")), 1, "once, not for each")
        link, _move = self.of(items[0])
        self.assertEqual(link.error_code, "incoming_account")
        self.assertEqual(link.error_data["xero_account_id"], self.account("2991").id)
        self.map_account(self.income.copy({"code": "402991", "name": "New"}), "2991")
        self.work()
        self.assertEqual({self.of(item)[0].outcome for item in items}, {"synced"})

    def test_rate_that_was_made_in_xero_a_moment_ago_gets_its_tax_at_once(self):
        self.organisation.create_taxes = True
        rate = self.sim.books("NZ", "TaxRates", "PUT", {
            "Name": "Levy", "ReportTaxType": "OUTPUT", "TaxComponents": [{"Name": "Levy", "Rate": 3}],
        })["TaxRates"][0]  # fmt: skip
        item = self.in_books("Invoices", **self.theirs(lines=[self.their_line(TaxType=rate["TaxType"])]))
        self.work_again()
        link, move = self.of(item)
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        self.assertEqual((move.amount_tax, move.invoice_line_ids.tax_ids.amount), (3.0, 3.0))

    def test_what_is_let_in_later_comes(self):
        """Bills share their list with invoices, and older documents were not asked for"""
        self.directions(bills="push")
        self.organisation.pull_from = "2026-06-01"
        bill = self.in_books("Invoices", **self.theirs(Type="ACCPAY", InvoiceNumber="S-77", lines=[
            self.their_line(AccountCode="429", TaxType="INPUT2")
        ]))  # fmt: skip
        old = self.in_books("Invoices", **self.theirs(Date="2026-05-03"))
        self.work_again()
        self.assertFalse(self.of(bill)[0] or self.of(old)[0])
        self.directions(bills="both")
        self.work()
        self.assertEqual((self.of(bill)[0].outcome, self.of(old)[0].ids), ("synced", []))
        self.organisation.pull_from = "2026-05-01"
        self.work()
        self.assertEqual(self.of(old)[0].outcome, "synced")
        self.assertFalse(self.writes())

    def test_archived_tax_and_account_of_odoo(self):
        self.tax15.active = False
        item = self.in_books("Invoices", **self.theirs())
        self.work_again()
        link, move = self.of(item)
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        self.assertEqual(move.invoice_line_ids.tax_ids, self.tax15)
        self.income.active = False
        item = self.in_books("Invoices", **self.theirs(InvoiceNumber="INV-0043"))
        self.work_again()
        link, move = self.of(item)
        self.assertEqual((link.outcome, link.error_code), ("held", "refused_by_odoo"))
        self.assertIn("archived", link.error_message)

    def test_document_of_nothing_is_paid_at_once_both_ways(self):
        move = self.sent(lines=[self.line(0)])
        self.assertEqual(self.link(move).xero_status, "PAID")
        item = self.in_books("Invoices", **self.theirs(lines=[
            self.their_line(UnitAmount=50, Quantity=0), self.their_line(UnitAmount=20, Quantity=1),
            self.their_line(UnitAmount=20, Quantity=-1),
        ]))  # fmt: skip
        self.assertEqual(item["Status"], "PAID")
        self.work_again()
        link, here = self.of(item)
        self.assertEqual((link.outcome, link.error_message, here.state), ("synced", "", "posted"))
        self.assertEqual(here.payment_state, "paid")
        move.button_cancel()
        self.work_again()
        self.assertSynced(move)
        self.assertEqual(self.link(move).xero_status, "VOIDED")

    def test_our_draft_that_a_bookkeeper_corrects_stays_posted_here(self):
        self.organisation.invoice_status = "DRAFT"
        move = self.sent()
        line = self.their_line(Description="Less work", Quantity=1, UnitAmount=80)
        item = self.edit(move, LineItems=[line])
        self.assertEqual((item["Status"], move.state, move.amount_untaxed), ("DRAFT", "posted", 80.0))
        self.work_again()
        self.assertFalse(self.writes(), "it is agreed, and nobody but the bookkeeper approves it")

    def test_bill_that_has_no_number_in_xero_is_voided(self):
        line = self.their_line(AccountCode="429", TaxType="INPUT2")
        item = self.in_books("Invoices", **self.theirs(Type="ACCPAY", InvoiceNumber="", lines=[line]))
        self.work_again()
        link, move = self.of(item)
        move.button_draft()
        move.button_cancel()
        self.work()
        self.assertEqual((link.outcome, link.error_message, link.xero_status), ("synced", "", "VOIDED"))

    def test_unfinished_bill_of_xeros(self):
        item = self.in_books("Invoices", **self.theirs(
            Type="ACCPAY", InvoiceNumber="", Status="DRAFT", lines=[{"Description": "Paper", "UnitAmount": 10}],
        ))  # fmt: skip
        self.work_again()
        link, move = self.of(item)
        self.assertEqual((link.outcome, link.error_code), ("waiting", "incoming_unfinished"))
        self.assertFalse(move)
        self.in_books("Invoices", InvoiceID=item["InvoiceID"], InvoiceNumber="S-9", Status="AUTHORISED", LineItems=[
            {"LineItemID": item["LineItems"][0]["LineItemID"], "Description": "Paper", "UnitAmount": 10, "Quantity": 1,
             "AccountCode": "429", "TaxType": "INPUT2"},
        ])  # fmt: skip
        self.work_again()
        link, move = self.of(item)
        self.assertEqual((link.outcome, move.ref, move.state), ("synced", "S-9", "posted"))

    def test_line_with_an_amount_and_no_account_is_no_note(self):
        item = self.in_books("Invoices", **self.theirs(Status="SUBMITTED"))
        self.work_again()
        link, move = self.of(item)
        self.assertEqual((link.outcome, move.state), ("synced", "draft"))
        move.action_post()
        self.work_again()
        self.assertEqual((link.outcome, link.xero_status), ("synced", "AUTHORISED"))

    def test_mixed_rates_inclusive(self):
        none = next(rate for rate in self.organisation.tax_rate_ids if rate._is_no_tax())
        zero = next(
            rate.tax_type for rate in self.organisation.tax_rate_ids
            if not rate.effective_rate and rate.to_revenue and rate._fits("sale") and not rate._is_no_tax()
        )  # fmt: skip
        self.map_tax(self.tax15.copy({"name": "0", "amount": 0}), zero)
        item = self.in_books("Invoices", **self.theirs(LineAmountTypes="Inclusive", lines=[
            self.their_line(UnitAmount=19.9999, Quantity=3.3333), self.their_line(TaxType=zero),
            self.their_line(UnitAmount=-7.77, Quantity=1), self.their_line(UnitAmount=80, DiscountAmount=7.77),
            self.their_line(TaxType=none.tax_type),
        ]))  # fmt: skip
        self.work_again()
        link, move = self.of(item)
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        self.assertEqual(
            (round(move.amount_total, 2), round(move.amount_tax, 2)), (float(item["Total"]), float(item["TotalTax"]))
        )
        lines = {line["Description"]: line["LineItemID"] for line in item["LineItems"]}
        self.assertTrue(link.remote["lines"], lines)

    def test_document_for_the_contact_of_a_partner_that_was_merged_here_comes_for_the_one_that_stays(self):
        """A bookkeeper still finds the old contact in Xero; also where the one that stayed was merged once more"""
        second, third = self.customer("Acme (double)"), self.customer("Acme Ltd")
        for partner in (second, third):
            self.invoice(partner)
        self.work()
        for merged, stays in ((self.partner, second), (second, third)):
            self.env["base.partner.merge.automatic.wizard"].create({})._merge([merged.id, stays.id], stays)
            self.env.invalidate_all()
            self.work_again()
        item = self.in_books("Invoices", **self.theirs())
        self.work_again()
        link, move = self.of(item)
        self.assertEqual((move.partner_id, move.state), (third, "posted"))
        self.assertEqual(self.in_xero(move)["Contact"]["ContactID"], self.link(third).xero_id)
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        self.work_again()
        self.assertFalse(self.writes())

    def merge_here(self, partner, stays):
        self.env["base.partner.merge.automatic.wizard"].create({})._merge([partner.id, stays.id], stays)
        self.env.invalidate_all()

    def assertComesFor(self, item, partner):
        link, move = self.of(item)
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        self.assertEqual((move.partner_id, move.state), (partner, "posted"))

    def test_partner_that_was_merged_here_is_followed_whichever_way_contacts_go(self):
        """That a record ended here sends nothing, so no direction keeps it from being noted"""
        others = [self.customer(f"Acme {direction}") for direction in ("pull", "off")]
        for partner in others:
            self.invoice(partner)
        self.work()
        for number, (direction, stays) in enumerate(zip(("pull", "off"), others, strict=True)):
            with self.subTest(direction):
                merged = others[number - 1] if number else self.partner
                contact = {"ContactID": self.link(merged).xero_id}
                self.directions(contacts=direction)
                self.merge_here(merged, stays)
                self.work_again()
                item = self.in_books("Invoices", **self.theirs(Contact=contact, InvoiceNumber=f"INV-{number}"))
                self.work_again()
                self.assertComesFor(item, stays)

    def test_document_that_comes_before_the_worker_knows_of_a_merge_goes_to_the_one_that_stays(self):
        stays = self.customer("Acme Ltd")
        self.invoice(stays)
        self.work()
        self.merge_here(self.partner, stays)
        item = self.in_books("Invoices", **self.theirs())
        self.work_again()
        self.assertComesFor(item, stays)
