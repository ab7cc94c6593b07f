"""When a document has come into agreement, what hangs on it goes after it: files, its PDF, the way back to Odoo."""

from odoo import models

from .resource_files import PLACES


class XeroResourceItemised(models.AbstractModel):
    _inherit = "xero.resource.itemised"

    def _after_apply(self, organisation, links):
        result = super()._after_apply(organisation, links)
        documents = self._followed(links)
        if documents:
            self._queue_followers(organisation, documents)
        return result

    def _followed(self, links):
        living = links.filtered(lambda link: link.resource in PLACES and not self._is_closed({
            "Status": link.xero_status
        }))  # fmt: skip
        return self.env[self._res_model].browse(living.mapped("res_id")).exists()

    def _queue_followers(self, organisation, documents):
        """Queue what goes after ``documents``, which Xero has just got or changed."""
        self._queue_files(organisation, documents)

    def _queue_files(self, organisation, documents):
        if organisation._pushes("attachments"):
            self.env["xero.resource.attachments"]._queue_of(organisation, documents)


class XeroResourceDocuments(models.AbstractModel):
    _inherit = "xero.resource.documents"

    def _taken_in(self, organisation, run, links):
        """What Xero has just told may be a document that was here already, with its files."""
        result = super()._taken_in(organisation, run, links)
        documents = self._followed(links)
        if documents:
            self._queue_files(organisation, documents)
            self.env["xero.resource.invoice.pdf"]._renew_of(organisation, documents)
        return result

    def _queue_followers(self, organisation, documents):
        result = super()._queue_followers(organisation, documents)
        self.env["xero.resource.invoice.pdf"]._queue_of(organisation, documents)
        self.env["xero.resource.history"]._queue_of(organisation, documents)
        return result
