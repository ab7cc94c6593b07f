"""From an authenticated call to its handler and back: routing, the world's lock, the envelope."""

from __future__ import annotations

import sys
import traceback
import uuid
from urllib.parse import quote

from werkzeug.datastructures import Headers, MultiDict

from . import wire
from .call import Answer, Call
from .errors import ApiError, PostDataInvalid, ServerError
from .render import finished, refusal
from .routing import resolve


def perform(call: Call, raw_path: str) -> Answer:
    """Run the handler within the world's lock; never raises. The answer's body is bytes, cut loose from the books.

    :param raw_path: still percent-encoded, relative to the API's base
    """
    accept = call.headers.get("Accept", "")
    with call.world.lock:
        try:
            handler, call.args = resolve(call.method, raw_path)
            result = handler(call)
            answer = result if isinstance(result, Answer) else Answer(200, envelope(call, result))
        except ApiError as problem:
            answer = refusal(problem)
        except Exception:  # the entry point of foreign code: a bug here is Xero's 500 to the client
            traceback.print_exc(file=sys.stderr)
            answer = refusal(ServerError())
        return finished(answer, accept)


def envelope(call: Call, payload: dict) -> dict:
    return {
        "Id": str(uuid.uuid4()),
        "Status": "OK",
        "ProviderName": call.app_name,
        "DateTimeUTC": wire.ms_date(call.now, ""),
        **payload,
    }


def internal(world, organisation, method, path, query=None, json=None, headers=None) -> Answer:
    """The same call from inside: a person at Xero's own screens, whom neither tokens nor limits concern.

    :param path: decoded, e.g. ``/Invoices``; ``json``: anything ``wire.dumps`` writes
    """
    call = Call(
        world=world,
        organisation=organisation,
        method=method,
        path=path,
        args={},
        query=MultiDict(query or {}),
        headers=Headers({"Accept": "application/json", "Content-Type": "application/json", **(headers or {})}),
        body=b"" if json is None else wire.dumps(json),
        now=world.clock.now(),
    )
    return perform(call, quote(path))


def internal_json(world, organisation, method, path, query=None, json=None) -> tuple[int, dict]:
    """Status and parsed body (``{}`` when the body is no JSON)."""
    answer = internal(world, organisation, method, path, query, json)
    try:
        return answer.status, wire.loads(answer.body)
    except PostDataInvalid:
        return answer.status, {}
