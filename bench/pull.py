"""What payments cost on their way in: 10,000 read, and 200 registered here against Odoo's own wizard."""

from pathlib import Path

from . import company
from .odoo_books import transaction
from .payments import DAY, invoices, look_again, prepare, register
from .push import run_worker

READ, INVOICES = 10_000, 500
APPLIED = 200


def measure(database, simulator):
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


def pull(database, simulator):
    """10,000 payments that changed in Xero and concern nothing here. :return tuple: reads, MB"""
    with transaction(database) as env:
        account_id = env["xero.journal.mapping"].search([], limit=1).xero_account_id.xero_id
        contact_id = env["xero.link"].search([("resource", "=", "Contacts"), ("xero_id", "!=", False)], limit=1).xero_id
    look_again(database)
    run_worker(database)  # what went out before is known, and too old to be read twice
    simulator.clock(advance=600)
    many_in_xero(simulator, account_id, contact_id, READ)
    look_again(database)
    simulator.clear_calls()
    before = memory("VmRSS", reset=True)
    run_worker(database)
    peak = memory("VmHWM")
    reads = simulator.calls(path="/Payments", bodies="false")
    return sum(call["method"] == "GET" for call in reads), max(0, peak - before) / 1024


def many_in_xero(simulator, account_id, contact_id, count):
    """``count`` payments of invoices that a bookkeeper made long ago."""
    invoice = {
        "Type": "ACCREC", "Contact": {"ContactID": contact_id}, "Date": "2021-01-01", "DueDate": "2021-01-01",
        "Status": "AUTHORISED", "LineItems": [
            {"Description": "All", "Quantity": count // INVOICES, "UnitAmount": 1, "AccountCode": "200",
             "TaxType": "NONE"}],
    }  # fmt: skip
    made = simulator.books(company.ORGANISATION, "Invoices", "PUT", {"Invoices": [invoice] * INVOICES})["Invoices"]
    for _first in range(0, count, INVOICES):
        simulator.books(company.ORGANISATION, "Payments", "PUT", {"Payments": [
            {"Invoice": {"InvoiceID": one["InvoiceID"]}, "Account": {"AccountID": account_id}, "Date": "2021-02-01",
             "Amount": 1}
            for one in made
        ]})  # fmt: skip


def memory(what, reset=False):
    """kB of this process: ``VmRSS`` now, ``VmHWM`` the most since the last reset."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith(f"{what}:")).split()[1])


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
