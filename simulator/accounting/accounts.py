"""The chart of accounts. One account per request; a status changes alone (Xero: Accounts page)."""
from ..core.errors import ValidationFailed
from ..core.ids import new_id
from ..core.routing import route
from . import texts
from .elements import elements_of, write
from .fields import Refused, as_guid, flag, limited, text
from .listing import one, select, sort
from .where import fold

CLASSES = {
    "BANK": "ASSET", "CURRENT": "ASSET", "FIXED": "ASSET", "INVENTORY": "ASSET", "NONCURRENT": "ASSET",
    "PREPAYMENT": "ASSET", "CURRLIAB": "LIABILITY", "LIABILITY": "LIABILITY", "TERMLIAB": "LIABILITY",
    "PAYG": "LIABILITY", "EQUITY": "EQUITY", "DEPRECIATN": "EXPENSE", "DIRECTCOSTS": "EXPENSE",
    "EXPENSE": "EXPENSE", "OVERHEADS": "EXPENSE", "OTHERINCOME": "REVENUE", "REVENUE": "REVENUE", "SALES": "REVENUE",
}
NOT_FOR_LINES = {"DEBTORS", "CREDITORS", "GST", "UNPAIDEXPCLM", "TRACKINGTRANSFERS"}
FIELDS = {
    name.lower(): (lambda row, name=name: row.get(name))
    for name in (
        "AccountID", "Code", "Name", "Type", "Class", "Status", "TaxType", "SystemAccount", "Description",
        "EnablePaymentsToAccount", "ShowInExpenseClaims", "BankAccountNumber", "BankAccountType", "CurrencyCode",
        "UpdatedDateUTC",
    )
}


def takes_payments(account):
    """Whether a payment may be made from or to the account (Xero: Payments page)."""
    return account["Type"] == "BANK" or bool(account.get("EnablePaymentsToAccount"))


def takes_lines(account):
    """Whether a line of a document may name the account: no bank, no control account."""
    return account["Type"] != "BANK" and account.get("SystemAccount") not in NOT_FOR_LINES


def account_view(row):
    view = {
        "AccountID": row["AccountID"],
        "Name": row["Name"],
        "Status": row["Status"],
        "Type": row["Type"],
        "TaxType": row.get("TaxType") or "NONE",
        "Class": row["Class"],
        "EnablePaymentsToAccount": bool(row.get("EnablePaymentsToAccount")),
        "ShowInExpenseClaims": bool(row.get("ShowInExpenseClaims")),
        "AddToWatchlist": bool(row.get("AddToWatchlist")),
        "ReportingCode": row.get("ReportingCode"),
        "HasAttachments": row.get("HasAttachments", False),
        "UpdatedDateUTC": row["UpdatedDateUTC"],
        "BankAccountType": row.get("BankAccountType", ""),
    }
    optional = ("Code", "Description", "SystemAccount", "BankAccountNumber", "CurrencyCode", "ReportingCodeName")
    view.update((name, row[name]) for name in optional if row.get(name))
    return {name: value for name, value in view.items() if value is not None}


def account_of(books, element):
    """The account an element like ``{"AccountID"}`` or ``{"Code"}`` names; None if there is none."""
    account_id = as_guid(text(element, "AccountID") or "")
    return books.account(account_id=account_id) if account_id else books.account(text(element, "Code"))


def create_account(books, element):
    problems = []
    name, code = limited(element, "Name", 150, problems), limited(element, "Code", 10, problems)
    kind = text(element, "Type")
    if kind not in CLASSES:
        problems.append(texts.ACCOUNT_TYPE.format(kind))
    if not name:
        problems.append(texts.ACCOUNT_FIELD.format("Name"))
    if not code and kind != "BANK":
        problems.append(texts.ACCOUNT_FIELD.format("Code"))
    if kind == "BANK" and not text(element, "BankAccountNumber"):
        problems.append(texts.ACCOUNT_FIELD.format("BankAccountNumber"))
    if text(element, "BankAccountType") in ("CREDITCARD", "PAYPAL"):
        problems.append(texts.BANK_ACCOUNT_TYPE.format(element["BankAccountType"]))
    row = {"AccountID": new_id(), "Status": "ACTIVE", "Type": kind, "Code": code, "Name": name}
    _check_unique(books, row, problems)
    _read_details(books, row, element, problems)
    if problems:
        raise Refused(*problems)
    row["Class"] = CLASSES[kind]
    if kind == "BANK":
        row.setdefault("CurrencyCode", books.organisation.base_currency)
        row.setdefault("BankAccountType", "BANK")
    return books.stamp(books.accounts, row)


def _check_unique(books, row, problems):
    for other in books.accounts:
        if other["AccountID"] == row["AccountID"] or other["Status"] == "DELETED":
            continue
        if row.get("Code") and other.get("Code") and fold(other["Code"]) == fold(row["Code"]):
            problems.append(texts.UNIQUE_CODE)
        if row.get("Name") and fold(other["Name"]) == fold(row["Name"]):
            problems.append(texts.UNIQUE_NAME)


def _read_details(books, row, element, problems):
    for name, limit in (("Description", 4000), ("TaxType", 50), ("BankAccountNumber", 50), ("BankAccountType", 20)):
        value = limited(element, name, limit, problems)
        if value is not None:
            row[name] = value
    for name in ("EnablePaymentsToAccount", "ShowInExpenseClaims", "AddToWatchlist"):
        value = flag(element, name)
        if value is not None:
            row[name] = value
    currency = text(element, "CurrencyCode")
    if currency:
        if books.currencies.get(currency) is None:
            problems.append(texts.ACCOUNT_CURRENCY.format(currency))
        row["CurrencyCode"] = currency
    if row.get("TaxType") and books.tax_rates.get(row["TaxType"]) is None:
        problems.append(texts.TAX_UNKNOWN.format(row["TaxType"]))


def update_account(books, old, element, by_app=True):
    """Change details, or the status, never both.

    :param by_app: False for a person at Xero's screens, who may rename a bank account
    """
    status = text(element, "Status")
    details = {name for name in element if name not in ("Status", "AccountID") and element[name] is not None}
    if status and status != old["Status"]:
        if details - {"Code", "Name", "Type"} or any(element[name] != old.get(name) for name in details):
            raise Refused(texts.STATUS_AND_MORE)
        if status == "ARCHIVED" and old.get("SystemAccount"):
            raise Refused(texts.ARCHIVE_SYSTEM)
        if status not in ("ACTIVE", "ARCHIVED"):
            raise Refused(texts.BAD_STATUS.format(status))
        return books.stamp(books.accounts, old, Status=status)
    if old["Status"] == "ARCHIVED":
        raise Refused(texts.ONLY_STATUS)
    if old["Type"] == "BANK" and by_app:
        raise Refused(texts.UPDATE_BANK)
    problems, row = [], dict(old)
    row["Name"] = limited(element, "Name", 150, problems) or old["Name"]
    row["Code"] = limited(element, "Code", 10, problems) or old.get("Code")
    row["Type"] = text(element, "Type") or old["Type"]
    if row["Type"] not in CLASSES:
        problems.append(texts.ACCOUNT_TYPE.format(row["Type"]))
    if old.get("SystemAccount") and row["Type"] != old["Type"]:
        problems.append(texts.ACCOUNT_SYSTEM)
    _check_unique(books, row, problems)
    _read_details(books, row, element, problems)
    if problems:
        raise Refused(*problems)
    row["Class"] = CLASSES[row["Type"]]
    return books.stamp(books.accounts, row)


def in_use(books, account_id):
    documents = (books.invoices, books.credit_notes, books.prepayments, books.overpayments, books.bank_transactions)
    return bool(books.payments.all_by("account", account_id)) or any(
        row.get("BankAccountID") == account_id or any(line.get("AccountID") == account_id for line in row["LineItems"])
        for table in documents
        for row in table
    )


def _one(call):
    return one(call.books.accounts, call.args["account"])


@route("GET", path="/Accounts")
def list_accounts(call):
    rows = [row for row in select(call, call.books.accounts, FIELDS) if row["Status"] != "DELETED"]
    if call.query.get("order"):
        rows = sort(call, rows, FIELDS, "AccountID")
    return {"Accounts": [account_view(row) for row in rows]}


@route("GET", path="/Accounts/{account}")
def get_account(call):
    return {"Accounts": [account_view(_one(call))]}


@route("PUT", path="/Accounts")
def put_account(call):
    """Only the first element is looked at, as recorded of Xero."""
    return write(
        call, "Accounts", "AccountID", lambda element, writing: create_account(writing.books, element), account_view,
        elements_of(call, "Accounts")[:1],
    )


@route("POST", path="/Accounts/{account}")
def post_account(call):
    old = _one(call)
    return write(
        call, "Accounts", "AccountID",
        lambda element, writing: update_account(writing.books, old, element, writing.by_app), account_view,
        elements_of(call, "Accounts")[:1],
    )


@route("DELETE", path="/Accounts/{account}")
def delete_account(call):
    row, books = _one(call), call.books
    if row.get("SystemAccount"):
        raise ValidationFailed.of(texts.ACCOUNT_SYSTEM, AccountID=row["AccountID"])
    if in_use(books, row["AccountID"]):
        raise ValidationFailed.of(texts.ACCOUNT_IN_USE, AccountID=row["AccountID"])
    with books.transaction():
        deleted = {**row, "Status": "DELETED", "Code": None, "UpdatedDateUTC": books.now()}
        books.accounts.put(deleted)
    return {"Accounts": [{**account_view(row), "Status": "DELETED"}]}
