"""The first page: what is here and how to connect to it."""

from __future__ import annotations

from werkzeug.wrappers import Response

from ..core.render import page


def home(simulator, request):
    with simulator.world.lock:
        identity = simulator.identity
        connected = {
            tenant_id: sorted({c.app.name for c in identity.connections.values() if c.tenant_id == tenant_id})
            for tenant_id in simulator.world.organisations
        }
        return page(
            "home.html",
            organisations=list(simulator.world.organisations.values()),
            connected=connected,
            apps=list(simulator.world.apps.values()),
            now=simulator.world.clock.now(),
            frozen=simulator.world.clock.frozen,
            base=request.host_url.rstrip("/"),
        )


def no_icon(simulator, request):
    return Response(status=204)
