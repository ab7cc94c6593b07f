"""The small amount of web framework that the control interface and the pages share."""

from __future__ import annotations

import json

from werkzeug.exceptions import BadRequest
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from .core import wire


def rule(path: str, function, *methods: str) -> Rule:
    """``function(simulator, request, **placeholders) -> Response | dict | list | str (HTML)``"""
    return Rule(path, endpoint=function, methods=methods or ("GET",))


def dispatch(simulator, urls: Map, request) -> Response:
    """:raise werkzeug.exceptions.HTTPException: not found, method not allowed, bad request"""
    function, placeholders = urls.bind_to_environ(request.environ).match()
    result = function(simulator, request, **placeholders)
    if isinstance(result, Response):
        return result
    if isinstance(result, str):
        return Response(result, content_type="text/html; charset=utf-8")
    return Response(wire.dumps(result), content_type="application/json")


def json_body(request) -> dict:
    """The body as a dict, ``{}`` when empty. :raise BadRequest:"""
    raw = request.get_data()
    if not raw:
        return {}
    try:
        value = json.loads(raw)
    except ValueError as problem:
        raise BadRequest(f"The body is no JSON: {problem}") from problem
    if not isinstance(value, dict):
        raise BadRequest("The body must be a JSON object")
    return value
