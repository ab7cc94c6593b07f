"""Idempotency-Key: six minutes, errors too, one request per key, a duplicate under way waits (platform §4)."""

import threading

import pytest
import requests


def names(simulator):
    return sorted(contact["Name"] for contact in simulator.books("NZ", "Contacts", searchTerm="Idem")["Contacts"])


def test_the_first_answer_is_replayed(simulator, client):
    first = client.put("/Contacts", {"Name": "Idem Ltd"}, key="k1")
    again = client.put("/Contacts", {"Name": "Idem Ltd"}, key="k1")
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert first.headers["Xero-Correlation-Id"] != again.headers["Xero-Correlation-Id"]
    assert names(simulator) == ["Idem Ltd"]


def test_errors_are_replayed_too(simulator, client):
    refused = client.put("/Contacts", {"Name": ""}, key="k1")
    assert refused.status_code == 400 and refused.json()["ErrorNumber"] == 10
    assert client.put("/Contacts", {"Name": ""}, key="k1").content == refused.content


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/Contacts", {"Name": "Idem Other"}),
        ("POST", "/Contacts", {"Name": "Idem Ltd"}),
        ("PUT", "/Contacts?summarizeErrors=false", {"Name": "Idem Ltd"}),
        ("PUT", "/Invoices", {"Name": "Idem Ltd"}),
    ],
)
def test_a_key_belongs_to_one_request(simulator, client, method, path, body):
    client.put("/Contacts", {"Name": "Idem Ltd"}, key="k1")
    refused = client.call(method, path, body, key="k1")
    assert refused.status_code == 400
    assert "Idempotency Key: k1 is used with a different request." in refused.text
    assert names(simulator) == ["Idem Ltd"]


def test_a_key_lives_six_minutes_from_the_first_call(simulator, client):
    simulator.clock(freeze=True)
    body = {"Name": "Idem Ltd"}
    first = client.put("/Contacts", body, key="k1")
    simulator.clock(advance=300)
    assert client.put("/Contacts", body, key="k1").content == first.content
    simulator.clock(advance=59)  # the replay did not prolong it
    assert client.put("/Contacts", body, key="k1").content == first.content
    simulator.clock(advance=1)
    assert client.put("/Contacts", body, key="k1").status_code == 400  # the name is taken: Xero really tried


def test_keys_of_two_organisations_are_strangers(simulator, connect):
    client = connect("NZ", tenants=["NZ", "AU"])
    body = {"Name": "Idem Ltd"}
    first = client.put("/Contacts", body, key="k1")
    other = client.put("/Contacts", body, key="k1", headers={"xero-tenant-id": simulator.tenant_id("AU")})
    assert other.json()["Contacts"][0]["ContactID"] != first.json()["Contacts"][0]["ContactID"]


def test_a_key_may_have_128_characters(simulator, client):
    assert client.put("/Contacts", {"Name": "Idem Ltd"}, key="k" * 128).status_code == 200
    refused = client.put("/Contacts", {"Name": "Idem Two"}, key="k" * 129)
    assert refused.status_code == 400 and "128" in refused.text
    assert names(simulator) == ["Idem Ltd"]


def test_a_get_has_no_use_for_a_key(client):
    before = client.get("/Contacts", headers={"Idempotency-Key": "k1"}).json()["Contacts"]
    client.put("/Contacts", {"Name": "Idem Ltd"})
    after = client.get("/Contacts", headers={"Idempotency-Key": "k1"}).json()["Contacts"]
    assert len(after) == len(before) + 1


def test_duplicates_at_once_are_one(simulator, connect):
    """Four at once: one is done, all hear its answer."""
    clients = [connect("NZ") for _ in range(4)]
    answers, start = [], threading.Barrier(4)

    def send(client):
        start.wait()
        answers.append(client.put("/Contacts", {"Name": "Idem Ltd"}, key="k1").content)

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(answers) == 4 and len(set(answers)) == 1
    assert names(simulator) == ["Idem Ltd"]


def test_after_a_lost_answer_the_same_key_brings_it_back(simulator, client):
    simulator.fault("drop_after", match={"method": "PUT", "path": "/Contacts"})
    with pytest.raises(requests.ConnectionError):
        client.put("/Contacts", {"Name": "Idem Ltd"}, key="k1")
    assert names(simulator) == ["Idem Ltd"]
    answer = client.put("/Contacts", {"Name": "Idem Ltd"}, key="k1")
    assert answer.status_code == 200
    assert names(simulator) == ["Idem Ltd"]


def test_a_call_that_never_arrived_does_not_use_its_key_up(simulator, client):
    simulator.fault("drop_before", match={"method": "PUT", "path": "/Contacts"})
    simulator.fault("status", status=500, match={"method": "PUT", "path": "/Contacts"}, skip=1)
    with pytest.raises(requests.ConnectionError):
        client.put("/Contacts", {"Name": "Idem Ltd"}, key="k1")
    assert client.put("/Contacts", {"Name": "Idem Ltd"}, key="k1").status_code == 500
    assert names(simulator) == []
    assert client.put("/Contacts", {"Name": "Idem Ltd"}, key="k1").status_code == 200
