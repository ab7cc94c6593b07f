"""Who wins is asked of what stands on the lines, too: accounts, rates, options, though the amounts are the same."""

from itertools import product

from odoo.tests import tagged

from .common import EffectsCommon
from .test_policy import DOCUMENTS
from .test_reference import TrackedCommon

KEYS = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode", "TaxType", "Tracking")


class LinesCommon(EffectsCommon):
    def other_account(self, move, code):
        """An account beside the usual one, on both sides."""
        usual = move.invoice_line_ids.account_id
        account = usual.copy({"code": f"{usual.code[:3]}{code}", "name": f"Like {code}"})
        self.map_account(account, code)
        return account

    def change_lines_here(self, move, **values):
        move.button_draft()
        move.invoice_line_ids.write(values)
        move.action_post()

    def change_lines_there(self, link, **values):
        """A bookkeeper changes every line, and no cycle follows."""
        lines = [{key: line[key] for key in KEYS if key in line} | values for line in self.item(link)["LineItems"]]
        self.in_books(link.resource, **{f"{link.resource[:-1]}ID": link.xero_id}, LineItems=lines)

    def codes(self, link):
        return [line["AccountCode"] for line in self.item(link)["LineItems"]]


@tagged("post_install", "-at_install")
class TestLinePolicy(LinesCommon):
    def recoded(self, move_type):
        """On each side a line goes to another account. :return: the document, its link, the accounts and their codes"""
        move = self.document(move_type)
        link = self.document_link(move)
        codes = ("260", "270") if move.is_sale_document() else ("453", "461")
        here, there = (
            self.env["xero.account.mapping"].search([("xero_account_id.code", "=", code)]).account_id
            or self.other_account(move, code) for code in codes
        )  # fmt: skip
        self.change_lines_here(move, account_id=here.id)
        self.change_lines_there(link, AccountCode=codes[1])
        self.work_again()
        return move, link, here, there, codes

    def test_account_that_both_sides_changed_is_the_winners(self):
        for (move_type, kind), wins in product(DOCUMENTS.items(), ("odoo", "xero")):
            with self.subTest(kind=kind, move_type=move_type, wins=wins):
                self.wins(wins)
                move, link, here, there, codes = self.recoded(move_type)
                first = wins == "odoo"
                self.assertEqual(move.invoice_line_ids.account_id, here if first else there)
                self.assertEqual(self.codes(link), [codes[0 if first else 1]])
                self.assertFalse(self.difference(link))
                self.assertEqual(link.outcome, "synced")
                self.assertQuiet()

    def test_asked_nobody_takes_an_account_over_before_a_person_decides(self):
        self.wins("ask")
        for move_type, kind in DOCUMENTS.items():
            with self.subTest(kind=kind, move_type=move_type):
                move, link, here, there, codes = self.recoded(move_type)
                self.assertEqual((move.invoice_line_ids.account_id, self.codes(link)), (here, [codes[1]]))
                row = self.difference(link)
                [value] = row.values
                self.assertEqual(value["label"], "Account")
                self.assertIn(codes[0], value["odoo"])
                self.assertIn(codes[1], value["xero"])
                self.assertQuiet()
                row.action_take_odoo() if kind == "bills" else row.action_take_xero()
                self.work()
                agreed = (here, [codes[0]]) if kind == "bills" else (there, [codes[1]])
                self.assertEqual((move.invoice_line_ids.account_id, self.codes(link)), agreed)
                self.assertFalse(self.difference(link))
                self.assertQuiet()

    def test_same_account_on_both_sides_is_no_question(self):
        """Also where a bookkeeper wrote the line anew, so that it has another id"""
        self.wins("ask")
        for anew in (False, True):
            move = self.document("in_invoice")
            link = self.document_link(move)
            here = self.other_account(move, "461" if anew else "453")
            self.change_lines_here(move, account_id=here.id)
            code = self.env["xero.account.mapping"].search([("account_id", "=", here.id)]).xero_account_id.code
            self.change_lines_there(link, AccountCode=code, **({"LineItemID": ""} if anew else {}))
            self.work_again()
            self.assertEqual((link.outcome, self.difference(link).values), ("synced", False))
            self.assertQuiet()

    def test_rate_of_the_same_tax_is_asked_for(self):
        self.wins("ask")
        zero = self.tax15.copy({"name": "Zero", "amount": 0})
        self.map_tax(zero, "ZERORATED")
        move = self.document("out_invoice")
        link = self.document_link(move)
        account = self.other_account(move, "260")
        self.change_lines_here(move, account_id=account.id)
        self.change_lines_there(link, TaxType="ZERORATED")
        self.work_again()
        row = self.difference(link)
        self.assertEqual([value["label"] for value in row.values], ["Account", "TaxType"])
        self.assertEqual(row.values[1]["odoo"], "Work: No GST")
        self.assertEqual(row.values[1]["xero"], "Work: Zero Rated")
        self.assertFalse(move.invoice_line_ids.tax_ids)
        row.action_take_xero()
        self.work()
        self.assertEqual(move.invoice_line_ids.tax_ids, zero)
        self.assertQuiet()

    def test_exchange_rate_that_both_sides_changed_is_asked_for(self):
        self.wins("ask")
        usd = self.dollars({"2026-01-01": 0.5})
        move = self.document("out_invoice", currency_id=usd.id)
        link = self.document_link(move)
        move.button_draft()
        move.invoice_currency_rate = 0.55
        move.action_post()
        self.in_books("Invoices", InvoiceID=link.xero_id, CurrencyRate=0.6)
        self.work_again()
        [value] = self.difference(link).values
        self.assertEqual(value, {"label": "CurrencyRate", "odoo": "0.550000", "xero": "0.600000"})
        self.assertEqual(move.invoice_currency_rate, 0.55)
        self.assertQuiet()


@tagged("post_install", "-at_install")
class TestTrackedLinePolicy(LinesCommon, TrackedCommon):
    def test_options_that_changed_places_are_asked_for(self):
        """All together the document says the same options"""
        self.wins("ask")
        south = self.env["account.analytic.account"].create({"name": "South", "plan_id": self.plan.id})
        lines = [
            self.line(price, name=name, taxes=self.env["account.tax"], account_id=self.income.id,
                      analytic_distribution={str(account.id): 100})
            for price, name, account in ((10, "A", self.account_north), (20, "B", south))
        ]  # fmt: skip
        move = self.invoice(self.partner, lines)
        self.work_again()
        link = self.document_link(move)
        self.change_lines_here(move, account_id=self.other_account(move, "260").id)
        first, second = self.item(link)["LineItems"]
        self.in_books("Invoices", InvoiceID=link.xero_id, LineItems=[
            {key: line[key] for key in KEYS if key in line} | {"Tracking": other["Tracking"]}
            for line, other in ((first, second), (second, first))
        ])  # fmt: skip
        self.work_again()
        row = self.difference(link)
        self.assertEqual([value["label"] for value in row.values], ["Account", "Tracking"])
        self.assertEqual((row.values[1]["odoo"], row.values[1]["xero"]), ("A: North\nB: South", "A: South\nB: North"))

    def test_options_of_a_category_that_no_plan_stands_for_stay_the_bookkeepers_whoever_wins(self):
        [team] = self.sim.books("NZ", "TrackingCategories", "PUT", {"Name": "Team"})["TrackingCategories"]
        path = f"TrackingCategories/{team['TrackingCategoryID']}/Options"
        self.sim.books("NZ", path, "PUT", {"Name": "Blue"})
        self.organisation._refresh_reference()
        for wins, decide in (("odoo", None), ("ask", "action_take_odoo")):
            with self.subTest(wins):
                self.wins(wins)
                move = self.tracked()
                self.work_again()
                link = self.document_link(move)
                here = self.env["xero.account.mapping"].search([("xero_account_id.code", "=", "260")]).account_id
                self.change_lines_here(move, account_id=(here or self.other_account(move, "260")).id)
                entries = [{"Name": "Region", "Option": "North"}, {"Name": "Team", "Option": "Blue"}]
                self.change_lines_there(link, Tracking=entries)
                self.work_again()
                if decide:
                    getattr(self.difference(link), decide)()
                    self.work()
                self.assertEqual((self.codes(link), sorted(self.tracking(move))), (["260"], ["Blue", "North"]))
                self.assertEqual(link.outcome, "synced")
                self.assertQuiet()
