"""The consent page. Nobody logs in: the page asks who one is, as the simulator has no secrets to guard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from ..core.call import Answer
from ..core.render import page
from .apps import App
from .scopes import BROAD, CLIENT_CREDENTIALS_ONLY, KNOWN, needs_organisation

# Read on Xero's error page, by people who asked for help in public threads.
UNKNOWN_CLIENT = "unauthorised_client : Unknown client or client not enabled"
INVALID_SCOPE = "unauthorized_client : Invalid scope for client"
INVALID_REDIRECT = "unauthorized_client : Invalid redirect_uri"
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class ErrorPage(Exception):
    """Shown to the person, never sent to the redirect URI, which is not trusted yet."""


class Denied(Exception):
    """Sent to the redirect URI as ``error=…``."""

    def __init__(self, description: str | None = None):
        super().__init__(description)
        self.description = description


@dataclass
class Request:
    app: App
    redirect_uri: str
    scopes: list[str]
    state: str | None
    challenge: str | None
    one_organisation_only: bool


def authorize(simulator, request) -> Answer:
    """GET shows the page, its form posts to the same address with ``user``, ``tenant`` (several) and ``decision``."""
    with simulator.world.lock:
        try:
            wanted = _read(simulator, request.args)
        except ErrorPage as problem:
            return _error_page(str(problem))
        try:
            if CLIENT_CREDENTIALS_ONLY & set(wanted.scopes):
                raise Denied("Requested wrong apps scopes")
            if request.method == "POST":
                return _decide(simulator, wanted, request.form)
        except ErrorPage as problem:
            return _error_page(str(problem))
        except Denied as denial:
            return _redirect(wanted, error="access_denied", error_description=denial.description)
        return _consent_page(simulator, wanted)


def _read(simulator, args) -> Request:
    app = simulator.world.apps.get(args.get("client_id", ""))
    if not app:
        raise ErrorPage(UNKNOWN_CLIENT)
    redirect_uri = args.get("redirect_uri", "")
    if not app.allows_redirect(redirect_uri):
        raise ErrorPage(INVALID_REDIRECT)
    if args.get("response_type") != "code":
        raise ErrorPage("unsupported_response_type")  # (text not verified)
    return Request(
        app,
        redirect_uri,
        _scopes(app, args.get("scope", "")),
        args.get("state"),
        _challenge(app, args),
        "bulk_connect:false" in args.get("acr_values", "").split(),
    )


def _scopes(app, text) -> list[str]:
    scopes = list(dict.fromkeys(text.split()))
    if not scopes:
        raise ErrorPage("invalid_request : Missing scope")  # (text not verified)
    if app.granular_only and BROAD & set(scopes):
        raise ErrorPage(UNKNOWN_CLIENT)
    if set(scopes) - KNOWN - CLIENT_CREDENTIALS_ONLY:
        raise ErrorPage(INVALID_SCOPE)
    return scopes


def _challenge(app, args) -> str | None:
    challenge = args.get("code_challenge")
    if not challenge:
        if app.client_secret is None:
            raise ErrorPage("invalid_request : code challenge required")  # (text not verified)
        return None
    # The method's default is "plain" by RFC 7636, which Xero does not offer.
    if args.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(challenge):
        raise ErrorPage("invalid_request : Invalid code challenge")  # (text not verified)
    return challenge


def _decide(simulator, wanted, form) -> Answer:
    if form.get("decision") != "allow":
        raise Denied
    identity = simulator.identity
    user = next((user for user in identity.users if user.id == form.get("user")), identity.users[0])
    offered = {organisation.tenant_id for organisation in _offered(simulator)}
    tenants = [tenant for tenant in dict.fromkeys(form.getlist("tenant")) if tenant in offered]
    if needs_organisation(wanted.scopes) and not tenants:
        return _consent_page(simulator, wanted, problem="Select an organisation to connect.")
    if wanted.one_organisation_only and len(tenants) > 1:
        return _consent_page(simulator, wanted, problem="This app connects one organisation at a time.")
    if identity.over_connection_limit(wanted.app, user, tenants):
        raise ErrorPage(
            f"Sorry! {wanted.app.name} has reached their Xero connection limit, please let them know so they can "
            "connect more Xero organisations."
        )
    code = identity.grant(wanted.app, user, wanted.scopes, tenants, wanted.redirect_uri, wanted.challenge)
    return _redirect(wanted, code=code, scope=" ".join(wanted.scopes))


def _offered(simulator):
    return [organisation for organisation in simulator.world.organisations.values() if organisation.available]


def _consent_page(simulator, wanted, problem=None) -> Answer:
    identity = simulator.identity
    connected = {
        organisation.tenant_id: [
            user.name for user in identity.users if identity.connection_of(wanted.app, user, organisation.tenant_id)
        ]
        for organisation in _offered(simulator)
    }
    body = page(
        "consent.html",
        wanted=wanted,
        users=identity.users,
        organisations=_offered(simulator),
        connected=connected,
        pick=needs_organisation(wanted.scopes),
        problem=problem,
    )
    # Xero's consent page cannot be put in a frame.
    headers = {"X-Frame-Options": "DENY", "Content-Security-Policy": "frame-ancestors 'none'"}
    return Answer(200, body, headers, "text/html; charset=utf-8")


def _error_page(text) -> Answer:
    # People who asked for help call it "a 500 error page"; the status of the response itself is not verified.
    return Answer(500, page("identity_error.html", text=text), {}, "text/html; charset=utf-8")


def _redirect(wanted, **params) -> Answer:
    params["state"] = wanted.state
    query = urlencode({key: value for key, value in params.items() if value is not None})
    joint = "&" if "?" in wanted.redirect_uri else "?"
    return Answer(302, None, {"Location": f"{wanted.redirect_uri}{joint}{query}"})
