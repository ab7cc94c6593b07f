"""How far an organisation's resource has been read: one row per (organisation, resource)."""

from odoo import fields, models


class XeroCursor(models.Model):
    _name = "xero.cursor"
    _description = "Xero Read Cursor"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade", index=True)
    resource = fields.Char(required=True)
    modified_since = fields.Datetime(help="Largest UpdatedDateUTC seen (UTC, Xero's clock).")
    read_at = fields.Datetime(help="When the last complete read began (UTC, our clock).")

    _resource_uniq = models.UniqueIndex("(organisation_id, resource)")
