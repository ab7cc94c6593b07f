"""Documents that somebody changes, approves or takes back, on either side, before and after they are paid."""

from datetime import timedelta

from odoo import Command

LINE_KEYS = (
    "LineItemID", "Description", "Quantity", "UnitAmount", "DiscountRate", "AccountCode", "TaxType", "TaxAmount",
    "Tracking",
)  # fmt: skip
DOCUMENTS = ("out_invoice", "in_invoice", "out_receipt", "in_receipt", "out_refund", "in_refund")


class EditSteps:
    # ---- here -----------------------------------------------------------------------------------------

    def edit_here(self):
        move = self.work_on(self.unpaid())
        if not move:
            return None
        line = self.pick(move.invoice_line_ids.filtered(lambda line: line.display_type == "product"))
        return self.random.choice([
            self.due_date_here, self.text_here, self.distribution_here, self.amount_here, self.lines_here,
        ])(move, line)  # fmt: skip

    def due_date_here(self, move, _line):
        move.invoice_date_due = move.invoice_date + timedelta(days=self.random.randrange(5, 40))
        return f"due date of {move.name}"

    def text_here(self, move, line):
        line.name = f"{line.name} and more"
        return f"text on {move.name}"

    def distribution_here(self, move, line):
        line.analytic_distribution = self.distribution()
        return f"regions on {move.name}"

    def amount_here(self, move, line):
        move.button_draft()
        line.write({"quantity": line.quantity + 1})
        move.action_post()
        return f"one more on {move.name}: {move.amount_total}"

    def lines_here(self, move, line):
        """Another line, or one less."""
        lines = move.invoice_line_ids.filtered(lambda each: each.display_type == "product")
        sale = move.is_sale_document(include_receipts=True)
        less = len(lines) > 1 and (lines - line).filtered("price_subtotal") and self.chance(0.5)
        move.button_draft()
        move.write({"invoice_line_ids": [Command.delete(line.id) if less else self.line_here(sale)]})
        move.action_post()
        return f"{'a line less' if less else 'a line more'} on {move.name}: {move.amount_total}"

    def edit_paid_here(self):
        """What Xero still takes on a document with money on it."""
        moves = self.open_documents(DOCUMENTS, states=("partial", "paid", "in_payment"))
        move = self.work_on(moves)
        if not move:
            return None
        if move.is_sale_document(include_receipts=True):
            move.ref = self.number("PO")
        else:
            line = self.pick(move.invoice_line_ids.filtered(lambda line: line.display_type == "product"))
            line.name = f"{line.name}, paid"
        return f"{move.name} {move.payment_state}"

    # ---- there ----------------------------------------------------------------------------------------

    def edit_there(self):
        move = self.work_on(self.unpaid())
        if not move:
            return None
        item = self.there(move)
        due = move.invoice_date + timedelta(days=self.random.randrange(5, 40))
        element = {"InvoiceID": item["InvoiceID"], "DueDate": str(due)}
        if self.chance(0.6):
            element["LineItems"] = self.lines_there(item)
        self.books("Invoices", "POST", element)
        return f"{move.name} {', '.join(element)}"

    def lines_there(self, item):
        """Another line, one less, or another amount on one."""
        lines = [{key: line[key] for key in LINE_KEYS if key in line} for line in item["LineItems"]]
        lines = [line if "UnitAmount" in line else {"Description": line["Description"]} for line in lines]
        with_amount = [number for number, line in enumerate(lines) if "UnitAmount" in line]
        one = self.random.choice(with_amount)
        kind = self.random.choice(["more", "less", "other"])
        if kind == "less" and len(with_amount) > 1:
            return lines[:one] + lines[one + 1 :]
        if kind == "other" and lines[one].get("AccountCode") != self.test.rounding_code():  # that one holds cents
            lines[one] |= {"UnitAmount": round(self.random.uniform(1, 700), 2), "Quantity": 1}
            lines[one].pop("TaxAmount", None)  # Xero computes it anew
            return lines
        return [*lines, self.line_there(item["Type"] == "ACCREC")]

    def edit_paid_there(self):
        moves = self.open_documents(DOCUMENTS, states=("partial", "paid", "in_payment"))
        # of a line that two regions share, each part has a text of its own in Xero, and there is one here
        move = self.work_on(moves.filtered(lambda move: not any(len(line.analytic_distribution or {}) > 1
                                                                for line in move.invoice_line_ids)))  # fmt: skip
        if not move:
            return None
        item = self.there(move)
        resource = self.test.link_of(move).resource
        key = f"{resource[:-1]}ID"
        if item["Type"] in ("ACCREC", "ACCRECCREDIT"):
            element = {key: item[key], "Reference": self.number("PO")}
        else:
            lines = [{key: line[key] for key in LINE_KEYS if key in line} for line in item["LineItems"]]
            lines[0]["Description"] += ", as billed"
            element = {key: item[key], "LineItems": lines}
        self.books(resource, "POST", element)
        return f"{move.name} {item['Status']}"

    def edit_both(self):
        """Two people at once: the policy decides."""
        move = self.work_on(self.unpaid().filtered(lambda move: move.move_type == "out_invoice"))
        if not move:
            return None
        self.books("Invoices", "POST", {
            "InvoiceID": self.test.link_of(move).xero_id, "Reference": self.number("THEIRS"),
        })  # fmt: skip
        move.ref = self.number("OURS")
        return move.name

    # ---- approved, taken back ---------------------------------------------------------------------------

    def approve_there(self):
        """A draft of the bookkeeper's."""
        drafts = self.env["account.move"].search([
            ("move_type", "in", DOCUMENTS), ("state", "=", "draft"), ("id", "not in", list(self.touched)),
        ])  # fmt: skip
        move = self.pick(drafts.filtered(lambda move: self.test.link_of(move).outcome == "synced"))
        if not move:
            return None
        self.touched.add(move.id)
        resource = self.test.link_of(move).resource
        key = f"{resource[:-1]}ID"
        item = self.there(move)
        if item["Status"] not in ("DRAFT", "SUBMITTED"):
            return None
        self.books(resource, "POST", {key: item[key], "Status": "AUTHORISED"})
        return f"{move.name} {item['Total']}"

    def voidable(self):
        types = DOCUMENTS[:2] if self.chance(0.7) else DOCUMENTS[4:]
        return self.work_on(self.open_documents(types, states=("not_paid",)))

    def void_here(self):
        move = self.voidable()
        if not move:
            return None
        move.button_draft()
        move.button_cancel()
        return move.name

    def void_there(self):
        move = self.voidable()
        if not move:
            return None
        link = self.test.link_of(move)
        self.books(link.resource, "POST", {f"{link.resource[:-1]}ID": link.xero_id, "Status": "VOIDED"})
        return move.name
