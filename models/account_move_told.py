"""By which number and for whom an accounting document stands at Xero, where that is not plainly its own."""

from odoo import models

from .codec.invoice import NUMBER_LIMIT
from .codec.text import ascii_printable

BOUGHT = ("in_invoice", "in_receipt", "in_refund")


class AccountMove(models.Model):
    _inherit = "account.move"

    def _xero_partner(self):
        """Whose document it is. An employee's expense report may come without a commercial partner."""
        self.ensure_one()
        return self.commercial_partner_id or self.partner_id.commercial_partner_id

    def _xero_number(self):
        """Its own number on a sale, the supplier's on a purchase. A receipt bears no supplier's number but a title (of
        an employee's expenses): where Xero would not take that, its own number does.

        :rtype: str
        """
        self.ensure_one()
        return number_at_xero(self.move_type, self.name, self.ref)


def number_at_xero(move_type, name, ref):
    """See ``account.move._xero_number``."""
    if move_type not in BOUGHT:
        return name or ""
    title = (ref or "").strip()
    if move_type == "in_receipt" and not (ascii_printable(title) and len(title) <= NUMBER_LIMIT):
        return name or ""
    return title or name or ""
