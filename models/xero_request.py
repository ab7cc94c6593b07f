"""One write to Xero, recorded before it is sent: the audit trail and the crash recovery in one."""

from odoo import fields, models


class XeroRequest(models.Model):
    _name = "xero.request"
    _description = "Xero Request"
    _order = "id desc"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    resource = fields.Char(required=True)
    method = fields.Char(required=True)
    idempotency_key = fields.Char(required=True)
    body = fields.Text(required=True, help="The elements that were sent, as JSON.")
    elements = fields.Json(help="In order of the body: [{link, digest, changes, lines}].")
    link_ids = fields.Many2many("xero.link", "xero_request_link_rel", "request_id", "link_id")
    element_count = fields.Integer()
    state = fields.Selection(
        [("recorded", "Sent or about to be"), ("answered", "Answered"), ("settled", "Settled by look-up"), ("dropped", "Never sent")],
        required=True, default="recorded",
    )
    sent_at = fields.Datetime(required=True, help="When it was recorded (UTC); the idempotency window counts from here.")
    answered_at = fields.Datetime()
    http_status = fields.Integer()
    answer = fields.Text()
    error_code = fields.Char()
    correlation_id = fields.Char()
    seconds = fields.Float(digits=(9, 3))

    _open_idx = models.Index("(organisation_id) WHERE state = 'recorded'")
