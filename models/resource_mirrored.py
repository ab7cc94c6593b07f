"""Settings that we make in Xero: what it answers goes into the mirror at once, so that it can be mapped and named."""

from odoo import models

from ..xero import errors


class XeroResourceMirrored(models.AbstractModel):
    """One call per record: Xero takes tax rates, tracking categories and options one by one."""

    _name = "xero.resource.mirrored"
    _inherit = "xero.resource"
    _description = "Xero Settings Made Here"

    def _organisation_ids(self, records):
        """Where one was asked for, by a person or a document, and stopped: it goes again when it is corrected."""
        # sudo: whoever keeps the taxes need not see the integration
        links = self.env["xero.link"].sudo().search_fetch([
            ("resource", "=", self._resource), ("res_model", "=", self._res_model), ("res_id", "in", records.ids),
            ("organisation_id", "!=", False), ("outcome", "!=", "synced"),
        ], ["organisation_id", "res_id"])  # fmt: skip
        return [
            (organisation.id, records.browse(mine.mapped("res_id")))
            for organisation, mine in links.grouped("organisation_id").items()
        ]

    def _mirror_item(self, organisation, note, item):
        """Write Xero's ``item`` into the mirror."""
        raise NotImplementedError

    def _agreed_values(self, note, item):
        # here, because this is where both roads meet: an answer, and what a look-up found
        organisation = self.env["xero.link"].browse(note["link"]).organisation_id
        self._mirror_item(organisation, note, item)
        return super()._agreed_values(note, item)

    def _send(self, organisation, run, request, payloads):
        try:
            return super()._send(organisation, run, request, payloads)
        except errors.NotFound as error:  # deleted in Xero: a matter of this record, not of the line
            raise errors.Rejected(
                f"{payloads[0].get('Name')} could not be found.", status=error.status, limits=error.limits
            ) from error

    def _stale(self, link):
        """Link values after a refusal that says that our picture of Xero is old: it is read anew, then once more."""
        if link.attempts:
            return {}
        link.organisation_id.reference_due_at = False
        return self._again() | {"error_code": "retry_later", "error_data": False}

    def _queue(self, organisation, records, by_hand=False):
        """Queue ``records`` that documents need and nobody has queued yet. :return int: how many"""
        known = self.env["xero.change"].search_fetch([
            ("organisation_id", "=", organisation.id), ("resource", "=", self._resource),
            ("res_model", "=", self._res_model), ("res_id", "in", records.ids),
        ], ["res_id"]).mapped("res_id")  # fmt: skip
        missing = records.filtered(lambda record: record.id not in known)
        self.env["xero.change"].create(self._change_values(organisation, missing, kind="needed", by_hand=by_hand))
        return len(missing)
