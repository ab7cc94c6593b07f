"""The control interface: clock, latency, call log, organisations, reset."""

import time
import uuid
from datetime import datetime
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import requests

from simulator.process import SimulatorError


def test_clock_is_set_advanced_frozen_and_resumed(simulator):
    assert simulator.clock(set="2027-01-01T00:00:00Z").startswith("2027-01-01T00:00:00")
    assert simulator.clock(advance=86400).startswith("2027-01-02T00:00:00")
    frozen = simulator.clock(freeze="2027-02-03T04:05:06+00:00")
    time.sleep(0.02)
    assert simulator.clock() == frozen == "2027-02-03T04:05:06+00:00"
    simulator.clock(resume=True)
    time.sleep(0.02)
    assert simulator.clock() > frozen
    simulator.reset()
    assert abs(datetime.fromisoformat(simulator.clock()).timestamp() - time.time()) < 5


def test_a_seed_decides_the_ids_until_a_reset(simulator):
    def made():
        groups = ("Gold", "Silver")
        answers = [simulator.books("NZ", "ContactGroups", "PUT", {"Name": name}) for name in groups]
        return [answer["ContactGroups"][0]["ContactGroupID"] for answer in answers]

    runs = []
    for seed in (7, 7, 8, None, None):
        simulator.reset()
        simulator.ids(seed)
        runs.append(made())
    assert runs[0] == runs[1]
    assert all(uuid.UUID(each).version == 4 for run in runs for each in run)
    assert len({each for run in runs[1:] for each in run}) == 8
    simulator.ids(7)
    simulator.reset()
    assert made() not in runs


def test_what_is_kept_is_what_a_reset_comes_back_to(simulator, client):
    def named(name):
        return [each for each in simulator.books("NZ", "Contacts", page=1)["Contacts"] if each["Name"] == name]

    simulator.books("NZ", "Contacts", "PUT", {"Name": "Kept Ltd"})
    simulator.organisation("NZ", name="Kauri Kept", add_currency="JPY")
    simulator.limits(minute=7)
    simulator.keep()
    for _again in range(2):
        [kept] = named("Kept Ltd")
        simulator.books("NZ", "Contacts", "POST", {"ContactID": kept["ContactID"], "Name": "Changed Ltd"})
        simulator.books("NZ", "Contacts", "PUT", {"Name": "Late Ltd"})
        simulator.organisation("NZ", name="Kauri Late", disconnect=True)
        simulator.limits(minute=60)
        assert client.get("/Organisation").status_code == 403
        simulator.fault("status", status=503)
        simulator.reset()
        assert not simulator.calls() and not simulator.faults()
        assert [kept] == named("Kept Ltd") and not named("Changed Ltd") and not named("Late Ltd")
        assert simulator.limits()["minute"] == 7
        # the tokens of before work on, and the organisation is the one that the books belong to
        assert client.get("/Organisation").json()["Organisations"][0]["Name"] == "Kauri Kept"
        assert "JPY" in [each["Code"] for each in client.get("/Currencies").json()["Currencies"]]
    simulator.forget()
    simulator.reset()
    assert not named("Kept Ltd") and client.get("/Organisation").status_code == 401


def test_the_clock_moves_what_the_api_writes(simulator, client):
    simulator.clock(freeze="2027-02-03T04:05:06Z")
    tokens = simulator.token_set(["NZ"])
    answer = client.get("/Organisation", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert answer.json()["DateTimeUTC"] == "/Date(1801627506000)/"


def test_latency_delays_each_call_of_a_client(simulator, client):
    simulator.latency(300)
    assert client.get("/Organisation").elapsed.total_seconds() >= 0.3
    simulator.latency(0)
    assert client.get("/Organisation").elapsed.total_seconds() < 0.3


def test_calls_are_logged_with_both_bodies(simulator, client):
    client.put("/Contacts?summarizeErrors=false", {"Name": "Logged Ltd"}, key="key-1")
    [call] = simulator.calls(path="/Contacts")
    assert (call["method"], call["path"], call["query"]) == ("PUT", "/api.xro/2.0/Contacts", "summarizeErrors=false")
    assert call["json"] == {"Name": "Logged Ltd"}
    assert call["answer"]["Contacts"][0]["Name"] == "Logged Ltd"
    assert call["request_headers"]["Idempotency-Key"] == "key-1"
    assert (call["status"], call["outcome"], call["client"]) == (200, "answered", "Demo App")
    assert call["tenant"] == client.tenant_id and call["duration_ms"] > 0


def test_calls_are_filtered_counted_and_cleared(simulator, client):
    client.get("/Organisation")
    client.get("/Nothing")
    client.put("/Contacts", {"Name": "Logged Ltd"})
    assert simulator.count_calls(path="^/api.xro") == 3
    assert [each["path"] for each in simulator.calls(status=404)] == ["/api.xro/2.0/Nothing"]
    assert simulator.count_calls(method="put") == 1
    [last] = simulator.calls(limit=1)
    assert last["method"] == "PUT" and simulator.calls(since=last["id"]) == []
    assert "request_body" not in simulator.calls(bodies="false")[0]
    simulator.clear_calls()
    assert simulator.calls() == []
    with pytest.raises(SimulatorError, match="Unknown: verb"):
        simulator.calls(verb="GET")
    with pytest.raises(SimulatorError, match="no regular expression"):
        simulator.calls(path="(")


def test_bodies_are_kept_by_choice(simulator, client):
    simulator.control("POST", "calls", {"bodies": False})
    client.put("/Contacts", {"Name": "Logged Ltd"})
    [call] = simulator.calls(path="/Contacts")
    assert (call["request_body"], call["answer_body"], call["status"]) == ("", "", 200)


def test_faults_show_in_the_log(simulator, client):
    dropped = simulator.fault("drop_after", match={"path": "/Organisation"})
    with pytest.raises(requests.ConnectionError):
        client.get("/Organisation")
    [call] = simulator.calls(path="/Organisation")
    assert (call["outcome"], call["status"], call["faults"]) == ("dropped", None, [dropped["id"]])


def test_no_secret_enters_the_log(simulator, client):
    tokens = client.tokens
    form = f"grant_type=refresh_token&refresh_token={tokens['refresh_token']}&client_id={simulator.client_id}"
    answer = simulator.http("POST", "/connect/token", f"{form}&client_secret={simulator.client_secret}".encode())
    client.get("/Organisation")
    log = str(simulator.calls())
    assert "grant_type=refresh_token" in log and answer[0] == 200
    for secret in (tokens["access_token"], tokens["refresh_token"], tokens["id_token"], simulator.client_secret):
        assert secret not in log
    assert "eyJ" not in log


def test_organisations_are_changed_as_people_in_xero_would(simulator, client):
    changed = simulator.organisation("NZ", name="Other Name", period_lock_date="2026-03-31", tier="starter")
    assert (changed["name"], changed["period_lock_date"], changed["tier"]) == ("Other Name", "2026-03-31", "starter")
    seen = client.get("/Organisation").json()["Organisations"][0]
    assert seen["Name"] == "Other Name" and seen["PeriodLockDate"] == "/Date(1774915200000+0000)/"
    simulator.organisation(changed["tenant_id"], period_lock_date=None, base_currency="AUD")
    seen = client.get("/Organisation").json()["Organisations"][0]
    assert "PeriodLockDate" not in seen and seen["BaseCurrency"] == "AUD"


def test_currency_account_and_contact_through_the_control_interface(simulator, client):
    simulator.organisation("NZ", add_currency="JPY")
    assert "JPY" in [each["Code"] for each in client.get("/Currencies").json()["Currencies"]]
    client.put("/Contacts", {"Name": 'Quoted "Name" Ltd'})
    simulator.organisation("NZ", archive_contact='Quoted "Name" Ltd')
    [contact] = [
        each
        for each in client.get("/Contacts?includeArchived=true").json()["Contacts"]
        if each["Name"] == 'Quoted "Name" Ltd'
    ]
    assert contact["ContactStatus"] == "ARCHIVED"
    account = next(
        each
        for each in client.get("/Accounts").json()["Accounts"]
        if each["Type"] == "EXPENSE" and not each.get("SystemAccount")
    )
    simulator.organisation("NZ", archive_account=account["Code"])
    answer = client.get(f"/Accounts/{account['AccountID']}").json()
    assert answer["Accounts"][0]["Status"] == "ARCHIVED"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"tier": "gold"}, "tier is one of"),
        ({"period_lock_date": "31/03/2026"}, "must be a date"),
        ({"offline": "yes"}, "must be a bool"),
        ({"colour": "red"}, "Unknown: colour"),
        ({"archive_contact": "Nobody at all"}, "no contact"),
        ({"archive_account": "no such"}, "no account"),
        ({"archive_account": "610"}, "Cannot archive System accounts"),
        ({"archive_contact": 7}, "archive_contact must be a text"),
        ({"add_currency": "XXX"}, "no currency"),
        ({"remove_currency": "NZD"}, "no currency"),
        ({"remove_currency": "JPY"}, "no currency"),
        ({"merge_contact": "CITY"}, "source and target"),
        ({"merge_contact": {"source": "CITY", "target": "City Limousines"}}, "into itself"),
        ({"set_payments_enabled": {"account": "850", "enabled": 1}}, "true or false"),
        ({"set_day_rate": {"currency": "USD", "rate": "NaN"}}, "no rate"),
        ({"set_day_rate": {"currency": "USD", "rate": -1}}, "no rate"),
        ({"reconcile_payment": "none"}, "no payment"),
        ({"delete_attachment": "none"}, "no attachment"),
        ({"void_credit": "none"}, "no prepayment"),
    ],
)
def test_changes_that_make_no_sense_are_refused(simulator, changes, complaint):
    with pytest.raises(SimulatorError, match=complaint):
        simulator.organisation("NZ", **changes)


def test_a_refused_change_changes_nothing(simulator):
    with pytest.raises(SimulatorError, match="no account"):
        simulator.organisation("NZ", name="Half", add_currency="JPY", archive_account="no such")
    assert simulator.organisation("NZ")["name"] != "Half"
    assert "JPY" not in [each["Code"] for each in simulator.books("NZ", "Currencies")["Currencies"]]


def test_a_currency_is_added_beyond_the_plan_and_removed_again(simulator, connect):
    client = connect("US")
    euro = {"Type": "ACCREC", "Contact": {"Name": "Euro Buyer"}, "LineItems": [{"Description": "x"}],
            "CurrencyCode": "EUR"}
    refusal = "Organisation is not subscribed to currency EUR"
    assert refusal in client.put("/Invoices", euro).text
    assert client.put("/Currencies", {"Code": "EUR"}).status_code == 400
    assert simulator.organisation("US", add_currency="EUR")["multicurrency"] is True
    assert client.put("/Invoices", euro).json()["Invoices"][0]["CurrencyCode"] == "EUR"
    actions = {each["Name"]: each["Status"] for each in client.get("/Organisation/Actions").json()["Actions"]}
    assert actions["UseMulticurrency"] == "ALLOWED"
    simulator.organisation("US", remove_currency="EUR")
    assert refusal in client.put("/Invoices", euro).text


def test_contacts_are_merged_through_the_control_interface(simulator, client):
    simulator.organisation("NZ", merge_contact={"source": "CITY", "target": "Ridgeway Bank"})
    source, target = (
        simulator.books("NZ", "Contacts", where=f'Name=="{name}"', includeArchived="true")["Contacts"][0]
        for name in ("City Limousines", "Ridgeway Bank")
    )
    assert (source["ContactStatus"], source["MergedToContactID"]) == ("ARCHIVED", target["ContactID"])


def test_payments_day_rates_and_statements_through_the_control_interface(simulator, client):
    simulator.organisation("NZ", set_day_rate={"currency": "USD", "rate": 0.5})
    element = {
        "Type": "ACCREC", "Status": "AUTHORISED", "Contact": {"Name": "Payer"}, "CurrencyCode": "USD",
        "DueDate": "2026-12-01", "LineItems": [{"Description": "x", "UnitAmount": 100, "AccountCode": "200"}],
    }
    invoice = client.put("/Invoices", element).json()["Invoices"][0]
    assert invoice["CurrencyRate"] == 0.5
    payment = {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Account": {"Code": "850"}, "Amount": 5}
    assert client.put("/Payments", payment).status_code == 400
    simulator.organisation("NZ", set_payments_enabled={"account": "850", "enabled": True})
    payment_id = client.put("/Payments", payment).json()["Payments"][0]["PaymentID"]
    simulator.organisation("NZ", reconcile_payment=payment_id)
    assert client.post(f"/Payments/{payment_id}", {"Status": "DELETED"}).status_code == 400
    simulator.organisation("NZ", set_payments_enabled={"account": "850", "enabled": False})
    assert client.put("/Payments", payment).status_code == 400


def test_transaction_is_reconciled_and_let_go_through_the_control_interface(simulator, client):
    element = {
        "Type": "SPEND", "Contact": {"Name": "Payee"}, "BankAccount": {"Code": "090"},
        "LineItems": [{"Description": "x", "Quantity": 1, "UnitAmount": 10, "AccountCode": "400"}],
    }
    spent = client.put("/BankTransactions", element).json()["BankTransactions"][0]["BankTransactionID"]
    deletion = {"BankTransactionID": spent, "Status": "DELETED"}
    simulator.organisation("NZ", reconcile_payment=spent)
    assert client.post("/BankTransactions", deletion).status_code == 400
    simulator.organisation("NZ", unreconcile_payment=spent)
    assert client.post("/BankTransactions", deletion).status_code == 200


def test_file_is_taken_off_its_record_through_the_control_interface(simulator):
    [invoice] = simulator.books("NZ", "Invoices", "PUT", {
        "Type": "ACCREC", "Contact": {"Name": "Filed"}, "LineItems": [{"Description": "x"}],
    })["Invoices"]
    files = f"Invoices/{invoice['InvoiceID']}/Attachments"
    for name in ("a.txt", "b.txt"):
        simulator.books("NZ", f"{files}/{name}", "PUT", b"text")
    for left in (1, 0):
        attachment = simulator.books("NZ", files)["Attachments"][0]
        simulator.organisation("NZ", delete_attachment=attachment["AttachmentID"])
        assert len(simulator.books("NZ", files)["Attachments"]) == left
        [seen] = simulator.books("NZ", f"Invoices/{invoice['InvoiceID']}")["Invoices"]
        assert seen["HasAttachments"] is bool(left)


def test_offline_organisation_is_503_in_plain_text(simulator, client):
    simulator.organisation("NZ", offline=True)
    answer = client.get("/Organisation")
    assert answer.status_code == 503 and answer.headers["Content-Type"].startswith("text/plain")


def test_take_away_ends_access_for_everyone(simulator, client):
    simulator.take_away("NZ")
    assert client.get("/Organisation").status_code == 403
    assert simulator.control("GET", "connections") == []


def test_books_are_read_and_written_from_inside(simulator, client):
    simulator.books("NZ", "Contacts", "PUT", {"Name": "Inside Ltd"})
    assert simulator.books("NZ", "Contacts", searchTerm="Inside")["Contacts"][0]["Name"] == "Inside Ltd"
    assert simulator.calls(path="/Contacts") == []
    with pytest.raises(SimulatorError, match="ValidationException"):
        simulator.books("NZ", "Contacts", "PUT", {"Name": "Inside Ltd"})


def test_reset_is_the_first_second_again(simulator, client):
    client.put("/Contacts", {"Name": "Gone Ltd"})
    simulator.organisation("NZ", name="Gone")
    simulator.fault("drop_before", times=None)
    simulator.latency(10_000)
    simulator.limits(minute=1)
    simulator.register_app(name="Gone")
    simulator.reset()
    assert simulator.books("NZ", "Contacts", searchTerm="Gone Ltd")["Contacts"] == []
    assert simulator.organisation("NZ")["name"] != "Gone"
    assert (simulator.faults(), simulator.calls(), simulator.control("GET", "latency")["ms"]) == ([], [], 0)
    assert simulator.limits()["minute"] == 60
    assert len(simulator.control("GET", "apps")) == 3
    assert client.get("/Organisation").status_code == 401


def test_an_unknown_control_path_or_body_is_told(simulator):
    with pytest.raises(SimulatorError, match="404"):
        simulator.control("GET", "nothing")
    status, _headers, body = simulator.http("POST", "/_simulator/clock", b"not json")
    assert status == 400 and b"no JSON" in body
    with pytest.raises(SimulatorError, match="advance must be a number"):
        simulator.clock(advance="soon")


def test_the_api_wants_json_asked_for_by_name(client):
    answer = client.get("/Organisation", headers={"Accept": "*/*"})
    assert answer.headers["Content-Type"].startswith("text/xml") and answer.text.startswith("<Response>")


def test_a_request_of_more_than_ten_megabytes_is_refused(client):
    answer = client.put("/Contacts", {"Name": "x" * (10 * 1024 * 1024)})
    assert answer.status_code == 413


def test_a_body_that_is_no_json_is_error_14(client):
    url = f"{client.simulator.url}/api.xro/2.0/Contacts"
    for content_type in ("application/json", "application/x-www-form-urlencoded"):
        answer = client.session.put(url, data=b"{broken", headers={"Content-Type": content_type}, timeout=10)
        assert answer.status_code == 400
        assert (answer.json()["ErrorNumber"], answer.json()["Type"]) == (14, "PostDataInvalidException")


def test_connections_are_kept_alive_and_answers_take_little_time(simulator, client):
    """One socket for all: http.client would open another only after an answer that closes the connection."""
    simulator.limits(enforced=False)
    address = urlsplit(simulator.url)
    connection = HTTPConnection(address.hostname, address.port, timeout=10)
    connection.connect()
    socket, durations = connection.sock, []
    for _ in range(50):
        started = time.monotonic()
        connection.request("GET", "/api.xro/2.0/Organisation", headers=dict(client.session.headers))
        answer = connection.getresponse()
        assert (answer.status, len(answer.read()) > 100) == (200, True)
        durations.append(time.monotonic() - started)
    assert connection.sock is socket
    connection.close()
    assert sorted(durations)[25] < 0.05
