"""Money that moves, and that is taken back: payments, refunds, overpayments and batches on either side."""

REFUNDS = ("out_refund", "in_refund")
CREDITS = (("inbound", "customer"), ("outbound", "supplier"))


class MoneySteps:
    def part_of(self, due):
        return round(due if self.chance(0.6) else max(0.01, due * self.random.uniform(0.1, 0.9)), 2)

    def paid_on(self, move):
        return max(self.day(), move.invoice_date)

    # ---- here -----------------------------------------------------------------------------------------

    def pay_here(self, moves, **values):
        """Odoo's own wizard. :return: the payments"""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids
        ).create({"journal_id": self.test.bank.id, "payment_date": max(map(self.paid_on, moves))} | values)  # fmt: skip
        return wizard._create_payments()

    def payment_here(self):
        move = self.work_on(self.open_documents())
        if not move:
            return None
        values = {
            "amount": self.part_of(move.amount_residual), "currency_id": move.currency_id.id,
            "payment_difference_handling": "open",
        }  # fmt: skip
        if move.currency_id.name != "NZD" and self.chance(0.2):
            values = {"currency_id": self.test.currencies["NZD"].id}  # all of it, in the bank's own money
        payment = self.pay_here(move, **values)
        return f"{move.name} {payment.amount} {payment.currency_id.name}"

    def group_payment_here(self):
        """Several documents of one partner by one payment."""
        moves = self.of_one_partner()
        if not moves:
            return None
        payment = self.pay_here(moves, group_payment=True)
        return f"{', '.join(moves.mapped('name'))} {payment.mapped('amount')}"

    def of_one_partner(self, most=3):
        """Open documents of one partner, type and currency; two at least, or none."""
        groups = self.open_documents(("out_invoice", "in_invoice")).grouped(
            lambda move: (move.partner_id.id, move.move_type, move.currency_id.id)
        )
        groups = [groups[key] for key in sorted(groups) if len(groups[key]) > 1]
        self.random.shuffle(groups)
        for moves in groups:
            moves = [move for move in moves.sorted("id") if self.test.in_step(move)][:most]
            if len(moves) > 1:
                self.touched.update(move.id for move in moves)
                return self.env["account.move"].union(*moves)
        return None

    def overpayment_here(self):
        """More than was due: the rest is the partner's credit."""
        move = self.work_on(self.open_documents(("out_invoice", "in_invoice")))
        if not move:
            return None
        more = round(self.random.uniform(1, 50), 2)
        payment = self.pay_here(
            move, amount=move.amount_residual + more, currency_id=move.currency_id.id,
            payment_difference_handling="open",
        )  # fmt: skip
        return f"{move.name} {payment.amount}, {more} too much"

    def refund_here(self):
        """A credit note is paid out."""
        move = self.work_on(self.open_documents(REFUNDS))
        if not move:
            return None
        payment = self.pay_here(
            move, amount=self.part_of(move.amount_residual), currency_id=move.currency_id.id,
            payment_difference_handling="open",
        )  # fmt: skip
        return f"{move.name} {payment.amount}"

    # ---- there ----------------------------------------------------------------------------------------

    def payment_there(self):
        return self.pay_there(self.work_on(self.open_documents()))

    def refund_there(self):
        return self.pay_there(self.work_on(self.open_documents(REFUNDS)))

    def pay_there(self, move):
        if not move:
            return None
        item, link, day = self.there(move), self.test.link_of(move), self.paid_on(move)
        element = {
            link.resource[:-1]: {f"{link.resource[:-1]}ID": link.xero_id}, "Account": {"Code": "090"}, "Date": str(day),
            "Amount": self.part_of(float(item.get("AmountDue", item.get("RemainingCredit")))),
            "Reference": self.number("PAID"),
        }  # fmt: skip
        currency = move.currency_id.name
        if currency != "NZD":
            element["CurrencyRate"] = self.test.rate_on(currency, day, self.random.uniform(0.98, 1.02))
        self.books("Payments", "PUT", element)
        return f"{move.name} {element['Amount']}"

    def batch_payment_there(self):
        moves = self.of_one_partner()
        if not moves:
            return None
        if moves[0].currency_id.name != "NZD":  # a batch is in the base currency
            self.touched -= set(moves.ids)
            return None
        payments = [
            {"Invoice": {"InvoiceID": self.test.link_of(move).xero_id}, "Amount": self.there(move)["AmountDue"]}
            for move in moves
        ]  # fmt: skip
        self.books("BatchPayments", "PUT", {
            "Account": {"AccountID": self.test.account("090").xero_id}, "Reference": self.number("B"),
            "Date": str(max(map(self.paid_on, moves))), "Payments": payments,
        })  # fmt: skip
        return ", ".join(moves.mapped("name"))

    def overpayment_there(self):
        """Money that came or went for nothing in particular."""
        sale = self.chance(0.5)
        contact = self.contact_there(sale)
        if not contact:
            return None
        element = {
            "Type": "RECEIVE-OVERPAYMENT" if sale else "SPEND-OVERPAYMENT", "Contact": {"ContactID": contact},
            "BankAccount": {"AccountID": self.test.account("090").xero_id}, "Date": str(self.day()),
            "Reference": self.number("O"), "LineAmountTypes": "NoTax",
            "LineItems": [{"Description": "On account", "Quantity": 1, "UnitAmount": self.random.randrange(20, 200)}],
        }  # fmt: skip
        made = self.books("BankTransactions", "PUT", element)
        return f"{made['Reference']} {made['Total']}"

    # ---- taken back -------------------------------------------------------------------------------------

    def known_payments(self):
        """Payments that both sides know and nobody works on."""
        return [
            payment for payment in self.env["account.payment"].search([("state", "in", ("paid", "in_process"))])
            if self.test.paid_by(payment) and not self.touched.intersection(self.test.paid_by(payment).ids)
        ]  # fmt: skip

    def settled_payment(self, fits=lambda payment: True):
        payments = sorted(filter(fits, self.known_payments()), key=lambda payment: payment.id)
        self.random.shuffle(payments)
        for payment in payments:
            # of a contact that was archived Xero takes no new credit
            alive = payment.partner_id in [*self.customers, *self.suppliers]
            if alive and self.test.payment_in_step(payment) and not self.test.is_of_batch(payment):
                self.touched.update(self.test.paid_by(payment).ids)
                return payment
        return None

    def reversal_here(self):
        payment = self.settled_payment()
        if not payment:
            return None
        name = payment.name
        payment.action_draft()
        payment.action_cancel()
        return name

    def unreconcile_here(self):
        """The money stays, it is for something else. What was paid out for a credit note is no credit in Xero."""
        payment = self.settled_payment(lambda payment: (payment.payment_type, payment.partner_type) in CREDITS)
        if not payment:
            return None
        move = self.pick(self.test.paid_by(payment))
        of_payment = self.test.partials_of(move) & self.test.partials_of(payment.move_id)
        for partial_id in of_payment.ids:
            move.js_remove_outstanding_partial(partial_id)
        return f"{payment.name} of {move.name}"

    def reversal_there(self):
        """Of a payment for one document alone: of money that is for several here, the rest would stay as credit."""
        payments = [
            payment for payment in self.sim.books("NZ", "Payments", page=1, pageSize=1000)["Payments"]
            if payment["Status"] == "AUTHORISED" and "Invoice" in payment and "BatchPaymentID" not in payment
            and self.test.known_there("Payments", payment["PaymentID"])
            and self.test.move_of(payment["Invoice"]["InvoiceID"]) not in self.touched
            and self.test.paid_alone(payment["PaymentID"])
        ]  # fmt: skip
        if not payments:
            return None
        payments.sort(key=lambda p: (p["Date"], float(p["Amount"]), p["Reference"], p["Invoice"]["InvoiceNumber"]))
        payment = self.random.choice(payments)
        self.touched.add(self.test.move_of(payment["Invoice"]["InvoiceID"]))
        self.books(f"Payments/{payment['PaymentID']}", "POST", {"Status": "DELETED"})
        return f"{payment['Reference']} {payment['Amount']}"
