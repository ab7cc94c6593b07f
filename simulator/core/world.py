"""Everything the simulator knows, in one object behind one lock."""

from __future__ import annotations

import copy
import threading
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from . import ids
from .clock import Clock

if TYPE_CHECKING:
    from ..accounting.books import Books

DAY_LIMITS = {"starter": 1000, "core": 5000}  # platform: rate limits per commercial tier


@dataclass(eq=False)
class Organisation:
    """One Xero tenant. What a person can change at any time (name, lock dates, base currency, tier) is read here, at
    the time of the call, never copied: the control interface changes it under a running client."""

    tenant_id: str  # also its OrganisationID
    name: str
    country: str  # ISO 3166 alpha-2: NZ AU GB US
    base_currency: str  # ISO 4217
    legal_name: str = ""
    short_code: str = ""  # with its leading "!", as in Xero's deep links
    timezone: str = "UTC"  # IANA; "today" of a document without a date is a day of this zone
    xero_timezone: str = "UTC"  # Xero's own name, e.g. NEWZEALANDSTANDARDTIME
    edition: str = "BUSINESS"
    plan: str = "PREMIUM"  # Xero's `Class`
    is_demo_company: bool = True
    multicurrency: bool = True
    period_lock_date: date | None = None
    end_of_year_lock_date: date | None = None
    financial_year_end_day: int = 31
    financial_year_end_month: int = 3
    sales_tax_basis: str = "NONE"
    sales_tax_period: str = "MONTHLY"
    default_sales_tax: str = "Tax Exclusive"
    default_purchases_tax: str = "Tax Exclusive"
    created: datetime | None = None
    tier: str = "core"  # starter: 1,000 calls a day, core: 5,000
    offline: bool = False  # answers 503 "Organisation offline"
    available: bool = True  # False: no longer offered on the consent page
    more: dict = field(default_factory=dict)  # further members of Xero's Organisation element, as they are
    books: Books | None = None  # set by World.add_organisation

    @property
    def day_limit(self) -> int:
        return DAY_LIMITS[self.tier]


class World:
    """The state: clock, organisations and their books, apps and what was granted to them.

    ``lock`` guards all of it. A handler runs inside it from its first read to its last write, so a commit is atomic as
    long as the handler validates before it changes anything: raising an ``ApiError`` leaves the books as they were.
    """

    def __init__(self, plant=None):
        """:param plant: ``plant(world)`` adds the organisations; default ``simulator.seed.plant``."""
        self.clock = Clock()
        self.lock = threading.RLock()
        self.organisations: dict[str, Organisation] = {}
        self.apps: dict = {}  # client id -> simulator.identity.apps.App
        self._plant = plant
        self._on_reset = []
        self._parts: list[tuple[object, tuple[str, ...]]] = []
        self._kept: list[dict] = []  # a state per part, once something is kept
        self.keeps(self, "organisations", "apps")
        self.reset()

    def reset(self) -> None:
        """Back to the first second, real time and random ids: seed data and preset apps, or what was kept."""
        with self.lock:
            self.clock.reset()
            ids.decide_by(None)
            self.organisations.clear()
            if self._plant is None:
                from ..seed import plant

                self._plant = plant
            if not self._kept:
                self._plant(self)
            for again in self._on_reset:
                again()
            for (part, _names), state in zip(self._parts, self._copy(self._kept), strict=False):
                vars(part).update(state)

    def keep(self) -> None:
        """What there is now is the first second from here on: the books, the apps, and what was granted to them.

        Time, faults and calls are not kept.
        """
        with self.lock:
            self._kept = self._copy([{name: vars(part)[name] for name in names} for part, names in self._parts])

    def forget(self) -> None:
        """The first second is the seed data's again; what there is stays until a reset."""
        self._kept = []

    def keeps(self, part, *names: str) -> None:
        """These attributes of ``part`` are what ``keep`` puts by."""
        self._parts.append((part, names))

    def _copy(self, states):
        return copy.deepcopy(states, {id(self.clock): self.clock})

    def on_reset(self, function) -> None:
        """``function()`` is called now and on every reset, within the lock."""
        self._on_reset.append(function)
        with self.lock:
            function()

    def add_organisation(self, organisation: Organisation) -> Organisation:
        """Give the organisation its (empty) books and list it under its tenant id."""
        from ..accounting.books import Books

        with self.lock:
            organisation.books = Books(organisation, self.clock)
            self.organisations[organisation.tenant_id] = organisation
            return organisation
