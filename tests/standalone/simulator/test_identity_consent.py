"""The consent page: what it shows, how it is answered, and every way it refuses (platform §1)."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from simulator.process import SimulatorError

CALLBACK = "http://localhost:8069/xero/oauth/callback"
LEGACY = "5A170000000000000000000000001E6A"


def page(simulator, **changes):
    url = simulator.authorize_url(changes.pop("redirect_uri", CALLBACK), **changes)
    status, headers, body = simulator.http("GET", url)
    return status, headers, body.decode()


def query(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_page_shows_app_scopes_and_every_organisation(simulator):
    status, headers, body = page(simulator, scope="openid accounting.contacts.read")
    assert status == 200
    assert "Demo App wants access" in body
    assert "accounting.contacts.read" in body
    for organisation in simulator.organisations():
        assert organisation["tenant_id"] in body and organisation["name"].replace("&", "&amp;") in body
    assert headers["X-Frame-Options"] == "DENY"


def test_allow_comes_back_with_code_and_the_state_as_it_was(simulator):
    state = 'a b&c=<"d">+é'
    back = simulator.consent(simulator.authorize_url(CALLBACK, state=state), ["NZ"])
    assert back.startswith(CALLBACK + "?")
    assert query(back)["state"] == state
    assert len(query(back)["code"]) > 20


def test_cancel_comes_back_denied_and_without_a_code(simulator):
    back = query(simulator.consent(simulator.authorize_url(CALLBACK, state="s"), allow=False))
    assert back == {"error": "access_denied", "state": "s"}
    assert simulator.control("GET", "connections") == []


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"client_id": "0" * 32}, "unauthorised_client : Unknown client or client not enabled"),
        ({"scope": "openid accounting.everything"}, "unauthorized_client : Invalid scope for client"),
        ({"scope": "openid accounting.transactions"}, "unauthorised_client : Unknown client or client not enabled"),
        ({"redirect_uri": "http://localhost:8069/elsewhere"}, "unauthorized_client : Invalid redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1:8069/xero/oauth/callback"}, "unauthorized_client : Invalid redirect_uri"),
        ({"redirect_uri": "https://localhost/xero/oauth/callback"}, "unauthorized_client : Invalid redirect_uri"),
        ({"redirect_uri": CALLBACK + "/more"}, "unauthorized_client : Invalid redirect_uri"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": "x" * 43}, "Invalid code challenge"),
        ({"scope": ""}, "Missing scope"),
    ],
)
def test_wrong_requests_end_on_a_page_and_never_redirect(simulator, changes, text):
    status, headers, body = page(simulator, **changes)
    assert (status, headers["Location"]) == (500, None)
    assert "Sorry, something went wrong" in body and text in body


def test_a_posted_decision_is_checked_like_the_page(simulator):
    with pytest.raises(SimulatorError, match="Invalid redirect_uri"):
        simulator.consent(simulator.authorize_url("https://evil.example/cb"), ["NZ"])


def test_apps_from_before_march_2026_may_still_ask_for_broad_scopes(simulator):
    status, _headers, body = page(simulator, client_id=LEGACY, scope="openid accounting.transactions")
    assert status == 200 and "accounting.transactions" in body


def test_app_connections_is_no_scope_for_a_browser(simulator):
    _status, headers, _body = page(simulator, scope="app.connections")
    assert query(headers["Location"])["error"] == "access_denied"
    assert query(headers["Location"])["error_description"] == "Requested wrong apps scopes"


def test_redirect_to_any_localhost_port_is_accepted(simulator):
    uri = "http://localhost:34567/xero/oauth/callback"
    assert simulator.consent(simulator.authorize_url(uri), ["NZ"]).startswith(uri)


def test_redirect_uris_are_registered_by_the_rules_of_the_developer_site(simulator):
    app = simulator.register_app(redirect_uris=["https://erp.example.com/xero/oauth/callback"])
    url = simulator.authorize_url("https://erp.example.com/xero/oauth/callback", client_id=app["client_id"])
    assert simulator.consent(url, ["NZ"]).startswith("https://erp.example.com/xero/oauth/callback?code=")
    for refused in ("http://127.0.0.1:8069/cb", "http://erp.example.com/cb", "https://erp.example.com/cb#part", "/cb"):
        with pytest.raises(SimulatorError, match="redirect URI"):
            simulator.register_app(redirect_uris=[refused])


def test_nothing_is_granted_before_an_organisation_is_chosen(simulator):
    with pytest.raises(SimulatorError, match="Select an organisation to connect"):
        simulator.consent(simulator.authorize_url(CALLBACK), tenants=[])
    assert simulator.control("GET", "connections") == []


def test_signing_in_alone_needs_no_organisation(simulator):
    url = simulator.authorize_url(CALLBACK, scope="openid profile email")
    assert "code" in query(simulator.consent(url, tenants=[]))


def test_several_organisations_at_once_unless_bulk_connect_is_off(simulator):
    simulator.consent(simulator.authorize_url(CALLBACK), ["NZ", "AU"])
    assert len(simulator.control("GET", "connections")) == 2
    single = simulator.authorize_url(CALLBACK, acr_values="bulk_connect:false")
    assert re.search(r'type="radio"', simulator.http("GET", single)[2].decode())
    with pytest.raises(SimulatorError, match="one organisation at a time"):
        simulator.consent(single, ["GB", "US"])
    simulator.consent(single, ["GB"])
    assert len(simulator.control("GET", "connections")) == 3


def test_connection_limit_of_the_app_is_told_in_xeros_words(simulator):
    simulator.register_app(client_id=simulator.client_id, connection_limit=1)
    simulator.consent(simulator.authorize_url(CALLBACK), ["NZ"])
    with pytest.raises(SimulatorError, match="Sorry! Demo App has reached their Xero connection limit"):
        simulator.consent(simulator.authorize_url(CALLBACK), ["AU"])
    simulator.consent(simulator.authorize_url(CALLBACK), ["NZ"])  # reconnecting takes no further place


def test_names_are_escaped(simulator):
    simulator.register_app(client_id=simulator.client_id, name="<script>alert(1)</script>")
    simulator.organisation("NZ", name="<b>Bold & Co</b>")
    _status, _headers, body = page(simulator)
    assert "<script>" not in body and "<b>" not in body
    assert "&lt;b&gt;Bold &amp; Co&lt;/b&gt;" in body


def test_an_organisation_that_was_taken_away_is_not_offered(simulator):
    tenant_id = simulator.tenant_id("AU")
    simulator.take_away("AU")
    assert tenant_id not in page(simulator)[2]
    with pytest.raises(SimulatorError, match="Select an organisation"):
        simulator.consent(simulator.authorize_url(CALLBACK), [tenant_id])
