"""A payment shows how far it got on its way to Xero: a payment per document, credit, or money spent (S1.26)."""

from unittest.mock import patch

from odoo.tests import Form, tagged

from .common import ScreensCommon

PARTIAL = "account.partial.reconcile"


@tagged("post_install", "-at_install")
class TestPaymentState(ScreensCommon):
    second_company = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        accounts = cls.env["xero.account"].create({
            "organisation_id": cls.organisation.id, "xero_id": "guid-bank", "code": "090", "name": "Bank",
            "account_type": "BANK", "account_class": "ASSET",
        })  # fmt: skip
        cls.mapping = cls.env["xero.journal.mapping"].create({
            "organisation_id": cls.organisation.id, "journal_id": cls.bank.id, "xero_account_id": accounts.id,
        })  # fmt: skip

    def pay(self, *moves, forget=True, amount=None):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=[move.id for move in moves]
        ).create({"journal_id": self.bank.id, "group_payment": True})  # fmt: skip
        if amount:
            wizard.amount = amount
        payment = wizard._create_payments()
        if forget:
            self.env["xero.change"].search([]).unlink()
        return payment

    def partials(self, payment):
        lines = payment.move_id.line_ids
        return (lines.matched_debit_ids | lines.matched_credit_ids).sorted("id")

    def link(self, record, outcome="synced", resource="Payments", **values):
        if outcome == "synced":
            values = {"xero_id": f"guid-{resource}-{record.id}", "xero_status": "AUTHORISED"} | values
        return self.make_link(record, outcome, resource=resource, **values)

    # ---- states ----------------------------------------------------------------------------------

    def test_payment_of_a_document_is_queued_then_in_xero_with_a_way_there(self):
        payment = self.pay(self.make_invoice(), forget=False)
        self.assertState(payment, "queued")
        self.env["xero.change"].search([]).unlink()
        self.link(self.partials(payment), xero_number=payment.name)
        self.assertState(payment, "synced")
        self.assertEqual(payment.xero_number, payment.name)
        self.assertIn("/Bank/ViewTransaction.aspx", payment.xero_url)
        self.assertEqual(payment.action_xero_open()["url"], payment.xero_url)

    def test_payment_of_several_documents_shows_the_worst_and_leads_to_all(self):
        moves = self.make_invoice(), self.make_invoice()
        payment = self.pay(*moves)
        good, bad = self.partials(payment)
        self.link(good)
        self.link(bad, "failed", error_code="payment_reconciled")
        self.assertState(payment, "failed")
        self.assertTrue(payment.xero_message)
        self.assertEqual(payment.xero_link_count, 2)
        action = payment.action_xero_links()
        self.assertEqual(self.env["xero.link"].search(action["domain"]), payment.xero_link_ids)
        self.assertEqual(len(payment.xero_link_ids), 2)

    def test_payment_older_than_the_connection_can_be_sent(self):
        """Its documents' parts and what is left of it are queued at once"""
        payment = self.pay(self.make_invoice())
        self.assertState(payment, "not_sent")
        self.assertTrue(payment.xero_can_send)
        payment.action_xero_send()
        self.assertState(payment, "queued")
        self.assertTrue(self.changes(self.partials(payment)).by_hand)

    def test_unmatched_payment_is_owed_as_credit_unless_the_organisation_sends_none(self):
        payment = self.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": self.partner_a.id, "amount": 50,
            "journal_id": self.bank.id,
        })  # fmt: skip
        self.assertState(payment, "not_concerned")
        payment.action_post()
        self.env["xero.change"].search([]).unlink()
        self.assertState(payment, "not_sent")
        self.organisation.send_unmatched = False
        self.assertState(payment, "not_concerned")

    def test_payment_without_an_entry_belongs_where_its_document_does(self):
        """With Odoo's accounting app there is none before the bank's statement says it"""
        self.bank.inbound_payment_method_line_ids.payment_account_id = False
        move = self.make_invoice()
        with patch.object(self.registry["account.move"], "_get_invoice_in_payment_state", lambda _self: "in_payment"):
            payment = self.pay(move)
        self.assertFalse(payment.move_id)
        self.assertState(payment, "not_sent")
        payment.action_xero_send()
        self.assertState(payment, "queued")

    def test_journal_that_xero_records_has_nothing_to_send(self):
        payment = self.pay(self.make_invoice())
        self.mapping.recorded_by = "xero"
        self.assertState(payment, "not_concerned")

    def test_kind_that_does_not_go_has_nothing_to_send(self):
        payment = self.pay(self.make_invoice())
        self.organisation.policy_ids.filtered(lambda policy: policy.kind == "payments").direction = "pull"
        self.assertState(payment, "not_concerned")

    def test_credit_in_xero_that_ended_as_it_should_is_no_trouble(self):
        payment = self.pay(self.make_invoice())
        self.link(payment, "gone", "Overpayments", xero_status="DELETED")
        self.assertState(payment, "voided")
        self.link(self.partials(payment))
        self.assertState(payment, "synced")

    def test_deletion_that_xero_refused_stays_on_the_payment_and_can_be_retried(self):
        """The matching is gone here; the payment remembers what of it is still in Xero"""
        payment = self.pay(self.make_invoice())
        partial = self.partials(payment)
        link = self.link(
            partial, "conflict", xero_id="guid-1", error_code="payment_reconciled",
            remote={"journal": self.bank.id, "payment": payment.id},
        )  # fmt: skip
        partial.unlink()
        self.env["xero.change"].search([]).unlink()
        self.assertState(payment, "conflict")
        payment.with_user(self.bookkeeper).action_xero_retry()
        self.assertEqual(self.env["xero.change"].search([("res_model", "=", PARTIAL)]).kind, "retry")
        self.env["xero.change"].search([]).unlink()
        link.with_user(self.bookkeeper).action_retry()
        self.assertEqual(self.env["xero.change"].search([("res_model", "=", PARTIAL)]).kind, "retry")

    # ---- decisions -------------------------------------------------------------------------------

    def test_taking_a_payment_out_takes_its_parts_out(self):
        payment = self.pay(self.make_invoice())
        self.link(self.partials(payment))
        targets = payment._xero_targets()
        self.assertIn((self.organisation.id, "Overpayments", "account.payment", payment.id), targets)
        self.assertIn((self.organisation.id, "Payments", PARTIAL, self.partials(payment).id), targets)

    def test_a_part_opens_the_payment_and_what_it_waits_for_opens_the_document(self):
        move = self.make_invoice()
        payment = self.pay(move)
        link = self.link(self.partials(payment), "waiting", error_code="document_first")
        shown = link.action_open_record()
        self.assertEqual((shown["res_model"], shown["res_id"]), ("account.payment", payment.id))
        shown = payment.with_user(self.bookkeeper).action_xero_cure()
        self.assertEqual((shown["res_model"], shown["res_id"]), ("account.move", move.id))

    # ---- who, how much ---------------------------------------------------------------------------

    def test_people_see_what_their_rights_allow(self):
        payment = self.pay(self.make_invoice())
        self.link(self.partials(payment), "failed", error_code="payment_reconciled")
        for user, manages in ((self.manager, True), (self.bookkeeper, False), (self.auditor, False)):
            with self.subTest(user=user.login):
                if user == self.manager:
                    user.group_ids += self.env.ref("account.group_account_invoice")
                arch = self.env["account.payment"].with_user(user).get_view(view_type="form")["arch"]
                self.assertIn("xero_attention", arch)
                self.assertEqual("action_xero_exempt" in arch, manages)
                self.assertEqual(payment.with_user(user).read(["xero_state"])[0]["xero_state"], "failed")

    def test_other_companies_see_nothing_of_it(self):
        payment = self.pay(self.make_invoice())
        self.link(self.partials(payment))
        there = payment.with_context(allowed_company_ids=self.theirs["company"].ids)
        there.invalidate_recordset()
        self.assertEqual(there.xero_state, "not_concerned")

    def test_company_without_an_organisation_is_not_bothered(self):
        self.organisation.write({"state": "disconnected", "active": False})
        payment = self.pay(self.make_invoice())
        self.assertState(payment, "not_concerned")
        with Form(payment) as form:
            self.assertFalse(form.xero_message)

    def test_ten_payments_cost_no_more_queries_than_two(self):
        payments = self.env["account.payment"].union(*(self.pay(self.make_invoice()) for _n in range(12)))
        for payment in payments[::2]:
            self.link(self.partials(payment))

        def cost(some):
            self.env.invalidate_all()
            self.env["account.payment"].browse(some.ids).mapped("memo")
            before = self.env.cr.sql_log_count
            some.mapped("xero_state")
            return self.env.cr.sql_log_count - before

        cost(payments)
        self.assertLessEqual(cost(payments[2:]), cost(payments[:2]) + 1)
