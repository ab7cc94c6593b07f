"""What was granted: codes, tokens and connections. Every lifetime counts on the world's clock."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .apps import App, User, preset_apps, preset_users
from .jwt import Signer, half_hash

CODE_LIFE = timedelta(minutes=5)
ID_TOKEN_LIFE = timedelta(minutes=5)
ACCESS_LIFE = timedelta(seconds=1800)
REFRESH_LIFE = timedelta(days=60)
GRACE = timedelta(minutes=30)  # the previous refresh token works on for this long after its first use


@dataclass(eq=False)
class Session:
    """One consent: all tokens that descend from it share it."""

    app: App
    user: User
    scopes: frozenset[str]
    event_id: str
    authenticated: datetime
    id: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass(eq=False)
class Code:
    session: Session
    redirect_uri: str
    challenge: str | None
    expires: datetime
    used: bool = False


@dataclass(eq=False)
class AccessToken:
    session: Session
    expires: datetime


@dataclass(eq=False)
class RefreshToken:
    session: Session
    issued: datetime
    rotated: datetime | None = None

    def alive(self, now: datetime) -> bool:
        return now < self.issued + REFRESH_LIFE and (self.rotated is None or now < self.rotated + GRACE)


@dataclass(eq=False)
class Connection:
    """One organisation that a user opened to an app; ``id`` is not the tenant's."""

    id: str
    app: App
    user: User
    tenant_id: str
    event_id: str
    created: datetime
    updated: datetime


class InvalidGrant(Exception):
    """The code or refresh token is wrong, used, expired, revoked or another app's."""


class IdentityStore:
    """Callers hold ``world.lock``."""

    def __init__(self, world):
        self.world = world
        self.signer = Signer()
        world.on_reset(self.clear)
        world.keeps(self, "users", "codes", "access_tokens", "refresh_tokens", "connections", "granted")

    def clear(self) -> None:
        self.world.apps.clear()
        self.world.apps.update({app.client_id: app for app in preset_apps()})
        self.users = preset_users()
        self.codes: dict[str, Code] = {}
        self.access_tokens: dict[str, AccessToken] = {}
        self.refresh_tokens: dict[str, RefreshToken] = {}
        self.connections: dict[str, Connection] = {}
        self.granted: dict[tuple[str, str], frozenset[str]] = {}  # (client id, user id) -> API scopes so far

    # consent

    def grant(self, app, user, scopes, tenant_ids, redirect_uri, challenge) -> str:
        """Connect the organisations and return a code. Scopes only ever add up, until the grant is revoked."""
        now = self.world.clock.now()
        before = self.granted.get((app.client_id, user.id), frozenset())
        scopes = frozenset(scopes) | before
        self.granted[app.client_id, user.id] = scopes - {"offline_access"}
        session = Session(app, user, scopes, str(uuid.uuid4()), now)
        for tenant_id in tenant_ids:
            self._connect(session, tenant_id, now)
        code = secrets.token_urlsafe(32)
        self.codes[code] = Code(session, redirect_uri, challenge, now + CODE_LIFE)
        return code

    def _connect(self, session, tenant_id, now):
        known = self.connection_of(session.app, session.user, tenant_id)
        if known:
            known.event_id, known.updated = session.event_id, now
        else:
            new = Connection(str(uuid.uuid4()), session.app, session.user, tenant_id, session.event_id, now, now)
            self.connections[new.id] = new

    def over_connection_limit(self, app, user, tenant_ids) -> bool:
        if app.connection_limit is None:
            return False
        fresh = [tenant for tenant in tenant_ids if not self.connection_of(app, user, tenant)]
        used = sum(connection.app is app for connection in self.connections.values())
        return used + len(fresh) > app.connection_limit

    # tokens

    def redeem(self, app, code: str, redirect_uri: str, verify) -> Session:
        """Exchange a code, once. ``verify(challenge)`` judges the PKCE verifier. :raise InvalidGrant:"""
        found = self.codes.get(code)
        if not found or found.used or found.session.app is not app or self.world.clock.now() >= found.expires:
            raise InvalidGrant
        if found.redirect_uri != redirect_uri or not verify(found.challenge):
            raise InvalidGrant
        found.used = True
        return found.session

    def rotate(self, app, value: str) -> Session:
        """Use a refresh token; it dies 30 minutes after its first use. :raise InvalidGrant:"""
        now = self.world.clock.now()
        found = self.refresh_tokens.get(value)
        if not found or found.session.app is not app or not found.alive(now):
            raise InvalidGrant
        found.rotated = found.rotated or now
        return found.session

    def token_set(self, session: Session, issuer: str, with_id_token: bool) -> dict:
        """The token endpoint's answer. The expiry of the refresh token is never told, as at Xero."""
        now = self.world.clock.now()
        access = self.signer.sign(self._access_claims(session, issuer, now))
        self._forget_expired(now)
        self.access_tokens[access] = AccessToken(session, now + ACCESS_LIFE)
        answer = {
            "access_token": access,
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "token_type": "Bearer",
            "scope": " ".join(sorted(session.scopes)),
        }
        if with_id_token and "openid" in session.scopes:
            answer["id_token"] = self.signer.sign(self._id_claims(session, issuer, now, access))
        if "offline_access" in session.scopes:
            answer["refresh_token"] = secrets.token_urlsafe(32)
            self.refresh_tokens[answer["refresh_token"]] = RefreshToken(session, now)
        return answer

    def revoke(self, app, value: str) -> None:
        """Take back everything this user gave this app; an unknown token is no error (RFC 7009)."""
        found = self.refresh_tokens.get(value)
        if not found or found.session.app is not app:
            return
        user = found.session.user

        def kept(entry):
            return not (entry.session.app is app and entry.session.user is user)

        self.refresh_tokens = {key: token for key, token in self.refresh_tokens.items() if kept(token)}
        self.codes = {key: code for key, code in self.codes.items() if kept(code)}
        self.granted.pop((app.client_id, user.id), None)
        for connection in list(self.connections_of(app, user)):
            del self.connections[connection.id]

    def _forget_expired(self, now):
        if len(self.access_tokens) > 1000:
            day = timedelta(days=1)  # long enough for a late call to hear "expired" rather than "unknown"
            self.access_tokens = {key: tok for key, tok in self.access_tokens.items() if now < tok.expires + day}

    # connections

    def connection_of(self, app, user, tenant_id) -> Connection | None:
        return next((c for c in self.connections_of(app, user) if c.tenant_id == tenant_id), None)

    def connections_of(self, app, user):
        return (c for c in self.connections.values() if c.app is app and c.user is user)

    def disconnect_tenant(self, tenant_id: str) -> int:
        """What happens when somebody disconnects every app in Xero's own settings; the number of connections lost."""
        lost = [connection.id for connection in self.connections.values() if connection.tenant_id == tenant_id]
        for connection_id in lost:
            del self.connections[connection_id]
        return len(lost)

    # claims

    @staticmethod
    def _access_claims(session, issuer, now):
        return {
            "nbf": _epoch(now),
            "exp": _epoch(now + ACCESS_LIFE),
            "iss": issuer,
            "aud": f"{issuer}/resources",
            "client_id": session.app.client_id,
            "sub": session.user.id.replace("-", ""),
            "auth_time": _epoch(session.authenticated),
            "idp": "local",
            "xero_userid": session.user.id,
            "global_session_id": session.id,
            "jti": secrets.token_hex(16),
            "authentication_event_id": session.event_id,
            "scope": sorted(session.scopes),
            "amr": ["pwd"],
        }

    @staticmethod
    def _id_claims(session, issuer, now, access):
        claims = {
            "nbf": _epoch(now),
            "exp": _epoch(now + ID_TOKEN_LIFE),
            "iss": issuer,
            "aud": session.app.client_id,
            "iat": _epoch(now),
            "at_hash": half_hash(access),
            "sid": session.id,
            "sub": session.user.id.replace("-", ""),
            "auth_time": _epoch(session.authenticated),
            "idp": "local",
            "xero_userid": session.user.id,
            "global_session_id": session.id,
            "amr": ["pwd"],
        }
        if "profile" in session.scopes:
            claims |= {
                "preferred_username": session.user.email,
                "given_name": session.user.given_name,
                "family_name": session.user.family_name,
            }
        if "email" in session.scopes:
            claims["email"] = session.user.email
        return claims


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())
