"""What only a person at Xero's own screens can do, for tests and the control interface to do in their place."""
from . import bank_transactions, batch_payments, contacts, currencies
from .accounts import update_account
from .fields import as_guid
from .owners import TABLES


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


def _currency(code):
    if code not in currencies.NAMES:
        raise Unknown(f"There is no currency {code!r}")
    return code


def archive_account(books, reference):
    """By AccountID or Code. :raise Refused: a system account, which Xero's screens do not archive either"""
    row = _account(books, reference)
    return row if row["Status"] == "ARCHIVED" else update_account(books, row, {"Status": "ARCHIVED"})


def set_payments_enabled(books, reference, enabled=True):
    """The tick "Enable payments to this account". :param reference: AccountID or Code"""
    return books.stamp(books.accounts, _account(books, reference), EnablePaymentsToAccount=enabled)


def archive_contact(books, reference):
    """By ContactID, ContactNumber or name."""
    return contacts.archive_contact(books, _contact(books, reference))


def merge_contact(books, source, target):
    """Everything of ``source`` goes to ``target``; ``source`` stays archived, with MergedToContactID."""
    source, target = _contact(books, source), _contact(books, target)
    if source["ContactID"] == target["ContactID"]:
        raise Unknown("A contact cannot be merged into itself")
    return contacts.merge_contact(books, source, target)


def set_lock_dates(books, period=None, year=None):
    """Dates, or None for unset."""
    books.organisation.period_lock_date = period
    books.organisation.end_of_year_lock_date = year


def add_currency(books, code):
    """Subscribe to a currency; a plan without multiple currencies is upgraded for it, as a person would have to."""
    row = currencies.add_currency(books, _currency(code))
    books.organisation.multicurrency = True
    return row


def remove_currency(books, code):
    """Documents in it stay; new ones are refused."""
    if books.currencies.get(code) is None or code == books.organisation.base_currency:
        raise Unknown(f"There is no currency {code!r} to remove")
    books.currencies.drop(code)


def set_day_rate(books, code, rate):
    """The rate (Decimal, document currency per unit of base) that documents without a CurrencyRate get from now on."""
    books.rates[_currency(code)] = rate


def reconcile_payment(books, payment_id, reconciled=True):
    """A statement line is matched with the payment, the whole batch or the transaction: it can no longer be deleted.

    :param payment_id: PaymentID, BatchPaymentID or BankTransactionID
    """
    key = as_guid(payment_id) or ""
    transaction = books.bank_transactions.get(key)
    if transaction:
        return books.stamp(books.bank_transactions, transaction, IsReconciled=reconciled)
    row = books.payments.get(key)
    batch = books.batch_payments.get(row.get("BatchPaymentID") if row else key)
    if batch:
        return batch_payments.reconcile_batch(books, batch, reconciled)
    if row is None:
        raise Unknown(f"There is no payment {payment_id!r}")
    return books.stamp(books.payments, row, IsReconciled=reconciled)


def void_credit(books, transaction_id):
    """A prepayment or overpayment is voided on its page: Xero's API has no way to.

    :param transaction_id: BankTransactionID, PrepaymentID or OverpaymentID
    :raise Unknown: :raise Refused: something is taken from it
    """
    key = as_guid(transaction_id) or ""
    keys = ("BankTransactionID", "PrepaymentID", "OverpaymentID")
    for row in books.bank_transactions.rows.values():
        if key and key in [row.get(name) for name in keys] and bank_transactions.TYPES_OF[row["Type"]]:
            return bank_transactions.void_credit(books, row)
    raise Unknown(f"There is no prepayment or overpayment {transaction_id!r}")


def delete_attachment(books, attachment_id):
    """A file is taken off its record: Xero's API has no way to. :raise Unknown:"""
    row = books.attachments.get(as_guid(attachment_id) or "")
    if row is None:
        raise Unknown(f"There is no attachment {attachment_id!r}")
    books.attachments.drop(row["AttachmentID"])
    resource, owner = row["Owner"]
    table = getattr(books, TABLES[resource])
    left = bool(books.attachments.all_by("owner", row["Owner"]))
    return books.stamp(table, table.get(owner), HasAttachments=left)
