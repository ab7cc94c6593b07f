"""One company with two sets of books at Xero: what comes from one never goes to the other (S4.17)."""

from odoo import Command
from odoo.tests import tagged

from .documents import DocumentsCommon


@tagged("post_install", "-at_install")
class TestTwoBooks(DocumentsCommon):
    def second(self):
        """Another organisation of the same company."""
        other = self.connect_organisation("AU")
        other.policy_ids.direction = "push"
        other.policy_ids.filtered(lambda policy: policy.kind not in ("attachments", "expenses")).direction = "both"
        return other

    def changes_of(self, organisation):
        return self.env["xero.change"].search(
            [("organisation_id", "=", organisation.id), ("res_model", "=", "account.move")]
        )

    def pulled(self):
        items = [
            self.in_books("Invoices", **self.theirs()),
            self.in_books("Invoices", **self.theirs(Type="ACCPAY", InvoiceNumber="S-77", lines=[
                self.their_line(AccountCode="429", TaxType="INPUT2")
            ])),
        ]  # fmt: skip
        self.work_again()
        moves = [self.of(item)[1] for item in items]
        self.assertEqual([move.state for move in moves], ["posted", "posted"])
        return moves

    def test_what_comes_from_the_one_is_not_owed_to_the_other(self):
        """The first names its journals, the second takes the rest: the journal of what comes is in neither list"""
        other = self.second()
        self.organisation.journal_ids = self.company_data["default_journal_sale"]
        for move in self.pulled():
            self.assertFalse(self.changes_of(other))
            move.ref = f"{move.ref}, noted here"
            move.line_ids[:1].name = "Noted"
            self.assertFalse(self.changes_of(other), "nor is what is changed later")
            self.assertIn(move.id, self.changes().mapped("res_id"))

    def test_draft_that_comes_from_the_one_is_not_sent_to_the_other_when_it_is_posted(self):
        other = self.second()
        self.organisation.journal_ids = self.company_data["default_journal_sale"]
        item = self.in_books("Invoices", **self.theirs(Type="ACCPAY", InvoiceNumber="S-77", Status="DRAFT", lines=[
            self.their_line(AccountCode="429", TaxType="INPUT2")
        ]))  # fmt: skip
        self.work_again()
        link, move = self.of(item)
        move.action_post()
        self.assertFalse(self.changes_of(other))
        self.work_again()
        self.assertEqual((link.outcome, link.xero_status), ("synced", "AUTHORISED"))

    def test_what_comes_to_the_second_of_two_that_name_no_journals_stays_there(self):
        other = self.second()
        other.write({"journal_ids": [Command.clear()]})
        here, there = sorted((self.organisation, other), key=lambda organisation: organisation.id)
        journal = there._journal_for("sale")
        self.assertEqual(self.env["xero.organisation"]._route(self.env.company.id, journal.id), [there.id])
        usual = self.company_data["default_journal_sale"]
        self.assertEqual(self.env["xero.organisation"]._route(self.env.company.id, usual.id), [here.id])

    def test_comparison_with_the_other_misses_nothing(self):
        other = self.second()
        self.organisation.journal_ids = self.company_data["default_journal_sale"]
        invoice, bill = self.pulled()
        sweep = self.env["xero.sweep"].create({"organisation_id": other.id})
        absent = self.env["xero.resource.invoices"]._sweep_absent(other, sweep, 0, 100)
        self.assertFalse({move_id for move_id, *_more in absent} & {invoice.id, bill.id})

    def test_every_organisation_of_a_company_gets_a_journal_of_its_own(self):
        organisations = [self.organisation, *map(self.connect_organisation, ("AU", "GB", "US"))]
        journals = [organisation._journal_for("sale") for organisation in organisations]
        self.assertEqual([journal.code for journal in journals], ["XERO", "XER1", "XER2", "XER3"])
