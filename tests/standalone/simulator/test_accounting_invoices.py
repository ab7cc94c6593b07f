"""Invoices and bills: what they come to, and what is refused when they are created (platform §5, §6)."""
from datetime import datetime, timezone

import pytest
from bookkeeper import Bookkeeper
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.accounting import hooks, rounding, texts
from simulator.accounting.documents import INVOICE, save_document
from simulator.accounting.elements import Writing
from simulator.accounting.fields import Refused
from simulator.core import wire


@pytest.fixture
def books():
    return Bookkeeper()


def test_totals_are_xeros_and_ids_come_back_on_every_line(books):
    row = books.invoice(LineItems=[books.line(UnitAmount=amount) for amount in (25.06, 25.61, 25.63)])
    assert (str(row["SubTotal"]), str(row["TotalTax"]), str(row["Total"])) == ("76.30", "11.44", "87.74")
    assert (row["AmountDue"], row["AmountPaid"], row["Status"]) == (row["Total"], 0, "AUTHORISED")
    for line in row["LineItems"]:
        assert line["LineItemID"] and line["AccountID"] and line["TaxType"] == "OUTPUT2"
        assert line["ValidationErrors"] == [] and line["Tracking"] == []


def test_unit_amounts_have_two_decimals_unless_unitdp_is_sent_on_every_call(books):
    element = books.element(LineItems=[books.line(Quantity=1000, UnitAmount=0.0155)])
    two = books.write("Invoices", element)
    assert (str(two["LineItems"][0]["UnitAmount"]), two["SubTotal"]) == ("0.02", 20)
    four = books.write("Invoices", element, unitdp="4")
    assert (str(four["LineItems"][0]["UnitAmount"]), four["SubTotal"]) == ("0.0155", 15.5)
    path = f"/Invoices/{four['InvoiceID']}"
    assert str(books.get(path)["Invoices"][0]["LineItems"][0]["UnitAmount"]) == "0.02"
    assert str(books.get(path, unitdp="4")["Invoices"][0]["LineItems"][0]["UnitAmount"]) == "0.0155"


def test_line_amount_types(books):
    def totals(types):
        row = books.invoice(LineAmountTypes=types)
        return row["SubTotal"], row["TotalTax"], row["Total"]

    assert totals("Exclusive") == (100, 15, 115)
    assert totals("Inclusive") == (rounding.Decimal("86.96"), rounding.Decimal("13.04"), 100)
    assert totals("NoTax") == (100, 0, 100)
    assert books.invoice()["LineAmountTypes"] == "Exclusive"


def test_compound_and_multi_component_rates():
    au = Bookkeeper("AU").invoice(LineItems=[Bookkeeper("AU").line(TaxType="TAX001")], Contact={"Name": "A"})
    assert au["TotalTax"] == rounding.Decimal("41.90")
    us = Bookkeeper("US").invoice(LineItems=[Bookkeeper("US").line(TaxType="TAX001")], Contact={"Name": "A"})
    assert us["TotalTax"] == rounding.Decimal("8.88")


def test_discounts_on_sales_invoices_only(books):
    row = books.invoice(LineItems=[books.line(Quantity=3, UnitAmount=33.33, DiscountRate=10)])
    assert (row["SubTotal"], row["TotalDiscount"], row["IsDiscounted"]) == (
        rounding.Decimal("89.99"), rounding.Decimal("10.00"), True
    )
    row = books.invoice(LineItems=[books.line(DiscountAmount=12.5)])
    assert (row["SubTotal"], row["LineItems"][0]["DiscountAmount"]) == (87.5, 12.5)
    bill = books.element(Type="ACCPAY", LineItems=[books.line(account="400", DiscountRate=10)])
    assert books.messages("Invoices", bill) == [texts.DISCOUNT]


def test_an_amount_that_was_not_sent_follows_from_the_line_amount(books):
    def only(**amounts):
        line = {"Description": "x", "AccountCode": "200", **amounts}
        found = books.invoice(LineItems=[line])["LineItems"][0]
        return found["Quantity"], found["UnitAmount"], found["LineAmount"]

    assert only(LineAmount=30) == (1, 30, 30)
    assert only(LineAmount=30, Quantity=4) == (4, 7.5, 30)
    assert only(LineAmount=30, UnitAmount=7.5) == (4, 7.5, 30)
    assert only(UnitAmount=7.5) == (1, 7.5, 7.5)


def test_a_line_amount_that_does_not_match_is_refused(books):
    element = books.element(LineItems=[books.line(LineAmount=1)])
    assert books.messages("Invoices", element) == [
        "The line total 1.00 does not match the expected line total 100.00"
    ]


def test_tax_amount_may_be_overridden_but_not_where_there_is_no_tax(books):
    assert books.invoice(LineItems=[books.line(TaxAmount=15.01)])["Total"] == rounding.Decimal("115.01")
    assert books.invoice(LineItems=[books.line(TaxAmount=15.01)], LineAmountTypes="NoTax")["Total"] == 100


def test_a_line_of_text_needs_no_account_and_costs_nothing(books):
    row = books.invoice(LineItems=[{"Description": "Thank you"}, books.line()])
    assert row["Total"] == 115 and "UnitAmount" not in row["LineItems"][0]


def test_numbers_in_scientific_notation_are_misread_as_xero_misreads_them(books):
    body = b'{"Type":"ACCREC","Contact":{"Name":"N"},"LineItems":[{"Description":"x","UnitAmount":1E-5}]}'
    with pytest.raises(Refused) as refused:
        save_document(INVOICE, wire.loads(body), Writing(books.books))
    assert refused.value.messages == ["Account must be valid.", "Tax rate must be valid."]


# ---- accounts, taxes, tracking -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"AccountCode": "nope"}, "Account code 'nope' is not a valid code for this document."),
        ({"AccountCode": "610"}, "Account code '610' is not a valid code for this document."),
        ({"AccountCode": "800"}, "Account code '800' is not a valid code for this document."),
        ({"AccountCode": "820"}, "Account code '820' is not a valid code for this document."),
        ({"AccountCode": "090"}, "Account code '090' is not a valid code for this document."),
        ({"AccountCode": "299"}, texts.ACCOUNT_ARCHIVED.format("299")),
        ({"AccountCode": None}, texts.ACCOUNT_MISSING),
        ({"TaxType": "INPUT2"}, "The TaxType code 'INPUT2' cannot be used with account code '200'."),
        ({"TaxType": "OUTPUT2", "AccountCode": "400"},
         "The TaxType code 'OUTPUT2' cannot be used with account code '400'."),
        ({"TaxType": "NOPE"}, "The TaxType code NOPE does not exist or cannot be used for this type of transaction."),
        ({"TaxType": "OUTPUT"}, texts.TAX_UNKNOWN.format("OUTPUT")),
        ({"Description": None}, texts.DESCRIPTION_MISSING),
        ({"Description": "x" * 4001}, texts.TOO_LONG.format("Description", 4000)),
        ({"UnitAmount": 99999999999}, texts.AMOUNT_TOO_LARGE),
        ({"UnitAmount": 0, "Quantity": 10**13}, texts.QUANTITY),
        ({"ItemCode": "nope"}, texts.ITEM_UNKNOWN.format("nope")),
    ],
)
def test_lines_that_break_a_rule(books, line, message):
    assert books.messages("Invoices", books.element(LineItems=[books.line(**line)])) == [message]
    assert len(books.books.invoices) == 0


def test_every_problem_of_every_line_is_told_once(books):
    lines = [books.line(AccountCode="a"), books.line(AccountCode="b", TaxType="T"), books.line(AccountCode="a")]
    assert books.messages("Invoices", books.element(LineItems=lines)) == [
        texts.ACCOUNT_UNKNOWN.format("a"), texts.ACCOUNT_UNKNOWN.format("b"), texts.TAX_UNKNOWN.format("T"),
    ]


def test_a_draft_bill_loses_an_unknown_account_with_a_warning(books):
    element = books.element(Type="ACCPAY", Status="DRAFT", LineItems=[books.line(AccountCode="nope")])
    row = books.write("Invoices", element, summarizeErrors="false")
    assert row["StatusAttributeString"] == "WARNING"
    assert row["Warnings"] == [
        {"Message": "Account code 'nope' has been removed as it does not match a recognised account."}
    ]
    assert "AccountCode" not in row["LineItems"][0]


def test_tax_defaults_to_the_accounts_own(books):
    row = books.invoice(Type="ACCPAY", LineItems=[books.line(AccountCode="404"), books.line(AccountCode="400")])
    assert [line["TaxType"] for line in row["LineItems"]] == ["NONE", "INPUT2"]


def test_tracking_by_name_or_id_and_bad_values_silently_dropped(books):
    region = books.books.tracking.by("name", "region")
    by_id = {
        "TrackingCategoryID": region["TrackingCategoryID"],
        "TrackingOptionID": region["Options"][1]["TrackingOptionID"],
    }
    lines = [
        books.line(Tracking=[{"Name": "region", "Option": "north"}, {"Name": "Department", "Option": "Grants"}]),
        books.line(Tracking=[by_id]),
        books.line(Tracking=[{"Name": "Region", "Option": "Nowhere"}, {"Name": "Colour", "Option": "Red"},
                             {"Name": "Region", "Option": "Old Region"}]),
    ]
    saved = books.invoice(LineItems=lines)["LineItems"]
    found = [[(each["Name"], each["Option"]) for each in line["Tracking"]] for line in saved]
    assert found == [[("Region", "North"), ("Department", "Grants")], [("Region", "South")], []]


# ---- the head ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "messages"),
    [
        ({"Contact": None}, [texts.CONTACT_MISSING]),
        ({"Contact": {"EmailAddress": "a@b.example"}}, [texts.CONTACT_KEY]),
        ({"LineItems": None}, [texts.LINES_MISSING]),
        ({"LineItems": []}, [texts.LINES_MISSING]),
        ({"DueDate": None}, ["The document DueDate field must be specified."]),
        ({"Type": "BILL"}, [texts.BAD_TYPE.format("BILL")]),
        ({"Status": "PAID"}, ["Invoice not of valid status for creation"]),
        ({"Status": "VOIDED"}, ["Invoice not of valid status for creation"]),
        ({"CurrencyCode": "GBP"}, ["Organisation is not subscribed to currency GBP"]),
        ({"CurrencyCode": "USD", "CurrencyRate": 0}, [texts.CURRENCY_RATE]),
        ({"InvoiceNumber": "N" * 300}, [texts.TOO_LONG.format("InvoiceNumber", 255)]),
        ({"InvoiceNumber": "Zoë"}, [texts.NUMBER_CHARACTERS.format("InvoiceNumber")]),
        ({"Reference": "N" * 256}, [texts.TOO_LONG.format("Reference", 255)]),
        ({"Url": "https://go.Xero.com/x"}, [texts.URL_INVALID]),
        ({"Url": "erp/1"}, [texts.URL_INVALID]),
        ({"BrandingThemeID": "11111111-2222-3333-4444-555555555555"}, [texts.BRANDING_UNKNOWN]),
        ({"Status": "DRAFT", "SentToContact": True}, [texts.SENT_UNAPPROVED]),
        ({"Status": "DRAFT", "LineItems": [{"UnitAmount": 5}]}, [texts.DESCRIPTION_MISSING]),
        ({"LineItems": [{"Description": "x", "UnitAmount": -5, "AccountCode": "200"}]}, [texts.NEGATIVE_TOTAL]),
    ],
)
def test_heads_that_break_a_rule(books, head, messages):
    assert books.messages("Invoices", books.element(**head)) == messages
    assert len(books.books.invoices) == 0


@pytest.mark.parametrize(
    "head",
    [{"Date": "soon"}, {"Date": "2026-13-01"}, {"LineItems": [{"UnitAmount": "many"}]}, {"LineItems": "x"},
     {"Contact": "City"}, {"InvoiceID": "7"}, {"LineAmountTypes": "Gross"}, {"SentToContact": "maybe"},
     {"CurrencyRate": True}],
)
def test_what_cannot_be_read_stops_the_whole_request(books, head):
    body = {"Invoices": [books.element(), books.element(**head)]}
    status, answer = books.call("POST", "/Invoices", body, summarizeErrors="false")
    assert (status, answer["ErrorNumber"], answer["Type"]) == (400, 14, "PostDataInvalidException")
    assert "Elements" not in answer and len(books.books.invoices) == 0


def test_a_draft_needs_little_and_takes_today_of_the_organisations_zone(books):
    books.world.clock.freeze(datetime(2026, 11, 20, 22, 0, tzinfo=timezone.utc))
    element = {"Type": "ACCREC", "Contact": books.contact(), "LineItems": [{"Description": "x"}]}
    row = books.write("Invoices", element)
    assert (row["Status"], row["DateString"], row["Total"]) == ("DRAFT", "2026-11-21T00:00:00", 0)
    assert "DueDate" not in row
    assert books.messages("Invoices", {"InvoiceID": row["InvoiceID"], "Status": "AUTHORISED"}, "POST") == [
        texts.DUE_DATE_MISSING
    ]


def test_dates_are_read_in_xeros_own_form_too(books):
    row = books.invoice(Date="/Date(1783728000000+0000)/", DueDate="2026-08-11T00:00:00")
    assert (row["Date"], row["DateString"]) == ("/Date(1783728000000+0000)/", "2026-07-11T00:00:00")
    assert row["DueDateString"] == "2026-08-11T00:00:00"


def test_a_foreign_document_without_rate_gets_the_days_and_home_has_one(books):
    assert str(books.invoice()["CurrencyRate"]) == "1.000000"
    assert books.invoice(CurrencyRate=7)["CurrencyRate"] == 1
    foreign = books.invoice(CurrencyCode="USD")
    assert str(foreign["CurrencyRate"]) == "0.602410"
    assert books.invoice(CurrencyCode="USD", CurrencyRate=0.61234567)["CurrencyRate"] == rounding.Decimal("0.612346")
    hooks.set_day_rate(books.books, "USD", rounding.Decimal("0.7"))
    assert books.invoice(CurrencyCode="USD")["CurrencyRate"] == rounding.Decimal("0.7")
    assert books.change(foreign, Reference="x")["CurrencyRate"] == rounding.Decimal("0.602410")


def test_reference_is_for_sales_only(books):
    assert books.invoice(Reference="PO 7")["Reference"] == "PO 7"
    bill = books.invoice(Type="ACCPAY", Reference="PO 7", LineItems=[books.line(account="400")])
    assert "Reference" not in bill


def test_an_approved_document_of_nothing_is_paid_at_once(books):
    row = books.invoice(LineItems=[books.line(UnitAmount=0)])
    assert (row["Status"], row["AmountDue"], row["FullyPaidOnDate"]) == ("PAID", 0, row["Date"])


# ---- properties --------------------------------------------------------------------------------------------------

LINES = st.lists(
    st.fixed_dictionaries({
        "Quantity": st.decimals(min_value=0, max_value=500, places=4),
        "UnitAmount": st.decimals(min_value=0, max_value=5000, places=4),
        "TaxType": st.sampled_from(["OUTPUT2", "NONE", "ZERORATED", "TAX001"]),
    }),
    min_size=1, max_size=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, types=st.sampled_from(["Exclusive", "Inclusive", "NoTax"]))
def test_any_document_adds_up_and_survives_being_sent_again(books, lines, types):
    element = books.element(LineAmountTypes=types, LineItems=[books.line(**line) for line in lines])
    row = books.write("Invoices", element, unitdp="4")
    assert row["SubTotal"] + row["TotalTax"] == row["Total"] == row["AmountDue"]
    assert row["TotalTax"] == sum(line["TaxAmount"] for line in row["LineItems"])
    keys = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode", "TaxType", "LineAmount")
    back = [{key: line[key] for key in keys} for line in row["LineItems"]]
    again = books.write("Invoices", {"InvoiceID": row["InvoiceID"], "LineItems": back}, "POST", unitdp="4")
    assert (again["Total"], again["LineItems"]) == (row["Total"], row["LineItems"])
