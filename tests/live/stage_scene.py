"""What every actor stands on: a transaction of its own that is really committed, and a person who clicks."""

import contextlib
import time

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import SQL

LOCK_WAIT = "500ms"  # as long as a person's transaction may wait for a row that somebody else has locked


@contextlib.contextmanager
def transaction(database, login=None):
    """An environment whose work is committed at the end of the block, as a request of the web client would.

    :param login: of the user who does it; by default Odoo itself
    """
    registry = Registry(database).check_signaling()
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if login:
            env = env(user=env["res.users"].search([("login", "=", login)]))
        yield env
        env.flush_all()
        registry.signal_changes()


def organisation_of(env):
    return env["xero.organisation"].search([])


def as_user(database, login, act):
    """What a click does: a request of its own, replayed by Odoo when it collided with another.

    :param act: function of the environment
    :return: {result, seconds}
    :raise psycopg2.errors.LockNotAvailable: it would have to wait
    """
    started = time.monotonic()
    registry = Registry(database).check_signaling()
    with registry.cursor() as cr:
        cr.execute(SQL("SET lock_timeout = %s", LOCK_WAIT))
        cr.commit()
        env = api.Environment(cr, SUPERUSER_ID, {})
        env = env(user=env["res.users"].search([("login", "=", login)]))
        result = retrying(lambda: act(env), env)
    return {"result": result, "seconds": time.monotonic() - started}
