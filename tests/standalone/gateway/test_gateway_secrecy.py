"""No secret reaches a log, a ``repr``, an exception or what a traceback prints of it."""

import logging
import traceback
from urllib.parse import parse_qsl

import pytest
from gateway_peer import answer, hang_up

from xero import Gateway, Hosts, errors, oauth
from xero.redact import clean

ACCESS = "eyJhbGciOiJSUzI1NiJ9.QUNDRVNT.c2ln"
OPAQUE = "opaque-access-token-4711"
REFRESH, NEXT = "refresh-token-0815", "next-refresh-token-0816"
SECRET, CODE, VERIFIER = "client-secret-4242", "authorization-code-99", "verifier-" + "v" * 50
SECRETS = (ACCESS, OPAQUE, REFRESH, NEXT, SECRET, CODE, VERIFIER, "ZXJ-name-of-a-customer")
TOKENS = {"access_token": ACCESS, "refresh_token": NEXT, "expires_in": 1800, "token_type": "Bearer", "id_token": ACCESS}


@pytest.fixture
def everything_logged(caplog):
    """All loggers at DEBUG, as somebody does who looks for a fault."""
    caplog.set_level(logging.DEBUG)
    for name in (
        "requests_oauthlib",
        "requests_oauthlib.oauth2_session",
        "oauthlib",
        "urllib3",
        "requests",
        "xero_python",
        "xero",
        "oauthlib.oauth2.rfc6749.clients.base",
    ):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


def assert_silent(text):
    assert not [secret for secret in SECRETS if secret in text]


def token_calls(hosts):
    yield lambda: oauth.exchange(hosts, "client", SECRET, CODE, "https://x/y", VERIFIER, timeout=(5, 10))
    yield lambda: oauth.refresh(hosts, "client", SECRET, REFRESH, timeout=(5, 10))
    yield lambda: oauth.revoke(hosts, "client", SECRET, REFRESH, timeout=(5, 10))


def test_tokens_are_not_logged(peer, everything_logged):
    hosts = Hosts.from_base_url(peer.url)
    peer.actions = [answer(200, TOKENS)] * 3
    for call in token_calls(hosts):
        call()
    assert len(peer.requests) == 3 and everything_logged.records
    assert_silent(everything_logged.text)


def echo(status, **more):
    """An answer that repeats the whole request, as a page for a developer does."""

    def act(connection, request):
        said = f"{dict(parse_qsl(request.body.decode()))} {request.body} {request.headers} {SECRET} {ACCESS}"
        connection.sendall(answer(status, {"error_description": said, "Detail": said, "Message": said, **more}))

    return act


@pytest.mark.parametrize(
    "wire",
    [
        echo(400, error="invalid_grant"),
        echo(400, error="odd"),
        echo(400),
        echo(401),
        echo(429),
        echo(500),
        echo(503),
        echo(200, access_token=5),
        hang_up(),
        lambda *call: hang_up(call[1].body)(*call),
    ],
)
def test_a_refused_token_call_gives_nothing_away(peer, everything_logged, wire):
    hosts = Hosts.from_base_url(peer.url)
    for call in token_calls(hosts):
        peer.actions = [wire]
        with pytest.raises(errors.XeroError) as caught:
            call()
            raise errors.Unavailable("a revocation only looks at the status")
        assert_silent(str(caught.value) + repr(caught.value) + caught.value.detail + repr(vars(caught.value)))
        assert_silent("".join(traceback.format_exception(caught.value)))
    assert_silent(everything_logged.text)


def test_calls_are_logged_in_one_line_without_token_or_content(peer, everything_logged):
    peer.actions = [
        answer(200, {"Contacts": [{"Name": SECRETS[-1]}]}, Xero_Correlation_Id="c-1", X_MinLimit_Remaining="58"),
        answer(200, {"Contacts": [{"Name": SECRETS[-1]}]}),
        hang_up(),
    ]
    with Gateway(Hosts.from_base_url(peer.url), OPAQUE, "tenant", timeout=(5, 10)) as gateway:
        gateway.write("Contacts", [{"Name": SECRETS[-1]}], "key-1")
        gateway.get("Contacts")
        with pytest.raises(errors.InDoubt):
            gateway.write("Contacts", [{"Name": SECRETS[-1]}], "key-2")
    ours = [record for record in everything_logged.records if record.name.startswith("xero.")]
    assert len(ours) == 3 and {record.levelno for record in ours} == {logging.DEBUG}
    assert "POST Contacts: 200" in ours[0].getMessage() and "left 58/min" in ours[0].getMessage()
    assert "c-1" in ours[0].getMessage() and "sent=True" in ours[2].getMessage()
    assert_silent(everything_logged.text)


def test_a_where_clause_is_not_in_our_log(peer, everything_logged):
    peer.actions = [answer(200, {"Contacts": []})]
    with Gateway(Hosts.from_base_url(peer.url), OPAQUE, "tenant", timeout=(5, 10)) as gateway:
        gateway.get("Contacts", where=f'Name=="{SECRETS[-1]}"')
    assert_silent(
        "".join(record.getMessage() for record in everything_logged.records if record.name.startswith("xero."))
    )


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_a_refused_call_gives_nothing_away(peer, everything_logged, status):
    text = f"Bearer {OPAQUE} was sent, {OPAQUE}, {ACCESS}, access_token={OPAQUE}, 'refresh_token': '{REFRESH}'"
    bodies = [{"Detail": text}, {"Message": text, "Elements": [{"ValidationErrors": [{"Message": text}]}]}, text]
    peer.actions = [answer(status, body) for body in bodies]
    with Gateway(Hosts.from_base_url(peer.url), OPAQUE, "tenant", timeout=(5, 10)) as gateway:
        for _each in bodies:
            with pytest.raises(errors.XeroError) as caught:
                gateway.write("Contacts", [{}], "key-1")
            assert_silent(str(caught.value) + repr(caught.value) + caught.value.detail)
            assert_silent("".join(traceback.format_exception(caught.value)))
        assert_silent(repr(gateway) + str(gateway))
    assert_silent(everything_logged.text)


def test_the_sdk_may_not_refresh(peer):
    """A token that the SDK rotated behind our back would be lost."""
    peer.actions = [answer(401, {"Detail": "TokenExpired: x"})]
    with Gateway(Hosts.from_base_url(peer.url), OPAQUE, "tenant", timeout=(5, 10)) as gateway:
        with pytest.raises(errors.TokenExpired):
            gateway.get("Contacts")
        client = gateway._transport._client
        token = client.configuration.oauth2_token
        assert not token.can_refresh_access_token() and token.client_secret is None and token.refresh_token is None
        assert not client.refresh_oauth2_token()
        with pytest.raises(RuntimeError):
            client.set_oauth2_token({})
    assert [request.path for request in peer.requests] == ["/api.xro/2.0/Contacts"]


def test_two_gateways_do_not_share_a_token(peer):
    peer.actions = [answer(200, {"Contacts": []})] * 3
    hosts = Hosts.from_base_url(peer.url)
    first, second = Gateway(hosts, "first-token", "t1"), Gateway(hosts, "second-token", "t2")
    for gateway in (first, second, first):
        gateway.get("Contacts")
    assert [(request.headers["authorization"], request.headers["xero-tenant-id"]) for request in peer.requests] == [
        ("Bearer first-token", "t1"),
        ("Bearer second-token", "t2"),
        ("Bearer first-token", "t1"),
    ]


def test_a_token_set_shows_no_secret():
    tokens = oauth.TokenSet(ACCESS, REFRESH, None, ["openid"], {"email": SECRETS[-1]})
    assert_silent(repr(tokens) + str(tokens) + f"{tokens}")
    assert "openid" in repr(tokens)


def test_what_is_said_is_cleaned():
    assert clean(f"a {OPAQUE} b", [OPAQUE]) == "a *** b"
    assert clean("Authorization: Bearer abcdef123456") == "Authorization: Bearer ***"
    assert clean('{"refresh_token":"abc"}') == '{"refresh_token":"***"}'
    assert clean("Account code '200' is not a valid code for this document.", ["200"]) == (
        "Account code '200' is not a valid code for this document."
    )
    assert clean("a\r\n\tb\x00c\x1b[31m") == "a b c [31m"
    assert clean(None) == clean("") == ""
