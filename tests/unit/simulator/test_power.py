"""Behaviour 58: backups, resets and reboots, and what survives them."""

from __future__ import annotations

import http.client
import ssl
import time

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.plain import Client

LISTS = "/interface/list"
OWN = f"{LISTS}?builtin=false"
NO_ANSWER = (ConnectionResetError, http.client.RemoteDisconnected, ssl.SSLError)


def _names(client: Client, path: str = OWN) -> list[str]:
    return [row["name"] for row in client.get(path)]


def goes_down(router: SimulatedRouter, client: Client, path: str, body: dict[str, object]) -> None:
    """The connection dies, nobody is there for a boot, and then the router is back."""
    with pytest.raises(NO_ANSWER):
        client("POST", path, body)
    router.device.clock.advance(router.faults.boot - 1)
    with pytest.raises(ConnectionRefusedError):
        client("GET", LISTS)
    router.device.clock.advance(1)
    for _ in range(500):
        if not router.refuse:
            return
        time.sleep(0.005)
    raise AssertionError("The router did not come back.")


def test_behaviour_58_a_backup_brings_everything_back(router: SimulatedRouter, client: Client) -> None:
    client.add(LISTS, name="LAN")
    member = client.add(f"{LISTS}/member", list="LAN", interface="ether2")
    client.add("/ip/firewall/filter", chain="input", action="accept", in_interface_list="LAN")
    looked = (LISTS, f"{LISTS}/member", "/ip/firewall/filter?.proplist=chain,in-interface-list", "/user")
    before = {path: client.get(path) for path in looked}
    assert client("POST", "/system/backup/save", {"name": "good", "password": "x"}).raw == "[]"
    backup = next(row for row in client.get("/file") if row["name"] == "good.backup")
    assert backup["type"] == "backup"
    client("PATCH", f"{LISTS}/LAN", {"name": "renamed"})
    client("DELETE", f"{LISTS}/member/{member['.id']}")
    client.add("/user", name="new", group="full", password="p")
    for _ in range(2):
        goes_down(router, client, "/system/backup/load", {"name": "good", "password": "x"})
        assert {path: client.get(path) for path in before} == before
        client("PATCH", f"{LISTS}/LAN", {"name": "again"})
        assert client.get("/ip/firewall/filter")[0]["in-interface-list"] == "again"
        assert client.get(f"{LISTS}/member")[0]["list"] == "again"


def test_behaviour_58_a_backup_that_is_not_there_or_locked(router: SimulatedRouter, client: Client) -> None:
    client("POST", "/system/backup/save", {"name": "good", "password": "x"})
    assert client("POST", "/system/backup/load", {"name": "bad"}).status == 400
    assert client("POST", "/system/backup/load", {"name": "good", "password": "y"}).status == 400
    assert client.detail("POST", "/system/backup/load", {}) == "missing =name="
    assert client.detail("POST", "/system/backup/save", {"nonsense": "x"}) == "unknown parameter nonsense"
    assert client.detail("GET", "/system/backup/save") == "no such command"
    reader = Client(router, "reader")
    assert reader("POST", "/system/backup/save", {}).body["detail"] == "not enough permissions (9)"


def test_behaviour_58_a_reboot_keeps_the_configuration_and_clears_the_memory(
    router: SimulatedRouter, client: Client
) -> None:
    client.add(LISTS, name="LAN")
    for name in ("flash/kept.txt", "gone.txt"):
        client.add("/file", name=name, contents="x")
    old = client.get("/log")
    assert client.get("/system/resource")["uptime"] > "1d"
    goes_down(router, client, "/system/reboot", {})
    assert client.get("/system/resource")["uptime"].endswith("s")
    assert "d" not in client.get("/system/resource")["uptime"]
    assert _names(client) == ["LAN"]
    assert _names(client, "/file") == ["flash/kept.txt"]
    assert not [row for row in client.get("/log") if row in old]


def test_behaviour_58_files_stay_where_there_is_no_flash_folder(router: SimulatedRouter, client: Client) -> None:
    client.add("/file", name="kept.txt", contents="x")
    goes_down(router, client, "/system/reboot", {})
    assert _names(client, "/file") == ["kept.txt"]


def test_behaviour_58_a_reset_leaves_nothing_but_the_hardware(router: SimulatedRouter, client: Client) -> None:
    client.add(LISTS, name="LAN")
    client("POST", "/system/identity/set", {"name": "mine"})
    ports = _names(client, "/interface/ethernet")
    goes_down(router, client, "/system/reset-configuration", {"no-defaults": True, "skip-backup": True})
    assert client("GET", LISTS).status == 401
    fresh = Client(router, "admin", "")
    assert _names(fresh) == []
    assert fresh.get("/system/identity")["name"] == "MikroTik"
    assert _names(fresh, "/interface/ethernet") == ports
    assert _names(fresh, "/user") == ["admin"]


def test_behaviour_58_a_reset_that_keeps_users_and_runs_a_script(router: SimulatedRouter, client: Client) -> None:
    client.add(LISTS, name="LAN")
    client.add("/file", name="init.rsc", contents="/interface list add name=FRESH\n")
    refused = client.detail("POST", "/system/reset-configuration", {"run-after-reset": "missing.rsc"})
    assert refused == "input does not match any value of run-after-reset"
    body: dict[str, object] = {"no-defaults": True, "keep-users": True, "run-after-reset": "init.rsc"}
    goes_down(router, client, "/system/reset-configuration", body)
    assert _names(client) == ["FRESH"]
    assert Client(router, "second").get("/system/identity")


def test_behaviour_58_a_shutdown_lasts_until_somebody_starts_it(router: SimulatedRouter, client: Client) -> None:
    with pytest.raises(NO_ANSWER):
        client("POST", "/system/shutdown", {})
    router.device.clock.advance(3600)
    assert router.refuse
    router.start()
    assert client.get("/system/identity")


def test_a_router_that_is_not_served_can_be_stopped_and_left() -> None:
    router = SimulatedRouter("lab")
    router.stop()
    with run_in_thread([router]):
        router.reboot()
        assert router.refuse
