"""Organisations of before there was a direction per kind of record go on as they did: contacts and invoices are sent,
nothing else is sent, and nothing comes from Xero until somebody says so (organisation, page What syncs).
"""

from odoo import SUPERUSER_ID, api, fields

AS_BEFORE = {"contacts": "push", "invoices": "push"}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    organisations = env["xero.organisation"].with_context(active_test=False).search([("policy_ids", "=", False)])
    kinds = dict(env["xero.policy"]._fields["kind"].selection)
    organisations._create_policies({kind: AS_BEFORE.get(kind, "off") for kind in kinds})
    organisations.write({"pull_from": fields.Date.today()})
