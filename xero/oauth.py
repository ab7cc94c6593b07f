"""Consent, code exchange, refresh and revocation, with ``requests-oauthlib`` on our own wire.

Source: developer.xero.com, guides/oauth2 (auth-flow, pkce-flow, troubleshooting).

Three habits of that library are turned off here, without touching the process's environment:

* it wants https: it is always told Xero's own addresses, and the session below takes them to the simulator if need be;
* it raises a ``Warning`` when the granted scopes differ from the asked ones (normal at Xero, where scopes add up): it
  is not told which were asked;
* it logs requests, secrets and tokens at DEBUG: these lines are dropped.
"""

import base64
import io
import json
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from secrets import token_urlsafe
from urllib.parse import urlencode

import urllib3
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient
from requests import RequestException
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from . import errors
from .hosts import Hosts
from .judge import correlation_id, failure, parse
from .limits import parse_limits
from .redact import clean
from .scopes import OPENS, SCOPES, missing_scopes, parse_scopes, scope_for
from .wire import Raw, Wire, WireError

__all__ = [
    "OPENS",
    "SCOPES",
    "TokenSet",
    "authorization_url",
    "claims",
    "consent_error",
    "exchange",
    "missing_scopes",
    "new_verifier",
    "parse_scopes",
    "refresh",
    "revoke",
    "scope_for",
]

XERO = Hosts()
LIFETIME = 1800  # seconds; Xero's own number, for an answer that forgets to say
PERSON = ("sub", "xero_userid", "email", "given_name", "family_name", "preferred_username")


class _NoDebug(logging.Filter):
    """Drops the lines of a library that would carry secrets, whatever level somebody has set."""

    def filter(self, record):
        return record.levelno >= logging.WARNING


logging.getLogger("requests_oauthlib.oauth2_session").addFilter(_NoDebug())


@dataclass(frozen=True)
class TokenSet:
    """What the token endpoint gives. Its ``repr`` shows no secret.

    :ivar access_token: good until ``expires_at``
    :ivar refresh_token: good for 60 days and replaced at every refresh; ``None`` without ``offline_access``
    :ivar expires_at: aware, UTC, reckoned from before the request left
    :ivar scopes: granted scopes
    :ivar person: of the id token, as far as present: ``sub, xero_userid, email, given_name, family_name,
        preferred_username``; empty after a refresh without id token
    """

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime
    scopes: list = field(default_factory=list)
    person: dict = field(default_factory=dict, repr=False)

    @property
    def claims(self):
        """The access token's claims, see :func:`claims`."""
        return claims(self.access_token)

    @property
    def authentication_event_id(self):
        """Names this very consent; ``GET /connections?authEventId=`` lists only what was picked in it.

        :rtype: str | None
        """
        value = self.claims.get("authentication_event_id")
        return value if isinstance(value, str) else None


def claims(token):
    """The claims of a JWT, unverified: it came from Xero over TLS, and nothing is granted on the strength of it.

    :param str | None token:
    :return: dict, empty when the token is none that can be read
    """
    try:
        part = token.split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (AttributeError, IndexError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def new_verifier():
    """A PKCE code verifier (86 characters; RFC 7636 allows 43 to 128). Keep it with the state; it is a secret.

    :rtype: str
    """
    return token_urlsafe(64)


def authorization_url(hosts, client_id, redirect_uri, scopes, state, code_verifier):
    """Where to send the person's browser.

    :param Hosts hosts:
    :param str client_id: of the app at Xero
    :param str redirect_uri: exactly as registered there
    :param scopes: what to ask for, as :func:`.scopes.parse_scopes` takes it
    :param str state: unguessable, single-use
    :param str code_verifier: from :func:`new_verifier`; only its S256 challenge goes into the address
    :rtype: str
    """
    client = WebApplicationClient(client_id)
    session = OAuth2Session(client=client, redirect_uri=redirect_uri, scope=parse_scopes(scopes))
    challenge = client.create_code_challenge(code_verifier, "S256")
    url, _state = session.authorization_url(
        XERO.authorize_url, state=state, code_challenge=challenge, code_challenge_method="S256"
    )
    return hosts.authorize_url + url.removeprefix(XERO.authorize_url)


def consent_error(error, description=""):
    """The exception for a callback that came back with ``?error=``.

    :param str error: e.g. ``access_denied``
    :rtype: XeroError
    """
    detail = clean(f"{error} {description}".strip())
    kind = {
        "access_denied": errors.ConsentDenied,
        "invalid_scope": errors.ScopeRefused,
        "temporarily_unavailable": errors.Unavailable,
        "server_error": errors.Unavailable,
    }.get(error, errors.AppMisconfigured)
    return kind(detail)


def exchange(hosts, client_id, client_secret, code, redirect_uri, code_verifier, timeout=(5, 30)):
    """The code of a callback for a first set of tokens. The code works once, within five minutes.

    :param str | None client_secret: ``None`` for an app of the PKCE kind
    :rtype: TokenSet
    :raises Reconnect: the code is used, expired, or of another redirect URI
    :raises CredentialsWrong: see :func:`refresh`; so are the other exceptions
    """
    with _Session(hosts, client_id, client_secret, timeout, (code, code_verifier), redirect_uri) as session:
        return session.tokens(session.fetch_token, code=code, code_verifier=code_verifier)


def refresh(hosts, client_id, client_secret, refresh_token, timeout=(5, 30)):
    """A new set of tokens for a refresh token. Store the new one before using it: it replaces the old one.

    A call whose answer was lost raises :class:`.errors.Unavailable` and may simply be repeated with the same
    refresh token: Xero accepts the previous one for 30 minutes for this very case.

    :rtype: TokenSet
    :raises Reconnect: ``invalid_grant``: the authorisation is gone
    :raises CredentialsWrong: client id or secret
    :raises AppMisconfigured: the app may not do this (:class:`.errors.ScopeRefused` when it is about a scope)
    :raises RetryLater: no answer, none that can be read, 5xx, 429
    """
    if not refresh_token:
        raise errors.Reconnect("no refresh token")
    with _Session(hosts, client_id, client_secret, timeout, (refresh_token,)) as session:
        body = "" if client_secret else urlencode({"client_id": client_id})
        return session.tokens(session.refresh_token, refresh_token=refresh_token, body=body)


def revoke(hosts, client_id, client_secret, refresh_token, timeout=(5, 30)):
    """Ends the authorisation at Xero, with *all* organisations that this person connected to the app.

    :raises Reconnect, CredentialsWrong, AppMisconfigured, RetryLater: see :func:`refresh`; may be repeated
    """
    with _Session(hosts, client_id, client_secret, timeout, (refresh_token,)) as session:
        session.revoke(refresh_token)


class _Adapter(BaseAdapter):
    """Carries the library's requests over our wire."""

    def __init__(self, wire):
        super().__init__()
        self.wire = wire

    def send(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None):
        body = request.body.encode() if isinstance(request.body, str) else request.body
        raw = self.wire.send(request.method, request.url, dict(request.headers), body)
        headers = {name: value for name, value in raw.headers.items() if name != "content-encoding"}
        answer = urllib3.HTTPResponse(io.BytesIO(raw.data), headers, raw.status, preload_content=False)
        return HTTPAdapter().build_response(request, answer)

    def close(self):
        self.wire.close()


class _Session(OAuth2Session):
    """One conversation with the token endpoint, in which everything that goes wrong is one of our exceptions."""

    def __init__(self, hosts, client_id, client_secret, timeout, secrets, redirect_uri=None):
        if not (client_id or "").strip() or client_secret == "":
            raise errors.CredentialsWrong("client id or client secret is empty")
        super().__init__(client_id, redirect_uri=redirect_uri)
        self.trust_env = False  # no proxy, no .netrc that would put another password into the header
        self._ways = {XERO.token_url: hosts.token_url, XERO.revocation_url: hosts.revocation_url}
        self.adapters.clear()
        adapter = _Adapter(Wire(hosts, timeout))
        self.mount("https://", adapter)
        self.mount("http://", adapter)
        self._secrets = (*secrets, client_secret)
        self._basic = client_secret and HTTPBasicAuth(client_id.encode(), client_secret.encode())
        self._started = datetime.now(timezone.utc)
        for hook in ("access_token_response", "refresh_token_response"):
            self.register_compliance_hook(hook, self._judge)

    def send(self, request, **kwargs):
        """Here, past the library's insistence on https, the request takes the way to the simulator if there is one."""
        request.url = self._ways[request.url]
        return super().send(request, **kwargs)

    def get_redirect_target(self, resp):
        """A redirect would carry the secrets elsewhere: it is an answer like any other, and a wrong one."""
        return None

    def tokens(self, method, **kwargs):
        """``method(token_url, **kwargs)`` of the library, as a :class:`TokenSet`."""
        if method == self.fetch_token:
            kwargs["include_client_id"] = not self._basic
        answer = self._talk(lambda: method(XERO.token_url, auth=self._basic, **kwargs))
        return _token_set(answer, self._started)

    def revoke(self, refresh_token):
        data = {"token": refresh_token}
        if not self._basic:
            data["client_id"] = self.client_id
        response = self._talk(lambda: self.post(XERO.revocation_url, data=data, auth=self._basic, withhold_token=True))
        if response.status_code != 200:
            raise _token_error(_raw(response), self._secrets)

    def _talk(self, say):
        try:
            return say()
        except WireError as error:
            kind = errors.TlsFailed if error.tls else errors.Unavailable if error.sent else errors.NotSent
            raise kind(clean(error.reason, self._secrets)) from None
        except (OAuth2Error, RequestException, Warning, ValueError) as error:
            # what the library makes of a strange answer; its text may quote the answer, so it does not get out
            raise errors.Unavailable(f"unexpected answer: {type(error).__name__}") from None

    def _judge(self, response):
        """Before the library reads an answer: anything but a set of tokens is an exception, and only what is known and
        well-formed goes on. It would otherwise stumble over a strange lifetime, and a rotated token be lost."""
        raw = _raw(response)
        if raw.status != 200:
            raise _token_error(raw, self._secrets)
        body = parse(raw)
        token = (body or {}).get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token.strip():
            raise errors.Unavailable("the answer holds no token", **_facts(raw))
        known = {"access_token": token, "token_type": "Bearer", "expires_in": _lifetime(body.get("expires_in"))}
        for name in ("refresh_token", "id_token"):
            if isinstance(body.get(name), str) and body[name]:
                known[name] = body[name]
        known["scope"] = " ".join(parse_scopes(body.get("scope") or claims(token).get("scope")))
        response._content = json.dumps(known).encode()  # as the library's own compliance fixes do
        return response


def _raw(response):
    return Raw(response.status_code, {name.lower(): text for name, text in response.headers.items()}, response.content)


def _facts(raw):
    return {"status": raw.status, "correlation_id": correlation_id(raw), "limits": parse_limits(raw.headers)}


TOKEN_ERRORS = {
    "invalid_grant": errors.Reconnect,
    "invalid_client": errors.CredentialsWrong,
    "unauthorized_client": errors.AppMisconfigured,
    "unsupported_grant_type": errors.AppMisconfigured,
    "invalid_request": errors.AppMisconfigured,
    "invalid_scope": errors.ScopeRefused,
}


def _token_error(raw, secrets):
    """The exception for a refusal. ``Reconnect`` stops a connection, so only Xero's own word for it leads there."""
    if raw.status == 429 or raw.status >= 500:
        return failure(raw, write=False, secrets=secrets)
    body = parse(raw) or {}
    word = str(body.get("error") or "").strip().lower()
    detail = clean(f"{word} {body.get('error_description') or ''}".strip(), secrets)
    kind = TOKEN_ERRORS.get(word)
    if kind is None:
        if raw.status == 401:
            kind = errors.CredentialsWrong
        else:
            # a page of a proxy, a redirect, a word nobody knows: no reason to throw an authorisation away
            kind = errors.AppMisconfigured if word else errors.Unavailable
    return kind(detail, **_facts(raw))


def _lifetime(value):
    try:
        return min(max(int(value), 0), 86400)
    except (TypeError, ValueError, OverflowError):
        return LIFETIME


def _token_set(answer, started):
    identity = claims(answer.get("id_token"))
    return TokenSet(
        access_token=answer["access_token"],
        refresh_token=answer.get("refresh_token"),
        expires_at=started + timedelta(seconds=answer.get("expires_in") or 0),
        scopes=parse_scopes(answer.get("scope")),
        person={key: identity[key] for key in PERSON if isinstance(identity.get(key), str)},
    )
