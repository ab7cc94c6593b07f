"""The waiting of a duplicate, where its timing can be held in hand: on the store itself."""

import threading

import pytest

from simulator.core.call import Answer
from simulator.core.clock import Clock
from simulator.core.errors import TextError
from simulator.traffic.idempotency import IdempotencyStore

REQUEST = ("POST", "/Invoices", b"", b"{}")


class World:
    def __init__(self):
        self.clock = Clock()

    def on_reset(self, function):
        function()


class Held:
    """A call that is under way until it is let go."""

    def __init__(self, answer):
        self.answer, self.count = answer, 0
        self.entered, self.go = threading.Event(), threading.Event()

    def __call__(self):
        self.count += 1
        self.entered.set()
        assert self.go.wait(10)
        if self.answer is None:
            raise ConnectionError
        return self.answer


@pytest.fixture
def store():
    return IdempotencyStore(World())


def in_thread(function, results):
    def run():
        try:
            results.append(function())
        except ConnectionError:
            results.append("broken")

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_the_duplicate_gets_the_first_ones_answer_and_performs_nothing(store):
    first, second = Held(Answer(200, b"first")), Held(Answer(200, b"second"))
    results = []
    one = in_thread(lambda: store.once(("app",), "k", REQUEST, first), results)
    assert first.entered.wait(5)
    two = in_thread(lambda: store.once(("app",), "k", REQUEST, second), results)
    two.join(0.2)
    assert two.is_alive() and not results
    first.go.set()
    one.join(5)
    two.join(5)
    assert [answer.body for answer in results] == [b"first", b"first"]
    assert (first.count, second.count) == (1, 0)


def test_a_different_request_is_refused_while_the_first_is_under_way(store):
    first = Held(Answer(200, b"first"))
    thread = in_thread(lambda: store.once(("app",), "k", REQUEST, first), [])
    assert first.entered.wait(5)
    with pytest.raises(TextError, match="Idempotency Key: k is used with a different request."):
        store.once(("app",), "k", ("POST", "/Payments", b"", b"{}"), first)
    first.go.set()
    thread.join(5)
    assert first.count == 1


def test_when_the_first_breaks_without_an_answer_the_duplicate_takes_its_place(store):
    first, second = Held(None), Held(Answer(200, b"second"))
    second.go.set()
    results = []
    one = in_thread(lambda: store.once(("app",), "k", REQUEST, first), results)
    assert first.entered.wait(5)
    two = in_thread(lambda: store.once(("app",), "k", REQUEST, second), results)
    first.go.set()
    one.join(5)
    two.join(5)
    assert "broken" in results and second.count == 1
