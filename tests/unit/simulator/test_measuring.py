"""Behaviours 54 and 9: what measures a network tells sections, and is bounded or cut."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.fleet import SimulatedRouter
from tests.unit.simulator.passing import answered
from tests.unit.simulator.plain import Client
from tests.unit.simulator.test_limits import CLOSED

FAR = "198.51.100.7"


@pytest.fixture
def behind(router: SimulatedRouter, client: Client) -> SimulatedRouter:
    """A router with a network and a way out of it."""
    client.add("/ip/address", address="192.0.2.1/24", interface="ether2")
    client.add("/ip/route", dst_address="0.0.0.0/0", gateway="192.0.2.254")
    return router


def _rows(router: SimulatedRouter, client: Client, path: str, **body: str) -> list[dict[str, str]]:
    sent: dict[str, Any] = {name.replace("_", "-"): text for name, text in body.items()}
    reply = answered(router, lambda: client("POST", path, sent))
    assert reply.status == 200, reply.raw
    assert isinstance(reply.body, list)
    return reply.body


def test_behaviour_54_a_traceroute_tells_a_table_for_each_update(behind: SimulatedRouter, client: Client) -> None:
    rows = _rows(behind, client, "/tool/traceroute", address=FAR, count="2")
    assert [(row[".section"], row["address"], row["sent"], row["last"]) for row in rows] == [
        ("0", "192.0.2.254", "1", "0.3"),
        ("0", "", "1", "0"),
        ("1", "192.0.2.254", "1", "0.3"),
        ("1", FAR, "1", "4.4"),
        ("2", "192.0.2.254", "2", "0.3"),
        ("2", FAR, "2", "4.4"),
    ]
    assert list(rows[0]) == [
        *(".section", "address", "avg", "best", "last", "loss", "sent", "status", "std-dev", "worst"),
    ]
    near = _rows(behind, client, "/tool/traceroute", address="192.0.2.9", count="1")
    assert [row["address"] for row in near] == ["192.0.2.9"]


def test_behaviour_54_a_traceroute_to_nobody_ends_at_the_most_hops(behind: SimulatedRouter, client: Client) -> None:
    behind.device.silent.add(FAR)
    rows = _rows(behind, client, "/tool/traceroute", address=FAR, count="1", max_hops="3")
    last = [row for row in rows if row[".section"] == "1"]
    assert [(row["address"], row["last"], row["loss"]) for row in last] == [
        ("192.0.2.254", "0.3", "0"),
        ("", "timeout", "100"),
        ("", "timeout", "100"),
    ]
    assert {row["error"] for row in last} == {"Too many hops"}


def test_behaviour_54_a_bandwidth_test_tells_every_second(behind: SimulatedRouter, client: Client) -> None:
    before = behind.device.clock.monotonic()
    rows = _rows(behind, client, "/tool/bandwidth-test", address="192.0.2.9", duration="3s")
    assert behind.device.clock.monotonic() - before >= 3
    assert [(row[".section"], row["status"], row.get("duration")) for row in rows] == [
        ("0", "connecting", None),
        ("1", "running", "1s"),
        ("2", "running", "2s"),
        ("3", "done testing", "3s"),
    ]
    assert set(rows[0]) == {
        *(".section", "connection-count", "direction", "lost-packets", "random-data", "rx-10-second-average"),
        *("rx-current", "rx-size", "rx-total-average", "status"),
    }
    assert rows[1]["rx-current"] == "0"
    assert int(rows[3]["rx-total-average"]) > 800_000_000
    both = _rows(behind, client, "/tool/bandwidth-test", address="192.0.2.9", duration="1s", direction="both")
    assert {"rx-current", "tx-current"} <= set(both[0])


def test_behaviour_54_a_bandwidth_test_to_nobody_is_an_error_with_200(behind: SimulatedRouter, client: Client) -> None:
    behind.device.silent.add("192.0.2.66")
    rows = _rows(behind, client, "/tool/bandwidth-test", address="192.0.2.66", duration="3s")
    assert rows[-1]["status"].startswith("ERROR: ")


def test_behaviour_54_a_section_is_told_whatever_is_asked_for(behind: SimulatedRouter, client: Client) -> None:
    asked = {"address": "192.0.2.9", "duration": "1s", ".proplist": "status"}
    rows = answered(behind, lambda: client("POST", "/tool/bandwidth-test", asked)).body
    assert rows == [{".section": "0", "status": "connecting"}, {".section": "1", "status": "done testing"}]


def test_behaviour_54_torch_sees_nothing_within_a_second(behind: SimulatedRouter, client: Client) -> None:
    client.add("/ip/arp", address="192.0.2.9", interface="ether2", mac_address="02:00:00:00:00:01")
    assert _rows(behind, client, "/tool/torch", interface="ether2", duration="1s") == []
    seen = {"src_address": "192.0.2.0/28", "interface": "ether2", "duration": "2s"}
    rows = _rows(behind, client, "/tool/torch", **seen)
    assert [(row[".section"], row["src-address"], row["dst-address"]) for row in rows] == [
        ("0", "192.0.2.9", "192.0.2.1"),
    ]
    assert {"dst-port", "ip-protocol", "mac-protocol", "rx", "rx-packets", "src-port", "tx"} <= set(rows[0])
    assert _rows(behind, client, "/tool/torch", interface="ether3", duration="2s") == []
    refused = client.detail("POST", "/tool/torch", {"interface": "nowhere", "duration": "2s"})
    assert refused == "input does not match any value of interface"


def test_behaviour_54_profile_tells_who_uses_the_processor(behind: SimulatedRouter, client: Client) -> None:
    rows = _rows(behind, client, "/tool/profile", duration="1")
    shares = {row["name"]: float(row["usage"]) for row in rows}
    assert shares["total"] + shares["idle"] == pytest.approx(100)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/tool/traceroute", {"address": FAR}),
        ("/tool/bandwidth-test", {"address": "192.0.2.9"}),
        ("/tool/bandwidth-test", {"address": "192.0.2.9", "duration": "2m"}),
        ("/tool/torch", {"interface": "ether2"}),
        ("/tool/profile", {}),
    ],
)
def test_behaviour_09_what_measures_is_bounded_or_cut(
    behind: SimulatedRouter, client: Client, path: str, body: dict[str, str]
) -> None:
    before = behind.device.clock.monotonic()
    reply = answered(behind, lambda: client("POST", path, body), 10)
    assert (reply.status, reply.raw) == (400, CLOSED)
    assert behind.device.clock.monotonic() - before >= 60


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/tool/traceroute", {"address": FAR}),
        ("/tool/bandwidth-test", {"address": FAR}),
        ("/tool/torch", {"interface": "ether2"}),
        ("/tool/profile", {}),
    ],
)
def test_behaviour_54_measuring_is_tested_for_rights_and_arguments(
    behind: SimulatedRouter, client: Client, path: str, body: dict[str, str]
) -> None:
    assert Client(behind, "blind")("POST", path, body).body["detail"] == "not enough permissions (9)"
    assert client.detail("POST", path, {"nonsense": "1"}) == "unknown parameter nonsense"
    assert client.detail("POST", path, {**body, "duration": "x"}) == "invalid time value for argument duration"
    assert client.detail("GET", path) == "no such command"
    for name in body:
        assert client.detail("POST", path, {"duration": "2s"}) == f"missing ={name}="
