"""The promise, as one assertion: everything is at Xero once, to the cent, both sides know it, and Xero was asked for
nothing that its own OpenAPI files do not describe."""

from collections import Counter
from decimal import Decimal

from live_stage import CUSTOMERS, INVOICES


def assert_all_there(stage, invoices=INVOICES, customers=CUSTOMERS):
    """Exactly these invoices and contacts at Xero, none lost, none twice; links synced; nothing owed or in doubt."""
    ledger = stage.ledger()
    there = stage.xero_invoices()
    assert ledger["links"] == {"Contacts": {"synced": customers}, "Invoices": {"synced": invoices}}, ledger["codes"]
    owed = {key: ledger[key] for key in ("changes", "open", "retries", "codes", "error")}
    assert owed == {"changes": 0, "open": 0, "retries": 0, "codes": {}, "error": None}
    assert_invoices_agree(ledger, there)
    assert len(there) == invoices
    contacts = stage.xero_contacts()
    assert len(contacts) == customers
    assert not _twice(contact["ContactNumber"] for contact in contacts)
    assert sorted(contact["ContactID"] for contact in contacts) == sorted(ledger["contact_ids"])
    stage.simulator.judge()


def assert_invoices_agree(ledger, there):
    """Each invoice is there once, under the id that Odoo knows, for its customer, with Odoo's total."""
    assert not _twice(invoice["InvoiceNumber"] for invoice in there)
    ours = {
        number: (ledger["ids"].get(number), customer, Decimal(total))
        for number, (customer, total) in ledger["invoices"].items()
    }
    theirs = {
        invoice["InvoiceNumber"]: (invoice["InvoiceID"], invoice["Contact"]["Name"], Decimal(str(invoice["Total"])))
        for invoice in there
    }
    assert theirs == ours


def _twice(values):
    return [value for value, count in Counter(values).items() if count > 1]
