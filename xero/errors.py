"""Everything that can go wrong with Xero, as a small tree in which every class says whose move is next.

``code`` is the stable key of the error catalogue: sentences for people live on Odoo's side, under that key.
``move`` is one of:

* ``wait``: come back later (after ``retry_after`` seconds where given); nothing was applied;
* ``look_up``: it is not known whether Xero applied it; the same body under the same idempotency key within Xero's
  six minutes, or a look at Xero, must come before anything new is sent;
* ``refresh``: get a new access token, once, and try again;
* ``reconnect``: a person has to connect, consent or correct the app's settings;
* ``fix``: the record (or its mapping) has to change before it is worth sending again.
"""


class XeroError(Exception):
    """Base of all. Nothing in it is secret: ``detail`` went through :func:`.redact.clean`.

    :ivar status: HTTP status, ``None`` when there was no answer
    :ivar detail: Xero's own words, redacted, at most 500 characters, possibly empty
    :ivar retry_after: seconds to wait as Xero said, ``None`` when it said nothing
    :ivar correlation_id: what Xero's support asks for, ``None`` when there was no answer
    :ivar limits: :class:`.limits.Limits` of the answer, ``None`` when there was no answer
    """

    code = "xero_error"
    move = "wait"

    def __init__(self, detail="", *, status=None, retry_after=None, correlation_id=None, limits=None):
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.retry_after = retry_after
        self.correlation_id = correlation_id
        self.limits = limits

    def __str__(self):
        parts = [self.code]
        if self.status:
            parts.append(f"HTTP {self.status}")
        if self.detail:
            parts.append(self.detail)
        if self.correlation_id:
            parts.append(f"correlation {self.correlation_id}")
        return ", ".join(parts)

    def __repr__(self):
        return f"<{type(self).__name__} {self}>"


# -- wait ------------------------------------------------------------------------------------------------------------


class RetryLater(XeroError):
    """Nothing was applied; the same call is right later."""

    code = "retry_later"


class Unavailable(RetryLater):
    """Xero is down, or a read got no answer (5xx, 503, time-out or dropped line of a GET)."""

    code = "unavailable"


class OrganisationOffline(Unavailable):
    """Xero is up but this organisation is being worked on (503 "Organisation offline")."""

    code = "organisation_offline"


class RateLimited(RetryLater):
    """429. ``problem`` is ``minute``, ``day``, ``concurrent`` or ``appminute``."""

    code = "rate_limited"

    def __init__(self, detail="", *, problem="minute", **kwargs):
        super().__init__(detail, **kwargs)
        self.problem = problem


class DayLimit(RateLimited):
    """The :class:`RateLimited` whose ``problem`` is ``day``: nothing goes until Xero's day is over."""

    code = "day_limit"

    def __init__(self, detail="", *, problem="day", **kwargs):
        super().__init__(detail, problem=problem, **kwargs)


class NotSent(RetryLater):
    """Not one byte of the request left this machine (no name, no connection): surely nothing was applied."""

    code = "not_sent"


class TlsFailed(NotSent):
    """The other side could not prove that it is Xero (certificate), or no encrypted line came about."""

    code = "tls_failed"


class Unreadable(RetryLater):
    """The answer to a read is not what Xero promises: HTML, cut short, too large, not JSON, without its list."""

    code = "unreadable"


# -- look up ---------------------------------------------------------------------------------------------------------


class InDoubt(XeroError):
    """A write left this machine and its outcome is unknown: Xero may have applied all, some or none of it."""

    code = "in_doubt"
    move = "look_up"


# -- refresh ---------------------------------------------------------------------------------------------------------


class TokenExpired(XeroError):
    """401: the access token is past its 30 minutes. Refresh once; a second one in a row is a :class:`Reconnect`."""

    code = "token_expired"
    move = "refresh"


class TokenRefused(TokenExpired):
    """401: the access token is not good (revoked, mangled). One refresh may cure it."""

    code = "token_refused"


# -- reconnect -------------------------------------------------------------------------------------------------------


class Reconnect(XeroError):
    """The authorisation is gone (``invalid_grant``: refresh token expired, rotated out or revoked)."""

    code = "reconnect"
    move = "reconnect"


class ScopeMissing(Reconnect):
    """The authorisation lacks a scope for this call; consent again with it."""

    code = "scope_missing"


class TenantGone(Reconnect):
    """The organisation is no longer connected to the app."""

    code = "tenant_gone"


class Forbidden(Reconnect):
    """403 of another kind: the user who consented may not do this in Xero."""

    code = "forbidden"


class CredentialsWrong(Reconnect):
    """Client id or client secret is wrong."""

    code = "credentials_wrong"


class AppMisconfigured(Reconnect):
    """The app at Xero's developer site is not set up for this (grant type, redirect URI, kind of app)."""

    code = "app_misconfigured"


class ScopeRefused(AppMisconfigured):
    """A scope was asked for that the app was not given, such as an old broad scope for a new app."""

    code = "scope_refused"


class ConsentDenied(Reconnect):
    """The person pressed Cancel on Xero's consent page."""

    code = "consent_denied"


# -- fix -------------------------------------------------------------------------------------------------------------


class Rejected(XeroError):
    """Xero refused the request for what it says. Nothing was applied.

    :ivar elements: ``list[Element]``, index-aligned with what was sent; empty when Xero refused the request as a whole
    :ivar validation_errors: ``list[list[str]]``, Xero's sentences per element sent, same order; empty as above
    :ivar error_number: Xero's ``ErrorNumber``, ``None`` when not given
    """

    code = "rejected"
    move = "fix"

    def __init__(self, detail="", *, elements=(), error_number=None, **kwargs):
        super().__init__(detail, **kwargs)
        self.elements = list(elements)
        self.error_number = error_number

    @property
    def validation_errors(self):
        return [element.errors for element in self.elements]


class Malformed(Rejected):
    """Xero could not read the body at all (ErrorNumber 14): an error of ours, not of the record."""

    code = "malformed"


class KeyReused(Rejected):
    """The idempotency key has been used with another request: the earlier one did reach Xero, so look first."""

    code = "idempotency_key_reused"
    move = "look_up"


class TooLarge(Rejected):
    """More than the 10 MB that Xero takes in one request."""

    code = "too_large"


class NotFound(XeroError):
    """404: no such thing at Xero (or not in this organisation)."""

    code = "not_found"
    move = "fix"


def catalogue():
    """Every class of the tree by its code.

    :rtype: dict[str, type[XeroError]]
    """
    found, todo = {}, [XeroError]
    while todo:
        cls = todo.pop()
        found[cls.code] = cls
        todo += cls.__subclasses__()
    return found
