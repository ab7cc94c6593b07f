"""Which function answers which path of the accounting API."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from .errors import MethodNotAllowed, NotFound

_routes: dict[str, list[tuple[re.Pattern, Callable]]] = {}  # method -> patterns, the most literal first


def route(*methods: str, path: str):
    """Register ``handler(call) -> Answer | dict``; a dict is the payload of the 200 envelope.

    ``{name}`` matches one segment; literal segments match in any case, as at Xero, and win over placeholders::

        @route("PUT", "POST", path="/Invoices/{id}")
        def update_invoice(call): ...
    """

    def register(handler):
        for method in methods:
            table = _routes.setdefault(method, [])
            table.append((_compile(path), handler))
            table.sort(key=lambda entry: entry[0].groups)  # stable: fewer placeholders first
        return handler

    return register


def resolve(method: str, raw_path: str) -> tuple[Callable, dict[str, str]]:
    """:param raw_path: still percent-encoded, relative to the API's base.
    :raise NotFound: no such path; :raise MethodNotAllowed: not with this verb"""
    found = _match(method, raw_path)
    if found:
        return found
    if any(_match(other, raw_path) for other in _routes):
        raise MethodNotAllowed
    raise NotFound


def _match(method, raw_path):
    for pattern, handler in _routes.get(method, ()):
        if hit := pattern.fullmatch(raw_path):
            return handler, {name: unquote(value) for name, value in hit.groupdict().items()}
    return None


def _compile(path: str) -> re.Pattern:
    literal_or_name = re.split(r"\{(\w+)\}", path)
    parts = [re.escape(part) if not i % 2 else f"(?P<{part}>[^/]+)" for i, part in enumerate(literal_or_name)]
    return re.compile("".join(parts) + "/?", re.IGNORECASE)
