"""What payments cost on their way out: 1,000 of them."""

import time

from odoo import Command

from . import company
from .odoo_books import transaction
from .push import run_worker, writes

PUSHED = 1000
BANK = "090"
DAY = "2026-06-10"


def measure(database, simulator):
    """:return list: result ``payments.calls``"""
    with transaction(database) as env:
        prepare(env)
    calls = push_calls(database, simulator)
    return [("payments.calls", calls, "writes of 1,000 payments", "20", calls == PUSHED / 50)]


def prepare(env):
    """The bank is mapped, payments go both ways."""
    organisation = env["xero.organisation"].search([])
    journal = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    if not env["xero.journal.mapping"].search([("journal_id", "=", journal.id)]):
        bank = organisation.account_ids.filtered(lambda account: account.code == BANK)
        env["xero.journal.mapping"].create(
            {"organisation_id": organisation.id, "journal_id": journal.id, "xero_account_id": bank.id}
        )
    organisation.policy_ids.filtered(lambda policy: policy.kind == "payments").direction = "both"


def invoices(env, count, prefix):
    """Posted invoices of 100.00 without tax, one customer."""
    [partner] = company.customers(env, 1, prefix)
    moves = env["account.move"].create([
        {
            "move_type": "out_invoice", "invoice_date": company.DATE, "partner_id": partner.id,
            "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 100, "tax_ids": [Command.clear()]})],
        }
        for _number in range(count)
    ])  # fmt: skip
    moves.action_post()
    return moves


def register(env, moves):
    """Odoo's own wizard, one payment per invoice. :return: seconds"""
    journal = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    started = time.perf_counter()
    env["account.payment.register"].with_context(active_model="account.move", active_ids=moves.ids).create({
        "payment_date": DAY, "journal_id": journal.id, "group_payment": False,
    })._create_payments()  # fmt: skip
    env.flush_all()
    return time.perf_counter() - started


def push_calls(database, simulator):
    with transaction(database) as env:
        moves = invoices(env, PUSHED, "Payer")
        ids = moves.ids
    simulator.limits(enforced=False)
    run_worker(database)
    with transaction(database) as env:
        register(env, env["account.move"].browse(ids))
    simulator.clear_calls()
    run_worker(database)
    return writes(simulator)


def look_again(database):
    with transaction(database) as env:
        env["xero.cursor"].search([]).write({"due_at": False, "read_at": "2026-01-01"})
