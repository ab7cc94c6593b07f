"""What stops tracking and the tax rates that are made in Xero."""

from odoo.tools.translate import LazyTranslate

from .problems_entry import Entry

_lt = LazyTranslate(__name__)

ENTRIES = {
    # Tracking
    "tracking_first": Entry(
        "waiting",
        _lt("The tracking option of %(account)s has to be in Xero first: see there what stops it."),
        "action_open_waiting_for",
    ),
    "tracking_archived": Entry(
        "held",
        _lt(
            "The analytic account %(account)s is archived, and Xero takes no archived tracking option. Restore it, or "
            "choose another one on the lines, then retry."
        ),
        "action_retry",
        True,
    ),
    "tracking_inactive": Entry(
        "held",
        _lt(
            "The tracking option %(option)s of %(category)s is archived or deleted in Xero. Restore it there, or "
            "choose another analytic account on the lines, then retry."
        ),
        "action_retry",
        True,
    ),
    "tracking_category_inactive": Entry(
        "held",
        _lt(
            "The tracking category %(category)s, which stands for the plan %(plan)s, is archived or deleted in Xero. "
            "Restore it there, map the plan to another one (Mapping, Tracking), or remove the mapping: then the "
            "document goes without it."
        ),
        "action_retry",
        True,
    ),
    "tracking_share": Entry(
        "failed",
        _lt(
            "The analytic distribution of “%(line)s” comes to %(percent)s %% in %(plan)s. Xero divides a line into at "
            "most 100 %%, and no part below 0. Correct the distribution."
        ),
    ),
    "tracking_dropped": Entry(
        "conflict",
        _lt(
            "Xero took the document, but left out its tracking without a word: %(tracking)s. Look in Xero (Accounting "
            "> Tracking categories) whether these are active, then retry."
        ),
        "action_retry",
    ),
    "tracking_full": Entry(
        "held",
        _lt(
            "The tracking category %(category)s has %(count)s options, and Xero takes no more. Archive some that you "
            "do not need any more in Xero, then retry."
        ),
        "action_retry",
        True,
    ),
    "tracking_categories_full": Entry(
        "held",
        _lt(
            "Xero takes two active tracking categories. Archive one in Xero and refresh the reference data, or map the "
            "plan to one of them."
        ),
        "action_open_organisation",
        True,
    ),
    "tracking_name_taken": Entry(
        "held",
        _lt("Xero already has tracking of this name. Rename one of the two, then retry. Xero says: %(detail)s"),
        "action_retry",
    ),
    "option_linked": Entry(
        "held",
        _lt(
            "The tracking option %(option)s in Xero already stands for %(other)s. Give one of the two analytic "
            "accounts another name."
        ),
        "action_retry",
    ),
    # Tax rates made in Xero
    "tax_components": Entry(
        "held",
        _lt(
            "%(taxes)s cannot be told as components of a rate in Xero, because it is a reverse charge or only part of "
            "another tax. Make the rate in Xero by hand and map it."
        ),
        "action_open_tax_mapping",
        True,
    ),
    "tax_several": Entry(
        "held",
        _lt(
            "Several taxes together on a line (%(taxes)s) are one rate in Xero. Group them into one tax in Odoo, or "
            "make the rate in Xero by hand and map it."
        ),
        "action_open_tax_mapping",
        True,
    ),
    "tax_name_taken": Entry(
        "held",
        _lt("Xero already has a tax rate of this name. Rename the tax, then retry. Xero says: %(detail)s"),
        "action_retry",
    ),
    "tax_automatic": Entry(
        "held",
        _lt(
            "In Xero this organisation's sales tax is computed automatically, and such rates cannot be made from "
            "outside. Make the rate in Xero by hand and map it. Xero says: %(detail)s"
        ),
        "action_open_tax_mapping",
        True,
    ),
}
