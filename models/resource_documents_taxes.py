"""Documents from Xero that bear a rate which no tax here stands for: it is made first, where that is wanted (S4.4)."""

from odoo import models
from odoo.exceptions import UserError

from .received_document import TYPES


class XeroResourceDocuments(models.AbstractModel):
    _inherit = "xero.resource.documents"

    def _prepare_incoming(self, organisation, run, incoming):
        if organisation.create_taxes and organisation._pulls("taxes"):
            self._bring_taxes(organisation, incoming)
        return super()._prepare_incoming(organisation, run, incoming)

    def _bring_taxes(self, organisation, incoming):
        wanted = {
            (line.get("TaxType"), TYPES[one.item["Type"]][1])
            for one in incoming if one.item.get("Type") in TYPES
            for line in one.item.get("LineItems") or () if line.get("TaxType")
        }  # fmt: skip
        mapped = {(m.xero_tax_rate_id.tax_type, m.direction) for m in organisation.tax_mapping_ids}
        missing = sorted(wanted - mapped)
        rates = organisation.tax_rate_ids.grouped("tax_type") if missing else {}
        for tax_type, side in missing:
            rate = rates.get(tax_type)
            if not rate or rate._is_no_tax():
                continue
            try:
                with self.env.cr.savepoint():
                    rate.with_env(self.env)._create_tax(side)
            except UserError:
                continue  # the document waits and says what to map
