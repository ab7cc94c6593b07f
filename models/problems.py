"""The catalogue of everything that can stop a record: one code, one sentence, one cure.

A ``Problem`` is raised by codecs and mappings while a document is prepared, before a call is spent. Texts are
lazy: they are rendered in the reader's language when a person looks at the link.
"""

import re
from dataclasses import dataclass

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class Problem(Exception):
    """Why one record cannot go to Xero now.

    :param code: key of ``CATALOGUE``
    :param data: JSON-able values that the sentence and its button need
    """

    def __init__(self, code, **data):
        super().__init__(code)
        self.code = code
        self.data = data


@dataclass(frozen=True)
class Entry:
    """:ivar outcome: the link's outcome
    :ivar message: a sentence with %(name)s holes that says what to do next
    :ivar cure: name of the button's method on ``xero.link``, or ''
    :ivar by_mapping: goes again by itself when a mapping or the reference data changes
    """

    outcome: str
    message: object
    cure: str = ""
    by_mapping: bool = False


CATALOGUE = {
    # Mapping
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
    # The document
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
    # Money spent, files and notes
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
        "action_retry",
    ),
    "file_empty": Entry("failed", _lt("%(name)s is empty. Put it on the document again."), "action_retry"),
    "file_too_large": Entry(
        "failed",
        _lt("%(name)s has %(size)s MB; Xero takes 10. The document went without it. Put a smaller one on it."),
        "action_retry",
    ),
    "files_too_many": Entry(
        "failed",
        _lt(
            "Xero takes ten files on one document, and %(name)s would be one more. Delete one in Xero, then retry."
        ),
        "action_retry",
    ),
    "files_not_granted": Entry(
        "held",
        _lt(
            "Xero was not asked to allow files (scope accounting.attachments). Connect again, or let no attachments go "
            "(page What syncs of the organisation), then retry."
        ),
        "action_open_organisation",
    ),
    "pdf_engine_missing": Entry(
        "failed",
        _lt(
            "The PDF cannot be made: the program wkhtmltopdf is missing on the server. Have it installed, then retry, "
            "or switch “Send the PDF” off on the organisation."
        ),
        "action_retry",
    ),
    "pdf_failed": Entry(
        "failed",
        _lt("The PDF cannot be made: %(detail)s Print the document in Odoo to see whether that works, then retry."),
        "action_retry",
    ),
    # The contact
    "contact_name_missing": Entry("failed", _lt("The contact has no name. Give it one.")),
    "contact_name_invalid": Entry("failed", _lt("Xero takes no < or > in a name: %(name)s. Change it.")),
    "contact_name_long": Entry("failed", _lt("The name has %(length)s characters; Xero takes 255. Shorten it.")),
    "contact_name_taken": Entry(
        "held",
        _lt("Xero already has another contact of this name. Choose that contact, or create one under another name."),
        "action_match",
    ),
    "contact_number_taken": Entry(
        "held",
        _lt("Another contact in Xero bears this contact number. Choose that contact. Xero says: %(detail)s"),
        "action_match",
    ),
    "contact_email_invalid": Entry("failed", _lt("“%(email)s” is no e-mail address that Xero takes. Correct it.")),
    "contact_ambiguous": Entry(
        "held", _lt("%(count)s contacts in Xero could be this one. Choose which, or create a new one."), "action_match"
    ),
    "contact_not_allowed": Entry(
        "held",
        _lt(
            "No contact in Xero matches, and this organisation does not create contacts. Choose one, or allow "
            "it on the organisation."
        ),
        "action_match",
        True,
    ),
    "contact_archived": Entry(
        "held",
        _lt(
            "The contact is archived in Xero. Restore it there, or choose another one, then retry. Xero says: "
            "%(detail)s"
        ),
        "action_match",
    ),
    "contact_linked": Entry(
        "held",
        _lt(
            "The matching contact in Xero already belongs to %(other)s. Choose another one, or create one under "
            "another name."
        ),
        "action_match",
    ),
    "contact_not_sent": Entry(
        "held",
        _lt(
            "%(contact)s is not in Xero, and contacts do not go there. Match it with a contact, or let contacts go to "
            "Xero on the organisation, page What syncs."
        ),
        "action_open_organisation",
        True,
    ),
    "contact_first": Entry(
        "waiting",
        _lt("The contact %(contact)s has to be in Xero first: see there what stops it."),
        "action_open_waiting_for",
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
    "payment_write_off": Entry(
        "held",
        _lt(
            "%(payment)s holds a write-off or fee of %(amount)s, so the money that moved is not what was paid on the "
            "document. Enter this payment and the fee in Xero by hand and take it out of the sync, or book the fee "
            "here in an entry of its own, then retry."
        ),
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
            "It was taken back in Odoo, but in Xero it is reconciled with a bank statement. Undo the reconciliation "
            "in Xero (Remove & Redo), then retry. Xero says: %(detail)s"
        ),
        "action_retry",
    ),
    "payment_in_batch": Entry(
        "conflict",
        _lt(
            "It was taken back in Odoo, but in Xero it is part of a batch payment, which can only be removed whole. "
            "Remove the batch in Xero, or match the payment here again. Xero says: %(detail)s"
        ),
        "action_retry",
    ),
    "overpayment_differs": Entry(
        "conflict",
        _lt(
            "In Xero an overpayment of %(theirs)s belongs to %(payment)s, here %(ours)s of it is no payment of a "
            "document. Undo its matchings here, or correct the overpayment in Xero, then retry."
        ),
        "action_retry",
    ),
    "overpayment_remains": Entry(
        "conflict",
        _lt(
            "The payment was cancelled in Odoo; the overpayment or prepayment that it is in Xero was made there and "
            "cannot be removed from here. Remove it in Xero; this ends by itself then."
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
    # From Xero to here
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
    "refused_by_odoo": Entry(
        "held", _lt("Odoo could not take over what Xero says: %(detail)s Correct that, then retry."), "action_retry"
    ),
    # The machinery
    "in_doubt": Entry(
        "in_doubt",
        _lt("It was sent, but no answer came. What became of it is found out before anything is sent again."),
    ),
    "no_answer": Entry(
        "failed",
        _lt(
            "It was sent %(count)s times; Xero never answered properly, and has nothing of it. Look for something "
            "unusual in it and retry. If that does not help, ask Xero's support with the id in the log of requests."
        ),
        "action_retry",
    ),
    "internal_error": Entry(
        "failed",
        _lt(
            "An unexpected error stopped this record; the others went on. The server's log names it. Retry, and "
            "report it if it comes again."
        ),
        "action_retry",
    ),
    "record_gone": Entry("gone", _lt("The record was deleted in Odoo. Nothing was deleted in Xero.")),
    "retry_later": Entry("waiting", _lt("Xero could not be reached or asked to wait. It goes again by itself.")),
}

# What a difference is about, as people call it (``xero.difference``).
LABELS = {
    "Name": _lt("Name"),
    "EmailAddress": _lt("E-mail"),
    "PhoneNumber": _lt("Phone"),
    "Address": _lt("Address"),
    "TaxNumber": _lt("Tax number"),
    "AccountNumber": _lt("Account number"),
    "Contact": _lt("Contact"),
    "Number": _lt("Number"),
    "Reference": _lt("Reference"),
    "Date": _lt("Date"),
    "DueDate": _lt("Due date"),
    "Currency": _lt("Currency"),
    "Status": _lt("Status"),
    "Lines": _lt("Lines"),
    "Tracking": _lt("Tracking"),
    "Total": _lt("Total"),
    "TotalTax": _lt("Tax"),
    "AmountDue": _lt("Amount due"),
}

# Xero's own sentences (platform notes, "Error messages"), matched loosely because they change; first match wins.
SAID = [
    (r"Invoice # must be unique", "number_taken"),
    (r"contact name .* already assigned|existing contact with (that|this) name", "contact_name_taken"),
    (r"has this contact number", "contact_number_taken"),
    (r"contact .* has been archived", "contact_archived"),
    (r"bank transaction.* reconciled", "spend_reconciled"),
    (r"accounting\.attachments", "files_not_granted"),
    (r"at most 10 attachments|number of attachments", "files_too_many"),
    (r"attachment exceeds|attachment .*too large", "file_too_large"),
    (r"lock date|accounts are locked", "date_refused"),
    (r"exceeds the (amount outstanding|remaining credit)", "payment_exceeds"),
    (r"(made|only be made) (against|between) Authorised", "document_not_approved"),
    (r"within a batch", "payment_in_batch"),
    (r"reconciled (payment|bank transaction)|is reconciled", "payment_reconciled"),
    (r"payments can only be made to|payments enabled", "payment_account_refused"),
    (r"status VOIDED cannot be applied", "void_paid"),
    (r"has a payment or credit note|has payment or credit", "paid_in_xero"),
    (r"not of valid status for modification", "not_modifiable"),
    (r"at most \d+ (active )?tracking categories", "tracking_categories_full"),
    (r"tracking (option|category).*(unique|already exists)|tracking.*name must be unique", "tracking_name_taken"),
    (r"enter a unique name", "tax_name_taken"),
    (r"AVALARA|USSALESTAX", "tax_automatic"),
    (r"tax ?type|tax rate", "tax_refused"),
    (r"account code|account could not be found|account must be valid", "account_refused"),
    (r"not subscribed to currency", "currency_missing"),
    (r"email address must be valid", "contact_email_invalid"),
    (r"reached the limit of invoices", "plan_limit"),
    (r"line ?item.*(could not be|was not) found", "lines_replaced"),
    (r"could not be found|was not found", "not_in_xero"),
]


def code_of(texts):
    """The catalogue's code of Xero's validation messages (list of str)."""
    said = " ".join(texts)
    for pattern, code in SAID:
        if re.search(pattern, said, re.IGNORECASE):
            return code
    return "refused"


class _Holes(dict):
    def __missing__(self, key):
        return "?"


def message_of(env, code, data):
    """The sentence of ``code`` in the reader's language, '' without a code."""
    if not code:
        return ""
    entry = CATALOGUE.get(code)
    if entry is None:
        return (data or {}).get("detail") or code
    sentence = env._(entry.message)
    return sentence % _Holes(data or {})
