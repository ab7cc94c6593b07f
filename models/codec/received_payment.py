"""Xero's Payment as plain values."""

from dataclasses import dataclass
from decimal import Decimal

from .money import round_to
from .received import RATE, ZERO, day, number

TARGETS = {
    "Invoice": "InvoiceID", "CreditNote": "CreditNoteID", "Overpayment": "OverpaymentID", "Prepayment": "PrepaymentID",
}  # fmt: skip


@dataclass(frozen=True)
class ReceivedPayment:
    """``amount`` in the document's currency, ``bank_amount`` in the bank account's; ``rate``: document currency per
    unit of the base currency; ``batch_total``: of all payments of its batch; day: YYYY-MM-DD."""

    xero_id: str
    document_id: str
    account_id: str
    date: str
    amount: Decimal = ZERO
    bank_amount: Decimal = ZERO
    rate: Decimal = ZERO
    reference: str = ""
    status: str = ""
    batch_id: str = ""
    batch_total: Decimal = ZERO


def read(item):
    """Reading never raises: a credit note may come under its own name or as an Invoice of its type.

    :rtype: ReceivedPayment"""
    account = item.get("Account") if isinstance(item.get("Account"), dict) else {}
    batch = item.get("BatchPayment") if isinstance(item.get("BatchPayment"), dict) else {}
    return ReceivedPayment(
        xero_id=str(item.get("PaymentID") or ""),
        document_id=document_id(item),
        account_id=str(account.get("AccountID") or ""),
        date=day(item.get("Date")),
        amount=number(item.get("Amount")),
        bank_amount=number(item.get("BankAmount")),
        rate=round_to(number(item.get("CurrencyRate")), RATE),
        reference=str(item.get("Reference") or ""),
        status=str(item.get("Status") or ""),
        batch_id=str(item.get("BatchPaymentID") or batch.get("BatchPaymentID") or ""),
        batch_total=number(batch.get("TotalAmount")),
    )


def document_id(item):
    """Xero's id of what the payment is on, '' where none is named."""
    for target, key in TARGETS.items():
        document = item.get(target)
        if isinstance(document, dict) and document.get(key):
            return str(document[key])
    return ""


def values(payment):
    """What a digest is made of. A payment never changes but in its status."""
    return {
        "document": payment.document_id, "account": payment.account_id, "date": payment.date,
        "amount": str(round_to(payment.amount, Decimal("0.01"))), "status": payment.status,
    }  # fmt: skip
