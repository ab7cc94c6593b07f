"""Taxes of Odoo as new tax rates in Xero: when a person asks for one, or documents wait for it (S4.2)."""

from odoo import Command, fields, models

from .codec import text
from .codec.digest import digest_of
from .problems import Problem
from .reference_rows import tax_rate
from .resource import Element
from .tax_compare import Mismatch, compare
from .tax_components import NAME_LIMIT, components_of

# Xero wants to know where on the tax return a rate goes (Xero: TaxRates, ReportTaxType).
REPORTING = ("AU", "NZ", "GB")
REPORT_TYPES = {"sale": "OUTPUT", "purchase": "INPUT"}


class XeroResourceTaxRates(models.AbstractModel):
    _name = "xero.resource.tax.rates"
    _inherit = "xero.resource.mirrored"
    _description = "Xero Tax Rates"

    _resource = "TaxRates"
    _res_model = "account.tax"
    _id_key = "TaxType"
    _kind = "taxes"

    def _append_needs(self, organisation, window):
        """The taxes that documents wait for, where the organisation may make rates of its own accord."""
        if not (organisation.create_taxes and organisation._pushes("taxes")):
            return 0
        held = self.env["xero.link"].search_fetch([
            ("organisation_id", "=", organisation.id), ("outcome", "=", "held"), ("error_code", "=", "mapping_tax"),
        ], ["error_data"], limit=window)  # fmt: skip
        wanted = {link.error_data["tax_ids"][0] for link in held if len(link.error_data["tax_ids"]) == 1}
        asked = set(self._links(organisation, list(wanted)))
        taxes = self.env["account.tax"].browse(sorted(wanted - asked)).exists()
        return self._queue(organisation, taxes)

    # ---- encoding -------------------------------------------------------------------------------

    def _encode(self, organisation, run, records, links):
        outcomes, names = {}, self._names(organisation)
        for tax in records:
            try:
                outcomes[tax.id] = self._encode_one(organisation, tax, names)
            except Mismatch as mismatch:
                outcomes[tax.id] = Problem(
                    "mapping_tax_refused", reason=mismatch.text(self.env), tax_ids=tax.ids, side=tax.type_tax_use
                )
            except Problem as problem:
                outcomes[tax.id] = Problem(problem.code, **problem.data, tax_ids=tax.ids, side=tax.type_tax_use)
        return outcomes

    def _encode_one(self, organisation, tax, names):
        """:raise Mismatch: no rate can stand for the tax; :raise Problem: ``tax_components``"""
        mapped = organisation.tax_mapping_ids.filtered(lambda mapping: mapping.tax_ids == tax)
        if mapped:
            return None
        components = components_of(tax)
        if rate := organisation._best_rate(tax, tax.type_tax_use)[0]:
            self._map(organisation, tax, rate)
            return None
        payload = {"Name": self._free_name(tax, names), "TaxComponents": components}
        if organisation.country_code in REPORTING:
            payload["ReportTaxType"] = REPORT_TYPES[tax.type_tax_use]
        names.add(payload["Name"].casefold())
        return Element(tax.id, payload, digest_of(payload), create=True)

    def _names(self, organisation):
        rates = self.env["xero.tax.rate"].with_context(active_test=False)
        return {rate.name.casefold() for rate in rates.search([("organisation_id", "=", organisation.id)])}

    def _free_name(self, tax, taken):
        """Xero takes a name once, Odoo once for sales and once for purchases."""
        sides = {"sale": self.env._("Sales"), "purchase": self.env._("Purchases")}
        name = text.one_line(tax.name)
        endings = ["", f" {sides[tax.type_tax_use]}", *(f" {number}" for number in range(2, len(taken) + 3))]
        candidates = (text.one_line(name, NAME_LIMIT - len(ending)) + ending for ending in endings)
        return next(candidate for candidate in candidates if candidate.casefold() not in taken)

    # ---- answers --------------------------------------------------------------------------------

    def _is_ours(self, payload, item):
        return (item.get("Name") or "").casefold() == payload["Name"].casefold() and _parts(item) == _parts(payload)

    def _facts(self, item):
        return {"xero_number": item.get("Name"), "xero_status": item.get("Status")}

    def _forgive(self, link, code):
        return self._stale(link) if code == "tax_name_taken" else {}

    def _find(self, organisation, run, payloads, sent_at):
        """By name and components: nothing else of ours is on a tax rate."""
        items = organisation._call(run, "get", self._resource).items
        alive = [item for item in items if item.get("Status") == "ACTIVE"]
        return [next((item for item in alive if self._is_ours(payload, item)), None) for payload in payloads]

    def _mirror_item(self, organisation, note, item):
        rates = self.env["xero.tax.rate"].with_context(active_test=False)
        values = tax_rate(item)
        rate = rates.search([("organisation_id", "=", organisation.id), ("tax_type", "=", item["TaxType"])])
        if rate:
            rate.write(values)
        else:
            rate = rates.create(values | {"organisation_id": organisation.id})
        tax = self.env["account.tax"].browse(note["res_id"]).exists()
        if tax:
            self._map(organisation, tax, rate)

    def _map(self, organisation, tax, rate):
        """Map them, if they are the same: Xero's own computation has the last word."""
        try:
            compare(tax, rate, tax.type_tax_use)
        except Mismatch:
            return  # the documents that wait say what is left to do
        if not organisation.tax_mapping_ids.filtered(lambda mapping: mapping.tax_ids == tax):
            self.env["xero.tax.mapping"].create({
                "organisation_id": organisation.id, "tax_ids": [Command.set(tax.ids)], "direction": tax.type_tax_use,
                "xero_tax_rate_id": rate.id,
            })  # fmt: skip


def _parts(item):
    """Components as two readings can be compared by."""
    return sorted(
        (part.get("Name") or "", float(part.get("Rate") or 0), bool(part.get("IsCompound")))
        for part in item.get("TaxComponents") or ()
    )


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    create_taxes = fields.Boolean(
        "Create missing taxes",
        help="Documents that wait for a tax rate which Xero does not have, or for a tax that Odoo does not have, get "
        "it made, as far as tax rates go that way (What syncs). Otherwise a person maps it or presses the button.",
    )
