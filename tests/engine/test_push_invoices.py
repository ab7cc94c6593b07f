"""Customer invoices to Xero: what arrives, in how many calls, and what an edit does (S1.15-S1.27, S2.8-S2.11)."""

from odoo import Command
from odoo.tests import tagged

from .common import EngineCommon


@tagged("post_install", "-at_install")
class TestPushInvoices(EngineCommon):
    def bookkeeper_sets(self, move, **values):
        self.sim.books("NZ", "Invoices", "POST", {"Invoices": [{"InvoiceID": self.link(move).xero_id} | values]})

    def bookkeeper_pays(self, move):
        self.sim.books("NZ", "Payments", "PUT", {
            "Invoice": {"InvoiceID": self.link(move).xero_id}, "Account": {"Code": "090"}, "Amount": 115.0,
            "Date": "2026-06-05",
        })  # fmt: skip

    def test_invoice_arrives_with_contact_number_account_and_tax(self):
        """S1.18 S1.22 S2.9 S2.10 S2.11"""
        partner = self.customer("Harbour Cafe", email="hello@harbour.example", street="1 Quay St", city="Auckland")
        move = self.invoice(partner, [self.line(100.0, 2), self.line(50.0)], ref="PO 7")
        self.work()
        self.assertSynced(move, partner)
        document = self.in_xero(move)
        self.assertEqual(
            {key: document[key] for key in ("Type", "Status", "Total", "TotalTax", "Reference", "DateString")},
            {"Type": "ACCREC", "Status": "AUTHORISED", "Total": 287.5, "TotalTax": 37.5, "Reference": "PO 7",
             "DateString": "2026-06-01T00:00:00"},
        )  # fmt: skip
        self.assertEqual(document["Contact"]["ContactID"], self.link(partner).xero_id)
        self.assertEqual(
            [(i["AccountCode"], i["TaxType"], i["LineAmount"]) for i in document["LineItems"]],
            [("200", "OUTPUT2", 200.0), ("200", "OUTPUT2", 50.0)],
        )
        self.assertEqual(self.contacts_in_xero("Harbour Cafe")[0]["EmailAddress"], "hello@harbour.example")
        self.assertFalse(self.changes())

    def test_records_go_in_batches_of_fifty_contacts_first(self):
        """S1.42: 120 invoices of 120 new contacts are six writes and one read"""
        moves = self.env["account.move"].concat(
            *[self.invoice(self.customer(f"Customer {n}"), post=False) for n in range(120)]
        )
        moves.action_post()
        self.work()
        self.assertSynced(*moves)
        self.assertEqual(
            [(call["method"], call["path"].rsplit("/", 1)[1], len(call["json"][call["path"].rsplit("/", 1)[1]]))
             for call in self.writes()],
            [("PUT", "Contacts", 50), ("PUT", "Contacts", 50), ("PUT", "Contacts", 20),
             ("PUT", "Invoices", 50), ("PUT", "Invoices", 50), ("PUT", "Invoices", 20)],
        )  # fmt: skip
        self.assertEqual(self.sim.count_calls(method="GET", path="/api.xro/"), 1)

    def test_second_cycle_writes_nothing(self):
        """S1.5"""
        move = self.invoice()
        self.work()
        self.sim.clear_calls()
        self.env["xero.change"]._append(move + move)
        self.env["xero.change"]._append(move.partner_id)
        self.work()
        self.assertEqual(self.sim.count_calls(), 0)
        self.assertFalse(self.changes())

    def test_one_bad_record_does_not_stop_the_others(self):
        good = [self.invoice(self.customer(f"Good {n}")) for n in range(3)]
        bad_mail = self.invoice(self.customer("Bad mail", email="no mail"))
        bad_name = self.invoice(self.customer("A <b> c"))
        long_number = self.invoice(self.customer("Long"), name="N" * 300)
        self.work()
        for move in good:
            self.assertSynced(move)
        self.assertStopped(bad_mail.partner_id, "contact_email_invalid", "failed")
        self.assertStopped(bad_name.partner_id, "contact_name_invalid", "failed")
        self.assertStopped(bad_mail, "contact_first", "waiting")
        self.assertStopped(long_number, "number_long", "failed")
        self.assertFalse(self.changes())

    def test_invoice_that_waits_for_its_contact_goes_when_the_contact_is_cured(self):
        """S4.3"""
        move = self.invoice(self.customer("Late mail", email="no mail"))
        self.work()
        move.partner_id.email = "late@example.com"
        self.work()
        self.assertSynced(move, move.partner_id)

    def test_ten_edits_are_one_call(self):
        """S1.4: an unpaid invoice goes again"""
        move = self.invoice()
        self.work()
        self.sim.clear_calls()
        for number in range(10):
            move.ref = f"PO {number}"
        self.work()
        self.assertEqual([call["method"] for call in self.writes()], ["POST"])
        self.assertEqual(self.in_xero(move)["Reference"], "PO 9")

    def test_edited_lines_keep_their_line_items(self):
        move = self.invoice(lines=[self.line(100.0), self.line(50.0)])
        self.work()
        before = [item["LineItemID"] for item in self.in_xero(move)["LineItems"]]
        move.button_draft()
        move.write(
            {"invoice_line_ids": [Command.update(move.invoice_line_ids[0].id, {"price_unit": 70.0}), self.line(5.0)]}
        )
        move.action_post()
        self.work()
        document = self.in_xero(move)
        self.assertEqual([item["LineItemID"] for item in document["LineItems"]][:2], before)
        self.assertEqual(document["Total"], move.amount_total)

    def test_lines_that_a_bookkeeper_replaced_are_sent_as_new_ones(self):
        move = self.invoice(lines=[self.line(100.0), self.line(50.0)])
        self.work()
        by_hand = {"Description": "By hand", "Quantity": 1, "UnitAmount": 9, "AccountCode": "200"}
        self.bookkeeper_sets(move, LineItems=[by_hand])
        move.button_draft()
        move.invoice_line_ids[0].price_unit = 70.0
        move.action_post()
        self.sim.clear_calls()
        self.work()
        self.assertSynced(move)
        self.assertEqual([item["LineAmount"] for item in self.in_xero(move)["LineItems"]], [70.0, 50.0])
        self.assertEqual(len(self.writes()), 2, "refused once, sent once more")
        move.ref = "PO 3"
        self.work()
        self.assertEqual(len(self.writes()), 3, "the new ids are known")

    def test_void_in_a_locked_period_is_stopped_before_a_call(self):
        move = self.invoice()
        self.work()
        self.organisation.period_lock_date = "2026-06-30"
        move.button_draft()
        move.button_cancel()
        self.sim.clear_calls()
        self.work()
        self.assertStopped(move, "locked_period", "held")
        self.assertFalse(self.writes())
        self.organisation.period_lock_date = False
        self.organisation._remap()
        self.work()
        self.assertSynced(move)
        self.organisation.period_lock_date = "2026-06-30"
        self.env["xero.change"]._append(move, "retry")
        self.work()
        self.assertSynced(move)

    def test_cancelled_invoice_is_voided(self):
        move = self.invoice()
        self.work()
        move.button_draft()
        self.work()
        self.assertEqual(self.in_xero(move)["Status"], "AUTHORISED", "a reset to draft alone voids nothing")
        move.button_cancel()
        self.work()
        self.assertEqual(self.in_xero(move)["Status"], "VOIDED")
        self.assertSynced(move)

    def test_cancelling_what_a_bookkeeper_voided_is_agreement(self):
        move = self.invoice()
        self.work()
        self.bookkeeper_sets(move, Status="VOIDED")
        move.button_draft()
        move.button_cancel()
        self.work()
        self.assertSynced(move)

    def test_editing_what_a_bookkeeper_voided_is_a_conflict(self):
        move = self.invoice()
        self.work()
        self.bookkeeper_sets(move, Status="VOIDED")
        move.ref = "too late"
        self.work()
        self.assertStopped(move, "not_modifiable", "conflict")

    def test_editing_a_paid_invoice_is_a_conflict_that_says_so(self):
        move = self.invoice()
        self.work()
        self.bookkeeper_pays(move)
        move.button_draft()
        move.invoice_line_ids[0].price_unit = 70.0
        move.action_post()
        self.work()
        self.assertStopped(move, "paid_in_xero", "conflict")

    def test_cancelled_draft_is_deleted(self):
        self.organisation.invoice_status = "DRAFT"
        move = self.invoice()
        self.work()
        self.assertEqual(self.in_xero(move)["Status"], "DRAFT")
        move.button_draft()
        move.button_cancel()
        self.work()
        self.assertEqual(self.link(move).xero_status, "DELETED")

    def test_cancelling_what_a_bookkeeper_approved_meanwhile_voids_it(self):
        for status in ("DRAFT", "SUBMITTED"):
            self.organisation.invoice_status = status
            move = self.invoice(self.customer(f"Sent as {status}"))
            self.work()
            self.bookkeeper_sets(move, Status="AUTHORISED")
            move.button_draft()
            move.button_cancel()
            self.work()
            self.assertSynced(move)
            self.assertEqual(self.in_xero(move)["Status"], "VOIDED")

    def test_cancelling_what_is_paid_in_xero_is_asked_once_and_stays_a_conflict(self):
        move = self.invoice()
        self.work()
        self.bookkeeper_pays(move)
        move.button_draft()
        move.button_cancel()
        self.sim.clear_calls()
        self.work()
        self.assertStopped(move, "void_paid", "conflict")
        self.assertEqual((len(self.writes()), self.link(move).xero_status), (1, "PAID"))

    def test_invoice_cancelled_before_it_went_leaves_nothing(self):
        move = self.invoice()
        move.button_draft()
        move.button_cancel()
        self.work()
        self.assertFalse(self.link(move))
        self.assertFalse(self.writes("Invoices"))
        self.assertFalse(self.changes())

    def test_status_in_xero_is_the_organisation_s_choice(self):
        """S1.20"""
        for status in ("DRAFT", "SUBMITTED", "AUTHORISED"):
            self.organisation.invoice_status = status
            move = self.invoice(self.customer(f"Status {status}"))
            self.work()
            self.assertEqual(self.in_xero(move)["Status"], status)

    def test_bookkeeper_s_approval_survives_an_edit(self):
        self.organisation.invoice_status = "DRAFT"
        move = self.invoice()
        self.work()
        self.sim.books(
            "NZ", "Invoices", "POST", {"Invoices": [{"InvoiceID": self.link(move).xero_id, "Status": "AUTHORISED"}]}
        )
        move.ref = "PO 8"
        self.work()
        self.assertEqual(
            {key: self.in_xero(move)[key] for key in ("Status", "Reference")},
            {"Status": "AUTHORISED", "Reference": "PO 8"},
        )

    def test_foreign_currency_goes_with_its_rate_the_right_way_round(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "name": "2026-01-01", "rate": 0.59, "company_id": self.env.company.id}
        )
        move = self.invoice(currency_id=usd.id)
        self.work()
        document = self.in_xero(move)
        self.assertEqual((document["CurrencyCode"], document["CurrencyRate"], document["Total"]), ("USD", 0.59, 115.0))

    def test_sections_notes_zero_lines_and_discounts_arrive(self):
        lines = [
            Command.create({"display_type": "line_section", "name": "February"}),
            self.line(99.99, 3, discount=12.5),
            self.line(0.0),
            Command.create({"display_type": "line_note", "name": "Thank you"}),
        ]
        move = self.invoice(lines=lines)
        self.work()
        document = self.in_xero(move)
        self.assertEqual(
            [item["Description"] for item in document["LineItems"]], ["February", "Work", "Work", "Thank you"]
        )
        self.assertEqual(document["LineItems"][1]["DiscountRate"], 12.5)
        self.assertEqual(document["Total"], move.amount_total)

    def test_each_service_posts_to_its_own_account(self):
        """S1.22: by product, by category, by account in Odoo"""
        accounts = {account.code: account for account in self.organisation.account_ids}
        category = self.env["product.category"].create({"name": "Training"})
        income = self.company_data["default_account_revenue"].copy({"code": "400999", "name": "Consulting"})
        services = self.env["product.product"].create([
            {"name": "Repair", "type": "service"},
            {"name": "Course", "type": "service", "categ_id": category.id},
            {"name": "Advice", "type": "service", "property_account_income_id": income.id},
        ])
        mapping = {"organisation_id": self.organisation.id, "direction": "sale"}
        self.env["xero.account.mapping"].create([
            mapping | {"product_id": services[0].id, "xero_account_id": accounts["260"].id},
            mapping | {"product_categ_id": category.id, "xero_account_id": accounts["270"].id},
            mapping | {"account_id": income.id, "xero_account_id": accounts["200"].id},
        ])
        self.organisation.revenue_account_id = False
        move = self.invoice(lines=[self.line(100.0, product_id=service.id) for service in services])
        self.work()
        self.assertSynced(move)
        self.assertEqual([item["AccountCode"] for item in self.in_xero(move)["LineItems"]], ["260", "270", "200"])

    def test_cent_of_a_global_rounding_stands_on_the_rounding_account(self):
        """S1.24"""
        self.env.company.tax_calculation_rounding_method = "round_globally"
        move = self.invoice(lines=[self.line(25.06), self.line(25.61), self.line(25.63)])
        self.assertEqual(move.amount_total, 87.75)
        self.work()
        document = self.in_xero(move)
        self.assertEqual(document["Total"], 87.75)
        self.assertEqual(
            (document["LineItems"][-1]["AccountCode"], document["LineItems"][-1]["LineAmount"]), ("860", 0.01)
        )

    def test_tax_in_the_price_that_odoo_rounds_on_the_document_is_not_lost_in_silence(self):
        """S1.24: the totals agree whatever the tax, so the cent has to stand on its own line"""
        self.env.company.tax_calculation_rounding_method = "round_globally"
        inside = self.tax15.copy({"name": "GST 15 in the price", "price_include_override": "tax_included"})
        self.map_tax(inside, "OUTPUT2")
        move = self.invoice(lines=[self.line(10.0, taxes=inside) for _line in range(3)])
        self.assertEqual((move.amount_total, move.amount_tax), (30.0, 3.91))
        even = self.invoice(self.customer("Even"), lines=[self.line(115.0, taxes=inside)])
        self.work()
        self.assertSynced(move, even)
        document = self.in_xero(move)
        self.assertEqual((document["LineAmountTypes"], document["Total"]), ("Exclusive", 30.0))
        *_lines, rounding = document["LineItems"]
        self.assertEqual(rounding["AccountCode"], "860")
        self.assertAlmostEqual(rounding["LineAmount"], move.amount_tax - document["TotalTax"])
        self.assertEqual(self.in_xero(even)["LineAmountTypes"], "Inclusive")

    def check_cash_rounding(self, strategy):
        sales = self.company_data["default_account_revenue"]
        rounding = self.env["account.cash.rounding"].create({
            "name": "To 5 cents", "rounding": 0.05, "strategy": strategy, "rounding_method": "HALF-UP",
            "profit_account_id": sales.id, "loss_account_id": sales.id,
        })
        move = self.invoice(lines=[self.line(9.99)], invoice_cash_rounding_id=rounding.id)
        self.assertEqual(move.amount_total, 11.5)
        self.work()
        self.assertSynced(move)
        document = self.in_xero(move)
        self.assertEqual((document["Total"], document["TotalTax"]), (11.5, 1.5))
        lines = [(item["AccountCode"], item["LineAmount"]) for item in document["LineItems"]]
        self.assertEqual(lines, [("200", 9.99), ("860", 0.01)])

    def test_cash_rounding_line_arrives_on_the_rounding_account(self):
        self.check_cash_rounding("add_invoice_line")

    def test_cash_rounding_on_the_biggest_tax_arrives_as_a_line(self):
        self.check_cash_rounding("biggest_tax")

    def test_currency_without_cents_arrives_to_the_unit(self):
        """S1.24: Odoo rounds tax to whole yen, Xero to cents"""
        yen = self.env.ref("base.JPY")
        yen.active = True
        self.sim.organisation("NZ", add_currency="JPY")
        self.organisation._refresh_reference()
        self.env["res.currency.rate"].create(
            {"currency_id": yen.id, "name": "2026-01-01", "rate": 90, "company_id": self.env.company.id}
        )
        self.env.company.tax_calculation_rounding_method = "round_per_line"
        move = self.invoice(lines=[self.line(33) for _line in range(4)], currency_id=yen.id)
        self.assertEqual(move.amount_total, 152)
        self.work()
        self.assertSynced(move)
        self.assertEqual(self.in_xero(move)["Total"], 152)

    def test_currency_with_three_decimals_is_stopped_before_a_call(self):
        """S1.24: Xero would cut the third decimal off"""
        dinar = self.env.ref("base.KWD")
        dinar.active = True
        self.env["xero.currency"].create({"organisation_id": self.organisation.id, "name": "KWD"})
        move = self.invoice(lines=[self.line(1.234)], currency_id=dinar.id)
        self.work()
        self.assertStopped(move, "currency_decimals", "failed")
        self.assertFalse(self.writes("Invoices"))

    def test_tax_in_the_price_and_on_top_in_one_document(self):
        inside = self.tax15.copy({"name": "GST 15 in the price", "price_include_override": "tax_included"})
        self.map_tax(inside, "OUTPUT2")
        move = self.invoice(lines=[self.line(115.0, 3, taxes=inside), self.line(100.0)])
        self.work()
        document = self.in_xero(move)
        self.assertEqual((document["LineAmountTypes"], document["Total"]), ("Exclusive", move.amount_total))
        alone = self.invoice(self.customer("Inside"), lines=[self.line(115.0, 3, taxes=inside)])
        self.work()
        document = self.in_xero(alone)
        self.assertEqual(
            (document["LineAmountTypes"], document["Total"], document["TotalTax"]), ("Inclusive", 345.0, 45.0)
        )

    def test_number_that_a_stranger_used_is_not_overwritten(self):
        move = self.invoice(post=False)
        move.name = "INV/2026/77777"
        self.stranger_uses(move.name)
        move.action_post()
        self.work()
        self.assertStopped(move, "number_taken", "held")
        self.assertEqual(self.in_xero(move)["LineItems"][0]["Description"], "By hand")

    def test_our_own_invoice_is_adopted_after_the_links_were_lost(self):
        """C1 #11: a restored database makes no second invoice"""
        move = self.invoice()
        self.work()
        xero_id = self.link(move).xero_id
        self.link(move).unlink()
        self.env["xero.change"]._append(move)
        self.work()
        self.assertSynced(move)
        self.assertEqual(self.link(move).xero_id, xero_id)
        self.in_xero(move)

    def test_deleted_record_says_so_and_deletes_nothing_in_xero(self):
        partner = self.customer("Short lived")
        move = self.invoice(partner)
        self.work()
        move.button_draft()
        link = self.link(move)
        number = move.name
        move.with_context(force_delete=True).unlink()
        self.work()
        self.assertEqual((link.outcome, link.error_code), ("gone", "record_gone"))
        self.assertEqual(
            self.sim.books("NZ", "Invoices", InvoiceNumbers=number, page=1)["Invoices"][0]["Status"], "AUTHORISED"
        )

    def test_answer_with_another_total_becomes_a_conflict(self):
        """S1.4: what Xero computed is compared, not assumed"""
        handler = self.env["xero.resource.invoices"]
        note = {"digest": "d", "version": "v", "lines": [], "expected": {"Total": "115.00", "TotalTax": "15.00"}}
        values = handler._agreed_values(note, {"InvoiceID": "x", "Total": 114.99, "TotalTax": 15})
        self.assertEqual((values["outcome"], values["error_code"]), ("conflict", "answer_differs"))
        values = handler._agreed_values(note, {"InvoiceID": "x", "Total": 115.0, "TotalTax": 14.99})
        self.assertEqual((values["outcome"], values["error_code"]), ("conflict", "answer_tax_differs"))
        values = handler._agreed_values(note, {"InvoiceID": "x", "Total": 115.0, "TotalTax": 15.0})
        self.assertEqual(values["outcome"], "synced")
