"""From what came over the wire to one of :mod:`.errors`, or to a body that can be used.

Sources: developer.xero.com (documentation/api/http-response-codes, requests-and-responses, guides/oauth2/limits,
guides/idempotent-requests) and recorded answers: 404 and 429 come with empty bodies, 503 with text. So the content type
is not trusted, and no status depends on its body.
"""

import re

from . import errors
from .answers import Element
from .limits import parse_limits, parse_problem, parse_retry_after
from .payload import loads
from .redact import clean

# Xero misspells it ("insufficent_scope"), and says so in its FAQ.
NO_SCOPE = re.compile(r"insuff?icie?nt_scope|AuthorizationUnsuccessful", re.IGNORECASE)
KEY_REUSED = re.compile(r"Idempotency Key:.*different request", re.IGNORECASE | re.DOTALL)
OLD_RATE_LIMIT = re.compile(r"rate[ +]limit[ +]exceeded", re.IGNORECASE)
ORGANISATION_OFFLINE = re.compile(r"organisation.{0,20}offline", re.IGNORECASE | re.DOTALL)
SPEAKING = ("detail", "message", "error_description", "error", "title")
CORRELATION = re.compile(r"[\w.:-]{1,100}", re.ASCII)


def correlation_id(raw):
    """:rtype: str | None"""
    value = raw.headers.get("xero-correlation-id", "").strip()
    return value if CORRELATION.fullmatch(value) else None


def parse(raw):
    """The body as a dict with its keys as they came, or ``None`` when it is no JSON object.

    :rtype: dict | None
    """
    try:
        body = loads(raw.data)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _text(raw):
    return raw.data[:20000].decode("utf-8", errors="replace")


def _facts(raw, secrets):
    """What every exception carries, and the body's own words for it."""
    body = parse(raw) or {}
    lower = {str(key).lower(): value for key, value in body.items()}
    words = next((lower[key] for key in SPEAKING if lower.get(key)), None)
    detail = clean(words if isinstance(words, str) else _text(raw), secrets)
    kwargs = {
        "status": raw.status,
        "retry_after": parse_retry_after(raw.headers.get("retry-after")),
        "correlation_id": correlation_id(raw),
        "limits": parse_limits(raw.headers),
    }
    return body, detail, kwargs


def failure(raw, *, write, sent_count=0, id_key=None, secrets=()):
    """The exception for an answer that is not a success.

    :param Raw raw: status 3xx (but 304), 4xx or 5xx
    :param bool write: whether the call may have changed something
    :param int sent_count: elements that were sent
    :param str | None id_key: name of an element's id
    :param secrets: values to mask in the detail
    :rtype: XeroError
    """
    body, detail, kwargs = _facts(raw, secrets)
    status = raw.status
    if status == 429 or (status == 503 and OLD_RATE_LIMIT.search(_text(raw))):
        return rate_limited(raw, detail, kwargs)
    if status == 503:
        offline = ORGANISATION_OFFLINE.search(_text(raw))
        return (errors.OrganisationOffline if offline else errors.Unavailable)(detail, **kwargs)
    if status == 401:
        return _unauthorised(raw, detail, kwargs)
    if status == 403:
        return _forbidden(raw, body, detail, kwargs)
    if status in (404, 410):
        return errors.NotFound(detail, **kwargs)
    if status == 408:
        # the server gave up waiting for the request: it never had it whole
        return errors.Unavailable(detail, **kwargs)
    if 400 <= status < 500 or status in (501, 505):
        return _rejected(body, detail, kwargs, sent_count, id_key, secrets)
    # 500, 502, 504 and whatever a proxy invents, redirects included: the write may have been applied before it failed
    if write:
        return errors.InDoubt(detail, **kwargs)
    return (errors.Unavailable if status >= 500 else errors.Unreadable)(detail, **kwargs)


def rate_limited(raw, detail, kwargs):
    """:rtype: RateLimited"""
    problem = parse_problem(raw.headers.get("x-rate-limit-problem"), kwargs["limits"], kwargs["retry_after"])
    return (errors.DayLimit if problem == "day" else errors.RateLimited)(detail, problem=problem, **kwargs)


def _unauthorised(raw, detail, kwargs):
    if NO_SCOPE.search(raw.headers.get("www-authenticate", "")) or NO_SCOPE.search(detail):
        return errors.ScopeMissing(detail, **kwargs)
    expired = "tokenexpired" in detail.replace(" ", "").lower()
    return (errors.TokenExpired if expired else errors.TokenRefused)(detail, **kwargs)


def _forbidden(raw, body, detail, kwargs):
    if NO_SCOPE.search(raw.headers.get("www-authenticate", "")) or NO_SCOPE.search(detail):
        return errors.ScopeMissing(detail, **kwargs)
    if raw.data.strip() and not body:
        # a page instead of Xero's JSON: a firewall on the way has refused, not Xero
        return errors.Unavailable(detail, **kwargs)
    if not detail or "authenticationunsuccessful" in detail.lower():
        return errors.TenantGone(detail, **kwargs)
    return errors.Forbidden(detail, **kwargs)


def _rejected(body, detail, kwargs, sent_count, id_key, secrets):
    lower = {str(key).lower(): value for key, value in body.items()}
    number = lower.get("errornumber")
    kwargs["error_number"] = number if isinstance(number, int) else None
    echo = lower.get("elements")
    if isinstance(echo, list) and echo:
        elements = [Element.rejected(index, data, id_key) for index, data in enumerate(echo)]
        told = [sentence for element in elements for sentence in element.errors]
        detail = clean("; ".join(dict.fromkeys(told)) or detail, secrets)
        if len(echo) != sent_count:
            elements = []  # whose errors these are cannot be told
        return errors.Rejected(detail, elements=elements, **kwargs)
    if KEY_REUSED.search(detail):
        return errors.KeyReused(detail, **kwargs)
    if kwargs["status"] == 413:
        return errors.TooLarge(detail, **kwargs)
    if kwargs["error_number"] == 14:
        return errors.Malformed(detail, **kwargs)
    return errors.Rejected(detail, **kwargs)
