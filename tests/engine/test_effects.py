"""The table of effects in docs/effects.md, cell by cell (issue 3, "Who wins"): a cell without a test fails."""

import re
from pathlib import Path

from odoo.tests import tagged

from .documents import DocumentsCommon

TABLE = Path(__file__).parents[2] / "docs" / "effects.md"
ROW = re.compile(r"^\| ([^|]+) \| (Void|Delete|Archive|Un-reconcile|Reset to draft) \| ([^|]+) \| ([^|]+) \|$", re.M)
NOTHING_SUCH = "–"
DOCUMENTS = {
    "Customer invoice": ("Invoices", "out_invoice"),
    "Vendor bill": ("Invoices", "in_invoice"),
    "Credit note": ("CreditNotes", "out_refund"),
}
EVENTS = {"Void": "void", "Delete": "delete", "Un-reconcile": "unreconcile", "Reset to draft": "draft"}
# Records whose cells are tested beside what carries them.
ELSEWHERE = ("Payment", "Allocation", "Tracking option", "Tax rate")
ELSEWHERE_IN_XERO = ("Contact",)


def cells():
    """:return list: ``[(record, event, side, effect)]`` of the cells that say something"""
    found = [
        (record, event, side, effect)
        for record, event, odoo, xero in ROW.findall(TABLE.read_text())
        for side, effect in (("odoo", odoo), ("xero", xero))
    ]
    return [cell for cell in found if cell[3] != NOTHING_SUCH]


@tagged("post_install", "-at_install")
class TestEffects(DocumentsCommon):
    def setUp(self):
        super().setUp()
        self.sim.limits(minute=2000)  # all cells in one go

    def test_every_record_has_a_row_for_every_event(self):
        rows = [(record, event) for record, event, _odoo, _xero in ROW.findall(TABLE.read_text())]
        records = dict.fromkeys(record for record, _event in rows)
        self.assertEqual(set(records), {*DOCUMENTS, *ELSEWHERE, "Contact"})
        self.assertEqual(sorted(rows), sorted((record, event) for record in records for event in (*EVENTS, "Archive")))

    def test_documents(self):
        for record, event, side, _effect in cells():
            if record in DOCUMENTS:
                with self.subTest(f"{record}, {event}, in {side}"):
                    self.resource, self.move_type = DOCUMENTS[record]
                    getattr(self, f"{EVENTS[event]}_in_{side}")()

    def test_contacts(self):
        for record, event, side, _effect in cells():
            if record == "Contact" and not (side == "xero" and record in ELSEWHERE_IN_XERO):
                with self.subTest(f"{record}, {event}, in {side}"):
                    getattr(self, f"contact_{event.lower()}_in_{side}")()

    # ---- documents --------------------------------------------------------------------------------

    def document(self, **values):
        """A posted one of the type in hand, agreed with Xero."""
        if self.move_type == "in_invoice":
            move = self.bill(ref=f"S-{self.env['account.move'].search_count([])}", **values)
        else:
            lines = [self.line(account_id=self.income.id)]
            move = self.invoice(self.partner, lines, move_type=self.move_type, **values)
        self.work_again()
        self.assertEqual(self.link_of(move).outcome, "synced", self.link_of(move).error_message)
        return move

    def link_of(self, move):
        return self.env["xero.link"].search(
            [("organisation_id", "=", self.organisation.id), ("resource", "=", self.resource), ("res_id", "=", move.id)]
        )

    def there(self, xero_id):
        """Xero's copy, whatever its state."""
        return self.sim.books("NZ", f"{self.resource}/{xero_id}")[self.resource][0]

    def their_status(self, move, status):
        key = f"{self.resource[:-1]}ID"
        self.in_books(self.resource, **{key: self.link_of(move).xero_id, "Status": status})
        self.work_again()

    def assertQuiet(self):
        """A further cycle writes nothing."""
        self.work_again()
        self.assertFalse(self.writes())

    def pay(self, move):
        payment = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({"amount": 5})._create_payments()  # fmt: skip
        self.work_again()
        return payment

    def pay_there(self, move):
        key = self.resource[:-1]
        self.sim.books("NZ", "Payments", "PUT", {
            key: {f"{key}ID": self.link_of(move).xero_id}, "Account": {"Code": "090"}, "Amount": 5,
            "Date": "2026-06-05",
        })  # fmt: skip

    def void_in_odoo(self):
        move = self.document()
        link = self.link_of(move)
        move.button_cancel()
        self.work()
        self.assertEqual(self.there(link.xero_id)["Status"], "VOIDED")
        self.assertQuiet()
        self.void_draft_in_odoo()
        paid = self.document()
        self.pay_there(paid)
        self.directions(payments="off")
        paid.button_cancel()
        self.work()
        row = self.env["xero.difference"].search([("link_id", "=", self.link_of(paid).id), ("state", "=", "open")])
        self.assertEqual((row.reason, self.there(row.link_id.xero_id)["Status"]), ("not_changeable", "AUTHORISED"))
        self.assertIn("Status", [value["label"] for value in row.values])

    def void_draft_in_odoo(self):
        self.organisation.write({"invoice_status": "DRAFT", "bill_status": "DRAFT"})
        draft = self.document()
        draft.button_cancel()
        self.work()
        self.assertEqual(self.there(self.link_of(draft).xero_id)["Status"], "DELETED")
        self.organisation.write({"invoice_status": "AUTHORISED", "bill_status": "AUTHORISED"})

    def void_in_xero(self):
        move = self.document()
        self.their_status(move, "VOIDED")
        self.assertEqual(move.state, "cancel")
        self.assertQuiet()
        paid = self.document()
        self.pay(paid)
        self.their_status(paid, "VOIDED")
        self.assertEqual((paid.state, self.link_of(paid).error_code), ("posted", "incoming_paid"))

    def delete_in_odoo(self):
        move = self.document()
        link = self.link_of(move)
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        self.work_again()
        self.assertEqual((link.outcome, self.there(link.xero_id)["Status"]), ("gone", "AUTHORISED"))
        self.assertFalse(self.writes())
        self.assertQuiet()

    def delete_in_xero(self):
        self.organisation.write({"invoice_status": "DRAFT", "bill_status": "DRAFT"})
        move = self.document()
        self.their_status(move, "DELETED")
        self.assertEqual(move.state, "cancel")
        self.organisation.write({"invoice_status": "AUTHORISED", "bill_status": "AUTHORISED"})
        self.assertQuiet()

    def unreconcile_in_odoo(self):
        move = self.document()
        self.pay(move)
        self.sim.clear_calls()
        move.line_ids.remove_move_reconcile()
        self.work()
        self.assertFalse(self.writes(self.resource))
        self.assertEqual((move.state, self.link_of(move).outcome), ("posted", "synced"))

    def unreconcile_in_xero(self):
        move = self.document()
        self.pay_there(move)
        [payment] = self.there(self.link_of(move).xero_id)["Payments"]
        self.sim.books("NZ", f"Payments/{payment['PaymentID']}", "POST", {"Status": "DELETED"})
        self.work_again()
        self.assertEqual((move.state, self.link_of(move).outcome), ("posted", "synced"))
        self.assertFalse(self.writes(self.resource))

    def draft_in_odoo(self):
        move = self.document()
        link = self.link_of(move)
        move.button_draft()
        self.work_again()
        self.assertFalse(self.writes())
        self.assertEqual(self.there(link.xero_id)["Status"], "AUTHORISED")
        move.invoice_line_ids.price_unit = 7
        move.action_post()
        self.work()
        self.assertEqual(self.there(link.xero_id)["Total"], move.amount_total)
        self.assertQuiet()

    # ---- contacts -----------------------------------------------------------------------------------

    def contact_delete_in_odoo(self):
        partner = self.customer("Short Lived")
        self.env["xero.resource.contacts"]._queue(self.organisation, partner.ids, by_hand=True)
        self.work_again()
        link = self.link(partner)
        self.assertTrue(link.xero_id)
        partner.unlink()
        self.work_again()
        self.assertEqual((link.outcome, link.xero_id), ("gone", False))
        [there] = self.contacts_in_xero("Short Lived")
        self.assertEqual((there["ContactStatus"], self.writes()), ("ACTIVE", []))

    def contact_archive_in_odoo(self):
        self.partner.active = False
        self.work_again()
        contact_id = self.link(self.partner).xero_id
        [there] = self.sim.books("NZ", f"Contacts/{contact_id}")["Contacts"]
        self.assertEqual(there["ContactStatus"], "ARCHIVED")
        self.partner.active = True
        self.work_again()
        [there] = self.sim.books("NZ", f"Contacts/{contact_id}")["Contacts"]
        self.assertEqual(there["ContactStatus"], "ACTIVE")
