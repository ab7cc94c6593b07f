"""A threaded HTTP/1.1 server for the app: keep-alive, no Nagle, and able to break a connection on purpose.

Werkzeug's own development server closes every connection, which would hide what a client's connection pool does.
"""

from __future__ import annotations

import io
import sys
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from urllib.parse import unquote_to_bytes

LARGEST_BODY = 64 * 1024 * 1024
IDLE_SECONDS = 120


class Connection:
    """What an answer wants of its socket."""

    def __init__(self):
        self.drop = False
        self.cut_after: int | None = None


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, host: str, port: int, app):
        self.app = app
        super().__init__((host, port), Handler)

    def server_bind(self):
        TCPServer.server_bind(self)  # HTTPServer would look the host's name up, which can take seconds
        self.server_name, self.server_port = self.server_address[:2]

    def handle_error(self, request, client_address):
        """A client that goes away is everyday life here; anything else is a bug to be seen."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024  # head and body leave in one packet
    timeout = IDLE_SECONDS

    def handle_any(self):
        body = self._body()
        if body is None:
            return
        connection, started = Connection(), {}

        def start_response(status, headers, exc_info=None):
            started["status"], started["headers"] = status, headers

        try:
            answer = b"".join(self.server.app(self._environ(body, connection), start_response))
        except Exception:  # a bug of ours must not look like an ordered fault
            traceback.print_exc()
            self.send_error(500, explain="The simulator failed; its standard error says why")
            return
        if connection.drop:
            self.close_connection = True
            return
        self._write(started["status"], started["headers"], answer, connection.cut_after)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = handle_any

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdigit():
            self.send_error(411)
        elif int(length) > LARGEST_BODY:
            self.send_error(413)
        else:
            return self.rfile.read(int(length))
        self.close_connection = True
        return None

    def _environ(self, body, connection) -> dict:
        path, _, query = self.path.partition("?")
        environ = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "RAW_URI": self.path,
            "QUERY_STRING": query,
            "SERVER_NAME": self.server.server_name,
            "SERVER_PORT": str(self.server.server_port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "simulator.connection": connection,
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            if key == "CONTENT_TYPE":
                environ[key] = value
            elif key != "CONTENT_LENGTH":
                environ[f"HTTP_{key}"] = value
        return environ

    def _write(self, status, headers, body, cut_after):
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        if code not in ("204", "304"):
            self.send_header("Content-Length", str(len(body)))
        if cut_after is not None:
            self.close_connection = True
            body = body[:cut_after]
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def version_string(self):
        return "Xero-Simulator"

    def log_message(self, format, *args):
        """Silent: the call log is at /_simulator/calls."""
