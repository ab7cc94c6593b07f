"""What the scenarios share: a company and an organisation with everything mapped, and questions about both sides."""

import gc

from odoo import Command
from odoo.tools import SQL

from ..engine.common import EngineCommon
from .agreement import Agreement

CONTROL = ("asset_receivable", "liability_payable")
GROWING = (
    "account_move", "account_move_line", "account_partial_reconcile", "account_payment", "xero_link", "xero_change",
    "xero_request", "xero_contact", "res_partner",
)  # fmt: skip


class ScenarioCommon(EngineCommon):
    def setUp(self):
        super().setUp()
        gc.freeze()
        self.addCleanup(gc.unfreeze)
        self.sim.limits(enforced=False)
        self.organisation.pull_from = False
        self.income = self.company_data["default_account_revenue"]
        self.expense = self.company_data["default_account_expense"]
        self.bank = self.company_data["default_journal_bank"]
        self.map_taxes()
        self.organisation.expense_account_id = self.account("429")
        self.map_account(self.income, "200")
        self.map_account(self.expense, "429")
        self.map_journal(self.bank, "090")
        self.directions("both")

    def map_taxes(self):
        """On top, in the price, two on one line (Xero: one rate of two components), and none; for both sides."""
        levy = self.tax15.copy({"name": "Tourism levy 1.5", "amount": 1.5})
        bought = self.tax15.copy({"name": "GST 15 in", "type_tax_use": "purchase"})
        within = {"price_include_override": "tax_included"}
        sold_within = self.tax15.copy({"name": "GST 15 within", **within})
        bought_within = bought.copy({"name": "GST 15 in, within", **within})
        none = self.env["account.tax"]
        for taxes, tax_type, direction in (
            (sold_within, "OUTPUT2", "sale"), (self.tax15 + levy, "TAX001", "sale"), (none, "NONE", "sale"),
            (bought, "INPUT2", "purchase"), (bought_within, "INPUT2", "purchase"), (none, "NONE", "purchase"),
        ):  # fmt: skip
            self.map_tax(taxes, tax_type, direction)
        self.taxes = {
            "sale": [self.tax15, sold_within, self.tax15 + levy, none], "purchase": [bought, bought_within, none],
        }  # fmt: skip

    # ---- what the month needs -------------------------------------------------------------------------

    def choose(self, rounding, wins):
        """How Odoo rounds taxes (on the document the cent stands on the rounding account), and who wins."""
        self.organisation.company_id.tax_calculation_rounding_method = rounding
        self.wins(wins)

    def make_currencies(self, rates):
        """:param dict rates: {currency: {day: units per NZD}}"""
        Currency = self.env["res.currency"].with_context(active_test=False)
        self.rates = rates
        self.currencies = {code: Currency.search([("name", "=", code)]) for code in ("NZD", *rates)}
        for code, days in rates.items():
            self.currencies[code].active = True
            self.currencies[code].rate_ids.unlink()
            self.env["res.currency.rate"].create([
                {"currency_id": self.currencies[code].id, "name": day, "rate": rate,
                 "company_id": self.organisation.company_id.id}
                for day, rate in days.items()
            ])  # fmt: skip
            self.sim.organisation("NZ", add_currency=code)
        self.organisation._refresh_reference()

    def rate_on(self, code, day, off=1):
        """Units per NZD."""
        return round(self.rates[code][max(known for known in self.rates[code] if known <= day)] * off, 6)

    def make_regions(self):
        """A plan that is a tracking category in Xero, whose options are in use on both sides."""
        plan = self.env["account.analytic.plan"].create({"name": "Trade"})
        self.regions = self.env["account.analytic.account"].create(
            [{"name": name, "plan_id": plan.id} for name in ("North", "South")]
        )
        for category in self.sim.books("NZ", "TrackingCategories")["TrackingCategories"]:
            self.sim.books("NZ", f"TrackingCategories/{category['TrackingCategoryID']}", "DELETE")
        made = self.sim.books("NZ", "TrackingCategories", "PUT", {"Name": "Trade"})["TrackingCategories"][0]
        for account in self.regions:
            path = f"TrackingCategories/{made['TrackingCategoryID']}/Options"
            self.sim.books("NZ", path, "PUT", {"Name": account.name})
        self.organisation._refresh_reference()
        category = self.organisation.tracking_category_ids.filtered(
            lambda category: category.xero_id == made["TrackingCategoryID"]
        )
        self.map_plan(plan, category)

    def spend(self, day, amount, paid_by, vendor=None):
        """An expense of ``hr_expense``, where that is installed; else what it makes: a payment with an entry of its
        own, or a receipt of the employee's.

        :param str paid_by: ``own_account`` or ``company_account``
        """
        if "hr.expense" in self.env:
            return self._expense(day, amount, paid_by, vendor)
        if paid_by == "own_account":
            line = Command.create({"name": "Taxi", "price_unit": amount, "account_id": self.expense.id})
            move = self.env["account.move"].create({
                "move_type": "in_receipt", "partner_id": self._employee().id, "invoice_date": day, "date": day,
                "ref": f"Taxi {amount}", "invoice_line_ids": [line],
            })  # fmt: skip
            move.action_post()
            return move.name
        payment = self.env["account.payment"].create({
            "payment_type": "outbound", "partner_type": "supplier", "partner_id": vendor.id, "amount": amount,
            "date": day, "journal_id": self.bank.id, "memo": "Taxi",
            "line_ids": [
                Command.create({"name": "Taxi", "account_id": self.expense.id, "balance": amount,
                                "partner_id": vendor.id}),
                Command.create({"name": "Taxi", "account_id": self.bank.default_account_id.id, "balance": -amount}),
            ],
        })  # fmt: skip
        payment.action_post()
        return payment.name

    def _expense(self, day, amount, paid_by, vendor):
        Product = self.env["product.product"]
        category = Product.search([("name", "=", "Travel, June")]) or Product.create({
            "name": "Travel, June", "can_be_expensed": True, "standard_price": 0, "supplier_taxes_id": False,
            "property_account_expense_id": self.expense.id,
        })  # fmt: skip
        self.organisation.company_id.expense_journal_id = self.company_data["default_journal_purchase"]
        values = {
            "name": f"Taxi {amount}", "employee_id": self._employee().id, "product_id": category.id,
            "payment_mode": paid_by, "total_amount_currency": amount, "date": day,
            "tax_ids": [Command.set(self.taxes["purchase"][1].ids)],
        }  # fmt: skip
        if paid_by == "company_account":
            method = self.bank.outbound_payment_method_line_ids[:1]
            values |= {"payment_method_line_id": method.id, "vendor_id": vendor.id}
        expense = self.env["hr.expense"].create(values)
        expense.action_submit()
        if expense.state != "approved":
            expense.action_approve()
        action = expense.action_post()
        if action:
            wizard = self.env[action["res_model"]].with_context(**action["context"]).browse(action["res_id"])
            wizard.accounting_date = day
            wizard.with_context(active_ids=expense.ids).action_post_entry()
        return f"{expense.name} {expense.account_move_id.name}"

    def _employee(self):
        if "hr.employee" not in self.env:
            return self.env["res.partner"].search([("name", "=", "Ann Walker")]) or self.customer("Ann Walker")
        Employee = self.env["hr.employee"]
        values = {"name": "Ann Walker", "work_email": "ann@example.com"}
        return Employee.search([("name", "=", "Ann Walker")]) or Employee.create(values)

    # ---- the worker -----------------------------------------------------------------------------------

    def cycle(self):
        """One run of the worker in which Xero is looked at. :return: whether anything happened"""
        self.env.flush_all()
        # every wizard leaves an environment, through all of which Odoo looks for each next one: in life they end with
        # the click's own transaction, here there is one for all (a sixth of the month's time)
        gc.collect()
        # PostgreSQL's own autovacuum sees nothing of a test's one transaction, and plans for empty tables
        self.env.cr.execute(SQL("ANALYZE %s", SQL(", ").join(map(SQL.identifier, GROWING))))
        self.env["xero.cursor"].search([]).write({"due_at": False, "read_at": "2026-01-01"})
        self.sim.clear_calls()
        before = self._agreed()
        done = self.work()
        return bool(done or self.any_writes() or self._agreed() != before)

    def _agreed(self):
        """All that links say: whatever comes from Xero changes one of them."""
        self.env.flush_all()
        return self.env.execute_query(SQL(
            """SELECT id, res_id, xero_id, outcome, digest, remote_digest, error_code, xero_status, xero_due
                 FROM xero_link ORDER BY id"""
        ))  # fmt: skip

    def any_writes(self):
        return [call for call in self.sim.calls(path="/api.xro/") if call["method"] in ("PUT", "POST", "DELETE")]

    def what_is_left(self):
        """What is not done; what was deleted here and stays there is only told."""
        return Agreement(self).waiting()

    def compare_everything(self, told=()):
        """The nightly comparison finds no difference, and nothing is left on the list of what waits."""
        self.organisation.action_compare()
        self.cycle()
        sweep = self.env["xero.sweep"].search([("organisation_id", "=", self.organisation.id)], limit=1)
        rows = self.env["xero.difference"].search([("state", "=", "open")])
        self.assertEqual([(row.name, row.reason, row.values, row.link_id.remote) for row in rows], [], "\n".join(told))
        self.assertEqual((sweep.state, sweep.found_count), ("done", 0))
        self.assertGreater(sweep.document_count, 0)
        self.assertFalse(self.what_is_left())

    def rounding_code(self):
        return self.organisation.rounding_account_id.code

    # ---- questions --------------------------------------------------------------------------------------

    def link_of(self, record, resource=None):
        """The link of a document, or of any record of ``resource``."""
        if resource is None:
            resource = "CreditNotes" if record.move_type in ("out_refund", "in_refund") else "Invoices"
        return self.env["xero.link"].search([
            ("organisation_id", "=", self.organisation.id), ("resource", "=", resource),
            ("res_model", "=", record._name), ("res_id", "=", record.id),
        ])  # fmt: skip

    def with_contact(self, partners):
        """Those of ``partners`` that have a contact at Xero, in their order."""
        links = self.env["xero.link"].search([
            ("organisation_id", "=", self.organisation.id), ("resource", "=", "Contacts"), ("outcome", "=", "synced"),
            ("res_id", "in", [partner.id for partner in partners]), ("xero_id", "!=", False),
        ])  # fmt: skip
        known = set(links.mapped("res_id"))
        return [partner for partner in partners if partner.id in known]

    def contact_of(self, partner):
        """Xero's id of a contact, False while it has none."""
        link = self.link_of(partner, "Contacts")
        return link.xero_id and ((link.remote or {}).get("merged_to") or link.xero_id)

    def in_step(self, move):
        """Both sides know it, and nothing about it or its payments is on its way."""
        link = self.link_of(move)
        if link.outcome != "synced" or not link.xero_id or self._on_its_way(move):
            return False
        there = self.sim.books("NZ", f"{link.resource}/{link.xero_id}")[link.resource][0]
        due = there.get("AmountDue", there.get("RemainingCredit"))
        return there["Status"] in ("AUTHORISED", "PAID") and not move.currency_id.compare_amounts(
            float(due), move.amount_residual
        )

    def _on_its_way(self, move):
        queued = self.env["xero.change"].search([
            "|", "&", ("res_model", "=", "account.move"), ("res_id", "=", move.id),
            "&", ("res_model", "=", "account.partial.reconcile"), ("res_id", "in", self.partials_of(move).ids),
        ], limit=1)  # fmt: skip
        return bool(queued)

    def partials_of(self, move):
        lines = move.line_ids.filtered(lambda line: line.account_type in CONTROL)
        return lines.matched_debit_ids | lines.matched_credit_ids

    def paid_by(self, payment):
        """The documents that it is matched with."""
        partials = self.partials_of(payment.move_id)
        moves = (partials.debit_move_id | partials.credit_move_id).move_id
        return moves.filtered(lambda move: move.is_invoice(include_receipts=True))

    def payment_in_step(self, payment):
        moves = self.paid_by(payment)
        return bool(moves) and all(self.in_step(move) for move in moves) and self._credit_is_quiet(payment)

    def is_of_batch(self, payment):
        """Whether Xero takes it back only together with others."""
        links = self.env["xero.link"].search([
            ("organisation_id", "=", self.organisation.id), ("resource", "=", "Payments"),
            ("res_id", "in", self.partials_of(payment.move_id).ids),
        ])  # fmt: skip
        return any((link.remote or {}).get("batch") for link in links)

    def paid_alone(self, payment_id):
        """Whether the money of a payment of Xero's is for that document alone."""
        link = self.env["xero.link"].search([
            ("organisation_id", "=", self.organisation.id), ("resource", "=", "Payments"), ("xero_id", "=", payment_id),
        ])  # fmt: skip
        partial = self.env["account.partial.reconcile"].browse(link.res_id).exists()
        moves = (partial.debit_move_id | partial.credit_move_id).move_id
        money = moves.filtered(lambda move: move.move_type == "entry")
        lines = money.line_ids.filtered(lambda line: line.account_type in CONTROL)
        return len(self.partials_of(money)) == 1 and all(lines.mapped("reconciled"))

    def _credit_is_quiet(self, payment):
        return not self.env["xero.change"].search_count(
            [("res_model", "=", "account.payment"), ("res_id", "=", payment.id)], limit=1
        )

    def credit_in_step(self, payment):
        """An overpayment of which both sides have the same left, and something."""
        link = self.link_of(payment, "Overpayments")
        if not link.xero_id or not self._credit_is_quiet(payment) or payment.state not in ("paid", "in_process"):
            return False
        there = self.sim.books("NZ", f"Overpayments/{link.xero_id}")["Overpayments"][0]
        lines = payment.move_id.line_ids.filtered(lambda line: line.account_type in CONTROL)
        rest = abs(sum(lines.mapped("amount_residual_currency")))
        return rest > 0 and not payment.currency_id.compare_amounts(rest, float(there["RemainingCredit"]))

    def is_open(self, partner):
        """Whether anything of a partner is not yet done with."""
        family = [("commercial_partner_id", "=", partner.id)]
        documents = self.env["account.move"].search_count([
            *family, ("state", "!=", "cancel"), ("payment_state", "in", ("not_paid", "partial", False)),
            ("move_type", "!=", "entry"),
        ])  # fmt: skip
        drafts = self.env["account.move"].search_count([*family, ("state", "=", "draft")])
        lines = self.env["account.move.line"].search_count([
            ("partner_id", "=", partner.id), ("account_type", "in", CONTROL), ("reconciled", "=", False),
            ("parent_state", "=", "posted"),
        ])  # fmt: skip
        waiting = self.env["xero.change"].search_count([("res_model", "=", "res.partner"), ("res_id", "=", partner.id)])
        return bool(documents or drafts or lines or waiting)

    def has_credit(self, partner):
        """Whether credit was taken to a document of the partner, or money stands there that is none's."""
        lines = self.env["account.move.line"].search([("partner_id", "=", partner.id), ("account_type", "in", CONTROL)])
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        links = self.env["xero.link"].search_count([
            "|", "&", ("resource", "=", "Allocations"), ("res_id", "in", partials.ids),
            "&", ("resource", "=", "Overpayments"), ("res_id", "in", lines.move_id.origin_payment_id.ids),
        ])  # fmt: skip
        return bool(links)

    def known_there(self, resource, xero_id):
        return bool(self.env["xero.link"].search([
            ("organisation_id", "=", self.organisation.id), ("resource", "=", resource), ("xero_id", "=", xero_id),
            ("outcome", "=", "synced"),
        ]))  # fmt: skip

    def move_of(self, document_id):
        """Id of the document here, 0 where there is none."""
        return self.env["xero.link"].search([
            ("organisation_id", "=", self.organisation.id), ("xero_id", "=", document_id),
        ]).res_id  # fmt: skip
