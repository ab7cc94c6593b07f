"""Who is calling: bearer token, tenant, scope; each refusal as Xero words it."""

from __future__ import annotations

from ..core.errors import Forbidden, InsufficientScope, Unauthorized
from .scopes import sufficient
from .store import AccessToken


def find_token(identity, request) -> AccessToken | None:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return identity.access_tokens.get(value.strip()) if scheme.lower() == "bearer" else None


def authenticate(identity, request) -> AccessToken:
    """:raise Unauthorized: no token, an unknown one, or an expired one"""
    token = find_token(identity, request)
    if not token:
        raise Unauthorized("AuthenticationUnsuccessful")
    if identity.world.clock.now() >= token.expires:
        raise Unauthorized(f"TokenExpired: token expired at {token.expires:%d/%m/%Y %H:%M:%S}")
    return token


def tenant_of(identity, token, request):
    """The organisation that the header names. :raise Forbidden: no header, or this user did not connect it"""
    tenant_id = request.headers.get("xero-tenant-id", "").strip().lower()
    connected = identity.connection_of(token.session.app, token.session.user, tenant_id)
    organisation = identity.world.organisations.get(tenant_id)
    if not connected or not organisation:
        raise Forbidden("AuthenticationUnsuccessful")
    return organisation


def check_scope(token, method: str, path: str) -> None:
    """:raise InsufficientScope:"""
    needed = sufficient(method, path)
    if needed is not None and not needed & token.session.scopes:
        raise InsufficientScope
