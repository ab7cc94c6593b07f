"""One call of the accounting API as a handler sees it, and what the handler may answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import wire
from .errors import PostDataInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.datastructures import MultiDict

    from .world import Organisation, World


@dataclass
class Call:
    """:ivar path: relative to ``/api.xro/2.0``, decoded, e.g. ``/Invoices/abc``
    :ivar args: what the placeholders of the route matched, decoded
    :ivar headers: case-insensitive mapping
    :ivar body: raw bytes
    :ivar user: the ``User`` who consented; ``app``: the ``App`` that calls (both None for the simulator's own pages)
    :ivar app_name: the envelope's ``ProviderName``
    """

    world: World
    organisation: Organisation
    method: str
    path: str
    args: dict[str, str]
    query: MultiDict
    headers: Mapping[str, str]
    body: bytes
    now: datetime
    app: Any = None
    user: Any = None
    app_name: str = "Simulator"

    @property
    def books(self):
        return self.organisation.books

    @cached_property
    def json(self) -> Any:
        """The body parsed: numbers with a point are ``Decimal``. :raise PostDataInvalid: it is no JSON."""
        declared = self.headers.get("Content-Type", "")
        if declared and "json" not in declared.lower():  # Xero takes anything else for XML
            raise PostDataInvalid("Data at the root level is invalid. Line 1, position 1.")  # (text not verified)
        return wire.loads(self.body)

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean of the query string; ``False`` with a capital, as Xero's own SDK sends it, counts."""
        value = self.query.get(name)
        return default if value is None else value.strip().lower() == "true"


@dataclass
class Answer:
    """What a handler returns when the plain 200 envelope is not enough.

    A ``dict`` body goes out as JSON as it is (no envelope); bytes and str as ``content_type``; None is an empty body.
    """

    status: int = 200
    body: dict | list | bytes | str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str | None = None
