"""What Xero answers when it refuses. Each class knows its status and its body; texts from Xero's pages and recordings,
or marked ``(text not verified)``."""

from __future__ import annotations

import uuid


class ApiError(Exception):
    """Base: an answer that is not a success. ``body`` is a dict (JSON), str (text) or None (empty)."""

    status = 400
    content_type: str | None = None

    def __init__(self, message: str = "", *, headers: dict[str, str] | None = None):
        super().__init__(message)
        self.message = message
        self.headers = headers or {}

    @property
    def body(self) -> dict | str | None:
        return self.message


class NumberedError(ApiError):
    """400 with Xero's ``{"ErrorNumber", "Type", "Message"}``."""

    number = 0
    kind = ""

    @property
    def body(self):
        return {"ErrorNumber": self.number, "Type": self.kind, "Message": self.message}


class ValidationFailed(NumberedError):
    """ErrorNumber 10: at least one element breaks a rule.

    :param elements: echoes of what was sent, those at fault with ``ValidationErrors: [{"Message": …}]``
    """

    number = 10
    kind = "ValidationException"

    def __init__(self, elements: list[dict], message: str = "A validation exception occurred"):
        super().__init__(message)
        self.elements = elements

    @classmethod
    def of(cls, *messages: str, **echo) -> ValidationFailed:
        """One element with these messages: ``ValidationFailed.of("Email address must be valid.", Name="x")``."""
        return cls([{**echo, "ValidationErrors": [{"Message": message} for message in messages]}])

    @property
    def body(self):
        return {**super().body, "Elements": self.elements}


class PostDataInvalid(NumberedError):
    """ErrorNumber 14: the body cannot be read, or has a member Xero does not know."""

    number = 14
    kind = "PostDataInvalidException"


class QueryParse(NumberedError):
    """ErrorNumber 16: a ``where`` or ``order`` that cannot be read (number and text not verified)."""

    number = 16
    kind = "QueryParseException"


class TextError(ApiError):
    """400 with a plain sentence, e.g. of the idempotency store (body format not verified)."""

    content_type = "text/plain; charset=utf-8"


class _Refusal(ApiError):
    title = ""

    @property
    def body(self):
        return {
            "Type": None,
            "Title": self.title,
            "Status": self.status,
            "Detail": self.message,
            "Instance": str(uuid.uuid4()),
            "Extensions": {},
        }


class Unauthorized(_Refusal):
    """401: ``AuthenticationUnsuccessful`` (bad token) or ``TokenExpired: …``."""

    status = 401
    title = "Unauthorized"


class InsufficientScope(Unauthorized):
    """401 ``AuthorizationUnsuccessful``; the header is misspelt by Xero, so it is here."""

    def __init__(self):
        super().__init__("AuthorizationUnsuccessful", headers={"WWW-Authenticate": 'Bearer error="insufficent_scope"'})


class Forbidden(_Refusal):
    """403: the tenant is not connected, or no ``xero-tenant-id`` came."""

    status = 403
    title = "Forbidden"


class NotFound(ApiError):
    """404 as recorded: ``text/html`` and an empty body."""

    status = 404
    content_type = "text/html; charset=utf-8"

    @property
    def body(self):
        return None


class MethodNotAllowed(NotFound):
    """The path is known, the verb is not (status not verified)."""

    status = 405


class TooManyRequests(ApiError):
    """429 as recorded: empty body, no content type.

    :param problem: minute | day | concurrent | appminute
    :param retry_after: whole seconds; None where Xero gives none (concurrent)
    """

    status = 429

    def __init__(self, problem: str, retry_after: int | None = None):
        headers = {"X-Rate-Limit-Problem": problem}
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        super().__init__(problem, headers=headers)

    @property
    def body(self):
        return None


class ServerError(ApiError):
    """500 in plain text (text not verified)."""

    status = 500
    content_type = "text/plain; charset=utf-8"

    def __init__(
        self, message: str = "An error occurred in Xero. Check the API Status page for current service status."
    ):
        super().__init__(message)


class Unavailable(ServerError):
    """503 in plain text, in Xero's two flavours: the API, or one organisation (text not verified)."""

    status = 503

    def __init__(self, message: str = "The Xero API is temporarily unavailable"):
        super().__init__(message)


class OrganisationOffline(Unavailable):
    def __init__(self):
        super().__init__("The organisation is temporarily offline")
