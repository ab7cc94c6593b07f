"""Credit that is taken to invoices, and taken back: of credit notes and of overpayments, on either side."""

from odoo.addons.xero_integration.models.resource_overpayments import VOIDED_THERE

REFUND_OF = {"out_refund": "out_invoice", "in_refund": "in_invoice"}


class CreditSteps:
    # ---- credit notes ---------------------------------------------------------------------------------

    def creditable(self):
        """(credit note, document) of one contact and currency, both open and in step, nobody else's from here on; or
        (None, None)."""
        notes = self.open_documents(tuple(REFUND_OF))
        documents = self.open_documents(tuple(REFUND_OF.values())).grouped(_whose)
        pairs = [
            (note, move) for note in notes.sorted("id")
            for move in documents.get((note.partner_id.id, note.currency_id.id, REFUND_OF[note.move_type]), ())
        ]  # fmt: skip
        self.random.shuffle(pairs)
        for note, move in pairs:
            if self.test.in_step(note) and self.test.in_step(move):
                self.touched |= {note.id, move.id}
                return note, move
        return None, None

    def allocation_here(self):
        note, move = self.creditable()
        if not note:
            return None
        (note | move).line_ids.filtered(
            lambda line: line.account_type in ("asset_receivable", "liability_payable") and not line.reconciled
        ).reconcile()
        return f"{note.name} {move.name}"

    def allocation_there(self):
        note, move = self.creditable()
        if not note:
            return None
        source, target = self.there(note), self.there(move)
        amount = self.part_of(min(float(source["RemainingCredit"]), float(target["AmountDue"])))
        self.books(f"CreditNotes/{source['CreditNoteID']}/Allocations", "PUT", {
            "Amount": amount, "Date": str(max(note.invoice_date, move.invoice_date)),
            "Invoice": {"InvoiceID": target["InvoiceID"]},
        })  # fmt: skip
        return f"{note.name} {move.name} {amount}"

    def allocated(self):
        """An allocation that both sides know: (link, partial), or (None, None)."""
        links = self.env["xero.link"].search([
            ("organisation_id", "=", self.test.organisation.id), ("resource", "=", "Allocations"),
            ("outcome", "=", "synced"), ("parent_xero_id", "!=", False), ("xero_status", "!=", "DELETED"),
        ])  # fmt: skip
        links = sorted(links, key=lambda link: link.res_id)
        self.random.shuffle(links)
        for link in links:
            partial = self.env["account.partial.reconcile"].browse(link.res_id).exists()
            moves = (partial.debit_move_id | partial.credit_move_id).move_id
            documents = moves.filtered(lambda move: move.is_invoice(include_receipts=True))
            if not partial or len(documents) < 2 or self.touched.intersection(documents.ids):
                continue
            if all(self.test.in_step(move) for move in documents):
                self.touched.update(documents.ids)
                return link, partial
        return None, None

    def allocation_undone_here(self):
        _link, partial = self.allocated()
        if not partial:
            return None
        move = partial.debit_move_id.move_id
        move.js_remove_outstanding_partial(partial.id)
        return move.name

    def allocation_undone_there(self):
        link, partial = self.allocated()
        if not link:
            return None
        self.sim.books("NZ", f"CreditNotes/{link.parent_xero_id}/Allocations/{link.xero_id}", "DELETE")
        return partial.debit_move_id.move_id.name

    # ---- overpayments -----------------------------------------------------------------------------------

    def used_on(self):
        """(payment with credit left, document) of one partner and currency, both in step; or (None, None)."""
        links = self.env["xero.link"].search([
            ("organisation_id", "=", self.test.organisation.id), ("resource", "=", "Overpayments"),
            ("outcome", "=", "synced"), ("xero_status", "=", "AUTHORISED"),
        ])  # fmt: skip
        documents = self.open_documents(("out_invoice", "in_invoice")).grouped(_whose)
        for payment in self.env["account.payment"].browse(sorted(links.mapped("res_id"))).exists():
            if self.touched.intersection(self.test.paid_by(payment).ids) or not self.test.credit_in_step(payment):
                continue
            kind = "out_invoice" if payment.partner_type == "customer" else "in_invoice"
            for move in documents.get((payment.partner_id.id, payment.currency_id.id, kind), ()):
                if self.test.in_step(move):
                    self.touched.update({move.id, *self.test.paid_by(payment).ids})
                    return payment, move
        return None, None

    def overpayment_used_here(self):
        payment, move = self.used_on()
        if not payment:
            return None
        line = payment.move_id.line_ids.filtered(
            lambda line: line.account_type in ("asset_receivable", "liability_payable") and not line.reconciled
        )
        move.js_assign_outstanding_line(line.id)
        return f"{payment.name} {move.name}"

    def overpayment_used_there(self):
        payment, move = self.used_on()
        if not payment:
            return None
        link = self.test.link_of(payment, "Overpayments")
        credit, target = self.books(f"Overpayments/{link.xero_id}"), self.there(move)
        amount = min(float(credit["RemainingCredit"]), float(target["AmountDue"]))
        self.books(f"Overpayments/{link.xero_id}/Allocations", "PUT", {
            "Amount": amount, "Date": str(max(payment.date, move.invoice_date)),
            "Invoice": {"InvoiceID": target["InvoiceID"]},
        })  # fmt: skip
        return f"{payment.name} {move.name} {amount}"

    def void_what_waits(self):
        """What the sentence asks for: an overpayment that became another one here, only a person can void in Xero.

        :return int: how many
        """
        waiting = self.env["xero.link"].search([
            ("organisation_id", "=", self.test.organisation.id), ("resource", "=", "Overpayments"),
            ("error_code", "in", VOIDED_THERE), ("xero_status", "!=", "VOIDED"),
        ])  # fmt: skip
        for link in waiting:
            credit = self.books(f"Overpayments/{link.xero_id}")
            for allocation in credit["Allocations"]:
                path = f"Overpayments/{link.xero_id}/Allocations/{allocation['AllocationID']}"
                self.sim.books("NZ", path, "DELETE")
            for payment in credit["Payments"]:
                self.books(f"Payments/{payment['PaymentID']}", "POST", {"Status": "DELETED"})
            self.sim.organisation("NZ", void_credit=link.xero_id)
            self.told.append(f"void_what_waits: {link.display_name} {link.error_code}")
        return len(waiting)


def _whose(move):
    return move.partner_id.id, move.currency_id.id, move.move_type
