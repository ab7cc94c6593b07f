"""Organisation, its Actions, its branding themes and users: what a client reads of the tenant itself."""
from ..core.routing import route
from .listing import one

ACTIONS = (
    "AttachFilesIntoInvoice", "CreateApprovedBill", "CreateApprovedInvoice", "CreateDraftBill", "CreateDraftInvoice",
    "CreateRepeatingInvoice", "UpdateApprovedInvoice", "UseMulticurrency", "ViewChartOfAccounts",
)
VERSIONS = {"GB": "UK", "NZ": "NZ", "AU": "AU", "US": "US"}


def organisation_view(organisation):
    """Xero's Organisation element; lock dates are absent when unset."""
    view = {
        "Name": organisation.name,
        "LegalName": organisation.legal_name or organisation.name,
        "PaysTax": organisation.sales_tax_basis != "NONE",
        "Version": VERSIONS.get(organisation.country, "GLOBAL"),
        "OrganisationType": "COMPANY",
        "BaseCurrency": organisation.base_currency,
        "CountryCode": organisation.country,
        "IsDemoCompany": organisation.is_demo_company,
        "OrganisationStatus": "ACTIVE",
        "FinancialYearEndDay": organisation.financial_year_end_day,
        "FinancialYearEndMonth": organisation.financial_year_end_month,
        "SalesTaxBasis": organisation.sales_tax_basis,
        "SalesTaxPeriod": organisation.sales_tax_period,
        "DefaultSalesTax": organisation.default_sales_tax,
        "DefaultPurchasesTax": organisation.default_purchases_tax,
        "PeriodLockDate": organisation.period_lock_date,
        "EndOfYearLockDate": organisation.end_of_year_lock_date,
        "CreatedDateUTC": organisation.created,
        "OrganisationEntityType": "COMPANY",
        "Timezone": organisation.xero_timezone,
        "ShortCode": organisation.short_code,
        "OrganisationID": organisation.tenant_id,
        "Edition": organisation.edition,
        "Class": organisation.plan,
        "Addresses": [],
        "Phones": [],
        "ExternalLinks": [],
        "PaymentTerms": {},
        **organisation.more,
    }
    return {name: value for name, value in view.items() if value is not None}


@route("GET", path="/Organisation")
def get_organisation(call):
    return {"Organisations": [organisation_view(call.organisation)]}


@route("GET", path="/Organisation/Actions")
def get_actions(call):
    """A cheap look at what the plan allows."""
    refused = set() if call.organisation.multicurrency else {"UseMulticurrency"}
    return {
        "Actions": [{"Name": name, "Status": "NOT-ALLOWED" if name in refused else "ALLOWED"} for name in ACTIONS]
    }


@route("GET", path="/BrandingThemes")
def get_branding_themes(call):
    return {"BrandingThemes": list(call.books.branding_themes)}


@route("GET", path="/BrandingThemes/{theme}")
def get_branding_theme(call):
    return {"BrandingThemes": [one(call.books.branding_themes, call.args["theme"])]}


@route("GET", path="/Users")
def get_users(call):
    return {"Users": list(call.books.users)}


@route("GET", path="/Users/{user}")
def get_user(call):
    return {"Users": [one(call.books.users, call.args["user"])]}
