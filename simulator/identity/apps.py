"""The developer's side: registered apps, and the people who can consent."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CALLBACK = "/xero/oauth/callback"
ANY_LOCALHOST_PORT = f"http://localhost:*{CALLBACK}"


@dataclass(frozen=True)
class User:
    """A person with a login at Xero; ``id`` is the claim ``xero_userid``."""

    id: str
    email: str
    given_name: str
    family_name: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(eq=False)
class App:
    """An app of Xero's developer site.

    :ivar client_secret: None for a PKCE app, a type of its own at Xero
    :ivar granular_only: created on or after 2 March 2026, so that broad scopes are refused
    :ivar redirect_uris: exact URIs; the port of a localhost one may be ``*`` (a simulator's convenience)
    :ivar connection_limit: of its commercial tier; None: no limit
    """

    client_id: str
    client_secret: str | None
    name: str
    redirect_uris: list[str] = field(default_factory=lambda: [ANY_LOCALHOST_PORT])
    granular_only: bool = True
    connection_limit: int | None = None

    def allows_redirect(self, uri: str) -> bool:
        return any(_pattern(registered).fullmatch(uri) for registered in self.redirect_uris)


def redirect_problem(uri: str) -> str | None:
    """Why Xero's developer site would not register ``uri``, or None: https, or http on localhost by name."""
    parts = urlsplit(uri)
    if not parts.hostname or parts.fragment:
        return "A redirect URI is absolute and has no fragment"
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "localhost"):
        return None
    return "A redirect URI must use https; http is allowed for localhost only (not for 127.0.0.1)"


def _pattern(registered: str) -> re.Pattern:
    return re.compile(re.escape(registered).replace(re.escape(":*/"), r"(?::\d+)?/", 1))


# Not secrets: they open nothing but this simulator, and its home page prints them.
def preset_apps() -> list[App]:
    return [
        App("5A17000000000000000000000000DE40", "simulator-secret-of-the-demo-app-0123456789abcdef", "Demo App"),
        App(
            "5A170000000000000000000000001E6A",
            "simulator-secret-of-the-legacy-app-0123456789abcde",
            "Legacy App",
            granular_only=False,
        ),
        App("5A1700000000000000000000000091CE", None, "PKCE App"),
    ]


def preset_users() -> list[User]:
    return [
        User("7d6c1f0e-3c1b-4a52-9d57-5b1e3a0c0001", "robin@example.com", "Robin", "Tane"),
        User("7d6c1f0e-3c1b-4a52-9d57-5b1e3a0c0002", "kim@example.com", "Kim", "Okafor"),
    ]
