"""The way of every call that a client makes, in Xero's order: who is it, how much may it, was it here before, do it."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace

from .core.call import Answer, Call
from .core.dispatch import perform
from .core.errors import ApiError, NotFound, OrganisationOffline, TooManyRequests
from .core.render import finished, refusal
from .identity import authorize, connections, guard, token
from .traffic import faults, idempotency
from .traffic.log import Entry

API = "/api.xro/2.0"
MEGABYTE = 1024 * 1024
LARGEST_REQUEST = 10 * MEGABYTE  # platform §3; attachments are allowed more by some of Xero's pages
# XeroAPI/xero-node#404, Xero-NetStandard#471: 404 to whatever is longer
LONGEST_QUERY = 2048
LARGEST_ATTACHMENT = 25 * MEGABYTE


class Pipeline:
    """Answers the hosts that Xero has several of (login, identity, api) on one address."""

    def __init__(self, simulator):
        self.simulator = simulator

    def serve(self, request, body: bytes, raw_path: str) -> Answer:
        """:raise faults.Dropped: :raise faults.Truncated: what an ordered fault does to the connection itself"""
        simulator = self.simulator
        entry = simulator.log.open(request, body)
        taken = simulator.faults.take(request, body)
        entry.faults = [fault.id for fault in taken]
        answer, outcome = None, "dropped"
        try:
            answer = self._with_faults(taken, request, body, raw_path, entry)
            outcome = "answered"
            return answer
        except faults.Truncated as cut:
            answer, outcome = cut.answer, "truncated"
            raise
        finally:
            simulator.log.close(entry, answer, outcome)

    def _with_faults(self, taken, request, body, raw_path, entry: Entry) -> Answer:
        simulator = self.simulator
        slot, position = self._arrive(request)
        try:
            if request.path != "/identity/connect/authorize":  # a person's browser, not the client we measure
                time.sleep(simulator.latency())
            answer = None
            for fault in taken:
                answer = answer or faults.before(fault, simulator, request)
            if answer is None:
                answer = self._answer(request, body, raw_path, position, entry)
            answer.headers.setdefault("Xero-Correlation-Id", str(uuid.uuid4()))
            for fault in taken:
                answer = faults.after(fault, answer, simulator, request)
            return answer
        finally:
            self._leave(slot)

    def _answer(self, request, body, raw_path, position, entry) -> Answer:
        accept = request.headers.get("Accept", "")
        try:
            if len(request.query_string) > LONGEST_QUERY:
                raise NotFound
            if raw_path.lower().startswith(API + "/"):
                return self._accounting(request, body, raw_path[len(API) :], position, entry)
            # Not the accounting API: JSON whatever was asked for.
            return finished(self._identity(request))
        except ApiError as problem:
            return finished(refusal(problem), accept if raw_path.startswith(API) else "json")

    def _identity(self, request) -> Answer:
        path, method = request.path.rstrip("/").lower(), request.method
        fixed = {
            ("GET", "/identity/connect/authorize"): authorize.authorize,
            ("POST", "/identity/connect/authorize"): authorize.authorize,
            ("POST", "/connect/token"): token.token,
            ("POST", "/connect/revocation"): token.revocation,
            ("GET", "/.well-known/openid-configuration"): token.discovery,
            ("GET", "/.well-known/openid-configuration/jwks"): token.key_set,
            ("GET", "/connections"): connections.list_connections,
        }
        if (method, path) in fixed:
            return fixed[method, path](self.simulator, request)
        start, _, connection_id = path.rpartition("/")
        if method == "DELETE" and start == "/connections":
            return connections.delete_connection(self.simulator, request, connection_id)
        raise NotFound

    def _accounting(self, request, body, raw_path, position, entry) -> Answer:
        simulator, identity = self.simulator, self.simulator.identity
        with simulator.world.lock:
            bearer = guard.authenticate(identity, request)
            organisation = guard.tenant_of(identity, bearer, request)
            app = bearer.session.app
            entry.client = app.name
            guard.check_scope(bearer, request.method, raw_path)
            try:
                simulator.limits.admit(app, organisation, position)
            except TooManyRequests as problem:
                problem.headers |= simulator.limits.headers(app, organisation)
                raise
            limit_headers = simulator.limits.headers(app, organisation)
        answer = self._once(request, body, raw_path, bearer, organisation)
        return replace(answer, headers={**answer.headers, **limit_headers})

    def _once(self, request, body, raw_path, bearer, organisation) -> Answer:
        app = bearer.session.app
        accept = request.headers.get("Accept", "")
        try:
            if organisation.offline:
                raise OrganisationOffline
            if len(body) > (LARGEST_ATTACHMENT if "/attachments/" in raw_path.lower() else LARGEST_REQUEST):
                return finished(Answer(413, "Request Entity Too Large"))  # (text not verified)
            key = request.headers.get("Idempotency-Key") if request.method in idempotency.METHODS else None
            return self.simulator.idempotency.once(
                (app.client_id, organisation.tenant_id),
                key,
                (request.method, raw_path, request.query_string, body),
                lambda: perform(self._call(request, body, bearer, organisation), raw_path),
            )
        except ApiError as problem:
            return finished(refusal(problem), accept)

    def _call(self, request, body, bearer, organisation) -> Call:
        return Call(
            world=self.simulator.world,
            organisation=organisation,
            method=request.method,
            path=request.path[len(API) :],
            args={},
            query=request.args,
            headers=request.headers,
            body=body,
            now=self.simulator.world.clock.now(),
            app=bearer.session.app,
            user=bearer.session.user,
            app_name=bearer.session.app.name,
        )

    # Calls under way count from their arrival, so that a slow one holds its place among the five.

    def _arrive(self, request):
        whose = self.simulator.whose(request)
        if not whose:
            return None, 0
        app, organisation = whose
        slot = (app.client_id, organisation.tenant_id)
        with self.simulator.world.lock:
            return slot, self.simulator.limits.arrive(slot)

    def _leave(self, slot):
        if slot:
            with self.simulator.world.lock:
                self.simulator.limits.leave(slot)
