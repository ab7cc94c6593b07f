"""The call log: what came in and what went out, for tests and people; secrets never enter it."""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections import deque
from dataclasses import dataclass, field

from werkzeug.urls import iri_to_uri

MOST_CALLS = 20_000
MOST_BYTES = 64 * 1024 * 1024
SECRET_FIELDS = "client_secret|code|code_verifier|refresh_token|access_token|id_token|token"
SECRETS = (
    re.compile(rf"(?P<name>(?:^|[&?])(?:{SECRET_FIELDS})=)[^&\s]+"),
    re.compile(rf'(?P<name>"(?:{SECRET_FIELDS})":\s*")[^"]+'),
)


@dataclass(eq=False)
class Entry:
    """One call; ``status`` is None while it is under way, ``outcome`` then says what the client saw."""

    id: int
    time: str
    method: str
    path: str
    query: str
    request_headers: dict[str, str]
    request_body: bytes
    tenant: str | None
    client: str | None = None
    status: int | None = None
    answer_headers: dict[str, str] = field(default_factory=dict)
    answer_body: bytes = b""
    duration_ms: float | None = None
    outcome: str = "under way"  # answered | dropped | truncated
    faults: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    counted: int | None = None  # bytes that the log counts for it; None: the log does not hold it (any more)

    @property
    def size(self) -> int:
        return len(self.request_body) + len(self.answer_body) + 1000

    def shown(self, bodies: bool) -> dict:
        secret_free = not self.path.startswith("/api.xro/")
        shown = {
            "id": self.id,
            "time": self.time,
            "method": self.method,
            "path": self.path,
            "query": _redacted(self.query),
            "tenant": self.tenant,
            "client": self.client,
            "request_headers": self.request_headers,
            "status": self.status,
            "answer_headers": self.answer_headers,
            "duration_ms": self.duration_ms,
            "outcome": self.outcome,
            "faults": self.faults,
        }
        if bodies:
            shown["request_body"] = _text(self.request_body, secret_free)
            shown["answer_body"] = _text(self.answer_body, secret_free)
        return shown


class CallLog:
    def __init__(self, world):
        self.world = world
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._entries: deque[Entry] = deque()
        world.on_reset(self.clear)

    def clear(self) -> None:
        self.drop_entries()
        self.bodies = True

    def drop_entries(self) -> None:
        """Forget the calls, keep the setting."""
        with self._lock:
            for entry in self._entries:
                entry.counted = None
            self._entries.clear()
            self._bytes = 0

    def open(self, request, body: bytes) -> Entry:
        entry = Entry(
            id=next(self._numbers),
            time=self.world.clock.now().isoformat(),
            method=request.method,
            path=request.path,
            query=request.query_string.decode("latin-1"),
            request_headers={name: _safe_header(name, value) for name, value in request.headers.items()},
            request_body=body if self.bodies else b"",
            tenant=request.headers.get("xero-tenant-id"),
        )
        with self._lock:
            self._entries.append(entry)
            entry.counted = 0
            self._count(entry)
        return entry

    def close(self, entry: Entry, answer, outcome: str) -> None:
        entry.duration_ms = round((time.monotonic() - entry.started) * 1000, 2)
        entry.outcome = outcome
        if answer is not None:
            entry.answer_headers = {name: _safe_header(name, value) for name, value in answer.headers.items()}
            if answer.content_type:
                entry.answer_headers["Content-Type"] = answer.content_type
            entry.answer_body = answer.body if self.bodies else b""
            entry.status = answer.status  # last: whoever polls for a status finds the rest complete
        with self._lock:
            self._count(entry)

    def find(self, method=None, path=None, tenant=None, status=None, since=0, outcome=None, limit=None) -> list[Entry]:
        """Oldest first; ``path`` is searched as a regular expression in the path and in ``path?query``; ``limit``
        keeps the newest."""
        with self._lock:
            entries = list(self._entries)
        pattern = re.compile(path) if path else None
        found = [
            entry
            for entry in entries
            if entry.id > since
            and (not method or entry.method == method.upper())
            and (not tenant or entry.tenant == tenant)
            and (status is None or entry.status == status)
            and (not outcome or entry.outcome == outcome)
            and (not pattern or pattern.search(entry.path) or pattern.search(f"{entry.path}?{entry.query}"))
        ]
        return found[-limit:] if limit else found

    def _count(self, entry):
        """Bring the size up to date, unless the entry was forgotten meanwhile; forget the oldest past the bounds."""
        if entry.counted is None:
            return
        self._bytes += entry.size - entry.counted
        entry.counted = entry.size
        while self._entries and (len(self._entries) > MOST_CALLS or self._bytes > MOST_BYTES):
            oldest = self._entries.popleft()
            self._bytes -= oldest.counted
            oldest.counted = None


def _safe_header(name, value):
    if name.lower() == "authorization":
        return f"{value.partition(' ')[0]} …"
    if name.lower() == "location":
        return _redacted(iri_to_uri(value))
    return value


def _redacted(text):
    for pattern in SECRETS:
        text = pattern.sub(r"\g<name>…", text)
    return text


def _text(body, redact):
    text = body.decode("utf-8", "replace")
    return _redacted(text) if redact else text
