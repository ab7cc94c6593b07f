"""A payment that settles more than the money that moved: a write-off stands in Xero as a payment of its own (S1.26)."""

from odoo import Command
from odoo.tests import tagged

from .payments_common import PaymentsCommon


@tagged("post_install", "-at_install")
class TestPaymentsWriteOff(PaymentsCommon):
    def setUp(self):
        super().setUp()
        self.written_off = self.account_for_write_offs(mapped=False)

    def map_written_off(self):
        return self.map_account(self.written_off, "4780")

    def pay_less(self, *moves, amount=95.0, account=None, **values):
        later = {"payment_difference_handling": "reconcile", "writeoff_account_id": account or self.written_off}
        return self.pay(*moves, amount=amount, later=later, **values)

    def sums(self):
        """[(amount, code of the account)] of what stands in Xero"""
        return sorted((item["Amount"], item["Account"]["Code"]) for item in self.of_xero())

    def write_off_links(self, move):
        return self.links(self.partials(move), "WriteOffs")

    def test_write_off_is_a_payment_of_its_own_and_both_sides_are_paid(self):
        self.map_written_off()
        sold, bought = self.sold(), self.bought()
        self.pay_less(sold)
        self.pay_less(bought, amount=90)
        self.work()
        self.assertEqual(self.sums(), [(5, "4780"), (10, "4780"), (90, "090"), (95, "090")])
        for move in (sold, bought):
            self.assertEqual(self.due(move), (0, 0))
            self.assertEqual(self.there(move)["Status"], "PAID")
            self.assertEqual(self.write_off_links(move).outcome, "synced")
        self.assertQuiet()

    def test_unmapped_account_lets_the_money_go_and_the_rest_wait_with_its_cure(self):
        move = self.sold()
        self.pay_less(move)
        self.work()
        self.assertEqual(self.sums(), [(95, "090")])
        link = self.write_off_links(move)
        self.assertEqual((link.outcome, link.error_code, link.cure),
                         ("held", "write_off_account", "action_open_account_mapping"))  # fmt: skip
        for word in ("5.00", self.written_off.name):
            self.assertIn(word, link.error_message)
        self.assertEqual(link.action_open_account_mapping()["context"]["default_account_id"], self.written_off.id)
        self.map_written_off()
        self.work()
        self.assertEqual(link.outcome, "synced", link.error_message)
        self.assertEqual(self.due(move), (0, 0))
        self.assertQuiet()

    def test_account_that_takes_no_payments_says_where_to_enable_them(self):
        self.map_account(self.written_off, "400")
        move = self.sold()
        self.pay_less(move)
        self.work()
        link = self.write_off_links(move)
        self.assertEqual((link.error_code, link.cure), ("mapping_account_refused", "action_open_account_mapping"))
        self.assertIn("not enabled", link.error_message)
        account = self.account("400")
        self.sim.books("NZ", f"Accounts/{account.xero_id}", "POST", {"EnablePaymentsToAccount": True})
        self.organisation._refresh_reference()
        link.action_retry()
        self.work()
        self.assertEqual(self.sums(), [(5, "400"), (95, "090")])

    def test_undoing_here_takes_both_back(self):
        self.map_written_off()
        for undo in ("unmatch", "cancel", "delete"):
            with self.subTest(undo=undo):
                move = self.sold()
                payment = self.pay_less(move)
                self.work()
                self.assertEqual(len(self.of_xero()), 2)
                self.organisation.send_unmatched = undo != "unmatch"
                self.undo(undo, move, payment)
                self.work()
                self.assertEqual((self.of_xero(), self.due(move)), ([], (100, 100)))
                self.assertQuiet()

    def test_unmatched_it_is_an_overpayment_of_the_money_alone_and_matched_again_both_agree(self):
        self.map_written_off()
        move = self.sold()
        payment = self.pay_less(move)
        self.work()
        self.partials(move).unlink()
        self.work()
        [credit] = self.sim.books("NZ", "Overpayments", page=1)["Overpayments"]
        self.assertEqual((credit["Total"], self.of_xero()), (95, []))
        lines = (move | payment.move_id).line_ids
        lines.filtered(lambda line: line.account_id.account_type == "asset_receivable").reconcile()
        self.work()
        self.assertEqual(self.due(move), (0, 0))
        self.assertEqual(self.sums(), [(5, "4780")])
        self.assertQuiet()

    def test_money_removed_in_xero_takes_the_write_off_along(self):
        self.map_written_off()
        move = self.sold()
        payment = self.pay_less(move)
        self.work()
        self.in_books("Payments", PaymentID=self.links(self.partials(move)).xero_id, Status="DELETED")
        self.work_again()
        self.assertEqual((self.due(move), self.of_xero(), payment.state), ((100, 100), [], "canceled"))
        self.assertQuiet()

    def test_credit_taken_back_in_xero_takes_the_write_off_along(self):
        """Unmatched it became credit, matched again an allocation, and what was written off a payment beside that."""
        self.map_written_off()
        move = self.sold()
        payment = self.pay_less(move)
        self.work()
        self.partials(move).unlink()
        self.work()
        self.match(move, payment.move_id)
        self.work()
        self.assertEqual((self.sums(), self.due(move)), ([(5, "4780")], (0, 0)))
        link = self.links(self.partials(move), "Allocations")
        self.sim.books("NZ", f"Overpayments/{link.parent_xero_id}/Allocations/{link.xero_id}", "DELETE")
        self.work_again()
        self.assertEqual((self.sums(), self.due(move)), ([], (100, 100)))
        self.assertQuiet()

    def test_both_removed_in_xero_have_ended_and_nobody_has_to_look(self):
        self.map_written_off()
        move = self.sold()
        self.pay_less(move)
        self.work()
        partials = self.partials(move)
        links = self.links(partials) | self.write_off_links(move)
        for link in links:
            self.in_books("Payments", PaymentID=link.xero_id, Status="DELETED")
        self.work_again()
        self.assertEqual((self.due(move), partials.exists().ids), ((100, 100), []))
        self.assertEqual([(link.outcome, link.error_code) for link in links], [("gone", False)] * 2)
        self.assertFalse(self.env["xero.work.item"].search([("organisation_id", "=", self.organisation.id)]))

    def test_write_off_removed_in_xero_is_a_persons_to_decide(self):
        self.map_written_off()
        move = self.sold()
        self.pay_less(move)
        self.work()
        link = self.write_off_links(move)
        self.in_books("Payments", PaymentID=link.xero_id, Status="DELETED")
        self.work_again()
        self.assertEqual((link.outcome, link.error_code), ("conflict", "write_off_removed"))
        self.assertEqual(self.due(move), (5, 0))
        link.action_retry()
        self.work()
        self.assertEqual((link.outcome, self.due(move)), ("synced", (0, 0)))
        self.assertQuiet()

    def test_payment_of_several_documents_takes_it_from_the_first(self):
        self.map_written_off()
        first, second = self.sold(60), self.sold(40)
        self.pay_less(first, second, amount=97, group_payment=True)
        self.assertEqual((first | second).mapped("amount_residual"), [0, 0])
        self.work()
        self.assertEqual(sum(amount for amount, code in self.sums() if code == "090"), 97)
        self.assertEqual([amount for amount, code in self.sums() if code == "4780"], [3])
        for move in (first, second):
            self.assertEqual(self.due(move), (0, 0))
        self.assertQuiet()

    def test_foreign_write_off_books_the_same_gain_on_both_sides(self):
        self.map_written_off()
        usd = self.dollars({"2026-01-01": 0.5, "2026-06-05": 0.625})
        move = self.sold(100, currency_id=usd.id)
        self.pay_less(move, amount=90, currency_id=usd.id)
        self.work()
        found = sorted((item["Amount"], item["CurrencyRate"], item["BankAmount"]) for item in self.of_xero())
        self.assertEqual(found, [(10.0, 0.625, 16.0), (90.0, 0.625, 144.0)])
        self.assertEqual(self.due(move), (0, 0))
        self.assertQuiet()

    def test_early_payment_discount_without_tax_goes(self):
        account = self.env.company.account_journal_early_pay_discount_loss_account_id
        self.map_account(account, "4780")
        term = self.env["account.payment.term"].create({
            "name": "2% 10", "early_discount": True, "discount_percentage": 2, "discount_days": 10,
            "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
        })  # fmt: skip
        move = self.sold(invoice_payment_term_id=term.id)
        self.pay(move, date="2026-06-05")
        self.work()
        self.assertEqual(self.sums(), [(2, "4780"), (98, "090")])
        self.assertEqual(self.due(move), (0, 0))
        self.assertQuiet()

    # ---- discounts that bear tax --------------------------------------------------------------------

    def discounted(self, tax=None, **values):
        """A document of 100.00 and 15.00 tax, with 2 % off if it is paid at once."""
        term = self.env["account.payment.term"].create({
            "name": "2% 10", "early_discount": True, "discount_percentage": 2, "discount_days": 10,
            "early_pay_discount_computation": "included",
            "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
        })  # fmt: skip
        account = self.expense if tax else self.income
        line = self.line(account_id=account.id, taxes=tax or self.tax15)
        return self.invoice(self.partner, [line], invoice_payment_term_id=term.id, **values)

    def credits(self):
        """Credit notes that stand in Xero"""
        items = self.sim.books("NZ", "CreditNotes", page=1)["CreditNotes"]
        return [item for item in items if item["Status"] not in ("VOIDED", "DELETED")]

    def test_discount_that_bears_tax_is_a_credit_note(self):
        """Xero's payments know no tax."""
        sold, bought = self.discounted(), self.discounted(self.bought15, move_type="in_invoice", ref="S-9")
        for move in (sold, bought):
            self.pay(move, date="2026-06-05")
        self.work()
        shown = ("Type", "Total", "TotalTax", "RemainingCredit")
        found = sorted(tuple(item[name] for name in shown) for item in self.credits())
        self.assertEqual(found, [("ACCPAYCREDIT", 2.3, 0.3, 0), ("ACCRECCREDIT", 2.3, 0.3, 0)])
        self.assertEqual(self.sums(), [(112.7, "090"), (112.7, "090")])
        for move in (sold, bought):
            self.assertEqual(self.due(move), (0, 0))
            for resource in ("Discounts", "DiscountAllocations"):
                self.assertEqual(self.links(self.partials(move), resource).outcome, "synced")
        self.assertQuiet()
        self.assertFalse(self.env["account.move"].search([("move_type", "=", "out_refund")]))
        self.organisation.action_compare()
        self.work()
        self.assertFalse(self.env["xero.difference"].search([("state", "=", "open")]))

    def test_undoing_takes_the_discount_back_and_again_makes_another(self):
        move = self.discounted()
        payment = self.pay(move, date="2026-06-05")
        self.work()
        payment.action_cancel()
        self.work()
        self.assertEqual((self.of_xero(), self.credits(), self.due(move)), ([], [], (115, 115)))
        self.assertQuiet()
        self.pay(move, date="2026-06-05")
        self.work()
        self.assertEqual((len(self.credits()), self.due(move)), (1, (0, 0)))
        self.assertQuiet()

    def test_money_removed_in_xero_takes_the_discount_along(self):
        move = self.discounted()
        payment = self.pay(move, date="2026-06-05")
        self.work()
        self.in_books("Payments", PaymentID=self.links(self.partials(move)).xero_id, Status="DELETED")
        self.work_again()
        self.assertEqual((self.due(move), self.credits(), payment.state), ((115, 115), [], "canceled"))
        self.assertQuiet()

    def test_discount_voided_in_xero_is_a_persons_to_decide(self):
        move = self.discounted()
        self.pay(move, date="2026-06-05")
        self.work()
        link = self.links(self.partials(move), "Discounts")
        allocation = self.links(self.partials(move), "DiscountAllocations")
        self.sim.books("NZ", f"CreditNotes/{link.xero_id}/Allocations/{allocation.xero_id}", "DELETE")
        self.in_books("CreditNotes", CreditNoteID=link.xero_id, Status="VOIDED")
        self.work_again()
        self.assertEqual((link.outcome, link.error_code), ("conflict", "write_off_removed"))

    def test_lost_answers_lead_to_one_discount(self):
        for path in ("/CreditNotes", "/Allocations"):
            with self.subTest(path):
                move = self.discounted()
                self.pay(move, date="2026-06-05")
                self.sim.fault("drop_after", match={"path": path, "method": "PUT"}, times=2)
                self.work()
                self.env["xero.request"].search([("state", "=", "recorded")]).sent_at = "2026-01-01"
                self.organisation.parked_until = False
                self.work()
                self.assertEqual(self.due(move), (0, 0))
                self.assertQuiet()
        self.assertEqual([item["Total"] for item in self.credits()], [2.3, 2.3])

    def test_discount_with_tax_on_a_credit_note_waits_with_what_to_do(self):
        refund = self.sold(100, move_type="out_refund")
        share = self.tax15.refund_repartition_line_ids.filtered(lambda one: one.repartition_type == "tax")
        tax_account = share.account_id or self.company_data["default_account_tax_sale"]
        payment = self.env["account.payment"].create({
            "payment_type": "outbound", "partner_type": "customer", "partner_id": self.partner.id, "amount": 97.7,
            "journal_id": self.bank.id, "date": "2026-06-10", "write_off_line_vals": [
                {"name": "Off", "account_id": account.id, "balance": -amount, "amount_currency": -amount,
                 "currency_id": self.env.company.currency_id.id, **more}
                for account, amount, more in (
                    (self.income, 2.0, {"tax_ids": [Command.set(self.tax15.ids)]}),
                    (tax_account, 0.3, {"tax_repartition_line_id": share.id}),
                )
            ],
        })  # fmt: skip
        payment.action_post()
        lines = (refund | payment.move_id).line_ids
        lines.filtered(lambda line: line.account_id.account_type == "asset_receivable").reconcile()
        self.work()
        self.assertEqual(self.sums(), [(97.7, "090")])
        link = self.links(self.partials(refund), "Discounts")
        self.assertEqual((link.outcome, link.error_code), ("held", "write_off_tax"))
        self.assertIn("2.30", link.error_message)
        self.env["xero.link"]._decide(link._targets(), "exempt", {"reason": "Entered by hand"})
        self.assertQuiet()

    def besides(self):
        """What stands in Xero as money spent or received"""
        items = self.sim.books("NZ", "BankTransactions", page=1)["BankTransactions"]
        return [item for item in items if item["Status"] != "DELETED"]

    def test_fee_on_top_is_money_spent_beside_the_payments(self):
        first, second = self.bought(60), self.bought(40, ref="S-2")
        payment = self.pay_less(first, second, amount=102, group_payment=True, account=self.expense)
        self.work()
        self.assertEqual(sorted(item["Amount"] for item in self.of_xero()), [40, 60])
        [there] = self.besides()
        self.assertEqual(
            (there["Type"], there["Total"], there["LineItems"][0]["AccountCode"], there["Reference"]),
            ("SPEND", 2, "429", payment.name),
        )
        for move in (first, second):
            self.assertEqual(self.due(move), (0, 0))
        self.assertQuiet()
        payment.action_draft()
        payment.date = "2026-06-11"
        payment.action_post()
        self.work()
        [again] = self.besides()
        self.assertNotEqual(again["BankTransactionID"], there["BankTransactionID"])
        self.assertQuiet()
        payment.action_cancel()
        self.work()
        self.assertEqual((self.of_xero(), self.besides()), ([], []))
        self.assertEqual(self.due(first), (60, 60))
        self.assertQuiet()

    def test_money_removed_in_xero_takes_the_fee_along_when_nothing_is_left_of_the_payment(self):
        first, second = self.bought(60), self.bought(40, ref="S-2")
        payment = self.pay_less(first, second, amount=102, group_payment=True, account=self.expense)
        self.work()
        for move, left in ((first, 1), (second, 0)):
            self.in_books("Payments", PaymentID=self.links(self.partials(move)).xero_id, Status="DELETED")
            self.work_again()
            self.assertEqual((len(self.besides()), len(self.of_xero())), (left, left))
        self.assertEqual((self.due(first), self.due(second), payment.state), ((60, 60), (40, 40), "canceled"))
        self.assertQuiet()

    def test_money_removed_in_xero_takes_the_fee_along(self):
        move = self.bought()
        payment = self.pay_less(move, amount=102, account=self.expense)
        self.work()
        self.in_books("Payments", PaymentID=self.links(self.partials(move)).xero_id, Status="DELETED")
        self.work_again()
        self.assertEqual((self.due(move), self.besides(), payment.state), ((100, 100), [], "canceled"))
        self.assertQuiet()

    def test_surplus_of_a_customer_is_money_received(self):
        move = self.sold()
        self.pay_less(move, amount=103, account=self.income)
        self.work()
        self.assertEqual(self.sums(), [(100, "090")])
        self.assertEqual([(item["Type"], item["Total"]) for item in self.besides()], [("RECEIVE", 3)])
        self.assertQuiet()

    def test_lost_answer_leads_to_one_fee(self):
        move = self.bought()
        self.pay_less(move, amount=102, account=self.expense)
        self.sim.fault("drop_after", match={"path": "/BankTransactions", "method": "PUT"}, times=2)
        self.work()
        self.env["xero.request"].search([("state", "=", "recorded")]).sent_at = "2026-01-01"
        self.organisation.parked_until = False
        self.work()
        self.assertEqual([item["Total"] for item in self.besides()], [2])
        self.assertQuiet()

    def test_fee_on_a_statement_line_waits_with_what_to_do(self):
        move = self.bought()
        line = self.env["account.bank.statement.line"].create({
            "journal_id": self.bank.id, "date": "2026-06-10", "payment_ref": "Out", "amount": -102,
            "partner_id": self.partner.id,
        })  # fmt: skip
        suspense = line._seek_for_lines()[1]
        payable = move.line_ids.filtered(lambda one: one.account_id.account_type == "liability_payable")
        line.move_id.with_context(skip_readonly_check=True).write({"line_ids": [
            Command.update(suspense.id, {"account_id": payable.account_id.id, "debit": 100, "amount_currency": 100}),
            Command.create({"account_id": self.expense.id, "debit": 2, "name": "Fee"}),
        ]})  # fmt: skip
        (suspense | payable).reconcile()
        self.work()
        self.assertEqual([item["Amount"] for item in self.of_xero()], [100])
        link = self.write_off_links(move)
        self.assertEqual(link.error_code, "write_off_surplus")
        self.assertIn("2.00", link.error_message)

    def test_write_off_made_on_both_sides_is_one(self):
        """The bookkeeper entered the money in Xero; here it came with a write-off."""
        self.map_written_off()
        move = self.sold()
        self.work()
        item = self.paid_in_xero(move, 95)
        self.pay_less(move)
        self.work_again()
        self.assertEqual(self.links(self.partials(move)).xero_id, item["PaymentID"])
        self.work()
        self.assertEqual(self.sums(), [(5, "4780"), (95, "090")])
        self.assertEqual(self.due(move), (0, 0))
        self.assertQuiet()
