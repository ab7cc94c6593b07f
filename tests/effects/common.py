"""What the tests of the table in docs/effects.md share: the table itself, and the books of a small business.

A row of the table is a class of tests that names it (``record``). A cell is its method ``test_<event>_in_<side>``,
whose docstring is the cell's own sentence; ``test_table.py`` finds a cell without a test, and a test that says
otherwise.
"""

import re
from pathlib import Path

from ..engine.payments_common import PaymentsCommon

TABLE = Path(__file__).parents[2] / "docs" / "effects.md"
EVENTS = {
    "Void": "void", "Delete": "delete", "Archive": "archive", "Un-reconcile": "unreconcile", "Reset to draft": "draft",
}  # fmt: skip
ROW = re.compile(rf"^\| ([^|]+) \| ({'|'.join(EVENTS)}) \| ([^|]+) \| ([^|]+) \|$", re.M)
NOTHING_SUCH = "–"


def rows():
    """:return list: ``[(record, event, effect of Odoo's, effect of Xero's)]``, as the table has them"""
    return ROW.findall(TABLE.read_text())


def cells():
    """:return dict: ``{(record, name of the test method): sentence}`` of the cells that say something"""
    return {
        (record, f"test_{EVENTS[event]}_in_{side}"): sentence
        for record, event, odoo, xero in rows()
        for side, sentence in (("odoo", odoo), ("xero", xero)) if sentence != NOTHING_SUCH
    }  # fmt: skip


class EffectsCommon(PaymentsCommon):
    """Every kind goes both ways, as far as it can."""

    record = ""  # of the table

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sim.limits(minute=2000)
        cls.directions("both")
        cls.organisation.update_contacts = True

    # ---- Odoo -----------------------------------------------------------------------------------

    def document(self, move_type, price=100.0, **values):
        """A posted one, agreed with Xero."""
        if move_type in ("in_invoice", "in_refund"):
            number = self.env["account.move"].search_count([("move_type", "=", move_type)])
            move = self.bought(price, **({"move_type": move_type, "ref": f"S-{move_type}-{number}"} | values))
        else:
            move = self.sold(price, move_type=move_type, **values)
        self.work_again()
        link = self.document_link(move)
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        return move

    def paid(self, move, amount=None):
        """:return: ``move``'s payment and the link of that, agreed with Xero"""
        payment = self.pay(move, amount=amount)
        self.work_again()
        link = self.links(self.partials(move) & self.partials(payment.move_id))
        self.assertEqual((link.outcome, link.error_message), ("synced", ""))
        return payment, link

    def unmatch(self, move):
        """What a person presses in the payments widget of a document."""
        for partial in self.partials(move):
            move.js_remove_outstanding_partial(partial.id)

    def waiting(self, link):
        """:return: (its state in the list of what waits, what to do); nothing where it is not there"""
        item = self.env["xero.work.item"].search([("link_id", "=", link.id)])
        return (item.state, item.message) if item else ()

    def difference(self, link):
        return self.env["xero.difference"].search([("link_id", "=", link.id), ("state", "=", "open")])

    # ---- Xero -----------------------------------------------------------------------------------

    def item(self, link):
        """Xero's copy, whatever its state."""
        return self.sim.books("NZ", f"{link.resource}/{link.xero_id}")[link.resource][0]

    def change_there(self, link, **values):
        """A bookkeeper changes Xero's copy, and a cycle follows."""
        self.in_books(link.resource, **{f"{link.resource[:-1]}ID": link.xero_id}, **values)
        self.work_again()

    def pay_there(self, move, amount):
        """A bookkeeper pays it, and no cycle follows. :return: Xero's payment"""
        return self.paid_in_xero(move, amount)

    def reconcile_there(self, xero_id, on=True):
        """A statement line in Xero is matched with a payment or transaction, or let go."""
        self.sim.organisation("NZ", **{"reconcile_payment" if on else "unreconcile_payment": xero_id})

    def alive(self, resource):
        """What stands in Xero's books and has not ended."""
        ended = ("DELETED", "VOIDED")
        return [item for item in self.sim.books("NZ", resource, page=1)[resource] if item["Status"] not in ended]
