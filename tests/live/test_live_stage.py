"""The stage itself: what goes wrong in one test does not reach the next."""

import contextlib
import os
import signal
import threading

import pytest
from live_checks import assert_all_there


class TimeIsOver(BaseException):
    """As pytest-timeout raises it: no Exception, in the middle of whatever the test waits for."""


@contextlib.contextmanager
def time_over_in(seconds):
    def strike(*_):
        raise TimeIsOver

    before = signal.signal(signal.SIGUSR1, strike)
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGUSR1))
    timer.start()
    try:
        yield
    finally:
        timer.join()
        signal.signal(signal.SIGUSR1, before)


def test_a_test_whose_time_is_over_leaves_the_stage_to_the_next(stage):
    stage.simulator.fault("delay", seconds=30, when="after", skip=3, match={"path": "/api.xro/"})
    with pytest.raises(TimeIsOver), time_over_in(2):
        stage.play("worker")
    stage.end()
    assert stage.playing == []
    stage.fresh()
    stage.play("worker")
    assert_all_there(stage)


def test_a_request_that_xero_does_not_describe_fails_the_test(stage):
    if stage.simulator.not_judged():
        pytest.skip(stage.simulator.not_judged())
    stage.play("worker")
    assert_all_there(stage)
    token = stage.simulator.token_set(["NZ"])["access_token"]
    headers = {"Authorization": f"Bearer {token}", "xero-tenant-id": stage.simulator.tenant_id("NZ")}
    stage.simulator.http("GET", "/api.xro/2.0/Invoices?pagesize=5", headers=headers)
    with pytest.raises(AssertionError, match="unknown query parameter pagesize"):
        assert_all_there(stage)
