"""How far an organisation's resource has been read, and when it is looked at again: one row per resource."""

from datetime import datetime, timedelta, timezone

from odoo import api, fields, models

from ..xero import dates

# Xero compares whole seconds and a document may become visible a moment after its UpdatedDateUTC: read a little twice.
OVERLAP = timedelta(minutes=2)
# Minutes between two looks: as often as the scheduled action runs while there is news, rarer while there is none, so
# that a quiet day costs few calls (field notes: the call budget is the sharpest constraint).
SHORTEST, LONGEST = 15, 180
EPOCH = datetime(1970, 1, 1)  # where the common times are counted from


class XeroCursor(models.Model):
    _name = "xero.cursor"
    _description = "Xero Read Cursor"

    organisation_id = fields.Many2one("xero.organisation", required=True, ondelete="cascade", index=True)
    resource = fields.Char(required=True)
    modified_since = fields.Datetime(help="Everything Xero changed up to then was read (UTC, Xero's clock).")
    read_at = fields.Datetime(help="When the last complete read began (UTC, our clock).")
    due_at = fields.Datetime(help="The next look (UTC, our clock); empty: at once.")
    interval = fields.Integer(default=SHORTEST, help="Minutes to the next look.")
    page = fields.Integer(help="Of an unfinished read: the page to go on with.")
    began_at = fields.Datetime(help="Of an unfinished read: when its first page was answered (UTC, Xero's clock).")
    generation = fields.Integer(help="Raised when everything is to be read anew: a read that is under way ends there.")

    _resource_uniq = models.UniqueIndex("(organisation_id, resource)")

    @api.model
    def _of(self, organisation, resource):
        """The cursor of ``resource``, made when it is missing."""
        found = self.search([("organisation_id", "=", organisation.id), ("resource", "=", resource)])
        return found or self.create({"organisation_id": organisation.id, "resource": resource})

    def _is_due(self):
        return not self.due_at or self.due_at <= fields.Datetime.now()

    def _is_fresh(self, age):
        """Whether it was read whole no longer than ``age`` ago."""
        return bool(self.read_at) and not self.page and self.read_at >= fields.Datetime.now() - age

    def _since(self):
        """What to send as If-Modified-Since: an aware datetime, or None to read everything.

        Only a complete read may be continued: without one everything is read again.
        """
        if not (self.read_at and self.modified_since):
            return None
        return (self.modified_since - OVERLAP).replace(tzinfo=timezone.utc)

    def _read_anew(self):
        """The next look reads everything, and at once. Whoever is reading it sees the generation and begins anew."""
        for cursor in self:
            cursor.write({
                "modified_since": False, "read_at": False, "due_at": False, "page": 0, "began_at": False,
                "generation": cursor.generation + 1,
            })  # fmt: skip

    def _heed_settings(self):
        """Before everything is read: other processes' caches are dropped between two jobs only, and what a manager
        has let in since this one began would be passed by."""
        if not self.read_at:
            self.env.registry.clear_cache()

    def _turn_page(self, page, answer):
        """``page`` was read and what it says is taken in: a read that is interrupted goes on with the next one.

        The pages are in the order of the ids, so nothing that is changed meanwhile moves another document forward.
        """
        vals = {"page": page + 1}
        if page == 1:
            moment = dates.parse_datetime(answer.body.get("DateTimeUTC"))
            vals["began_at"] = moment.replace(tzinfo=None, microsecond=0) if moment else False
        self.write(vals)

    def _complete(self, began, times, news=0):
        """A whole read is done: the next one continues where Xero stood when its first page was answered. What
        changed on a page after that is later, whatever else was seen.

        :param began: when the read began (UTC, our clock)
        :param times: ``UpdatedDateUTC`` of what was read, as Xero wrote them; for answers without a time of their own
        :param int news: how many of them said something new
        """
        moments = [moment for moment in map(dates.parse_datetime, filter(None, times)) if moment]
        latest = self.began_at or (max(moments).replace(tzinfo=None, microsecond=0) if moments else False)
        interval = SHORTEST if news else min(2 * (self.interval or SHORTEST), LONGEST)
        self.write({
            "read_at": began, "modified_since": max(filter(None, (latest, self.modified_since)), default=False),
            "page": 0, "began_at": False, "interval": interval, "due_at": self._next_look(began, interval),
        })  # fmt: skip

    def _next_look(self, began, interval):
        """No later than ``interval`` minutes from ``began``, at a time that all resources of the organisation have in
        common: looked at together they need one access token, which lives for half an hour. Not the same time for all
        organisations.

        :return: datetime (UTC, our clock)
        """
        step = timedelta(minutes=interval)
        shift = timedelta(minutes=SHORTEST * self.organisation_id.id)
        return began + step - (began - EPOCH - shift) % step

    def _expect_news(self):
        """People are at work: look again soon."""
        soon = fields.Datetime.now() + timedelta(minutes=SHORTEST)
        for cursor in self:
            if cursor.due_at and cursor.due_at > soon:
                cursor.write({"interval": SHORTEST, "due_at": soon})
