"""Each fault that can be ordered, as a client sees it on a real socket, and what it leaves in the books."""

import re
import socket
import threading
import time

import pytest
import requests

PATH = {"path": "/api.xro/2.0/Contacts$", "method": "PUT"}


def count(simulator):
    return len(simulator.books("NZ", "Contacts", searchTerm="Faulty")["Contacts"])


def put(client, name="Faulty Ltd"):
    return client.put("/Contacts", {"Name": name})


def test_drop_before_closes_the_socket_and_commits_nothing(simulator, client):
    simulator.fault("drop_before", match=PATH)
    with pytest.raises(requests.ConnectionError):
        put(client)
    assert count(simulator) == 0
    assert put(client).status_code == 200


def test_drop_after_closes_the_socket_and_has_committed(simulator, client):
    simulator.fault("drop_after", match=PATH)
    with pytest.raises(requests.ConnectionError):
        put(client)
    assert count(simulator) == 1


def test_a_dropped_connection_carries_not_one_byte(simulator, client):
    simulator.fault("drop_after", match={"path": "/Organisation"})
    host, port = re.search(r"//([^:]+):(\d+)", simulator.url).groups()
    with socket.create_connection((host, int(port)), 10) as raw:
        raw.sendall(
            b"GET /api.xro/2.0/Organisation HTTP/1.1\r\nHost: x\r\nAuthorization: "
            + client.session.headers["Authorization"].encode()
            + b"\r\nxero-tenant-id: "
            + client.tenant_id.encode()
            + b"\r\n\r\n"
        )
        assert raw.recv(100) == b""


@pytest.mark.parametrize(("problem", "wait"), [("minute", "26"), ("day", "67000"), ("concurrent", None)])
def test_ordered_429_looks_like_a_real_one(simulator, client, problem, wait):
    simulator.fault("status", status=429, problem=problem, match=PATH)
    refused = put(client)
    assert (refused.status_code, refused.content) == (429, b"") and "Content-Type" not in refused.headers
    assert refused.headers["X-Rate-Limit-Problem"] == problem
    assert refused.headers.get("Retry-After") == wait
    name = {"minute": "X-MinLimit-Remaining", "day": "X-DayLimit-Remaining"}.get(problem)
    assert name is None or refused.headers[name] == "0"
    assert count(simulator) == 0


@pytest.mark.parametrize("status", [500, 503])
@pytest.mark.parametrize(("when", "left"), [("before", 0), ("after", 1)])
def test_server_errors_are_plain_text_before_or_after_the_commit(simulator, client, status, when, left):
    simulator.fault("status", status=status, when=when, match=PATH)
    refused = put(client)
    assert refused.status_code == status and refused.headers["Content-Type"].startswith("text/plain")
    with pytest.raises(ValueError):
        refused.json()
    assert count(simulator) == left


def test_nothing_changed_may_be_told_by_304_instead_of_an_empty_list(simulator, client):
    simulator.fault("status", status=304, match={"header": {"If-Modified-Since": "."}})
    later = {"If-Modified-Since": "2099-01-01T00:00:00"}
    answer = client.get("/Invoices", headers=later)
    assert (answer.status_code, answer.content, answer.headers.get("Content-Type")) == (304, b"", None)
    usual = client.get("/Invoices", headers=later)
    assert (usual.status_code, usual.json()["Invoices"]) == (200, [])


@pytest.mark.parametrize(
    ("status", "detail"), [(401, "AuthenticationUnsuccessful"), (403, "AuthenticationUnsuccessful")]
)
def test_ordered_refusals_have_xeros_body(simulator, client, status, detail):
    simulator.fault("status", status=status, match=PATH)
    refused = put(client)
    assert (refused.status_code, refused.json()["Detail"]) == (status, detail)


def test_delay_holds_the_answer_and_ends_when_cancelled(simulator, client):
    simulator.fault("delay", seconds=0.4, match=PATH)
    started = time.monotonic()
    assert put(client).status_code == 200
    assert 0.4 <= time.monotonic() - started < 2

    simulator.fault("delay", seconds=60, when="after", match=PATH)
    answers = []
    thread = threading.Thread(target=lambda: answers.append(put(client, "Faulty Two").status_code))
    thread.start()
    simulator.wait_for_call(path="/Contacts$", outcome="under way")
    for _ in range(200):
        if count(simulator) == 2:
            break
    assert count(simulator) == 2 and not answers  # committed, and not told
    simulator.clear_faults()
    thread.join(5)
    assert answers == [200]


def test_a_client_that_gave_up_does_not_stop_the_commit(simulator, client):
    simulator.fault("delay", seconds=0.6, match=PATH)
    url = f"{simulator.url}/api.xro/2.0/Contacts"
    with pytest.raises(requests.ReadTimeout):
        client.session.put(url, json={"Name": "Faulty Ltd"}, timeout=(5, 0.2))
    assert count(simulator) == 0
    until = time.monotonic() + 10
    while count(simulator) == 0 and time.monotonic() < until:
        time.sleep(0.05)
    assert count(simulator) == 1


def test_expire_token_is_for_good(simulator, connect):
    client = connect("NZ")
    simulator.fault("expire_token", match=PATH)
    for _ in range(2):
        refused = put(client)
        assert refused.status_code == 401 and refused.json()["Detail"].startswith("TokenExpired: token expired at ")
    assert count(simulator) == 0
    assert put(connect("NZ")).status_code == 200


@pytest.mark.parametrize(("when", "left"), [("before", 0), ("after", 1)])
def test_html_instead_of_json(simulator, client, when, left):
    simulator.fault("html", when=when, match=PATH)
    answer = put(client)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    assert answer.text.startswith("<!DOCTYPE html>")
    assert count(simulator) == left


def test_html_of_a_proxy_may_have_its_status(simulator, client):
    simulator.fault("html", status=502, when="before", match=PATH)
    assert put(client).status_code == 502


def test_empty_body(simulator, client):
    simulator.fault("empty_body", match=PATH)
    answer = put(client)
    assert (answer.status_code, answer.content, answer.headers["Content-Length"]) == (200, b"", "0")
    assert count(simulator) == 1


def test_huge_body_is_twelve_megabytes_of_sound_json(simulator, client):
    simulator.fault("huge_body", match=PATH)
    answer = put(client)
    assert len(answer.content) > 12 * 1024 * 1024
    assert answer.json()["Contacts"][0]["Name"] == "Faulty Ltd"


def test_unknown_enum_changes_the_elements_and_nothing_else(simulator, client):
    simulator.fault("unknown_enum", field="ContactStatus", value="DORMANT", match={"path": "/Contacts"}, times=2)
    answer = put(client).json()
    assert answer["Contacts"][0]["ContactStatus"] == "DORMANT" and answer["Status"] == "OK"
    assert {each["ContactStatus"] for each in client.get("/Contacts").json()["Contacts"]} == {"DORMANT"}
    assert "DORMANT" not in client.get("/Contacts").text


def test_missing_field_is_left_out_of_the_elements_and_of_nothing_else(simulator, client):
    simulator.fault("missing_field", field="ContactID", match={"path": "/Contacts"})
    answer = put(client).json()
    assert "ContactID" not in answer["Contacts"][0] and answer["Contacts"][0]["Name"] == "Faulty Ltd"
    assert all(each["ContactID"] for each in client.get("/Contacts").json()["Contacts"])


def test_truncated_breaks_the_connection_or_only_the_document(simulator, client):
    simulator.fault("truncated", match={"path": "/Organisation"})
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        client.get("/Organisation")
    simulator.fault("truncated", content_length="cut", match={"path": "/Organisation"})
    answer = client.get("/Organisation")
    assert answer.status_code == 200
    with pytest.raises(ValueError):
        answer.json()


def test_faults_reach_the_token_endpoint_and_connections(simulator, client):
    simulator.fault("status", status=503, match={"path": "/connect/token"})
    simulator.fault("drop_before", match={"path": "^/connections"})
    assert simulator.http("POST", "/connect/token", b"grant_type=refresh_token")[0] == 503
    with pytest.raises(OSError):
        simulator.http("GET", "/connections", headers=dict(client.session.headers))


def test_a_rotation_whose_answer_is_lost_has_happened(simulator):
    value = simulator.token_set(["NZ"])["refresh_token"]
    simulator.fault("drop_after", match={"path": "/connect/token"})
    form = (
        f"grant_type=refresh_token&refresh_token={value}"
        f"&client_id={simulator.client_id}&client_secret={simulator.client_secret}"
    ).encode()
    with pytest.raises(OSError):
        simulator.http("POST", "/connect/token", form)
    assert simulator.http("POST", "/connect/token", form)[0] == 200  # within the grace
    simulator.clock(advance=31 * 60)
    assert simulator.http("POST", "/connect/token", form)[0] == 400
