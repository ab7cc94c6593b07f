"""From a country's tables to an organisation with books."""
import uuid
from datetime import datetime, timezone
from decimal import Decimal

from ..accounting.accounts import CLASSES
from ..accounting.contact_groups import add_member
from ..accounting.contact_rules import create_contact
from ..accounting.currencies import add_currency
from ..accounting.tax_rates import tax_rate_row
from ..core.world import Organisation

FOUNDED = datetime(2019, 4, 1, 9, 30, tzinfo=timezone.utc)
MARKS = {"pay": "EnablePaymentsToAccount", "claims": "ShowInExpenseClaims"}
# Names, numbers and addresses that a client has to tell apart: two share an e-mail address, one is archived.
CONTACTS = (
    {"Name": "City Limousines", "ContactNumber": "CITY", "EmailAddress": "accounts@citylimo.example",
     "FirstName": "Martin", "LastName": "Dale"},
    {"Name": "Ridgeway University", "EmailAddress": "finance@ridgeway.example"},
    {"Name": "Ridgeway Bank", "EmailAddress": "finance@ridgeway.example"},
    {"Name": "Péninsule Café", "EmailAddress": "hello@peninsule.example"},
    {"Name": "PowerDirect", "AccountNumber": "PD-77", "EmailAddress": "billing@powerdirect.example",
     "Addresses": [{"AddressType": "POBOX", "AddressLine1": "P O Box 8900", "City": "Ridge Heights",
                    "PostalCode": "6012"}],
     "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "5550100", "PhoneAreaCode": "04"}]},
    {"Name": "Closed Shop", "EmailAddress": "gone@closed.example", "ContactStatus": "ARCHIVED"},
)
TRACKING = (
    ("Region", ("North", "South", "Eastside", "West Coast")),
    ("Department", ("Sales", "Projects", "Grants")),
)


def plant_organisation(world, country):
    """Add the country's organisation with its books; returns the ``Organisation``."""
    organisation = world.add_organisation(
        Organisation(tenant_id=stable_id(country.key, "organisation"), created=FOUNDED, **country.organisation)
    )
    books = organisation.books
    for code in country.currencies:
        add_currency(books, code)
    for name, tax_type, parts, applies, report, *status in country.rates:
        books.tax_rates.put(_tax_rate(name, tax_type, parts, applies, report, *status))
    for line in sorted(filter(None, country.chart.splitlines())):  # by code, as Xero lists them
        books.accounts.put(_account(country, [part.strip() for part in line.split("|")]))
    for bank in country.banks:
        books.accounts.put(_bank(country, *bank))
    _plant_settings(books, country)
    _plant_contacts(books, country)
    return organisation


def stable_id(*names):
    """The same id for the same names on every start."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(("simulator", *names))))


def _tax_rate(name, tax_type, parts, applies, report, status="ACTIVE"):
    system = isinstance(parts, str)
    components = [(name, parts)] if system else parts
    rows = [
        {"Name": part[0], "Rate": Decimal(part[1]), "IsCompound": len(part) > 2, "IsNonRecoverable": False}
        for part in components
    ]
    return tax_rate_row(name, tax_type, rows, [flag == "1" for flag in applies], status, report, system)


def _account(country, parts):
    code, name, kind, tax, mark = (*parts, "")[:5]
    row = {
        "AccountID": stable_id(country.key, "account", code), "Code": code, "Name": name, "Type": kind,
        "Class": CLASSES[kind], "Status": "ARCHIVED" if mark == "archived" else "ACTIVE",
        "TaxType": country.taxes[tax], "UpdatedDateUTC": FOUNDED,
    }
    if mark in MARKS:
        row[MARKS[mark]] = True
    elif mark.isupper():
        row["SystemAccount"] = mark
    return row


def _bank(country, code, name, number, currency, kind):
    return {
        "AccountID": stable_id(country.key, "account", name), "Code": code, "Name": name, "Type": "BANK",
        "Class": "ASSET", "Status": "ACTIVE", "TaxType": country.taxes["N"], "BankAccountNumber": number,
        "BankAccountType": kind, "CurrencyCode": currency, "UpdatedDateUTC": FOUNDED,
    }


def _plant_settings(books, country):
    for name, options in TRACKING:
        rows = [
            {"TrackingOptionID": stable_id(country.key, name, option), "Name": option, "Status": "ACTIVE"}
            for option in options
        ]
        rows.append({
            "TrackingOptionID": stable_id(country.key, name, "old"), "Name": f"Old {name}", "Status": "ARCHIVED",
        })
        books.tracking.put({
            "TrackingCategoryID": stable_id(country.key, name), "Name": name, "Status": "ACTIVE", "Options": rows,
        })
    books.branding_themes.put({
        "BrandingThemeID": stable_id(country.key, "branding"), "Name": "Standard", "Type": "INVOICE", "SortOrder": 0,
        "CreatedDateUTC": FOUNDED,
    })
    books.users.put({
        "UserID": stable_id(country.key, "user"), "EmailAddress": "owner@books.example", "FirstName": "Alex",
        "LastName": "Owner", "UpdatedDateUTC": FOUNDED, "IsSubscriber": True, "OrganisationRole": "FINANCIALADVISER",
    })


def _plant_contacts(books, country):
    for element in CONTACTS:
        row = create_contact(books, element)
        books.contacts.drop(row["ContactID"])
        books.contacts.put({
            **row, "ContactID": stable_id(country.key, "contact", row["Name"]), "UpdatedDateUTC": FOUNDED
        })
    for name, members in (("Customers", ("City Limousines", "Ridgeway University")), ("Suppliers", ("PowerDirect",))):
        group = books.contact_groups.put({
            "ContactGroupID": stable_id(country.key, "group", name), "Name": name, "Status": "ACTIVE",
        })
        for member in members:
            add_member(books, group, books.contact_named(member))
