"""The sentences that Xero is quoted with, letter by letter: clients match on them, so a slip here would go unseen."""
import re
from datetime import date
from pathlib import Path

import pytest

from simulator.accounting import texts

QUOTED = [
    (texts.PERIOD_LOCK, [texts.lock_day(date(2018, 11, 30))],
     "The document date cannot be before the period lock date, currently set at 30-Nov-2018"),
    (texts.YEAR_LOCK, [texts.lock_day(date(2013, 7, 31))],
     "The document date cannot be before the end of year lock date, currently set at 31-Jul-2013"),
    (texts.PAYMENT_LOCKED, [], "Organisation accounts are locked on the specified payment"),
    (texts.ACCOUNT_UNKNOWN, ["200"], "Account code '200' is not a valid code for this document."),
    (texts.ACCOUNT_ARCHIVED, ["200"],
     "Account code '200' has been archived, or has been deleted. Each line item must reference a valid account."),
    (texts.ACCOUNT_MISSING, [], "The account code or ID must be specified"),
    (texts.ACCOUNT_NOT_FOUND, [], "Account could not be found"),
    (texts.ACCOUNT_REMOVED, ["476"],
     "Account code '476' has been removed as it does not match a recognised account."),
    (texts.TAX_NOT_FOR_ACCOUNT, ["OUTPUT", "300"],
     "The TaxType code 'OUTPUT' cannot be used with account code '300'."),
    (texts.TAX_NOT_COMPUTED, ["52.23", "INPUT2", "52.28"],
     "Tax amount 52.23 is incorrect for INPUT2 tax type, should be 52.28"),
    (texts.TAX_UNKNOWN, ["NONE"],
     "The TaxType code NONE does not exist or cannot be used for this type of transaction."),
    (texts.SCIENTIFIC[0], [], "Account must be valid."),
    (texts.SCIENTIFIC[1], [], "Tax rate must be valid."),
    (texts.CONTACT_ARCHIVED, [],
     "The contact with the specified contact details has been archived. "
     "The contact must be un-archived before creating new invoices or credit notes."),
    (texts.CONTACT_DUPLICATE, ["X"],
     "The contact name X is already assigned to another contact. "
     "The contact name must be unique across all active contacts."),
    (texts.CONTACT_RENAME, ["xyz", "yxz"],
     "The existing contact with name 'xyz' cannot be updated to use new name 'yxz'. "
     "There is an existing contact with that name."),
    (texts.CONTACT_NUMBER, [],
     "Another contact has this contact number. Please enter a different contact number."),
    (texts.CONTACT_KEY, [],
     "The Contact must contain at least 1 of the following elements to identify the contact: "
     "Name, ContactID, ContactNumber"),
    (texts.CONTACT_MISSING, [], "A Contact must be specified for this type of transaction"),
    (texts.LINES_MISSING, [], "One or more line items must be specified"),
    (texts.EMAIL, [], "Email address must be valid."),
    (texts.INVOICE_NUMBER, [], "Invoice # must be unique."),
    (texts.NOT_EDITABLE, ["Invoice"], "Invoice not of valid status for modification"),
    (texts.HAS_PAYMENT, [],
     "This document cannot be edited as it has a payment or credit note allocated to it."),
    (texts.STATUS_WITH_PAYMENT, ["VOIDED"],
     "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it."),
    (texts.DATE_WITH_PAYMENT, [],
     "Date cannot be changed on an invoice that has payment or credit notes allocated to it."),
    (texts.NOT_CREATABLE, ["Invoice"], "Invoice not of valid status for creation"),
    (texts.OVERPAID, [], "Payment amount exceeds the amount outstanding on this document"),
    (texts.PAY_DRAFT, [], "Payments can only be made against Authorised documents"),
    (texts.PAYMENT_DELETED, [], "Payment not of valid status for modification"),
    (texts.PAYMENT_OF_BATCH, [], "Payments within a batch cannot be deleted."),
    (texts.CURRENCY, ["EUR"], "Organisation is not subscribed to currency EUR"),
    (texts.ACCOUNT_CURRENCY, ["EUR"], "The current organisation is not subscribed to currency 'EUR'."),
    (texts.DATE_MISSING, [], "The Date field must be specified."),
    (texts.DUE_DATE_MISSING, [], "The document DueDate field must be specified."),
    (texts.LINE_TOTAL, ["1.00", "100.00"], "The line total 1.00 does not match the expected line total 100.00"),
    (texts.OPTION_NAMES, [], "For each specified tracking option the name must be unique."),
    (texts.INVOICE_NOT_FOUND, [], "An existing Invoice with the specified InvoiceID could not be found"),
    (texts.CREDIT_NOTE_NOT_FOUND, [], "An existing Credit Note with the specified CreditNoteID could not be found"),
    (texts.DOCUMENT_NOT_FOUND, [], "The document with the supplied id was not found for this endpoint."),
    (texts.UNIQUE_NAME, [], "Please enter a unique Name."),
    (texts.UNIQUE_CODE, [], "Please enter a unique Code"),
    (texts.GROUP_EXISTS, [], "A Contact Group already exists with this name"),
    (texts.GROUP_LIMIT, [], "You’ve reached the limit of 100 contact groups."),
    (texts.ARCHIVE_SYSTEM, [], "Cannot archive System accounts"),
    (texts.UPDATE_BANK, [], "Cannot update Bank Accounts"),
    (texts.ONLY_STATUS, [], "Can only update STATUS on Archived accounts"),
    (texts.STATUS_AND_MORE, [], "Cannot update account details and STATUS on the same request"),
]


@pytest.mark.parametrize(("text", "values", "quote"), QUOTED, ids=[quote[:40] for _text, _values, quote in QUOTED])
def test_xero_is_quoted_to_the_letter(text, values, quote):
    assert text.format(*values) == quote


def test_every_text_above_the_line_is_quoted_here_and_every_text_is_used():
    folder = Path(texts.__file__).parent
    above, _line, below = Path(texts.__file__).read_text().partition("(text not verified) ---")
    above = above.partition("---- quoted")[2]
    names = re.compile(r"^([A-Z_]+) = ", re.MULTILINE)
    quoted = {text for text, _values, _quote in QUOTED}
    for name in names.findall(above):
        text = getattr(texts, name)
        assert set([text] if isinstance(text, str) else text) <= quoted, name
    code = "\n".join(path.read_text() for path in folder.glob("*.py"))
    assert [name for name in names.findall(above + below) if f"texts.{name}" not in code] == []
