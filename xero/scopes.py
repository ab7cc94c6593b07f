"""Xero's scopes: which ones we ask for, what each one opens, and which granted ones cover which.

Since March 2026 new apps get granular scopes only; authorisations given earlier keep broad ones until September 2027.
Source: developer.xero.com, guides/oauth2/scopes.
"""

# What the addon asks for by default. The list is configuration: an app may have been given fewer or older ones.
SCOPES = (
    "openid",
    "profile",
    "email",
    "offline_access",
    "accounting.settings",
    "accounting.contacts",
    "accounting.invoices",
    "accounting.payments",
    "accounting.banktransactions",
    "accounting.attachments",
)

# Scope -> what it opens at Xero. The sentences that people read about it are Odoo's.
OPENS = {
    "openid": ("sign-in",),
    "profile": ("name of the person who connects",),
    "email": ("e-mail of the person who connects",),
    "offline_access": ("staying connected",),
    "accounting.settings": (
        "Organisation",
        "Accounts",
        "TaxRates",
        "Currencies",
        "TrackingCategories",
        "BrandingThemes",
        "Items",
        "Users",
    ),
    "accounting.contacts": ("Contacts", "ContactGroups"),
    "accounting.invoices": (
        "Invoices",
        "CreditNotes",
        "PurchaseOrders",
        "Quotes",
        "RepeatingInvoices",
        "LinkedTransactions",
    ),
    "accounting.payments": ("Payments", "BatchPayments", "Overpayments", "Prepayments"),
    "accounting.banktransactions": ("BankTransactions", "BankTransfers"),
    "accounting.manualjournals": ("ManualJournals",),
    "accounting.attachments": ("Attachments",),
}

# Old broad scope -> the granular ones it stands for.
BROAD = {
    "accounting.transactions": (
        "accounting.invoices",
        "accounting.payments",
        "accounting.banktransactions",
        "accounting.manualjournals",
        "accounting.classicexpenses",
    ),
}
READ = ".read"


def parse_scopes(text):
    """Xero's or a person's list of scopes, each once, in order.

    :param text: text separated by blanks or commas, a list of such, or ``None``
    :rtype: list[str]
    """
    if isinstance(text, (list, tuple, set, frozenset)):
        text = " ".join(str(part) for part in text)
    return list(dict.fromkeys(str(text or "").replace(",", " ").split()))


def _covered(scope, granted):
    if scope in granted or (scope.endswith(READ) and scope.removesuffix(READ) in granted):
        return True
    if scope.startswith("accounting.reports.") and "accounting.reports.read" in granted:
        return True
    base = scope.removesuffix(READ)
    for broad, granular in BROAD.items():
        if base in granular and _covered(scope.replace(base, broad, 1), granted):
            return True
    return False


def missing_scopes(required, granted):
    """Which required scopes an authorisation lacks. A broad scope covers its granular ones, and a scope its ``.read``.

    :param required: scopes, as :func:`parse_scopes` takes them
    :param granted: likewise
    :rtype: list[str]
    """
    granted = set(parse_scopes(granted))
    return [scope for scope in parse_scopes(required) if not _covered(scope, granted)]


def scope_for(resource):
    """The scope that opens a resource, so that a refusal can name it.

    :param str resource: ``Invoices``, ``CreditNotes/<id>/Allocations``, …
    :rtype: str | None
    """
    segments = resource.split("/")
    names = ("Attachments",) if "Attachments" in segments else (segments[0],)
    return next((scope for scope, opened in OPENS.items() if names[0] in opened), None)
