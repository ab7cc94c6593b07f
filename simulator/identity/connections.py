"""``/connections``: which organisations this user opened to this app (no tenant header here)."""

from __future__ import annotations

from ..core.call import Answer
from ..core.errors import NotFound
from .guard import authenticate


def list_connections(simulator, request) -> Answer:
    with simulator.world.lock:
        token = authenticate(simulator.identity, request)
        event_id = request.args.get("authEventId")
        found = simulator.identity.connections_of(token.session.app, token.session.user)
        return Answer(
            200, [_element(simulator.world, each) for each in found if not event_id or each.event_id == event_id]
        )


def delete_connection(simulator, request, connection_id) -> Answer:
    """204, or 404 when it is not (or no longer) this user's. The token set lives on, without the organisation."""
    with simulator.world.lock:
        token = authenticate(simulator.identity, request)
        found = simulator.identity.connections.get(connection_id.lower())
        if not found or found.app is not token.session.app or found.user is not token.session.user:
            raise NotFound
        del simulator.identity.connections[found.id]
        return Answer(204)


def _element(world, connection) -> dict:
    return {
        "id": connection.id,
        "authEventId": connection.event_id,
        "tenantId": connection.tenant_id,
        "tenantType": "ORGANISATION",
        "tenantName": world.organisations[connection.tenant_id].name,
        "createdDateUtc": _moment(connection.created),
        "updatedDateUtc": _moment(connection.updated),
    }


def _moment(value) -> str:
    """Seven decimals and no zone, as .NET writes it."""
    return f"{value:%Y-%m-%dT%H:%M:%S.%f}0"
