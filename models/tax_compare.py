"""Whether taxes of Odoo and a tax rate of Xero are the same: percentage, components, direction (S2.14, S2.25).

Both sides are reduced to a percentage of the untaxed amount and the shares of its parts. Odoo's side is computed by
Odoo's own tax engine, so groups, compound taxes, taxes inside the price and reverse charge mean here what they mean on
an invoice. Xero's side is computed from the components where it has them: its EffectiveRate has four decimals only.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# Rates of automated sales tax (Xero: TaxRates): they do not work from outside.
AUTOMATIC = ("AVALARA",)
REVERSE = re.compile(r"(DR|REVERSE)CHARGE")
TOLERANCE = 0.0001  # percentage points (S2.25)
# A big base and a small one: what is the same share of both is a percentage.
BASE, SMALL_BASE = 1_000_000.0, 1_000.0
SIDES = {"sale": _lt("sales"), "purchase": _lt("purchases")}

REASONS = {
    "fixed": _lt("%(taxes)s is a fixed amount. Xero's rates are percentages: invoice it as a line of its own."),
    "formula": _lt("%(taxes)s is not the same percentage of every amount, so no rate in Xero can stand for it."),
    "negative": _lt(
        "%(taxes)s takes something off (%(ours)s). Xero has no negative rates: book what is withheld in Xero by hand."
    ),
    "use": _lt("%(taxes)s is a tax for %(use)s, so it cannot be mapped for %(direction)s."),
    "automatic": _lt(
        "%(rate)s stands for sales tax that Xero computes by itself, and takes from nobody else. Choose another rate."
    ),
    "archived": _lt("%(rate)s is archived in Xero. Choose another rate."),
    "direction": _lt("Xero does not take %(rate)s on %(direction)s. Choose a rate for %(direction)s."),
    "rate": _lt(
        "%(taxes)s is %(ours)s %% in Odoo, but %(rate)s is %(theirs)s %% in Xero. Only the same percentages can be "
        "mapped to each other."
    ),
    "components": _lt(
        "%(taxes)s consists of %(ours)s in Odoo, but %(rate)s of %(theirs)s in Xero. Their components must be the "
        "same, too."
    ),
    "reverse": _lt(
        "%(taxes)s is a reverse charge of %(ours)s %% in Odoo, but %(rate)s is one of %(theirs)s %% in Xero (0: none). "
        "Only the same reverse charges can be mapped to each other."
    ),
    "recovery": _lt(
        "Of %(rate)s %(theirs)s %% can be claimed back in Xero, but Odoo books %(ours)s %% of %(taxes)s to tax "
        "accounts. In Odoo take the tax account away from the part that is lost (the tax's Definition), or choose "
        "another rate."
    ),
}  # fmt: skip


class Mismatch(Exception):
    """Why they cannot be mapped to each other: a key of ``REASONS`` and what its holes are filled with."""

    def __init__(self, reason, **data):
        super().__init__(reason)
        self.reason = reason
        self.data = data

    def text(self, env):
        """The sentence in the reader's language."""
        data = {key: env._(SIDES[value]) if value in SIDES else value for key, value in self.data.items()}
        sentence = env._(REASONS[self.reason])
        return sentence % data


@dataclass(frozen=True)
class Rate:
    """:ivar percent: float, of the untaxed amount
    :ivar parts: shares of its components in percent, ascending; zero shares left out
    :ivar reverse: percentage that is charged and taken off again (reverse charge), 0 for every other rate"""

    percent: float
    parts: tuple
    reverse: float = 0.0


def number(percent):
    """15.0 -> '15', 14.975 -> '14.975'"""
    return f"{percent:.6f}".rstrip("0").rstrip(".")


def numbers(parts):
    return " + ".join(f"{number(part)} %" for part in parts) or "0 %"


def names_of(env, taxes):
    return ", ".join(taxes.mapped("name")) or env._("No tax")


def odoo_rate(taxes):
    """What these taxes on one line come to.

    :param taxes: ``account.tax`` records; none at all are 0 %
    :rtype: Rate
    :raise Mismatch: no percentage can stand for them
    """
    names = names_of(taxes.env, taxes)
    if any(tax.amount_type == "fixed" for tax in taxes.flatten_taxes_hierarchy()):
        raise Mismatch("fixed", taxes=names)
    rate, small = _rate_at(taxes, BASE), _rate_at(taxes, SMALL_BASE)
    if abs(rate.percent - small.percent) > TOLERANCE:
        raise Mismatch("formula", taxes=names)
    if rate.percent < -TOLERANCE or any(part < 0 for part in rate.parts):
        raise Mismatch("negative", taxes=names, ours=numbers(rate.parts))
    return rate


def shares_at(taxes, base=BASE):
    """What each tax comes to, in percent of the untaxed amount ``base``.

    :return tuple: ({id of ``account.tax``: share}, {id: what is charged before a reverse charge takes it off again})
    """
    details = taxes._get_tax_details(base, 1.0, rounding_method="round_globally", special_mode="total_excluded")
    shares, charged = {}, {}
    for data in details["taxes_data"]:  # a reverse charge has two entries, which cancel out
        share = data["tax_amount"] / base * 100
        shares[data["tax"].id] = shares.get(data["tax"].id, 0.0) + share
        charged[data["tax"].id] = charged.get(data["tax"].id, 0.0) + max(share, 0.0)
    return shares, charged


def _rate_at(taxes, base):
    shares, charged = shares_at(taxes, base)
    reverse = sum(charged[tax] for tax, share in shares.items() if abs(share) <= TOLERANCE)
    parts = sorted(round(share, 8) for share in shares.values() if abs(share) > TOLERANCE)
    return Rate(round(sum(shares.values()), 8), tuple(parts), round(reverse, 8))


def xero_rate(effective_rate, components):
    """What Xero's rate comes to, exactly (5 % and 9.975 % compound are 15.47375 %, not 15.4738 %).

    :param float effective_rate: EffectiveRate, four decimals
    :param components: [{Name, Rate, IsCompound, IsNonRecoverable}]; a compound one is of the amount plus the others
    :rtype: Rate
    """
    parts = _shares(components)
    exact = sum(parts, Decimal(0))
    if parts and abs(float(exact) - effective_rate) <= TOLERANCE:
        return Rate(float(exact), tuple(sorted(float(part) for part in parts if part)))
    # A reverse charge has a component of 20 % and an effective rate of 0: the effective one is what a line bears.
    reverse = float(exact) if abs(effective_rate) <= TOLERANCE else 0.0
    return Rate(effective_rate, (effective_rate,) if effective_rate else (), reverse)


def _shares(components):
    """What each component takes of the untaxed amount, in percent: list of Decimal."""
    plain = sum((_decimal(part) for part in components or () if not part.get("IsCompound")), Decimal(0))
    return [
        _decimal(part) * (1 + plain / 100) if part.get("IsCompound") else _decimal(part) for part in components or ()
    ]


def reverse_charge(tax_type, name):
    """The percentage that a reverse-charge rate of Xero's stands for, 0.0 for every other rate.

    Its components and rates are all 0 there; the TaxType says it (DRCHARGE20), or else the name ("... (20%)").
    """
    if not REVERSE.match(tax_type or ""):
        return 0.0
    found = re.search(r"(\d+)$", tax_type) or re.search(r"(\d+(?:\.\d+)?)\s*%", name or "")
    return float(found[1]) if found else 0.0


def _decimal(part):
    return Decimal(str(part.get("Rate") or 0))


def compare(taxes, rate, direction):
    """:param taxes: ``account.tax`` records
    :param rate: one ``xero.tax.rate``
    :param str direction: ``sale`` or ``purchase``
    :raise Mismatch: why they cannot be mapped to each other
    """
    names = names_of(taxes.env, taxes)
    for tax in taxes:
        if tax.type_tax_use not in (direction, "none"):
            raise Mismatch("use", taxes=tax.name, use=tax.type_tax_use, direction=direction)
    if rate.tax_type in AUTOMATIC:
        raise Mismatch("automatic", rate=rate.name)
    if not rate.active:
        raise Mismatch("archived", rate=rate.name)
    if not rate._fits(direction):
        raise Mismatch("direction", rate=rate.name, direction=direction)
    compare_rates(names, odoo_rate(taxes), rate.name, rate._rate())
    if direction == "purchase":
        _compare_recovery(names, taxes, rate)


def compare_rates(names, ours, rate_name, theirs):
    """:param Rate ours: :param Rate theirs:
    :raise Mismatch: the percentages, their components, or what is charged in reverse differ"""
    if abs(ours.reverse - theirs.reverse) > TOLERANCE:
        raise Mismatch(
            "reverse", taxes=names, ours=number(ours.reverse), rate=rate_name, theirs=number(theirs.reverse)
        )
    if abs(ours.percent - theirs.percent) > TOLERANCE:
        raise Mismatch("rate", taxes=names, ours=number(ours.percent), rate=rate_name, theirs=number(theirs.percent))
    if not _same_parts(ours.parts, theirs.parts):
        raise Mismatch(
            "components", taxes=names, ours=numbers(ours.parts), rate=rate_name, theirs=numbers(theirs.parts)
        )


def _compare_recovery(names, taxes, rate):
    """What Xero treats as lost (IsNonRecoverable: it goes to the line's account), Odoo must not claim back (S2.14).

    A tax without a tax account claims nothing: many are set up so, and the tax return takes them from their grids.

    :raise Mismatch:
    """
    lost = sum(
        float(share)
        for share, part in zip(_shares(rate.components), rate.components or (), strict=True)
        if part.get("IsNonRecoverable")
    )
    theirs = rate._rate().percent - lost
    ours = _claimed_back(taxes) if lost else 0.0
    if ours > theirs + TOLERANCE:
        raise Mismatch("recovery", taxes=names, ours=number(ours), rate=rate.name, theirs=number(theirs))


def _claimed_back(taxes):
    """Percent of the untaxed amount that a vendor bill books to tax accounts of the balance sheet."""
    details = taxes._get_tax_details(BASE, 1.0, rounding_method="round_globally", special_mode="total_excluded")
    return sum(
        data["tax_amount"] / BASE * 100 * line.factor
        for data in details["taxes_data"]
        for line in data["tax"].invoice_repartition_line_ids
        if line.repartition_type == "tax" and line.account_id.internal_group in ("asset", "liability")
    )


def _same_parts(ours, theirs):
    return len(ours) == len(theirs) and all(abs(a - b) <= TOLERANCE for a, b in zip(ours, theirs, strict=True))
