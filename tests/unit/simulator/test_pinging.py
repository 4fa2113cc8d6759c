"""Behaviour 53: ping, bounded and not."""

from __future__ import annotations

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.conftest import USERS
from tests.unit.simulator.plain import Client
from tests.unit.simulator.test_limits import CLOSED, is_cut_after_a_minute


@pytest.fixture
def behind(router: SimulatedRouter, client: Client) -> SimulatedRouter:
    """A router with a network to ping into, that answers."""
    client.add("/ip/address", address="192.0.2.1/24", interface="ether2")
    return router


@pytest.mark.parametrize("path", ["/ping", "/tool/ping"])
def test_behaviour_53_ping_with_a_count_tells_running_totals(
    behind: SimulatedRouter, client: Client, path: str
) -> None:
    before = behind.device.clock.monotonic()
    rows = client("POST", path, {"address": "192.0.2.9", "count": "3", "interval": "20ms"}).body
    assert [(row["seq"], row["sent"], row["received"], row["packet-loss"]) for row in rows] == [
        ("0", "1", "1", "0"),
        ("1", "2", "2", "0"),
        ("2", "3", "3", "0"),
    ]
    assert set(rows[0]) == {
        *("avg-rtt", "host", "max-rtt", "min-rtt", "packet-loss", "received", "sent", "seq", "size", "time", "ttl"),
    }
    assert {row["host"] for row in rows} == {"192.0.2.9"}
    assert behind.device.clock.monotonic() - before >= 0.06


@pytest.mark.parametrize("path", ["/ping", "/tool/ping"])
def test_behaviour_53_ping_without_a_count_is_cut_after_a_minute(
    behind: SimulatedRouter, client: Client, path: str
) -> None:
    assert is_cut_after_a_minute(behind, lambda: client("POST", path, {"address": "192.0.2.9"}))


def test_behaviour_53_a_count_that_takes_longer_is_cut_too(behind: SimulatedRouter, client: Client) -> None:
    behind.faults.limit = 0.1
    assert client("POST", "/ping", {"address": "192.0.2.9", "count": "61"}).raw == CLOSED


def test_behaviour_53_silence_is_a_timeout_without_times(behind: SimulatedRouter, client: Client) -> None:
    behind.device.silent.add("192.0.2.66")
    for host in ("192.0.2.66", "203.0.113.1"):
        rows = client("POST", "/ping", {"address": host, "count": 2, "interval": "10ms"}).body
        assert [row["status"] for row in rows] == ["timeout", "timeout"]
        assert rows[-1]["packet-loss"] == "100"
        assert not {"time", "ttl", "avg-rtt"} & set(rows[0])


def test_behaviour_53_ping_is_tested_for_rights_and_arguments(behind: SimulatedRouter, client: Client) -> None:
    assert Client(behind, "blind")("POST", "/ping", {"address": "192.0.2.9", "count": "1"}).status == 500
    assert client.detail("POST", "/ping", {"count": "1"}) == "missing =address="
    assert client.detail("POST", "/ping", {"address": "192.0.2.9", "nonsense": "1"}) == "unknown parameter nonsense"
    assert client.detail("POST", "/ping/print", {}) == "no such command"
    assert client.detail("GET", "/ping") == "no such command"
    assert client(
        "POST", "/ping", {"address": "192.0.2.9", "count": "1", "interval": "10ms", ".proplist": "seq"}
    ).body == [{"seq": "0"}]


@pytest.mark.parametrize(("version", "at_the_root"), [("7.12.2", True), ("7.23.2", True), ("7.24", False)])
def test_behaviour_53_ping_leaves_the_root(version: str, at_the_root: bool) -> None:
    router = SimulatedRouter("lab", version=version, users=USERS)
    with run_in_thread([router]):
        client = Client(router)
        once = {"address": "127.0.0.1", "count": "1", "interval": "10ms"}
        assert client("POST", "/tool/ping", once).status == 200
        assert (client("POST", "/ping", once).status == 200) == at_the_root
