"""What payments cost: 1,000 pushed, 10,000 read, and registered here against Odoo's own wizard."""

import time
import tracemalloc

from odoo import Command

from . import company
from .odoo_books import transaction
from .push import run_worker, writes

PUSHED = 1000
READ = 10_000
APPLIED = 200
BANK = "090"
DAY = "2026-06-10"


def measure(database, simulator):
    """:return list: result ``payments.calls``"""
    with transaction(database) as env:
        prepare(env)
    calls = push_calls(database, simulator)
    return [("payments.calls", calls, "writes of 1,000 payments", "20", calls == PUSHED / 50)]


def measure_pull(database, simulator):
    """:return list: results ``pull.*``"""
    with transaction(database) as env:
        prepare(env)
    read_calls, grown = pull(database, simulator)
    times = apply(database, simulator)
    return [
        ("pull.calls", read_calls, "reads of 10,000 payments", "10", read_calls == READ / 1000),
        ("pull.memory", grown, "MB more at the peak", "<= 64", grown <= 64),
        ("pull.apply", times, "times faster than Odoo's wizard", ">= 2", times >= 2),
    ]


def measure_cycle(database, simulator):
    """:return list: result ``cycle.unchanged``: a cycle in which everything is looked at and nothing is different"""
    run_worker(database)
    look_again(database)
    simulator.clear_calls()
    run_worker(database)
    count = writes(simulator)
    return [("cycle.unchanged", count, "writes", "0", count == 0)]


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


def pull(database, simulator):
    """10,000 payments that changed in Xero and concern nothing here. :return tuple: reads, MB"""
    with transaction(database) as env:
        account_id = env["xero.journal.mapping"].search([], limit=1).xero_account_id.xero_id
        contact_id = env["xero.link"].search([("resource", "=", "Contacts"), ("xero_id", "!=", False)], limit=1).xero_id
    many_in_xero(simulator, account_id, contact_id, READ)
    look_again(database)
    simulator.clear_calls()
    tracemalloc.start()
    before, _peak = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    run_worker(database)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    reads = simulator.calls(path="/Payments", bodies="false")
    return sum(call["method"] == "GET" for call in reads), (peak - before) / 2**20


def many_in_xero(simulator, account_id, contact_id, count):
    """``count`` payments of one large invoice that a bookkeeper made long ago."""
    invoice = simulator.books(company.ORGANISATION, "Invoices", "PUT", {
        "Type": "ACCREC", "Contact": {"ContactID": contact_id}, "Date": "2021-01-01", "DueDate": "2021-01-01",
        "Status": "AUTHORISED", "LineItems": [
            {"Description": "All", "Quantity": count, "UnitAmount": 1, "AccountCode": "200", "TaxType": "NONE"}],
    })["Invoices"][0]  # fmt: skip
    payment = {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Account": {"AccountID": account_id},
               "Date": "2021-02-01", "Amount": 1}  # fmt: skip
    for _first in range(0, count, 500):
        simulator.books(company.ORGANISATION, "Payments", "PUT", {"Payments": [payment] * 500})


def look_again(database):
    with transaction(database) as env:
        env["xero.cursor"].search([]).write({"due_at": False, "read_at": "2026-01-01"})


def apply(database, simulator):
    """The same payments, registered by the wizard and taken in from Xero. :return: times faster"""
    with transaction(database) as env:
        theirs, ours = invoices(env, APPLIED, "Wizard").ids, invoices(env, APPLIED, "Puller").ids
    run_worker(database)
    with transaction(database) as env:
        account_id = env["xero.journal.mapping"].search([], limit=1).xero_account_id.xero_id
        links = env["xero.link"].search([("resource", "=", "Invoices"), ("res_id", "in", ours)])
        payments = [
            {"Invoice": {"InvoiceID": link.xero_id}, "Account": {"AccountID": account_id}, "Date": DAY, "Amount": 100}
            for link in links
        ]
    simulator.books(company.ORGANISATION, "Payments", "PUT", {"Payments": payments})
    with transaction(database) as env:
        wizard = register(env, env["account.move"].browse(theirs))
    look_again(database)
    with transaction(database) as env:
        env["xero.change"].search([]).unlink()  # the wizard's payments are not what is measured
    watch = run_worker(database)
    with transaction(database) as env:
        assert not any(env["account.move"].browse(ours).mapped("amount_residual")), "not everything came"
    return wizard / watch.own
