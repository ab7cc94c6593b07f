"""What every call has in common: headers, time, log, and the decision what a call without an answer means."""

import logging
import re
import time

from . import errors, judge
from .limits import Limits, parse_limits
from .redact import clean
from .resources import split
from .transport import Transport
from .wire import Wire, WireError

_logger = logging.getLogger(__name__)

PRINTABLE = re.compile(r"[\x21-\x7e]+", re.ASCII)
KEY = re.compile(r"[\x21-\x7e]{1,128}", re.ASCII)


class Caller:
    """One access token, one organisation, one connection. Base of :class:`.gateway.Gateway`, which documents it."""

    def __init__(self, hosts, access_token, tenant_id=None, timeout=(5, 30)):
        # No echo of the values: one of them is a secret.
        if not isinstance(access_token, str) or not PRINTABLE.fullmatch(access_token):
            raise ValueError("the access token is not one")
        if tenant_id is not None and (not isinstance(tenant_id, str) or not KEY.fullmatch(tenant_id)):
            raise ValueError("the tenant id is not one")
        self.hosts = hosts
        self.tenant_id = tenant_id
        self.limits = Limits()
        self._secrets = (access_token,)
        self._wire = Wire(hosts, timeout)
        self._transport = Transport(self._wire, access_token)

    def __repr__(self):
        return f"<Gateway {self.tenant_id}>"

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def close(self):
        """Closes the connection."""
        self._wire.close()

    @property
    def seconds_waiting(self):
        """Seconds spent in HTTP so far, failed calls included (for the bench).

        :rtype: float
        """
        return self._wire.seconds

    @property
    def calls(self):
        """Requests attempted so far.

        :rtype: int
        """
        return self._wire.calls

    def _url(self, resource):
        return f"{self.hosts.accounting_url}/{'/'.join(split(resource))}"

    @staticmethod
    def _identifier(value):
        # "." and ".." would be resolved on the way and lead to another address
        if not isinstance(value, str) or not value.strip() or value in (".", ".."):
            raise ValueError("not an identifier")
        return value

    def _send(self, method, url, name, *, write, headers=None, tenant=True, sent_count=0, id_key=None, **request):
        """One call.

        :param str name: for the log; holds no value of a document
        :param bool write: whether it may change something at Xero
        :param request: ``path``, ``query`` and ``body`` of :meth:`.transport.Transport.call`
        :return: ``(Raw, seconds)`` of a success (2xx, 304)
        """
        headers = {"Accept": "application/json", **(headers or {})}
        if tenant and self.tenant_id:
            headers["xero-tenant-id"] = self.tenant_id
        started = time.perf_counter()
        try:
            raw = self._transport.call(method, url, headers=headers, **request)
        except WireError as error:
            seconds = time.perf_counter() - started
            _logger.debug("Xero %s %s: no answer in %.3f s, sent=%s", method, name, seconds, error.sent)
            raise self._fail(error, write) from error
        seconds = time.perf_counter() - started
        self.limits = parse_limits(raw.headers)
        left = f"{self.limits.minute_remaining}/min {self.limits.day_remaining}/day"
        told = (method, name, raw.status, seconds, left, judge.correlation_id(raw))
        _logger.debug("Xero %s %s: %s in %.3f s, left %s, correlation %s", *told)
        if 200 <= raw.status < 300 or (raw.status == 304 and not write):
            return raw, seconds
        raise judge.failure(raw, write=write, sent_count=sent_count, id_key=id_key, secrets=self._secrets)

    def _fail(self, error, write):
        """No answer. Nothing left this machine: surely not applied. Otherwise a write is in doubt, a read is not."""
        detail = clean(error.reason, self._secrets)
        if not error.sent:
            return (errors.TlsFailed if error.tls else errors.NotSent)(detail)
        return (errors.InDoubt if write else errors.Unavailable)(detail)

    def _unreadable(self, raw, detail):
        return errors.Unreadable(
            detail, status=raw.status, correlation_id=judge.correlation_id(raw), limits=self.limits
        )

    def _in_doubt(self, raw, detail):
        return errors.InDoubt(detail, status=raw.status, correlation_id=judge.correlation_id(raw), limits=self.limits)


def query_pairs(params):
    """Query parameters as Xero reads them: ``true``/``false``, lists joined with commas, nothing for ``None``."""
    pairs = []
    for name, value in params.items():
        if value is None:
            continue
        if isinstance(value, bool):
            value = "true" if value else "false"
        elif isinstance(value, (list, tuple)):
            value = ",".join(str(part) for part in value)
        pairs.append((name, str(value)))
    return pairs
