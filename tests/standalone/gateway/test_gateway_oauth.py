"""Consent, exchange, refresh and revocation, with everything the token endpoint may answer."""

import base64
import hashlib
import json
import os
import socket
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import requests
from gateway_peer import answer, hang_up, reset, silence
from hypothesis import given
from hypothesis import strategies as st

from xero import Hosts, errors, oauth

REDIRECT = "https://odoo.example.com/xero/oauth/callback"
CLIENT, SECRET = "client-id-1", "client-secret-é-1"
VERIFIER = "v" * 64


def jwt(**claims):
    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJSUzI1NiJ9.{part}.signature"


ACCESS = jwt(authentication_event_id="event-1", xero_userid="user-1", scope=["openid", "accounting.contacts"])
IDENTITY = jwt(sub="s", email="robin@example.com", given_name="Robin", xero_userid="user-1", nonce="n", family_name=5)
TOKENS = {
    "access_token": ACCESS,
    "refresh_token": "refresh-2",
    "expires_in": 1800,
    "token_type": "Bearer",
    "scope": "openid accounting.contacts",
    "id_token": IDENTITY,
}


@pytest.fixture
def hosts(peer):
    return Hosts.from_base_url(peer.url)


def exchange(hosts, secret=SECRET, timeout=(5, 10)):
    return oauth.exchange(hosts, CLIENT, secret, "code-1", REDIRECT, VERIFIER, timeout=timeout)


def refresh(hosts, secret=SECRET, timeout=(5, 10)):
    return oauth.refresh(hosts, CLIENT, secret, "refresh-1", timeout=timeout)


def revoke(hosts, secret=SECRET, timeout=(5, 10)):
    return oauth.revoke(hosts, CLIENT, secret, "refresh-1", timeout=timeout)


CALLS = [exchange, refresh, revoke]


def test_the_browser_is_sent_to_xero_with_everything_but_the_secret():
    verifier = oauth.new_verifier()
    assert 43 <= len(verifier) <= 128 and verifier != oauth.new_verifier()
    url = urlsplit(oauth.authorization_url(Hosts(), CLIENT, REDIRECT, oauth.SCOPES, "state-1", verifier))
    assert (url.scheme, url.netloc, url.path) == ("https", "login.xero.com", "/identity/connect/authorize")
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    assert dict(parse_qsl(url.query)) == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": REDIRECT,
        "scope": " ".join(oauth.SCOPES),
        "state": "state-1",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    assert verifier not in url.query


def test_with_a_simulator_the_browser_is_sent_there(hosts, peer):
    url = oauth.authorization_url(hosts, CLIENT, REDIRECT, "openid, email", "s", VERIFIER)
    assert url.startswith(f"{peer.url}/identity/connect/authorize?")
    assert parse_qs(urlsplit(url).query)["scope"] == ["openid email"]


def test_a_code_is_exchanged_for_tokens(hosts, peer):
    peer.actions = [answer(200, TOKENS)]
    before = datetime.now(timezone.utc)
    tokens = exchange(hosts)
    (request,) = peer.requests
    assert (request.method, request.path) == ("POST", "/connect/token")
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
    assert request.headers["authorization"] == f"Basic {basic}"
    assert dict(parse_qsl(request.body.decode())) == {
        "grant_type": "authorization_code",
        "code": "code-1",
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    }
    assert (tokens.access_token, tokens.refresh_token) == (ACCESS, "refresh-2")
    assert tokens.scopes == ["openid", "accounting.contacts"]
    assert tokens.expires_at.utcoffset() == timedelta(0)
    assert timedelta(seconds=1795) < tokens.expires_at - before <= timedelta(seconds=1801)
    assert tokens.person == {"sub": "s", "email": "robin@example.com", "given_name": "Robin", "xero_userid": "user-1"}
    assert tokens.authentication_event_id == "event-1" and tokens.claims["xero_userid"] == "user-1"


def test_a_refresh_gives_the_next_refresh_token(hosts, peer):
    peer.actions = [answer(200, TOKENS)]
    assert refresh(hosts).refresh_token == "refresh-2"
    (request,) = peer.requests
    assert dict(parse_qsl(request.body.decode())) == {"grant_type": "refresh_token", "refresh_token": "refresh-1"}
    assert request.headers["authorization"].startswith("Basic ")


def test_a_revocation_sends_the_refresh_token(hosts, peer):
    peer.actions = [answer(200, content_type=None)]
    revoke(hosts)
    (request,) = peer.requests
    assert (request.method, request.path, request.body) == ("POST", "/connect/revocation", b"token=refresh-1")
    assert request.headers["authorization"].startswith("Basic ")


def test_an_app_without_a_secret_names_itself_in_the_body(hosts, peer):
    peer.actions = [answer(200, TOKENS), answer(200, TOKENS), answer(200)]
    for call in CALLS:
        call(hosts, secret=None)
    for request in peer.requests:
        assert parse_qs(request.body.decode())["client_id"] == [CLIENT]
        assert "authorization" not in request.headers


def test_other_scopes_than_asked_are_no_error(hosts, peer):
    """requests-oauthlib raises "Scope has changed" (xero-python-oauth2-starter#39)."""
    peer.actions = [answer(200, {**TOKENS, "scope": "something.else openid"})]
    assert exchange(hosts).scopes == ["something.else", "openid"]


def test_the_process_is_left_as_it_was(hosts, peer):
    before = dict(os.environ)
    peer.actions = [answer(200, TOKENS)]
    refresh(hosts)
    assert dict(os.environ) == before and "OAUTHLIB_INSECURE_TRANSPORT" not in before


PAGE = "<html><body>Bad gateway</body></html>"
REFUSALS = {
    "invalid_grant": (answer(400, {"error": "invalid_grant"}), "reconnect"),
    "invalid_client": (answer(400, {"error": "invalid_client"}), "credentials_wrong"),
    "invalid_client, 401": (answer(401, {"error": "invalid_client"}), "credentials_wrong"),
    "401 without a body": (answer(401), "credentials_wrong"),
    "unauthorized_client": (answer(400, {"error": "unauthorized_client"}), "app_misconfigured"),
    "unsupported_grant_type": (answer(400, {"error": "unsupported_grant_type"}), "app_misconfigured"),
    "invalid_request": (answer(400, {"error": "invalid_request"}), "app_misconfigured"),
    "invalid_scope": (answer(400, {"error": "invalid_scope"}), "scope_refused"),
    "a word nobody knows": (answer(400, {"error": "new_error", "error_description": "Something"}), "app_misconfigured"),
    "400 without a body": (answer(400), "unavailable"),
    "400 with a list": (answer(400, ["invalid_grant"]), "unavailable"),
    "400 with a page": (answer(400, "<html>invalid_grant</html>", content_type="text/html"), "unavailable"),
    "403 of a firewall": (answer(403, PAGE, content_type="text/html"), "unavailable"),
    "404": (answer(404), "unavailable"),
    "429": (answer(429, content_type=None, Retry_After="7"), "rate_limited"),
    "500 that says invalid_grant": (answer(500, {"error": "invalid_grant"}), "unavailable"),
    "502": (answer(502, PAGE, content_type="text/html"), "unavailable"),
    "503": (answer(503, "Not Available", content_type="text/plain"), "unavailable"),
    "redirect": (answer(302, Location="https://example.com/"), "unavailable"),
    "redirect that keeps the body": (answer(307, Location="/elsewhere"), "unavailable"),
    "closed": (hang_up(), "unavailable"),
    "reset": (reset(), "unavailable"),
    "no HTTP": (hang_up(b"SSH-2.0\r\n"), "unavailable"),
    "half an answer": (hang_up(answer(200, TOKENS)[:-30]), "unavailable"),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(("wire", "code"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_becomes_its_exception(hosts, peer, call, wire, code):
    peer.actions = [wire]
    with pytest.raises(errors.XeroError) as caught:
        call(hosts)
    assert caught.value.code == code
    assert len(peer.requests) == 1, "one call is one request"


@pytest.mark.parametrize("call", [exchange, refresh])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        PAGE,
        [],
        "token",
        {"access_token": None},
        {"access_token": ""},
        {"access_token": 5},
        {"token_type": "Bearer"},
        {"access_token": "a\nb"},
        {"access_token": "ключ"},
        b'{"access_token": "',
        b"access_token=x&token_type=bearer",
    ],
)
def test_an_answer_without_a_token_may_be_asked_for_again(hosts, peer, call, body):
    """Xero keeps the previous refresh token alive for 30 minutes for this very case."""
    peer.actions = [answer(200, body)]
    with pytest.raises(errors.Unavailable):
        call(hosts)


@pytest.mark.parametrize(
    ("odd", "seconds"),
    [
        ({"expires_in": "abc"}, 1800),
        ({"expires_in": None}, 1800),
        ({"expires_in": []}, 1800),
        ({"expires_in": "900"}, 900),
        ({"expires_in": 900.9}, 900),
        ({"expires_in": -5}, 0),
        ({"expires_in": 10**12}, 86400),
        ({"scope": 5}, 1800),
        ({"scope": None}, 1800),
        ({"scope": ["openid"]}, 1800),
        ({"token_type": None}, 1800),
        ({"id_token": "x.y.z"}, 1800),
        ({"id_token": 5}, 1800),
        ({"error": "odd"}, 1800),
        ({"expires_at": "x"}, 1800),
        ({"new": {"thing": 1}}, 1800),
    ],
)
def test_a_token_is_not_lost_over_something_strange_beside_it(hosts, peer, odd, seconds):
    """The refresh token has been rotated by now: to stumble here would lose it."""
    peer.actions = [answer(200, {**TOKENS, **odd})]
    before = datetime.now(timezone.utc)
    tokens = refresh(hosts)
    assert (tokens.access_token, tokens.refresh_token) == (ACCESS, "refresh-2")
    assert -5 < (tokens.expires_at - before).total_seconds() - seconds < 5
    assert "openid" in tokens.scopes or odd == {"scope": 5}


def test_without_a_new_refresh_token_the_old_one_stays(hosts, peer):
    peer.actions = [answer(200, {"access_token": "opaque", "token_type": "Bearer"})] * 2
    assert refresh(hosts).refresh_token == "refresh-1"
    tokens = exchange(hosts)
    assert tokens.refresh_token is None and tokens.claims == {} and tokens.authentication_event_id is None


@pytest.mark.parametrize("call", CALLS)
def test_no_connection_is_surely_not_sent(call):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(errors.NotSent):
        call(Hosts.from_base_url(f"http://127.0.0.1:{port}"))


def test_a_time_out_of_a_refresh_may_be_repeated(hosts, peer):
    peer.actions = [silence(2), answer(200, TOKENS)]
    with pytest.raises(errors.Unavailable) as caught:
        refresh(hosts, timeout=(0.3, 0.3))
    assert caught.value.move == "wait"
    assert refresh(hosts).refresh_token == "refresh-2"


@pytest.mark.parametrize(("client", "secret"), [("", SECRET), (None, SECRET), (" ", SECRET), (CLIENT, "")])
def test_empty_credentials_are_not_sent(hosts, peer, client, secret):
    with pytest.raises(errors.CredentialsWrong):
        oauth.refresh(hosts, client, secret, "refresh-1")
    assert not peer.connections


@pytest.mark.parametrize("token", ["", None])
def test_without_a_refresh_token_there_is_nothing_to_refresh(hosts, peer, token):
    with pytest.raises(errors.Reconnect):
        oauth.refresh(hosts, CLIENT, SECRET, token)
    assert not peer.connections


def test_a_proxy_or_netrc_of_the_environment_gets_no_secret(hosts, peer, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text(
        "machine localhost login other password other\nmachine identity.xero.com login other password other\n"
    )
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    peer.actions = [answer(200, TOKENS)]
    refresh(hosts)
    basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
    assert peer.requests[0].headers["authorization"] == f"Basic {basic}"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("access_denied", "consent_denied"),
        ("invalid_scope", "scope_refused"),
        ("temporarily_unavailable", "unavailable"),
        ("server_error", "unavailable"),
        ("unauthorized_client", "app_misconfigured"),
        ("", "app_misconfigured"),
    ],
)
def test_a_consent_that_failed_says_how(error, code):
    assert oauth.consent_error(error, "Why <b>").code == code


@pytest.mark.parametrize(
    "token", [None, "", "x", "a.b", "a.!!!.c", "a.bm90anNvbg.c", f"a.{'W10'}.c", 5, "a." + "é" + ".c"]
)
def test_claims_of_what_is_no_jwt_are_empty(token):
    assert oauth.claims(token) == {}


@given(st.text())
def test_reading_claims_never_raises(text):
    oauth.claims(text)
    oauth.claims(f"a.{text}.c")


@pytest.mark.parametrize(
    ("required", "granted", "missing"),
    [
        (oauth.SCOPES, oauth.SCOPES, []),
        ("accounting.invoices accounting.payments", "accounting.transactions", []),
        ("accounting.banktransactions.read accounting.manualjournals", "accounting.transactions", []),
        ("accounting.invoices.read", "accounting.transactions.read", []),
        ("accounting.invoices", "accounting.transactions.read", ["accounting.invoices"]),
        ("accounting.invoices", "accounting.invoices.read", ["accounting.invoices"]),
        ("accounting.settings.read", "accounting.settings", []),
        ("accounting.contacts", "accounting.transactions", ["accounting.contacts"]),
        ("accounting.reports.balancesheet.read", "accounting.reports.read", []),
        ("accounting.transactions", "accounting.invoices", ["accounting.transactions"]),
        (["openid", "email"], None, ["openid", "email"]),
        ("", "", []),
        ("a,b  a", "b", ["a"]),
    ],
)
def test_missing_scopes_know_old_broad_and_reading_ones(required, granted, missing):
    assert oauth.missing_scopes(required, granted) == missing


def test_every_scope_we_ask_for_says_what_it_opens():
    assert set(oauth.SCOPES) <= set(oauth.OPENS)
    assert oauth.scope_for("Invoices") == oauth.scope_for("CreditNotes/x/Allocations") == "accounting.invoices"
    assert oauth.scope_for("Invoices/x/Attachments") == "accounting.attachments"
    assert oauth.scope_for("Organisation") == "accounting.settings"
    assert oauth.scope_for("Nothing") is None


def test_who_watches_requests_sees_the_true_address(hosts, peer, monkeypatch):
    """Odoo's tests let requests through to this machine alone, by a patch of just this method."""
    seen, send = [], requests.Session.send
    monkeypatch.setattr(
        requests.Session, "send", lambda self, request, **kw: (seen.append(request.url), send(self, request, **kw))[1]
    )
    peer.actions = [answer(200, TOKENS)]
    refresh(hosts)
    assert seen == [f"{peer.url}/connect/token"]
