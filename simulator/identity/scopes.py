"""Scopes, old and new, and what each endpoint of the accounting API asks for (platform: scopes)."""

from __future__ import annotations

IDENTITY = {"openid", "profile", "email", "offline_access"}
CLIENT_CREDENTIALS_ONLY = {"app.connections"}

_GROUPS = {
    "invoices": "Invoices CreditNotes LinkedTransactions PurchaseOrders Quotes RepeatingInvoices Items",
    "payments": "Payments BatchPayments Overpayments Prepayments",
    "banktransactions": "BankTransactions BankTransfers",
    "manualjournals": "ManualJournals",
    "contacts": "Contacts ContactGroups",
    "settings": "Accounts BrandingThemes Currencies Items Organisation Organisations TaxRates TrackingCategories Users "
    "InvoiceReminders",
}
_BROAD_COVERS = ("invoices", "payments", "banktransactions", "manualjournals")
_REPORTS = (
    "aged balancesheet banksummary budgetsummary executivesummary profitandloss trialbalance taxreports tenninetynine"
)


def _with_read(*names: str) -> set[str]:
    return {f"accounting.{name}{suffix}" for name in names for suffix in ("", ".read")}


BROAD = _with_read("transactions") | {"accounting.reports.read"}
# accounting.classicexpenses: named by one third party only (not verified)
GRANULAR = (
    _with_read(*_BROAD_COVERS, "classicexpenses")
    | {f"accounting.reports.{name}.read" for name in _REPORTS.split()}
    | _with_read("contacts", "settings", "attachments")
    | {"accounting.journals.read", "accounting.budgets.read", "paymentservices"}
    | {name + suffix for name in ("files", "assets", "projects") for suffix in ("", ".read")}
)
KNOWN = IDENTITY | BROAD | GRANULAR

_REQUIRED: dict[str, set[str]] = {}  # first path segment, lower case -> names of groups, any of which will do
for _group, _endpoints in _GROUPS.items():
    for _endpoint in _endpoints.lower().split():
        _REQUIRED.setdefault(_endpoint, set()).add(_group)


def sufficient(method: str, path: str) -> set[str] | None:
    """The scopes of which one is enough for this call, or None where none is needed.

    :param path: relative to the API's base, e.g. ``/Invoices/abc/Attachments``. Attachments have a scope of their own,
        history and allocations use their document's.
    """
    segments = path.strip("/").lower().split("/")
    groups = {"attachments"} if "attachments" in segments[1:] else _REQUIRED.get(segments[0])
    if not groups:
        return None
    names = {f"accounting.{group}" for group in groups}
    if groups & set(_BROAD_COVERS):
        names.add("accounting.transactions")
    return names | {f"{name}.read" for name in names} if method == "GET" else names


def needs_organisation(scopes) -> bool:
    """Whether consent has to name organisations; signing in does not."""
    return bool(set(scopes) - IDENTITY)
