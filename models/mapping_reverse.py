"""The mappings read backwards: what an account, a rate, a contact of Xero's is in Odoo.

Where several things in Odoo stand for one in Xero, the one that a person marked decides, else nothing is guessed.
"""

from odoo import models

from .mapping_resolver import NO_TAX
from .problems import Problem


class MappingReverse:
    """A snapshot like ``MappingResolver``; the worker makes a new one when ``mapping_revision`` has grown.

    :param organisation: ``xero.organisation`` record, its company the environment's
    """

    def __init__(self, organisation):
        self.env = organisation.env
        self.organisation = organisation
        self.company = organisation.company_id
        self._read_accounts()
        self._read_taxes()
        self._read_journals()
        self._read_currencies()

    # ---- questions --------------------------------------------------------------------------------

    def account(self, code, account_id, side):
        """The Odoo account of lines on this account of Xero's.

        :param str side: ``sale`` or ``purchase``
        :return int: id of an ``account.account``
        :raise Problem: ``incoming_account``, ``incoming_account_several``
        """
        there = self.known_accounts.get(account_id) or self.by_code.get(code)
        found = self.accounts.get((there.id, side), ()) if there else ()
        if len(found) == 1:
            return found[0]
        name = there.display_name if there else code or account_id or self.env._("no account")
        known = {"account": name, "xero_account_id": there.id if there else False, "side": side}
        if found:
            names = ", ".join(self.env["account.account"].browse(found).mapped("display_name"))
            raise Problem("incoming_account_several", ours=names, **known)
        usual = (self.defaults[side], self.organisation.rounding_account_id)  # a cent has no account of its own here
        if there and there in usual and self.own_defaults[side]:
            return self.own_defaults[side].id
        raise Problem("incoming_account", **known)

    def is_unknown(self, line):
        """Whether the mirror has no such account or rate. :param ReceivedLine line:"""
        account = (line.account_id or line.account_code) and not (
            line.account_id in self.known_accounts or line.account_code in self.by_code
        )
        return bool(account or (line.tax_type and line.tax_type not in self.rates and line.tax_type not in NO_TAX))

    def taxes(self, tax_type, side, inclusive):
        """The Odoo taxes of one rate of Xero's.

        :param bool inclusive: the document's amounts hold the tax: taxes inside the price come first then
        :return tuple: ids of ``account.tax``, ascending; empty where no tax is meant
        :raise Problem: ``incoming_tax``, ``incoming_tax_several``
        """
        found = self.tax_mappings.get((tax_type, side), ())
        fitting = [keys for keys, within in found if within is inclusive] or [keys for keys, _within in found]
        if len(fitting) == 1:
            return fitting[0]
        rate = self.rates.get(tax_type)
        known = {"rate": rate.name if rate else tax_type or "?", "side": side, "tax_type": tax_type}
        if fitting:
            names = ", ".join(", ".join(self.env["account.tax"].browse(keys).mapped("name")) for keys in fitting)
            raise Problem("incoming_tax_several", ours=names, **known)
        if not tax_type or tax_type in NO_TAX:
            return ()
        raise Problem("incoming_tax", **known)

    def same_taxes(self, tax_type, side):
        """Everything in Odoo that stands for one rate of Xero's.

        :return list: tuples of ids of ``account.tax``, ascending
        """
        none = [()] if tax_type in ("", "NONE", "BASEXCLUDED") else []
        return self.all_taxes.get((tax_type, side), []) + none

    def journal(self, account_id):
        """The bank or cash journal of payments on this account.

        :return: ``xero.journal.mapping`` record
        :raise Problem: ``incoming_journal``
        """
        found = self.journals.get(account_id)
        if found:
            return found
        there = self.known_accounts.get(account_id)
        raise Problem("incoming_journal", account=there.display_name if there else account_id or "?",
                      xero_account_id=there.id if there else False)  # fmt: skip

    def currency(self, code):
        """:return: ``res.currency``
        :raise Problem: ``incoming_currency``: it is not active here; ``base_currency_differs``: so do all rates
        """
        ours, theirs = self.company.currency_id.name, self.organisation.base_currency
        if theirs and theirs != ours:
            raise Problem("base_currency_differs", ours=ours, theirs=theirs)
        if code not in self.currencies:
            raise Problem("incoming_currency", currency=code or "?")
        return self.currencies[code]

    # ---- reading ----------------------------------------------------------------------------------

    def _here(self):
        return [("organisation_id", "=", self.organisation.id)]

    def _read_accounts(self):
        mirror = self.env["xero.account"].with_context(active_test=False).search(self._here())
        self.known_accounts = {account.xero_id: account for account in mirror}
        self.by_code = {account.code: account for account in mirror if account.code}
        mappings = self.env["xero.account.mapping"].search([*self._here(), ("account_id", "!=", False)])
        self.accounts = {}
        for side in ("sale", "purchase"):
            fitting = mappings.filtered(lambda mapping, side=side: mapping.direction in (side, "both"))
            for there, mine in fitting.grouped("xero_account_id").items():
                chosen = mine.filtered("for_incoming") or mine
                self.accounts[there.id, side] = tuple(chosen.account_id.ids)
        self.defaults = {
            "sale": self.organisation.revenue_account_id, "purchase": self.organisation.expense_account_id,
        }  # fmt: skip
        self.own_defaults = {
            side: self.organisation._usual_journal(side).default_account_id for side in ("sale", "purchase")
        }  # fmt: skip

    def _read_taxes(self):
        rates = self.env["xero.tax.rate"].with_context(active_test=False).search(self._here())
        self.rates = {rate.tax_type: rate for rate in rates}
        mappings = self.env["xero.tax.mapping"].search(self._here())
        groups = mappings.grouped(lambda mapping: (mapping.xero_tax_rate_id.tax_type, mapping.direction))
        self.tax_mappings = {
            key: [_entry(mapping) for mapping in mine.filtered("for_incoming") or mine] for key, mine in groups.items()
        }
        self.all_taxes = {key: [_entry(mapping)[0] for mapping in mine] for key, mine in groups.items()}

    def _read_journals(self):
        mappings = self.env["xero.journal.mapping"].search(self._here())
        self.journals = {mapping.xero_account_id.xero_id: mapping for mapping in mappings}

    def _read_currencies(self):
        self.currencies = {currency.name: currency for currency in self.env["res.currency"].search([])}


def _entry(mapping):
    """(ids of the taxes, whether the price holds them) of one tax mapping."""
    taxes = mapping.tax_ids
    return tuple(sorted(taxes.ids)), any(tax.price_include for tax in taxes.flatten_taxes_hierarchy())


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    def _mapping_reverse(self):
        """:rtype: MappingReverse"""
        self.ensure_one()
        return MappingReverse(self)
