"""What posting costs a user when the addon is connected: the same 200 invoices with it and without it, in turns."""

import gc
import statistics
import time

from odoo import Command

from .odoo_books import transaction

INVOICES, ROUNDS = 200, 11


def measure(database, plain):
    """:param plain: name of a database that has no addon
    :return list: result ``post.overhead``"""
    for name in (database, plain):  # once for the caches
        post(name)
    ratios = []
    for round_number in range(ROUNDS):
        order = (database, plain) if round_number % 2 else (plain, database)
        seconds = {name: post(name) for name in order}
        ratios.append(seconds[database] / seconds[plain])
    with transaction(database) as env:
        env.cr.execute("DELETE FROM xero_change")  # what was posted here is not for the benchmarks that send
    ratio = statistics.median(ratios)
    return [("post.overhead", ratio, f"of the time without it (median of {ROUNDS})", "<= 1.05", ratio <= 1.05)]


def post(database):
    """Seconds that posting takes, commit included; the drafts are made before."""
    with transaction(database) as env:
        partner = env["res.partner"].create({"name": "Posted", "is_company": True})
        tax = env["account.tax"].search(
            [("type_tax_use", "=", "sale"), ("company_id", "=", env.company.id), ("amount_type", "=", "percent")],
            limit=1,
        )
        lines = [
            Command.create(
                {"name": f"Item {n}", "quantity": n, "price_unit": 9.99, "tax_ids": [Command.set(tax.ids)]}
            )
            for n in (1, 2, 3)
        ]
        values = {"move_type": "out_invoice", "partner_id": partner.id, "invoice_date": "2026-06-01"}
        ids = env["account.move"].create([values | {"invoice_line_ids": lines} for _n in range(INVOICES)]).ids
        # At every invoice Odoo looks for the journal's last number; how PostgreSQL looks hangs on its statistics.
        env.flush_all()
        env.cr.execute("ANALYZE account_move, account_move_line")
    gc.collect()
    with transaction(database) as env:
        moves = env["account.move"].browse(ids)
        started = time.perf_counter()
        moves.action_post()
        env.flush_all()
        env.cr.commit()
        seconds = time.perf_counter() - started
    return seconds
