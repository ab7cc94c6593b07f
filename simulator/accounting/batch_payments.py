"""Several invoices, or several bills, paid by one transaction of the bank. Never edited, only deleted as a whole; its
payments are found under /Payments too, where they cannot be deleted one by one (Xero: Batch payments page)."""
from ..core.ids import new_id
from ..core.routing import route
from . import dates, texts
from .accounts import account_of, takes_payments
from .elements import elements_of, write
from .fields import Refused, day, guid, limited, member, members, text
from .listing import ids_of, one, select, sort
from .payments import TARGETS, create_payment, delete_payment
from .rounding import ZERO

PLAIN = ("BatchPaymentID", "Type", "Status", "Date", "Reference", "TotalAmount", "IsReconciled", "UpdatedDateUTC")
FIELDS = {
    **{name.lower(): (lambda row, name=name: row[name]) for name in PLAIN},
    "account.accountid": lambda row: row["AccountID"],
}
INDEXED = (("batchpaymentid", None),)
# What the bank is told, and how long it may be. The page has a Reference in New Zealand alone, of 12 characters; Xero's
# file has one of 255: so it is elsewhere. What a country has no use for is dropped (not verified).
BANK_TEXTS = {"Reference": 255, "Details": 18}
BANK_TEXTS_OF = {
    "NZ": {"Particulars": 12, "Code": 12, "Reference": 12},
    "GB": {**BANK_TEXTS, "Narrative": 18},
}
# The same of a single payment; of their length nothing is known.
PAYMENT_TEXTS = ("BankAccountNumber", "Particulars", "Code", "Reference", "Details")
INVOICE_PARTS = {
    "Payments": [], "CreditNotes": [], "Prepayments": [], "Overpayments": [], "HasErrors": False,
    "IsDiscounted": False, "LineItems": [],
}


def save_batch(element, writing):
    """PUT creates; POST deletes the one batch that it names, and does nothing else."""
    if writing.create_only:
        return create_batch(writing.books, element, by_app=writing.by_app)
    batch = writing.books.batch_payments.get(guid(element, "BatchPaymentID"))
    if batch is None:
        raise Refused(texts.BATCH_NOT_FOUND)
    return change_batch(writing.books, batch, element)


def create_batch(books, element, by_app=True):
    """:param by_app: False for a person at Xero's screens, who may pay in other currencies than the base currency"""
    account, elements = account_of(books, member(element, "Account")), members(element, "Payments") or ()
    problems = _account_problems(account)
    on = day(element, "Date") or books.today()  # (not verified) a batch without a Date is of today
    if books.lock_date_for(on):
        problems.append(texts.PAYMENT_LOCKED)
    row = {
        "BatchPaymentID": new_id(), "Status": "AUTHORISED", "Date": on, "IsReconciled": False,
        **{name: limited(element, name, limit, problems) for name, limit in _texts_of(books).items()},
    }
    if not elements:
        problems.append(texts.BATCH_EMPTY)
    if any(member(payment, target) for payment in elements for target in TARGETS if target != "Invoice"):
        problems.append(texts.BATCH_INVOICES_ONLY)
    if problems:
        raise Refused(*problems)
    payments = [_pay(books, row, account, payment, problems) for payment in elements]
    if problems:
        raise Refused(*dict.fromkeys(problems))
    row["Type"] = _type_of(books, payments, account, by_app)
    row["AccountID"] = account["AccountID"]
    row["TotalAmount"] = sum((payment["BankAmount"] for payment in payments), ZERO)
    return books.stamp(books.batch_payments, row)


def _account_problems(account):
    if account is None:
        return [texts.ACCOUNT_NOT_FOUND]
    if account["Status"] != "ACTIVE":
        return [texts.ACCOUNT_ARCHIVED.format(account.get("Code") or account["Name"])]
    return [] if takes_payments(account) else [texts.PAYMENT_ACCOUNT]


def _texts_of(books):
    return BANK_TEXTS_OF.get(books.organisation.country, BANK_TEXTS)


def _pay(books, batch, account, element, problems):
    """One of the batch's payments, from its account and on its day; None when it breaks a rule."""
    common = {"Account": {"AccountID": account["AccountID"]}, "Date": batch["Date"].isoformat()}
    try:
        payment = create_payment(books, {**element, **common})
    except Refused as problem:
        problems += problem.messages
        return None
    # again without a stamp: to everybody outside it was of the batch from its first moment
    bank_texts = {name: text(element, name) for name in PAYMENT_TEXTS}
    return books.payments.put({**payment, "BatchPaymentID": batch["BatchPaymentID"], "BankTexts": bank_texts})


def _type_of(books, payments, account, by_app):
    """PAYBATCH for bills, RECBATCH for sales invoices. :raise Refused: both, or a currency that no client may use"""
    invoices = [books.invoices.get(payment["DocumentID"]) for payment in payments]
    kinds = {invoice["Type"] for invoice in invoices}
    if len(kinds) > 1:
        raise Refused(texts.BATCH_MIXED)
    base = books.organisation.base_currency
    currencies = {invoice["CurrencyCode"] for invoice in invoices} | {account.get("CurrencyCode") or base}
    if by_app and currencies != {base}:
        raise Refused(texts.BATCH_CURRENCY)
    return "RECBATCH" if kinds == {"ACCREC"} else "PAYBATCH"


def change_batch(books, old, element):
    """The only change there is: Status DELETED. Every document gets back what was paid."""
    if text(element, "Status") != "DELETED":
        raise Refused(texts.BATCH_NOT_EDITABLE)
    if old["Status"] == "DELETED":
        raise Refused(texts.BATCH_DELETED)
    if old["IsReconciled"]:
        raise Refused(texts.BATCH_RECONCILED)
    for payment in payments_of_batch(books, old):
        delete_payment(books, payment)
    return books.stamp(books.batch_payments, old, Status="DELETED")


def reconcile_batch(books, old, reconciled=True):
    """A statement line is matched with the batch, and so with each of its payments."""
    for payment in payments_of_batch(books, old):
        books.stamp(books.payments, payment, IsReconciled=reconciled)
    return books.stamp(books.batch_payments, old, IsReconciled=reconciled)


def payments_of_batch(books, row):
    """Those that stand; none once the batch is deleted."""
    payments = books.payments.all_by("batch", row["BatchPaymentID"])
    return [payment for payment in payments if payment["Status"] == "AUTHORISED"]


def batch_view(books, row):
    account = books.accounts.rows[row["AccountID"]]
    currency = account.get("CurrencyCode") or books.organisation.base_currency
    return {
        "Account": {"AccountID": row["AccountID"], "CurrencyCode": currency},
        **{name: row[name] for name in _texts_of(books) if row[name]},
        "BatchPaymentID": row["BatchPaymentID"],
        "DateString": dates.date_string(row["Date"]),
        "Date": row["Date"],
        "Payments": [_payment_view(books, payment) for payment in payments_of_batch(books, row)],
        "Type": row["Type"],
        "Status": row["Status"],
        "TotalAmount": row["TotalAmount"],
        "UpdatedDateUTC": row["UpdatedDateUTC"],
        "IsReconciled": row["IsReconciled"],
    }


def _payment_view(books, payment):
    invoice = books.invoices.rows[payment["DocumentID"]]
    return {
        "Invoice": {
            "InvoiceID": invoice["InvoiceID"], "CurrencyCode": invoice["CurrencyCode"], **INVOICE_PARTS,
        },
        "PaymentID": payment["PaymentID"],
        **{name: value for name, value in payment["BankTexts"].items() if value},
        "Amount": payment["Amount"],
        "BankAmount": payment["BankAmount"],
    }


def _one(call):
    return one(call.books.batch_payments, call.args["batch"])


@route("GET", path="/BatchPayments")
def list_batches(call):
    rows = select(call, call.books.batch_payments, FIELDS, ids_of(call, "IDs"), INDEXED)
    rows = sort(call, rows, FIELDS, "BatchPaymentID")
    return {"BatchPayments": [batch_view(call.books, row) for row in rows]}


@route("GET", path="/BatchPayments/{batch}")
def get_batch(call):
    return {"BatchPayments": [batch_view(call.books, _one(call))]}


@route("PUT", "POST", path="/BatchPayments")
def write_batches(call):
    return write(call, "BatchPayments", "BatchPaymentID", save_batch, lambda row: batch_view(call.books, row))


@route("POST", path="/BatchPayments/{batch}")
def post_batch(call):
    old = _one(call)
    return write(
        call, "BatchPayments", "BatchPaymentID", lambda element, writing: change_batch(writing.books, old, element),
        lambda row: batch_view(call.books, row), elements_of(call, "BatchPayments")[:1],
    )
