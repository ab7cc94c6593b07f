"""Each endpoint asks for its scope, the granular one or the broad one it came from (platform §2)."""

import pytest

from simulator.identity.scopes import BROAD, GRANULAR, sufficient

LEGACY = "5A170000000000000000000000001E6A"
LEGACY_SECRET = "simulator-secret-of-the-legacy-app-0123456789abcde"


@pytest.mark.parametrize(
    ("path", "granular", "broad"),
    [
        ("/Invoices", "accounting.invoices", True),
        ("/Invoices/abc", "accounting.invoices", True),
        ("/invoices", "accounting.invoices", True),
        ("/Invoices/abc/History", "accounting.invoices", True),
        ("/CreditNotes/abc/Allocations", "accounting.invoices", True),
        ("/Payments", "accounting.payments", True),
        ("/BankTransactions", "accounting.banktransactions", True),
        ("/ManualJournals", "accounting.manualjournals", True),
        ("/Contacts", "accounting.contacts", False),
        ("/ContactGroups/abc/Contacts", "accounting.contacts", False),
        ("/Accounts", "accounting.settings", False),
        ("/TaxRates", "accounting.settings", False),
        ("/TrackingCategories/abc/Options", "accounting.settings", False),
        ("/Organisation", "accounting.settings", False),
        ("/Currencies", "accounting.settings", False),
        ("/Invoices/abc/Attachments/file.pdf", "accounting.attachments", False),
        ("/Contacts/abc/Attachments", "accounting.attachments", False),
    ],
)
def test_what_is_enough_to_read_and_to_write(path, granular, broad):
    write = {granular} | ({"accounting.transactions"} if broad else set())
    assert sufficient("POST", path) == write
    assert sufficient("PUT", path) == write
    assert sufficient("GET", path) == write | {f"{scope}.read" for scope in write}


def test_items_belong_to_invoices_and_to_settings():
    assert sufficient("PUT", "/Items") == {"accounting.invoices", "accounting.settings", "accounting.transactions"}


def test_no_scope_is_broad_and_granular_at_once():
    assert not BROAD & GRANULAR


def refused(answer):
    return (
        answer.status_code == 401
        and answer.json()["Detail"] == "AuthorizationUnsuccessful"
        and answer.headers["WWW-Authenticate"] == 'Bearer error="insufficent_scope"'
    )


def test_a_missing_scope_is_401_with_its_header(connect):
    client = connect("NZ", scope="accounting.contacts.read")
    assert client.get("/Contacts").status_code == 200
    assert refused(client.put("/Contacts", {"Name": "Nobody"}))
    assert refused(client.get("/Invoices"))
    assert refused(client.get("/Organisation"))


def test_refused_calls_do_not_count_against_the_limits(connect):
    client = connect("NZ", scope="accounting.settings.read")
    for _ in range(3):
        assert refused(client.get("/Invoices"))
    assert client.get("/Organisation").headers["X-MinLimit-Remaining"] == "59"


def test_a_broad_scope_still_opens_what_it_used_to(connect):
    scope = "accounting.transactions.read accounting.contacts"
    client = connect("NZ", scope=scope, client_id=LEGACY, client_secret=LEGACY_SECRET)
    assert client.get("/Invoices").status_code == 200
    assert client.get("/Payments").status_code == 200
    assert refused(client.put("/Payments", {}))
    assert refused(client.get("/Accounts"))


def test_the_providers_name_is_the_apps(client):
    assert client.get("/Organisation").json()["ProviderName"] == "Demo App"
