"""Rate limits (platform §3): per app and organisation 5 at once, 60 a minute, 1,000 or 5,000 a day; 10,000 a minute
per app. Fixed windows that start with their first call, on the world's clock. A refused call is not counted
(not verified)."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..core.errors import TooManyRequests

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass
class Window:
    length: timedelta
    start: datetime | None = None
    used: int = 0

    def roll(self, now: datetime) -> None:
        """A clock that was moved back opens a new window too."""
        if self.start is None or not self.start <= now < self.start + self.length:
            self.start, self.used = now, 0

    def seconds_left(self, now: datetime) -> int:
        return max(1, math.ceil((self.start + self.length - now).total_seconds()))


@dataclass
class Settings:
    """``day`` None: each organisation's tier decides. Not enforced: nothing is counted either, so that the headers do
    not tell a careful client to stop."""

    minute: int = 60
    concurrent: int = 5
    app_minute: int = 10_000
    day: int | None = None
    enforced: bool = True


class Limits:
    """Callers of ``admit`` and ``headers`` hold ``world.lock``, as do those of ``arrive`` and ``leave``."""

    def __init__(self, world):
        self.world = world
        world.on_reset(self.clear)
        world.keeps(self, "settings")

    def clear(self) -> None:
        self.settings = Settings()
        self._windows: dict[tuple, Window] = {}
        if not hasattr(self, "_under_way"):  # calls that are under way outlive a reset
            self._under_way = Counter()

    def arrive(self, key: tuple[str, str]) -> int:
        """Count the call in; returns how many of this app and organisation are under way, this one included."""
        self._under_way[key] += 1
        return self._under_way[key]

    def leave(self, key: tuple[str, str]) -> None:
        self._under_way[key] -= 1
        if not self._under_way[key]:
            del self._under_way[key]

    def admit(self, app, organisation, under_way: int) -> None:
        """Count one call. :raise TooManyRequests: with the headers of platform §3"""
        if not self.settings.enforced:
            return
        now = self.world.clock.now()
        self._check(app, organisation, under_way, now)
        for window, _limit in self._of(app, organisation, now).values():
            window.used += 1

    def headers(self, app, organisation) -> dict[str, str]:
        now = self.world.clock.now()
        left = {
            problem: max(0, limit - window.used)
            for problem, (window, limit) in self._of(app, organisation, now).items()
        }
        return {
            "X-DayLimit-Remaining": str(left["day"]),
            "X-MinLimit-Remaining": str(left["minute"]),
            "X-AppMinLimit-Remaining": str(left["appminute"]),
        }

    def use_up(self, app, organisation, problem: str) -> None:
        """Spend what is left of the window ``minute``, ``day`` or ``appminute``."""
        window, limit = self._of(app, organisation, self.world.clock.now())[problem]
        window.used = max(window.used, limit)

    def _check(self, app, organisation, under_way, now):
        if under_way > self.settings.concurrent:
            raise TooManyRequests("concurrent")
        for problem, (window, limit) in self._of(app, organisation, now).items():
            if window.used >= limit:
                raise TooManyRequests(problem, window.seconds_left(now))

    def _of(self, app, organisation, now) -> dict[str, tuple[Window, int]]:
        """The three windows of this call, rolled to now, each with its limit; the longest first."""
        key, settings = (app.client_id, organisation.tenant_id), self.settings
        day = organisation.day_limit if settings.day is None else settings.day
        found = {
            "day": (self._windows.setdefault((*key, "day"), Window(DAY)), day),
            "minute": (self._windows.setdefault((*key, "minute"), Window(MINUTE)), settings.minute),
            "appminute": (self._windows.setdefault((app.client_id,), Window(MINUTE)), settings.app_minute),
        }
        for window, _limit in found.values():
            window.roll(now)
        return found
