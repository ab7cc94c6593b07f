"""Analytic plans as Xero's tracking categories: made when a person asks for it."""

from odoo import models

from .codec import text
from .codec.digest import digest_of
from .codec.tracking import CATEGORIES, NAME_LIMIT
from .problems import Problem
from .resource import Element


class XeroResourceTrackingCategories(models.AbstractModel):
    _name = "xero.resource.tracking.categories"
    _inherit = "xero.resource.mirrored"
    _description = "Xero Tracking Categories"

    _resource = "TrackingCategories"
    _res_model = "account.analytic.plan"
    _id_key = "TrackingCategoryID"
    _kind = "tracking"

    def _encode(self, organisation, run, records, links):
        mapped = organisation.tracking_mapping_ids.filtered("category_id").plan_id
        free = organisation.tracking_category_ids - organisation.tracking_mapping_ids.category_id
        theirs = {category.name.casefold(): category for category in free}
        room = CATEGORIES - len(organisation.tracking_category_ids)
        outcomes = {}
        for plan in records:
            payload = {"Name": text.one_line(plan.name, NAME_LIMIT)}
            outcomes[plan.id] = None
            if plan in mapped:
                continue
            if there := theirs.get(payload["Name"].casefold()):
                self._map(organisation, plan, there)
            elif room <= 0:
                outcomes[plan.id] = Problem("tracking_categories_full", count=CATEGORIES)
            else:
                room -= 1
                outcomes[plan.id] = Element(plan.id, payload, digest_of(payload), create=True)
        return outcomes

    def _map(self, organisation, plan, category):
        mapping = organisation.tracking_mapping_ids.filtered(lambda mapping: mapping.plan_id == plan)
        if mapping:
            mapping.category_id = category
        else:
            mapping.create({"organisation_id": organisation.id, "plan_id": plan.id, "category_id": category.id})

    def _is_ours(self, payload, item):
        return (item.get("Name") or "").casefold() == payload["Name"].casefold()

    def _facts(self, item):
        return {"xero_number": item.get("Name"), "xero_status": item.get("Status")}

    def _forgive(self, link, code):
        return self._stale(link) if code == "tracking_name_taken" else {}

    def _find(self, organisation, run, payloads, sent_at):
        answer = organisation._call(run, "get", self._resource)
        by_name = {(item.get("Name") or "").casefold(): item for item in answer.items}
        return [by_name.get(payload["Name"].casefold()) for payload in payloads]

    def _mirror_item(self, organisation, note, item):
        category = organisation._mirror_category(item)
        plan = self.env["account.analytic.plan"].browse(note["res_id"]).exists()
        if plan:
            self._map(organisation, plan, category)
