"""What payments cost on their way in: 10,000 taken in, and 200 registered here against Odoo's own wizard."""

import ctypes
import gc
import statistics
from pathlib import Path

from . import company
from .odoo_books import transaction
from .payments import DAY, invoices, look_again, prepare, register
from .push import run_worker

READ, INVOICES = 10_000, 500
PER_CALL = 500
APPLIED, ROUNDS = 200, 3


def measure(database, simulator):
    """:return list: results ``pull.*``"""
    with transaction(database) as env:
        prepare(env)
    simulator.limits(enforced=False)
    read_calls, grown = pull(database, simulator)
    times = apply(database, simulator)
    return [
        ("pull.calls", read_calls, "reads of 10,000 payments", "10", read_calls == READ / 1000),
        ("pull.memory", grown, "MB more at the peak", "<= 64", grown <= 64),
        ("pull.apply", times, "times faster than Odoo's wizard", ">= 2", times >= 2),
    ]


def pull(database, simulator):
    """10,000 payments that a bookkeeper made of 500 invoices, all taken in. :return tuple: reads, MB"""
    with transaction(database) as env:
        ids = invoices(env, INVOICES, "Many").ids
    run_worker(database)
    for _look in range(2):  # what is there so far is known by the second, and too old to be read with what comes
        simulator.clock(advance=600)
        look_again(database)
        run_worker(database)
    pay_in_xero(database, simulator, ids, READ // INVOICES)
    look_again(database)
    simulator.clear_calls()
    give_back_memory()  # else what comes finds room in what was needed before
    before = memory("VmRSS", reset=True)
    run_worker(database)
    peak = memory("VmHWM")
    reads = simulator.calls(path="/Payments", bodies="false")
    check_paid(database, ids)
    return sum(call["method"] == "GET" for call in reads), max(0, peak - before) / 1024


def pay_in_xero(database, simulator, move_ids, times):
    """Each of these invoices of 100.00 is paid in Xero, in so many parts."""
    with transaction(database) as env:
        account_id = env["xero.journal.mapping"].search([], limit=1).xero_account_id.xero_id
        links = env["xero.link"].search([("resource", "=", "Invoices"), ("res_id", "in", move_ids)])
        payments = [
            {"Invoice": {"InvoiceID": xero_id}, "Account": {"AccountID": account_id}, "Date": DAY,
             "Amount": 100 / times}
            for xero_id in links.mapped("xero_id") * times
        ]  # fmt: skip
    for first in range(0, len(payments), PER_CALL):
        some = payments[first : first + PER_CALL]
        simulator.books(company.ORGANISATION, "Payments", "PUT", {"Payments": some})


def check_paid(database, move_ids):
    with transaction(database) as env:
        assert not any(env["account.move"].browse(move_ids).mapped("amount_residual")), "not everything came"


def give_back_memory():
    """Free memory goes back to the system, so that ``VmRSS`` is what is in use (glibc)."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def memory(what, reset=False):
    """kB of this process: ``VmRSS`` now, ``VmHWM`` the most since the last reset."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith(f"{what}:")).split()[1])


def apply(database, simulator):
    """The same payments, registered by the wizard and taken in from Xero. :return: times faster"""
    return statistics.median(apply_once(database, simulator, f"Round {number}") for number in range(ROUNDS))


def apply_once(database, simulator, prefix):
    with transaction(database) as env:
        theirs = invoices(env, APPLIED, f"{prefix} wizard").ids
        ours = invoices(env, APPLIED, f"{prefix} puller").ids
    run_worker(database)
    simulator.clock(advance=600)
    pay_in_xero(database, simulator, ours, 1)
    with transaction(database) as env:
        wizard = register(env, env["account.move"].browse(theirs))
    look_again(database)
    with transaction(database) as env:
        env["xero.change"].search([]).unlink()  # the wizard's payments are not what is measured
    watch = run_worker(database)
    check_paid(database, ours)
    return wizard / watch.own
