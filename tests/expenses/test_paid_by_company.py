"""Expenses that the company paid: money spent from the bank account (S1.3)."""

from odoo.tests import tagged

from .common import ExpensesCommon, SpendCommon


@tagged("post_install", "-at_install")
class TestSpending(SpendCommon):
    """With ``account`` alone."""

    def reconcile_in_xero(self, xero_id):
        self.sim.books(
            "NZ", "BankTransactions", "POST", {"BankTransactionID": xero_id, "IsReconciled": True}
        )

    def test_payment_with_an_entry_of_its_own_is_money_spent(self):
        """S1.3: from the journal's bank account, with account, tax, reference, the way back, and the total"""
        payment = self.spend(80.25)
        self.work()
        self.assertSynced(payment)
        [spent] = self.spent_in_xero()
        self.assertEqual(
            {key: spent[key] for key in ("Type", "Status", "Total", "TotalTax", "LineAmountTypes", "Reference")},
            {"Type": "SPEND", "Status": "AUTHORISED", "Total": 80.25, "TotalTax": 10.47,
             "LineAmountTypes": "Inclusive", "Reference": payment.name},
        )  # fmt: skip
        self.assertEqual(spent["BankAccount"]["Code"], "090")
        self.assertEqual(spent["Contact"]["Name"], "Taxi Ltd")
        self.assertEqual([(i["AccountCode"], i["TaxType"]) for i in spent["LineItems"]], [("404", "INPUT2")])
        self.assertIn(f"model=account.payment&res_id={payment.id}", spent["Url"])

    def test_payment_of_a_bill_is_none(self):
        self.env["account.payment"].create({
            "payment_type": "outbound", "partner_type": "supplier", "partner_id": self.customer().id, "amount": 50,
            "journal_id": self.bank.id,
        }).action_post()  # fmt: skip
        self.assertFalse(self.changes().filtered(lambda change: change.resource == "BankTransactions"))

    def test_fifty_go_in_one_call(self):
        partner = self.customer("Taxi Ltd")
        payments = [self.spend(10 + number, partner) for number in range(5)]
        self.work()
        self.assertSynced(*payments)
        self.assertEqual(len(self.writes("BankTransactions")), 1)

    def test_second_cycle_writes_nothing(self):
        """S1.5"""
        payment = self.spend()
        self.work()
        self.sim.clear_calls()
        self.env["xero.change"]._append(payment)
        self.work()
        self.assertEqual(self.sim.count_calls(), 0)
        self.assertFalse(self.changes())

    def test_cancelled_payment_is_deleted_in_xero(self):
        payment = self.spend()
        self.work()
        payment.action_draft()
        self.work()
        self.assertEqual(self.spent_in_xero()[0]["Status"], "AUTHORISED", "a reset to draft alone deletes nothing")
        payment.action_cancel()
        self.work()
        self.assertEqual(self.spent_in_xero()[0]["Status"], "DELETED")
        self.assertEqual(self.link(payment).xero_status, "DELETED")
        self.sim.clear_calls()
        self.work()
        self.assertFalse(self.writes())

    def test_deleted_payment_is_deleted_in_xero(self):
        payment = self.spend()
        self.work()
        link = self.link(payment)
        payment.unlink()
        self.work()
        self.assertEqual(self.spent_in_xero()[0]["Status"], "DELETED")
        self.assertEqual(link.xero_status, "DELETED")

    def test_reversed_payment_is_deleted_in_xero(self):
        payment = self.spend()
        self.work()
        payment.move_id._reverse_moves([{"date": "2026-06-02"}], cancel=True)
        self.work()
        self.assertEqual(self.spent_in_xero()[0]["Status"], "DELETED")

    def test_reversal_that_is_taken_back_brings_it_back(self):
        payment = self.spend()
        self.work()
        reversal = payment.move_id._reverse_moves([{"date": "2026-06-02"}], cancel=True)
        self.work()
        reversal.button_draft()
        self.work()
        self.assertEqual([one["Status"] for one in self.spent_in_xero()], ["DELETED", "AUTHORISED"])
        self.assertSynced(payment)

    def test_deleting_what_a_bookkeeper_deleted_is_agreement(self):
        payment = self.spend()
        self.work()
        self.sim.books(
            "NZ", "BankTransactions", "POST", {"BankTransactionID": self.link(payment).xero_id, "Status": "DELETED"}
        )
        payment.action_draft()
        payment.action_cancel()
        self.work()
        self.assertSynced(payment)

    def test_editing_what_a_bookkeeper_deleted_is_a_conflict(self):
        payment = self.spend()
        self.work()
        self.sim.books(
            "NZ", "BankTransactions", "POST", {"BankTransactionID": self.link(payment).xero_id, "Status": "DELETED"}
        )
        payment.move_id.line_ids[0].name = "too late"
        self.work()
        self.assertStopped(payment, "not_modifiable", "conflict")

    def test_change_goes_again_while_it_is_not_reconciled(self):
        payment = self.spend()
        self.work()
        before = self.spent_in_xero()[0]["LineItems"][0]["LineItemID"]
        payment.move_id.line_ids[0].name = "Ann: Taxi to the airport"
        self.work()
        [spent] = self.spent_in_xero()
        self.assertEqual(spent["LineItems"][0]["Description"], "Ann: Taxi to the airport")
        self.assertEqual(spent["LineItems"][0]["LineItemID"], before)
        self.assertSynced(payment)

    def test_it_follows_when_partners_are_merged_here(self):
        """Odoo's wizard changes payments without a write of theirs"""
        payment, stays = self.spend(), self.customer("Taxi Limited")
        self.work()
        self.env["base.partner.merge.automatic.wizard"]._merge([payment.partner_id.id, stays.id], stays)
        self.env.invalidate_all()
        self.work()
        [spent] = self.spent_in_xero()
        self.assertEqual(spent["Contact"]["Name"], "Taxi Limited")
        self.assertSynced(payment)

    def test_reconciled_one_is_a_conflict_that_says_what_to_do(self):
        payment = self.spend()
        self.work()
        self.reconcile_in_xero(self.link(payment).xero_id)
        payment.action_draft()
        payment.action_cancel()
        self.work()
        self.assertStopped(payment, "spend_reconciled", "conflict")
        self.assertEqual(self.spent_in_xero()[0]["Status"], "AUTHORISED")
        [difference] = self.env["xero.difference"].search([("state", "=", "open")])
        self.assertEqual(self.link(payment).action_cure()["res_id"], difference.id)
        self.assertEqual(difference.values, [{"label": "Status", "odoo": "canceled", "xero": "AUTHORISED"}])

    def test_change_of_a_reconciled_one_shows_both_values_and_goes_when_xero_takes_it(self):
        payment, stays = self.spend(), self.customer("Taxi Limited")
        self.work()
        self.reconcile_in_xero(self.link(payment).xero_id)
        self.env["base.partner.merge.automatic.wizard"]._merge([payment.partner_id.id, stays.id], stays)
        self.env.invalidate_all()
        self.work()
        self.assertStopped(payment, "spend_reconciled", "conflict")
        [difference] = self.env["xero.difference"].search([("state", "=", "open")])
        self.assertEqual(difference.values, [{"label": "Contact", "odoo": "Taxi Limited", "xero": "Taxi Ltd"}])
        self.sim.organisation("NZ", unreconcile_payment=self.link(payment).xero_id)
        difference.action_take_odoo()
        self.work()
        self.assertSynced(payment)
        self.assertEqual(difference.state, "decided")
        self.assertEqual(self.spent_in_xero()[0]["Contact"]["Name"], "Taxi Limited")

    def test_in_doubt_it_is_found_by_its_url(self):
        """Nothing is doubled: the answer was lost, Xero had booked it"""
        payment = self.spend()
        self.sim.fault("drop_after", match={"path": "/BankTransactions", "method": "PUT"}, times=2)
        self.work()
        self.assertEqual(self.link(payment).outcome, "in_doubt")
        self.organisation.write({"parked_until": False})
        self.env["xero.request"].search([("state", "=", "recorded")]).sent_at = "2026-01-01 00:00:00"
        self.work()
        self.assertSynced(payment)
        self.assertEqual(len(self.spent_in_xero()), 1)

    def test_journal_that_is_not_mapped_holds_it(self):
        self.env["xero.journal.mapping"].search([]).unlink()
        payment = self.spend()
        self.work()
        self.assertStopped(payment, "mapping_journal", "held")
        self.map_journal(self.bank, "090")
        self.work()
        self.assertSynced(payment)

    def test_journal_on_an_account_that_is_no_bank_says_so(self):
        self.env["xero.journal.mapping"].search([]).unlink()
        owner = self.organisation.account_ids.filtered("enable_payments").filtered(lambda a: a.account_type != "BANK")
        self.map_journal(self.bank, owner[0].code)
        payment = self.spend()
        self.work()
        self.assertStopped(payment, "journal_no_bank", "held")

    def test_nobody_to_name_says_so(self):
        payment = self.spend(partner=self.env["res.partner"])
        self.work()
        self.assertStopped(payment, "spend_contact_missing", "held")

    def test_locked_period_stops_it_before_a_call(self):
        self.organisation.period_lock_date = "2026-06-30"
        payment = self.spend()
        self.work()
        self.assertStopped(payment, "locked_period", "held")
        self.assertFalse(self.writes("BankTransactions"))

    def compared(self):
        """:return: the open differences that a comparison finds"""
        self.organisation.action_compare()
        self.work()
        sweep = self.env["xero.sweep"].search([("organisation_id", "=", self.organisation.id)], limit=1)
        self.assertEqual(sweep.state, "done")
        return self.env["xero.difference"].search(
            [("organisation_id", "=", self.organisation.id), ("state", "=", "open")]
        )

    def in_books(self, payment, **values):
        self.sim.books(
            "NZ", "BankTransactions", "POST", {"BankTransactionID": self.link(payment).xero_id} | values
        )

    def test_comparison_finds_what_a_bookkeeper_changed_and_not_the_bookkeepers_own(self):
        """S1.28"""
        payment = self.spend()
        self.work()
        contact = self.spent_in_xero()[0]["Contact"]["ContactID"]
        self.sim.books("NZ", "BankTransactions", "PUT", {
            "Type": "SPEND", "Contact": {"ContactID": contact}, "BankAccount": {"Code": "090"}, "Date": "2026-06-02",
            "LineItems": [{"Description": "Rent", "Quantity": 1, "UnitAmount": 9, "AccountCode": "404"}],
        })  # fmt: skip
        self.sim.clear_calls()
        self.assertFalse(self.compared())
        self.assertEqual(len(self.sim.calls(path="/BankTransactions")), 1, "a call per thousand")
        self.in_books(payment, Date="2026-06-09")
        row = self.compared()
        self.assertEqual(row.values, [{"label": "Date", "odoo": "2026-06-01", "xero": "2026-06-09"}])
        self.assertEqual((row.can_take_odoo, row.can_take_xero, row.res_id), (True, False, payment.id))
        row.action_take_odoo()
        self.work()
        self.assertEqual(row.state, "decided")
        self.assertFalse(self.compared())

    def test_comparison_finds_what_a_bookkeeper_deleted(self):
        payment = self.spend()
        self.work()
        self.in_books(payment, Status="DELETED")
        row = self.compared()
        self.assertEqual((row.reason, row.values[0]["xero"]), ("ended", "DELETED"))
        row.action_take_odoo()
        self.work()
        self.assertEqual([one["Status"] for one in self.spent_in_xero()], ["DELETED", "AUTHORISED"])
        self.assertFalse(self.compared())

    def test_comparison_finds_what_is_not_there_any_more(self):
        payment = self.spend()
        self.work()
        self.link(payment).xero_id = "00000000-1111-2222-3333-444444444444"
        row = self.compared()
        self.assertEqual((row.reason, row.xero_text), ("missing_in_xero", "Not there"))
        payment.action_draft()
        payment.action_cancel()
        self.assertFalse(self.compared())

    def test_off_sends_none(self):
        self.directions(expenses="off")
        self.spend()
        self.work()
        self.assertFalse(self.spent_in_xero())

    # ---- who records the journal's money (S1.26) ---------------------------------------------------

    def recorded_by(self, who):
        self.env["xero.journal.mapping"].search([("journal_id", "=", self.bank.id)]).recorded_by = who

    def test_money_that_is_recorded_in_xero_is_not_sent_once_more(self):
        """S1.26: the bookkeeper enters it there from the bank statement"""
        self.recorded_by("xero")
        payment = self.spend()
        queued = self.changes().filtered(lambda change: change.resource == "BankTransactions")
        self.assertFalse(queued, "it is not even queued")
        self.work()
        self.assertFalse(self.spent_in_xero())
        self.assertFalse(self.link(payment))

    def test_money_that_is_recorded_in_odoo_goes_like_that_of_both(self):
        self.recorded_by("odoo")
        payment = self.spend()
        self.work()
        self.assertSynced(payment)
        self.assertEqual(len(self.spent_in_xero()), 1)

    def test_what_was_queued_before_xero_recorded_the_journal_stays_here(self):
        payment = self.spend(partner=self.customer("Nobody Yet"))
        self.recorded_by("xero")
        self.work()
        self.assertFalse(self.spent_in_xero())
        self.assertFalse(self.changes())
        self.assertFalse(self.link(payment))
        self.assertFalse(self.sim.books("NZ", "Contacts", page=1, where='Name=="Nobody Yet"')["Contacts"])

    def test_what_went_before_stays_in_xero_as_it_is(self):
        """From then on the bookkeeper's word counts: neither changes nor endings go"""
        changed, cancelled, deleted = self.spend(), self.spend(23), self.spend(46)
        self.work()
        before = self.spent_in_xero()
        self.recorded_by("xero")
        changed.move_id.line_ids[0].name = "Ann: Ferry"
        cancelled.action_draft()
        cancelled.action_cancel()
        deleted.unlink()
        self.work()
        self.assertEqual(self.spent_in_xero(), before)

    def test_expenses_that_do_not_go_are_not_deleted_in_xero_either(self):
        payment = self.spend()
        self.work()
        self.directions(expenses="off")
        payment.unlink()
        self.work()
        self.assertEqual([item["Status"] for item in self.spent_in_xero()], ["AUTHORISED"])

    def test_money_spent_in_xero_does_not_come(self):
        """Xero does not tell whose spending it was: whoever records the journal there has it there alone"""
        self.spend()
        self.work()
        self.recorded_by("xero")
        count = self.env["account.payment"].search_count([])
        contact = self.sim.books("NZ", "Contacts", page=1)["Contacts"][0]["ContactID"]
        self.sim.books("NZ", "BankTransactions", "PUT", {
            "Type": "SPEND", "Contact": {"ContactID": contact}, "BankAccount": {"Code": "090"}, "Date": "2026-06-02",
            "LineItems": [{"Description": "Fuel", "Quantity": 1, "UnitAmount": 40, "AccountCode": "404"}],
        })  # fmt: skip
        self.env["xero.cursor"].search([]).write({"due_at": False})
        self.work()
        self.assertEqual(self.env["account.payment"].search_count([]), count)


@tagged("post_install", "-at_install")
class TestPaidByCompany(ExpensesCommon):
    """With ``hr_expense``."""

    def company_expense(self, **values):
        method = self.bank.outbound_payment_method_line_ids[:1]
        return self.expense(paid_by="company_account", payment_method_line_id=method.id, **values)

    def test_card_whose_money_is_recorded_in_xero_sends_nothing(self):
        """S1.26"""
        self.env["xero.journal.mapping"].search([("journal_id", "=", self.bank.id)]).recorded_by = "xero"
        self.post(self.company_expense(receipt="cab.png"))
        self.work()
        self.assertFalse(self.spent_in_xero())
        self.assertFalse(self.changes())

    def test_expense_on_the_company_card_is_money_spent(self):
        """S1.3: once, to the vendor, with its receipt"""
        vendor = self.customer("City Cabs")
        payment = self.post(self.company_expense(total=57.77, vendor_id=vendor.id)).origin_payment_id
        self.work()
        self.assertSynced(payment)
        [spent] = self.spent_in_xero()
        self.assertEqual((spent["Total"], spent["Contact"]["Name"]), (57.77, "City Cabs"))
        self.assertEqual(spent["LineItems"][0]["Description"], "Ann Walker: Taxi")

    def test_without_a_vendor_it_is_the_employee_who_spent_it(self):
        payment = self.post(self.company_expense()).origin_payment_id
        self.work()
        self.assertSynced(payment)
        self.assertEqual(self.spent_in_xero()[0]["Contact"]["Name"], "Ann Walker")

    def test_foreign_currency_is_told_in_the_bank_accounts(self):
        """Xero books money in the currency of the account that it left"""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create({"currency_id": dollar.id, "name": "2026-01-01", "rate": 0.61})
        expense = self.company_expense(total=100.0, currency_id=dollar.id)
        payment = self.post(expense).origin_payment_id
        self.work()
        self.assertSynced(payment)
        [spent] = self.spent_in_xero()
        self.assertEqual((spent["Total"], spent["CurrencyCode"]), (expense.total_amount, "NZD"))

    def test_reset_expense_is_taken_back_in_xero(self):
        expense = self.company_expense()
        move = self.post(expense)
        payment = move.origin_payment_id
        self.work()
        payment.action_draft()
        expense.action_reset()
        self.work()
        self.assertEqual(self.spent_in_xero()[0]["Status"], "DELETED")
