"""Invoices and bills after their creation: numbers, status, edits, lock dates, payments (platform §5, §6)."""
from datetime import date

import pytest
from bookkeeper import Bookkeeper

from simulator.accounting import hooks, rounding, texts


@pytest.fixture
def books():
    return Bookkeeper()


# ---- numbers -----------------------------------------------------------------------------------------------------


def test_sales_numbers_are_given_and_unique(books):
    assert [books.invoice()["InvoiceNumber"] for _ in range(2)] == ["INV-0001", "INV-0002"]
    books.invoice(InvoiceNumber="INV-0003")
    assert books.invoice()["InvoiceNumber"] == "INV-0004"
    assert books.messages("Invoices", books.element(InvoiceNumber="inv-0001")) == ["Invoice # must be unique."]


def test_put_twice_fails_and_post_twice_updates(books):
    element = books.element(InvoiceNumber="A-1")
    first = books.write("Invoices", element, "POST")
    second = books.write("Invoices", {**element, "Reference": "again"}, "POST")
    assert first["InvoiceID"] == second["InvoiceID"] and len(books.books.invoices) == 1
    assert books.messages("Invoices", element, "PUT") == ["Invoice # must be unique."]


def test_put_never_changes_what_is_there(books):
    row = books.invoice()
    assert books.messages("Invoices", {"InvoiceID": row["InvoiceID"], "Reference": "x"}, "PUT") == [
        "Invoice not of valid status for creation"
    ]
    assert books.messages("Invoices", {"InvoiceID": books.organisation.tenant_id}, "POST") == [
        "The document with the supplied id was not found for this endpoint."
    ]


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_bills_with_one_number_duplicate_silently(books, method):
    element = books.element(Type="ACCPAY", InvoiceNumber="S-1", LineItems=[books.line(account="400")])
    ids = {books.write("Invoices", element, method)["InvoiceID"] for _ in range(2)}
    assert len(ids) == 2


def test_a_line_that_is_sent_twice_is_refused(books):
    row = books.invoice(LineItems=[books.line(), books.line(UnitAmount=5)])
    line_id = row["LineItems"][0]["LineItemID"]
    twice = [{"LineItemID": line_id, "Quantity": 2}, {"LineItemID": line_id.upper()}]
    assert books.refused_change(row, LineItems=twice) == [texts.LINE_TWICE.format(line_id)]
    assert len(books.change(row, LineItems=twice[:1])["LineItems"]) == 1


def test_the_number_of_a_deleted_document_is_free_and_of_a_voided_one_is_not(books):
    draft = books.invoice(InvoiceNumber="D-1", Status="DRAFT")
    books.change(draft, Status="DELETED")
    assert books.invoice(InvoiceNumber="D-1")["InvoiceID"] != draft["InvoiceID"]
    books.change(books.invoice(InvoiceNumber="V-1"), Status="VOIDED")
    assert books.messages("Invoices", books.element(InvoiceNumber="V-1")) == ["Invoice # must be unique."]
    assert books.messages("Invoices", books.element(InvoiceNumber="V-1"), "POST") == [
        "Invoice not of valid status for modification"
    ]


def test_an_invoice_is_found_by_number(books):
    row = books.invoice(InvoiceNumber="A 7-b")
    assert books.get("/Invoices/a 7-B")["Invoices"][0]["InvoiceID"] == row["InvoiceID"]
    assert books.call("GET", "/Invoices/none") == (404, b"")


# ---- status and edits --------------------------------------------------------------------------------------------

MOVES = {
    "DRAFT": {"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"},
    "SUBMITTED": {"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"},
    "AUTHORISED": {"AUTHORISED", "VOIDED"},
    "DELETED": set(),
    "VOIDED": set(),
}


@pytest.mark.parametrize("target", list(MOVES))
@pytest.mark.parametrize("start", list(MOVES))
def test_status_transitions(books, start, target):
    before = {"DELETED": "DRAFT", "VOIDED": "AUTHORISED"}.get(start, start)
    row = books.invoice(Status=before)
    if before != start:
        row = books.change(row, Status=start)
    if target in MOVES[start]:
        assert books.change(row, Status=target)["Status"] == target
    else:
        assert books.refused_change(row, Status=target) == ["Invoice not of valid status for modification"]
        assert books.again(row)["Status"] == start


def test_a_voided_invoice_still_shows_what_was_due(books):
    row = books.change(books.invoice(), Status="VOIDED")
    assert (row["Status"], row["AmountDue"], row["Total"]) == ("VOIDED", 115, 115)


def test_lines_with_ids_are_kept_without_are_made_anew_and_omitted_are_gone(books):
    row = books.invoice(LineItems=[books.line(Description=name) for name in "abc"])
    ids = [line["LineItemID"] for line in row["LineItems"]]
    lines = [{"LineItemID": ids[1], "Description": "B"}, books.line(Description="new", UnitAmount=1)]
    changed = books.change(row, LineItems=lines)
    assert [line["Description"] for line in changed["LineItems"]] == ["B", "new"]
    assert changed["LineItems"][0]["LineItemID"] == ids[1]
    assert changed["LineItems"][1]["LineItemID"] not in ids
    assert (changed["LineItems"][0]["LineAmount"], changed["Total"]) == (100, rounding.Decimal("116.15"))


def test_omitted_parts_of_a_document_are_kept(books):
    row = books.invoice(Reference="R", Url="https://erp.example/1", CurrencyCode="USD", InvoiceNumber="K-1")
    changed = books.change(row, DueDate="2026-12-01")
    assert changed["DueDateString"] == "2026-12-01T00:00:00"
    for key in ("Reference", "Url", "CurrencyCode", "CurrencyRate", "InvoiceNumber", "Total", "LineItems", "Contact"):
        if key != "Contact":
            assert changed[key] == row[key], key
    assert changed["Contact"]["ContactID"] == row["Contact"]["ContactID"]


def test_changing_the_amount_types_computes_the_tax_anew(books):
    row = books.change(books.invoice(), LineAmountTypes="Inclusive")
    assert (row["TotalTax"], row["Total"]) == (rounding.Decimal("13.04"), 100)


def test_an_archived_account_stops_approval(books):
    row = books.invoice(Status="DRAFT")
    hooks.archive_account(books.books, "200")
    assert books.refused_change(row, Status="AUTHORISED") == [texts.ACCOUNT_ARCHIVED.format("200")]
    assert books.change(row, Reference="still a draft")["Reference"] == "still a draft"


def test_changes_touch_updated_date(books):
    row = books.invoice()
    books.world.clock.advance(60)
    assert books.change(row, Reference="x")["UpdatedDateUTC"] > row["UpdatedDateUTC"]


def test_due_date_and_sent_mark_of_a_paid_document_change_unnoticed(books):
    row = books.invoice()
    books.pay(row, 40)
    row = books.again(row)
    books.world.clock.advance(60)
    changed = books.change(row, DueDate="2026-12-24", SentToContact=True)
    assert (changed["DueDateString"], changed["SentToContact"]) == ("2026-12-24T00:00:00", True)
    assert changed["UpdatedDateUTC"] == row["UpdatedDateUTC"]
    changed = books.change(row, DueDate="2026-12-25", Reference="x")
    assert changed["UpdatedDateUTC"] > row["UpdatedDateUTC"]


# ---- lock dates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locks", "message"),
    [
        ({"period": date(2026, 10, 31)},
         "The document date cannot be before the period lock date, currently set at 31-Oct-2026"),
        ({"period": date(2026, 10, 1)},
         "The document date cannot be before the period lock date, currently set at 01-Oct-2026"),
        ({"year": date(2026, 10, 1)},
         "The document date cannot be before the end of year lock date, currently set at 01-Oct-2026"),
        ({"year": date(2026, 12, 31), "period": date(2026, 12, 31)},
         "The document date cannot be before the end of year lock date, currently set at 31-Dec-2026"),
    ],
)
def test_a_locked_period_takes_no_document_no_edit_and_no_void(books, locks, message):
    old = books.invoice()
    hooks.set_lock_dates(books.books, **locks)
    assert books.messages("Invoices", books.element()) == [message]
    assert books.refused_change(old, Reference="x") == [message]
    assert books.refused_change(old, Date="2027-01-01", DueDate="2027-02-01") == [message]
    assert books.refused_change(old, Status="VOIDED") == [message]
    assert books.invoice(Date="2027-01-01", DueDate="2027-01-31")["Status"] == "AUTHORISED"


def test_the_day_after_the_lock_date_is_open(books):
    hooks.set_lock_dates(books.books, period=date(2026, 9, 30))
    assert books.invoice()["DateString"] == "2026-10-01T00:00:00"


# ---- paid documents ----------------------------------------------------------------------------------------------


def test_a_payment_freezes_amounts_date_and_status(books):
    row = books.invoice()
    books.pay(row, 15)
    frozen = ["Invoice not of valid status for modification",
              "This document cannot be edited as it has a payment or credit note allocated to it."]
    line = row["LineItems"][0]
    assert books.refused_change(row, LineItems=[{"LineItemID": line["LineItemID"], "UnitAmount": 90}]) == frozen
    assert books.refused_change(row, LineItems=[books.line()]) == frozen
    assert books.refused_change(row, LineAmountTypes="Inclusive") == frozen
    assert books.refused_change(row, CurrencyCode="USD") == frozen
    assert books.refused_change(row, Date="2026-10-02") == [
        "Date cannot be changed on an invoice that has payment or credit notes allocated to it."
    ]
    assert books.refused_change(row, Status="VOIDED") == [
        "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it."
    ]


@pytest.mark.parametrize("document_type", ["ACCREC", "ACCPAY"])
@pytest.mark.parametrize("amount", [15, 115])
def test_what_is_not_money_stays_editable_on_a_paid_document(books, document_type, amount):
    account, other = ("200", "260") if document_type == "ACCREC" else ("400", "404")
    row = books.invoice(Type=document_type, LineItems=[books.line(account=account, TaxType="NONE", UnitAmount=115)])
    books.pay(row, amount)
    line = {
        "LineItemID": row["LineItems"][0]["LineItemID"], "Description": "Better", "AccountCode": other,
        "Tracking": [{"Name": "Region", "Option": "South"}],
    }
    changed = books.change(
        row, DueDate="2026-12-24", InvoiceNumber="NEW", Url="https://erp.example/2", LineItems=[line],
        Contact=books.contact("Ridgeway Bank"),
    )
    assert changed["Status"] == ("PAID" if amount == 115 else "AUTHORISED")
    assert (changed["InvoiceNumber"], changed["DueDateString"][:10]) == ("NEW", "2026-12-24")
    assert changed["LineItems"][0]["AccountCode"] == other and changed["LineItems"][0]["Tracking"]
    assert changed["Contact"]["Name"] == "Ridgeway Bank"


# ---- what else hangs on an invoice -------------------------------------------------------------------------------


def test_only_approved_sales_invoices_are_online_and_mailed(books):
    row, draft = books.invoice(), books.invoice(Status="DRAFT")
    online = books.get(f"/Invoices/{row['InvoiceID']}/OnlineInvoice")["OnlineInvoices"][0]["OnlineInvoiceUrl"]
    assert online.startswith("https://in.xero.com/")
    assert books.call("GET", f"/Invoices/{draft['InvoiceID']}/OnlineInvoice")[0] == 400
    assert books.call("POST", f"/Invoices/{row['InvoiceID']}/Email") == (204, b"")
    assert books.again(row)["SentToContact"] is True
    assert books.call("POST", f"/Invoices/{draft['InvoiceID']}/Email")[0] == 400
    nameless = books.invoice(Contact={"Name": "No address"})
    assert books.call("POST", f"/Invoices/{nameless['InvoiceID']}/Email")[0] == 400


def test_an_invoice_is_a_pdf_for_whom_asks_for_one(books):
    row = books.invoice()
    path = f"/Invoices/{row['InvoiceID']}"
    assert books.get(path, {"Accept": "application/pdf"}).startswith(b"%PDF-")
    assert books.get(f"{path}/pdf").startswith(b"%PDF-")


def test_people_at_xeros_screens_change_what_a_client_cannot(books):
    hooks.archive_contact(books.books, "CITY")
    assert books.messages("Invoices", books.element()) == [texts.CONTACT_ARCHIVED]
    hooks.add_currency(books.books, "JPY")
    assert books.invoice(Contact={"Name": "J"}, CurrencyCode="JPY")["CurrencyCode"] == "JPY"
    for hook in (hooks.archive_account, hooks.archive_contact, hooks.reconcile_payment):
        with pytest.raises(hooks.Unknown):
            hook(books.books, "nobody")
