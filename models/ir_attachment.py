"""A file on a document notes that it was added, changed or deleted."""

from odoo import api, models

from .resource_attachments import WATCHED

TRACKED = {"raw", "datas", "name", "res_model", "res_id"}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        files._xero_note_files()
        return files

    def write(self, vals):
        result = super().write(vals)
        if TRACKED & vals.keys():
            self._xero_note_files()
        return result

    def unlink(self):
        self._xero_note_files()
        return super().unlink()

    def _xero_note_files(self):
        """Append the files of documents; those of everything else cost no query."""
        # sudo: where a file lies decides, not who adds it
        mine = self.sudo().filtered(lambda file: file.res_model in WATCHED)
        if mine and self.env["xero.organisation"]._all_ids():
            self.env["xero.change"]._append(mine)
