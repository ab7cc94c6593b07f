"""The outbox: "record R may owe organisation O something". Users append, the worker consumes."""

from odoo import fields, models


class XeroChange(models.Model):
    _name = "xero.change"
    _description = "Xero Change"
    _order = "id"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True)
    resource = fields.Char(required=True, help="Xero's name of what it concerns: Contacts, Invoices, ...")
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    kind = fields.Selection(
        [
            ("changed", "The record changed"),
            ("needed", "Another record needs it"),
            ("retry", "A person asked for another try"),
            ("match", "A person chose its counterpart"),
            ("create", "A person said that no counterpart exists"),
            ("exempt", "A person took it out of the sync"),
            ("include", "A person put it back"),
            ("remap", "A mapping changed"),
        ],
        required=True, default="changed",
    )
    by_hand = fields.Boolean(help="A person asked for this one: it goes even while auto-sync is off.")
    data = fields.Json(help="What the decision says: the chosen Xero id, a reason.")

    _queue_idx = models.Index("(organisation_id, resource, id)")
    _record_idx = models.Index("(res_model, res_id)")
