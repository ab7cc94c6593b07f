"""Taxes of Odoo as components of a new rate in Xero, and components of a rate of Xero's as taxes here (S2.14, S4.2)."""

from .codec.money import decimal
from .problems import Problem
from .tax_compare import Mismatch, compare_rates, names_of, odoo_rate, shares_at, xero_rate

NAME_LIMIT = 50  # Xero: TaxRates
DECIMALS = 4  # of a component's rate


def components_of(taxes):
    """The components with which a rate of Xero's comes to the same as ``taxes`` on one line.

    A tax that is levied on another one, too, is a compound component: its rate is of the amount plus all the others.

    :param taxes: ``account.tax`` records
    :return list: ``[{Name, Rate, IsCompound}]``
    :raise Mismatch: no percentage can stand for them
    :raise Problem: ``tax_components``: a percentage can, but not in Xero's components
    """
    ours = odoo_rate(taxes)
    if ours.reverse or "none" in taxes.mapped("type_tax_use"):
        raise Problem("tax_components", taxes=names_of(taxes.env, taxes))
    leaves, shares = _leaves(taxes), shares_at(taxes)[0]
    compound = [tax for tax in leaves if _differs(shares.get(tax.id, 0.0), tax)]
    for of_others in ([compound[0]] if len(compound) == 1 else []), []:
        components = [_component(tax, shares.get(tax.id, 0.0), tax in of_others) for tax in leaves]
        try:
            compare_rates("", ours, "", xero_rate(float(_effective(components)), components))
        except Mismatch:
            continue
        return components
    raise Problem("tax_components", taxes=names_of(taxes.env, taxes))


def _leaves(taxes):
    return taxes.flatten_taxes_hierarchy()


def _differs(share, tax):
    """Whether the tax comes to another percentage than its own: it is levied on other taxes, too."""
    return tax.amount_type == "percent" and abs(share - tax.amount) > 10**-DECIMALS


def _component(tax, share, compound):
    return {
        "Name": " ".join(tax.name.split())[:NAME_LIMIT],
        "Rate": decimal(round(tax.amount if compound else share, DECIMALS)),
        "IsCompound": compound,
    }


def _effective(components):
    plain = sum(part["Rate"] for part in components if not part["IsCompound"])
    return sum(part["Rate"] * (1 + plain / 100 if part["IsCompound"] else 1) for part in components)
