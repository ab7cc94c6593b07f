"""The one way out: every byte to Xero, of the consent and of accounting, goes through :meth:`Wire.send`.

What it promises, because the engine's "nothing is lost, nothing is doubled" rests on it:

* one call is one request: no retry, no redirect, no sleep on 429 (urllib3's defaults do all three);
* every call ends: connect and read time-outs, and a deadline for the whole, so that an answer that drips one byte at
  a time cannot hold a worker;
* it tells exactly whether anything left this machine: the connection itself notes its first byte, instead of a guess
  from the kind of exception;
* nothing goes to a host that is not on the list, and no answer above :data:`LARGEST` is taken in.

Proxies of the environment are not used. Tests that must not reach the network replace ``Wire.send``.
"""

import contextlib
import functools
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field

import certifi
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

LARGEST = 64 * 1024 * 1024
CHUNK = 1 << 16
# Servers close idle connections. One that has been idle for longer than this is not used again, so that a request
# does not meet the server's closing of it half-way and become a doubt.
IDLE = 15.0


class WireError(Exception):
    """No usable answer.

    :ivar sent: whether any byte of the request may have left this machine
    :ivar tls: whether it was the encryption that failed
    :ivar reason: short, without secrets
    """

    def __init__(self, reason, *, sent, tls=False):
        super().__init__(reason)
        self.reason = reason
        self.sent = sent
        self.tls = tls


@dataclass(frozen=True)
class Raw:
    """An answer as it came.

    :ivar status: HTTP status
    :ivar headers: names in lower case
    :ivar data: the body, decompressed
    """

    status: int
    headers: dict = field(repr=False)
    data: bytes = field(repr=False)


class _Call:
    """What a connection notes about the request on it."""

    def __init__(self, read_timeout):
        self.read_timeout = read_timeout
        self.sent = False
        self.expired = False
        self.sock = None

    def expire(self):
        """Called by the watchdog. Shutting the socket wakes up whoever reads from it or writes to it."""
        self.expired = True
        if self.sock is not None:
            with contextlib.suppress(OSError):  # closed meanwhile
                # the plain method: an SSL socket's own would drop its cipher under the reader's feet
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


_current = threading.local()


class _Noting:
    """Mixin for urllib3's connections: notes the first byte that leaves, and gives sending the time of reading."""

    def send(self, data):  # pylint: disable=missing-return
        if self.sock is None and self.auto_open:
            self.connect()
        call = _current.call
        if call.expired:
            raise TimeoutError("connecting took too long")
        call.sock = self.sock
        call.sent = True
        # urllib3 leaves the connect time-out on the socket, and a time-out is for all of what is handed over at once:
        # too short for a 10 MB attachment on a slow line. So piece by piece, each with the time of reading.
        self.sock.settimeout(call.read_timeout)
        pieces = memoryview(data)
        for start in range(0, len(pieces), CHUNK):
            super().send(pieces[start : start + CHUNK])


class _Connection(_Noting, HTTPConnection):
    pass


class _SecureConnection(_Noting, HTTPSConnection):
    pass


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


@functools.cache
def _tls():
    """One context for the process: reading the certificates takes longer than a request."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class Wire:
    """Connections to Xero's hosts, kept alive between calls. One per gateway; not for use by two threads at a time.

    :param Hosts hosts: where requests may go
    :param timeout: ``(connect, read)`` in seconds; the whole call may take ``connect + 3 * read``
    :ivar seconds: time spent in calls so far, failed ones included
    :ivar calls: requests attempted so far
    """

    def __init__(self, hosts, timeout=(5, 30)):
        connect, read = timeout
        if not (connect > 0 and read > 0):
            raise ValueError("timeout must be two positive numbers of seconds")
        self.hosts = hosts
        self.timeout = urllib3.Timeout(connect=float(connect), read=float(read))
        self.read_timeout = float(read)
        self.deadline = float(connect + 3 * read)
        self.seconds = 0.0
        self.calls = 0
        self._last_use = 0.0
        self.pool = urllib3.PoolManager(num_pools=4, maxsize=1, ssl_context=_tls())
        self.pool.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def close(self):
        """Closes the connections; the next call opens new ones."""
        self.pool.clear()

    def send(self, method, url, headers, body=None):
        """One request, one answer.

        :param str method: HTTP verb
        :param str url: complete, with its query
        :param dict headers: names to text
        :param bytes | None body:
        :rtype: Raw
        :raises WireError: when there is no complete answer
        :raises ValueError: when ``url`` is not one of Xero's; nothing is sent
        """
        if not self.hosts.allows(url):
            raise ValueError("refused: not a host of Xero")
        if time.monotonic() - self._last_use > IDLE:
            self.pool.clear()
        call = _current.call = _Call(self.read_timeout)
        watchdog = threading.Timer(self.deadline, call.expire)
        watchdog.daemon = True
        watchdog.start()
        started = time.perf_counter()
        try:
            raw = self._exchange(method, url, {**headers, "Accept-Encoding": "gzip"}, body)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self._failure(error, call) from error
        finally:
            watchdog.cancel()
            call.sock = None
            _current.call = None
            self.seconds += time.perf_counter() - started
            self.calls += 1
            self._last_use = time.monotonic()
        if call.expired:
            # the end of the body may be the watchdog's doing, not the server's
            raise WireError("the answer took too long", sent=True)
        return raw

    def _exchange(self, method, url, headers, body):
        response = self.pool.urlopen(
            method,
            url,
            body=body,
            headers=headers,
            timeout=self.timeout,
            retries=False,
            redirect=False,
            preload_content=False,
        )
        try:
            data = self._read(response)
        except BaseException:
            response.close()  # half an answer must not be left on a connection that is used again
            raise
        return Raw(response.status, {name.lower(): value for name, value in response.headers.items()}, data)

    @staticmethod
    def _read(response):
        if (response.length_remaining or 0) > LARGEST:
            raise urllib3.exceptions.ProtocolError("the answer is too large")
        chunks, size = [], 0
        for chunk in response.stream(CHUNK, decode_content=True):
            size += len(chunk)
            if size > LARGEST:
                raise urllib3.exceptions.ProtocolError("the answer is too large")
            chunks.append(chunk)
        return b"".join(chunks)

    @staticmethod
    def _failure(error, call):
        if call.expired:
            return WireError("the answer took too long", sent=call.sent)
        tls = isinstance(error, urllib3.exceptions.SSLError) and not call.sent
        return WireError(_reason(error), sent=call.sent, tls=tls)


def _reason(error):
    """A network error in a few words; urllib3's own hold object addresses and whole requests."""
    for kind, words in (
        (urllib3.exceptions.NameResolutionError, "the name of the host is not known"),
        (urllib3.exceptions.NewConnectionError, "no connection"),
        (urllib3.exceptions.ConnectTimeoutError, "no connection in time"),
        (urllib3.exceptions.TimeoutError, "no answer in time"),
        (TimeoutError, "no answer in time"),
        (urllib3.exceptions.IncompleteRead, "the answer was cut short"),
        (urllib3.exceptions.DecodeError, "the answer cannot be decompressed"),
        (urllib3.exceptions.SSLError, f"no encrypted line: {error}"),
    ):
        if isinstance(error, kind):
            return words
    cause = error.args[-1] if isinstance(error, urllib3.exceptions.ProtocolError) and error.args else error
    if isinstance(cause, Exception) and cause is not error:
        return _reason(cause)
    return cause if isinstance(cause, str) else type(cause).__name__
