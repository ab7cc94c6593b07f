"""Tracking on line items, on their way out: what waits for an option, and what the link remembers of the answer."""

from odoo import fields, models

from .codec import received as received_codec
from .received_document import read_document


class XeroResourceItemised(models.AbstractModel):
    _inherit = "xero.resource.itemised"

    def _ask_for_option(self, organisation, problem):
        """Nobody has queued the account yet: do it, and look at the document again after it. :rtype: Problem"""
        link = self.env["xero.link"].browse(problem.data["waiting_for_id"] or ())
        if not link or link.outcome in ("synced", "gone"):
            account = self.env["account.analytic.account"].browse(problem.data["account_id"])
            self.env["xero.resource.tracking.options"]._queue(organisation, account, by_hand=True)
            problem.data |= {"waiting_for_id": False, "next_attempt": fields.Datetime.now()}
        return problem

    def _tracked_lines(self, payload):
        """The tracking that was sent, per line, to be found again in the answer; {} if there was none."""
        sent = [pairs_of(item) for item in payload["LineItems"]]
        return {"tracking": sent} if any(sent) else {}

    def _link_values(self, note, item):
        values = super()._link_values(note, item)
        lines = values["remote"]["lines"]
        return values | {"remote": self._remembered(lines, item)}

    def _remembered(self, lines, item):
        """What the link remembers of a document's lines. :param dict lines: {key: LineItemID}"""
        remote = {"lines": lines}
        parts = {line_id for key, line_id in lines.items() if ":" in key}
        received = read_document(self._resource, item).lines
        if "None" in lines and item.get("TotalTax") is not None:
            remote["tax"] = str(item["TotalTax"])
        if digests := {line.line_id: received_codec.line_digest(line) for line in received if line.line_id in parts}:
            remote["parts"] = digests
        if tracked := {line.line_id: line.tracking for line in received if line.tracking}:
            remote["tracking"] = tracked
        return remote

    def _agreed_values(self, note, item):
        """Xero drops a tracking value that it does not take, without a word (xero-node#516): look for each."""
        values = super()._agreed_values(note, item)
        sent, lines = note.get("remote", {}).get("tracking") or [], item.get("LineItems") or []
        if values["outcome"] != "synced" or len(sent) != len(lines):
            return values
        dropped = {tuple(pair) for ours, line in zip(sent, lines, strict=True) for pair in ours} - {
            tuple(pair) for ours, line in zip(sent, lines, strict=True) for pair in ours if pair in pairs_of(line)
        }
        if not dropped:
            return values
        return values | {
            "outcome": "conflict", "error_code": "tracking_dropped",
            "error_data": {"tracking": self._option_names(note, {option for _category, option in dropped})},
            "digest": False, "version": False,
        }  # fmt: skip

    def _option_names(self, note, option_ids):
        organisation = self.env["xero.link"].browse(note["link"]).organisation_id
        options = self.env["xero.tracking.option"].with_context(active_test=False).search(
            [("organisation_id", "=", organisation.id), ("xero_id", "in", list(option_ids))]
        )  # fmt: skip
        return ", ".join(f"{option.category_id.name}: {option.name}" for option in options)


def pairs_of(line):
    """[[TrackingCategoryID, TrackingOptionID], …] of a line, as JSON keeps it."""
    return [[entry.get("TrackingCategoryID"), entry.get("TrackingOptionID")] for entry in line.get("Tracking") or ()]
