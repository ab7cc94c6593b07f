"""Xero's own Python SDK as a second client, over real HTTP: consent to void in one walk, then its errors.

Nobody here wrote that client, so what it can read is what Xero would have sent.
"""
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from xero_python.accounting import (
    Account,
    AccountingApi,
    Allocation,
    Allocations,
    BankTransaction,
    BankTransactions,
    BatchPayment,
    BatchPaymentDelete,
    BatchPaymentDeleteByUrlParam,
    BatchPayments,
    Contact,
    Contacts,
    CreditNote,
    CreditNotes,
    CurrencyCode,
    HistoryRecord,
    HistoryRecords,
    Invoice,
    Invoices,
    LineAmountTypes,
    LineItem,
    LineItemTracking,
    Payment,
    PaymentDelete,
    Payments,
)
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token
from xero_python.exceptions import AccountingBadRequestException, HTTPStatusException, NotFoundException
from xero_python.identity import IdentityApi


class SdkClient:
    """The SDK wired to the simulator, as its samples wire it to Xero."""

    def __init__(self, simulator, tokens, tenant="NZ"):
        self.tenant = simulator.tenant_id(tenant)
        self.tokens = tokens
        configuration = Configuration(
            oauth2_token=OAuth2Token(client_id=simulator.client_id, client_secret=simulator.client_secret)
        )
        client = ApiClient(configuration, pool_threads=1)
        client.oauth2_token_getter(lambda: self.tokens)
        client.oauth2_token_saver(lambda token: setattr(self, "tokens", token))
        self.accounting = AccountingApi(client, base_url=f"{simulator.url}/api.xro/2.0")
        self.identity = IdentityApi(client, base_url=simulator.url)

    def __getattr__(self, name):
        """``sdk.get_accounts(…)`` without the tenant that every call begins with."""
        method = getattr(self.accounting, name)
        return lambda *args, **kwargs: method(self.tenant, *args, **kwargs)


@pytest.fixture
def sdk(simulator):
    return SdkClient(simulator, simulator.token_set(["NZ", "AU"]))


def invoice(contact, **more):
    lines = more.pop("line_items", None) or [
        LineItem(
            description="Consulting", quantity=2.5, unit_amount=19.9912, account_code="200", tax_type="OUTPUT2",
            tracking=[LineItemTracking(name="Region", option="North")],
        ),
        LineItem(description="Report", quantity=1, unit_amount=100, account_code="200"),
    ]
    return Invoice(
        type="ACCREC", contact=Contact(contact_id=contact.contact_id), date=date(2026, 10, 1),
        due_date=date(2026, 11, 1), line_amount_types=LineAmountTypes.EXCLUSIVE, status="AUTHORISED",
        line_items=lines, **more,
    )


def test_from_consent_to_void_and_disconnect(sdk, simulator):
    connections = sdk.identity.get_connections()
    assert {connection.tenant_name for connection in connections} == {"Kauri Trading (NZ)", "Banksia Supplies (AU)"}
    organisation = sdk.get_organisations().organisations[0]
    assert (organisation.base_currency, organisation.is_demo_company) == (CurrencyCode.NZD, True)
    assert organisation.period_lock_date == date(2020, 3, 31) and organisation.end_of_year_lock_date is None
    assert sdk.get_organisation_actions().actions

    accounts = sdk.get_accounts(where='Status=="ACTIVE"').accounts
    bank = next(account for account in accounts if account.code == "090")
    assert next(account for account in accounts if account.system_account == "ROUNDING").code == "860"
    rates = {rate.tax_type: rate for rate in sdk.get_tax_rates().tax_rates}
    assert rates["OUTPUT2"].effective_rate == 15 and rates["OUTPUT2"].can_apply_to_revenue
    assert {category.name for category in sdk.get_tracking_categories().tracking_categories} == {"Region", "Department"}
    assert CurrencyCode.USD in [currency.code for currency in sdk.get_currencies().currencies]
    assert sdk.get_contact_groups().contact_groups[0].name == "Customers"

    sent = Contacts(contacts=[Contact(name="Rātā Studio", contact_number="C-1", email_address="a@rata.example")])
    contact = sdk.create_contacts(sent, idempotency_key="contact-1").contacts[0]
    assert sdk.get_contact_by_contact_number("C-1").contacts[0].contact_id == contact.contact_id

    made = sdk.create_invoices(
        Invoices(invoices=[invoice(contact, invoice_number="SDK-1"), invoice(contact)]), unitdp=4,
        summarize_errors=False, idempotency_key="invoices-1",
    ).invoices
    assert [each.status_attribute_string for each in made] == ["OK", "OK"]
    # 2.5 × 19.9912 = 49.98 with 7.50 of tax, and 100.00 with 15.00
    totals = made[0].sub_total, made[0].total_tax, made[0].total
    assert totals == (Decimal("149.98"), Decimal("22.5"), Decimal("172.48"))
    assert made[0].line_items[0].unit_amount == Decimal("19.9912")
    assert made[0].line_items[0].tracking[0].option == "North"
    again = sdk.create_invoices(
        Invoices(invoices=[invoice(contact, invoice_number="SDK-1"), invoice(contact)]), unitdp=4,
        summarize_errors=False, idempotency_key="invoices-1",
    ).invoices
    assert [each.invoice_id for each in again] == [each.invoice_id for each in made]

    _pay_credit_and_void(sdk, contact, bank, made)
    _spend_and_attach(sdk, contact, bank, made[0])

    nz = next(each for each in connections if each.tenant_id == sdk.tenant)
    sdk.identity.delete_connection(nz.id)
    assert [each.tenant_name for each in sdk.identity.get_connections()] == ["Banksia Supplies (AU)"]
    with pytest.raises(HTTPStatusException) as refused:
        sdk.get_accounts()
    assert refused.value.status == 403


def _pay_credit_and_void(sdk, contact, bank, made):
    first, second = made
    target = Invoice(invoice_id=first.invoice_id)
    element = Payment(invoice=target, account=Account(account_id=bank.account_id), date=date(2026, 10, 5), amount=72.48)
    payment = sdk.create_payments(Payments(payments=[element])).payments[0]
    assert payment.payment_type == "ACCRECPAYMENT"
    note = CreditNote(
        type="ACCRECCREDIT", contact=Contact(contact_id=contact.contact_id), date=date(2026, 10, 6),
        status="AUTHORISED", line_items=[LineItem(description="Back", quantity=1, unit_amount=100, account_code="200")],
    )
    credit = sdk.create_credit_notes(CreditNotes(credit_notes=[note])).credit_notes[0]
    allocation = Allocation(amount=100, date=date(2026, 10, 7), invoice=target)
    taken = sdk.create_credit_note_allocation(credit.credit_note_id, Allocations(allocations=[allocation]))
    paid = sdk.get_invoice(first.invoice_id).invoices[0]
    assert (paid.status, paid.amount_due, paid.amount_paid, paid.amount_credited) == (
        "PAID", 0, Decimal("72.48"), 100
    )
    assert sdk.get_credit_note(credit.credit_note_id).credit_notes[0].remaining_credit == 15
    sdk.delete_credit_note_allocations(credit.credit_note_id, taken.allocations[0].allocation_id)
    sdk.delete_payment(payment.payment_id, PaymentDelete(status="DELETED"))
    assert sdk.get_payment(payment.payment_id).payments[0].status == "DELETED"
    for row in (first, second):
        void = Invoices(invoices=[Invoice(invoice_id=row.invoice_id, status="VOIDED")])
        assert sdk.update_invoice(row.invoice_id, void).invoices[0].status == "VOIDED"
    assert sdk.get_invoices(statuses=["VOIDED"], page=1, page_size=10).pagination.item_count == 2


def _spend_and_attach(sdk, contact, bank, row):
    element = BankTransaction(
        type="SPEND", contact=Contact(contact_id=contact.contact_id), date=date(2026, 10, 8),
        bank_account=Account(account_id=bank.account_id),
        line_items=[LineItem(description="Taxi", quantity=1, unit_amount=23, account_code="493")],
    )
    spent = sdk.create_bank_transactions(BankTransactions(bank_transactions=[element])).bank_transactions[0]
    assert (spent.total, spent.total_tax, spent.status) == (23, 3, "AUTHORISED")
    content = b"%PDF-1.4 a small file"
    sdk.create_invoice_attachment_by_file_name(row.invoice_id, "receipt 1.pdf", content)
    listed = sdk.get_invoice_attachments(row.invoice_id).attachments[0]
    assert (listed.file_name, listed.content_length) == ("receipt 1.pdf", len(content))
    path = sdk.get_invoice_attachment_by_file_name(row.invoice_id, "receipt 1.pdf", "application/pdf")
    with open(path, "rb") as stream:
        assert stream.read() == content
    notes = HistoryRecords(history_records=[HistoryRecord(details="Sent from a test")])
    sdk.create_invoice_history(row.invoice_id, notes)
    assert sdk.get_invoice_history(row.invoice_id).history_records[0].details == "Sent from a test"


def test_a_batch_of_payments_is_made_read_and_deleted(sdk):
    contact = sdk.get_contacts().contacts[0]
    bank = next(account for account in sdk.get_accounts().accounts if account.code == "090")
    rows = sdk.create_invoices(Invoices(invoices=[invoice(contact), invoice(contact)])).invoices
    payments = [Payment(invoice=Invoice(invoice_id=row.invoice_id), amount=50.25) for row in rows]
    element = BatchPayment(
        account=Account(account_id=bank.account_id), date=date(2026, 10, 5), reference="run 7", payments=payments
    )
    batch, other = (
        sdk.create_batch_payment(BatchPayments(batch_payments=[element]), summarize_errors=False).batch_payments[0]
        for _ in range(2)
    )
    assert (batch.type, batch.status, batch.total_amount) == ("RECBATCH", "AUTHORISED", Decimal("100.5"))
    read = sdk.get_batch_payment(batch.batch_payment_id).batch_payments[0]
    assert [payment.amount for payment in read.payments] == [Decimal("50.25")] * 2
    assert len(sdk.get_batch_payments(where='Type=="RECBATCH"', order="Date ASC").batch_payments) == 2
    payment = sdk.get_payment(read.payments[0].payment_id).payments[0]
    assert payment.batch_payment_id == payment.batch_payment.batch_payment_id == batch.batch_payment_id
    with pytest.raises(AccountingBadRequestException) as refused:
        sdk.delete_payment(payment.payment_id, PaymentDelete(status="DELETED"))
    assert "Payments within a batch cannot be deleted." in str(refused.value.error_data)
    gone = sdk.delete_batch_payment_by_url_param(
        batch.batch_payment_id, BatchPaymentDeleteByUrlParam(status="DELETED")
    ).batch_payments[0]
    assert (gone.status, gone.payments) == ("DELETED", [])
    order = BatchPaymentDelete(batch_payment_id=other.batch_payment_id, status="DELETED")
    assert sdk.delete_batch_payment(order).batch_payments[0].status == "DELETED"
    assert [row.amount_paid for row in sdk.get_invoices(i_ds=[each.invoice_id for each in rows]).invoices] == [0, 0]


def test_refusals_reach_the_sdk_as_its_own_exceptions(sdk):
    contact = sdk.get_contacts().contacts[0]
    bad = invoice(contact, line_items=[LineItem(description="x", quantity=1, unit_amount=1, account_code="none")])
    with pytest.raises(AccountingBadRequestException) as refused:
        sdk.create_invoices(Invoices(invoices=[bad]))
    assert "Account code 'none' is not a valid code for this document." in str(refused.value.error_data)
    answered = sdk.create_invoices(Invoices(invoices=[invoice(contact), bad]), summarize_errors=False).invoices
    assert [row.has_errors for row in answered] == [False, True]
    assert answered[1].validation_errors[0].message == "Account code 'none' is not a valid code for this document."
    with pytest.raises(NotFoundException):
        sdk.get_invoice("11111111-2222-3333-4444-555555555555")


def test_lists_with_every_parameter_the_sdk_has(sdk):
    contact = sdk.get_contacts(where='Name=="city limousines"').contacts[0]
    made = sdk.create_invoices(Invoices(invoices=[invoice(contact) for _ in range(3)])).invoices
    found = sdk.get_invoices(
        if_modified_since=datetime.now(timezone.utc) - timedelta(hours=1), where='Type=="ACCREC"', order="Date DESC",
        i_ds=[row.invoice_id for row in made[:2]], contact_i_ds=[contact.contact_id], statuses=["AUTHORISED"], page=1,
        page_size=50, include_archived=True, created_by_my_app=True, unitdp=4,
    )
    assert {row.invoice_id for row in found.invoices} == {row.invoice_id for row in made[:2]}
    assert (found.pagination.page, found.pagination.item_count) == (1, 2)
    assert len(sdk.get_invoices(summary_only=True, search_term="INV-").invoices) == 3
    assert len(sdk.get_contacts(search_term="ridgeway", summary_only=True).contacts) == 2
    assert sdk.get_payments(page=1).payments == []


@pytest.mark.parametrize("tenant", ["NZ", "AU", "GB", "US"])
def test_the_sdk_reads_the_reference_data_of_every_organisation(simulator, tenant):
    """Its reader raises on any enum value that it does not know."""
    sdk = SdkClient(simulator, simulator.token_set([tenant]), tenant)
    assert len(sdk.get_accounts().accounts) > 30
    assert len(sdk.get_tax_rates().tax_rates) >= 7
    assert sdk.get_organisations().organisations[0].organisation_id == sdk.tenant
    assert sdk.get_users().users and sdk.get_branding_themes().branding_themes and sdk.get_contacts().contacts
