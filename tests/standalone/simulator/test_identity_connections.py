"""``/connections``, and what a call of the API needs to be let in (platform §1, OpenAPI of the identity service)."""

import json
import re

import pytest

KIM = "7d6c1f0e-3c1b-4a52-9d57-5b1e3a0c0002"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def connections(simulator, tokens, **query):
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    status, _headers, body = simulator.http("GET", "/connections", query=query or None, headers=headers)
    assert status == 200
    return json.loads(body)


def delete(simulator, tokens, connection_id):
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    return simulator.http("DELETE", f"/connections/{connection_id}", headers=headers)


def test_each_connection_has_the_documented_members(simulator):
    [found] = connections(simulator, simulator.token_set(["NZ"]))
    organisation = simulator.organisation("NZ")
    assert set(found) == {
        "id",
        "authEventId",
        "tenantId",
        "tenantType",
        "tenantName",
        "createdDateUtc",
        "updatedDateUtc",
    }
    assert (found["tenantId"], found["tenantName"]) == (organisation["tenant_id"], organisation["name"])
    assert found["tenantType"] == "ORGANISATION"
    assert GUID.fullmatch(found["id"]) and GUID.fullmatch(found["authEventId"]) and found["id"] != found["tenantId"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}", found["createdDateUtc"])


def test_the_event_of_a_consent_selects_what_was_picked_in_it(simulator):
    simulator.token_set(["NZ", "AU"])
    tokens = simulator.token_set(["AU", "GB"])
    everything = connections(simulator, tokens)
    assert len(everything) == 3
    [nz] = [each for each in everything if each["tenantId"] == simulator.tenant_id("NZ")]
    [gb] = [each for each in everything if each["tenantId"] == simulator.tenant_id("GB")]
    picked = {each["tenantId"] for each in connections(simulator, tokens, authEventId=gb["authEventId"])}
    assert picked == {simulator.tenant_id("AU"), simulator.tenant_id("GB")}
    assert [each["id"] for each in connections(simulator, tokens, authEventId=nz["authEventId"])] == [nz["id"]]


def test_reconnecting_keeps_the_connection_and_moves_its_date(simulator):
    simulator.clock(freeze=True)
    [before] = connections(simulator, simulator.token_set(["NZ"]))
    simulator.clock(advance=60)
    [after] = connections(simulator, simulator.token_set(["NZ"]))
    assert (after["id"], after["createdDateUtc"]) == (before["id"], before["createdDateUtc"])
    assert after["updatedDateUtc"] > before["updatedDateUtc"]
    assert after["authEventId"] != before["authEventId"]


def test_delete_takes_one_organisation_and_leaves_the_tokens(simulator, connect):
    client = connect("NZ", tenants=["NZ", "AU"])
    [nz] = [each for each in connections(simulator, client.tokens) if each["tenantId"] == client.tenant_id]
    status, _headers, body = delete(simulator, client.tokens, nz["id"])
    assert (status, body) == (204, b"")
    assert delete(simulator, client.tokens, nz["id"])[0] == 404
    refused = client.get("/Organisation")
    assert refused.status_code == 403
    assert refused.json()["Detail"] == "AuthenticationUnsuccessful" and refused.json()["Title"] == "Forbidden"
    other = client.get("/Organisation", headers={"xero-tenant-id": simulator.tenant_id("AU")})
    assert other.status_code == 200


def test_the_tenants_id_is_no_connection_id(simulator):
    tokens = simulator.token_set(["NZ"])
    assert delete(simulator, tokens, simulator.tenant_id("NZ"))[0] == 404
    assert len(connections(simulator, tokens)) == 1


def test_another_users_connections_are_out_of_reach(simulator):
    url = simulator.authorize_url("http://localhost:8069/xero/oauth/callback")
    simulator.consent(url, ["AU"], user=KIM)
    [kims] = simulator.control("GET", "connections")
    tokens = simulator.token_set(["NZ"])
    assert [each["tenantId"] for each in connections(simulator, tokens)] == [simulator.tenant_id("NZ")]
    assert delete(simulator, tokens, kims["id"])[0] == 404


def test_a_renamed_organisation_is_listed_under_its_new_name(simulator):
    tokens = simulator.token_set(["NZ"])
    simulator.organisation("NZ", name="Renamed Ltd")
    assert connections(simulator, tokens)[0]["tenantName"] == "Renamed Ltd"


def test_disconnected_in_xero_means_403(simulator, client):
    assert client.get("/Organisation").status_code == 200
    simulator.organisation("NZ", disconnect=True)
    assert client.get("/Organisation").status_code == 403
    assert connections(simulator, client.tokens) == []


@pytest.mark.parametrize("path", ["/connections", "/api.xro/2.0/Organisation"])
@pytest.mark.parametrize("authorization", [None, "Bearer nonsense", "Basic abc"])
def test_no_or_a_bad_token_is_401(simulator, path, authorization):
    headers = {"Authorization": authorization} if authorization else {}
    status, _headers, body = simulator.http("GET", path, headers=headers)
    refusal = json.loads(body)
    assert GUID.fullmatch(refusal.pop("Instance"))
    assert (status, refusal) == (
        401,
        {
            "Type": None,
            "Title": "Unauthorized",
            "Status": 401,
            "Detail": "AuthenticationUnsuccessful",
            "Extensions": {},
        },
    )


def test_an_expired_token_says_so(simulator, client):
    simulator.clock(freeze="2026-11-21T00:00:00Z")
    fresh = simulator.token_set(["NZ"])["access_token"]
    headers = {"Authorization": f"Bearer {fresh}"}
    simulator.clock(advance=1799)
    assert client.get("/Organisation", headers=headers).status_code == 200
    simulator.clock(advance=1)
    refused = client.get("/Organisation", headers=headers)
    assert refused.status_code == 401
    assert refused.json()["Detail"] == "TokenExpired: token expired at 21/11/2026 00:30:00"


def test_a_missing_tenant_header_or_one_not_connected_is_403(simulator, client):
    for tenant in ("", simulator.tenant_id("US"), "11111111-1111-1111-1111-111111111111"):
        refused = client.get("/Organisation", headers={"xero-tenant-id": tenant})
        assert (refused.status_code, refused.json()["Detail"]) == (403, "AuthenticationUnsuccessful")
