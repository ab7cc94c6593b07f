"""The simulator as one WSGI application: clients' calls, the control interface, and pages for people."""

from __future__ import annotations

import random

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map
from werkzeug.wrappers import Request, Response

from .core import wire
from .core.call import Answer
from .core.errors import ApiError
from .core.world import World
from .identity import guard
from .identity.store import IdentityStore
from .pipeline import Pipeline
from .traffic.faults import Dropped, Faults, Truncated
from .traffic.idempotency import IdempotencyStore
from .traffic.limits import Limits
from .traffic.log import CallLog
from .web import dispatch

CLIENT_PATHS = ("/api.xro/", "/connect/", "/connections", "/identity/", "/.well-known/")


class Simulator:
    """``connection`` in the WSGI environ (key ``simulator.connection``, set by ``server.py``) has ``drop`` and
    ``cut_after``, through which an ordered fault reaches the socket."""

    def __init__(self, plant=None):
        self.world = World(plant)
        self.identity = IdentityStore(self.world)
        self.limits = Limits(self.world)
        self.idempotency = IdempotencyStore(self.world)
        self.faults = Faults(self.world)
        self.log = CallLog(self.world)
        self.pipeline = Pipeline(self)
        self.world.on_reset(self._no_latency)
        self._urls = None

    def __call__(self, environ, start_response):
        response = self.respond(Request(environ, populate_request=False), environ)
        return response(environ, start_response)

    def respond(self, request, environ) -> Response:
        if request.path.lower().startswith(CLIENT_PATHS):
            return self._client(request, environ)
        return self._person(request)

    def _client(self, request, environ) -> Response:
        connection = environ.get("simulator.connection")
        body = request.get_data(cache=True, parse_form_data=False)
        raw_path = environ.get("RAW_URI", environ.get("PATH_INFO", "")).partition("?")[0]
        try:
            answer = self.pipeline.serve(request, body, raw_path)
        except Dropped:
            connection.drop = True
            return Response()
        except Truncated as cut:
            connection.cut_after = cut.length
            answer = cut.answer
        return _response(answer)

    def _person(self, request) -> Response:
        """Control interface and pages: their modules are loaded when first used."""
        if self._urls is None:
            from . import control, pages

            self._urls = Map(control.urls() + pages.urls())
        try:
            return dispatch(self, self._urls, request)
        except HTTPException as problem:
            if request.path.startswith("/_simulator"):
                return Response(
                    wire.dumps({"error": problem.description}), problem.code, content_type="application/json"
                )
            return problem.get_response(request.environ)

    # latency

    def _no_latency(self):
        self.latency_ms = {"ms": 0.0, "jitter_ms": 0.0}

    def latency(self) -> float:
        """Seconds that the call which asks has to wait."""
        wanted = self.latency_ms
        return (wanted["ms"] + random.uniform(0, wanted["jitter_ms"])) / 1000 if any(wanted.values()) else 0.0

    def whose(self, request):
        """(app, organisation) that a call of the accounting API counts for, or None when it will be refused anyway."""
        if not request.path.lower().startswith("/api.xro/"):
            return None
        with self.world.lock:
            token = guard.find_token(self.identity, request)
            if not token:
                return None
            try:
                return token.session.app, guard.tenant_of(self.identity, token, request)
            except ApiError:
                return None


def _response(answer: Answer) -> Response:
    response = Response(answer.body, answer.status, headers=dict(answer.headers))
    if answer.content_type:
        response.headers["Content-Type"] = answer.content_type
    else:
        del response.headers["Content-Type"]
    return response
