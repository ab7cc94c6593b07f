"""The simulator's only source of time, so that a test can age a token by 60 days in a millisecond."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone


class Clock:
    """A UTC clock that runs with the machine's until it is set, advanced or frozen."""

    def __init__(self):
        self._lock = threading.Lock()
        self._offset = timedelta()
        self._frozen: datetime | None = None

    def now(self) -> datetime:
        """Aware UTC datetime."""
        with self._lock:
            return self._frozen or self._real() + self._offset

    def set(self, moment: datetime) -> None:
        """Move to ``moment`` (naive counts as UTC); a running clock goes on running from there."""
        moment = _utc(moment)
        with self._lock:
            if self._frozen:
                self._frozen = moment
            else:
                self._offset = moment - self._real()

    def advance(self, seconds: float) -> None:
        """Move by ``seconds`` (negative: back)."""
        step = timedelta(seconds=seconds)
        with self._lock:
            if self._frozen:
                self._frozen += step
            else:
                self._offset += step

    def freeze(self, moment: datetime | None = None) -> None:
        """Stand still, at ``moment`` or where the clock is."""
        with self._lock:
            self._frozen = _utc(moment) if moment else self._frozen or self._real() + self._offset

    def resume(self) -> None:
        """Run on from where the clock stands."""
        with self._lock:
            if self._frozen:
                self._offset = self._frozen - self._real()
                self._frozen = None

    def reset(self) -> None:
        """Back to the machine's time."""
        with self._lock:
            self._offset = timedelta()
            self._frozen = None

    @property
    def frozen(self) -> bool:
        return self._frozen is not None

    @staticmethod
    def _real() -> datetime:
        return datetime.now(timezone.utc)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment.astimezone(timezone.utc)
