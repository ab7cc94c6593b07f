"""Idempotency-Key (platform §4): kept for 6 minutes from the first call, errors included; a duplicate under way waits.

Xero does not say whether keys are per organisation; here they are per app and organisation (not verified)."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..core.call import Answer
from ..core.errors import TextError

LIFE = timedelta(minutes=6)
LONGEST = 128
METHODS = {"POST", "PUT", "PATCH"}


@dataclass(eq=False)
class Entry:
    fingerprint: bytes
    first: datetime
    answer: Answer | None = None  # None and done: the first call never got an answer, so the next one is the first
    done: threading.Event = field(default_factory=threading.Event)


class IdempotencyStore:
    def __init__(self, world):
        self.world = world
        self._lock = threading.Lock()
        self._entries: dict[tuple, Entry] = {}
        world.on_reset(self.clear)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    def once(self, scope: tuple, key: str | None, request: tuple, perform) -> Answer:
        """``perform()``, or what it answered the first time this key was used.

        :param request: (method, path, query, body bytes): what makes two requests the same
        :raise TextError: the key is too long, or was used for a different request
        """
        if not key:
            return perform()
        if len(key) > LONGEST:
            # (text not verified)
            raise TextError(f"Idempotency Key: The key exceeds the maximum length of {LONGEST} characters.")
        fingerprint = hashlib.sha256(repr(request[:-1]).encode() + b"\0" + request[-1]).digest()
        while True:
            entry, mine = self._claim((*scope, key), fingerprint)
            if entry.fingerprint != fingerprint:
                raise TextError(f"Idempotency Key: {key} is used with a different request.")
            if mine:
                return self._first((*scope, key), entry, perform)
            entry.done.wait()
            if entry.answer is not None:
                return entry.answer

    def _claim(self, name, fingerprint) -> tuple[Entry, bool]:
        now = self.world.clock.now()
        with self._lock:
            if len(self._entries) > 10_000:
                self._entries = {key: each for key, each in self._entries.items() if now < each.first + LIFE}
            entry = self._entries.get(name)
            if entry and now < entry.first + LIFE:
                return entry, False
            entry = self._entries[name] = Entry(fingerprint, now)
            return entry, True

    def _first(self, name, entry, perform) -> Answer:
        try:
            entry.answer = perform()
            return entry.answer
        finally:
            if entry.answer is None:
                with self._lock:
                    if self._entries.get(name) is entry:
                        del self._entries[name]
            entry.done.set()
