"""Control of what Xero's developer site and its "connected apps" page would do."""

from __future__ import annotations

import secrets

from werkzeug.exceptions import BadRequest

from ..identity.apps import App, redirect_problem
from ..web import json_body

SETTABLE = {"name", "client_secret", "redirect_uris", "granular_only", "connection_limit"}


def apps(simulator, request):
    """GET lists the apps. POST ``{"client_id": …, …}`` registers one or changes a known one; without a client id both
    id and secret are made. ``"pkce": true`` makes an app without a secret. ``add_redirect_uri`` keeps the others."""
    if request.method == "POST":
        with simulator.world.lock:
            return _shown(_register(simulator, json_body(request)))
    return [_shown(app) for app in simulator.world.apps.values()]


def connections(simulator, request):
    """Every connection of every app and user."""
    with simulator.world.lock:
        return [
            {
                "id": connection.id,
                "app": connection.app.name,
                "client_id": connection.app.client_id,
                "user": connection.user.name,
                "tenantId": connection.tenant_id,
                "tenantName": simulator.world.organisations[connection.tenant_id].name,
                "authEventId": connection.event_id,
            }
            for connection in simulator.identity.connections.values()
        ]


def _register(simulator, wanted) -> App:
    unknown = set(wanted) - SETTABLE - {"client_id", "pkce", "add_redirect_uri"}
    if unknown:
        raise BadRequest(f"Unknown: {', '.join(sorted(unknown))}")
    added = wanted.pop("add_redirect_uri", None)
    uris = [*wanted.get("redirect_uris", []), *([added] if added else [])]
    for uri in uris:
        if problem := redirect_problem(uri.replace(":*/", "/")):
            raise BadRequest(f"{problem}: {uri}")
    client_id = wanted.pop("client_id", None) or secrets.token_hex(16).upper()
    pkce = wanted.pop("pkce", False)
    app = simulator.world.apps.get(client_id)
    if not app:
        app = App(client_id, None if pkce else secrets.token_urlsafe(36), wanted.get("name", "Registered App"))
        simulator.world.apps[client_id] = app
    for name, value in wanted.items():
        setattr(app, name, value)
    if added:
        app.redirect_uris = [*app.redirect_uris, added]
    return app


def _shown(app: App) -> dict:
    return {"client_id": app.client_id, **{name: getattr(app, name) for name in sorted(SETTABLE)}}
