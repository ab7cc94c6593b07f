"""Customer invoices to Xero: what arrives, in how many calls, under which number (S1.15-S1.27, S2.8-S2.11)."""

from odoo.tests import tagged

from .common import EngineCommon


@tagged("post_install", "-at_install")
class TestPushInvoices(EngineCommon):
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

    def test_status_in_xero_is_the_organisation_s_choice(self):
        """S1.20"""
        for status in ("DRAFT", "SUBMITTED", "AUTHORISED"):
            self.organisation.invoice_status = status
            move = self.invoice(self.customer(f"Status {status}"))
            self.work()
            self.assertEqual(self.in_xero(move)["Status"], status)

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
