"""Token, revocation and discovery endpoints. Every refusal is HTTP 400 ``{"error": "…"}`` and no description."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from urllib.parse import unquote_plus

from ..core.call import Answer
from .jwt import b64
from .scopes import BROAD, KNOWN
from .store import InvalidGrant


class Refused(Exception):
    """``str()`` is the OAuth error code."""


def token(simulator, request) -> Answer:
    """POST, form-encoded; the app's id and secret as Basic authorization or in the body."""
    with simulator.world.lock:
        try:
            return _json(_token(simulator, request))
        except Refused as problem:
            return _json({"error": str(problem)}, 400)
        except InvalidGrant:
            return _json({"error": "invalid_grant"}, 400)


def revocation(simulator, request) -> Answer:
    """POST ``token=<refresh token>``: 200 and an empty body; the user's connections to the app go with it."""
    with simulator.world.lock:
        try:
            app = _app(simulator, request)
            if not request.form.get("token"):
                raise Refused("invalid_request")
        except Refused as problem:
            return _json({"error": str(problem)}, 400)
        simulator.identity.revoke(app, request.form["token"])
        return Answer(200)


def discovery(simulator, request) -> Answer:
    base = request.host_url.rstrip("/")
    return Answer(
        200,
        {
            "issuer": base,
            "jwks_uri": f"{base}/.well-known/openid-configuration/jwks",
            "authorization_endpoint": f"{base}/identity/connect/authorize",
            "token_endpoint": f"{base}/connect/token",
            "revocation_endpoint": f"{base}/connect/revocation",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        },
    )


def key_set(simulator, request) -> Answer:
    return Answer(200, simulator.identity.signer.key_set())


def _token(simulator, request) -> dict:
    app = _app(simulator, request)
    form, identity = request.form, simulator.identity
    issuer = request.host_url.rstrip("/")
    grant_type = form.get("grant_type")
    if grant_type == "authorization_code":
        session = identity.redeem(
            app,
            form.get("code", ""),
            form.get("redirect_uri", ""),
            lambda challenge: _proves(challenge, form.get("code_verifier")),
        )
        return identity.token_set(session, issuer, with_id_token=True)
    if grant_type == "refresh_token":
        _check_scope(app, form)
        session = identity.rotate(app, form.get("refresh_token", ""))
        return identity.token_set(session, issuer, with_id_token=True)
    if grant_type == "client_credentials":  # Custom Connections only, which these apps are not
        raise Refused("unauthorized_client")
    raise Refused("unsupported_grant_type" if grant_type else "invalid_request")


def _app(simulator, request):
    """:raise Refused: invalid_request when no id came, invalid_client (400, not 401) when id and secret do not fit"""
    client_id, secret = _credentials(request)
    if not client_id:
        raise Refused("invalid_request")
    app = simulator.world.apps.get(client_id)
    if not app or not hmac.compare_digest((app.client_secret or "").encode(), (secret or "").encode()):
        raise Refused("invalid_client")
    return app


def _credentials(request):
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return request.form.get("client_id"), request.form.get("client_secret")
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as problem:
        raise Refused("invalid_request") from problem
    # RFC 6749 §2.3.1: both are form-encoded before they are joined.
    return unquote_plus(client_id), unquote_plus(secret)


def _check_scope(app, form):
    asked = set(form.get("scope", "").split())
    if asked - KNOWN or (app.granular_only and asked & BROAD):
        raise Refused("invalid_scope")


def _proves(challenge, verifier) -> bool:
    if challenge is None:
        return True
    if not verifier or not 43 <= len(verifier) <= 128:
        return False
    return hmac.compare_digest(b64(hashlib.sha256(verifier.encode()).digest()), challenge)


def _json(body, status=200) -> Answer:
    return Answer(status, body, {"Cache-Control": "no-store, no-cache, max-age=0", "Pragma": "no-cache"})
