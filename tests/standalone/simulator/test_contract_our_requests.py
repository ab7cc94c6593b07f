"""What a client asks of the simulator is judged by Xero's own files: a wrong request is found, wherever it stands."""
import sys
from pathlib import Path

import pytest

from simulator.process import Simulator

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "contract"))

import our_requests  # noqa: E402

INVOICE = {
    "Type": "ACCREC", "Contact": {"Name": "Harbour Cafe"}, "Date": "2026-10-01", "DueDate": "2026-11-01",
    "LineItems": [{"Description": "Work", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200"}],
}


@pytest.fixture
def simulator(simulator_process):
    if our_requests.reason():
        pytest.skip(our_requests.reason())
    judged = our_requests.judged(Simulator)(simulator_process.url)
    judged.control("DELETE", "calls")  # what other tests asked is no concern of this one
    judged.reset()
    return judged


def test_a_sound_conversation_is_told_nothing(simulator, client):
    client.put("/Invoices", {"Invoices": [INVOICE]}, key="1", params={"summarizeErrors": "false", "unitdp": 4})
    row = client.get("/Invoices", params={"page": 1, "where": 'Type=="ACCREC"'}).json()["Invoices"][0]
    client.put(f"/Invoices/{row['InvoiceID']}/Attachments/a.txt", None, headers={"Content-Type": "text/plain"},
               data=b"hello")
    assert client.session.get(f"{simulator.url}/connections", timeout=30).ok
    assert simulator.count_calls() > 4  # tokens too, which no file describes
    simulator.judge()


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("GET", "/Invoices?pagesize=5", None, "GET /Invoices: unknown query parameter pagesize"),
        ("GET", "/Invoises", None, "GET /Invoises: GET /Invoises: not an operation of the API"),
        ("PUT", "/Invoices", {"Invoices": [{**INVOICE, "Refrence": "x"}]}, "/Invoices/0/Refrence: unknown property"),
        ("PUT", "/Invoices", {"Invoices": [{**INVOICE, "Total": 1}]}, "read-only property"),
        ("POST", "/Invoices", {"Invoices": [{**INVOICE, "Type": "SALE"}]}, "is not one of"),
        ("PUT", "/Contacts", {"Contacts": [{"EmailAddress": "a@b.example"}]}, "Contacts/0: create without Name"),
    ],
)
def test_a_wrong_request_is_found(simulator, client, method, path, body, told):
    client.call(method, path, body)
    with pytest.raises(AssertionError) as found:
        simulator.judge()
    assert told in str(found.value)
    simulator.judge()  # and told once


def test_a_body_that_is_no_json_is_found(simulator, client):
    client.put("/Invoices", None, data=b"{", headers={"Content-Type": "application/json"})
    client.put("/Invoices", None, data=b"<Invoices/>", headers={"Content-Type": "text/xml"})
    with pytest.raises(AssertionError, match="(?s)the body is not JSON.*the body is text/xml"):
        simulator.judge()


@pytest.mark.parametrize("forget", ["reset", "clear_calls"])
def test_no_call_is_forgotten_before_it_was_judged(simulator, client, forget):
    client.get("/Invoices", params={"pagesize": 5})
    with pytest.raises(AssertionError, match="pagesize"):
        getattr(simulator, forget)()


def test_what_is_wrong_on_purpose_is_said_and_has_to_be_there(simulator, client):
    client.get("/Invoices", params={"pagesize": 5})
    simulator.judge(meant="parameter pagesize$")
    client.get("/Invoices", params={"pagesize": 5})
    client.get("/Invoises")
    with pytest.raises(AssertionError, match="not an operation"):
        simulator.judge(meant="parameter pagesize$")
    with pytest.raises(AssertionError, match="nothing was wrong"):
        simulator.judge(meant="parameter pagesize$")


def test_the_organisation_has_to_be_named(simulator, client):
    del client.session.headers["xero-tenant-id"]
    client.get("/Accounts")
    with pytest.raises(AssertionError, match="GET /Accounts: missing header xero-tenant-id"):
        simulator.judge()


def test_without_the_files_nothing_is_judged_and_the_reason_is_known(simulator, client, monkeypatch, tmp_path):
    client.get("/Invoises")
    monkeypatch.setenv("XERO_SPEC_DIR", str(tmp_path))
    simulator.judge()
    assert "xero_accounting.yaml is not at hand: set XERO_SPEC_DIR" in our_requests.reason()
    monkeypatch.undo()
    with pytest.raises(AssertionError):
        simulator.judge()
