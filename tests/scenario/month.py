"""A month of business on both sides, in a random order that its seed decides.

Users work in Odoo, a bookkeeper in Xero (through the simulator's own door), and now and then the worker runs. Nobody
pays or voids what the other side can be seen to have paid: two people who change one thing at once are the business
of ``tests/engine``, here the books have to agree to the cent in the end.
"""

import random
from datetime import date, timedelta

from odoo import Command

BEGIN = date(2026, 6, 1)
RATES = {"USD": 0.61, "AUD": 0.92, "EUR": 0.56}  # units per NZD
CUSTOMERS, SUPPLIERS = 40, 20
LINE_KEYS = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode", "TaxType")


class Month:
    """:param test: a scenario test with books, accounts, taxes and a connected organisation
    :param int seed:
    :param int documents: of all types; payments, reversals and edits are dealt in proportion
    """

    def __init__(self, test, seed, documents):
        self.test = test
        self.env = test.env
        self.sim = test.sim
        self.random = random.Random(seed)
        self.documents = documents
        self.counter = 0
        self.told = []  # what was done, for whoever looks for the culprit
        self.touched = set()  # ids of the documents that somebody has worked on since the worker ran

    # ---- the month ----------------------------------------------------------------------------------

    def play(self):
        """Everything that happens, then cycles until both sides are quiet."""
        self.set_up()
        steps = self.dealt()
        for number, step in enumerate(steps, 1):
            step()
            if number % 10 == 0:
                self.test.cycle()
                self.touched.clear()
        self.settle()

    def settle(self, most=8):
        """Cycles until one of them finds nothing to do. :raise AssertionError: they go on for ever"""
        for _cycle in range(most):
            if not self.test.cycle():
                return
        raise AssertionError(f"after {most} cycles there is still something to do: {self.test.what_is_left()}")

    def dealt(self):
        """The steps in their random order."""
        share = self.documents / 300
        steps = []
        for step, times in (
            (self.invoice_here, 90), (self.bill_here, 50), (self.credit_note_here, 25), (self.invoice_there, 70),
            (self.bill_there, 45), (self.credit_note_there, 20), (self.payment_here, 130), (self.payment_there, 120),
            (self.allocation_here, 12), (self.allocation_there, 12), (self.edit_here, 30), (self.edit_there, 30),
            (self.reversal_here, 10), (self.reversal_there, 10), (self.void_here, 6), (self.void_there, 6),
            (self.expense_here, 10),
        ):  # fmt: skip
            steps += [step] * max(1, round(times * share))
        self.random.shuffle(steps)
        # what needs documents finds some
        return [self.invoice_here, self.bill_here, self.invoice_there, self.bill_there, *steps]

    def set_up(self):
        Partner = self.env["res.partner"]
        self.customers = Partner.create([
            {"name": f"Customer {n:02}", "is_company": True, "email": f"customer{n}@customers.example"}
            for n in range(CUSTOMERS)
        ])  # fmt: skip
        self.suppliers = Partner.create([
            {"name": f"Supplier {n:02}", "is_company": True, "email": f"supplier{n}@suppliers.example"}
            for n in range(SUPPLIERS)
        ])  # fmt: skip
        self.test.make_currencies(RATES)

    # ---- dice ---------------------------------------------------------------------------------------

    def tell(self, *words):
        self.told.append(" ".join(map(str, words)))

    def number(self, prefix):
        self.counter += 1
        return f"{prefix}-{self.counter:04}"

    def day(self):
        return BEGIN + timedelta(days=self.random.randrange(28))

    def amount(self, top=900):
        return self.random.choice([
            round(self.random.uniform(1, top), 2), self.random.randrange(1, top), round(self.random.uniform(1, 9), 4),
        ])  # fmt: skip

    def currency(self):
        return self.random.choice(["NZD", "NZD", "NZD", *RATES])

    def pick(self, records):
        """One of ``records`` in an order that does not hang on the database, or None."""
        records = sorted(records, key=lambda record: record.id) if records else []
        return self.random.choice(records) if records else None

    # ---- documents here -------------------------------------------------------------------------------

    def invoice_here(self, move_type="out_invoice"):
        sale = move_type.startswith("out")
        partner = self.random.choice(list(self.customers if sale else self.suppliers))
        lines = [self.line_here(sale) for _n in range(self.random.randint(1, 4))]
        day = self.day()
        move = self.env["account.move"].create({
            "move_type": move_type, "partner_id": partner.id, "invoice_date": day, "date": day,
            "invoice_date_due": day + timedelta(days=20), "currency_id": self.test.currencies[self.currency()].id,
            "ref": self.number("REF"), "invoice_line_ids": lines,
        })  # fmt: skip
        if move.amount_total <= 0:
            move.unlink()
            return self.tell("an empty document was thrown away")
        move.action_post()
        return self.tell("here", move.name, move.amount_total, move.currency_id.name)

    def bill_here(self):
        self.invoice_here("in_invoice")

    def credit_note_here(self):
        self.invoice_here(self.random.choice(["out_refund", "in_refund"]))

    def line_here(self, sale):
        tax = self.random.choice(self.test.taxes["sale" if sale else "purchase"])
        return Command.create({
            "name": self.random.choice(["Work", "Hours", "Goods — naïve", "Travel"]),
            "quantity": self.random.choice([1, 2, 3, 2.5, 0.75]), "price_unit": self.amount(),
            "discount": self.random.choice([0, 0, 0, 10, 33.33]),
            "account_id": (self.test.income if sale else self.test.expense).id, "tax_ids": [Command.set(tax.ids)],
        })  # fmt: skip

    # ---- documents there ------------------------------------------------------------------------------

    def invoice_there(self, kind="ACCREC", resource="Invoices"):
        sale = kind.startswith("ACCREC")
        contact = self.contact_of(self.random.choice(list(self.customers if sale else self.suppliers)))
        if not contact:
            return self.tell("nobody is known there yet")
        day, currency = self.day(), self.currency()
        number_key = "InvoiceNumber" if resource == "Invoices" else "CreditNoteNumber"
        element = {
            "Type": kind, "Contact": {"ContactID": contact}, number_key: self.number("X"), "Date": str(day),
            "DueDate": str(day + timedelta(days=20)), "Status": "AUTHORISED", "CurrencyCode": currency,
            "LineAmountTypes": self.random.choice(["Exclusive", "Inclusive"]),
            "LineItems": [self.line_there(sale) for _n in range(self.random.randint(1, 3))],
        }  # fmt: skip
        if resource == "CreditNotes":
            del element["DueDate"]
        if currency != "NZD":
            element["CurrencyRate"] = RATES[currency]
        made = self.books(resource, "PUT", element)
        return self.tell("there", kind, made[number_key], made["Total"], currency)

    def bill_there(self):
        self.invoice_there("ACCPAY")

    def credit_note_there(self):
        self.invoice_there(self.random.choice(["ACCRECCREDIT", "ACCPAYCREDIT"]), "CreditNotes")

    def line_there(self, sale):
        return {
            "Description": self.random.choice(["Advice", "Rent", "Cleaning"]),
            "Quantity": self.random.choice([1, 2, 1.5]),
            "UnitAmount": round(self.random.uniform(1, 700), 2), "AccountCode": "200" if sale else "429",
            "TaxType": ("OUTPUT2" if sale else "INPUT2") if self.random.random() < 0.8 else "NONE",
        }  # fmt: skip

    def contact_of(self, partner):
        return self.test.link_of(partner, "Contacts").xero_id

    def books(self, path, method="GET", element=None, **query):
        """What a bookkeeper does in Xero. :return: the element that comes back"""
        resource = path.split("/")[-1] if "Allocations" in path else path.split("/")[0]
        return self.sim.books("NZ", path, method, element, **query)[resource][0]

    # ---- money ----------------------------------------------------------------------------------------

    def open_documents(self):
        """Posted documents of which something is left and that nobody works on."""
        moves = self.env["account.move"].search([
            ("move_type", "in", ("out_invoice", "in_invoice")), ("state", "=", "posted"),
            ("payment_state", "in", ("not_paid", "partial")), ("id", "not in", list(self.touched)),
        ])  # fmt: skip
        return moves

    def work_on(self, moves):
        """One of ``moves`` that both sides say the same of, from here on nobody else's; or None."""
        moves = sorted(moves, key=lambda move: move.id)
        self.random.shuffle(moves)
        for move in moves:
            if self.test.in_step(move):
                self.touched.add(move.id)
                return move
        return None

    def part_of(self, due):
        return round(due if self.random.random() < 0.6 else max(0.01, due * self.random.uniform(0.1, 0.9)), 2)

    def payment_here(self):
        move = self.work_on(self.open_documents())
        if not move:
            return self.tell("nothing to pay here")
        amount = self.part_of(move.amount_residual)
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({
            "journal_id": self.test.bank.id, "payment_date": max(self.day(), move.invoice_date),
            "amount": amount, "currency_id": move.currency_id.id, "payment_difference_handling": "open",
        })  # fmt: skip
        wizard.action_create_payments()
        return self.tell("paid here", move.name, amount)

    def payment_there(self):
        move = self.work_on(self.open_documents())
        if not move:
            return self.tell("nothing to pay there")
        link = self.test.link_of(move)
        there = self.books(f"Invoices/{link.xero_id}")
        if not there["AmountDue"]:
            return self.tell("paid there already", move.name)
        element = {
            "Invoice": {"InvoiceID": link.xero_id}, "Account": {"Code": "090"},
            "Date": str(max(self.day(), move.invoice_date)),
            "Amount": self.part_of(float(there["AmountDue"])),
        }  # fmt: skip
        if move.currency_id.name != "NZD":
            element["CurrencyRate"] = round(RATES[move.currency_id.name] * self.random.uniform(0.95, 1.05), 6)
        self.books("Payments", "PUT", element)
        return self.tell("paid there", move.name, element["Amount"])

    def reversal_here(self):
        """Of a payment that both sides know."""
        payment = self.pick([
            p for p in self.env["account.payment"].search([("state", "in", ("paid", "in_process"))])
            if self.test.payment_in_step(p) and not self.touched.intersection(self.paid_by(p).ids)
        ])  # fmt: skip
        if not payment:
            return self.tell("no payment to take back here")
        self.touched.update(self.paid_by(payment).ids)
        payment.action_draft()
        payment.action_cancel()
        return self.tell("payment taken back here", payment.name)

    def paid_by(self, payment):
        return payment.reconciled_invoice_ids | payment.reconciled_bill_ids

    def reversal_there(self):
        payments = [
            p for p in self.sim.books("NZ", "Payments", page=1, pageSize=1000)["Payments"]
            if p["Status"] == "AUTHORISED" and "Invoice" in p
            and self.test.known_there("Payments", p["PaymentID"])
            and self.test.move_of(p["Invoice"]["InvoiceID"]) not in self.touched
        ]  # fmt: skip
        if not payments:
            return self.tell("no payment to take back there")
        payment = self.random.choice(sorted(payments, key=lambda p: (p["Date"], float(p["Amount"]), p["Reference"])))
        self.touched.add(self.test.move_of(payment["Invoice"]["InvoiceID"]))
        self.books(f"Payments/{payment['PaymentID']}", "POST", {"Status": "DELETED"})
        return self.tell("payment taken back there", payment["Amount"])

    # ---- credit ---------------------------------------------------------------------------------------

    def creditable(self):
        """(credit note, document) of one contact and currency, both open and in step."""
        notes = self.env["account.move"].search([
            ("move_type", "in", ("out_refund", "in_refund")), ("state", "=", "posted"),
            ("payment_state", "in", ("not_paid", "partial")), ("id", "not in", list(self.touched)),
        ])  # fmt: skip
        documents = self.open_documents()
        pairs = [
            (note, move)
            for note in notes
            for move in documents
            if note.commercial_partner_id == move.commercial_partner_id and note.currency_id == move.currency_id
            and note.move_type[:2] == move.move_type[:2]
        ]  # fmt: skip
        pairs = [pair for pair in pairs if self.test.in_step(pair[0], "CreditNotes") and self.test.in_step(pair[1])]
        return sorted(pairs, key=lambda pair: (pair[0].id, pair[1].id))

    def allocation_here(self):
        pairs = self.creditable()
        if not pairs:
            return self.tell("nothing to allocate here")
        note, move = self.random.choice(pairs)
        self.touched |= {note.id, move.id}
        lines = (note | move).line_ids.filtered(
            lambda line: line.account_type in ("asset_receivable", "liability_payable")
        )
        lines.reconcile()
        return self.tell("allocated here", note.name, move.name)

    def allocation_there(self):
        pairs = self.creditable()
        if not pairs:
            return self.tell("nothing to allocate there")
        note, move = self.random.choice(pairs)
        self.touched |= {note.id, move.id}
        source = self.books(f"CreditNotes/{self.test.link_of(note, 'CreditNotes').xero_id}")
        target = self.books(f"Invoices/{self.test.link_of(move).xero_id}")
        amount = min(float(source["RemainingCredit"]), float(target["AmountDue"]))
        if amount <= 0:
            return self.tell("nothing left to allocate there")
        self.books(f"CreditNotes/{source['CreditNoteID']}/Allocations", "PUT", {
            "Amount": amount, "Date": str(move.invoice_date), "Invoice": {"InvoiceID": target["InvoiceID"]},
        })  # fmt: skip
        return self.tell("allocated there", note.name, move.name, amount)

    # ---- edits ----------------------------------------------------------------------------------------

    def edit_here(self):
        move = self.work_on([move for move in self.open_documents() if move.payment_state == "not_paid"])
        if not move:
            return self.tell("nothing to edit here")
        if self.random.random() < 0.5:
            move.invoice_date_due = move.invoice_date + timedelta(days=self.random.randrange(5, 40))
            return self.tell("due date here", move.name)
        line = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")[:1]
        move.button_draft()
        line.write({"quantity": line.quantity + 1})
        move.action_post()
        return self.tell("one more here", move.name, move.amount_total)

    def edit_there(self):
        move = self.work_on([move for move in self.open_documents() if move.payment_state == "not_paid"])
        if not move:
            return self.tell("nothing to edit there")
        item = self.books(f"Invoices/{self.test.link_of(move).xero_id}")
        if float(item["AmountPaid"]) or float(item["AmountCredited"]):
            return self.tell("paid there meanwhile", move.name)
        due = move.invoice_date + timedelta(days=self.random.randrange(5, 40))
        element = {"InvoiceID": item["InvoiceID"], "DueDate": str(due)}
        if self.random.random() < 0.5:
            lines = [{key: line[key] for key in LINE_KEYS if key in line} for line in item["LineItems"]]
            element["LineItems"] = [*lines, self.line_there(item["Type"] == "ACCREC")]
        self.books("Invoices", "POST", element)
        return self.tell("edited there", move.name)

    def void_here(self):
        move = self.work_on([move for move in self.open_documents() if move.payment_state == "not_paid"])
        if not move or self.test.settled_there(move):
            return self.tell("nothing to cancel here")
        move.button_draft()
        move.button_cancel()
        return self.tell("cancelled here", move.name)

    def void_there(self):
        move = self.work_on([move for move in self.open_documents() if move.payment_state == "not_paid"])
        if not move or self.test.settled_there(move):
            return self.tell("nothing to void there")
        self.books("Invoices", "POST", {"InvoiceID": self.test.link_of(move).xero_id, "Status": "VOIDED"})
        return self.tell("voided there", move.name)

    # ---- expenses -------------------------------------------------------------------------------------

    def expense_here(self):
        """Spent by the company: a payment with its own entry, as hr_expense makes it."""
        self.test.spend(self.day(), round(self.random.uniform(5, 300), 2), self.random.choice(list(self.suppliers)))
        self.tell("spent")
