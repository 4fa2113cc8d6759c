"""Behaviour 54: checks for updates tell sections; updates and packages wait for a boot."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Iterator

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.conftest import USERS
from tests.unit.simulator.passing import answered, back
from tests.unit.simulator.plain import Client, Reply

UPDATE, PACKAGE = "/system/package/update", "/system/package"
CHECK = f"{UPDATE}/check-for-updates"
NO_ANSWER = (ConnectionResetError, http.client.RemoteDisconnected, ssl.SSLError)


def connect(client: Client) -> None:
    """Give a router a way out and a DNS server."""
    client.add("/ip/address", address="192.0.2.1/24", interface="ether2")
    client.add("/ip/route", dst_address="0.0.0.0/0", gateway="192.0.2.254")
    client("POST", "/ip/dns/set", {"servers": "192.0.2.254"})


@pytest.fixture
def virtual() -> Iterator[SimulatedRouter]:
    made = SimulatedRouter("lab", version="7.22.1", model="CHR", users=USERS)
    with run_in_thread([made]):
        connect(Client(made))
        yield made


def _boots(router: SimulatedRouter, ask: Callable[[], Reply]) -> None:
    """The router goes down over a request and comes back."""
    with pytest.raises(NO_ANSWER):
        ask()
    back(router)


def _named(client: Client, name: str) -> dict[str, str]:
    return next(row for row in client.get(PACKAGE) if row["name"] == name)


def test_behaviour_54_a_check_tells_how_far_it_is(virtual: SimulatedRouter) -> None:
    client = Client(virtual)
    assert client.get(UPDATE) == {"channel": "stable", "installed-version": "7.22.1"}
    known = {"channel": "stable", "installed-version": "7.22.1"}
    latest = {**known, "latest-version": "7.24.4", "status": "New version is available"}
    assert answered(virtual, lambda: client("POST", CHECK, {})).body == [
        {".section": "0", **known, "status": "finding out latest version..."},
        {".section": "1", **latest},
    ]
    assert client.get(UPDATE) == latest
    assert client("POST", CHECK, {"once": ""}).body == [latest]
    client("POST", f"{UPDATE}/set", {"channel": "long-term"})
    client("POST", CHECK, {"once": ""})
    assert client.get(UPDATE)["latest-version"] == "7.23.7"


def test_behaviour_54_a_check_that_fails_says_so_with_200(router: SimulatedRouter, client: Client) -> None:
    rows = answered(router, lambda: client("POST", CHECK, {})).body
    assert rows[-1]["status"] == "ERROR: could not resolve dns name"
    connect(client)
    router.device.silent.add("upgrade.mikrotik.com")
    rows = answered(router, lambda: client("POST", CHECK, {})).body
    assert rows[-1]["status"].startswith("ERROR: ")
    assert "latest-version" not in client.get(UPDATE)


def test_packages_are_offered_and_scheduled_and_wait_for_apply_changes(virtual: SimulatedRouter) -> None:
    client = Client(virtual)
    assert [row["name"] for row in client.get(PACKAGE)] == ["routeros"]
    answered(virtual, lambda: client("POST", CHECK, {}))
    assert len(client.get(PACKAGE)) == 12
    offered = _named(client, "container")
    assert (offered["available"], offered["disabled"], offered["version"]) == ("true", "true", "")
    assert client("GET", "/container").status == 400
    assert client("POST", f"{PACKAGE}/enable", {"numbers": "container"}).raw == "[]"
    assert _named(client, "container")["scheduled"] == "scheduled for enable"
    _boots(virtual, lambda: client("POST", "/system/reboot", {}))
    assert _named(client, "container")["scheduled"] == ""
    assert _named(client, "container")["disabled"] == "true"
    client("POST", f"{PACKAGE}/enable", {"numbers": "container"})
    _boots(virtual, lambda: client("POST", f"{PACKAGE}/apply-changes", {}))
    applied = _named(client, "container")
    assert (applied["available"], applied["disabled"], applied["version"]) == ("false", "false", "7.22.1")
    assert client("GET", "/container").status == 200
    client("POST", f"{PACKAGE}/disable", {"numbers": "container"})
    assert _named(client, "container")["scheduled"] == "scheduled for disable"
    client("POST", f"{PACKAGE}/unschedule", {"numbers": "container"})
    assert _named(client, "container")["scheduled"] == ""
    client("POST", f"{PACKAGE}/disable", {"numbers": "container"})
    _boots(virtual, lambda: client("POST", f"{PACKAGE}/apply-changes", {}))
    assert _named(client, "container")["disabled"] == "true"
    assert client("GET", "/container").status == 400


def test_before_there_was_apply_changes_a_reboot_applied_them() -> None:
    router = SimulatedRouter("lab", {"packages": ["container"]}, version="7.16.2", model="CHR", users=USERS)
    with run_in_thread([router]):
        client = Client(router)
        assert client("POST", f"{PACKAGE}/apply-changes", {}).status == 400
        client("POST", f"{PACKAGE}/disable", {"numbers": "container"})
        _boots(router, lambda: client("POST", "/system/reboot", {}))
        assert _named(client, "container")["disabled"] == "true"


def test_a_download_waits_for_a_boot(router: SimulatedRouter, client: Client) -> None:
    connect(client)
    rows = answered(router, lambda: client("POST", f"{UPDATE}/download", {})).body
    assert [row[".section"] for row in rows] == ["0", "1", "2"]
    assert rows[-1]["status"] == "Downloaded, please reboot router to upgrade it"
    assert client.get("/system/resource")["version"] == "7.18.2 (stable)"
    _boots(router, lambda: client("POST", "/system/reboot", {}))
    assert client.get("/system/resource")["version"] == "7.24.4 (stable)"


def test_installing_upgrades_the_router(router: SimulatedRouter, client: Client) -> None:
    connect(client)
    client.add("/interface/list", name="LAN")
    refused = Client(router, "blind")("POST", f"{UPDATE}/install", {})
    assert refused.body["detail"] == "not enough permissions (9)"
    _boots(router, lambda: client("POST", f"{UPDATE}/install", {}))
    assert router.version == "7.24.4"
    assert client.get("/interface/list?name=LAN")
    assert client.get(UPDATE) == {"channel": "stable", "installed-version": "7.24.4"}
    board = client.get("/system/routerboard")
    assert (board["current-firmware"], board["upgrade-firmware"]) == ("7.18.2", "7.24.4")
    assert client("POST", "/ping", {"address": "127.0.0.1", "count": "1", "interval": "10ms"}).status == 400
    rows = answered(router, lambda: client("POST", f"{UPDATE}/install", {})).body
    assert rows[-1]["status"] == "System is already up to date"


def test_an_install_without_a_way_out_is_an_error_with_200(router: SimulatedRouter, client: Client) -> None:
    rows = answered(router, lambda: client("POST", f"{UPDATE}/install", {})).body
    assert rows[-1]["status"].startswith("ERROR: ")
    assert client("POST", f"{UPDATE}/cancel", {}).raw == "[]"
