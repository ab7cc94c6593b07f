"""What only a person at Xero's own screens can do, for tests and the control interface to do in their place."""
from .contacts import archive_contact as _archive_contact
from .contacts import merge_contact as _merge_contact
from .currencies import add_currency as _add_currency
from .fields import as_guid


class Unknown(LookupError):
    """The books hold no such thing."""


def _account(books, reference):
    row = books.accounts.get(as_guid(reference) or "") or books.account(reference)
    if row is None:
        raise Unknown(f"There is no account {reference!r}")
    return row


def _contact(books, reference):
    """By ContactID, ContactNumber or name."""
    row = (
        books.contacts.get(as_guid(reference) or "")
        or books.contact_numbered(reference)
        or books.contact_named(reference)
    )
    if row is None:
        raise Unknown(f"There is no contact {reference!r}")
    return row


def archive_account(books, reference):
    """By AccountID or Code; system accounts too, as far as a test wants that."""
    return books.stamp(books.accounts, _account(books, reference), Status="ARCHIVED")


def set_payments_enabled(books, reference, enabled=True):
    """The tick "Enable payments to this account"."""
    return books.stamp(books.accounts, _account(books, reference), EnablePaymentsToAccount=enabled)


def archive_contact(books, reference):
    return _archive_contact(books, _contact(books, reference))


def merge_contact(books, source, target):
    """Everything of ``source`` goes to ``target``; ``source`` stays archived, with MergedToContactID."""
    return _merge_contact(books, _contact(books, source), _contact(books, target))


def set_lock_dates(books, period=None, year=None):
    """Dates, or None for unset."""
    books.organisation.period_lock_date = period
    books.organisation.end_of_year_lock_date = year


def add_currency(books, code):
    return _add_currency(books, code)


def remove_currency(books, code):
    books.currencies.drop(code)


def set_day_rate(books, code, rate):
    """The rate (Decimal, document currency per unit of base) that documents without a CurrencyRate get from now on."""
    books.rates[code] = rate


def reconcile_payment(books, payment_id, reconciled=True):
    """A statement line is matched with the payment: it can no longer be deleted."""
    row = books.payments.get(as_guid(payment_id) or "")
    if row is None:
        raise Unknown(f"There is no payment {payment_id!r}")
    return books.stamp(books.payments, row, IsReconciled=reconciled)
