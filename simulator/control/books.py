"""Control of organisations, as people at Xero's own screens change them."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from werkzeug.datastructures import Headers
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from ..core.call import Call
from ..core.dispatch import internal_json, perform
from ..core.world import DAY_LIMITS, Organisation
from ..web import json_body

SETTABLE = {
    "name": str,
    "legal_name": str,
    "base_currency": str,
    "plan": str,
    "tier": str,
    "multicurrency": bool,
    "offline": bool,
    "available": bool,
    "period_lock_date": date,
    "end_of_year_lock_date": date,
}


def organisations(simulator, request):
    with simulator.world.lock:
        return [_shown(simulator, each) for each in simulator.world.organisations.values()]


def organisation(simulator, request, reference):
    """GET one; POST changes it (``SETTABLE``, and the actions below); DELETE takes it away: all connections to it go,
    and it is no longer offered on the consent page."""
    with simulator.world.lock:
        found = find_organisation(simulator, reference)
        if request.method == "DELETE":
            found.available = False
            simulator.identity.disconnect_tenant(found.tenant_id)
        elif request.method == "POST":
            _change(simulator, found, json_body(request))
        return _shown(simulator, found)


def api(simulator, request, reference, path):
    """The accounting API from inside: no token, no limits, no faults, not in the call log. For a test to look at the
    books or to act as a person in Xero does."""
    call = Call(
        world=simulator.world,
        organisation=find_organisation(simulator, reference),
        method=request.method,
        path=f"/{path}",
        args={},
        query=request.args,
        headers=_as_json(request.headers),
        body=request.get_data(),
        now=simulator.world.clock.now(),
    )
    answer = perform(call, quote(f"/{path}"))
    return Response(answer.body, answer.status, headers=answer.headers, content_type=answer.content_type)


def _as_json(headers) -> Headers:
    changed = Headers(headers)
    changed["Accept"] = "application/json"
    return changed


def find_organisation(simulator, reference: str) -> Organisation:
    """By tenant id, short code (its "!" may be left out), name, or the country of the first such. :raise NotFound:"""
    wanted = reference.lower()
    keys = (
        lambda o: o.tenant_id,
        lambda o: o.short_code,
        lambda o: o.short_code.lstrip("!"),
        lambda o: o.name,
        lambda o: o.country,
    )
    for read in keys:
        for each in simulator.world.organisations.values():
            if wanted and read(each).lower() == wanted:
                return each
    raise NotFound(f"There is no organisation {reference!r}")


def _change(simulator, found: Organisation, wanted: dict) -> None:
    unknown = set(wanted) - set(SETTABLE) - set(ACTIONS)
    if unknown:
        raise BadRequest(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(sorted({**SETTABLE, **ACTIONS}))}")
    values = {name: _value(name, value) for name, value in wanted.items() if name in SETTABLE}
    for name, value in values.items():
        setattr(found, name, value)
    for name in ACTIONS:
        if name in wanted:
            ACTIONS[name](simulator, found, wanted[name])


def _value(name, value):
    kind = SETTABLE[name]
    if kind is date:
        try:
            return date.fromisoformat(value) if value else None
        except (TypeError, ValueError) as problem:
            raise BadRequest(f"{name} must be a date as 2026-03-31, or null") from problem
    if not isinstance(value, kind):
        raise BadRequest(f"{name} must be a {kind.__name__}")
    if name == "tier" and value not in DAY_LIMITS:
        raise BadRequest(f"tier is one of {', '.join(DAY_LIMITS)}")
    return value


def _disconnect(simulator, found, value):
    if value:
        simulator.identity.disconnect_tenant(found.tenant_id)


def _add_currency(simulator, found, code):
    _call(simulator, found, "PUT", "/Currencies", {"Code": code})


def _archive_contact(simulator, found, reference):
    """By ContactID, ContactNumber or name."""
    status, answer = internal_json(simulator.world, found, "GET", f"/Contacts/{reference}")
    if status != 200:
        where = 'Name=="{}"'.format(reference.replace("\\", "\\\\").replace('"', '\\"'))
        answer = _call(simulator, found, "GET", "/Contacts", query={"where": where})
    if not answer.get("Contacts"):
        raise NotFound(f"There is no contact {reference!r}")
    contact_id = answer["Contacts"][0]["ContactID"]
    _call(simulator, found, "POST", f"/Contacts/{contact_id}", {"ContactStatus": "ARCHIVED"})


def _archive_account(simulator, found, reference):
    """By AccountID or Code."""
    for account in _call(simulator, found, "GET", "/Accounts")["Accounts"]:
        if reference in (account["AccountID"], account.get("Code")):
            _call(simulator, found, "POST", f"/Accounts/{account['AccountID']}", {"Status": "ARCHIVED"})
            return
    raise NotFound(f"There is no account {reference!r}")


ACTIONS = {
    "disconnect": _disconnect,
    "add_currency": _add_currency,
    "archive_contact": _archive_contact,
    "archive_account": _archive_account,
}


def _call(simulator, found, method, path, json=None, query=None) -> dict:
    status, answer = internal_json(simulator.world, found, method, path, query, json)
    if status >= 400:
        raise BadRequest(f"{method} {path} answered {status}: {answer}")
    return answer


def _shown(simulator, found: Organisation) -> dict:
    connections = [each for each in simulator.identity.connections.values() if each.tenant_id == found.tenant_id]
    return {
        "tenant_id": found.tenant_id,
        "short_code": found.short_code,
        "country": found.country,
        **{name: _plain(getattr(found, name)) for name in SETTABLE},
        "connected_apps": sorted({each.app.name for each in connections}),
    }


def _plain(value):
    return value.isoformat() if isinstance(value, date) else value
