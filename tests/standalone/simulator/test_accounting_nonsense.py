"""Whatever a client sends, the books answer as Xero would: never a 500, and a refused request changes nothing."""
from decimal import Decimal

import pytest
from bookkeeper import Bookkeeper
from hypothesis import given, settings
from hypothesis import strategies as st

BOOKS = Bookkeeper()
INVOICE = BOOKS.invoice(InvoiceNumber="NONSENSE")
NOTE = BOOKS.credit_note()
BANK = BOOKS.write("BankTransactions", {
    "Type": "SPEND", "Contact": BOOKS.contact(), "BankAccount": {"Code": "090"},
    "LineItems": [BOOKS.line(AccountCode="400")],
})
LINE = {**BOOKS.line(), "LineItemID": None, "LineAmount": None, "DiscountRate": None, "DiscountAmount": None,
        "TaxAmount": None, "TaxType": None, "AccountID": None, "ItemCode": None,
        "Tracking": [{"Name": "Region", "Option": "North", "TrackingCategoryID": None, "TrackingOptionID": None}]}
DOCUMENT = {**BOOKS.element(LineItems=[LINE]), "CurrencyCode": None, "CurrencyRate": None, "Url": None,
            "Reference": None, "LineAmountTypes": None, "SentToContact": None, "BrandingThemeID": None}
CONTACT = {
    "ContactID": None, "Name": "A", "ContactNumber": None, "EmailAddress": None, "DefaultCurrency": None,
    "Addresses": [{"AddressType": "POBOX", "City": "x", "Country": None}], "PaymentTerms": {"Bills": {"Day": 1}},
    "Phones": [{"PhoneType": "FAX"}], "ContactPersons": [{"EmailAddress": "a@b.example"}], "ContactStatus": None,
}
SHAPES = {
    "Invoices": {**DOCUMENT, "InvoiceID": None, "InvoiceNumber": None},
    "CreditNotes": {**DOCUMENT, "Type": "ACCPAYCREDIT", "CreditNoteID": None, "CreditNoteNumber": None},
    "Contacts": CONTACT,
    "Payments": {**BOOKS.payment_element(INVOICE, 1), "PaymentID": None, "CreditNote": None, "BankAmount": None,
                 "CurrencyRate": None, "IsReconciled": None, "Status": None, "InvoiceNumber": None},
    "BankTransactions": {**DOCUMENT, "Type": "SPEND", "BankAccount": {"Code": "090", "AccountID": None},
                         "BankTransactionID": None},
    "Accounts": {"Code": "X", "Name": "X", "Type": "BANK", "TaxType": None, "CurrencyCode": None,
                 "BankAccountNumber": "1", "EnablePaymentsToAccount": None},
    "TaxRates": {"Name": "X", "TaxType": None, "Status": None, "ReportTaxType": "OUTPUT",
                 "TaxComponents": [{"Name": "a", "Rate": 1, "IsCompound": None}]},
    "TrackingCategories": {"Name": "X", "Status": None},
    "Currencies": {"Code": "X", "Description": None},
    "ContactGroups": {"Name": "X", "Status": None},
}
IDS = st.sampled_from([INVOICE["InvoiceID"], NOTE["CreditNoteID"], BANK["BankTransactionID"],
                       BOOKS.contact()["ContactID"], INVOICE["LineItems"][0]["LineItemID"]])
NASTY = (
    "1e400", "1e28", "-1", "1e-400", "", " ", "NaN", "Infinity", 10**30, 10**27, -1, 0, Decimal("1E+400"),
    Decimal("0.00000000001"), Decimal("99999999999999999999.99999"), True, "9999-12-31", "0001-01-01", "2026-10-01",
    "0000-00-00", "/Date(99999999999999999999)/", "DRAFT", "VOIDED", "DELETED", "NONE", "x" * 5000, {}, [], [{}], [[]],
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.decimals(allow_nan=False, allow_infinity=False),
    st.text(max_size=12), IDS, st.sampled_from(["DRAFT", "VOIDED", "DELETED", "2026-10-01", "/Date(1e9)/", "0",
                                               "9999-12-31", "0001-01-01", "090", "200", "USD", "NONSENSE", "Infinity",
                                               "/Date(99999999999999999999)/", "\ud800"]),
)
VALUES = st.recursive(SCALARS, lambda inner: st.one_of(
    st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["Name", "Code", "ContactID", "x"]), inner, max_size=3)
), max_leaves=6)


def paths(shape, at=()):
    """Where in an element something can be put: every key, every item, and the element itself."""
    yield at
    inner = shape.items() if isinstance(shape, dict) else enumerate(shape) if isinstance(shape, list) else ()
    for key, value in inner:
        yield from paths(value, (*at, key))


def changed(shape, at, value):
    if not at:
        return value
    copy = dict(shape) if isinstance(shape, dict) else list(shape)
    copy[at[0]] = changed(copy[at[0]], at[1:], value)
    return copy


@st.composite
def requests(draw):
    resource = draw(st.sampled_from(sorted(SHAPES)))
    element = SHAPES[resource]
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        at = draw(st.sampled_from(list(paths(element))))
        element = changed(element, at, draw(st.one_of(st.sampled_from(NASTY), IDS, VALUES)))
    return resource, draw(st.sampled_from(["PUT", "POST"])), {resource: [element]}


def judge(resource, method, body):
    """One request: answered as Xero would, what is refused changed nothing, and the books still add up."""
    tables = {name: table for name, table in vars(BOOKS.books).items() if hasattr(table, "rows")}
    before = {name: dict(table.rows) for name, table in tables.items()}
    try:
        status, answer = BOOKS.call(method, f"/{resource}", body)
    except UnicodeEncodeError:
        return  # half of a surrogate pair: JSON cannot carry it as UTF-8, so no client can send it
    assert status in (200, 400, 405), (status, method, body)
    if status == 400:
        assert answer["ErrorNumber"] in (10, 14, 17)
        assert before == {name: table.rows for name, table in tables.items()}
        return
    for name in ("invoices", "credit_notes"):
        for row_id, row in tables[name].rows.items():
            if before[name].get(row_id) is not row:
                assert row["AmountDue"] == row["Total"] - row["AmountPaid"] - row["AmountCredited"] >= 0


@pytest.mark.parametrize("resource", sorted(SHAPES))
def test_no_nasty_value_in_any_place_does_more_than_be_refused(resource):
    for at in paths(SHAPES[resource]):
        for value in NASTY:
            judge(resource, "PUT", {resource: [changed(SHAPES[resource], at, value)]})


@settings(max_examples=300, deadline=None)
@given(request=requests())
def test_no_body_does_more_than_be_refused(request):
    judge(*request)


@settings(max_examples=150, deadline=None)
@given(
    resource=st.sampled_from([*SHAPES, "Prepayments", "Overpayments", "Users"]),
    query=st.dictionaries(
        st.sampled_from(["where", "order", "page", "pageSize", "IDs", "Statuses", "ContactIDs", "InvoiceNumbers",
                         "searchTerm", "unitdp", "summaryOnly", "includeArchived", "createdByMyApp"]),
        st.text(max_size=12),
    ),
    since=st.text(alphabet="0123456789-T:Z", max_size=20),
)
def test_no_query_does_more_than_be_refused(resource, query, since):
    try:
        status, answer = BOOKS.call("GET", f"/{resource}", headers={"If-Modified-Since": since}, **query)
    except UnicodeEncodeError:
        return
    assert status in (200, 400), (status, query)
    if status == 400:
        assert answer["ErrorNumber"] in (10, 16)


@pytest.mark.parametrize("resource", ["TaxRates", "Currencies", "TrackingCategories", "ContactGroups", "Accounts"])
def test_modified_since_harms_no_resource(resource):
    assert BOOKS.get(f"/{resource}", {"If-Modified-Since": "2000-01-01T00:00:00"})[resource]
