"""Behaviour 55: monitors tell one sample with ``once``, sections for a duration, and are cut otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator import interfaces
from simulator.fleet import SimulatedRouter
from tests.unit.simulator.passing import answered
from tests.unit.simulator.plain import Client
from tests.unit.simulator.test_limits import CLOSED

TRAFFIC = "/interface/monitor-traffic"
MONITOR = "/interface/ethernet/monitor"


def test_behaviour_55_once_tells_a_row_for_each_interface(client: Client) -> None:
    rows = client("POST", TRAFFIC, {"interface": "ether1,ether2", "once": ""}).body
    assert [row["name"] for row in rows] == ["ether1", "ether2"]
    assert set(rows[0]) == {
        "name",
        *(
            f"{fast}{way}-{what}-per-second"
            for fast in ("", "fp-")
            for way in ("rx", "tx")
            for what in ("bits", "packets")
        ),
    }
    assert client("POST", TRAFFIC, {"interface": "ether1", "once": "", ".proplist": "name"}).body == [
        {"name": "ether1"}
    ]


def test_behaviour_55_rates_are_those_of_the_counters(router: SimulatedRouter, client: Client) -> None:
    told = int(client("POST", TRAFFIC, {"interface": "ether1", "once": ""}).body[0]["rx-bits-per-second"])
    before, began = int(client.get("/interface/ether1")["rx-byte"]), router.device.clock.monotonic()
    router.device.clock.advance(1000)
    after, ended = int(client.get("/interface/ether1")["rx-byte"]), router.device.clock.monotonic()
    assert (after - before) * 8 / (ended - began) == pytest.approx(told, rel=0.01)
    client("PATCH", "/interface/ether1", {"disabled": "true"})
    assert client("POST", TRAFFIC, {"interface": "ether1", "once": ""}).body[0]["rx-bits-per-second"] == "0"


def test_behaviour_55_a_duration_tells_a_section_every_second(router: SimulatedRouter, client: Client) -> None:
    before = router.device.clock.monotonic()
    body = {"interface": "ether1", "duration": "3s"}
    rows = answered(router, lambda: client("POST", TRAFFIC, body)).body
    assert [row[".section"] for row in rows] == ["0", "1", "2"]
    assert router.device.clock.monotonic() - before >= 3


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (TRAFFIC, {"interface": "ether1"}),
        (TRAFFIC, {"interface": "ether1", "once": "false"}),
        (MONITOR, {"numbers": "ether1"}),
        ("/ip/proxy/monitor", {}),
    ],
)
def test_behaviour_55_without_once_it_is_cut(
    router: SimulatedRouter, client: Client, path: str, body: dict[str, str]
) -> None:
    before = router.device.clock.monotonic()
    reply = answered(router, lambda: client("POST", path, body), 10)
    assert (reply.status, reply.raw) == (400, CLOSED)
    assert router.device.clock.monotonic() - before >= 60


def test_behaviour_55_ethernet_monitor_is_as_captured(router: SimulatedRouter, client: Client, corpus: Path) -> None:
    interfaces.plug(router.device, "ether2", plugged=False)
    for port, capture in (("ether1", "miklink"), ("ether2", "miklink-2")):
        captured = [
            json.loads((corpus / "rest-json" / f"interface_ethernet_monitor--{name}.json").read_text("utf-8"))[
                "objects"
            ][0]
            for name in ("miklink", "miklink-2")
        ]
        wanted = next(row for row in captured if row["name"] == port)
        assert client("POST", MONITOR, {"numbers": port, "once": True}).body == [wanted], capture
    assert [row["name"] for row in client("POST", MONITOR, {"numbers": "ether1,ether3", "once": ""}).body] == [
        *("ether1", "ether3"),
    ]


def test_behaviour_55_a_cable_test_ends_by_itself(router: SimulatedRouter, client: Client) -> None:
    interfaces.plug(router.device, "ether2", plugged=False)
    path = "/interface/ethernet/cable-test"
    assert client("POST", path, {"numbers": "ether1"}).body == [{"name": "ether1", "status": "link-ok"}]
    assert client("POST", path, {"numbers": "ether2"}).body == [
        {"cable-pairs": "open:4,open:4,open:4,open:4", "name": "ether2", "status": "no-link"}
    ]


def test_behaviour_55_monitors_of_other_interfaces_tell_the_state(router: SimulatedRouter, client: Client) -> None:
    client.add("/interface/bridge", name="lan")
    client.add("/interface/bridge/port", bridge="lan", interface="ether3")
    told = client("POST", "/interface/bridge/monitor", {"numbers": "lan", "once": ""}).body[0]
    assert (told["port-count"], told["root-bridge"]) == ("1", "true")
    assert told["current-mac-address"] == client.get("/interface/bridge/lan")["mac-address"]
    interfaces.plug(router.device, "ether5", plugged=False)
    client.add("/interface/bonding", name="bond", slaves="ether4,ether5")
    told = client("POST", "/interface/bonding/monitor", {"numbers": "bond", "once": ""}).body[0]
    assert (told["active-ports"], told["inactive-ports"]) == ("ether4", "ether5")
    told = client("POST", "/system/resource/monitor", {"once": ""}).body[0]
    assert set(told) == {"cpu-used", "cpu-used-per-cpu", "free-memory"}


def test_behaviour_55_monitors_are_tested_for_arguments(client: Client) -> None:
    assert client.detail("POST", TRAFFIC, {"once": ""}) == "missing =interface="
    refused = client.detail("POST", TRAFFIC, {"interface": "nowhere", "once": ""})
    assert refused == "input does not match any value of interface"
    assert client.detail("POST", MONITOR, {"once": ""}) == "missing =.id="
    assert client("POST", MONITOR, {"numbers": "nowhere", "once": ""}).status == 404
    assert client.detail("POST", MONITOR, {"numbers": "ether1", "nonsense": ""}) == "unknown parameter nonsense"
    assert client.detail("GET", MONITOR) == "no such command"
    assert client.detail("POST", "/ip/dns/monitor", {"once": ""}) == "no such command or directory (monitor)"
