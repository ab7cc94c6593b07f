"""The journals in which documents that were made in Xero are booked."""

from odoo import fields, models

# Every number is taken as it comes: no year, no month in it means anything to Odoo's numbering.
ANY_NUMBER = r"^(?P<prefix1>.*?)(?P<seq>\d{0,9})(?P<suffix>\D*?)$"


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    incoming_journal_id = fields.Many2one(
        "account.journal", "Journal for invoices from Xero", copy=False, check_company=True,
        domain="[('type', '=', 'sale')]",
        help="Invoices and credit notes made in Xero keep their number, so they have a journal of their own: among "
        "Odoo's invoices they would upset Odoo's numbering. Empty: it is made when the first one comes.",
    )  # fmt: skip
    incoming_bill_journal_id = fields.Many2one(
        "account.journal", "Journal for bills from Xero", copy=False, check_company=True,
        domain="[('type', '=', 'purchase')]",
        help="Bills made in Xero get a number of this journal; the supplier's number is their reference. "
        "Empty: the company's first purchase journal.",
    )  # fmt: skip

    def _usual_journal(self, side):
        """The company's own journal of a side: of those that this organisation names, else the first.

        :param str side: ``sale`` or ``purchase``
        """
        Journal = self.env["account.journal"]
        here = Journal._check_company_domain(self.company_id)
        named = self.journal_ids.filtered(lambda journal: journal.type == side)
        return named[:1] or Journal.search(
            [*here, ("type", "=", side), ("id", "!=", self.incoming_journal_id.id)], limit=1
        )

    def _journal_for(self, side):
        """The journal of a document that was made in Xero; the one for sales is made when it is missing."""
        if side == "purchase":
            return self.incoming_bill_journal_id or self._usual_journal(side)
        if not self.incoming_journal_id:
            usual = self._usual_journal(side)
            self.incoming_journal_id = self.env["account.journal"].create({
                "name": self.env._("Invoices of %(name)s", name=self.name), "type": "sale",
                "code": self._free_journal_code(), "company_id": self.company_id.id, "refund_sequence": False,
                "default_account_id": usual.default_account_id.id, "sequence_override_regex": ANY_NUMBER,
            })  # fmt: skip
        return self.incoming_journal_id

    def _free_journal_code(self):
        taken = set(self.env["account.journal"].with_context(active_test=False).search(
            [("company_id", "=", self.company_id.id), ("code", "=like", "XER%")]
        ).mapped("code"))  # fmt: skip
        return next(code for code in ("XERO", *(f"XER{n}" for n in range(1, 100))) if code not in taken)
