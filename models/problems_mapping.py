"""What is not mapped, or mapped to what Xero does not take."""

from odoo.tools.translate import LazyTranslate

from .problems_entry import Entry

_lt = LazyTranslate(__name__)

ENTRIES = {
    "mapping_account": Entry(
        "held",
        _lt("No Xero account is mapped for %(account)s. Map it, or choose a default account."),
        "action_open_account_mapping",
        True,
    ),
    "mapping_tax": Entry(
        "held",
        _lt("No Xero tax rate is mapped for %(taxes)s (%(direction)s). Map it to a rate of the same percentage."),
        "action_open_tax_mapping",
        True,
    ),
    "mapping_tax_mismatch": Entry(
        "held",
        _lt(
            "%(taxes)s is %(ours)s %% in Odoo, but the mapped rate %(rate)s is %(theirs)s %% in Xero. Map it to "
            "a rate of the same percentage."
        ),
        "action_open_tax_mapping",
        True,
    ),
    # reason: the whole sentence, of xero.account or tax_compare
    "mapping_account_refused": Entry("held", _lt("%(reason)s"), "action_open_account_mapping", True),
    "mapping_tax_refused": Entry("held", _lt("%(reason)s"), "action_open_tax_mapping", True),
    "tax_not_for_account": Entry(
        "held",
        _lt("Xero does not take tax rate %(rate)s on account %(account)s. Map one of them differently."),
        "action_open_tax_mapping",
        True,
    ),
    "mapping_journal": Entry(
        "held",
        _lt("Journal %(journal)s is not mapped to a Xero bank or payment account. Map it."),
        "action_open_journal_mapping",
        True,
    ),
    "rounding_account_missing": Entry(
        "held",
        _lt(
            "Xero's total would differ by %(cents)s. Choose a rounding account on the organisation, so that the "
            "difference gets a line of its own."
        ),
        "action_open_organisation",
        True,
    ),
    "currency_missing": Entry(
        "held",
        _lt(
            "The Xero organisation has no currency %(currency)s. Add it in Xero (Settings > Currencies), then "
            "refresh the reference data."
        ),
        "action_open_organisation",
        True,
    ),
    "base_currency_differs": Entry(
        "held",
        _lt(
            "The company's currency is %(ours)s and the Xero organisation's is %(theirs)s. Documents can only "
            "go to an organisation with the same base currency."
        ),
        "action_open_organisation",
        True,
    ),
}
