"""``/_simulator/``: what a test, a demo or a bench orders. JSON in, JSON out; not part of Xero."""

from __future__ import annotations

from ..web import rule
from . import access, books, traffic


def urls():
    return [
        rule("/_simulator", traffic.index),
        rule("/_simulator/clock", traffic.clock, "GET", "POST"),
        rule("/_simulator/ids", traffic.seed_ids, "POST"),
        rule("/_simulator/latency", traffic.latency, "GET", "POST"),
        rule("/_simulator/limits", traffic.limits, "GET", "POST"),
        rule("/_simulator/faults", traffic.faults, "GET", "POST", "DELETE"),
        rule("/_simulator/faults/<fault_id>", traffic.fault, "DELETE"),
        rule("/_simulator/calls", traffic.calls, "GET", "POST", "DELETE"),
        rule("/_simulator/reset", traffic.reset, "POST"),
        rule("/_simulator/keep", traffic.keep, "POST", "DELETE"),
        rule("/_simulator/apps", access.apps, "GET", "POST"),
        rule("/_simulator/connections", access.connections, "GET"),
        rule("/_simulator/organisations", books.organisations),
        rule("/_simulator/organisations/<reference>", books.organisation, "GET", "POST", "DELETE"),
        rule("/_simulator/api/<reference>/<path:path>", books.api, "GET", "POST", "PUT", "DELETE"),
    ]
