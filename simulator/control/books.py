"""Control of organisations, as people at Xero's own screens change them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import quote

from werkzeug.datastructures import Headers
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from ..accounting import hooks
from ..accounting.fields import Refused
from ..core.call import Call
from ..core.dispatch import perform
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
    """GET one; POST changes it (``SETTABLE``, ``ACTIONS``, ``disconnect``); DELETE takes it away: all connections to it
    go, and it is no longer offered on the consent page."""
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
    known = {*SETTABLE, *ACTIONS, "disconnect"}
    if unknown := set(wanted) - known:
        raise BadRequest(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(known))}")
    values = {name: _value(name, value) for name, value in wanted.items() if name in SETTABLE}
    try:
        with found.books.transaction():
            for name in wanted:
                if name in ACTIONS:
                    ACTIONS[name](found.books, wanted[name])
    except hooks.Unknown as problem:
        raise NotFound(str(problem)) from problem
    except Refused as problem:
        raise BadRequest(str(problem)) from problem
    for name, value in values.items():
        setattr(found, name, value)
    if wanted.get("disconnect"):
        simulator.identity.disconnect_tenant(found.tenant_id)


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


def _add_currency(books, code):
    hooks.add_currency(books, _text("add_currency", code))


def _remove_currency(books, code):
    hooks.remove_currency(books, _text("remove_currency", code))


def _set_day_rate(books, order):
    code, rate = _parts("set_day_rate", order, "currency", "rate")
    try:
        rate = Decimal(str(rate))
    except InvalidOperation as problem:
        raise BadRequest(f"{rate!r} is no rate") from problem
    if not rate.is_finite() or rate <= 0:
        raise BadRequest(f"{rate} is no rate")
    hooks.set_day_rate(books, _text("currency", code), rate)


def _archive_contact(books, reference):
    hooks.archive_contact(books, _text("archive_contact", reference))


def _merge_contact(books, order):
    source, target = _parts("merge_contact", order, "source", "target")
    hooks.merge_contact(books, _text("source", source), _text("target", target))


def _archive_account(books, reference):
    hooks.archive_account(books, _text("archive_account", reference))


def _set_payments_enabled(books, order):
    account, enabled = _parts("set_payments_enabled", order, "account", "enabled")
    if not isinstance(enabled, bool):
        raise BadRequest("enabled must be true or false")
    hooks.set_payments_enabled(books, _text("account", account), enabled)


def _reconcile_payment(books, payment_id):
    hooks.reconcile_payment(books, _text("reconcile_payment", payment_id))


def _unreconcile_payment(books, payment_id):
    hooks.reconcile_payment(books, _text("unreconcile_payment", payment_id), reconciled=False)


def _void_credit(books, transaction_id):
    hooks.void_credit(books, _text("void_credit", transaction_id))


def _delete_attachment(books, attachment_id):
    hooks.delete_attachment(books, _text("delete_attachment", attachment_id))


# What people do at Xero's screens and no client can, by the name of the order.
ACTIONS = {
    "add_currency": _add_currency,
    "archive_account": _archive_account,
    "archive_contact": _archive_contact,
    "delete_attachment": _delete_attachment,
    "merge_contact": _merge_contact,
    "reconcile_payment": _reconcile_payment,
    "remove_currency": _remove_currency,
    "set_day_rate": _set_day_rate,
    "set_payments_enabled": _set_payments_enabled,
    "unreconcile_payment": _unreconcile_payment,
    "void_credit": _void_credit,
}


def _text(name, value) -> str:
    if not isinstance(value, str):
        raise BadRequest(f"{name} must be a text")
    return value


def _parts(name, order, *members) -> list:
    if not isinstance(order, dict) or set(order) != set(members):
        raise BadRequest(f"{name} takes an object of {' and '.join(members)}")
    return [order[member] for member in members]


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
