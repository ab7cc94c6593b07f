"""Where Xero is. The hosts are fixed; only a loopback address may stand in for them (the simulator)."""

import re
from dataclasses import dataclass

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

# One anchored pattern instead of a URL parser: two parsers may disagree about what the host of a strange URL is,
# and the host of this one receives tokens.
LOOPBACK_BASE = re.compile(
    r"(?P<base>https?://(?:localhost|127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}|\[::1\])(?::(?P<port>\d{1,5}))?)/?",
    re.ASCII,
)
DEFAULT_PORTS = {"http": 80, "https": 443}


def _origin(url):
    """``(scheme, host, port)`` as urllib3 itself will read ``url``; ``None`` with a login in it, or unreadable."""
    try:
        parts = parse_url(url)
    except LocationParseError:
        return None
    if parts.auth or not parts.host or parts.scheme not in DEFAULT_PORTS:
        return None
    return parts.scheme, parts.host, parts.port or DEFAULT_PORTS[parts.scheme]


@dataclass(frozen=True)
class Hosts:
    """The five addresses of Xero that the addon uses.

    :ivar authorize_url: where the browser is sent to consent
    :ivar token_url: code exchange and refresh
    :ivar revocation_url: revocation of a refresh token
    :ivar connections_url: the list of granted organisations
    :ivar accounting_url: base of the accounting resources, without a slash at the end
    :ivar loopback: true when these are a simulator on this machine
    """

    authorize_url: str = "https://login.xero.com/identity/connect/authorize"
    token_url: str = "https://identity.xero.com/connect/token"
    revocation_url: str = "https://identity.xero.com/connect/revocation"
    connections_url: str = "https://api.xero.com/connections"
    accounting_url: str = "https://api.xero.com/api.xro/2.0"
    loopback: bool = False

    @classmethod
    def from_base_url(cls, base_url=None):
        """The fixed hosts of Xero, or those of a simulator on this machine.

        :param base_url: ``None`` or empty for Xero itself; else scheme, loopback host and port (``http://localhost:8070``)
        :rtype: Hosts
        :raises ValueError: for anything else, so that no setting can send tokens to another machine
        """
        if not base_url:
            return cls()
        match = LOOPBACK_BASE.fullmatch(str(base_url))
        if not match or int(match["port"] or 80) not in range(1, 65536):
            raise ValueError("The Xero base URL must be a loopback address such as http://localhost:8070.")
        base = match["base"]
        return cls(
            authorize_url=f"{base}/identity/connect/authorize",
            token_url=f"{base}/connect/token",
            revocation_url=f"{base}/connect/revocation",
            connections_url=f"{base}/connections",
            accounting_url=f"{base}/api.xro/2.0",
            loopback=True,
        )

    def allows(self, url):
        """Whether a request (and the token in it) may go to ``url``: same scheme, host and port as one of ours."""
        origin = _origin(url)
        return origin is not None and origin in {
            _origin(known) for known in (self.token_url, self.revocation_url, self.connections_url, self.accounting_url)
        }
