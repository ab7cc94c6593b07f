"""What Xero could say in a form that nobody has seen: JSON of any shape under the names that a codec looks for."""

import math
from decimal import Decimal

from hypothesis import strategies as st

# Texts, numbers and days that a reader is likely to stumble over, beside what hypothesis thinks of by itself.
ODD = st.sampled_from([
    "", " ", "0", "-0", "NaN", "Infinity", "1e400", "1E-400", "/Date(1552262400000+0000)/", "/Date(99999999999999999)/",
    "2026-02-30", "0001-01-01", "9999-12-31T23:59:59Z", "VOIDED", "Inclusive", "\x00", "\ud800", "½", 10**40, -1, 0.1,
    math.inf, math.nan, Decimal("NaN"), Decimal("-Infinity"), Decimal("1E+300"), Decimal("1E-300"), True, False, None,
])  # fmt: skip
PLAIN = st.one_of(
    ODD, st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(max_size=20),
    st.text("0123456789.-+eE/Date()TZ:", max_size=24),
)  # fmt: skip
ANY = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def under(*names, **nested):
    """Objects in which each of ``names`` may be missing or be anything at all.

    :param nested: names whose value is a strategy of its own, or anything
    """
    members = dict.fromkeys(names, ANY) | {name: ANY | inner for name, inner in nested.items()}
    return st.fixed_dictionaries({}, optional=members | {"Unheard": ANY})


def listed(*names, **nested):
    """Lists of such objects, with anything among them."""
    return st.lists(under(*names, **nested) | ANY, max_size=3)
