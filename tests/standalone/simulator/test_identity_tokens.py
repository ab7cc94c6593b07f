"""Codes and tokens: lifetimes, rotation with its grace, PKCE, exact refusals (platform §1)."""

import base64
import hashlib
import json
import os
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from requests_oauthlib import OAuth2Session

CALLBACK = "http://localhost:8069/xero/oauth/callback"
PKCE_APP = "5A1700000000000000000000000091CE"
LEGACY_APP = ("5A170000000000000000000000001E6A", "simulator-secret-of-the-legacy-app-0123456789abcde")
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def code_of(simulator, **more):
    back = simulator.consent(simulator.authorize_url(more.pop("redirect_uri", CALLBACK), **more), ["NZ"])
    return parse_qs(urlsplit(back).query)["code"][0]


def token(simulator, form, basic=None, credentials=True):
    headers = {}
    if basic:
        headers["Authorization"] = "Basic " + base64.b64encode(":".join(basic).encode()).decode()
    elif credentials:
        form = {"client_id": simulator.client_id, "client_secret": simulator.client_secret, **form}
    status, _headers, body = simulator.http("POST", "/connect/token", urlencode(form).encode(), headers=headers)
    return status, json.loads(body)


def exchange(simulator, code, **more):
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    return token(simulator, {**form, **more})


def refresh(simulator, value):
    return token(simulator, {"grant_type": "refresh_token", "refresh_token": value})


INVALID_GRANT = (400, {"error": "invalid_grant"})


def test_requests_oauthlib_gets_through_consent_exchange_and_refresh(simulator, monkeypatch):
    monkeypatch.setitem(os.environ, "OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setitem(os.environ, "OAUTHLIB_RELAX_TOKEN_SCOPE", "1")
    session = OAuth2Session(simulator.client_id, redirect_uri=CALLBACK, scope=simulator.scopes.split(), pkce="S256")
    session.trust_env = False
    url, state = session.authorization_url(f"{simulator.url}/identity/connect/authorize")
    back = simulator.consent(url, ["NZ"])
    tokens = session.fetch_token(
        f"{simulator.url}/connect/token", authorization_response=back, client_secret=simulator.client_secret
    )
    assert parse_qs(urlsplit(back).query)["state"] == [state]
    assert tokens["token_type"] == "Bearer" and tokens["expires_in"] == 1800
    connections = session.get(f"{simulator.url}/connections").json()
    assert [each["tenantId"] for each in connections] == [simulator.tenant_id("NZ")]
    auth = (simulator.client_id, simulator.client_secret)
    renewed = session.refresh_token(f"{simulator.url}/connect/token", auth=auth)
    assert renewed["refresh_token"] != tokens["refresh_token"]
    assert session.get(f"{simulator.url}/connections").status_code == 200
    session.close()


def test_a_code_works_once(simulator):
    code = code_of(simulator)
    assert exchange(simulator, code)[0] == 200
    assert exchange(simulator, code) == INVALID_GRANT


def test_a_code_lives_five_minutes(simulator):
    simulator.clock(freeze=True)
    young, old = code_of(simulator), code_of(simulator)
    simulator.clock(advance=299)
    assert exchange(simulator, young)[0] == 200
    simulator.clock(advance=1)
    assert exchange(simulator, old) == INVALID_GRANT


def test_a_code_is_bound_to_its_redirect_uri_and_its_app(simulator):
    code = code_of(simulator)
    assert exchange(simulator, code, redirect_uri="http://localhost:1/xero/oauth/callback") == INVALID_GRANT
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    assert token(simulator, form, basic=LEGACY_APP) == INVALID_GRANT
    assert exchange(simulator, code)[0] == 200


def test_pkce_verifier_must_fit_the_challenge(simulator):
    def started():
        return code_of(simulator, code_challenge=CHALLENGE, code_challenge_method="S256")

    assert exchange(simulator, started()) == INVALID_GRANT
    assert exchange(simulator, started(), code_verifier="w" * 64) == INVALID_GRANT
    assert exchange(simulator, started(), code_verifier=VERIFIER)[0] == 200


def test_a_verifier_shorter_than_43_characters_is_refused(simulator):
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"short").digest()).rstrip(b"=").decode()
    code = code_of(simulator, code_challenge=challenge, code_challenge_method="S256")
    assert exchange(simulator, code, code_verifier="short") == INVALID_GRANT


def test_a_pkce_app_has_no_secret_and_must_bring_a_challenge(simulator):
    url = simulator.authorize_url(CALLBACK, client_id=PKCE_APP)
    assert "code challenge required" in simulator.http("GET", url)[2].decode()
    code = code_of(simulator, client_id=PKCE_APP, code_challenge=CHALLENGE, code_challenge_method="S256")
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "client_id": PKCE_APP}
    assert token(simulator, {**form, "client_secret": "x"}, credentials=False) == (400, {"error": "invalid_client"})
    status, tokens = token(simulator, {**form, "code_verifier": VERIFIER}, credentials=False)
    assert status == 200
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": PKCE_APP}
    assert token(simulator, form, credentials=False)[0] == 200


@pytest.mark.parametrize(
    ("basic", "error"),
    [
        (("5A17000000000000000000000000DE40", "wrong"), "invalid_client"),
        (("nobody", "simulator-secret-of-the-demo-app-0123456789abcdef"), "invalid_client"),
        (("", ""), "invalid_request"),
    ],
)
def test_wrong_credentials_are_400_and_never_401(simulator, basic, error):
    form = {"grant_type": "refresh_token", "refresh_token": "x"}
    assert token(simulator, form, basic=basic) == (400, {"error": error})


def test_requests_that_are_no_token_requests(simulator):
    basic = (simulator.client_id, simulator.client_secret)
    assert token(simulator, {"grant_type": "refresh_token"}, credentials=False) == (400, {"error": "invalid_request"})
    status, _headers, body = simulator.http("POST", "/connect/token", {"grant_type": "refresh_token"})
    assert (status, json.loads(body)) == (400, {"error": "invalid_request"})  # a JSON body
    assert token(simulator, {}, basic=basic) == (400, {"error": "invalid_request"})
    assert token(simulator, {"grant_type": "password"}, basic=basic) == (400, {"error": "unsupported_grant_type"})
    assert token(simulator, {"grant_type": "client_credentials"}, basic=basic) == (
        400,
        {"error": "unauthorized_client"},
    )
    form = {"grant_type": "refresh_token", "refresh_token": "x", "scope": "accounting.transactions"}
    assert token(simulator, form, basic=basic) == (400, {"error": "invalid_scope"})
    assert refresh(simulator, "never-issued") == INVALID_GRANT
    assert exchange(simulator, "never-issued") == INVALID_GRANT


def test_access_token_is_a_signed_jwt_with_xeros_claims(simulator):
    tokens = simulator.token_set(["NZ", "AU"])
    keys = jwt.PyJWKClient(f"{simulator.url}/.well-known/openid-configuration/jwks")
    key = keys.get_signing_key_from_jwt(tokens["access_token"]).key
    claims = jwt.decode(tokens["access_token"], key, ["RS256"], audience=f"{simulator.url}/resources")
    assert claims["client_id"] == simulator.client_id
    assert claims["exp"] - claims["nbf"] == 1800
    assert sorted(claims["scope"]) == sorted(simulator.scopes.split()) == sorted(tokens["scope"].split())
    needed = "nbf exp iss aud client_id sub auth_time idp xero_userid global_session_id jti scope amr"
    assert set(needed.split()) <= set(claims)
    header = {"Authorization": f"Bearer {tokens['access_token']}"}
    _status, _headers, body = simulator.http("GET", "/connections", headers=header)
    assert {each["authEventId"] for each in json.loads(body)} == {claims["authentication_event_id"]}


def test_id_token_tells_who_consented(simulator):
    tokens = simulator.token_set(["NZ"])
    key = jwt.PyJWKClient(f"{simulator.url}/.well-known/openid-configuration/jwks")
    key = key.get_signing_key_from_jwt(tokens["id_token"]).key
    claims = jwt.decode(tokens["id_token"], key, ["RS256"], audience=simulator.client_id)
    assert claims["exp"] - claims["nbf"] == 300
    assert (claims["email"], claims["given_name"]) == ("robin@example.com", "Robin")
    assert "authentication_event_id" not in claims
    digest = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def test_id_token_holds_no_more_than_its_scopes(simulator):
    tokens = simulator.token_set(["NZ"], scope="openid accounting.contacts")
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert not {"email", "given_name", "preferred_username"} & set(claims)


def test_without_openid_there_is_no_id_token(simulator):
    assert "id_token" not in simulator.token_set(["NZ"], scope="accounting.contacts")


def test_a_refresh_token_comes_with_offline_access_only(simulator):
    assert "refresh_token" not in simulator.token_set(["NZ"], scope="openid accounting.contacts")
    assert "refresh_token" in simulator.token_set(["NZ"], scope="openid offline_access accounting.contacts")
    assert "refresh_token" not in simulator.token_set(["NZ"], scope="openid accounting.contacts")


def test_rotation_leaves_the_previous_token_thirty_minutes(simulator):
    simulator.clock(freeze=True)
    first = simulator.token_set(["NZ"])["refresh_token"]
    status, second = refresh(simulator, first)
    assert status == 200 and second["refresh_token"] != first
    simulator.clock(advance=30 * 60 - 1)
    status, again = refresh(simulator, first)  # the answer was lost, say
    assert status == 200 and again["refresh_token"] not in (first, second["refresh_token"])
    simulator.clock(advance=1)  # counted from the first use, however often it was used since
    assert refresh(simulator, first) == INVALID_GRANT
    assert refresh(simulator, second["refresh_token"])[0] == 200
    assert refresh(simulator, again["refresh_token"])[0] == 200


def test_an_unused_refresh_token_dies_after_sixty_days(simulator):
    simulator.clock(freeze=True)
    first = simulator.token_set(["NZ"])["refresh_token"]
    second = refresh(simulator, first)[1]["refresh_token"]
    simulator.clock(advance=60 * 86400 - 1)
    third = refresh(simulator, second)[1]["refresh_token"]
    simulator.clock(advance=60 * 86400)
    assert refresh(simulator, third) == INVALID_GRANT


def test_a_refresh_token_is_bound_to_its_app(simulator):
    value = simulator.token_set(["NZ"])["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": value}
    assert token(simulator, form, basic=LEGACY_APP) == INVALID_GRANT


def test_revocation_takes_connections_and_refresh_tokens(simulator, connect):
    client = connect("NZ", tenants=["NZ", "AU"])
    value = client.tokens["refresh_token"]
    form = {"token": value, "client_id": simulator.client_id, "client_secret": "wrong"}
    status, _headers, body = simulator.http("POST", "/connect/revocation", urlencode(form).encode())
    assert (status, json.loads(body)) == (400, {"error": "invalid_client"})
    assert len(simulator.control("GET", "connections")) == 2

    form["client_secret"] = simulator.client_secret
    status, _headers, body = simulator.http("POST", "/connect/revocation", urlencode(form).encode())
    assert (status, body) == (200, b"")
    assert simulator.control("GET", "connections") == []
    assert refresh(simulator, value) == INVALID_GRANT
    assert client.get("/Organisation").status_code == 403
    status, _headers, body = simulator.http("POST", "/connect/revocation", urlencode(form).encode())
    assert (status, body) == (200, b"")  # once more is no error


def test_revocation_is_about_one_user_of_one_app(simulator):
    mine = simulator.token_set(["NZ"])
    url = simulator.authorize_url(CALLBACK)
    simulator.consent(url, ["NZ"], user="7d6c1f0e-3c1b-4a52-9d57-5b1e3a0c0002")
    form = {"token": mine["refresh_token"], "client_id": simulator.client_id, "client_secret": simulator.client_secret}
    simulator.http("POST", "/connect/revocation", urlencode(form).encode())
    assert [each["user"] for each in simulator.control("GET", "connections")] == ["Kim Okafor"]


def test_scopes_add_up_until_the_grant_is_revoked(simulator):
    simulator.token_set(["NZ"], scope="accounting.contacts")
    tokens = simulator.token_set(["NZ"], scope="offline_access accounting.settings.read")
    assert set(tokens["scope"].split()) == {"offline_access", "accounting.contacts", "accounting.settings.read"}
    form = {
        "token": tokens["refresh_token"],
        "client_id": simulator.client_id,
        "client_secret": simulator.client_secret,
    }
    simulator.http("POST", "/connect/revocation", urlencode(form).encode())
    assert simulator.token_set(["NZ"], scope="accounting.settings.read")["scope"] == "accounting.settings.read"


def test_discovery_document_names_the_endpoints(simulator):
    _status, _headers, body = simulator.http("GET", "/.well-known/openid-configuration")
    document = json.loads(body)
    assert document["token_endpoint"] == f"{simulator.url}/connect/token"
    assert document["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "client_secret_post"]
    assert document["authorization_endpoint"] == f"{simulator.url}/identity/connect/authorize"
