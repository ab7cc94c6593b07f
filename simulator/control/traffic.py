"""Control of time, latency, limits, faults, the call log, and everything at once (reset)."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import datetime

from werkzeug.exceptions import BadRequest, NotFound

from ..core import ids
from ..traffic.faults import BadOrder
from ..traffic.limits import Settings
from ..web import json_body


def index(simulator, request):
    """What there is, for somebody with a browser; ``simulator/README.md`` explains it."""
    from . import urls

    return {"control": sorted({rule.rule for rule in urls()})}


def reset(simulator, request):
    simulator.world.reset()
    return {"reset": True}


def keep(simulator, request):
    """POST makes what there is the first second that a reset comes back to; DELETE the seed data again."""
    if request.method == "POST":
        simulator.world.keep()
    else:
        simulator.world.forget()
    return {"kept": request.method == "POST"}


def clock(simulator, request):
    """POST one of ``{"set": iso}``, ``{"advance": seconds}``, ``{"freeze": true | iso}``, ``{"resume": true}``."""
    clock = simulator.world.clock
    wanted = json_body(request) if request.method == "POST" else {}
    orders = {
        "set": lambda value: clock.set(_moment(value)),
        "advance": lambda value: clock.advance(_number("advance", value)),
        "freeze": lambda value: clock.freeze(None if value is True else _moment(value)),
        "resume": lambda value: clock.resume(),
    }
    _known(wanted, orders)
    for name, value in wanted.items():
        orders[name](value)
    return {"now": clock.now().isoformat(), "frozen": clock.frozen}


def seed_ids(simulator, request):
    """POST ``{"seed": 7}``: what is made from here on gets the same ids in each run; null: random again."""
    wanted = json_body(request)
    _known(wanted, ("seed",))
    seed = wanted.get("seed")
    ids.decide_by(None if seed is None else int(_number("seed", seed)))
    return {"seed": seed}


def latency(simulator, request):
    """POST ``{"ms": 50, "jitter_ms": 0}``: every call of a client waits so long before anything else."""
    wanted = json_body(request) if request.method == "POST" else {}
    _known(wanted, simulator.latency_ms)
    simulator.latency_ms = {**simulator.latency_ms, **{name: _number(name, value) for name, value in wanted.items()}}
    return simulator.latency_ms


def limits(simulator, request):
    """POST any of ``minute``, ``concurrent``, ``app_minute``, ``day`` (null: by tier), ``enforced``;
    ``{"use_up": "minute"|"day", "organisation": …}`` spends what is left of a window for every app."""
    if request.method == "POST":
        wanted = json_body(request)
        with simulator.world.lock:
            if "use_up" in wanted:
                _use_up(simulator, wanted)
            else:
                _set_limits(simulator.limits.settings, wanted)
    return asdict(simulator.limits.settings)


def faults(simulator, request):
    """POST orders one, GET lists them with their hits, DELETE cancels all."""
    if request.method == "DELETE":
        return {"cancelled": simulator.faults.cancel()}
    if request.method == "POST":
        try:
            return simulator.faults.order(json_body(request)).shown()
        except BadOrder as problem:
            raise BadRequest(str(problem)) from problem
    return simulator.faults.list()


def fault(simulator, request, fault_id):
    if not simulator.faults.cancel(fault_id):
        raise NotFound("There is no such fault")
    return {"cancelled": 1}


def calls(simulator, request):
    """GET with any of ``method path tenant status outcome since limit bodies=false count=true``; DELETE forgets them;
    POST ``{"bodies": false}`` stops keeping bodies."""
    if request.method == "DELETE":
        simulator.log.drop_entries()
        return {"cleared": True}
    if request.method == "POST":
        wanted = json_body(request)
        _known(wanted, ["bodies"])
        simulator.log.bodies = bool(wanted.get("bodies", True))
        return {"bodies": simulator.log.bodies}
    found = _find_calls(simulator, request.args)
    if request.args.get("count") == "true":
        return {"count": len(found)}
    return [entry.shown(bodies=request.args.get("bodies") != "false") for entry in found]


def _find_calls(simulator, args):
    _known(args, ["method", "path", "tenant", "status", "outcome", "since", "limit", "bodies", "count"])
    try:
        return simulator.log.find(
            method=args.get("method"),
            path=args.get("path"),
            tenant=args.get("tenant"),
            status=args.get("status", type=int),
            outcome=args.get("outcome"),
            since=args.get("since", 0, type=int),
            limit=args.get("limit", type=int),
        )
    except re.error as problem:
        raise BadRequest(f"path is no regular expression: {problem}") from problem


def _set_limits(settings: Settings, wanted) -> None:
    _known(wanted, asdict(settings))
    for name, value in wanted.items():
        if name == "enforced":
            settings.enforced = bool(value)
        else:
            setattr(settings, name, None if value is None and name == "day" else int(_number(name, value)))


def _use_up(simulator, wanted) -> None:
    from .books import find_organisation

    _known(wanted, ["use_up", "organisation"])
    if wanted["use_up"] not in ("minute", "day", "appminute"):
        raise BadRequest("use_up is minute, day or appminute")
    organisation = find_organisation(simulator, wanted.get("organisation", ""))
    for app in simulator.world.apps.values():
        simulator.limits.use_up(app, organisation, wanted["use_up"])


def _known(given, names) -> None:
    if unknown := set(given) - set(names):
        raise BadRequest(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(names))}")


def _number(name, value) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadRequest(f"{name} must be a number")
    return value


def _moment(value) -> datetime:
    try:
        return datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError as problem:
        raise BadRequest(f"{value!r} is no ISO 8601 moment") from problem
