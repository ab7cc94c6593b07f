"""Where the ids of what is made come from: random as Xero's, or decided by a seed, so that a run can be repeated."""

from __future__ import annotations

import random
import uuid

_source = random.SystemRandom()


def new_id() -> str:
    """A new GUID as Xero writes them: lower case, with dashes."""
    return str(uuid.UUID(int=_source.getrandbits(128), version=4))


def decide_by(seed: int | None) -> None:
    """From here on the same ids in the same order for the same ``seed``; None: random again."""
    global _source
    _source = random.SystemRandom() if seed is None else random.Random(seed)
