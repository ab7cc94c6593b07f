"""Which calls a fault hits: match, skip, times; and orders that make no sense."""

import pytest

from simulator.process import SimulatorError


def statuses(client, count, path="/Organisation"):
    return [client.get(path).status_code for _ in range(count)]


def test_skip_lets_pass_and_times_ends(simulator, client):
    simulator.fault("status", status=500, match={"path": "/Organisation"}, skip=2, times=2)
    assert statuses(client, 6) == [200, 200, 500, 500, 200, 200]
    [fault] = simulator.faults()
    assert (fault["hits"], fault["skip"], fault["times"]) == (2, 0, 2)


def test_times_null_goes_on_until_cancelled(simulator, client):
    fault = simulator.fault("status", status=500, match={"path": "/Organisation"}, times=None)
    assert statuses(client, 4) == [500] * 4
    simulator.control("DELETE", f"faults/{fault['id']}")
    assert statuses(client, 1) == [200]
    with pytest.raises(SimulatorError, match="no such fault"):
        simulator.control("DELETE", f"faults/{fault['id']}")


@pytest.mark.parametrize(
    ("match", "hit"),
    [
        ({}, True),
        ({"method": "GET"}, True),
        ({"method": ["PUT", "GET"]}, True),
        ({"method": "POST"}, False),
        ({"path": r"/Organisation$"}, True),
        ({"path": r"/Contacts"}, False),
        ({"query": r"unitdp=4"}, True),
        ({"query": r"unitdp=2"}, False),
        ({"header": {"X-Mine": "^y"}}, True),
        ({"header": {"X-Mine": "n"}}, False),
        ({"tenant": "other"}, False),
        ({"body": "anything"}, False),
    ],
)
def test_match(simulator, client, match, hit):
    simulator.fault("status", status=500, match=match)
    answer = client.get("/Organisation?unitdp=4", headers={"X-Mine": "yes"})
    assert (answer.status_code == 500) is hit


def test_body_and_tenant_match(simulator, client):
    simulator.fault("status", status=500, match={"body": "Doomed", "tenant": client.tenant_id})
    assert client.put("/Contacts", {"Name": "Spared"}).status_code == 200
    assert client.put("/Contacts", {"Name": "Doomed"}).status_code == 500


def test_two_faults_can_hit_one_call(simulator, client):
    simulator.fault("delay", seconds=0.2, match={"path": "/Organisation"})
    simulator.fault("status", status=503, match={"path": "/Organisation"})
    answer = client.get("/Organisation")
    assert answer.status_code == 503
    assert answer.elapsed.total_seconds() >= 0.2


@pytest.mark.parametrize(
    ("order", "complaint"),
    [
        ({"kind": "explode"}, "kind must be one of"),
        ({"kind": "status", "match": {"verb": "GET"}}, "match knows"),
        ({"kind": "status", "match": {"path": "("}}, "no regular expression"),
        ({"kind": "status", "colour": "red"}, "no option colour"),
        ({"kind": "drop_after", "when": "before"}, "cannot happen"),
        ({"kind": "delay"}, "delay needs seconds"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(simulator, order, complaint):
    with pytest.raises(SimulatorError, match=complaint):
        simulator.control("POST", "faults", order)
    assert simulator.faults() == []


def test_the_control_interface_is_never_hit(simulator):
    simulator.fault("drop_before", times=None)
    assert simulator.faults()[0]["hits"] == 0
