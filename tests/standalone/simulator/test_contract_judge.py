"""The judge itself: what it must find wrong, so that its silence elsewhere means something."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "contract"))

import xero_contract  # noqa: E402

HEADERS = {"xero-tenant-id": "x"}
LINE = {"Description": "x", "Quantity": 1, "UnitAmount": 2.5, "AccountCode": "200"}
GOOD = {"Type": "ACCREC", "Contact": {"ContactID": "00000000-0000-0000-0000-000000000001"}, "LineItems": [LINE]}


@pytest.fixture(scope="module")
def judge():
    found = xero_contract.load()
    if found is None:
        pytest.skip(xero_contract.MISSING.format("xero_accounting.yaml"))
    return found


@pytest.mark.parametrize(
    "body", [{"Invoices": [GOOD]}, GOOD, {"Invoices": [{"InvoiceID": GOOD["Contact"]["ContactID"]}]}]
)
def test_a_sound_request_has_no_problems(judge, body):
    assert judge.request("POST", "/Invoices", {"unitdp": 4, "summarizeErrors": "false"}, HEADERS, body) == []


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"Type": "SALE"}, "is not one of"),
        ({"InvoiceNumber": "n" * 256}, "is too long"),
        ({"Referenc": "x"}, "/Invoices/0/Referenc: unknown property"),
        ({"LineItems": [{**LINE, "Quantity": "1"}]}, "is not of type 'number'"),
        ({"LineItems": [{**LINE, "Price": 1}]}, "/Invoices/0/LineItems/0/Price: unknown property"),
        ({"Total": 5}, "read-only property"),
        ({"Contact": {"Name": "n" * 256}}, "is too long"),
    ],
)
def test_a_wrong_field_is_found(judge, change, part):
    problems = judge.request("POST", "/Invoices", {}, HEADERS, {"Invoices": [{**GOOD, **change}]})
    assert len(problems) == 1 and part in problems[0], problems


def test_null_is_forgiven_since_the_file_never_says_nullable(judge):
    assert judge.request("POST", "/Invoices", {}, HEADERS, {"Invoices": [{**GOOD, "Reference": None}]}) == []


def test_a_create_without_its_least_fields_is_found(judge):
    problems = judge.request("PUT", "/Invoices", {}, HEADERS, {"Invoices": [{"Type": "ACCREC"}]})
    assert problems == ["Invoices/0: create without Contact", "Invoices/0: create without LineItems"]


def test_paths_headers_and_parameters_are_judged(judge):
    assert judge.request("GET", "/Invoises") == ["GET /Invoises: not an operation of the API"]
    assert judge.request("GET", "/Invoices", {"pagesize": 5}, HEADERS) == ["unknown query parameter pagesize"]
    assert judge.request("GET", "/Invoices") == ["missing header xero-tenant-id"]
    assert judge.knows("DELETE", "/CreditNotes/1/Allocations/2") and not judge.knows("DELETE", "/Invoices/1")


def test_a_wrong_answer_is_found(judge):
    good = {"Invoices": [{**GOOD, "Status": "PAID", "Total": 2.5}]}
    assert judge.response("GET", "/Invoices", 200, good) == []
    for change in ({"Status": "NEW"}, {"Total": "2.50"}, {"InvoiceID": "7"}, {"LineItems": {}}):
        wrong = {"Invoices": [{**good["Invoices"][0], **change}]}
        assert len(judge.response("GET", "/Invoices", 200, wrong)) == 1, change


def test_without_the_files_the_judge_is_absent_and_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("XERO_SPEC_DIR", str(tmp_path))
    assert xero_contract.spec_file("xero_accounting.yaml") is None
    assert "XERO_SPEC_DIR" in xero_contract.MISSING
