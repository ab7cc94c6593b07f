"""Everything that is mapped for one organisation, as plain dictionaries: a batch of documents costs no query per line.

A snapshot: the worker makes a new one when ``organisation.mapping_revision`` has grown.
"""

from dataclasses import dataclass

from odoo import models

from .problems import Problem
from .tax_compare import SIDES, Mismatch, compare, names_of

# Xero's TaxType of lines that bear no tax; Australia has its own.
NO_TAX = ("NONE", "BASEXCLUDED")


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
    """A tax rate at Xero. ``effective_rate``: percent, computed from the components where Xero has them; ``classes``:
    account classes it may be applied to."""

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
        self.by_product, self.by_category, self.by_account, self.journals = {}, {}, {}, {}
        self.taxes = {}
        self._read_accounts()
        self._read_taxes()
        self._read_journals()
        currencies = self.env["xero.currency"].search_fetch(self._here(), ["name"])
        self.currencies = set(currencies.mapped("name"))

    # ---- questions ------------------------------------------------------------------------------

    def account(self, product_id, product_categ_ids, account_id, direction):
        """The account of one line: product before category (nearest first) before account before default (S1.21).

        :param tuple product_categ_ids: own category first, root last
        :param str direction: ``sale`` or ``purchase``
        :rtype: AccountRef
        :raise Problem: ``mapping_account``, ``mapping_account_refused``
        """
        candidates = [(self.by_product, product_id), *((self.by_category, categ) for categ in product_categ_ids)]
        candidates.append((self.by_account, account_id))
        for table, key in candidates:
            for side in (direction, "both"):
                if (key, side) in table:
                    return _sound(table[key, side])
        if direction in self.defaults:
            return _sound(self.defaults[direction])
        account = self.env["account.account"].browse(account_id or 0).exists()
        name = account.display_name or self.env._("lines without an account")
        raise Problem(
            "mapping_account",
            account=name,
            account_id=account_id or False,
            product_id=product_id or False,
            side=direction,
        )

    def tax(self, tax_ids, direction):
        """The rate that stands for these taxes together.

        :param tuple tax_ids: ids of ``account.tax`` on one line, in any order; empty for none
        :rtype: TaxRef
        :raise Problem: ``mapping_tax``; ``mapping_tax_mismatch``, ``mapping_tax_refused``: one of the sides was changed
        """
        key = tuple(sorted(tax_ids)), direction
        if key in self.taxes:
            return _sound(self.taxes[key])
        if not tax_ids and self.no_tax:
            return self.no_tax
        names = names_of(self.env, self.env["account.tax"].browse(tax_ids))
        label = self.env._(SIDES[direction])
        raise Problem("mapping_tax", taxes=names, direction=label, tax_ids=list(tax_ids), side=direction)

    def check(self, account, tax):
        """:raise Problem: ``tax_not_for_account``: Xero would refuse this rate on this account"""
        if account.account_class and tax.classes and account.account_class not in tax.classes:
            raise Problem("tax_not_for_account", rate=tax.name, account=f"{account.code} {account.name}".strip())

    def journal(self, journal_id):
        """:rtype: AccountRef
        :raise Problem: ``mapping_journal``, ``mapping_account_refused``"""
        if journal_id not in self.journals:
            name = self.env["account.journal"].browse(journal_id).display_name
            raise Problem("mapping_journal", journal=name, journal_id=journal_id)
        return _sound(self.journals[journal_id])

    def rounding(self):
        """:rtype: AccountRef
        :raise Problem: ``rounding_account_missing``"""
        account = self.organisation.rounding_account_id
        if not account.active:
            raise Problem("rounding_account_missing", cents="0.01")
        return _account_ref(account)

    def currency(self, code):
        """:raise Problem: ``currency_missing``"""
        if code not in self.currencies:
            raise Problem("currency_missing", currency=code)

    # ---- reading --------------------------------------------------------------------------------

    def _here(self):
        return [("organisation_id", "=", self.organisation.id)]

    def _read_accounts(self):
        # Archived ones, too: a document that needs one is told so, and no other account is taken behind one's back.
        for mapping in self.env["xero.account.mapping"].search(self._here()):
            entry = self._line_account(mapping.xero_account_id)
            for table, record in (
                (self.by_product, mapping.product_id),
                (self.by_category, mapping.product_categ_id),
                (self.by_account, mapping.account_id),
            ):
                if record:
                    table[record.id, mapping.direction] = entry
        defaults = {"sale": self.organisation.revenue_account_id, "purchase": self.organisation.expense_account_id}
        self.defaults = {side: self._line_account(account) for side, account in defaults.items() if account}

    def _line_account(self, account):
        return _refused(account._refused_for_lines(), side="lines") or _account_ref(account)

    def _read_journals(self):
        for mapping in self.env["xero.journal.mapping"].search(self._here()):
            account = mapping.xero_account_id
            refused = _refused(account._refused_for_journals(), journal_id=mapping.journal_id.id)
            self.journals[mapping.journal_id.id] = refused or _account_ref(account)

    def _read_taxes(self):
        rates = self.env["xero.tax.rate"].with_context(active_test=False).search(self._here())
        mappings = self.env["xero.tax.mapping"].search(self._here())
        mappings.tax_ids._read_for_rates()
        for mapping in mappings:
            # By the key, not by the taxes: those of a mapping may have been deleted, and then it is for nothing at all.
            key = tuple(int(part) for part in (mapping.tax_key or "").split(",") if part)
            self.taxes[key, mapping.direction] = self._mapped_tax(mapping)
        free = {rate.tax_type: rate for rate in rates if rate.active and rate.tax_type in NO_TAX}
        self.no_tax = next((_tax_ref(free[tax_type]) for tax_type in NO_TAX if tax_type in free), None)

    def _mapped_tax(self, mapping):
        """The rate, or the problem with it: both sides may have changed since they were mapped."""
        taxes, rate = mapping.tax_ids, mapping.xero_tax_rate_id
        try:
            compare(taxes, rate, mapping.direction)
        except Mismatch as mismatch:
            known = {"tax_ids": taxes.ids, "side": mapping.direction}
            if mismatch.reason == "rate":
                return Problem("mapping_tax_mismatch", **mismatch.data, **known)
            return Problem("mapping_tax_refused", reason=mismatch.text(self.env), **known)
        return _tax_ref(rate)


def _sound(entry):
    if isinstance(entry, Problem):
        raise Problem(entry.code, **entry.data)
    return entry


def _refused(sentence, **known):
    return Problem("mapping_account_refused", reason=sentence, **known) if sentence else None


def _account_ref(account):
    return AccountRef(
        account.xero_id, account.code or "", account.name, account.tax_type or "", account.account_class or ""
    )


def _tax_ref(rate):
    classes = {
        "ASSET": rate.to_assets, "EQUITY": rate.to_equity, "EXPENSE": rate.to_expenses,
        "LIABILITY": rate.to_liabilities, "REVENUE": rate.to_revenue,
    }  # fmt: skip
    return TaxRef(
        rate.tax_type, rate.name, rate._rate().percent, tuple(rate.components or ()),
        frozenset(name for name, allowed in classes.items() if allowed),
    )  # fmt: skip


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    def _mapping_resolver(self):
        """:rtype: MappingResolver"""
        self.ensure_one()
        return MappingResolver(self)
