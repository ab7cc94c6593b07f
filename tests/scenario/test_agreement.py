"""The check at the end of a scenario can fail: whatever one side says otherwise, it names."""

from odoo.tests import tagged

from .agreement import Agreement
from .common import ScenarioCommon

EUROS = {"EUR": {"2020-01-01": 0.56}}


@tagged("post_install", "-at_install")
class TestAgreement(ScenarioCommon):
    def setUp(self):
        super().setUp()
        self.choose("round_per_line", "odoo")
        self.make_currencies(EUROS)
        self.partner, self.other = self.customer(), self.customer("Corner Shop")
        self.paid, self.open, self.others, self.free, self.alone = (self.sold(price, partner) for price, partner in (
            (100, self.partner), (50, self.partner), (70, self.other), (80, self.partner), (90, self.other),
        ))  # fmt: skip
        self.note = self.sold(30, self.partner, move_type="out_refund")
        self.pay(self.paid, 40)
        self.pay(self.others, 100)  # 19.50 too much
        (self.note | self.open).line_ids.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.spend("2026-06-05", 12.5, "company_account", self.customer("Taxi Ltd"))
        for _time in range(3):
            self.cycle()
        self.assertEqual(self.differences(), [])

    def sold(self, price, partner, **values):
        return self.invoice(partner, [self.line(price, account_id=self.income.id)], **values)

    def pay(self, move, amount):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({"journal_id": self.bank.id, "payment_date": "2026-06-09", "amount": amount,
                  "payment_difference_handling": "open"})  # fmt: skip
        return wizard._create_payments()

    def differences(self):
        return Agreement(self).differences()

    def assertNamed(self, *words):
        told = "\n".join(self.differences())
        for word in words:
            self.assertIn(word, told)

    def there(self, move):
        link = self.link_of(move)
        return self.sim.books("NZ", f"{link.resource}/{link.xero_id}")[link.resource][0]

    def in_books(self, resource, **element):
        method = "POST" if f"{resource[:-1]}ID" in element else "PUT"
        return self.sim.books("NZ", resource, method, element)[resource][0]

    def change_there(self, move, **values):
        link = self.link_of(move)
        return self.in_books(link.resource, **{f"{link.resource[:-1]}ID": link.xero_id} | values)

    def change_line_there(self, move, **values):
        [line] = self.there(move)["LineItems"]
        keys = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode", "TaxType")
        return self.change_there(move, LineItems=[{key: line[key] for key in keys} | values])

    def test_documents_that_say_otherwise_there_are_named(self):
        self.change_line_there(self.free, UnitAmount=80.01)
        self.assertNamed(f"{self.free.name}: total 92.0 here, 92.01 there", f"{self.free.name}: due 92.0 here, 92.01")
        self.change_line_there(self.free, UnitAmount=80, TaxType="NONE")
        self.assertNamed(f"{self.free.name}: tax 12.0 here, 0.0 there")
        self.change_line_there(self.free, UnitAmount=80, TaxType="OUTPUT2")
        self.assertEqual(self.differences(), [])
        self.change_there(
            self.free, Contact={"ContactID": self.contact_of(self.other)}, Reference="X", Date="2026-06-02"
        )
        self.assertNamed(*(f"{self.free.name}: {what}" for what in ("contact", "reference  here, X", "day 2026-06-01")))
        self.change_there(self.free, Status="VOIDED")
        line = {"Description": "x", "Quantity": 1, "UnitAmount": 1, "AccountCode": "429"}
        self.in_books(
            "Invoices", Type="ACCPAY", Contact={"ContactID": self.contact_of(self.other)}, LineItems=[line],
            InvoiceNumber="S-9", Date="2026-06-02", DueDate="2026-06-30", Status="AUTHORISED",
        )  # fmt: skip
        self.assertNamed(f"{self.free.name}: posted here, VOIDED there", "not here: ", "S-9")
        self.in_books("Contacts", ContactID=self.contact_of(self.other), Name="Corner Store")
        self.assertNamed("contact ('Corner Shop'", "Corner Store")

    def test_lines_that_say_otherwise_there_are_named_though_the_amounts_are_the_same(self):
        name = self.free.name
        for values, words in (
            ({"Description": "Other work"}, f"{name}: texts ['Work'] here, ['Other work'] there"),
            ({"AccountCode": "260"}, f"{name}: accounts [\"('Work', '200')\"] here, [\"('Work', '260')\"] there"),
            ({"Quantity": 2, "UnitAmount": 40}, None),  # it comes to the same
        ):  # fmt: skip
            with self.subTest(values):
                self.change_line_there(self.free, **values)
                if words:
                    self.assertNamed(words)
                else:
                    self.assertEqual(self.differences(), [])
                self.change_line_there(self.free, Description="Work", AccountCode="200", Quantity=1, UnitAmount=80)
        self.change_there(self.free, DueDate="2026-08-01")
        self.assertEqual(self.differences(), [f"{name}: due day 2026-06-20 here, 2026-08-01 there"])
        self.change_there(self.free, DueDate="2026-06-20")
        [line] = self.there(self.free)["LineItems"]
        half = {"Description": "Work", "Quantity": 1, "AccountCode": "200", "TaxType": "OUTPUT2"}
        self.change_there(self.free, LineItems=[
            half | {"LineItemID": line["LineItemID"], "UnitAmount": 30},
            half | {"Description": "Rest", "UnitAmount": 50},
        ])  # fmt: skip
        self.assertNamed(f"{name}: net Work: 80.0 here, 30.0 there", f"{name}: net Rest: 0 here, 50.0 there")

    def test_tax_rate_of_the_same_tax_and_exchange_rate_that_are_otherwise_are_named(self):
        none = self.env["account.tax"]
        line = self.line(10, taxes=none, account_id=self.income.id)
        move = self.invoice(self.partner, [line], currency_id=self.currencies["EUR"].id)
        self.cycle()
        self.assertEqual(self.differences(), [])
        self.change_line_there(move, TaxType="ZERORATED")
        self.assertEqual(
            self.differences(), [f"{move.name}: taxes [\"('Work', 'NONE')\"] here, [\"('Work', 'ZERORATED')\"] there"]
        )
        self.change_line_there(move, TaxType="NONE")
        self.change_there(move, CurrencyRate=0.6)
        self.assertEqual(self.differences(), [f"{move.name}: rate 0.56 here, 0.6 there"])

    def test_regions_that_are_otherwise_are_named(self):
        self.make_regions()
        north, south = self.regions
        for account in self.regions:
            self.alone.invoice_line_ids.analytic_distribution = {str(account.id): 100}
            self.cycle()
        self.alone.invoice_line_ids.analytic_distribution = {str(north.id): 60, str(south.id): 40}
        self.cycle()
        self.assertEqual(self.differences(), [])
        self.alone.invoice_line_ids.analytic_distribution = {str(north.id): 30, str(south.id): 70}
        name = self.alone.name
        self.assertNamed(f"{name}: region North: 27.0 here, 54.0 there", f"{name}: region South: 63.0 here, 36.0 there")

    def test_people_and_expenses_that_are_otherwise_are_named(self):
        for values in ({"Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "555 1234"}]},
                       {"Addresses": [{"AddressType": "POBOX", "AddressLine1": "1 Quay St", "City": "Auckland"}]},
                       {"EmailAddress": "new@there.example"}):  # fmt: skip
            with self.subTest(values):
                self.in_books("Contacts", ContactID=self.contact_of(self.other), **values)
                self.assertNamed("contact ('Corner Shop'", "5551234" if "Phones" in values else "")
                self.cycle()
                self.assertEqual(self.differences(), [])
        self.spend("2026-06-06", 20, "company_account", self.customer("Bus Ltd"))
        self.env["xero.change"].search([]).unlink()  # as if nobody had noted it
        self.assertNamed("expenses ", "20.0")

    def test_what_was_deleted_here_is_named_as_soon_as_it_is_not_there_either(self):
        fresh = self.sold(10, self.partner)
        self.cycle()
        link = self.link_of(fresh)
        fresh.button_draft()
        fresh.name = False
        fresh.unlink()
        self.cycle()
        self.assertEqual(self.env["xero.work.item"].search([]).mapped("state"), ["gone"])
        self.assertFalse(self.what_is_left())
        self.in_books("Invoices", InvoiceID=link.xero_id, Status="VOIDED")
        self.assertTrue(self.what_is_left())

    def test_money_that_says_otherwise_there_is_named(self):
        """Payments that are missing, or stand there in halves; allocations; credit; what was spent"""
        [payment] = self.there(self.paid)["Payments"]
        self.sim.books("NZ", f"Payments/{payment['PaymentID']}", "POST", {"Status": "DELETED"})
        name = self.paid.name
        self.assertNamed(f"{name}: payments [40.0] here, [] there", f"{name}: due 75.0 here, 115.0 there")
        for _half in range(2):
            self.in_books("Payments", Invoice={"InvoiceID": self.link_of(self.paid).xero_id}, Account={"Code": "090"},
                          Date="2026-06-09", Amount=20)  # fmt: skip
        self.assertEqual(self.differences(), [f"{name}: payments [40.0] here, [20.0, 20.0] there"])
        note = self.there(self.note)
        [allocation] = note["Allocations"]
        path = f"CreditNotes/{note['CreditNoteID']}/Allocations/{allocation['AllocationID']}"
        self.sim.books("NZ", path, "DELETE")
        self.assertNamed(*(f"{move.name}: allocations [34.5] here, [] there" for move in (self.note, self.open)))
        self.assertNamed(f"{self.note.name}: paid True here, False there")
        [credit] = self.sim.books("NZ", "Overpayments", page=1)["Overpayments"]
        self.sim.books("NZ", f"Overpayments/{credit['OverpaymentID']}/Allocations", "PUT", {
            "Amount": 5, "Date": "2026-06-10", "Invoice": {"InvoiceID": self.link_of(self.alone).xero_id},
        })  # fmt: skip
        self.assertNamed("credit ", "19.5 here, 14.5 there", f"{self.alone.name}: allocations [] here, [5.0] there")
        transactions = self.sim.books("NZ", "BankTransactions", page=1)["BankTransactions"]
        [spent] = [item for item in transactions if item["Type"] == "SPEND"]
        self.in_books("BankTransactions", **{
            key: spent[key] for key in ("BankTransactionID", "Type", "BankAccount", "Contact", "LineItems")
        } | {"Status": "DELETED"})  # fmt: skip
        self.assertNamed("expenses ")

    def test_whatever_is_otherwise_here_is_named(self):
        for change, words in (
            ("amount_tax = amount_tax + 0.01", "tax 15.01 here, 15.0 there"),
            ("amount_total = amount_total - 1", "total 114.0 here, 115.0 there"),
            ("amount_residual = 0", "due 0.0 here, 75.0 there"),
            ("payment_state = 'paid'", "paid True here, False there"),
            ("name = 'INV/2026/99999'", "number INV/2026/99999 here"),
            ("currency_id = (SELECT id FROM res_currency WHERE name = 'EUR')", "currency EUR here, NZD there"),
            ("state = 'cancel'", "cancel here, AUTHORISED there"),
            ("state = 'draft'", "draft here, AUTHORISED there"),
        ):  # fmt: skip
            with self.subTest(change), self.env.cr.savepoint() as savepoint:
                self.env.flush_all()
                self.env.cr.execute(f"UPDATE account_move SET {change} WHERE id = %s", [self.paid.id])
                self.assertNamed(words)
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(self.differences(), [])
        fresh = self.sold(10, self.partner)
        self.env["xero.change"].search([]).unlink()
        self.assertNamed(f"not there: {fresh.name}")
        tax = self.tax15.copy({"name": "Not mapped", "amount": 3})
        self.invoice(self.partner, [self.line(taxes=tax, account_id=self.income.id)])
        self.cycle()
        self.assertNamed("waits: ")

    def test_what_no_cycle_sees_the_comparison_finds(self):
        """As if Xero had forgotten to say that it changed; and a further cycle tells when there is something to do"""
        self.assertFalse(self.cycle())
        self.sim.clock(advance=-86400)
        self.change_line_there(self.free, UnitAmount=81)
        self.sim.clock(advance=86400)
        self.assertFalse(self.cycle(), "the disturbance is to be silent")
        self.assertNamed(f"{self.free.name}: total 92.0 here, 93.15 there")
        with self.assertRaisesRegex(AssertionError, self.free.name):
            self.compare_everything()
        self.cycle()
        for who, disturb in {
            "a bookkeeper": lambda: self.change_there(self.alone, Reference="Theirs"),
            "a user": lambda: self.alone.write({"ref": "Ours"}),
            "a contact": lambda: self.partner.write({"name": "Harbour"}),
        }.items():
            self.assertFalse(self.cycle(), who)
            disturb()
            self.assertTrue(self.cycle(), who)
