"""Money spent or received without an invoice; prepayments and overpayments are made here too (Xero: Types page)."""
from ..core.ids import new_id
from ..core.routing import route
from . import texts
from .accounts import account_of
from .allocations import OVERPAYMENT, PREPAYMENT
from .contacts import contact_reference, contact_view
from .document_views import common_view
from .documents import check_lock, read_contact, read_currency, read_lines, read_types, read_url
from .elements import elements_of, places, write
from .fields import Refused, day, flag, guid, limited, member, members, text
from .invoices import contact_fields
from .lines import LineReader, line_view
from .listing import ids_of, one, page_of, payload, select, sort
from .rounding import ZERO

TYPES_OF = {
    "SPEND": None, "RECEIVE": None, "SPEND-PREPAYMENT": PREPAYMENT, "RECEIVE-PREPAYMENT": PREPAYMENT,
    "SPEND-OVERPAYMENT": OVERPAYMENT, "RECEIVE-OVERPAYMENT": OVERPAYMENT,
}
PLAIN = (
    "BankTransactionID", "Type", "Status", "Reference", "Date", "Total", "SubTotal", "TotalTax", "CurrencyCode",
    "IsReconciled", "UpdatedDateUTC", "Url",
)
FIELDS = {
    **{name.lower(): (lambda row, name=name: row[name]) for name in PLAIN},
    "bankaccount.accountid": lambda row: row["BankAccountID"],
}
INDEXED = (("banktransactionid", None), ("reference", "number"))


def save_bank_transaction(element, writing, old=None):
    books, transaction_id = writing.books, guid(element, "BankTransactionID")
    if old is None and transaction_id:
        old = books.bank_transactions.get(transaction_id)
        if old is None:
            raise Refused(texts.DOCUMENT_NOT_FOUND)
    if old is not None:
        return _update(old, element, writing)
    kind = text(element, "Type")
    if kind not in TYPES_OF:
        raise Refused(texts.BAD_TYPE.format(kind))
    row = {
        "BankTransactionID": new_id(), "Type": kind, "Status": "AUTHORISED", "Reference": None, "Url": None,
        "ContactID": None, "Date": None, "LineAmountTypes": "Inclusive", "LineItems": (), "CurrencyCode": None,
        "CurrencyRate": None, "BankAccountID": None, "IsReconciled": False, "HasAttachments": False,
    }
    problems = []
    if not members(element, "LineItems"):
        problems.append(texts.LINES_MISSING)
    if not member(element, "Contact"):
        problems.append(texts.CONTACT_MISSING)
    if not member(element, "BankAccount"):
        problems.append(texts.BANK_ACCOUNT)
    _read(row, None, element, writing, problems)
    if problems:
        raise Refused(*dict.fromkeys(problems))
    books.stamp(books.bank_transactions, row)
    if TYPES_OF[kind]:
        row = _open_credit(books, TYPES_OF[kind], row)
    return books.bank_transactions.get(row["BankTransactionID"])


def _update(old, element, writing):
    """Money spent or received; of prepayments and overpayments nothing can be changed (Xero: BankTransactions)."""
    books, status = writing.books, text(element, "Status") or old["Status"]
    if TYPES_OF[old["Type"]]:
        raise Refused(texts.CREDIT_NOT_EDITABLE)
    if old["Status"] != "AUTHORISED" or status not in ("AUTHORISED", "DELETED", "VOIDED"):
        raise Refused(texts.NOT_EDITABLE.format("BankTransaction"))
    if old["IsReconciled"]:
        raise Refused(texts.BANK_RECONCILED)
    problems, row = [], dict(old)
    if status == "AUTHORISED":
        _read(row, old, element, writing, problems)
    check_lock(books, old["Date"], problems)
    if problems:
        raise Refused(*dict.fromkeys(problems))
    return books.stamp(books.bank_transactions, row, Status=status)


def void_credit(books, transaction):
    """A person ends a prepayment or overpayment on its own page, which no client can.

    :raise Refused: something is taken from it, or its statement line is matched
    """
    kind = TYPES_OF[transaction["Type"]]
    credit = kind.rows(books).get(transaction[kind.key])
    if transaction["IsReconciled"]:
        raise Refused(texts.BANK_RECONCILED)
    if credit["AmountPaid"] or credit["AmountCredited"]:
        raise Refused(texts.HAS_PAYMENT)
    row = books.stamp(kind.rows(books), credit, Status="VOIDED")
    books.announce(kind.category, "UPDATE", row[kind.key], row)
    return books.stamp(books.bank_transactions, transaction, Status="VOIDED")


def _read(row, old, element, writing, problems):
    books = writing.books
    read_contact(row, element, writing, problems)
    bank = member(element, "BankAccount")
    if bank:
        account = account_of(books, bank)
        if account is None or account["Type"] != "BANK" or account["Status"] != "ACTIVE":
            problems.append(texts.ACCOUNT_NOT_FOUND)
        else:
            row["BankAccountID"] = account["AccountID"]
    reference = limited(element, "Reference", 255, problems)
    if reference is not None and not TYPES_OF[row["Type"]]:  # kept of SPEND and RECEIVE alone (Xero: BankTransactions)
        row["Reference"] = reference
    read_url(row, element, problems)
    read_types(row, element)
    if flag(element, "IsReconciled"):
        row["IsReconciled"] = True
    row["Date"] = day(element, "Date") or row["Date"] or books.today()
    check_lock(books, row["Date"], problems)
    account = books.accounts.get(row["BankAccountID"])
    read_currency(row, element, books, problems, default=account and account.get("CurrencyCode"))
    read_lines(row, old, element, _reader(row, old, writing), problems)


def _reader(row, old, writing):
    """Overpayments go to the control account of their side, without tax, whatever their lines say."""
    control = None
    if TYPES_OF[row["Type"]] is OVERPAYMENT:
        control = writing.books.system_account("DEBTORS" if row["Type"].startswith("RECEIVE") else "CREDITORS")
        row["LineAmountTypes"] = "NoTax"
    return LineReader(
        writing, row["LineAmountTypes"], complete=True, fixed_account=control, computed_tax=True,
        old_types=old and old["LineAmountTypes"],
    )


def _open_credit(books, kind, transaction):
    """The prepayment or overpayment that such a transaction leaves to be allocated."""
    credit = {
        **{key: value for key, value in transaction.items() if key != "BankTransactionID"},
        kind.key: new_id(), "AmountPaid": ZERO, "AmountCredited": ZERO, "AmountDue": transaction["Total"],
        "FullyPaidOnDate": None,
    }
    books.stamp(kind.rows(books), credit)
    books.announce(kind.category, "CREATE", credit[kind.key], credit)
    return books.stamp(books.bank_transactions, transaction, **{kind.key: credit[kind.key]})


def bank_transaction_view(books, row, places, detail=True):
    account = books.accounts.rows[row["BankAccountID"]]
    contact = books.contacts.rows[row["ContactID"]]
    view = {
        **common_view(row),
        "BankTransactionID": row["BankTransactionID"],
        "Reference": row["Reference"] or "",
        "IsReconciled": row["IsReconciled"],
        "HasAttachments": row["HasAttachments"],
        "BankAccount": {"AccountID": account["AccountID"], "Name": account["Name"]},
        "Contact": contact_view(contact) if detail else contact_reference(contact),
        "LineItems": [line_view(books, line, places) for line in row["LineItems"]] if detail else [],
    }
    if account.get("Code"):
        view["BankAccount"]["Code"] = account["Code"]
    for name in ("Url", "PrepaymentID", "OverpaymentID"):
        if row.get(name):
            view[name] = row[name]
    return view


def _one(call):
    return one(call.books.bank_transactions, call.args["transaction"])


@route("GET", path="/BankTransactions")
def list_bank_transactions(call):
    books = call.books
    rows = select(call, books.bank_transactions, {**FIELDS, **contact_fields(books)}, ids_of(call, "IDs"), INDEXED)
    rows, pagination = page_of(call, sort(call, rows, FIELDS, "BankTransactionID"))
    views = [bank_transaction_view(books, row, places(call), bool(pagination)) for row in rows]
    return payload("BankTransactions", views, pagination)


@route("GET", path="/BankTransactions/{transaction}")
def get_bank_transaction(call):
    return {"BankTransactions": [bank_transaction_view(call.books, _one(call), places(call))]}


@route("PUT", "POST", path="/BankTransactions")
def write_bank_transactions(call):
    return write(
        call, "BankTransactions", "BankTransactionID", save_bank_transaction,
        lambda row: bank_transaction_view(call.books, row, places(call)),
    )


@route("POST", path="/BankTransactions/{transaction}")
def post_bank_transaction(call):
    old = _one(call)
    return write(
        call, "BankTransactions", "BankTransactionID",
        lambda element, writing: save_bank_transaction(element, writing, old),
        lambda row: bank_transaction_view(call.books, row, places(call)), elements_of(call, "BankTransactions")[:1],
    )
