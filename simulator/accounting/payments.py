"""Payments of invoices, and refunds of credit notes, prepayments and overpayments. Never edited, only deleted."""
from ..core.ids import new_id
from ..core.routing import route
from . import dates, texts
from .accounts import account_of, takes_payments
from .allocations import OVERPAYMENT, PREPAYMENT, invoice_named
from .contacts import contact_reference
from .currencies import day_rate_of
from .document_views import invoice_reference
from .documents import CREDIT_NOTE, INVOICE, apply, numbered, read_rate
from .elements import elements_of, write
from .fields import Refused, amount, day, flag, guid, limited, member, text
from .listing import ids_of, one, page_of, payload, select, sort
from .rounding import half_up

# member of a payment -> kind of document, and its PaymentType for a sales and for a purchase document
TARGETS = {
    "Invoice": (INVOICE, "ACCRECPAYMENT", "ACCPAYPAYMENT"),
    "CreditNote": (CREDIT_NOTE, "ARCREDITPAYMENT", "APCREDITPAYMENT"),
    "Prepayment": (PREPAYMENT, "ARPREPAYMENTPAYMENT", "APPREPAYMENTPAYMENT"),
    "Overpayment": (OVERPAYMENT, "AROVERPAYMENTPAYMENT", "APOVERPAYMENTPAYMENT"),
}
PLAIN = ("PaymentID", "PaymentType", "Status", "Date", "Amount", "Reference", "UpdatedDateUTC", "IsReconciled")
FIELDS = {
    **{name.lower(): (lambda row, name=name: row[name]) for name in PLAIN},
    "invoice.invoiceid": lambda row: row["DocumentID"] if row["Target"] == "Invoice" else None,
    "creditnote.creditnoteid": lambda row: row["DocumentID"] if row["Target"] == "CreditNote" else None,
    "account.accountid": lambda row: row["AccountID"],
}
INDEXED = (("paymentid", None), ("invoice.invoiceid", "document"))


def save_payment(element, writing):
    payment_id = guid(element, "PaymentID")
    if payment_id and not writing.create_only:
        old = writing.books.payments.get(payment_id)
        if old is None:
            raise Refused(texts.PAYMENT_NOT_FOUND)
        return change_payment(writing.books, old, element)
    return create_payment(writing.books, element)


def create_payment(books, element):
    target, document = _document(books, element)
    kind, sales_type, purchase_type = TARGETS[target]
    problems = []
    account = account_of(books, member(element, "Account") or {"Code": text(element, "Code")})
    if account is None:
        problems.append(texts.ACCOUNT_NOT_FOUND)
    elif account["Status"] != "ACTIVE":
        problems.append(texts.ACCOUNT_ARCHIVED.format(account.get("Code") or account["Name"]))
    elif not takes_payments(account):
        problems.append(texts.PAYMENT_ACCOUNT)
    value, on = amount(element, "Amount"), day(element, "Date") or books.today()
    value = None if value is None else half_up(value)
    if value is None or value <= 0:
        problems.append(texts.PAYMENT_AMOUNT)
    if document["Status"] not in ("AUTHORISED", "PAID"):
        problems.append(texts.PAY_DRAFT)
    elif value is not None and value > document["AmountDue"]:
        problems.append(texts.OVERPAID)
    if books.lock_date_for(on):
        problems.append(texts.PAYMENT_LOCKED)
    reference = limited(element, "Reference", 255, problems)
    rate, bank_amount = read_rate(element), amount(element, "BankAmount")
    if rate is not None and rate <= 0:
        problems.append(texts.CURRENCY_RATE)
    if bank_amount is not None and bank_amount <= 0:
        problems.append(texts.PAYMENT_AMOUNT)
    if problems:
        raise Refused(*problems)
    rate, bank_amount = _exchange(books, account, document, value, rate, bank_amount)
    row = {
        "PaymentID": new_id(), "DocumentID": document[kind.key], "Target": target, "Status": "AUTHORISED",
        "AccountID": account["AccountID"], "Date": on, "Amount": value, "CurrencyRate": rate,
        "BankAmount": bank_amount, "Reference": reference,
        "PaymentType": sales_type if document["Type"] == kind.sales else purchase_type,
        "IsReconciled": bool(flag(element, "IsReconciled")),
    }
    apply(kind, books, document, on, paid=value)
    row = books.stamp(books.payments, row)
    books.announce("PAYMENT", "CREATE", row["PaymentID"], row)
    return row


def _document(books, element):
    """("Invoice" | …, row) of the one document that the payment is for. :raise Refused: none, or several"""
    named = [target for target in TARGETS if member(element, target)]
    if not named:
        for target, number in (("Invoice", "InvoiceNumber"), ("CreditNote", "CreditNoteNumber")):
            if text(element, number):
                named, element = [target], {target: {number: text(element, number)}}
    if len(named) != 1:
        raise Refused(texts.PAYMENT_TARGET)
    target = named[0]
    kind, reference = TARGETS[target][0], member(element, target)
    if target == "Invoice":
        return target, invoice_named(books, reference)
    row = kind.rows(books).get(guid(reference, kind.key))
    if row is None and target == "CreditNote" and text(reference, "CreditNoteNumber"):
        row = numbered(kind, books, text(reference, "CreditNoteNumber"))
    if row is None:
        unknown = texts.CREDIT_NOTE_NOT_FOUND if target == "CreditNote" else texts.CREDIT_NOT_FOUND.format(target)
        raise Refused(unknown)
    return target, row


def _exchange(books, account, document, value, rate, bank_amount):
    """(CurrencyRate, BankAmount) of a payment, from those that were sent or None. The rate is 1 at home, and the
    document's where nothing says otherwise; BankAmount is in the currency of the account that pays."""
    base = books.organisation.base_currency
    currency, at_home = account.get("CurrencyCode") or base, document["CurrencyCode"] == base
    if bank_amount is None:
        bank_amount = _bank_amount(books, currency, document, value, rate)
    elif currency == base and not at_home and not rate:
        rate = half_up(value / bank_amount, 6)  # (not verified) the rate that the bank really gave
    return (document["CurrencyRate"] if at_home or not rate else rate), half_up(bank_amount)


def _bank_amount(books, currency, document, value, rate):
    base = books.organisation.base_currency
    if currency == document["CurrencyCode"]:
        return value
    if document["CurrencyCode"] == base:  # from a foreign account: at the rate sent, or that of the day (not verified)
        return value * (rate or day_rate_of(books, currency))
    in_base = value / (rate or document["CurrencyRate"])
    return in_base if currency == base else in_base * day_rate_of(books, currency)


def change_payment(books, old, element):
    """The only change there is: Status DELETED."""
    if text(element, "Status") != "DELETED":
        raise Refused(texts.PAYMENT_NOT_EDITABLE)
    if old.get("BatchPaymentID") and old["Status"] != "DELETED":
        raise Refused(texts.PAYMENT_OF_BATCH)
    return delete_payment(books, old)


def delete_payment(books, old):
    """The document gets back what was paid."""
    if old["Status"] == "DELETED":
        raise Refused(texts.PAYMENT_DELETED)
    if old["IsReconciled"]:
        raise Refused(texts.PAYMENT_RECONCILED)
    if books.lock_date_for(old["Date"]):
        raise Refused(texts.PAYMENT_LOCKED)
    kind = TARGETS[old["Target"]][0]
    apply(kind, books, kind.rows(books).get(old["DocumentID"]), old["Date"], paid=-old["Amount"])
    row = books.stamp(books.payments, old, Status="DELETED")
    books.announce("PAYMENT", "UPDATE", row["PaymentID"], row)
    return row


def payment_view(books, row):
    account = books.accounts.rows[row["AccountID"]]
    view = {
        "PaymentID": row["PaymentID"],
        "Date": row["Date"],
        "Amount": row["Amount"],
        "BankAmount": row["BankAmount"],
        "CurrencyRate": row["CurrencyRate"],
        "Reference": row["Reference"] or "",
        "PaymentType": row["PaymentType"],
        "Status": row["Status"],
        "UpdatedDateUTC": row["UpdatedDateUTC"],
        "UpdatedDateUTCString": dates.utc_string(row["UpdatedDateUTC"]),
        "HasAccount": True,
        "IsReconciled": row["IsReconciled"],
        "Account": {"AccountID": account["AccountID"], "Name": account["Name"]},
        "HasValidationErrors": False,
    }
    if account.get("Code"):
        view["Account"]["Code"] = account["Code"]
    if row.get("BatchPaymentID"):
        view.update(_batch_reference(books, row["BatchPaymentID"]))
    view[row["Target"]] = _document_reference(books, row)
    return view


def _batch_reference(books, batch_id):
    batch = books.batch_payments.rows[batch_id]
    shown = ("BatchPaymentID", "Date", "Type", "Status", "TotalAmount", "UpdatedDateUTC", "IsReconciled")
    return {
        "BatchPaymentID": batch_id,
        "BatchPayment": {"Account": {"AccountID": batch["AccountID"]}, **{name: batch[name] for name in shown}},
    }


def _document_reference(books, row):
    kind = TARGETS[row["Target"]][0]
    document = kind.rows(books).rows[row["DocumentID"]]
    if kind is INVOICE:
        return invoice_reference(books, document)
    view = {
        kind.key: document[kind.key], "CurrencyCode": document["CurrencyCode"], "LineItems": [],
        "Contact": contact_reference(books.contacts.rows[document["ContactID"]]),
    }
    if kind is CREDIT_NOTE:
        view.update(Type=document["Type"], CreditNoteNumber=document["CreditNoteNumber"] or "", HasErrors=False)
    return view


def _one(call):
    return one(call.books.payments, call.args["payment"])


@route("GET", path="/Payments")
def list_payments(call):
    rows = select(call, call.books.payments, FIELDS, ids_of(call, "IDs"), INDEXED)
    rows, pagination = page_of(call, sort(call, rows, FIELDS, "PaymentID"))
    return payload("Payments", [payment_view(call.books, row) for row in rows], pagination)


@route("GET", path="/Payments/{payment}")
def get_payment(call):
    return {"Payments": [payment_view(call.books, _one(call))]}


@route("PUT", "POST", path="/Payments")
def write_payments(call):
    return write(call, "Payments", "PaymentID", save_payment, lambda row: payment_view(call.books, row))


@route("POST", path="/Payments/{payment}")
def post_payment(call):
    old = _one(call)
    return write(
        call, "Payments", "PaymentID", lambda element, writing: change_payment(writing.books, old, element),
        lambda row: payment_view(call.books, row), elements_of(call, "Payments")[:1],
    )
