"""A record in a transaction of its own, its row locked: for what must stand whatever becomes of the caller's."""

import logging
from contextlib import contextmanager

import psycopg2.errors

from odoo import api
from odoo.tools import SQL

from ..xero import errors

_logger = logging.getLogger(__name__)

# Seconds. Longer than the longest call (connect + 3 x read, see xero.Gateway), so that waiting for a refresh succeeds;
# shorter than Odoo's limit_time_real of 120, which would kill the process instead of letting us say why.
PATIENCE = 100
# A person in front of a button is told sooner.
BUTTON_PATIENCE = 10
FOR_BUTTON = "xero_for_button"
TRIES = 20


class Busy(errors.Unavailable):
    """Somebody else has held the row all the time. Nothing was done."""

    code = "busy"


def for_button(record):
    """``record``, for which (and for what is reached from it) ``locked`` waits ``BUTTON_PATIENCE`` only."""
    return record.with_context(**{FOR_BUTTON: True})


@contextmanager
def locked(record):
    """Open a cursor, lock the row of ``record`` and yield the record in it, in superuser mode; commit at the end.

    What is read in the block is what the last holder of the lock left. The caller must not have written to the same
    row in its own transaction: it would wait for itself.

    :raise Busy: somebody else has held the row for ``PATIENCE`` seconds, see :func:`for_button`
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
                raise Busy from None
            if not found:
                raise errors.Reconnect("not saved yet")
            # sudo: whoever may start this was asked before; the rows are the machinery's
            yield record.with_env(api.Environment(cr, record.env.uid, dict(record.env.context), su=True))
            cr.flush()
            break
    else:
        raise Busy
    # what was computed from it is stale too (outside tests this transaction goes on to see the former values)
    record.env.invalidate_all()


@contextmanager
def aside(record):
    """Open a cursor and yield ``record`` in it, in superuser mode: for what may as well be done another time.

    A collision with another transaction is logged, not raised.
    """
    try:
        with record.env.registry.cursor() as cr:
            # sudo: as in ``locked``
            yield record.with_env(api.Environment(cr, record.env.uid, dict(record.env.context), su=True))
            cr.flush()
    except psycopg2.OperationalError as error:
        _logger.info("%s %s: %s, left for another time", record._name, record.ids, type(error).__name__)
    record.env.invalidate_all()


def _lock(cr, record):
    patience = BUTTON_PATIENCE if record.env.context.get(FOR_BUTTON) else PATIENCE
    cr.execute(SQL("SET LOCAL lock_timeout = %s", f"{patience}s"))
    cr.execute(
        SQL("SELECT id FROM %s WHERE id = %s FOR NO KEY UPDATE", SQL.identifier(record._table), record.id),
        log_exceptions=False,
    )
    return cr.fetchone()
