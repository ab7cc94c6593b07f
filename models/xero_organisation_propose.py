"""Proposals: the mapping that suggests itself for every tax, account and journal; what remains has its reason."""

import re

from odoo import Command, models

from .mapping_resolver import NO_TAX
from .tax_compare import Mismatch, compare, names_of, number, odoo_rate

# Words that say nothing about what a rate is for.
EMPTY_WORDS = {"gst", "vat", "tax", "on", "and", "rate", "rated", "the", "for", "sale", "purc", "inco", "expe", "of"}
STANDARD = ("OUTPUT2", "OUTPUT", "INPUT2", "INPUT")
CLASS_OF = {"income": "REVENUE", "expense": "EXPENSE", "asset": "ASSET", "liability": "LIABILITY", "equity": "EQUITY"}
NOT_ON_LINES = ("asset_receivable", "asset_cash", "liability_payable", "liability_credit_card", "off_balance")


class XeroOrganisation(models.Model):
    _inherit = "xero.organisation"

    def action_propose_mappings(self):
        """Map what suggests itself, without touching what is mapped, and say what is left."""
        self.ensure_one()
        self._check_manager()
        here = self.with_company(self.company_id)
        here._propose_defaults()
        made = here._propose_taxes(), here._propose_accounts(), here._propose_journals()
        tracking = here._propose_tracking()
        texts = [self.env._("Mapped: %(taxes)s taxes, %(accounts)s accounts, %(journals)s journals.",
                            taxes=made[0], accounts=made[1], journals=made[2])]  # fmt: skip
        if tracking:
            texts.append(self.env._("Analytic plans mapped to tracking categories: %(count)s.", count=tracking))
        left = self.env["xero.mapping.gap"].search([("organisation_id", "=", self.id), ("kind", "=", "tax")])
        if left:
            texts.append(self.env._("%(count)s taxes are left: “Still unmapped” says why.", count=len(left)))
        return self._notify("warning" if left else "success", " ".join(texts))

    # ---- taxes ----------------------------------------------------------------------------------

    def _propose_taxes(self):
        """:return int: mappings made, one per active tax of the company and one for lines without tax, per direction"""
        Tax = self.env["account.tax"]
        taxes = Tax.search([
            *Tax._check_company_domain(self.company_id), ("type_tax_use", "in", ("sale", "purchase")),
        ])  # fmt: skip
        wanted = [(Tax, "sale"), (Tax, "purchase"), *((tax, tax.type_tax_use) for tax in taxes)]
        mapped = {(mapping.tax_key or "", mapping.direction) for mapping in self.tax_mapping_ids}
        rates = self.tax_rate_ids
        values = []
        for some, direction in wanted:
            if (",".join(map(str, some.ids)), direction) not in mapped:
                rate = self._best_rate(some, direction, rates)[0]
                if rate:
                    values.append({
                        "organisation_id": self.id, "tax_ids": [Command.set(some.ids)], "direction": direction,
                        "xero_tax_rate_id": rate.id,
                    })  # fmt: skip
        self.env["xero.tax.mapping"].create(values)
        return len(values)

    def _best_rate(self, taxes, direction, rates=None):
        """The rate that stands for these taxes, by percentage, direction and name.

        :return tuple: (``xero.tax.rate``, '') or (an empty one, why there is none)
        """
        rates = self.tax_rate_ids if rates is None else rates
        none = rates.browse()
        try:
            ours = odoo_rate(taxes)
        except Mismatch as mismatch:
            return none, mismatch.text(self.env)
        fitting = rates.filtered(lambda rate: _matches(taxes, rate, direction))
        if not taxes:
            fitting = fitting.filtered(lambda rate: rate.tax_type in NO_TAX).sorted(
                lambda rate: NO_TAX.index(rate.tax_type)
            )
            return fitting[:1], "" if fitting else self.env._("Xero has no rate for lines without tax.")
        if not fitting:
            return none, self.env._(
                "No active rate in Xero comes to %(ours)s %% and may be used here (%(taxes)s). Press Create in Xero, "
                "or add one there (Settings > Tax rates) and refresh.",
                ours=number(ours.percent), taxes=names_of(self.env, taxes),
            )  # fmt: skip
        scores = {rate: _score(taxes, rate, direction) for rate in fitting}
        best = max(scores.values())
        top = fitting.filtered(lambda rate: scores[rate] == best)
        # Rates of 0 % differ in what the tax return says of them: without a hint in the name only a person knows.
        if not ours.percent and len(fitting) > 1 and (not best[0] or len(top) > 1):
            return none, self.env._(
                "Several rates of 0 %% fit: %(rates)s. Choose one.", rates=", ".join(fitting.mapped("name"))
            )
        return top[:1], ""

    # ---- accounts and journals ------------------------------------------------------------------

    def _propose_defaults(self):
        """Revenue, expense and rounding accounts as Xero sets up a new organisation."""
        values = {}
        if not self.revenue_account_id:
            values["revenue_account_id"] = self._best_default("REVENUE", r"sales", ("200", "4000"))
        if not self.expense_account_id:
            values["expense_account_id"] = self._best_default("EXPENSE", r"general expenses?", ("429",))
        if not self.rounding_account_id:
            values["rounding_account_id"] = self.account_ids.filtered(lambda a: a.system_account == "ROUNDING")[:1]
        offered = self.account_ids.filtered(lambda account: not account._refused_for_payments())
        if not self.payment_account_id and len(offered) == 1:
            values["payment_account_id"] = offered
        values = {name: account.id for name, account in values.items() if account}
        if values:
            self.write(values)

    def _best_default(self, account_class, name, codes):
        accounts = self.account_ids.filtered(lambda account: not account._refused_for_class(account_class))
        by_name = accounts.filtered(lambda account: re.fullmatch(name, account.name or "", re.IGNORECASE))
        return (by_name or accounts.filtered(lambda account: account.code in codes))[:1]

    def _propose_accounts(self):
        """Accounts that bear the same code on both sides, where their classes agree. :return int: mappings made"""
        theirs = {a.code: a for a in self.account_ids if a.code and not a._refused_for_lines()}
        Account = self.env["account.account"]
        ours = Account.search([
            *Account._check_company_domain(self.company_id), ("account_type", "not in", NOT_ON_LINES),
        ])  # fmt: skip
        values = [
            {"organisation_id": self.id, "account_id": account.id, "xero_account_id": theirs[account.code].id}
            for account in ours - self.account_mapping_ids.account_id
            if account.code in theirs
            and CLASS_OF.get(account.account_type.split("_")[0]) == theirs[account.code].account_class
        ]
        self.env["xero.account.mapping"].create(values)
        return len(values)

    def _propose_journals(self):
        """Journals called like a bank account in Xero, and the only one to the only one. :return int: mappings made"""
        Journal = self.env["account.journal"]
        ours = Journal.search([*Journal._check_company_domain(self.company_id), ("type", "=", "bank")])
        banks = self.account_ids.filtered(lambda account: account.account_type == "BANK")
        pairs = {j: b for j in ours for b in banks if j.name.strip().lower() == b.name.strip().lower()}
        if len(ours) == len(banks) == 1:
            pairs = {ours: banks}
        values = [
            {"organisation_id": self.id, "journal_id": journal.id, "xero_account_id": bank.id}
            for journal, bank in pairs.items() if journal not in self.journal_mapping_ids.journal_id
        ]  # fmt: skip
        self.env["xero.journal.mapping"].create(values)
        return len(values)


def _matches(taxes, rate, direction):
    try:
        compare(taxes, rate, direction)
    except Mismatch:
        return False
    return True


def _score(taxes, rate, direction):
    """More is better: shared words, then the rate for everyday sales or expenses, then Xero's standard ones."""
    shared = _words(" ".join(f"{tax.name} {tax.description or ''}" for tax in taxes)) & _words(rate.name)
    everyday = rate.to_revenue if direction == "sale" else rate.to_expenses
    return len(shared), bool(everyday), rate.tax_type in STANDARD


def _words(text):
    """Beginnings of the words, without numbers: 'GST Free Exports' -> {'free', 'expo'}"""
    words = {word[:4] for word in re.findall(r"[^\W\d_]+", re.sub(r"<[^>]*>", " ", text).lower())}
    return words - EMPTY_WORDS
