"""Limits as platform §3 and §11 record them: 60 a minute, 5 at once, 1,000 or 5,000 a day, fixed windows."""

import threading

import pytest


def headers(answer):
    return tuple(int(answer.headers[f"X-{name}Limit-Remaining"]) for name in ("Min", "Day", "AppMin"))


def test_every_answer_tells_what_is_left(client):
    assert headers(client.get("/Organisation")) == (59, 4999, 9999)
    assert headers(client.get("/Nothing")) == (58, 4998, 9998)  # a 404 counts too
    answer = client.get("/Organisation")
    assert headers(answer) == (57, 4997, 9997)
    assert len(answer.headers["Xero-Correlation-Id"]) == 36


def test_the_61st_call_of_a_minute_is_429_with_an_empty_body(simulator, client):
    simulator.clock(freeze=True)
    for _ in range(60):
        answer = client.get("/Organisation")
        assert answer.status_code == 200
    assert headers(answer)[0] == 0
    simulator.clock(advance=34)
    refused = client.get("/Organisation")
    assert refused.status_code == 429
    assert refused.content == b"" and "Content-Type" not in refused.headers
    assert refused.headers["X-Rate-Limit-Problem"] == "minute"
    assert refused.headers["Retry-After"] == "26"
    assert headers(refused) == (0, 4940, 9940)
    simulator.clock(advance=25)
    assert client.get("/Organisation").headers["Retry-After"] == "1"
    simulator.clock(advance=1)
    assert headers(client.get("/Organisation")) == (59, 4939, 9999)


def test_an_address_that_is_too_long_is_not_found(client):
    """XeroAPI/xero-node#404: 52 ids are answered, 53 are not."""
    ids = [f"00000000-0000-0000-0000-{number:012}" for number in range(53)]
    assert client.get("/Invoices", params={"IDs": ",".join(ids[:52])}).json()["Invoices"] == []
    refused = client.get("/Invoices", params={"IDs": ",".join(ids)})
    assert (refused.status_code, refused.content) == (404, b"")


def test_windows_are_per_organisation(simulator, connect):
    client = connect("NZ", tenants=["NZ", "AU"])
    simulator.limits(minute=2)
    assert [client.get("/Organisation").status_code for _ in range(3)] == [200, 200, 429]
    other = {"xero-tenant-id": simulator.tenant_id("AU")}
    assert client.get("/Organisation", headers=other).status_code == 200


def test_the_apps_own_minute_spans_organisations(simulator, connect):
    client = connect("NZ", tenants=["NZ", "AU"])
    simulator.limits(app_minute=2)
    other = {"xero-tenant-id": simulator.tenant_id("AU")}
    assert client.get("/Organisation").status_code == client.get("/Organisation", headers=other).status_code == 200
    refused = client.get("/Organisation")
    assert (refused.status_code, refused.headers["X-Rate-Limit-Problem"]) == (429, "appminute")


@pytest.mark.parametrize(("tier", "limit"), [("starter", 1000), ("core", 5000)])
def test_the_day_is_a_matter_of_the_tier(simulator, connect, tier, limit):
    client = connect("NZ")
    simulator.clock(freeze=True)
    simulator.organisation("NZ", tier=tier)
    assert headers(client.get("/Organisation"))[1] == limit - 1
    simulator.limits(use_up="day", organisation="NZ")
    simulator.clock(advance=3600)
    refused = connect("NZ").get("/Organisation")
    assert (refused.status_code, refused.headers["X-Rate-Limit-Problem"]) == (429, "day")
    assert refused.headers["Retry-After"] == str(23 * 3600)
    assert headers(refused)[1] == 0
    simulator.clock(advance=23 * 3600)
    assert headers(connect("NZ").get("/Organisation"))[1] == limit - 1


def test_the_sixth_call_at_once_is_refused(simulator, connect):
    clients = [connect("NZ") for _ in range(6)]
    simulator.fault("delay", seconds=20, times=5, match={"path": "/Organisation"})
    answers = []
    threads = [
        threading.Thread(target=lambda c=client: answers.append(c.get("/Organisation").status_code))
        for client in clients[:5]
    ]
    for thread in threads:
        thread.start()
    for _ in range(500):
        if simulator.faults()[0]["hits"] == 5:
            break
    refused = clients[5].get("/Organisation")
    assert (refused.status_code, refused.content) == (429, b"")
    assert refused.headers["X-Rate-Limit-Problem"] == "concurrent" and "Retry-After" not in refused.headers
    simulator.clear_faults()
    for thread in threads:
        thread.join(10)
    assert answers == [200] * 5
    assert clients[5].get("/Organisation").status_code == 200


def test_the_limit_comes_before_the_idempotency_store(simulator, client):
    body = {"Name": "Once Ltd"}
    assert client.put("/Contacts", body, key="one").status_code == 200
    simulator.limits(use_up="minute", organisation="NZ")
    assert client.put("/Contacts", body, key="one").status_code == 429
    simulator.clock(advance=60)
    assert client.put("/Contacts", body, key="one").status_code == 200


def test_switched_off_the_limits_never_speak(simulator, client):
    simulator.limits(enforced=False)
    for _ in range(70):
        assert headers(client.get("/Organisation")) == (60, 5000, 10000)


def test_identity_calls_do_not_count(simulator, client):
    simulator.limits(minute=1)
    for _ in range(3):
        assert simulator.token_set(["NZ"])
    assert client.get("/Organisation").status_code == 200
