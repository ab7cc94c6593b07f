"""Odoo inside this process: registries of the databases that are measured, and transactions on them."""

import contextlib
import os

import odoo.init  # noqa: F401  (before anything else of Odoo)
import odoo.tools.config
from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config


def configure():
    """Read the configuration that ``ODOO_RC`` names; only then are addons importable."""
    odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"], "--log-level=error"], setup_logging=True)


def start(base_url):
    """Point the addon at the simulator and load the registry.

    :return str: the database's name
    """
    config["xero_base_url"] = base_url
    name = config["db_name"]
    name = name[0] if isinstance(name, list) else name
    Registry(name)
    return name


@contextlib.contextmanager
def transaction(database, login=None):
    """An environment in a transaction that is committed when the block ends well."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        if login:
            env = env(user=env["res.users"].search([("login", "=", login)]).id)
        yield env(context={"allowed_company_ids": env.user.company_id.ids})
        env.flush_all()
