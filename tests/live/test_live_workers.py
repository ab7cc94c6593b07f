"""What may become of the worker besides being killed: a second one, a database that goes away or is full, an
organisation that is disconnected under its hands, a limit."""

import pytest
from live_checks import assert_all_there
from test_live_faults import CALLS, STEPS


def test_of_two_workers_one_works(stage):
    """Two of Odoo's cron processes come at the same moment; the row of the scheduled action lets one of them in."""
    stage.simulator.latency(150)
    pids = [stage.start("worker"), stage.start("worker")]
    calls = sorted(stage.wait(pid)["calls"] for pid in pids)
    assert calls == [0, len(CALLS)]
    assert_all_there(stage)


@pytest.mark.parametrize("problem", ["minute", "day", "concurrent", "appminute"])
def test_a_limit_parks_without_sleeping(stage, problem):
    """Xero asks to wait 40 seconds: the job makes no further call, ends at once, and asks to be run after them."""
    stage.simulator.fault(
        "status", status=429, problem=problem, retry_after=40, skip=2, times=None, match={"path": "/api.xro/"}
    )
    done = stage.play("worker")
    assert done["calls"] == 3
    assert done["slept"] == 0
    assert done["seconds"] < 10  # a fraction of one, unless the machine is busy
    assert stage.play("triggers") == 1
    assert stage.play("worker")["calls"] == 0
    stage.recover()
    assert_all_there(stage)


@pytest.mark.parametrize("step", STEPS, ids=STEPS.values())
def test_database_goes_away(stage, step):
    """PostgreSQL ends both sessions of the worker while its call is under way."""
    stage.simulator.fault("delay", seconds=30, when="after", skip=step, match={"path": "/api.xro/"})
    pid = stage.start("worker")
    stage.wait_until_hanging()
    stage.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
              "AND pid <> pg_backend_pid()")  # fmt: skip
    stage.simulator.clear_faults()
    stage.wait(pid)
    stage.recover()
    assert_all_there(stage)


@pytest.mark.parametrize("number", range(1, 11))
def test_a_commit_fails(stage, number):
    """The disk is full at the moment of a commit, for each of those that record a request or its answer."""
    stage.play("fail_commits", first=number, last=number)
    stage.play("worker")
    stage.recover()
    assert stage.play("failed_commits") >= number, "it was not reached"
    assert_all_there(stage)


def test_every_commit_fails_for_a_while(stage):
    stage.play("fail_commits", first=4, last=1000)
    for _hour in range(3):
        stage.play("worker")
        stage.play("skip_to_next_run", url=stage.simulator.url)
    stage.play("fail_commits", first=0, last=0)
    stage.recover()
    assert_all_there(stage)


@pytest.mark.parametrize("step", STEPS, ids=STEPS.values())
def test_disconnected_in_mid_run(stage, step):
    """A manager disconnects while a call hangs: no wait, not one more call, and connecting again resumes."""
    stage.simulator.fault("delay", seconds=30, when="after", skip=step, match={"path": "/api.xro/"})
    pid = stage.start("worker")
    stage.wait_until_hanging()
    done = stage.play("disconnect")
    assert done["seconds"] < 10
    stage.simulator.clear_faults()
    stage.wait(pid)
    assert stage.simulator.count_calls(path="/api.xro/") == step + 1
    assert stage.ledger()["state"] == "disconnected"
    assert stage.play("worker")["calls"] == 0
    stage.play("connect_again", url=stage.simulator.url)
    stage.recover()
    assert_all_there(stage)


def test_access_is_taken_away_in_mid_run(stage):
    """Somebody disconnects the app in Xero itself: the worker stops, says so, and goes on when it is granted again."""
    stage.simulator.fault("delay", seconds=30, when="after", skip=3, match={"path": "/api.xro/"})
    pid = stage.start("worker")
    stage.wait_until_hanging()
    stage.simulator.organisation("NZ", disconnect=True)
    stage.simulator.clear_faults()
    stage.wait(pid)
    assert stage.simulator.count_calls(path="/api.xro/") == 5
    told = stage.ledger()
    assert (told["state"], told["error"]) == ("gone", "tenant_gone")
    stage.play("connect_again", url=stage.simulator.url)
    stage.recover()
    assert_all_there(stage)


def test_two_people_and_the_worker_refresh_at_once(stage):
    """All three find the same new currency and the same renamed organisation; each row is written once."""
    stage.simulator.organisation("NZ", add_currency="CHF", name="Kauri Renamed")
    stage.sql("UPDATE xero_organisation SET reference_due_at = NULL")
    stage.simulator.latency(200)
    pids = [stage.start("refresh_reference"), stage.start("worker"), stage.start("refresh_reference")]
    said = [stage.wait(pid) for pid in pids]
    stage.simulator.latency(0)
    for pressed in (said[0], said[2]):
        assert "Currencies" in pressed["result"] or "Nothing has changed" in pressed["result"]
    stage.recover()
    assert stage.sql("SELECT count(*) FROM xero_currency WHERE name = 'CHF'").strip() == "1"
    assert stage.sql("SELECT name FROM xero_organisation").strip() == "Kauri Renamed"
    assert_all_there(stage)
