"""What the catalogue of problems says of one code."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """:ivar outcome: the link's outcome
    :ivar message: a sentence with %(name)s holes that says what to do next
    :ivar cure: name of the button's method on ``xero.link``, or ''
    :ivar by_mapping: goes again by itself when a mapping or the reference data changes
    """

    outcome: str
    message: object
    cure: str = ""
    by_mapping: bool = False
