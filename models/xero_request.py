"""One write to Xero, recorded before it is sent: the audit trail and the crash recovery in one."""

import json
import uuid
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from ..xero import errors

# Xero remembers a key for 6 minutes from its first call. Ours counts from the record, which is earlier, and leaves
# room for the longest answer we wait for and for two clocks that do not agree to the second.
IDEMPOTENCY_WINDOW = timedelta(minutes=5)
ANSWER_LIMIT = 200_000  # characters of an answer that the audit trail keeps


def _plain(value):
    if isinstance(value, Decimal):
        return float(value) if value % 1 else int(value)
    raise TypeError(f"{type(value).__name__} does not belong in a payload")


class XeroRequest(models.Model):
    """States: *recorded* sent or about to be, its answer unknown; *answered*; *settled* its outcome was found at Xero
    by a look-up; *dropped* Xero surely did not apply it, what it carried goes again in a new request; *abandoned* a bug
    of ours struck while it was settled: what it carried is settled one by one, or failed when it was alone."""

    _name = "xero.request"
    _description = "Xero Request"
    _order = "id desc"
    _rec_name = "idempotency_key"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    resource = fields.Char(required=True)
    res_model = fields.Char(required=True)
    method = fields.Char(required=True)
    path = fields.Char(help="Where it went, if not to the resource itself.")
    idempotency_key = fields.Char(required=True)
    body = fields.Text(required=True, help="The elements that were sent, as JSON.")
    elements = fields.Json(help="In the order of the body: [{link, res_id, digest, changes, lines, create}].")
    link_ids = fields.Many2many("xero.link", "xero_request_link_rel", "request_id", "link_id")
    element_count = fields.Integer()
    state = fields.Selection(
        [
            ("recorded", "Sent or about to be"),
            ("answered", "Answered"),
            ("settled", "Settled by look-up"),
            ("dropped", "Not applied"),
            ("abandoned", "Given up"),
        ],
        required=True,
        default="recorded",
    )
    sent_at = fields.Datetime(
        required=True, help="When it was recorded (UTC); the idempotency window counts from here."
    )
    answered_at = fields.Datetime()
    http_status = fields.Integer()
    answer = fields.Text("Raw answer", help="Xero's answer as JSON, cut when it is very long.")
    error_code = fields.Char()
    error_detail = fields.Char()
    correlation_id = fields.Char(help="What Xero's support asks for.")
    seconds = fields.Float(digits=(9, 3))

    _open_idx = models.Index("(organisation_id) WHERE state = 'recorded'")
    _sent_at_idx = models.Index("(organisation_id, sent_at)")

    @api.model
    def _record(self, organisation, resource, method, elements, path=""):
        """Write down what is about to be sent; the caller commits before it sends.

        :param resource: a ``xero.resource`` model
        :param str path: see ``Element.path``
        :param list elements: ``Element`` of models/resource.py, at most one call's worth, all with a link
        """
        return self.create(
            {
                "organisation_id": organisation.id,
                "company_id": organisation.company_id.id,
                "resource": resource._resource,
                "res_model": resource._res_model,
                "method": method,
                "path": path or False,
                "idempotency_key": f"odoo-{uuid.uuid4()}",
                "body": json.dumps([element.payload for element in elements], default=_plain, ensure_ascii=False),
                "elements": [element.note() for element in elements],
                "element_count": len(elements),
                "link_ids": [fields.Command.set([element.link_id for element in elements])],
                "sent_at": fields.Datetime.now(),
            }
        )

    def _exchange(self, run, again=False):
        """Send it, once, and store each element's own answer.

        :param bool again: an earlier attempt may have arrived; until this one is answered nothing is certain
        :raise errors.InDoubt: no answer; the request stays *recorded*
        :raise errors.XeroError: surely not applied; the request is *dropped*, its changes stay queued
        """
        self.ensure_one()
        organisation, handler = self.organisation_id, self._handler()
        payloads = json.loads(self.body, parse_float=Decimal)
        try:
            run.sent = True
            answer = handler._send(organisation, run, self, payloads)
            handler._apply(self, answer.elements)
        except errors.InDoubt as error:
            self._note_error(error)
            raise
        except errors.Rejected as error:
            self._note_error(error)
            self._reject(error, run, again)
        except errors.XeroError as error:
            self._note_error(error)
            if not again:
                self._drop(error.code)
            raise
        else:
            self._note_answer(answer)
        handler._reclaim(self, run)

    # ---- settling a request without an answer ----------------------------------------------

    def _settle(self, run):
        """Within the idempotency window the same body under the same key; past it a look-up. Never a blind retry."""
        self.ensure_one()
        if fields.Datetime.now() < self.sent_at + IDEMPOTENCY_WINDOW:
            self._exchange(run, again=True)
        else:
            self._look_up(run)

    def _look_up(self, run):
        """Adopt what arrived, queue again what did not."""
        handler = self._handler()
        payloads = json.loads(self.body, parse_float=Decimal)
        found = handler._find(self.organisation_id, run, payloads, self.sent_at)
        handler._settle(self, payloads, found)
        self.write({"state": "settled", "answered_at": fields.Datetime.now()})

    def _isolate(self):
        """A bug of ours keeps it from being settled: a request of its own for each record; one that is alone fails.

        They keep its key and its time. Within the window Xero takes the key for the first body alone, and says so of
        every other, which is then looked up; past it all of them are looked up. Nothing is sent twice.
        """
        self.write({"state": "abandoned", "answered_at": fields.Datetime.now()})
        notes, payloads = self.elements, json.loads(self.body, parse_float=Decimal)
        if len(notes) == 1:
            self._handler()._fail(self.organisation_id, [notes[0]["res_id"]], "internal_error")
            return
        links = set(self.link_ids.exists().ids)
        self.create([
            vals
            for note, payload in zip(notes, payloads, strict=True) if note["link"] in links
            for vals in self.copy_data({
                "state": "recorded", "answered_at": False, "elements": [note], "element_count": 1,
                "body": json.dumps([payload], default=_plain, ensure_ascii=False),
                "link_ids": [fields.Command.set([note["link"]])],
            })
        ])  # fmt: skip

    # ---- notes ------------------------------------------------------------------------------

    def _handler(self):
        return self.env["xero.resource"]._for(self.resource, self.res_model)

    def _note_answer(self, answer):
        self.write(
            {
                "state": "answered",
                "answered_at": fields.Datetime.now(),
                "http_status": answer.status,
                "answer": json.dumps(answer.body, default=str, ensure_ascii=False)[:ANSWER_LIMIT],
                "correlation_id": answer.correlation_id,
                "seconds": answer.seconds,
                "error_code": False,
                "error_detail": False,
            }
        )

    def _note_error(self, error):
        self.write(
            {
                "http_status": error.status or 0,
                "error_code": error.code,
                "error_detail": error.detail,
                "correlation_id": error.correlation_id,
            }
        )

    def _drop(self, code="retry_later"):
        """Xero surely applied nothing: the links leave their doubt, the changes are still queued."""
        self.state = "dropped"
        self.answered_at = fields.Datetime.now()
        self.link_ids.write({"outcome": "waiting", "error_code": "retry_later", "error_data": {"detail": code}})

    def _reject(self, error, run, again):
        """Xero refused the whole call: elements with a reason fail alone, without one the culprit is isolated."""
        per_element = [element.errors for element in error.elements]
        if again and not any(per_element):
            self._look_up(run)  # the key itself may be what is refused; only a look can tell what the first try did
            return
        self.write({"state": "answered", "answered_at": fields.Datetime.now()})
        if not self._handler()._apply_rejection(self, per_element, error.detail):
            run.limit = max(1, self.element_count // 2)
