"""What a tax rate may be mapped for is stored, and is reckoned otherwise since 19.0.1.1.0 (assets tell nothing)."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    rates = env["xero.tax.rate"].search([("organisation_id", "!=", False)])
    env.add_to_compute(rates._fields["directions"], rates)
    env.flush_all()
