"""A month of business on both sides, in a random order that its seed decides.

Users work in Odoo, a bookkeeper in Xero (through the simulator's own door), and now and then the worker runs. Nobody
pays or voids what the other side can be seen to have paid: two people who take one sum of money for the same thing are
the business of ``tests/engine``, here the books have to agree to the cent in the end.

What is done is told by the steps: ``steps_documents``, ``steps_edits``, ``steps_money``, ``steps_credit``,
``steps_people``. A step that finds nothing to work on (nothing is open yet) returns nothing and gets its turn later.
"""

import random
from collections import Counter
from datetime import date, timedelta

from .steps_credit import CreditSteps
from .steps_documents import DocumentSteps
from .steps_edits import EditSteps
from .steps_money import MoneySteps
from .steps_people import PeopleSteps

BEGIN = date(2026, 6, 1)
RATES = {"USD": 0.61, "AUD": 0.92, "EUR": 0.56}  # units per NZD, at the beginning of the month
CUSTOMERS, SUPPLIERS, MADE_THERE = 36, 18, 6  # contacts; together 60
WHOLE = 300  # documents of a whole month
PATIENCE = 12  # turns after which a step that found nothing is given up

# How often in a whole month. Documents: 300; payments: 250; reversals: 20; expenses: 10.
DOCUMENTS = {
    "invoice_here": 80, "bill_here": 46, "receipt_here": 12, "credit_note_here": 24, "invoice_there": 72,
    "bill_there": 46, "credit_note_there": 20,
}  # fmt: skip
PAYMENTS = {
    "payment_here": 98, "group_payment_here": 8, "overpayment_here": 8, "refund_here": 8, "payment_there": 108,
    "batch_payment_there": 6, "overpayment_there": 6, "refund_there": 8,
}  # fmt: skip
REVERSALS = {"reversal_here": 6, "unreconcile_here": 4, "reversal_there": 10}
EXPENSES = {"expense_of_employee": 5, "expense_of_company": 5}
CREDIT = {
    "allocation_here": 12, "allocation_there": 12, "allocation_undone_here": 2, "allocation_undone_there": 2,
    "overpayment_used_here": 3, "overpayment_used_there": 3,
}  # fmt: skip
EDITS = {
    "edit_here": 30, "edit_there": 30, "edit_both": 6, "edit_paid_here": 10, "edit_paid_there": 10, "void_here": 6,
    "void_there": 6, "approve_there": 6,
}  # fmt: skip
PEOPLE = {
    "contact_made_there": MADE_THERE, "contact_edit_here": 10, "contact_edit_there": 10, "contact_archive_here": 2,
    "contact_archive_there": 2, "contact_merge_here": 2, "contact_merge_there": 2, "attachment_here": 10,
}  # fmt: skip
DEAL = DOCUMENTS | PAYMENTS | REVERSALS | EXPENSES | CREDIT | EDITS | PEOPLE


class Month(DocumentSteps, EditSteps, MoneySteps, CreditSteps, PeopleSteps):
    """:param test: a scenario test with books, accounts, taxes and a connected organisation
    :param int seed:
    :param int documents: of all types; payments, reversals and edits are dealt in proportion
    """

    def __init__(self, test, seed, documents):
        self.test = test
        self.env = test.env
        self.sim = test.sim
        self.random = random.Random(seed)
        self.sim.ids(seed)  # the worker reads in the order of ids
        self.documents = documents
        self.counter = 0
        self.done = Counter()  # {step: how often}
        self.told = []  # what was done, for whoever looks for the culprit
        self.touched = set()  # ids of the documents that somebody has worked on since the worker ran
        # a person's choice that holds for the whole month
        test.choose(
            rounding=("round_per_line", "round_globally")[seed % 2], wins=("xero", "odoo", "odoo")[seed % 3]
        )

    # ---- the month ----------------------------------------------------------------------------------

    def play(self):
        """Everything that happens, then cycles until both sides are quiet."""
        self.set_up()
        for step in (self.invoice_here, self.bill_here):  # what needs documents finds some
            self.take(step)
        self.pause()
        deck, tries = self.dealt(), Counter()
        next_pause = self.random.randint(5, 20)
        while deck:
            step = deck.pop(0)
            if not self.take(step):
                tries[step.__name__] += 1
                if tries[step.__name__] <= PATIENCE * self.dealt_of(step.__name__):
                    deck.insert(self.random.randrange(len(deck) + 1), step)
            next_pause -= 1
            if next_pause <= 0:
                self.pause()
                next_pause = self.random.randint(5, 20)
        self.settle()

    def take(self, step):
        """:return bool: whether there was anything to do"""
        words = step()
        self.told.append(f"{step.__name__}: {words or 'found nothing to do'}")
        self.done[step.__name__] += bool(words)
        return bool(words)

    def pause(self):
        """The worker runs; what differs and only a person can decide, a person decides."""
        self.test.cycle()
        self.decide_merges()
        self.void_what_waits()
        self.touched.clear()

    def settle(self, most=8):
        """Cycles until one of them finds nothing to do. :raise AssertionError: they go on for ever"""
        for _cycle in range(most):
            moved = self.test.cycle()
            if not (self.decide_merges() + self.void_what_waits() or moved):
                return
        raise AssertionError(f"after {most} cycles there is still something to do: {self.test.what_is_left()}")

    def dealt(self):
        """The steps in their random order."""
        steps = [getattr(self, name) for name in DEAL for _time in range(self.dealt_of(name))]
        self.random.shuffle(steps)
        return steps

    def dealt_of(self, name):
        return max(1, round(DEAL[name] * self.documents / WHOLE))

    def set_up(self):
        Partner = self.env["res.partner"]
        self.customers = list(Partner.create([
            {"name": f"Customer {n:02}", "is_company": True, "email": f"customer{n}@customers.example"}
            for n in range(CUSTOMERS)
        ]))  # fmt: skip
        self.suppliers = list(Partner.create([
            {"name": f"Supplier {n:02}", "is_company": True, "email": f"supplier{n}@suppliers.example"}
            for n in range(SUPPLIERS)
        ]))  # fmt: skip
        self.test.make_currencies(self.rates())
        self.test.make_regions()

    def rates(self):
        """{currency: {day: units per NZD}}, another one every week: what is paid later was paid at another rate."""
        return {
            code: {BEGIN + timedelta(days=7 * week): round(rate * self.random.uniform(0.96, 1.04), 4)
                   for week in range(4)} | {date(2020, 1, 1): rate}
            for code, rate in RATES.items()
        }  # fmt: skip

    # ---- dice ---------------------------------------------------------------------------------------

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

    def chance(self, share):
        return self.random.random() < share

    def pick(self, records):
        """One of ``records`` in an order that does not hang on the database, or None."""
        records = sorted(records, key=lambda record: record.id)
        return self.random.choice(records) if records else None

    def partner(self, sale):
        return self.random.choice(self.customers if sale else self.suppliers)

    def contact_there(self, sale):
        """Xero's id of a contact that both sides know, or None."""
        known = self.test.with_contact(self.customers if sale else self.suppliers)
        return self.test.contact_of(self.random.choice(known)) if known else None

    # ---- both sides ---------------------------------------------------------------------------------

    def books(self, path, method="GET", element=None, **query):
        """What a bookkeeper does in Xero. :return: the element that comes back"""
        resource = path.split("/")[-1] if path.endswith("/Allocations") else path.split("/")[0]
        return self.sim.books("NZ", path, method, element, unitdp=4, **query)[resource][0]

    def open_documents(self, types=("out_invoice", "in_invoice", "out_receipt", "in_receipt"), **more):
        """Posted documents of which something is left and that nobody works on."""
        states = more.get("states", ("not_paid", "partial"))
        return self.env["account.move"].search([
            ("move_type", "in", types), ("state", "=", "posted"), ("payment_state", "in", states),
            ("id", "not in", list(self.touched)),
        ])  # fmt: skip

    def unpaid(self):
        return self.open_documents(states=("not_paid",))

    def work_on(self, moves):
        """One of ``moves`` that both sides say the same of, from here on nobody else's; or None."""
        moves = sorted(moves, key=lambda move: move.id)
        self.random.shuffle(moves)
        for move in moves:
            if self.test.in_step(move):
                self.touched.add(move.id)
                return move
        return None

    def there(self, move):
        """Xero's copy of a document."""
        link = self.test.link_of(move)
        return self.books(f"{link.resource}/{link.xero_id}")
