"""Xero's own SDK as a second client of identity: what it sends is understood, what it reads is what it expects."""

import pytest
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token, TokenApi
from xero_python.identity import IdentityApi

SDK_KEYS = ("access_token", "expires_in", "scope", "token_type", "refresh_token", "id_token")


@pytest.fixture
def sdk(simulator, monkeypatch):
    """(api client, the token set it holds); every token request of the SDK goes to the simulator."""
    monkeypatch.setattr(TokenApi, "refresh_token_url", f"{simulator.url}/connect/token")
    monkeypatch.setattr(TokenApi, "revoke_token_url", f"{simulator.url}/connect/revocation")
    held = {}
    configuration = Configuration(
        oauth2_token=OAuth2Token(client_id=simulator.client_id, client_secret=simulator.client_secret)
    )
    client = ApiClient(configuration, pool_threads=1)
    client.oauth2_token_getter(lambda: dict(held))
    client.oauth2_token_saver(lambda tokens: held.update(tokens))
    tokens = simulator.token_set(["NZ", "AU"])
    # The SDK wants its scopes as a list, and saves none but known keys.
    client.set_oauth2_token({name: tokens[name] for name in SDK_KEYS} | {"scope": tokens["scope"].split()})
    return client, held


def test_connections_are_read_and_deleted(simulator, sdk):
    client, _held = sdk
    api = IdentityApi(client, base_url=simulator.url)
    found = {each.tenant_name: each for each in api.get_connections()}
    nz = found[simulator.organisation("NZ")["name"]]
    assert len(found) == 2
    assert (nz.tenant_id, nz.tenant_type) == (simulator.tenant_id("NZ"), "ORGANISATION")
    assert nz.created_date_utc.year == nz.updated_date_utc.year
    assert [each.id for each in api.get_connections(auth_event_id=nz.auth_event_id)] == [
        each.id for each in api.get_connections()
    ]
    api.delete_connection(nz.id)
    assert [each.tenant_id for each in api.get_connections()] == [simulator.tenant_id("AU")]


def test_tokens_are_refreshed_and_revoked(simulator, sdk):
    client, held = sdk
    before = dict(held)
    client.refresh_oauth2_token()
    assert held["refresh_token"] != before["refresh_token"]
    assert len(IdentityApi(client, base_url=simulator.url).get_connections()) == 2
    client.revoke_oauth2_token()
    assert simulator.control("GET", "connections") == []
