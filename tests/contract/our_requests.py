"""Judge every call that a client made of the simulator, by Xero's own OpenAPI files.

    simulator = judged(Simulator).start()
    ...                       # the addon works
    simulator.judge()         # AssertionError: POST /Invoices: Invoices/0/Totl: unknown property

A judged simulator judges by itself what it is about to forget (``reset``, ``clear_calls``), so no call escapes. Where
Xero's files are not at hand nothing is judged; ``reason()`` says what to do. Imports no Odoo; found by its folder.
"""

import hashlib
import json
import re
from urllib.parse import parse_qsl

import xero_contract

API = "/api.xro/2.0"
#: which file describes the path
FILES = {API: "xero_accounting.yaml", "/connections": "xero-identity.yaml"}
GUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
ANY_GUID = "00000000-0000-4000-8000-000000000000"
_judged_before = {}


def reason():
    """Why nothing is judged, or None."""
    missing = (name for name in FILES.values() if xero_contract.spec_file(name) is None)
    return next(map(xero_contract.MISSING.format, missing), None)


def problems_of(calls):
    """What Xero's files do not allow in these calls.

    :param calls: as ``Simulator.calls()`` returns them
    :return list: sentences that begin with method and path, each once; calls outside of the files (tokens) have none
    """
    found = {}
    for call in calls:
        start = next((start for start in FILES if call["path"].startswith(start)), None)
        if start:
            path = call["path"].removeprefix(API)
            found |= dict.fromkeys(f"{call['method']} {path}: {problem}" for problem in _problems(call, start, path))
    return list(found)


def _problems(call, start, path):
    """Any GUID is as good as another to the file; so calls that differ in nothing else are judged once per process."""
    kind = call["request_headers"].get("Content-Type", "").partition(";")[0]
    facts = [call["method"], path, call["query"], kind, call.get("request_body") or "", *call["request_headers"]]
    key = hashlib.sha256(GUID.sub(ANY_GUID, "\0".join(facts)).encode()).digest()
    if key not in _judged_before:
        _judged_before[key] = _judge(call, xero_contract.load(FILES[start]), path, kind)
    return _judged_before[key]


def _judge(call, contract, path, kind):
    query = dict(parse_qsl(call["query"], keep_blank_values=True))
    body, sent = None, call.get("request_body")
    if sent and kind == "application/json":
        try:
            body = json.loads(sent)
        except ValueError:
            return ["the body is not JSON"]
    path = path.replace("/connections", "/Connections", 1)  # the file's spelling; Xero's pages and SDKs write it small
    problems = contract.request(call["method"], path, query, call["request_headers"], body)
    if sent and kind != "application/json" and "/Attachments/" not in path:
        problems.append(f"the body is {kind or 'of no content type'}")
    return problems


def judged(simulator_class):
    """The class with ``judge()``; see above.

    :param simulator_class: ``simulator.process.Simulator``, however it was imported
    """

    class Judged(simulator_class):
        _up_to = 0  # id of the last call that was judged

        not_judged = staticmethod(reason)

        def judge(self, meant=None):
            """Judge the calls since the last time.

            :param str meant: what a test has made wrong on purpose, as a regular expression; it has to be found
            :raise AssertionError: a call is not as Xero's files describe it
            """
            if reason():
                return
            calls = self.calls(since=self._up_to)
            self._up_to = max((call["id"] for call in calls), default=self._up_to)
            problems = problems_of(calls)
            unmeant = [problem for problem in problems if not (meant and re.search(meant, problem))]
            assert not unmeant, "not what Xero's OpenAPI files describe:\n" + "\n".join(unmeant)
            assert problems or not meant, f"nothing was wrong, and {meant!r} was to be"

        def clear_calls(self):
            self.judge()
            super().clear_calls()

        def reset(self):
            self.judge()
            super().reset()

    return Judged
