"""Nothing secret leaves the gateway in a message: not in a log line, not in an exception, not in a ``repr``."""

import html
import re

MASK = "***"
JWT = re.compile(r"\beyJ[\w-]{8,}(?:\.[\w-]+){0,2}")
BEARER = re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE)
NAMED = re.compile(
    r"""((?:access_token|refresh_token|id_token|client_secret|code_verifier)["']?\s*[=:]\s*["']?)[^\s"'&,;}]+""",
    re.IGNORECASE,
)
MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^<>]*>", re.IGNORECASE | re.DOTALL)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
LONGEST = 500


def clean(text, secrets=()):
    """One short line that may be logged, stored and shown.

    :param text: what the other side said; ``None`` and other types are allowed
    :param secrets: values known to be secret in this call, masked wherever they occur
    :rtype: str
    """
    text = str(text or "")[: 20 * LONGEST]
    for secret in secrets:
        # A very short "secret" is a test's or a typo, and would blank out ordinary words.
        if secret and len(secret) >= 6:
            text = text.replace(secret, MASK)
    text = JWT.sub(MASK, text)
    text = BEARER.sub(rf"\1 {MASK}", text)
    text = NAMED.sub(rf"\1{MASK}", text)
    if text.lstrip().startswith("<"):  # a page; elsewhere "<" is somebody's contact name
        text = html.unescape(MARKUP.sub(" ", text))
    text = " ".join(CONTROL.sub(" ", text).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
