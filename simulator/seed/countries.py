"""The four organisations in full: who they are, and which chart, rates and currencies they keep."""
from dataclasses import dataclass
from datetime import date

from . import charts, rates


@dataclass(frozen=True)
class Country:
    """:ivar organisation: arguments of ``core.world.Organisation``
    :ivar taxes: letter of the chart -> TaxType: S sales, P purchases, N none, Z zero-rated
    :ivar banks: code or None, name, account number, currency, BankAccountType
    :ivar currencies: those it is subscribed to; others are missing on purpose
    """

    key: str
    organisation: dict
    chart: str
    rates: tuple
    taxes: dict
    banks: tuple
    currencies: tuple


NZ = Country(
    "nz",
    {
        "name": "Kauri Trading (NZ)", "legal_name": "Kauri Trading Limited", "country": "NZ", "base_currency": "NZD",
        "short_code": "!kAur1", "timezone": "Pacific/Auckland", "xero_timezone": "NEWZEALANDSTANDARDTIME",
        "plan": "DEMO", "is_demo_company": True, "period_lock_date": date(2020, 3, 31),
        "financial_year_end_day": 31, "financial_year_end_month": 3, "sales_tax_basis": "PAYMENTS",
        "sales_tax_period": "TWOMONTHS", "more": {"TaxNumber": "101-2-303", "RegistrationNumber": "1234567"},
    },
    charts.NEW_ZEALAND,
    rates.NEW_ZEALAND,
    {"S": "OUTPUT2", "P": "INPUT2", "N": "NONE", "Z": "ZERORATED"},
    (
        ("090", "Business Bank Account", "01-0123-0123456-00", "NZD", "BANK"),
        (None, "Business Savings Account", "01-0123-0123456-01", "NZD", "BANK"),
        ("091", "Dollar Account", "01-0123-0123456-02", "USD", "BANK"),
        ("092", "Business Credit Card", "4111", "NZD", "CREDITCARD"),
    ),
    ("NZD", "AUD", "EUR", "USD"),
)
AU = Country(
    "au",
    {
        "name": "Banksia Supplies (AU)", "legal_name": "Banksia Supplies Pty Ltd", "country": "AU",
        "base_currency": "AUD", "short_code": "!bNksA", "timezone": "Australia/Sydney",
        "xero_timezone": "AUSEASTERNSTANDARDTIME", "plan": "PREMIUM", "is_demo_company": False,
        "financial_year_end_day": 30, "financial_year_end_month": 6, "sales_tax_basis": "ACCRUALS",
        "sales_tax_period": "QUARTERLY1", "more": {"TaxNumber": "11 111 111 138"},
    },
    charts.AUSTRALIA,
    rates.AUSTRALIA,
    {"S": "OUTPUT", "P": "INPUT", "N": "BASEXCLUDED", "Z": "EXEMPTOUTPUT"},
    (
        ("090", "Business Bank Account", "123456 11111111", "AUD", "BANK"),
        (None, "Business Savings Account", "123456 22222222", "AUD", "BANK"),
    ),
    ("AUD", "NZD", "USD"),
)
UK = Country(
    "uk",
    {
        "name": "Hawthorn & Co (UK)", "legal_name": "Hawthorn and Company Ltd", "country": "GB",
        "base_currency": "GBP", "short_code": "!hWth0", "timezone": "Europe/London",
        "xero_timezone": "GMTSTANDARDTIME", "plan": "PREMIUM", "is_demo_company": False,
        "period_lock_date": date(2021, 6, 30), "end_of_year_lock_date": date(2020, 12, 31),
        "financial_year_end_day": 31, "financial_year_end_month": 12, "sales_tax_basis": "ACCRUAL",
        "sales_tax_period": "QUARTERLY", "more": {"TaxNumber": "GB 123456789", "RegistrationNumber": "01234567"},
    },
    charts.UNITED_KINGDOM,
    rates.UNITED_KINGDOM,
    {"S": "OUTPUT2", "P": "INPUT2", "N": "NONE", "Z": "ZERORATEDOUTPUT"},
    (
        ("090", "Business Bank Account", "20202012345678", "GBP", "BANK"),
        (None, "Business Savings Account", "20202087654321", "GBP", "BANK"),
        ("091", "Euro Account", "20202011223344", "EUR", "BANK"),
    ),
    ("GBP", "EUR", "USD"),
)
US = Country(
    "us",
    {
        "name": "Sequoia Goods (US)", "legal_name": "Sequoia Goods LLC", "country": "US", "base_currency": "USD",
        "short_code": "!sQu01", "timezone": "America/New_York", "xero_timezone": "EASTERNSTANDARDTIME",
        "plan": "STARTER", "is_demo_company": False, "multicurrency": False, "tier": "starter",
        "financial_year_end_day": 31, "financial_year_end_month": 12, "sales_tax_basis": "ACCRUALS",
        "sales_tax_period": "MONTHLY", "more": {"EmployerIdentificationNumber": "12-3456789"},
    },
    charts.UNITED_STATES,
    rates.UNITED_STATES,
    {"S": "OUTPUT", "P": "INPUT", "N": "NONE", "Z": "OUTPUT"},
    (
        ("1000", "Business Checking", "001122334455", "USD", "BANK"),
        (None, "Business Savings", "001122334466", "USD", "BANK"),
    ),
    ("USD",),
)
