"""The books of an organisation and Xero's rules about them; importing it registers the routes of ``/api.xro/2.0``."""
from . import (  # noqa: F401
    accounts,
    attachments,
    bank_transactions,
    batch_payments,
    contact_groups,
    contacts,
    credit_notes,
    currencies,
    history,
    invoices,
    organisation,
    payments,
    prepayments,
    tax_rates,
    tracking,
)
