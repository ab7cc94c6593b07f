"""A worker that is killed with SIGKILL: just before and just after each of its commits, around each call, and while
Xero has the call in hand. What the next workers make of it is 120 invoices, none lost, none twice (issue section 6)."""

import pytest
from live_checks import assert_all_there
from test_live_faults import CALLS, PAST_IDEMPOTENCY, STEPS

# Commits of one run of the job, Odoo's own included (``test_the_commit_points_are_these``).
COMMITS = 20


def settle_and_check(stage, past):
    if past:
        stage.let_time_pass(PAST_IDEMPOTENCY)
    stage.recover()
    assert_all_there(stage)


def test_the_commit_points_are_these(stage):
    """Were there more, the tests below would not strike at all of them."""
    done = stage.play("worker")
    assert (done["commits"], done["calls"]) == (COMMITS, len(CALLS))


@pytest.mark.parametrize("number", range(1, COMMITS + 1))
@pytest.mark.parametrize("moment", ["before commit", "after commit"])
def test_killed_at_a_commit(stage, moment, number):
    stage.play("worker", kill={"moment": moment, "number": number}, killed=True)
    # in turn, and the other way round after the commit: every call is looked up late, and repeated soon, once
    settle_and_check(stage, past=number // 2 % 2 == (moment == "after commit"))


@pytest.mark.parametrize("step", STEPS, ids=STEPS.values())
@pytest.mark.parametrize("moment", ["before call", "after call"])
def test_killed_around_a_call(stage, moment, step):
    stage.play("worker", kill={"moment": moment, "number": step + 1}, killed=True)
    settle_and_check(stage, past=step % 2 == (moment == "after call"))


@pytest.mark.parametrize("step", STEPS, ids=STEPS.values())
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_xero_has_the_call(stage, when, step):
    """Xero goes on with it: what it was asked for happens (*before*), or has happened already (*after*)."""
    stage.simulator.fault("delay", seconds=30, when=when, skip=step, match={"path": "/api.xro/"})
    pid = stage.start("worker")
    stage.wait_until_hanging()
    stage.kill(pid)
    settle_and_check(stage, past=step % 2 == (when == "after"))


@pytest.mark.parametrize("first", [4, 7, 9, 10])
@pytest.mark.parametrize("second", ["before call", "after call", "before commit"])
def test_killed_again_while_it_recovers(stage, first, second):
    """The worker that comes to find out what became of a request dies over it, twice."""
    stage.play("worker", kill={"moment": "before commit", "number": first}, killed=True)
    stage.play("worker", kill={"moment": second, "number": 1 if "call" in second else 5}, killed=True)
    stage.let_time_pass(PAST_IDEMPOTENCY)
    stage.play("worker", kill={"moment": second, "number": 1 if "call" in second else 5}, killed=True)
    settle_and_check(stage, past=False)
