"""Xero's own sentences, and the codes of the catalogue that they mean."""

import re

# They stand in the platform notes ("Error messages"). Matched loosely because they change; first match wins.
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
    (r"reconciled (batch )?(payment|bank transaction)|is reconciled", "payment_reconciled"),
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
