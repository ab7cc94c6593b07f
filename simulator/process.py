"""Start the simulator and order things of it, from any test: this file imports nothing but the standard library, so it
can be loaded by its path alone.

    with Simulator.start() as simulator:
        simulator.fault("drop_after", match={"path": "/Invoices"}, skip=1)
        callback = simulator.consent(authorize_url, tenants=["NZ"])
        assert simulator.calls(method="POST", path="/Invoices")
"""

from __future__ import annotations

import json
import re
import select
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

START_SECONDS = 30
# The preset app for granular scopes; it opens nothing but a simulator.
CLIENT_ID = "5A17000000000000000000000000DE40"
CLIENT_SECRET = "simulator-secret-of-the-demo-app-0123456789abcdef"
SCOPES = (
    "openid profile email offline_access accounting.settings accounting.contacts accounting.invoices "
    "accounting.payments accounting.banktransactions accounting.attachments"
)


class SimulatorError(Exception):
    """The control interface refused; the message says why."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


class Simulator:
    """A handle on a running simulator, started by ``start()`` or reached by ``Simulator(url)``."""

    client_id = CLIENT_ID
    client_secret = CLIENT_SECRET
    scopes = SCOPES

    def __init__(self, url: str, process: subprocess.Popen | None = None):
        self.url = url.rstrip("/")
        self._process = process
        # A proxy of the environment must never see loopback traffic.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)

    # life

    @classmethod
    def start(cls, port: int = 0) -> Simulator:
        """A new process on a free port; it ends with ``stop()``, the ``with`` block, or the process that started it.

        :raise RuntimeError: it does not come up"""
        process = subprocess.Popen(
            [sys.executable, "-m", "simulator", "--port", str(port), "--exit-with-parent"],
            cwd=Path(__file__).resolve().parents[1],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        line = process.stdout.readline() if select.select([process.stdout], [], [], START_SECONDS)[0] else ""
        found = re.search(r"ready: (\S+)", line)
        if not found:
            process.kill()
            process.wait()
            raise RuntimeError(f"The simulator did not start: {line!r}")
        return cls(found[1], process)

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process.stdout.close()
            self._process = None

    def __enter__(self) -> Simulator:
        return self

    def __exit__(self, *_):
        self.stop()

    # control

    def control(self, method: str, path: str, body=None, /, **query):
        """Any call of the control interface: ``control("POST", "latency", {"ms": 50})``. :raise SimulatorError:"""
        status, _headers, answer = self.http(method, f"/_simulator/{path}", body, query)
        if status >= 400:
            raise SimulatorError(f"{method} {path}: {status} {answer.decode('utf-8', 'replace')}")
        return json.loads(answer)

    def reset(self) -> None:
        """Seed data, preset apps (or what was kept), real time, no faults, an empty log."""
        self.control("POST", "reset")

    def keep(self) -> None:
        """What there is now (books, apps, tokens, limits) is what ``reset`` comes back to."""
        self.control("POST", "keep")

    def forget(self) -> None:
        """``reset`` comes back to the seed data again."""
        self.control("DELETE", "keep")

    def fault(self, kind: str, **order) -> dict:
        """``fault("status", status=503, match={"path": "/Invoices"}, skip=1, times=2)``; returns it with its id."""
        return self.control("POST", "faults", {"kind": kind, **order})

    def faults(self) -> list[dict]:
        """What is ordered, each with its ``hits``."""
        return self.control("GET", "faults")

    def clear_faults(self) -> None:
        """Cancel all; calls that a delay holds up go on at once."""
        self.control("DELETE", "faults")

    def calls(self, **filters) -> list[dict]:
        """``method path tenant status outcome since limit bodies``; path is a regular expression, oldest call first.
        Each has ``json`` (request) and ``answer`` (parsed, None when it is no JSON) besides the raw texts."""
        found = self.control("GET", "calls", **filters)
        for call in found:
            call["json"], call["answer"] = _parsed(call.get("request_body")), _parsed(call.get("answer_body"))
        return found

    def count_calls(self, **filters) -> int:
        return self.control("GET", "calls", count="true", **filters)["count"]

    def clear_calls(self) -> None:
        self.control("DELETE", "calls")

    def wait_for_call(self, seconds: float = 10, **filters) -> dict:
        """The first call that fits, also one under way. :raise AssertionError: none came in time"""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := self.calls(**filters):
                return found[0]
            time.sleep(0.02)
        raise AssertionError(f"No call {filters} within {seconds} s")

    def clock(self, **order) -> str:
        """``clock()`` reads, ``clock(advance=3600)``, ``clock(set="2026-11-21T00:00:00Z")``, ``clock(freeze=True)``,
        ``clock(resume=True)``; the simulated time, ISO 8601 with its offset."""
        return self.control("POST" if order else "GET", "clock", order or None)["now"]

    def ids(self, seed: int | None) -> None:
        """What is made from here on gets the same ids in each run; None: random again."""
        self.control("POST", "ids", {"seed": seed})

    def latency(self, ms: float, jitter_ms: float = 0) -> None:
        self.control("POST", "latency", {"ms": ms, "jitter_ms": jitter_ms})

    def limits(self, **settings) -> dict:
        """``limits(enforced=False)``, ``limits(minute=10, day=100)``, ``limits(use_up="minute", organisation="NZ")``"""
        return self.control("POST", "limits", settings)

    def organisations(self) -> list[dict]:
        return self.control("GET", "organisations")

    def organisation(self, reference: str, **changes) -> dict:
        """``organisation("NZ", period_lock_date="2026-03-31", add_currency="EUR")``; reference: tenant id, short code,
        name, or country."""
        return self.control("POST" if changes else "GET", f"organisations/{_quoted(reference)}", changes or None)

    def take_away(self, reference: str) -> dict:
        """All connections to the organisation go, and nobody is offered it any more."""
        return self.control("DELETE", f"organisations/{_quoted(reference)}")

    def tenant_id(self, reference: str) -> str:
        return self.organisation(reference)["tenant_id"]

    def register_app(self, **app) -> dict:
        return self.control("POST", "apps", app)

    def books(self, reference: str, path: str, method: str = "GET", body=None, /, **query) -> dict:
        """The accounting API from inside, without token, limits or log: ``books("NZ", "Invoices", Statuses="PAID")``.
        :raise SimulatorError: Xero's refusal"""
        path = f"/_simulator/api/{_quoted(reference)}/{_quoted(path.strip('/'))}"
        status, _headers, answer = self.http(method, path, body, query)
        if status >= 400:
            raise SimulatorError(f"{method} {path}: {status} {answer.decode('utf-8', 'replace')}")
        return json.loads(answer) if answer else {}

    # consent and tokens, as a browser and a plain client do them

    def authorize_url(self, redirect_uri: str, state: str = "state", scope: str = SCOPES, **more) -> str:
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": scope,
            "state": state,
            **more,
        }
        return f"{self.url}/identity/connect/authorize?{urllib.parse.urlencode(query)}"

    def consent(self, authorize_url: str, tenants=("NZ",), allow: bool = True, user: str | None = None) -> str:
        """Press the button on the consent page: the URL that the browser is sent back to.

        :param tenants: tenant ids, names or countries; :param user: a user's id, default the first
        :raise SimulatorError: there is no way back; the message holds the page"""
        form = [("decision", "allow" if allow else "cancel"), *(("tenant", self.tenant_id(each)) for each in tenants)]
        if user:
            form.append(("user", user))
        status, headers, body = self.http("POST", authorize_url, urllib.parse.urlencode(form).encode())
        if status != 302:
            raise SimulatorError(f"The consent page answered {status}: {body.decode('utf-8', 'replace')}")
        return headers["Location"]

    def token_set(self, tenants=("NZ",), redirect_uri="http://localhost:8069/xero/oauth/callback", **more) -> dict:
        """The whole way: consent, code, tokens. ``more`` goes to ``authorize_url``; another app is named by
        ``client_id`` and ``client_secret``."""
        client_id, client_secret = more.get("client_id", self.client_id), more.pop("client_secret", self.client_secret)
        callback = self.consent(self.authorize_url(redirect_uri, **more), tenants)
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(callback).query)["code"][0]
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": client_id,
            "client_secret": client_secret,
        }
        status, _headers, body = self.http("POST", "/connect/token", urllib.parse.urlencode(form).encode())
        if status != 200:
            raise SimulatorError(f"The token endpoint answered {status}: {body.decode()}")
        return json.loads(body)

    def http(self, method: str, path: str, body=None, query=None, headers=None) -> tuple[int, dict, bytes]:
        """One plain request: status, headers (case-insensitive), body. A dict goes out as JSON, bytes as a form."""
        url = path if path.startswith("http") else self.url + path
        if query:
            url += "?" + urllib.parse.urlencode(query)
        headers = {"Accept": "application/json", **(headers or {})}
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        elif body is not None:
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        request = urllib.request.Request(url, body, headers, method=method)
        try:
            with self._opener.open(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.headers, refusal.read()


def _quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="/!")


def _parsed(text: str | None):
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None
