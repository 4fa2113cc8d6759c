"""Behaviour 62 and the faults beside it: declared in a seed or at run time, each befalls the request it is for."""

from __future__ import annotations

import datetime
import http.client
import json
import ssl
import time
import urllib.error
import urllib.request
from typing import Any

import pytest

from simulator.faults import Do, Event, Normalised, faults_of
from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.plain import Client

LISTS = "/interface/list"
OWN = f"{LISTS}?builtin=false"
NO_ANSWER = (ConnectionResetError, http.client.RemoteDisconnected, ssl.SSLError)


@pytest.mark.parametrize(("applied", "rows"), [(False, 0), (True, 1)])
def test_behaviour_62_a_reset_before_and_after_the_work(
    router: SimulatedRouter, client: Client, applied: bool, rows: int
) -> None:
    router.faults.events.append(Event(do=Do.RESET, writes=True, applied=applied))
    assert client.get(OWN) == []
    with pytest.raises(NO_ANSWER):
        client("PUT", LISTS, {"name": "x"})
    assert len(client.get(OWN)) == rows
    assert client("PUT", LISTS, {"name": "y"}).status == 201


def test_behaviour_62_errors_of_the_server(router: SimulatedRouter, client: Client) -> None:
    router.faults.events += [
        Event(do=Do.STATUS, detail="not enough permissions (9)", times=2),
        Event(do=Do.STATUS, at=3, status=502, path="/interface", applied=True),
    ]
    for _ in range(2):
        reply = client("PUT", LISTS, {"name": "x"})
        assert reply.raw == '{"detail":"not enough permissions (9)","error":500,"message":"Internal Server Error"}'
    assert client.get("/system/identity")
    assert client("PUT", LISTS, {"name": "x"}).status == 502
    assert len(client.get(OWN)) == 1


def test_behaviour_62_wrong_bodies_just_after_a_boot(router: SimulatedRouter, client: Client) -> None:
    router.faults.boot, router.faults.wrong_after_boot = 5, 2
    identity = client.get("/system/identity")
    router.reboot()
    with pytest.raises(ConnectionRefusedError):
        client("GET", LISTS)
    router.device.clock.advance(5)
    _until_back(router)
    assert client.get(LISTS) == client.get("/system/resource") == identity
    assert isinstance(client.get(LISTS), list)


def _until_back(router: SimulatedRouter) -> None:
    for _ in range(500):
        if not router.refuse:
            return
        time.sleep(0.005)
    raise AssertionError("The router did not come back.")


def test_behaviour_62_aborted_requests_damage_the_web_server(router: SimulatedRouter, client: Client) -> None:
    router.faults.fragile, router.faults.healing = True, 90.0
    _abort(router, 3)
    assert client("GET", LISTS).status == 200
    _abort(router, 1)
    with pytest.raises(NO_ANSWER):
        client("GET", LISTS)
    assert client("GET", LISTS).raw == '{"error":401,"message":"Unauthorized"}'
    router.device.clock.advance(90)
    assert client("GET", LISTS).status == 200


def _abort(router: SimulatedRouter, count: int) -> None:
    for _ in range(count):
        answered, router.latency = len(router.log), 30.0
        with pytest.raises(TimeoutError):
            Client(router, timeout=0.05)("GET", LISTS)
        time.sleep(0.05)
        router.latency = 0.0
        router.device.clock.advance(30)
        while len(router.log) == answered:
            time.sleep(0.005)


def test_behaviour_62_one_abort_does_no_harm(router: SimulatedRouter, client: Client) -> None:
    router.faults.fragile = True
    _abort(router, 1)
    for _ in range(3):
        assert client("GET", LISTS).status == 200


def test_behaviour_62_bytes_that_are_no_utf8_come_back_as_they_went(client: Client) -> None:
    assert client("PUT", LISTS, raw=b'{"name":"x","comment":"caf\xe9"}').status == 201
    assert client.get(OWN)[0]["comment"].encode(errors="surrogateescape") == b"caf\xe9"


def test_behaviour_62_raw_control_characters(router: SimulatedRouter, client: Client) -> None:
    client.add(LISTS, name="x", comment='a\x01b\\u0001 "q"\n')
    assert "\\u0001b" in client("GET", OWN).raw
    router.faults.raw_control = True
    reply = client("GET", OWN)
    assert "a\x01b" in reply.raw
    with pytest.raises(json.JSONDecodeError):
        json.loads(reply.raw)
    assert reply.body[0]["comment"] == 'a\x01b\\u0001 "q"\n'


def test_garbage_and_other_endpoints_bodies(router: SimulatedRouter, client: Client) -> None:
    router.faults.events += [Event(do=Do.GARBAGE, body="<html>\xff"), Event(do=Do.WRONG_BODY, at=2)]
    garbled = client("GET", LISTS)
    assert (garbled.status, garbled.raw.encode(errors="surrogateescape")) == (200, b"<html>\xff")
    assert client.get(LISTS) == router.rows("/system/identity")[0]
    assert isinstance(client.get(LISTS), list)


def test_refusing_for_a_while(router: SimulatedRouter, client: Client) -> None:
    router.faults.events.append(Event(do=Do.REFUSE, at=2, seconds=30))
    assert client.get("/system/identity")
    with pytest.raises(NO_ANSWER):
        client("PUT", LISTS, {"name": "x"})
    with pytest.raises(ConnectionRefusedError):
        client("GET", LISTS)
    router.device.clock.advance(30)
    _until_back(router)
    assert client.get(OWN) == []


def test_another_certificate_from_one_request_on(router: SimulatedRouter, client: Client) -> None:
    before = router.fingerprint
    router.faults.events.append(Event(do=Do.CERTIFICATE, at=2))
    client.get("/system/identity")
    assert router.fingerprint == before
    client.get("/system/identity")
    assert router.fingerprint != before


def test_another_administrator_edits_between_two_requests(router: SimulatedRouter, client: Client) -> None:
    router.faults.events += [
        Event(do=Do.EDIT, at=2, menu="/system/identity", fields={"name": "theirs"}),
        Event(do=Do.EDIT, at=2, menu=LISTS, command="add", fields={"name": "theirs"}),
    ]
    assert client.get("/system/identity")["name"] != "theirs"
    assert client.get("/system/identity")["name"] == "theirs"
    assert client.get(OWN)[0]["name"] == "theirs"
    assert router.writes == {}


def test_a_clock_that_jumps(router: SimulatedRouter, client: Client) -> None:
    router.faults.events.append(Event(do=Do.JUMP, seconds=-86400 * 400))
    before = datetime.datetime.now(datetime.UTC).date()
    client.get("/system/identity")
    assert datetime.date.fromisoformat(client.get("/system/clock")["date"]) < before - datetime.timedelta(days=300)


def test_secrets_hidden_from_everybody(router: SimulatedRouter, client: Client) -> None:
    client.add("/ppp/secret", name="u", password="hush")
    router.faults.masked_secrets = True
    assert client.get("/ppp/secret")[0]["password"] == "*****"


def test_values_that_are_taken_for_others(router: SimulatedRouter, client: Client) -> None:
    router.faults.normalise += [
        Normalised(menu=LISTS, field="comment", given="x", to="X"),
        Normalised(menu="/system/identity", field="name", to="cut"),
    ]
    assert client.add(LISTS, name="a", comment="x")["comment"] == "X"
    assert client.add(LISTS, name="b", comment="y")["comment"] == "y"
    client("POST", "/system/identity/set", {"name": "a long name"})
    assert client.get("/system/identity")["name"] == "cut"


def test_a_seed_declares_faults() -> None:
    seed = {"faults": {"masked": True, "events": [{"do": "status", "at": 2, "status": 503}]}}
    router = SimulatedRouter("lab", seed, users={"admin": "secret"})
    with run_in_thread([router]):
        client = Client(router)
        assert [client("GET", LISTS).status for _ in range(3)] == [200, 503, 200]
        assert router.masked


@pytest.mark.parametrize(
    "wrong", [{"latncy": 1}, {"latency": "much"}, {"events": [{"do": "explode"}]}, ["hang"], {"events": [{}]}]
)
def test_what_is_no_fault_is_refused_by_name(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"^faults: "):
        SimulatedRouter("lab", {"faults": wrong})


def test_faults_are_told_and_told_again() -> None:
    faults = faults_of({"events": [{"do": "edit", "menu": "/ip/dns", "fields": {"servers": "1.1.1.1"}}]})
    assert faults.events[0].fields == {"servers": "1.1.1.1"}


def test_another_process_breaks_and_mends_routers() -> None:
    router = SimulatedRouter("one", users={"admin": "secret"})
    with run_in_thread([router], control=True) as fleet:
        client, place = Client(router), f"{fleet.control}/devices/one"
        _tell("PATCH", f"{place}/faults", {"events": [{"do": "status", "status": 503}], "limit": 5})
        _tell("PATCH", f"{place}/faults", {"events": [{"do": "status", "status": 502}], "masked": True})
        assert (router.faults.limit, router.masked) == (5, True)
        with urllib.request.urlopen(f"{place}/faults") as reply:
            assert [event["status"] for event in json.load(reply)["events"]] == [503, 502]
        assert client("GET", LISTS).status in (502, 503)
        _tell("PUT", f"{place}/faults", {})
        assert client("GET", LISTS).status == 200
        _tell("POST", f"{place}/clock", {"jump": -3600, "advance": 60})
        _tell("POST", f"{place}/stop", {})
        assert router.refuse
        _tell("POST", f"{place}/start", {})
        before = router.fingerprint
        _tell("POST", f"{place}/certificate", {})
        assert router.fingerprint != before
        assert client("GET", LISTS).status == 200
        _tell("POST", f"{place}/reboot", {})
        assert router.refuse


@pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
def test_the_control_refuses_what_it_does_not_understand(content_type: str) -> None:
    router = SimulatedRouter("one")
    with run_in_thread([router], control=True) as fleet:
        for wrong in (b"{", b'{"latncy": 1}') if content_type == "application/json" else (b"{}",):
            with pytest.raises(urllib.error.HTTPError) as refused:
                _tell("PUT", f"{fleet.control}/devices/one/faults", wrong, content_type)
            assert refused.value.code == 400
            refused.value.close()
        with pytest.raises(urllib.error.HTTPError) as missing:
            _tell("POST", f"{fleet.control}/devices/two/reboot", {})
        assert missing.value.code == 404
        missing.value.close()


def _tell(method: str, url: str, body: Any, content_type: str = "application/json") -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, raw, {"Content-Type": content_type}, method=method)
    with urllib.request.urlopen(request) as reply:
        assert reply.status == 204
