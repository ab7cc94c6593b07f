"""How far an organisation's resource has been read: one row per (organisation, resource)."""

from datetime import timedelta, timezone

from odoo import api, fields, models

from ..xero import dates

# Xero compares whole seconds and a document may become visible a moment after its UpdatedDateUTC: read a little twice.
OVERLAP = timedelta(minutes=2)


class XeroCursor(models.Model):
    _name = "xero.cursor"
    _description = "Xero Read Cursor"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade", index=True)
    resource = fields.Char(required=True)
    modified_since = fields.Datetime(help="Largest UpdatedDateUTC seen (UTC, Xero's clock).")
    read_at = fields.Datetime(help="When the last complete read began (UTC, our clock).")

    _resource_uniq = models.UniqueIndex("(organisation_id, resource)")

    @api.model
    def _of(self, organisation, resource):
        """The cursor of ``resource``, made when it is missing."""
        found = self.search([("organisation_id", "=", organisation.id), ("resource", "=", resource)])
        return found or self.create({"organisation_id": organisation.id, "resource": resource})

    def _since(self):
        """What to send as If-Modified-Since: an aware datetime, or None to read everything.

        Only a complete read may be continued: without one everything is read again.
        """
        if not (self.read_at and self.modified_since):
            return None
        return (self.modified_since - OVERLAP).replace(tzinfo=timezone.utc)

    def _complete(self, began, times):
        """A whole read is done: the next one continues at the latest of Xero's times in it.

        :param began: when the read began (UTC)
        :param times: ``UpdatedDateUTC`` of everything read, as Xero wrote them
        """
        moments = [moment for moment in map(dates.parse_datetime, filter(None, times)) if moment]
        latest = max(moments).replace(tzinfo=None, microsecond=0) if moments else self.modified_since
        self.write(
            {"read_at": began, "modified_since": max(filter(None, (latest, self.modified_since)), default=False)}
        )
