"""What stops money: spending, payments, overpayments and allocations."""

from odoo.tools.translate import LazyTranslate

from .problems_entry import Entry

_lt = LazyTranslate(__name__)

ENTRIES = {
    # Money spent
    "journal_no_bank": Entry(
        "held",
        _lt(
            "Journal %(journal)s is mapped to %(account)s, which is no bank account in Xero: money can only be spent "
            "from one. Map the journal to a bank account."
        ),
        "action_open_journal_mapping",
        True,
    ),
    "spend_contact_missing": Entry(
        "held",
        _lt("Xero takes no spending without a contact, and this one names neither vendor nor employee. Name one."),
        "action_retry",
    ),
    "spend_currency": Entry(
        "held",
        _lt(
            "It was paid in %(currency)s from %(journal)s, which is in %(other)s; Odoo does not say what that came to "
            "in %(other)s. Record it from a journal in %(currency)s or in the company's currency, or enter it in Xero "
            "by hand and take it out of the sync."
        ),
    ),
    "spend_reconciled": Entry(
        "conflict",
        _lt(
            "In Xero this spending is reconciled with a bank statement line and takes no change. Undo that in Xero "
            "(the transaction, Options > Remove & Redo), then retry. Xero says: %(detail)s"
        ),
        "action_open_difference",
    ),
    # Payments and allocations
    "document_first": Entry(
        "waiting", _lt("%(document)s has to be in Xero first: see there what stops it."), "action_open_waiting_for"
    ),
    "document_not_approved": Entry(
        "waiting",
        _lt("Xero takes payments and credit on approved documents only. Approve %(document)s in Xero, then retry."),
        "action_retry",
    ),
    "payment_exceeds": Entry(
        "conflict",
        _lt(
            "In Xero less is open on the document than this payment or credit takes: another one is on it there. "
            "Compare the payments of both, remove one, then retry. Xero says: %(detail)s"
        ),
        "action_retry",
    ),
    "payment_reconciled": Entry(
        "conflict",
        _lt(
            "It was taken back or changed in Odoo, but in Xero it is reconciled with a bank statement. Undo the "
            "reconciliation in Xero (Remove & Redo), then retry. Xero says: %(detail)s"
        ),
        "action_retry",
    ),
    "payment_in_batch": Entry(
        "conflict",
        _lt(
            "It was taken back or changed in Odoo, but in Xero it is part of a batch payment, which can only be "
            "removed whole. Remove the batch in Xero, or match the payment here again as it was. Xero says: %(detail)s"
        ),
        "action_retry",
    ),
    "payment_of_batch": Entry(
        "waiting",
        _lt(
            "In Xero it is part of a batch payment of %(total)s, which can only be removed whole. Take back the other "
            "payments of the batch here, too, and it goes by itself; or match this payment here again as it was."
        ),
        "action_retry",
    ),
    "overpayment_differs": Entry(
        "conflict",
        _lt(
            "In Xero the overpayment or prepayment that %(payment)s is there is %(theirs)s, here it would be %(ours)s. "
            "Xero does not let us change it. Undo what it is allocated to and void it in Xero: it goes again then, as "
            "it is here. Or match the payment here as it was."
        ),
        "action_retry",
    ),
    "overpayment_changed": Entry(
        "conflict",
        _lt(
            "%(payment)s has another day, journal, partner or currency now than the overpayment or prepayment that it "
            "is in Xero. Xero does not let us change it. Undo what it is allocated to and void it in Xero: it goes "
            "again then, as it is here."
        ),
        "action_retry",
    ),
    "overpayment_first": Entry(
        "waiting",
        _lt(
            "A part of %(payment)s stands in Xero as an overpayment or prepayment of another amount than here, and "
            "Xero does not let us change that. Void it in Xero: this goes by itself then."
        ),
        "action_retry",
    ),
    "overpayment_remains": Entry(
        "conflict",
        _lt(
            "The payment is cancelled in Odoo; in Xero its money still stands as an overpayment or prepayment, which "
            "Xero does not let us void. Void it in Xero, then retry."
        ),
        "action_retry",
    ),
    "allocation_currency": Entry(
        "failed",
        _lt(
            "Xero takes credit only to a document in the same currency; %(credit)s and %(document)s differ. Undo the "
            "matching and settle both with payments."
        ),
    ),
    "allocation_contact": Entry(
        "failed",
        _lt(
            "Xero takes credit only to a document of the same contact; %(credit)s and %(document)s are of two. Undo "
            "the matching, or give both the same contact."
        ),
    ),
    "payment_account_refused": Entry(
        "held",
        _lt(
            "Xero takes no payments on the account of this journal. Enable payments to it in Xero, or map another one, "
            "then retry. Xero says: %(detail)s"
        ),
        "action_open_journal_mapping",
        True,
    ),
    "payment_replaced": Entry(
        "gone", _lt("The bank statement was matched with its document by another amount, which stands in Xero instead.")
    ),
    "payment_stands": Entry(
        "waiting",
        _lt(
            "The same money stands in Xero as payment %(payment)s of a document, from when it had no journal entry "
            "here. That one is deleted first: see there what stops it."
        ),
        "action_open_waiting_for",
    ),
    "payment_without_entry": Entry(
        "waiting",
        _lt(
            "%(payment)s pays several documents and has no journal entry until the bank statement is matched with "
            "them: it goes then, by itself. To have it go before, pay each document on its own."
        ),
        "action_retry",
    ),
    "sum_first": Entry(
        "waiting",
        _lt("It is a part of one amount on %(document)s and goes with its first part: see there what stops it."),
        "action_open_waiting_for",
    ),
    "write_off_account": Entry(
        "held",
        _lt(
            "%(amount)s of %(payment)s was written off to %(account)s, for which no Xero account is mapped. Map one "
            "that takes payments; the money itself goes without it."
        ),
        "action_open_account_mapping",
        True,
    ),
    "write_off_tax": Entry(
        "held",
        _lt(
            "The discount of %(amount)s in %(payment)s bears tax, which Xero takes as a credit note to one invoice or "
            "bill only, and here several documents or a credit note bear it. Pay each document on its own, or enter "
            "the discount in Xero and take this out of the sync."
        ),
        "action_retry",
    ),
    "write_off_several": Entry(
        "held",
        _lt(
            "%(amount)s of %(payment)s was written off to several accounts of Xero: %(accounts)s. Map them to one, or "
            "enter the payments from these accounts in Xero and take this out of the sync."
        ),
        "action_open_account_mapping",
        True,
    ),
    "write_off_surplus": Entry(
        "held",
        _lt(
            "The bank moved %(amount)s more in %(payment)s than what is paid with it, a matter of %(account)s, and it "
            "bears tax, is in another currency than the bank or was entered on the statement line. Enter it in Xero as "
            "money spent or received and take this out of the sync."
        ),
        "action_retry",
    ),
    "write_off_removed": Entry(
        "conflict",
        _lt(
            "In Xero the payment that stood for what was written off was removed; here it is a part of the payment. "
            "Undo the payment here, or press Retry to send it again."
        ),
        "action_retry",
    ),
}
