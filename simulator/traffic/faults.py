"""Faults that a test orders: which calls they hit, and what they do to them."""

from __future__ import annotations

import itertools
import re
import threading
from dataclasses import dataclass, field, replace
from datetime import timedelta

from ..core import errors, wire
from ..core.call import Answer
from ..core.render import finished, refusal

KINDS = {
    "drop_before": "before",
    "drop_after": "after",
    "status": "before",
    "delay": "before",
    "expire_token": "before",
    "html": "after",
    "empty_body": "after",
    "huge_body": "after",
    "unknown_enum": "after",
    "missing_field": "after",
    "truncated": "after",
}
EITHER_TIME = {"status", "delay", "html", "empty_body"}  # a proxy may answer for Xero without asking it
MATCHES = {"method", "path", "query", "body", "tenant", "header"}
OPTIONS = {
    "status": {"status", "problem", "retry_after", "message"},
    "delay": {"seconds"},
    "html": {"status"},
    "empty_body": {"status"},
    "huge_body": {"bytes"},
    "unknown_enum": {"field", "value"},
    "missing_field": {"field"},
    "truncated": {"content_length", "bytes"},
}
MEGABYTE = 1024 * 1024
PROXY_PAGE = "<!DOCTYPE html><html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>"


class Dropped(Exception):
    """Close the connection without an answer."""


class Truncated(Exception):
    """Send ``answer`` with its headers, but only so many bytes of its body, then close."""

    def __init__(self, answer: Answer, length: int):
        super().__init__(length)
        self.answer, self.length = answer, length


class BadOrder(ValueError):
    """A fault was ordered that does not exist; the message says which part."""


@dataclass(eq=False)
class Fault:
    """:ivar when: before (Xero never sees the call) | after (Xero has committed)
    :ivar skip: matching calls to let pass first; ``times``: how many to hit, None for all
    """

    id: str
    kind: str
    when: str
    match: dict
    skip: int
    times: int | None
    options: dict
    hits: int = 0
    cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def spent(self) -> bool:
        return self.times is not None and self.hits >= self.times

    def shown(self) -> dict:
        return {
            "id": self.id,
            "kind": self.kind,
            "when": self.when,
            "match": self.match,
            "skip": self.skip,
            "times": self.times,
            "hits": self.hits,
            **self.options,
        }


class Faults:
    def __init__(self, world):
        self.world = world
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._faults: list[Fault] = []
        world.on_reset(self.cancel)

    def order(self, wanted: dict) -> Fault:
        """:raise BadOrder:"""
        fault = _read(wanted, str(next(self._numbers)))
        with self._lock:
            self._faults.append(fault)
        return fault

    def list(self) -> list[dict]:
        with self._lock:
            return [fault.shown() for fault in self._faults]

    def cancel(self, fault_id: str | None = None) -> int:
        """One or all; calls that one of them holds up go on at once."""
        with self._lock:
            gone = [fault for fault in self._faults if fault_id in (None, fault.id)]
            self._faults = [fault for fault in self._faults if fault not in gone]
        for fault in gone:
            fault.cancelled.set()
        return len(gone)

    def take(self, request, body: bytes) -> list[Fault]:
        """The faults that hit this call, each counted once, in the order they were ordered."""
        taken = []
        with self._lock:
            for fault in self._faults:
                if fault.spent or not _matches(fault.match, request, body):
                    continue
                if fault.skip:
                    fault.skip -= 1
                else:
                    fault.hits += 1
                    taken.append(fault)
        return taken


def before(fault: Fault, simulator, request) -> Answer | None:
    """Do what the fault does to a call that Xero has not seen; an answer ends the call. :raise Dropped:"""
    if fault.when != "before":
        return None
    if fault.kind == "drop_before":
        raise Dropped
    if fault.kind == "delay":
        fault.cancelled.wait(fault.options["seconds"])
        return None
    if fault.kind == "expire_token":
        return _expire(simulator, request)
    return _replacement(fault, Answer(), simulator, request)


def after(fault: Fault, answer: Answer, simulator, request) -> Answer:
    """What becomes of the finished answer. :raise Dropped: :raise Truncated:"""
    if fault.when != "after":
        return answer
    if fault.kind == "drop_after":
        raise Dropped
    if fault.kind == "delay":
        fault.cancelled.wait(fault.options["seconds"])
        return answer
    if fault.kind == "truncated":
        return _truncated(fault, answer)
    if fault.kind in ("huge_body", "unknown_enum", "missing_field"):
        return _rewritten(fault, answer)
    return _replacement(fault, answer, simulator, request)


def _replacement(fault, answer, simulator, request) -> Answer:
    options = fault.options
    if fault.kind == "html":
        page = Answer(options.get("status", 200), PROXY_PAGE, {}, "text/html; charset=utf-8")
        return finished(page)
    if fault.kind == "empty_body":
        return replace(answer, status=options.get("status", answer.status), body=b"")
    return _status(options, simulator, request)


def _status(options, simulator, request) -> Answer:
    status, message = options.get("status", 500), options.get("message")
    if status == 429:
        problem = options.get("problem", "minute")
        answer = refusal(errors.TooManyRequests(problem, options.get("retry_after", _usual_wait(problem))))
        answer.headers |= _limit_headers(simulator, request, problem)
        return finished(answer)
    known = {
        401: errors.Unauthorized(message or "AuthenticationUnsuccessful"),
        403: errors.Forbidden(message or "AuthenticationUnsuccessful"),
        404: errors.NotFound(),
        500: errors.ServerError(message) if message else errors.ServerError(),
        503: errors.OrganisationOffline() if message == "organisation" else errors.Unavailable(),
    }
    if status in (204, 304):  # no body, so no content type
        return finished(Answer(status))
    if status in known:
        return finished(refusal(known[status]))
    return finished(Answer(status, message or "", {}, "text/plain; charset=utf-8"))


def _usual_wait(problem) -> int | None:
    return {"minute": 26, "appminute": 26, "day": 67_000}.get(problem)


def _limit_headers(simulator, request, problem):
    """The real counters, the one at fault at nought, when the call says whose they are."""
    whose = simulator.whose(request)
    if not whose:
        return {}
    headers = simulator.limits.headers(*whose)
    name = {"minute": "X-MinLimit-Remaining", "day": "X-DayLimit-Remaining", "appminute": "X-AppMinLimit-Remaining"}
    return headers | ({name[problem]: "0"} if problem in name else {})


def _expire(simulator, request) -> None:
    """The token of this call expires now, for good: the pipeline finds that out by itself."""
    from ..identity.guard import find_token

    with simulator.world.lock:
        token = find_token(simulator.identity, request)
        now = simulator.world.clock.now()
        if token and token.expires > now:
            token.expires = now - timedelta(seconds=1)


def _truncated(fault, answer):
    length = fault.options.get("bytes", len(answer.body) // 2)
    if fault.options.get("content_length") == "cut":  # a well-formed response with half a document in it
        return replace(answer, body=answer.body[:length])
    raise Truncated(answer, length)


def _rewritten(fault, answer) -> Answer:
    try:
        document = wire.loads(answer.body)
    except errors.PostDataInvalid:
        return answer
    if not isinstance(document, dict):
        return answer
    if fault.kind == "huge_body":
        document["Padding"] = "x" * fault.options.get("bytes", 12 * MEGABYTE)
    for element in _elements(document):
        if fault.kind == "unknown_enum":  # a value that no specification lists
            element[fault.options.get("field", "Status")] = fault.options.get("value", "SIMULATED_NEW_VALUE")
        elif fault.kind == "missing_field":
            element.pop(fault.options["field"], None)
    return replace(answer, body=wire.dumps(document))


def _elements(document):
    """The first level of elements, not the envelope."""
    for elements in document.values():
        yield from (element for element in elements if isinstance(element, dict)) if isinstance(elements, list) else ()


def _matches(match, request, body) -> bool:
    methods = match.get("method")
    if methods and request.method not in ([methods] if isinstance(methods, str) else methods):
        return False
    if "tenant" in match and request.headers.get("xero-tenant-id") != match["tenant"]:
        return False
    texts = {"path": request.path, "query": request.query_string.decode("latin-1")}
    if any(name in match and not re.search(match[name], text) for name, text in texts.items()):
        return False
    if "body" in match and not re.search(match["body"], body.decode("utf-8", "replace")):
        return False
    return all(re.search(pattern, request.headers.get(name, "")) for name, pattern in match.get("header", {}).items())


def _read(wanted, fault_id) -> Fault:
    if not isinstance(wanted, dict) or wanted.get("kind") not in KINDS:
        raise BadOrder(f"kind must be one of {', '.join(KINDS)}")
    wanted = dict(wanted)
    kind = wanted.pop("kind")
    when, match = wanted.pop("when", KINDS[kind]), wanted.pop("match", {})
    if when not in (("before", "after") if kind in EITHER_TIME else (KINDS[kind],)):
        raise BadOrder(f"{kind} cannot happen {when!r}")
    if not isinstance(match, dict) or set(match) - MATCHES:
        raise BadOrder(f"match knows {', '.join(sorted(MATCHES))}")
    skip, times = wanted.pop("skip", 0), wanted.pop("times", 1)
    unknown = set(wanted) - OPTIONS.get(kind, set())
    if unknown:
        raise BadOrder(f"{kind} has no option {', '.join(sorted(unknown))}")
    if kind == "delay" and not isinstance(wanted.get("seconds"), (int, float)):
        raise BadOrder("delay needs seconds")
    if kind == "missing_field" and not isinstance(wanted.get("field"), str):
        raise BadOrder("missing_field needs field")
    _check_patterns(match)
    return Fault(fault_id, kind, when, match, int(skip), None if times is None else int(times), wanted)


def _check_patterns(match):
    for pattern in [match.get(name, "") for name in ("path", "query", "body")] + list(match.get("header", {}).values()):
        try:
            re.compile(pattern)
        except re.error as problem:
            raise BadOrder(f"{pattern!r} is no regular expression: {problem}") from problem
