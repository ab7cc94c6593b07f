"""Refusals of documents and of money spent that a person understands only with both values side by side."""

from odoo import models


class XeroResourceItemised(models.AbstractModel):
    _inherit = "xero.resource.itemised"

    #: codes of the catalogue
    _not_changeable = (
        "paid_in_xero", "not_modifiable", "void_paid", "answer_differs", "answer_tax_differs", "lines_replaced",
    )  # fmt: skip

    def _reclaim(self, request, run):
        """What Xero does not take any more becomes a difference, with both values side by side."""
        super()._reclaim(request, run)
        links = request.link_ids.exists().filtered(
            lambda link: link.outcome == "conflict" and link.error_code in self._not_changeable and link.xero_id
        )
        if not links:
            return
        organisation = request.organisation_id
        items = {item[self._id_key]: item for item in self._ask_for_all(organisation, run, links.mapped("xero_id"))}
        records = self.env[self._res_model].browse(links.mapped("res_id")).exists()
        for link in links:
            record, item = records.filtered(lambda one, link=link: one.id == link.res_id), items.get(link.xero_id)
            if record and item:
                self._follow_facts(link, item)
                if values := self._compare(organisation, record, item):
                    self.env["xero.difference"]._open(link, "not_changeable", values)
