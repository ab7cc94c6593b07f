"""The records that attachments and notes hang on."""
from ..core.errors import NotFound
from .fields import as_guid

# resource -> its table in the books
TABLES = {
    "Accounts": "accounts", "BankTransactions": "bank_transactions", "Contacts": "contacts",
    "CreditNotes": "credit_notes", "Invoices": "invoices", "Overpayments": "overpayments", "Payments": "payments",
    "Prepayments": "prepayments",
}


def owner_of(call, resource):
    """(resource, id) and the row that the call's address names. :raise NotFound:"""
    row_id = as_guid(call.args["owner"])
    row = getattr(call.books, TABLES[resource]).get(row_id)
    if row is None:
        raise NotFound
    return (resource, row_id), row
