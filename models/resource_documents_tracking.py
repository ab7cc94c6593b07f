"""Tracking on documents, out and in: what else their lines have to say."""

from odoo import models

from .problems import Problem
from .received_document import read_document
from .resource_itemised_tracking import pairs_of
from .tracking_source import TrackingSource


class XeroResourceDocuments(models.AbstractModel):
    _inherit = "xero.resource.documents"

    # ---- out --------------------------------------------------------------------------------------

    def _with_their_tracking(self, items, link, tracking):
        """What lines say in categories that no plan stands for is not ours to take away; what we said before and do
        not say any more is."""
        said = (link.remote or {}).get("tracking") or {}
        return [
            item | {"Tracking": item.get("Tracking", []) + [
                {"TrackingCategoryID": category, "TrackingOptionID": option}
                for category, option in said[item["LineItemID"]] if category not in tracking.category_ids
            ]}
            if tracking.plans and item.get("LineItemID") in said else item
            for item in items
        ]  # fmt: skip

    def _not_ours(self, link, item):
        """The options of categories that no plan stands for, as they are now."""
        known = (link.remote or {}) if link else {}
        if not known:
            return super()._not_ours(link, item)
        said = {line.line_id: line.tracking for line in read_document(self._resource, item).lines if line.tracking}
        return {"remote": known | {"tracking": said}}

    # ---- in ---------------------------------------------------------------------------------------

    def _prepare_incoming(self, organisation, run, incoming):
        self._bring_options(organisation, run, incoming)
        return super()._prepare_incoming(organisation, run, incoming)

    def _bring_options(self, organisation, run, incoming):
        """A line names its options: those that are new come before the document, without a call."""
        categories = organisation._tracked_plans().values() if organisation._pulls("tracking") else ()
        wanted = {category.xero_id for category in categories}
        entries = {
            entry["TrackingOptionID"]: {
                "TrackingOptionID": entry["TrackingOptionID"], "TrackingCategoryID": entry["TrackingCategoryID"],
                "Name": entry["Option"], "Status": "ACTIVE", "Needed": True,
            }
            for one in incoming
            for line in one.item.get("LineItems") or ()
            for entry in line.get("Tracking") or ()
            if entry.get("TrackingCategoryID") in wanted and entry.get("TrackingOptionID") and entry.get("Option")
        }  # fmt: skip
        if not entries:
            return
        Options = self.env["xero.resource.tracking.options"]
        known = Options._standing(organisation, list(entries))
        news = [item for option_id, item in entries.items() if option_id not in known]
        if news:
            for item in news:
                organisation._mirror_option(item)
            Options._receive(organisation, run, news)

    def _analytic_of(self, organisation, run):
        return IncomingTracking(organisation).distribution if organisation._pulls("tracking") else None

    def _compare(self, organisation, record, item):
        differences = super()._compare(organisation, record, item)
        tracking = TrackingSource(organisation, [
            {"analytic_distribution": line.analytic_distribution} for line in record.invoice_line_ids
        ])  # fmt: skip
        if not tracking.plans:
            return differences
        pairs = [pair for line in item.get("LineItems") or () for pair in pairs_of(line)]
        theirs = {option for category, option in pairs if category in tracking.category_ids}
        ours = {tracking.links[account].xero_id or account for account in tracking.links}
        if ours != theirs:
            names = [self._names_of(organisation, some) for some in (ours, theirs)]
            differences.append({"label": "Tracking", "odoo": names[0], "xero": names[1]})
        return differences

    def _names_of(self, organisation, option_ids):
        options = self.env["xero.tracking.option"].with_context(active_test=False).search(
            [("organisation_id", "=", organisation.id), ("xero_id", "in", [str(one) for one in option_ids])]
        )  # fmt: skip
        return ", ".join(options.mapped("name"))


class IncomingTracking:
    """Tracking of Xero's lines read backwards. :param organisation: ``xero.organisation`` record"""

    def __init__(self, organisation):
        self.env = organisation.env
        self.plans = {category.xero_id: plan for plan, category in organisation._tracked_plans().items()}
        links = self.env["xero.link"].search_fetch([
            ("organisation_id", "=", organisation.id), ("resource", "=", "TrackingOptions"),
            ("xero_id", "!=", False), ("res_id", "!=", 0),
        ], ["xero_id", "res_id"]) if self.plans else ()  # fmt: skip
        accounts = self.env["account.analytic.account"].browse(link.res_id for link in links).exists()
        self.accounts = {link.xero_id: link.res_id for link in links if link.res_id in accounts._ids}

    def distribution(self, tracking, current):
        """See ``DocumentWriter``.

        :param tracking: ``ReceivedLine.tracking``; of categories that no plan stands for nothing is taken
        :param current: analytic distribution so far; what it says of other plans stays
        :raise Problem: ``incoming_tracking``
        """
        if not self.plans:
            return None
        ours = sorted(self._account(option) for category, option in tracking if category in self.plans)
        mapped, others = self._divided(current or {})
        if mapped == ({tuple(ours): 100.0} if ours else {}):
            return current
        rest = 100.0 - sum(others.values())
        shares = {(*ours, *ids): percent for ids, percent in others.items()}
        if ours and rest > 0:
            shares[tuple(ours)] = rest
        return {",".join(map(str, sorted(ids))): percent for ids, percent in shares.items()} or False

    def _account(self, option):
        if option not in self.accounts:
            mirror = self.env["xero.tracking.option"].with_context(active_test=False).search(
                [("xero_id", "=", option)], limit=1
            )  # fmt: skip
            raise Problem("incoming_tracking", option=mirror.name or option)
        return self.accounts[option]

    def _divided(self, distribution):
        """({accounts of mapped plans: percent}, {accounts of other plans: percent})"""
        mapped, others = {}, {}
        plans = set(self.plans.values())
        for key, percent in distribution.items():
            accounts = self.env["account.analytic.account"].browse(int(part) for part in key.split(",")).exists()
            mine = accounts.filtered(lambda account: account.root_plan_id.id in plans)
            for table, some in ((mapped, mine), (others, accounts - mine)):
                if some:
                    ids = tuple(sorted(some.ids))
                    table[ids] = round(table.get(ids, 0.0) + percent, 2)
        return mapped, others
