"""Text as Xero takes it, and text as two systems compare it."""

import re
import unicodedata

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
EMAIL = re.compile(r"^[^@\s<>,;\"()]+@[^@\s<>,;\"()]+\.[^@\s<>,;\"().]{2,}$")


def clean(text, limit=None):
    """``text`` without control characters and lone surrogates, trimmed, cut to ``limit`` with an ellipsis."""
    text = CONTROL.sub("", (text or "").encode("utf-8", "ignore").decode("utf-8")).strip()
    if limit and len(text) > limit:
        text = text[: limit - 1].rstrip() + "…"
    return text


def one_line(text, limit=None):
    """As ``clean``, on one line with single spaces: Xero refuses names with leading, trailing or double spaces."""
    return clean(" ".join(clean(text).split()), limit)


def ascii_printable(text):
    """Whether Xero takes ``text`` as an InvoiceNumber: printable ASCII only."""
    return all(" " <= character <= "~" for character in text)


def name_key(name):
    """``name`` folded for comparison: case, accents, spaces and punctuation do not distinguish two businesses."""
    folded = unicodedata.normalize("NFKD", name or "").casefold()
    return "".join(character for character in folded if character.isalnum())


def email_key(email):
    """The first address in ``email``, lower case, or '' when there is none."""
    found = re.search(r"[^@\s<>,;\"()]+@[^@\s<>,;\"()]+", email or "")
    return found.group(0).lower() if found else ""


def phone_key(phone):
    """The last eight digits of ``phone``, "" when it has fewer than six: +64 9 123 4567 and (09) 123-4567 are one."""
    digits = re.sub(r"\D", "", phone or "")
    return digits[-8:] if len(digits) >= 6 else ""


def valid_email(email):
    """Whether Xero would take ``email`` as an EmailAddress (it refuses the whole contact otherwise)."""
    return bool(EMAIL.match(email or ""))
