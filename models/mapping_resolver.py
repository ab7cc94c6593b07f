"""Everything that is mapped for one organisation, as plain dictionaries: a batch of documents costs no query per line.

A snapshot: the worker makes a new one when ``organisation.mapping_revision`` has grown.
"""

from dataclasses import dataclass

from odoo import models

from .problems import Problem

NO_TAX = "NONE"  # Xero's TaxType for lines that bear no tax, in every country


@dataclass(frozen=True)
class AccountRef:
    """An account at Xero: ``xero_id`` is its AccountID; ``code`` may be empty on a bank account."""

    xero_id: str
    code: str
    name: str
    tax_type: str
    account_class: str


@dataclass(frozen=True)
class TaxRef:
    """A tax rate at Xero. ``effective_rate``: percent, float; ``classes``: account classes it may be applied to."""

    tax_type: str
    name: str
    effective_rate: float
    components: tuple
    classes: frozenset


class MappingResolver:
    """:param organisation: ``xero.organisation`` record"""

    def __init__(self, organisation):
        self.env = organisation.env
        self.organisation = organisation
        self.by_product, self.by_category, self.by_account = {}, {}, {}
        self._read_accounts()
        self._read_taxes()
        self.journals = {
            mapping.journal_id.id: self._account_ref(mapping.xero_account_id)
            for mapping in self.env["xero.journal.mapping"].search([("organisation_id", "=", organisation.id)])
        }
        self.currencies = set(
            self.env["xero.currency"].search([("organisation_id", "=", organisation.id)]).mapped("name")
        )

    # ---- questions ------------------------------------------------------------------------------

    def account(self, product_id, product_categ_ids, account_id, direction):
        """The account of one line: product before category (nearest first) before Odoo account before the default (S1.21).

        :param tuple product_categ_ids: own category first, root last
        :param str direction: ``sale`` or ``purchase``
        :rtype: AccountRef
        :raise Problem: ``mapping_account``
        """
        candidates = [(self.by_product, product_id), *((self.by_category, categ) for categ in product_categ_ids)]
        candidates.append((self.by_account, account_id))
        for table, key in candidates:
            for side in (direction, "both"):
                if (key, side) in table:
                    return table[key, side]
        default = self.defaults[direction]
        if default:
            return default
        account = self.env["account.account"].browse(account_id or 0).exists()
        raise Problem("mapping_account", account=account.display_name or "?", account_id=account_id or False, product_id=product_id or False)

    def tax(self, tax_ids, direction):
        """The rate that stands for these taxes together.

        :param tuple tax_ids: ids of ``account.tax`` on one line, in any order; empty for none
        :rtype: TaxRef
        :raise Problem: ``mapping_tax``
        """
        found = self.taxes.get((tuple(sorted(tax_ids)), direction))
        if found:
            return found
        if not tax_ids and self.no_tax:
            return self.no_tax
        names = ", ".join(self.env["account.tax"].browse(tax_ids).mapped("name")) or self.env._("no tax")
        label = self.env._("sales") if direction == "sale" else self.env._("purchases")
        raise Problem("mapping_tax", taxes=names, direction=label, tax_ids=list(tax_ids), side=direction)

    def check(self, account, tax):
        """:raise Problem: ``tax_not_for_account``: Xero would refuse this rate on this account"""
        if account.account_class and tax.classes and account.account_class not in tax.classes:
            raise Problem("tax_not_for_account", rate=tax.name, account=f"{account.code} {account.name}".strip())

    def journal(self, journal_id):
        """:raise Problem: ``mapping_journal``"""
        if journal_id not in self.journals:
            name = self.env["account.journal"].browse(journal_id).display_name
            raise Problem("mapping_journal", journal=name, journal_id=journal_id)
        return self.journals[journal_id]

    def rounding(self):
        """:raise Problem: ``rounding_account_missing``"""
        if not self.organisation.rounding_account_id:
            raise Problem("rounding_account_missing", cents="0.01")
        return self._account_ref(self.organisation.rounding_account_id)

    def currency(self, code):
        """:raise Problem: ``currency_missing``"""
        if code not in self.currencies:
            raise Problem("currency_missing", currency=code)

    # ---- reading --------------------------------------------------------------------------------

    def _read_accounts(self):
        organisation = self.organisation
        for mapping in self.env["xero.account.mapping"].search([("organisation_id", "=", organisation.id)]):
            ref = self._account_ref(mapping.xero_account_id)
            for table, record in (
                (self.by_product, mapping.product_id),
                (self.by_category, mapping.product_categ_id),
                (self.by_account, mapping.account_id),
            ):
                if record:
                    table[record.id, mapping.direction] = ref
        self.defaults = {
            "sale": organisation.revenue_account_id and self._account_ref(organisation.revenue_account_id),
            "purchase": organisation.expense_account_id and self._account_ref(organisation.expense_account_id),
        }

    def _read_taxes(self):
        self.taxes = {
            (tuple(sorted(mapping.tax_ids.ids)), mapping.direction): self._tax_ref(mapping.xero_tax_rate_id)
            for mapping in self.env["xero.tax.mapping"].search([("organisation_id", "=", self.organisation.id)])
        }
        none = self.env["xero.tax.rate"].search([("organisation_id", "=", self.organisation.id), ("tax_type", "=", NO_TAX)])
        self.no_tax = none and self._tax_ref(none)

    @staticmethod
    def _account_ref(account):
        return AccountRef(
            account.xero_id, account.code or "", account.name, account.tax_type or "", account.account_class or ""
        )

    @staticmethod
    def _tax_ref(rate):
        classes = {
            "ASSET": rate.to_assets, "EQUITY": rate.to_equity, "EXPENSE": rate.to_expenses,
            "LIABILITY": rate.to_liabilities, "REVENUE": rate.to_revenue,
        }  # fmt: skip
        return TaxRef(
            rate.tax_type, rate.name, rate.effective_rate, tuple(rate.components or ()),
            frozenset(name for name, allowed in classes.items() if allowed),
        )  # fmt: skip


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    def _mapping_resolver(self):
        """:rtype: MappingResolver"""
        self.ensure_one()
        return MappingResolver(self)
