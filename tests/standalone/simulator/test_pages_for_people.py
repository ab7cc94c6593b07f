"""The plain pages: home, lists, documents, and the form that pays one from a bank account."""

import re
from urllib.parse import urlencode

import pytest


def get(simulator, path):
    status, headers, body = simulator.http("GET", path)
    assert status == 200 and headers["Content-Type"].startswith("text/html")
    return body.decode()


@pytest.fixture
def account(simulator):
    """Code of an account that invoice lines of the NZ organisation may use, and its tax."""
    found = simulator.books("NZ", "Accounts", where='Type=="REVENUE"')["Accounts"]
    return next(each for each in found if each.get("Code"))["Code"]


@pytest.fixture
def bank(simulator):
    return simulator.books("NZ", "Accounts", where='Type=="BANK"')["Accounts"][0]["AccountID"]


@pytest.fixture
def document(simulator, account):
    """``document("ACCPAY")``: an authorised document of 100.00 without tax."""

    def make(kind="ACCREC", contact="Paper & Sons", **more):
        values = {
            "Type": kind,
            "Contact": {"Name": contact},
            "Date": "2026-11-01",
            "DueDate": "2026-11-30",
            "LineAmountTypes": "NoTax",
            "Status": "AUTHORISED",
            "LineItems": [
                {"Description": "Work <done>", "Quantity": 1, "UnitAmount": "100.00", "AccountCode": account}
            ],
            **more,
        }
        return simulator.books("NZ", "Invoices", "PUT", {"Invoices": [values]})["Invoices"][0]

    return make


def pay(simulator, kind, document, **form):
    path = f"/organisations/NZ/{kind}/{document['InvoiceID']}/pay"
    status, headers, body = simulator.http("POST", path, urlencode(form).encode())
    return status, headers, body.decode()


def test_the_form_to_pay_proposes_the_day_that_it_is_where_the_organisation_is(simulator, document):
    made = document()
    simulator.clock(freeze="2026-11-20T18:00:00Z")  # in Auckland it is the morning of the 21st
    shown = get(simulator, f"/organisations/NZ/invoices/{made['InvoiceID']}")
    assert 'name="date" type="date" required value="2026-11-21"' in shown


def test_home_lists_organisations_apps_and_addresses(simulator):
    body = get(simulator, "/")
    for organisation in simulator.organisations():
        assert organisation["name"].replace("&", "&amp;") in body
    for app in simulator.control("GET", "apps"):
        assert app["client_id"] in body
    assert simulator.client_secret in body and f"{simulator.url}/api.xro/2.0" in body
    assert 'name="viewport"' in body


def test_every_link_of_the_home_page_leads_somewhere(simulator):
    for link in set(re.findall(r'href="(/[^"]*)"', get(simulator, "/"))):
        assert simulator.http("GET", link.replace("&amp;", "&"))[0] == 200, link


@pytest.mark.parametrize("kind", ["invoices", "bills", "credit-notes", "payments", "bank-transactions", "contacts"])
def test_every_list_opens_for_every_organisation(simulator, kind):
    for organisation in simulator.organisations():
        body = get(simulator, f"/organisations/{organisation['tenant_id']}/{kind}")
        assert 'class="problem"' not in body


def test_an_invoice_is_listed_and_opened_with_everything_escaped(simulator, document):
    made = document(contact="Paper & <b>Sons".replace("<b>", ""), Reference="<i>ref</i>")
    body = get(simulator, "/organisations/NZ/invoices")
    assert made["InvoiceNumber"] in body and "Paper &amp; Sons" in body
    body = get(simulator, f"/organisations/NZ/invoices/{made['InvoiceID']}")
    assert "Work &lt;done&gt;" in body and "&lt;i&gt;ref&lt;/i&gt;" in body
    assert "<i>" not in body and "<done>" not in body
    assert "AUTHORISED" in body and "100.00" in body
    assert made["InvoiceNumber"] not in get(simulator, "/organisations/NZ/bills")


def test_long_lists_have_pages(simulator, account):
    contacts = [{"Name": f"Paged {number:03}"} for number in range(60)]
    simulator.books("NZ", "Contacts", "PUT", {"Contacts": contacts})
    first = get(simulator, "/organisations/NZ/contacts")
    assert "page 1 of" in first and "?page=2" in first
    both = first + get(simulator, "/organisations/NZ/contacts?page=2")
    assert all(contact["Name"] in both for contact in contacts)


@pytest.mark.parametrize(
    ("kind", "page", "button"), [("ACCPAY", "bills", "Pay this bill"), ("ACCREC", "invoices", "Receive")]
)
def test_a_person_pays_a_document_from_a_bank_account(simulator, document, bank, kind, page, button):
    made = document(kind, InvoiceNumber="DOC-1")
    assert button in get(simulator, f"/organisations/NZ/{page}/{made['InvoiceID']}")
    status, headers, _body = pay(
        simulator, page, made, amount="40.00", date="2026-11-20", account=bank, reference="part"
    )
    assert (status, headers["Location"]) == (303, f"/organisations/NZ/{page}/{made['InvoiceID']}")
    now = simulator.books("NZ", f"Invoices/{made['InvoiceID']}")["Invoices"][0]
    assert (now["Status"], now["AmountDue"], now["AmountPaid"]) == ("AUTHORISED", 60, 40)
    assert pay(simulator, page, made, amount="60", date="2026-11-20", account=bank)[0] == 303
    now = simulator.books("NZ", f"Invoices/{made['InvoiceID']}")["Invoices"][0]
    assert (now["Status"], now["AmountDue"]) == ("PAID", 0)
    body = get(simulator, f"/organisations/NZ/{page}/{made['InvoiceID']}")
    assert button not in body and "/organisations/NZ/payments/" in body
    assert "DOC-1" in get(simulator, "/organisations/NZ/payments")


def test_a_payment_can_be_taken_back(simulator, document, bank):
    made = document()
    pay(simulator, "invoices", made, amount="100", date="2026-11-20", account=bank)
    [payment] = simulator.books("NZ", f"Invoices/{made['InvoiceID']}")["Invoices"][0]["Payments"]
    path = f"/organisations/NZ/payments/{payment['PaymentID']}"
    assert "Remove this payment" in get(simulator, path)
    assert simulator.http("POST", f"{path}/remove", b"")[0] == 303
    now = simulator.books("NZ", f"Invoices/{made['InvoiceID']}")["Invoices"][0]
    assert (now["Status"], now["AmountDue"]) == ("AUTHORISED", 100)
    assert "Remove this payment" not in get(simulator, path)


def test_a_refusal_comes_back_in_xeros_words_with_the_form_as_it_was(simulator, document, bank):
    made = document("ACCPAY")
    status, _headers, body = pay(
        simulator, "bills", made, amount="400.00", date="2026-11-20", account=bank, reference="<too much>"
    )
    assert status == 200
    assert "Payment amount exceeds the amount outstanding on this document" in body
    assert 'value="400.00"' in body and "&lt;too much&gt;" in body
    assert simulator.books("NZ", f"Invoices/{made['InvoiceID']}")["Invoices"][0]["AmountDue"] == 100


@pytest.mark.parametrize("amount", ["", "abc", "-5", "1e400", "NaN"])
def test_a_senseless_amount_is_refused_and_never_a_crash(simulator, document, bank, amount):
    made = document("ACCPAY")
    status, _headers, body = pay(simulator, "bills", made, amount=amount, date="2026-11-20", account=bank)
    assert status == 200 and 'class="problem"' in body
    assert simulator.books("NZ", f"Invoices/{made['InvoiceID']}")["Invoices"][0]["AmountDue"] == 100


def test_pages_for_what_does_not_exist_are_404(simulator):
    missing = "00000000-0000-0000-0000-000000000000"
    for path in (
        "/nothing",
        "/organisations/Nowhere/invoices",
        f"/organisations/NZ/invoices/{missing}",
        "/organisations/NZ/x",
    ):
        assert simulator.http("GET", path)[0] == 404


def test_xeros_deep_links_lead_to_the_document(simulator, document, bank):
    invoice, bill = document(), document("ACCPAY", InvoiceNumber="B-1")
    line = invoice["LineItems"][0]
    spent, note = (
        simulator.books("NZ", resource, "PUT", {
            "Type": kind, "Contact": {"Name": "Paper & Sons"}, "BankAccount": {"AccountID": bank},
            "LineItems": [{"Description": "x", "UnitAmount": 5, "AccountCode": line["AccountCode"], "TaxType": "NONE"}],
        })[resource][0]
        for resource, kind in (("BankTransactions", "SPEND"), ("CreditNotes", "ACCPAYCREDIT"))
    )
    paid = {"Invoice": {"InvoiceID": bill["InvoiceID"]}, "Account": {"AccountID": bank}, "Amount": 1}
    payment_id = simulator.books("NZ", "Payments", "PUT", paid)["Payments"][0]["PaymentID"]
    short = simulator.organisation("NZ")["short_code"]

    def old(page, document_id):
        redirect = {"shortcode": short, "redirecturl": f"{page}={document_id}"}
        return "/organisationlogin/default.aspx?" + urlencode(redirect)

    transaction = "/Bank/ViewTransaction.aspx?bankTransactionID"
    for link, target in (
        (f"/app/{short}/invoicing/view/{invoice['InvoiceID']}", f"/invoices/{invoice['InvoiceID']}"),
        (f"/app/{short}/contacts/contact/{bill['Contact']['ContactID']}", f"/contacts/{bill['Contact']['ContactID']}"),
        (old("/AccountsPayable/Edit.aspx?InvoiceID", bill["InvoiceID"]), f"/bills/{bill['InvoiceID']}"),
        (old("/AccountsReceivable/View.aspx?InvoiceID", invoice["InvoiceID"]), f"/invoices/{invoice['InvoiceID']}"),
        (
            old("/AccountsPayable/ViewCreditNote.aspx?creditNoteID", note["CreditNoteID"]),
            f"/credit-notes/{note['CreditNoteID']}",
        ),
        (old(transaction, spent["BankTransactionID"]), f"/bank-transactions/{spent['BankTransactionID']}"),
        (old(transaction, payment_id), f"/payments/{payment_id}"),
    ):
        status, headers, _body = simulator.http("GET", link)
        assert status == 302 and headers["Location"].endswith(target)
        assert simulator.http("GET", headers["Location"])[0] == 200
