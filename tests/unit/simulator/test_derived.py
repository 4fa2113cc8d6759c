"""Behaviours 49, 51 and 52: what follows from time and from who asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.plain import Client

LISTS = "/ip/firewall/address-list"


@pytest.fixture
def newer() -> Iterator[Callable[[str], Client]]:
    """A client of a router of any version."""
    running = []

    def make(version: str) -> Client:
        router = SimulatedRouter("lab", version=version, users={"admin": "secret"})
        context = run_in_thread([router])
        context.__enter__()
        running.append(context)
        return Client(router)

    yield make
    for context in running:
        context.__exit__(None, None, None)


def test_behaviour_49_an_entry_with_a_timeout_counts_down_and_disappears(client: Client) -> None:
    clock = client.router.device.clock
    row = client.add(LISTS, list="blocked", address="203.0.113.45", timeout="26:00:00")
    assert (row["timeout"], row["dynamic"], row["disabled"]) == ("1d2h", "true", "false")
    kept = client.add(LISTS, list="blocked", address="203.0.113.46")
    assert kept["dynamic"] == "false"
    assert "timeout" not in kept
    clock.advance(3600 + 30)
    assert re.fullmatch(r"1d59m(30|29)s", client.get(f"{LISTS}/{row['.id']}")["timeout"])
    clock.advance(26 * 3600)
    assert client("GET", f"{LISTS}/{row['.id']}").status == 404
    assert [row["address"] for row in client.get(LISTS)] == ["203.0.113.46"]
    client.add(LISTS, list="blocked", address="203.0.113.45", timeout="1h")


def test_behaviour_49_creation_time_is_the_router_s_time(client: Client) -> None:
    client.router.device.clock.jump(40 * 86400)
    row = client.add(LISTS, list="blocked", address="203.0.113.45")
    now = client.get("/system/clock")
    assert row["creation-time"][:-3] == f"{now['date']} {now['time']}"[:-3]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row["creation-time"])


def test_behaviour_49_a_timeout_that_is_written_again_runs_again(client: Client) -> None:
    row = client.add(LISTS, list="blocked", address="203.0.113.45", timeout="1m")
    client.router.device.clock.advance(50)
    assert client("PATCH", f"{LISTS}/{row['.id']}", {"timeout": "1m"}).body["timeout"] == "1m"
    client.router.device.clock.advance(50)
    assert len(client.get(LISTS)) == 1


def test_behaviour_51_a_request_sees_its_own_connection(newer: Callable[[str], Client]) -> None:
    client = newer("7.20.8")
    rows = client.get("/ip/service")
    mine = [row for row in rows if row.get("connection") == "true"]
    assert len(mine) == 1
    port = client.router.address.rpartition(":")[2]
    assert (mine[0]["name"], mine[0]["local"]) == ("www-ssl", f"127.0.0.1:{port}")
    assert mine[0]["remote"].startswith("127.0.0.1:")
    fields = [".id", "connection", "disabled", "dynamic", "invalid", "local", "name", "port", "proto", "remote"]
    assert sorted(mine[0]) == fields
    own = next(row for row in rows if row["name"] == "btest")
    assert sorted(own) == [".id", "disabled", "dynamic", "invalid", "name", "port", "proto"]
    again = client.get("/ip/service?connection=true")
    assert again[0][".id"] != mine[0][".id"]
    static = client.get("/ip/service?dynamic=false")
    assert [row["name"] for row in static if row["name"] in ("www", "www-ssl", "btest")] == ["www", "www-ssl"]


def test_behaviour_51_older_versions_have_no_dynamic_services(client: Client) -> None:
    assert {row["name"] for row in client.get("/ip/service")} >= {"www", "www-ssl", "ssh"}
    assert not [row for row in client.get("/ip/service") if "dynamic" in row or "connection" in row]


@pytest.mark.parametrize("version", ["7.18.2", "7.20.8"])
def test_behaviour_51_disabling_https_through_itself_answers_and_hangs_up(
    newer: Callable[[str], Client], version: str
) -> None:
    client = newer(version)
    service = client.get("/ip/service/www-ssl")
    answer = client("PATCH", f"/ip/service/{service['.id']}", {"disabled": "yes"})
    assert (answer.status, answer.body["disabled"]) == (200, "true")
    with pytest.raises(ConnectionError):
        client("GET", "/system/identity")


def test_behaviour_52_netwatch_knows_nothing_for_five_minutes_after_boot(client: Client) -> None:
    device = client.router.device
    client.add("/ip/address", address="10.0.0.1/24", interface="ether1")
    client.add("/tool/netwatch", host="10.0.0.2", interval="10s")
    client.add("/tool/netwatch", host="10.9.9.9", interval="10s")
    device.booted = device.clock.monotonic()
    device.clock.advance(200)
    for row in client.get("/tool/netwatch"):
        assert row["status"] == "unknown"
        assert row[".about"]
        assert not {"since", "done-tests", "failed-tests", "disabled"} & set(row)
    device.clock.advance(125)
    up, down = client.get("/tool/netwatch")
    assert (up["status"], up["done-tests"], up["failed-tests"]) == ("up", "3", "0")
    assert (down["status"], down["done-tests"], down["failed-tests"]) == ("down", "3", "3")
    assert ".about" not in up
    device.silent.add("10.0.0.2")
    device.clock.advance(20)
    later = client.get("/tool/netwatch")[0]
    assert (later["status"], later["done-tests"], later["failed-tests"]) == ("down", "5", "2")
    assert later["since"] > up["since"]


def test_time_alone_changes_no_state(client: Client) -> None:
    client.add("/tool/netwatch", host="10.0.0.2")
    client.add(LISTS, list="blocked", address="203.0.113.45", timeout="1d")
    looked = ("/system/resource", "/system/clock", "/tool/netwatch", LISTS)
    before = [client.get(path) for path in looked]
    state = client.router.state()
    client.router.device.clock.advance(300)
    after = [client.get(path) for path in looked]
    assert all(one != other for one, other in zip(before, after, strict=True))
    assert client.router.state() == state


def test_uptime_and_clock_run_with_the_router_s_time(client: Client) -> None:
    client("POST", "/system/clock/set", {"date": "2026-01-31", "time": "23:59:50", "time-zone-name": "Europe/Berlin"})
    device = client.router.device
    device.booted = device.clock.monotonic()
    device.clock.advance(3670)
    assert re.fullmatch(r"1h1m1[0-5]s", client.get("/system/resource")["uptime"])
    shown = client.get("/system/clock")
    assert (shown["date"], shown["gmt-offset"], shown["dst-active"]) == ("2026-02-01", "+01:00", "false")
    assert shown["time"].startswith("01:01:0")
