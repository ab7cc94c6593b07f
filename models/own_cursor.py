"""A record in a transaction of its own, its row locked: for what must stand whatever becomes of the caller's."""

from contextlib import contextmanager

import psycopg2.errors

from odoo import api
from odoo.tools import SQL

from ..xero import errors

# Seconds. Longer than the longest call (connect + 3 x read, see xero.Gateway): waiting for a refresh succeeds.
PATIENCE = 120
TRIES = 20


@contextmanager
def locked(record):
    """Open a cursor, lock the row of ``record`` and yield the record in it, in superuser mode; commit at the end.

    What is read in the block is what the last holder of the lock left. The caller must not have written to the same
    row in its own transaction: it would wait for itself.

    :raise errors.Unavailable: somebody else has held the row for ``PATIENCE`` seconds
    :raise errors.Reconnect: the row is not (yet) in the database
    """
    record.ensure_one()
    for _try in range(TRIES):
        with record.env.registry.cursor() as cr:
            try:
                found = _lock(cr, record)
            except psycopg2.errors.SerializationFailure:
                cr.rollback()  # it changed while we waited: again, with a snapshot from after the change
                continue
            except psycopg2.errors.LockNotAvailable:
                cr.rollback()
                raise errors.Unavailable("busy") from None
            if not found:
                raise errors.Reconnect("not saved yet")
            # sudo: whoever may start this was asked before; the rows are the machinery's
            yield record.with_env(api.Environment(cr, record.env.uid, dict(record.env.context), su=True))
            cr.flush()
            break
    else:
        raise errors.Unavailable("busy")
    # what was computed from it is stale too (outside tests this transaction goes on to see the former values)
    record.env.invalidate_all()


def _lock(cr, record):
    cr.execute(SQL("SET LOCAL lock_timeout = %s", f"{PATIENCE}s"))
    cr.execute(
        SQL("SELECT id FROM %s WHERE id = %s FOR NO KEY UPDATE", SQL.identifier(record._table), record.id),
        log_exceptions=False,
    )
    return cr.fetchone()
