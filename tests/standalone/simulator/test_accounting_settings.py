"""What the four organisations start with, and the settings a client may change (platform §5)."""
from decimal import Decimal

import pytest
from bookkeeper import Bookkeeper

from simulator.accounting import hooks, texts
from simulator.accounting.accounts import CLASSES

COUNTRIES = ("NZ", "AU", "UK", "US")


@pytest.fixture(params=COUNTRIES)
def each(request):
    return Bookkeeper(request.param)


@pytest.fixture
def books():
    return Bookkeeper()


def test_every_chart_has_what_a_client_looks_for(each):
    accounts = each.get("/Accounts")["Accounts"]
    systems = {row.get("SystemAccount"): row for row in accounts}
    assert {"DEBTORS", "CREDITORS", "GST", "ROUNDING", "RETAINEDEARNINGS"} <= set(systems)
    assert systems["ROUNDING"]["Code"] == "860"
    codes = ("1200", "2000") if each.is_us else ("610", "800")
    assert (systems["DEBTORS"]["Code"], systems["CREDITORS"]["Code"]) == codes
    banks = [row for row in accounts if row["Type"] == "BANK"]
    assert any("Code" not in row for row in banks) and any("Code" in row for row in banks)
    assert any(row["EnablePaymentsToAccount"] for row in accounts)
    assert any(row["Status"] == "ARCHIVED" for row in accounts)
    assert all(row["Class"] == CLASSES[row["Type"]] for row in accounts)
    assert {row["Class"] for row in accounts} == {"ASSET", "EQUITY", "EXPENSE", "LIABILITY", "REVENUE"}


@pytest.mark.parametrize(
    ("country", "names"),
    [
        ("NZ", {"PAYE Payable", "KiwiSaver Payable", "GST"}), ("AU", {"Superannuation", "PAYG Withholdings Payable"}),
        ("UK", {"PAYE Payable", "NIC Payable", "VAT"}), ("US", {"Sales Tax", "Owner Contributions"}),
    ],
)
def test_every_country_has_a_chart_of_its_own(country, names):
    charts = {
        each: {row["Name"] for row in Bookkeeper(each).get("/Accounts")["Accounts"]} for each in COUNTRIES
    }
    assert names <= charts[country]
    assert all(charts[country] != chart for other, chart in charts.items() if other != country)


def test_the_plan_says_what_may_be_done(each):
    actions = {row["Name"]: row["Status"] for row in each.get("/Organisation/Actions")["Actions"]}
    assert actions["CreateApprovedInvoice"] == actions["AttachFilesIntoInvoice"] == "ALLOWED"
    assert actions["UseMulticurrency"] == ("NOT-ALLOWED" if each.is_us else "ALLOWED")


def test_every_accounts_default_tax_may_be_used_with_it(each):
    rates = {row["TaxType"]: row for row in each.get("/TaxRates")["TaxRates"]}
    flags = {"ASSET": "Assets", "EQUITY": "Equity", "EXPENSE": "Expenses", "LIABILITY": "Liabilities",
             "REVENUE": "Revenue"}
    for row in each.get("/Accounts")["Accounts"]:
        rate = rates[row["TaxType"]]
        assert rate["Status"] == "ACTIVE"
        assert rate[f"CanApplyTo{flags[row['Class']]}"] or row["Status"] == "ARCHIVED", (row["Code"], rate["TaxType"])


def test_every_country_has_a_rate_of_several_components(each):
    rates = each.get("/TaxRates")["TaxRates"]
    assert any(len(row["TaxComponents"]) > 1 for row in rates)
    for row in rates:
        assert row["DisplayTaxRate"] == sum(part["Rate"] for part in row["TaxComponents"])
        assert row["EffectiveRate"] >= row["DisplayTaxRate"]
        assert len(str(row["EffectiveRate"]).split(".")[1]) == 4


@pytest.mark.parametrize(
    ("country", "tax_type", "rate", "applies"),
    [
        ("NZ", "OUTPUT2", 15, "11011"), ("NZ", "INPUT2", 15, "11110"), ("NZ", "GSTONIMPORTS", 0, "11010"),
        ("NZ", "ZERORATED", 0, "00011"), ("AU", "OUTPUT", 10, "11011"), ("AU", "BASEXCLUDED", 0, "11111"),
        ("UK", "OUTPUT2", 20, "11011"), ("UK", "CAPEXINPUT2", 20, "10000"), ("UK", "GSTONIMPORTS", 0, "00010"),
        ("UK", "RRINPUT", 5, "11110"), ("US", "OUTPUT", 0, "11111"), ("US", "TAX001", Decimal("8.875"), "11111"),
        ("US", "TAX002", Decimal("14.975"), "11111"), ("AU", "TAX001", Decimal("41.9"), "11011"),
    ],
)
def test_rates_and_where_they_apply(country, tax_type, rate, applies):
    row = Bookkeeper(country).get(f"/TaxRates/{tax_type}")["TaxRates"][0]
    assert row["EffectiveRate"] == rate
    names = ("Assets", "Equity", "Expenses", "Liabilities", "Revenue")
    assert "".join(str(int(row[f"CanApplyTo{name}"])) for name in names) == applies


def test_organisations_differ_as_countries_do(each):
    row = each.get("/Organisation")["Organisations"][0]
    expected = {"NZ": ("NZD", "NZ"), "AU": ("AUD", "AU"), "GB": ("GBP", "UK"), "US": ("USD", "US")}
    assert (row["BaseCurrency"], row["Version"]) == expected[row["CountryCode"]]
    assert row["ShortCode"].startswith("!") and row["OrganisationID"] == each.organisation.tenant_id
    locks = {"NZ": {"PeriodLockDate"}, "GB": {"PeriodLockDate", "EndOfYearLockDate"}}
    assert {key for key in row if "LockDate" in key} == locks.get(row["CountryCode"], set())
    currencies = {currency["Code"] for currency in each.get("/Currencies")["Currencies"]}
    assert row["BaseCurrency"] in currencies and "JPY" not in currencies


def test_seeds_are_the_same_on_every_start():
    first, second = Bookkeeper(), Bookkeeper()
    for path, name in (("/Accounts", "Accounts"), ("/Contacts", "Contacts"), ("/TrackingCategories",) * 2):
        assert first.get(path)[name.strip("/")] == second.get(path)[name.strip("/")]


def test_accounts_are_created_changed_archived_and_deleted(books):
    row = books.write("Accounts", {"Code": "205", "Name": "Grants", "Type": "REVENUE", "TaxType": "OUTPUT2"})
    assert (row["Class"], row["Status"]) == ("REVENUE", "ACTIVE")
    path = f"/Accounts/{row['AccountID']}"

    def change(**element):
        return books.write("Accounts", element, "POST", path)

    def refused(**element):
        return books.messages("Accounts", element, "POST", path)

    assert change(Name="Grant income", EnablePaymentsToAccount=True)["EnablePaymentsToAccount"] is True
    assert refused(Status="ARCHIVED", Description="x") == [
        "Cannot update account details and STATUS on the same request"
    ]
    assert change(Status="ARCHIVED")["Status"] == "ARCHIVED"
    assert refused(Name="y") == ["Can only update STATUS on Archived accounts"]
    assert change(Status="ACTIVE")["Status"] == "ACTIVE"
    assert refused(Code="200") == ["Please enter a unique Code"]
    books.invoice(LineItems=[books.line(AccountCode="205")])
    assert books.call("DELETE", path)[0] == 400
    unused = books.write("Accounts", {"Code": "206", "Name": "Unused", "Type": "REVENUE"})
    assert books.call("DELETE", f"/Accounts/{unused['AccountID']}")[0] == 200
    assert "206" not in [account.get("Code") for account in books.get("/Accounts")["Accounts"]]


@pytest.mark.parametrize(
    ("element", "messages"),
    [
        ({"Code": "200", "Name": "Fresh", "Type": "SALES"}, ["Please enter a unique Code"]),
        ({"Code": "201", "Name": "sales", "Type": "SALES"}, ["Please enter a unique Name."]),
        ({"Code": "12345678901", "Name": "A", "Type": "SALES"}, [texts.TOO_LONG.format("Code", 10)]),
        ({"Code": "201", "Name": "A", "Type": "MAGIC"}, [texts.ACCOUNT_TYPE.format("MAGIC")]),
        ({"Name": "A", "Type": "SALES"}, [texts.ACCOUNT_FIELD.format("Code")]),
        ({"Name": "A", "Type": "BANK"}, [texts.ACCOUNT_FIELD.format("BankAccountNumber")]),
        ({"Name": "A", "Type": "BANK", "BankAccountNumber": "1", "CurrencyCode": "GBP"},
         ["The current organisation is not subscribed to currency 'GBP'."]),
        ({"Name": "A", "Type": "BANK", "BankAccountNumber": "1", "BankAccountType": "CREDITCARD"},
         [texts.BANK_ACCOUNT_TYPE.format("CREDITCARD")]),
        ({"Code": "201", "Name": "A", "Type": "SALES", "TaxType": "X"}, [texts.TAX_UNKNOWN.format("X")]),
    ],
)
def test_accounts_that_break_a_rule(books, element, messages):
    assert books.messages("Accounts", element) == messages


def test_a_system_account_is_not_archived(books):
    debtors = books.books.account("610")["AccountID"]
    archive = {"Status": "ARCHIVED"}
    assert books.messages("Accounts", archive, "POST", f"/Accounts/{debtors}") == ["Cannot archive System accounts"]


def test_a_bank_account_is_renamed_by_a_person_and_by_no_client(client):
    people = client.simulator.books
    bank = next(row for row in people("NZ", "Accounts")["Accounts"] if row.get("Code") == "090")
    path, change = f"/Accounts/{bank['AccountID']}", {"Accounts": [{"Name": "Daily account", "Code": "089"}]}
    refused = client.post(path, change).json()["Elements"][0]["ValidationErrors"]
    assert refused == [{"Message": "Cannot update Bank Accounts"}]
    assert people("NZ", path, "POST", change)["Accounts"][0]["Name"] == "Daily account"
    assert client.get(path).json()["Accounts"][0]["Code"] == "089"


def test_only_the_first_account_of_a_request_is_taken(books):
    elements = [{"Code": f"20{n}", "Name": f"N{n}", "Type": "SALES"} for n in (1, 2)]
    assert len(books.call("PUT", "/Accounts", {"Accounts": elements})[1]["Accounts"]) == 1
    assert books.books.account("202") is None


def test_tax_rates_get_a_type_from_the_server(books):
    parts = [{"Name": "A", "Rate": 5}, {"Name": "B", "Rate": 9.975, "IsCompound": True}]
    row = books.write("TaxRates", {"Name": "Two", "ReportTaxType": "OUTPUT", "TaxComponents": parts})
    assert (row["TaxType"], str(row["EffectiveRate"])) == ("TAX002", "15.4738")
    assert books.invoice(LineItems=[books.line(TaxType="TAX002")])["TotalTax"] == Decimal("15.47")
    more = {"TaxType": "TAX002", "Name": "Two", "TaxComponents": [*parts, {"Name": "C", "Rate": 1}]}
    assert len(books.write("TaxRates", more, "POST")["TaxComponents"]) == 3
    assert books.messages("TaxRates", {**more, "TaxComponents": parts[:1]}, "POST") == [texts.TAX_COMPONENT_KEPT]
    assert books.messages("TaxRates", {"TaxType": "OUTPUT2", "Name": "Mine"}, "POST") == [texts.TAX_SYSTEM]
    assert books.messages("TaxRates", {"Name": "Two", "TaxComponents": parts, "ReportTaxType": "OUTPUT"}) == [
        texts.UNIQUE_NAME
    ]
    assert books.messages("TaxRates", {"Name": "Three", "TaxComponents": parts}) == [texts.TAX_REPORT_TYPE]
    two = [{**part, "IsCompound": True} for part in parts]
    assert books.messages("TaxRates", {"Name": "Four", "TaxComponents": two, "ReportTaxType": "OUTPUT"}) == [
        texts.TAX_COMPOUND
    ]


def test_currencies_are_added_where_the_plan_allows(books):
    assert books.messages("Invoices", books.element(CurrencyCode="GBP")) == [texts.CURRENCY.format("GBP")]
    books.write("Currencies", {"Code": "GBP"})
    assert books.invoice(CurrencyCode="GBP")["CurrencyRate"] == Decimal("0.475904")
    hooks.remove_currency(books.books, "GBP")
    assert books.messages("Invoices", books.element(CurrencyCode="GBP")) == [texts.CURRENCY.format("GBP")]
    assert Bookkeeper("US").messages("Currencies", {"Code": "GBP"}) == [texts.CURRENCY_PLAN]
    assert books.messages("Currencies", {"Code": "QQQ"}) == [texts.CURRENCY_UNKNOWN.format("QQQ")]


def test_tracking_categories_and_options(books):
    assert books.messages("TrackingCategories", {"Name": "Third"}) == [texts.TRACKING_LIMIT]
    region = books.books.tracking.by("name", "region")["TrackingCategoryID"]
    path = f"/TrackingCategories/{region}"
    assert books.write("TrackingCategories", {"Status": "ARCHIVED"}, "POST", path)["Status"] == "ARCHIVED"
    assert len(books.get("/TrackingCategories")["TrackingCategories"]) == 1
    assert len(books.get("/TrackingCategories", includeArchived="true")["TrackingCategories"]) == 2
    row = books.write("TrackingCategories", {"Name": "Third"})
    path = f"/TrackingCategories/{row['TrackingCategoryID']}/Options"
    options = books.call("PUT", path, {"Options": [{"Name": "a"}, {"Name": "b"}]})[1]["Options"]
    assert [option["Name"] for option in options] == ["a", "b"]
    status, body = books.call("PUT", path, {"Options": [{"Name": "c"}, {"Name": "C"}]})
    assert body["Elements"][0]["ValidationErrors"][0]["Message"] == (
        "For each specified tracking option the name must be unique."
    )
    one = f"{path}/{options[0]['TrackingOptionID']}"
    assert books.call("POST", one, {"Status": "ARCHIVED"})[1]["Options"][0]["IsArchived"] is True
    assert books.call("DELETE", one)[0] == 200
    left = books.get(path.removesuffix("/Options"))["TrackingCategories"][0]["Options"]
    assert [option["Name"] for option in left] == ["b"]


def test_four_tracking_categories_at_most_are_kept_and_two_are_active(books):
    for name in ("Third", "Fourth"):
        active = books.get("/TrackingCategories")["TrackingCategories"][0]["TrackingCategoryID"]
        books.write("TrackingCategories", {"Status": "ARCHIVED"}, "POST", f"/TrackingCategories/{active}")
        books.write("TrackingCategories", {"Name": name})
    active = books.get("/TrackingCategories")["TrackingCategories"][0]["TrackingCategoryID"]
    archived = books.books.tracking.by("name", "region")["TrackingCategoryID"]
    revive = ("TrackingCategories", {"Status": "ACTIVE"}, "POST", f"/TrackingCategories/{archived}")
    assert books.messages(*revive) == [texts.TRACKING_LIMIT]
    books.write("TrackingCategories", {"Status": "ARCHIVED"}, "POST", f"/TrackingCategories/{active}")
    assert books.messages("TrackingCategories", {"Name": "Fifth"}) == [texts.TRACKING_TOTAL]
    assert books.write(*revive)["Status"] == "ACTIVE"


def test_options_of_an_unknown_category_answer_500_as_recorded(books):
    path = "/TrackingCategories/11111111-2222-3333-4444-555555555555/Options"
    assert books.call("PUT", path, {"Name": "x"})[0] == 500
