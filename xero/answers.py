"""What Xero answered: the whole (:class:`Answer`) and one thing in it (:class:`Element`). No enum is ever checked."""

from dataclasses import dataclass, field, replace

from .limits import Limits
from .resources import NO_ID

DEEPEST = 12  # Xero nests four deep; a hostile answer shall not exhaust the stack


def _list(value):
    return value if isinstance(value, list) else []


def _messages(entries):
    """The sentences in ``[{"Message": …}, …]``, tolerant of other shapes."""
    for entry in _list(entries):
        text = entry.get("Message") if isinstance(entry, dict) else entry
        if isinstance(text, str) and text.strip():
            yield text.strip()


def _nested(value, key, depth=DEEPEST):
    """The sentences under ``key`` anywhere in ``value`` (a document, its lines, its contact), the outermost first."""
    if isinstance(value, dict):
        yield from _messages(value.get(key))
        value = [inner for name, inner in value.items() if name != key]
    if isinstance(value, list) and depth:
        for inner in value:
            yield from _nested(inner, key, depth - 1)


def _refused(data):
    """Whether Xero refused this element. ``StatusAttributeString`` is its own verdict; without a known one (no
    ``summarizeErrors``, or a word nobody has seen) the error flags speak."""
    verdict = data.get("StatusAttributeString")
    verdict = verdict.upper() if isinstance(verdict, str) else ""
    if verdict in ("OK", "WARNING", "ERROR"):
        return verdict == "ERROR"
    return (
        data.get("HasErrors") is True
        or data.get("HasValidationErrors") is True
        or bool(next(_messages(data.get("ValidationErrors")), None))
    )


@dataclass(frozen=True)
class Element:
    """What Xero says about one element that was sent.

    :ivar index: its place in what was sent
    :ivar ok: whether Xero applied it
    :ivar data: Xero's echo, as read
    :ivar errors: Xero's sentences, of the element and of its lines. Never empty when not ``ok``, but for an element of
        a :class:`.errors.Rejected` batch that has no fault of its own: send that one again without its neighbours
    :ivar warnings: likewise; may be there when ``ok``
    :ivar id: Xero's id, ``None`` when the element has none (a refused new element carries zeros)
    """

    index: int
    ok: bool
    data: dict = field(repr=False)
    errors: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    id: str | None = None

    @classmethod
    def read(cls, index, data, id_key=None, refused=None):  # pylint: disable=method-required-super
        """:param dict data: one entry of Xero's list
        :param str | None id_key: name of its id
        :param bool | None refused: known beforehand (a 400); otherwise the entry itself tells"""
        data = data if isinstance(data, dict) else {}
        if refused is None:
            refused = _refused(data)
        errors = list(dict.fromkeys(_nested(data, "ValidationErrors"))) if refused else []
        if refused and not errors:
            errors = ["Xero refused this without saying why."]
        xero_id = data.get(id_key) if id_key else None
        return cls(
            index=index,
            ok=not refused,
            data=data,
            errors=errors,
            warnings=list(dict.fromkeys(_nested(data, "Warnings"))),
            id=xero_id if isinstance(xero_id, str) and xero_id and xero_id != NO_ID else None,
        )

    @classmethod
    def rejected(cls, index, data, id_key=None):
        """One entry of the echo in a 400: not applied, whether or not the fault is its own."""
        data = data if isinstance(data, dict) else {}
        own = _refused(data) or next(_nested(data, "ValidationErrors"), None) is not None
        return replace(cls.read(index, data, id_key, refused=own), ok=False)


@dataclass(frozen=True)
class Answer:
    """:ivar status: HTTP status; 304 (nothing changed) has no items
    :ivar body: the whole answer
    :ivar items: the resource's own list
    :ivar elements: of a write, index-aligned with what was sent; empty for a read
    :ivar limits: :class:`.limits.Limits`
    :ivar correlation_id: for Xero's support
    :ivar seconds: time spent in HTTP for this call
    """

    status: int
    body: dict = field(default_factory=dict, repr=False)
    items: list = field(default_factory=list, repr=False)
    elements: list = field(default_factory=list, repr=False)
    limits: Limits = Limits()
    correlation_id: str | None = None
    seconds: float = 0.0

    @property
    def pagination(self):
        """``{"page", "pageSize", "pageCount", "itemCount"}`` as far as Xero gave them.

        :rtype: dict
        """
        found = self.body.get("pagination")
        return found if isinstance(found, dict) else {}

    @property
    def page_count(self):
        """:rtype: int | None"""
        count = self.pagination.get("pageCount")
        return count if isinstance(count, int) and not isinstance(count, bool) else None
