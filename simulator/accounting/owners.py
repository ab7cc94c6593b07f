"""The records that attachments and notes hang on."""
from .listing import one

# resource -> its table in the books
TABLES = {
    "Accounts": "accounts", "BankTransactions": "bank_transactions", "BatchPayments": "batch_payments",
    "Contacts": "contacts", "CreditNotes": "credit_notes", "Invoices": "invoices", "Overpayments": "overpayments",
    "Payments": "payments", "Prepayments": "prepayments",
}


def owner_of(call, resource):
    """(resource, id) and the row that the call's address names. :raise NotFound:"""
    table = getattr(call.books, TABLES[resource])
    row = one(table, call.args["owner"])
    return (resource, row[table.key]), row
