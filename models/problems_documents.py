"""What stops an invoice, a bill or a credit note on its way to Xero."""

from odoo.tools.translate import LazyTranslate

from .problems_entry import Entry

_lt = LazyTranslate(__name__)

ENTRIES = {
    "number_long": Entry("failed", _lt("The number %(number)s has %(length)s characters; Xero takes 255. Shorten it.")),
    "number_invalid": Entry(
        "failed",
        _lt(
            "Xero takes only letters without accents, digits and common signs in a number, not %(number)s. "
            "Change it."
        ),
    ),
    "number_missing": Entry("failed", _lt("The document has no number yet. Give it one.")),
    "number_taken": Entry(
        "held",
        _lt("Xero already has an invoice %(number)s that did not come from here. Rename one of the two, then retry."),
        "action_retry",
    ),
    "number_voided": Entry(
        "held",
        _lt(
            "A document %(number)s was voided or deleted in Xero, which gives a number only once. Give this one "
            "another number; then it goes."
        ),
        "action_retry",
    ),
    "number_of_other": Entry(
        "held",
        _lt(
            "In Xero the number %(number)s belongs to another document that came from here: %(other)s. Give one of "
            "the two another number, then retry."
        ),
        "action_retry",
    ),
    "number_first": Entry(
        "waiting",
        _lt(
            "In Xero the number %(number)s still belongs to %(other)s, which is to get another one first: see there "
            "what stops it."
        ),
        "action_open_waiting_for",
    ),
    "waits_from_xero": Entry(
        "waiting",
        _lt(
            "Xero has a document %(number)s of the same contact, which waits under Waiting and Failed to come here. "
            "Solve that one: the two are one then."
        ),
        "action_retry",
    ),
    "number_of_lost": Entry(
        "held",
        _lt(
            "Xero has a document %(number)s from this database for another contact, perhaps from before a backup was "
            "restored. Compare the two and give this one another number."
        ),
        "action_retry",
    ),
    "total_differs": Entry(
        "held",
        _lt(
            "Odoo's total is %(ours)s, Xero would make it %(theirs)s: more than rounding. Check the taxes on "
            "the lines and their mapping."
        ),
        "action_open_tax_mapping",
        True,
    ),
    "answer_differs": Entry(
        "conflict",
        _lt("Odoo's total is %(ours)s, Xero's is %(theirs)s. Compare both documents and correct one."),
        "action_open_difference",
    ),
    "answer_tax_differs": Entry(
        "conflict",
        _lt("Xero's tax is %(theirs)s where it should be %(ours)s. Compare both documents and correct one."),
        "action_open_difference",
    ),
    "currency_decimals": Entry(
        "failed",
        _lt(
            "Xero keeps two decimals of an amount, and %(amount)s %(currency)s has more. Round the prices and taxes of "
            "the document to two decimals, or enter it in Xero by hand and take it out of the sync."
        ),
    ),
    "locked_period": Entry(
        "held",
        _lt(
            "The date %(date)s is in a period that is locked in Xero up to %(lock_date)s. Change the date or "
            "move the lock date in Xero, then retry."
        ),
        "action_retry",
        True,
    ),
    "paid_in_xero": Entry(
        "conflict",
        _lt("In Xero the document has a payment or credit on it and takes no such change. Xero says: %(detail)s"),
        "action_open_difference",
    ),
    "not_modifiable": Entry(
        "conflict",
        _lt("In Xero the document is voided, deleted or paid and takes no change. Xero says: %(detail)s"),
        "action_open_difference",
    ),
    "void_paid": Entry(
        "conflict",
        _lt(
            "Odoo cancelled the document, but in Xero it has a payment or credit on it. Remove that in Xero, "
            "then retry. Xero says: %(detail)s"
        ),
        "action_open_difference",
    ),
    "account_refused": Entry(
        "held",
        _lt("Xero refused an account. Map another one and retry. Xero says: %(detail)s"),
        "action_open_account_mapping",
        True,
    ),
    "tax_refused": Entry(
        "held",
        _lt("Xero refused a tax rate. Map another one and retry. Xero says: %(detail)s"),
        "action_open_tax_mapping",
        True,
    ),
    "date_refused": Entry(
        "held",
        _lt(
            "Xero's period is locked for this date. Change the date or move the lock date in Xero, then retry. "
            "Xero says: %(detail)s"
        ),
        "action_retry",
        True,
    ),
    "plan_limit": Entry(
        "held",
        _lt(
            "The organisation's Xero plan takes no more approved invoices this month. Change the plan or send "
            "drafts, then retry. Xero says: %(detail)s"
        ),
        "action_retry",
    ),
    "lines_replaced": Entry(
        "conflict",
        _lt("In Xero the document has other lines than those we know. Compare both, then retry. Xero says: %(detail)s"),
        "action_open_difference",
    ),
    "not_in_xero": Entry("conflict", _lt("The document is no longer in Xero. Xero says: %(detail)s"), "action_retry"),
    "refused": Entry(
        "failed", _lt("Xero refused it: %(detail)s Correct it here; it goes again when it is saved."), "action_retry"
    ),
}
