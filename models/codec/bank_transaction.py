"""Money spent without a document as Xero's BankTransaction of type SPEND (Xero: BankTransactions), to the cent."""

from . import invoice as invoice_codec


def build(spending, bank_account_id):
    """Told like an invoice, with the bank account it was paid from.

    :param InvoiceData spending: ``type`` SPEND, ``number`` the payment's, amounts in the bank account's currency
    :param str bank_account_id: AccountID of an account of type BANK
    :rtype: codec.invoice.Built
    :raise Refused: as ``codec.invoice.build``
    """
    built = invoice_codec.build(spending)
    built.payload["BankAccount"] = {"AccountID": bank_account_id}
    return built
