"""The other side of a socket, for what no well-behaved server does: drops, halves, drips and rubbish.

A :class:`Peer` takes one action per request, in order. An action is bytes (sent as they are, connection kept open) or
a function ``(connection, request)``; see :func:`answer`, :func:`hang_up`, :func:`reset`, :func:`drip`.
"""

import contextlib
import json
import socket
import struct
import threading
import time
from dataclasses import dataclass, field

PHRASE = "Anything"


@dataclass
class Request:
    method: str
    path: str
    headers: dict
    body: bytes
    connection: int = 0

    @property
    def json(self):
        return json.loads(self.body)


def answer(status=200, body=b"", *, content_type="application/json", **headers):
    """A complete answer; a dict or list becomes JSON. ``headers`` have underscores for hyphens."""
    if isinstance(body, (dict, list)):
        body = json.dumps(body).encode()
    elif isinstance(body, str):
        body = body.encode()
    lines = [f"HTTP/1.1 {status} {PHRASE}", f"Content-Length: {len(body)}"]
    if content_type:
        lines.append(f"Content-Type: {content_type}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def hang_up(data=b""):
    """Sends ``data`` and closes the line politely (FIN)."""

    def act(connection, request):
        connection.sendall(data)
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    return act


def reset(data=b""):
    """Sends ``data`` and breaks the line (RST)."""

    def act(connection, request):
        connection.sendall(data)
        if data:
            time.sleep(0.05)  # an RST overtakes what has not been read yet
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(connection.detach())  # close() would wait for the reader of the same socket

    return act


def drip(data, every=0.05, then=b""):
    """Sends ``data`` byte by byte."""

    def act(connection, request):
        with contextlib.suppress(OSError):
            for index in range(len(data)):
                connection.sendall(data[index : index + 1])
                time.sleep(every)
            connection.sendall(then)

    return act


def silence(seconds=3):
    """Says nothing for a while."""

    def act(connection, request):
        time.sleep(seconds)
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    return act


@dataclass
class Peer:
    """Listens on a free port of 127.0.0.1. ``wrap`` turns an accepted socket into a TLS one."""

    actions: list = field(default_factory=list)
    wrap: object = None
    requests: list = field(default_factory=list)
    connections: int = 0
    closing: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"{'https' if self.wrap else 'http'}://localhost:{self.port}"
        self._open = []
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.closing.set()
        # A thread that is still in accept() when the number of its socket goes to the next peer takes that one's calls.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listening.join()
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.close()

    def _listen(self):
        while not self.closing.is_set():
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection, self.connections), daemon=True).start()

    def _serve(self, connection, number):
        with contextlib.suppress(OSError, ValueError):
            if self.wrap:
                connection = self.wrap(connection)
            reader = connection.makefile("rb")
            while request := self._read(reader, number):
                self.requests.append(request)
                action = self.actions.pop(0) if self.actions else answer(500, "nothing planned")
                if callable(action):
                    action(connection, request)
                else:
                    connection.sendall(action)

    @staticmethod
    def _read(reader, number):
        line = reader.readline()
        if not line:
            return None
        method, path, _version = line.decode().split()
        headers = {}
        while (line := reader.readline()) not in (b"\r\n", b""):
            name, _colon, value = line.decode().partition(":")
            headers[name.strip().lower()] = value.strip()
        body = reader.read(int(headers.get("content-length") or 0))
        return Request(method, path, headers, body, number)
