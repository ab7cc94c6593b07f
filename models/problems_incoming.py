"""What stops the way from Xero to here."""

from odoo.tools.translate import LazyTranslate

from .problems_entry import Entry

_lt = LazyTranslate(__name__)

ENTRIES = {
    "incoming_exceeds": Entry(
        "held",
        _lt(
            "Xero has %(amount)s on %(document)s, but here only %(open)s is open: another payment or credit is on it. "
            "Remove that one, then retry."
        ),
        "action_retry",
    ),
    "both_changed": Entry(
        "conflict",
        _lt("It was changed in Odoo and in Xero. Nothing is overwritten: decide under Differences what counts."),
        "action_open_difference",
    ),
    "missing_in_odoo": Entry(
        "conflict",
        _lt("It is in Xero, but not in Odoo. Decide under Differences what counts."),
        "action_open_difference",
    ),
    "missing_in_xero": Entry(
        "conflict",
        _lt("It is in Odoo, but not in Xero. Decide under Differences what counts."),
        "action_open_difference",
    ),
    "gone_from_xero": Entry(
        "conflict",
        _lt("Xero has no such document any more. Take Odoo's to send it again, or take it out of the sync."),
        "action_open_difference",
    ),
    "incoming_contact": Entry(
        "waiting", _lt("Its contact is not here yet. Let contacts come from Xero, or match it, then retry."),
        "action_retry",
    ),
    "incoming_contact_several": Entry(
        "held",
        _lt(
            "More than one contact here, or in Xero, bears its number, e-mail, phone or name: %(partners)s. Choose "
            "which one it is, or say that it is new."
        ),
        "action_match",
    ),
    "contact_archived_in_use": Entry(
        "held",
        _lt(
            "Xero archived this contact. Here it cannot be archived: it belongs to %(holders)s. Restore it in Xero, or "
            "take it out of the sync."
        ),
        "action_retry",
    ),
    "incoming_number": Entry(
        "held",
        _lt(
            "Journal %(journal)s takes a number once, and %(other)s bears %(number)s already. Give one of the two "
            "another number in Xero, or choose another journal for what comes from Xero, then retry."
        ),
        "action_retry",
    ),
    "incoming_unfinished": Entry(
        "waiting",
        _lt("In Xero the line “%(line)s” has no account yet. It comes when somebody has chosen one there."),
        "action_retry",
    ),
    "incoming_account": Entry(
        "held",
        _lt("No account in Odoo stands for %(account)s of Xero. Map one to it."),
        "action_open_account_mapping",
        True,
    ),
    "incoming_account_several": Entry(
        "held",
        _lt(
            "Several accounts in Odoo stand for %(account)s of Xero: %(ours)s. Mark the mapping that is meant as "
            "“For what comes from Xero”."
        ),
        "action_open_account_mapping",
        True,
    ),
    "incoming_tax": Entry(
        "held", _lt("No tax in Odoo stands for %(rate)s of Xero. Map one to it."), "action_open_tax_mapping", True
    ),
    "incoming_tax_several": Entry(
        "held",
        _lt(
            "Several taxes in Odoo stand for %(rate)s of Xero: %(ours)s. Mark the mapping that is meant as “For "
            "what comes from Xero”."
        ),
        "action_open_tax_mapping",
        True,
    ),
    "incoming_tracking": Entry(
        "held",
        _lt(
            "No analytic account in Odoo stands for the tracking option %(option)s of Xero. Let tracking come from "
            "Xero on the organisation (What syncs), or make an account of that name, then retry."
        ),
        "action_retry",
        True,
    ),
    "incoming_journal": Entry(
        "held", _lt("No journal in Odoo stands for %(account)s of Xero. Map one to it."), "action_open_journal_mapping",
        True,
    ),
    "incoming_currency": Entry(
        "held",
        _lt("The currency %(currency)s is not active in Odoo. Activate it (Accounting > Currencies), then retry."),
        "action_retry",
    ),
    "incoming_total": Entry(
        "held",
        _lt(
            "Odoo comes to %(ours)s where Xero says %(theirs)s (%(label)s). Check the mapping of its taxes, then retry."
        ),
        "action_open_tax_mapping",
        True,
    ),
    "incoming_paid": Entry(
        "held",
        _lt(
            "Xero changed the amounts of %(number)s, but in Odoo a payment or credit is on it. Remove that here, then "
            "retry."
        ),
        "action_retry",
    ),
    "incoming_first": Entry(
        "waiting", _lt("The document it belongs to is not here yet: see there what stops it."), "action_retry"
    ),
    "incoming_not_here": Entry(
        "waiting",
        _lt(
            "In Xero this credit is taken to %(document)s, which is not in Odoo. Let such documents come from Xero, "
            "from the day of that one on (organisation, page What syncs), or take this out of the sync."
        ),
        "action_open_organisation",
    ),
    "refused_by_odoo": Entry(
        "held", _lt("Odoo could not take over what Xero says: %(detail)s Correct that, then retry."), "action_retry"
    ),
}
