"""The call log keeps the newest calls within its bounds, whatever a long run sends."""

import pytest
from werkzeug.test import create_environ
from werkzeug.wrappers import Request

from simulator.core.call import Answer
from simulator.core.clock import Clock
from simulator.traffic import log


class World:
    def __init__(self):
        self.clock = Clock()

    def on_reset(self, function):
        function()


@pytest.fixture
def calls():
    return log.CallLog(World())


def send(calls, number, size=10):
    request = Request(create_environ(f"/api.xro/2.0/Invoices/{number}", method="POST"))
    entry = calls.open(request, b"x" * size)
    calls.close(entry, Answer(200, b"y" * size), "answered")


def test_no_more_than_so_many_calls(calls, monkeypatch):
    monkeypatch.setattr(log, "MOST_CALLS", 3)
    for number in range(5):
        send(calls, number)
    assert [entry.path[-1] for entry in calls.find()] == ["2", "3", "4"]


def test_no_more_than_so_many_bytes(calls, monkeypatch):
    monkeypatch.setattr(log, "MOST_BYTES", 10_000)
    for number in range(5):
        send(calls, number, 2000)
    assert [entry.path[-1] for entry in calls.find()] == ["3", "4"]
    assert sum(entry.size for entry in calls.find()) <= 10_000


def test_a_call_larger_than_the_log_does_not_break_it(calls, monkeypatch):
    monkeypatch.setattr(log, "MOST_BYTES", 10_000)
    send(calls, 1, 20_000)
    send(calls, 2)
    assert [entry.path[-1] for entry in calls.find()] == ["2"]
