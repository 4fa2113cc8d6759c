"""Behaviour 60: the history, undo and redo, and safe mode over REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from simulator.script.exporting import export
from tests.unit.simulator.conftest import USERS
from tests.unit.simulator.plain import Client
from tests.unit.simulator.test_power import goes_down

SEEN = ("/interface/bridge", "/interface/vlan", "/interface", "/ip/address", "/ip/route", "/ip/firewall/filter")


@pytest.fixture
def client(router: SimulatedRouter) -> Client:
    """A client of a router that has a little of everything, and nothing in its history."""
    client = Client(router)
    client.add("/interface/bridge", name="lan")
    client.add("/interface/vlan", name="guests", interface="lan", vlan_id="5")
    client.add("/ip/address", address="192.0.2.1/24", interface="guests")
    for comment in "abcd":
        client.add("/ip/firewall/filter", chain="input", action="accept", comment=comment)
    client.add("/ip/firewall/address-list", list="l", address="192.0.2.9", timeout="1h")
    router.device.history.forget()
    return client


def state(client: Client) -> dict[str, Any]:
    """What a client can see, as far as it does not run by itself."""
    counted = ("byte", "packet", "last-link", "bytes", "link-downs")

    def still(row: dict[str, str]) -> dict[str, str]:
        return {name: text for name, text in row.items() if not any(word in name for word in counted)}

    return {path: [still(row) for row in client.get(path)] for path in SEEN} | {
        "identity": client.get("/system/identity"),
        "users": client.get("/user"),
    }


def _by_id(client: Client, path: str, at: int) -> str:
    return f"{path}/{client.get(path)[at]['.id']}"


Act = Callable[[Client], Any]
ACTS: dict[str, Act] = {
    "moved": lambda client: client("POST", "/ip/firewall/filter/move", {"numbers": "0,2", "destination": "*4"}),
    "moved to the end": lambda client: client("POST", "/ip/firewall/filter/move", {"numbers": "1"}),
    "several disabled": lambda client: client("POST", "/ip/firewall/filter/disable", {"numbers": "0,1"}),
    "unset": lambda client: client("POST", "/ip/firewall/filter/unset", {"numbers": "0", "value-name": "comment"}),
    "added": lambda client: client.add("/ip/firewall/filter", chain="input", action="drop", place_before="*2"),
    "interface added": lambda client: client.add("/interface/bridge", name="other"),
    "changed": lambda client: client("PATCH", _by_id(client, "/ip/firewall/filter", 1), {"comment": "", "log": "yes"}),
    "renamed": lambda client: client("PATCH", "/interface/bridge/lan", {"name": "wan"}),
    "address changed": lambda client: client("PATCH", _by_id(client, "/ip/address", 0), {"address": "192.0.2.7/25"}),
    "rule removed": lambda client: client("DELETE", _by_id(client, "/ip/firewall/filter", 1)),
    "referred to removed": lambda client: client("DELETE", "/interface/vlan/guests"),
    "several removed": lambda client: client("POST", "/ip/firewall/filter/remove", {"numbers": "0,1,3"}),
    "settings": lambda client: client("POST", "/system/identity/set", {"name": "changed"}),
    "user": lambda client: client("PATCH", "/user/second", {"group": "read", "password": "other"}),
    "by way of /interface": lambda client: client("PATCH", "/interface/lan", {"disabled": "yes", "comment": "c"}),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_behaviour_60_undo_restores_and_redo_does_it_again(router: SimulatedRouter, client: Client, act: Act) -> None:
    before, all_before = state(client), export(router.device)
    reply = act(client)
    assert isinstance(reply, dict) or reply.status in (200, 204), reply.raw
    after, all_after = state(client), export(router.device)
    assert after != before
    for _ in range(2):
        assert client("POST", "/undo", {}).body == []
        assert state(client) == before
        assert export(router.device) == all_before
        assert client("POST", "/redo", {}).body == []
        assert state(client) == after
        assert export(router.device) == all_after


def test_behaviour_60_everything_can_be_undone_one_by_one(router: SimulatedRouter, client: Client) -> None:
    states = [state(client)]
    for act in [act for name, act in ACTS.items() if "/interface" not in name]:
        reply = act(client)
        assert isinstance(reply, dict) or reply.status in (200, 204), reply.raw
        states.append(state(client))
    for expected in reversed(states[:-1]):
        assert client("POST", "/undo").status == 200
        assert state(client) == expected
    assert client.detail("POST", "/undo") == "failure: nothing to undo"
    for expected in states[1:]:
        assert client("POST", "/redo").status == 200
        assert state(client) == expected
    assert client.detail("POST", "/redo") == "failure: nothing to redo"


def test_behaviour_60_a_reference_follows_a_row_that_comes_back(client: Client) -> None:
    client("DELETE", "/interface/vlan/guests")
    dead = client.get("/ip/address")[0]["interface"]
    assert dead.startswith("*")
    client("POST", "/undo")
    assert client.get("/ip/address")[0]["interface"] == "guests"
    client("PATCH", "/interface/vlan/guests", {"name": "visitors"})
    assert client.get("/ip/address")[0]["interface"] == "visitors"


def test_behaviour_60_a_password_is_undone_too(router: SimulatedRouter, client: Client) -> None:
    client("PATCH", "/user/second", {"password": "other"})
    assert Client(router, "second", "other")("GET", "/user").status == 200
    client.add("/ppp/secret", name="u", password="hush")
    told = client("GET", "/system/history").raw
    assert "other" not in told
    assert "hush" not in told
    client("POST", "/undo")
    client("POST", "/undo")
    assert Client(router, "second", "secret")("GET", "/user").status == 200


def test_behaviour_60_a_timeout_goes_on_where_it_was(router: SimulatedRouter, client: Client) -> None:
    router.device.clock.advance(600)
    client("PATCH", _by_id(client, "/ip/firewall/address-list", 0), {"timeout": "5h"})
    client("POST", "/undo")
    assert client.get("/ip/firewall/address-list")[0]["timeout"].startswith(("50m", "49m"))
    client("POST", "/redo")
    assert client.get("/ip/firewall/address-list")[0]["timeout"].startswith(("5h", "4h59m"))


def test_behaviour_60_what_the_router_said_by_itself_comes_back() -> None:
    router = SimulatedRouter("lab", version="7.18.2", model="C52iG-5HaxD2HaxD", users=USERS)
    with run_in_thread([router]):
        client = Client(router)
        path = "/interface/wifi"
        before = client.get(path)[0]
        row = f"{path}/{before['.id']}"
        assert client("PATCH", row, {"mac-address": "02:00:00:00:00:01"}).body["mac-address"] == "02:00:00:00:00:01"
        client("POST", "/undo")
        assert client.get(row) == before


def test_behaviour_60_the_history_tells_who_did_what_newest_first(router: SimulatedRouter, client: Client) -> None:
    rule = client.add("/ip/firewall/filter", chain="input", action="drop")[".id"]
    Client(router, "second")("PATCH", f"/ip/firewall/filter/{rule}", {"comment": "mine too"})
    newest, oldest = client.get("/system/history")
    assert (oldest["action"], oldest["by"], oldest["policy"]) == ("filter rule added", "admin", "write")
    assert (newest["action"], newest["by"]) == ("filter rule changed", "second")
    assert oldest["undo"] == f"/ip firewall filter remove {rule}"
    assert oldest["redo"] == "/ip firewall filter add action=drop chain=input"
    assert newest["undo"] == f'/ip firewall filter set {rule} comment=""'
    assert newest["redo"] == f'/ip firewall filter set {rule} comment="mine too"'
    assert [(row["undoable"], row["redoable"], row["floating-undo"]) for row in (newest, oldest)] == [
        ("true", "false", "false")
    ] * 2
    client("POST", "/undo")
    assert [row["redoable"] for row in client.get("/system/history")] == ["true", "false"]
    client("POST", "/system/identity/set", {"name": "x"})
    assert [row["action"] for row in client.get("/system/history")] == ["system identity changed", "filter rule added"]
    assert client.detail("POST", "/redo") == "failure: nothing to redo"


def test_behaviour_60_only_what_somebody_changes_is_recorded(router: SimulatedRouter, client: Client) -> None:
    client.get("/ip/service")
    client.add("/file", name="x.rsc", contents="/system identity set name=one\n/interface bridge add name=two\n")
    client("PATCH", "/ip/address/none", {"comment": "x"})
    client.detail("PUT", "/interface/bridge", {"name": "lan"})
    router.device.clock.advance(4000)
    assert client.get("/ip/firewall/address-list") == []
    assert client.get("/system/history") == []
    client("POST", "/import", {"file-name": "x.rsc"})
    assert [row["action"] for row in client.get("/system/history")] == ["device added", "system identity changed"]


def test_behaviour_60_a_hundred_changes_are_kept_until_a_boot(router: SimulatedRouter, client: Client) -> None:
    for number in range(105):
        client("POST", "/system/identity/set", {"name": f"n{number}"})
    assert len(client.get("/system/history")) == 100
    for _ in range(100):
        assert client("POST", "/undo").status == 200
    assert client("POST", "/undo").status == 400
    assert client.get("/system/identity")["name"] == "n4"
    client("POST", "/safe-mode/take", {})
    client("POST", "/redo")
    goes_down(router, client, "/system/reboot", {})
    assert client.get("/system/history") == []
    assert client.get("/safe-mode")["enabled"] == "false"
    assert client.detail("POST", "/undo") == "failure: nothing to undo"
    assert client.get("/system/identity")["name"] == "n5"


def test_behaviour_60_undo_takes_the_policy_write(router: SimulatedRouter, client: Client) -> None:
    reader = Client(router, "reader")
    for path in ("/undo", "/redo", "/safe-mode/take"):
        assert reader("POST", path, {}).status == 500
    assert client.detail("POST", "/undo", {"x": "1"}) == "unknown parameter x"


def test_behaviour_60_undo_after_what_was_changed_is_gone(router: SimulatedRouter, client: Client) -> None:
    client.add("/ip/firewall/address-list", list="l", address="192.0.2.10", timeout="1m")
    router.device.clock.advance(61)
    assert client("POST", "/undo").status == 200
    assert len(client.get("/ip/firewall/address-list")) == 1


def test_behaviour_60_safe_mode_over_rest_undoes_everything_when_the_login_ends(
    router: SimulatedRouter, client: Client
) -> None:
    before = state(client)
    assert client("POST", "/safe-mode/take", {}).body == []
    shown = client.get("/safe-mode")
    assert (shown["enabled"], shown["user"], shown["current"]) == ("true", "admin", "true")
    Client(router, "second").add("/ip/firewall/filter", chain="input", action="drop")
    assert client.get("/system/history")[0]["floating-undo"] == "true"
    router.device.clock.advance(601)
    assert state(client) == before
    assert client.get("/safe-mode")["enabled"] == "false"
    assert client.get("/system/history") == []


def test_behaviour_60_after_a_release_nothing_is_protected(router: SimulatedRouter, client: Client) -> None:
    client("POST", "/safe-mode/toggle", {})
    client("POST", "/system/identity/set", {"name": "kept"})
    assert client("POST", "/safe-mode/toggle", {}).body == []
    assert client.get("/system/history")[0]["floating-undo"] == "false"
    router.device.clock.advance(601)
    assert client.get("/system/identity")["name"] == "kept"


def test_behaviour_60_unroll_undoes_at_once(client: Client) -> None:
    client("POST", "/system/identity/set", {"name": "before"})
    client("POST", "/safe-mode/take", {})
    client("POST", "/system/identity/set", {"name": "meanwhile"})
    assert client("POST", "/safe-mode/unroll", {}).body == []
    assert client.get("/system/identity")["name"] == "before"
    assert client.detail("POST", "/safe-mode/unroll") == "Safe Mode has not been taken. Action aborted."
    assert client.detail("POST", "/safe-mode/release") == "Safe Mode has not been taken. Action aborted."


def test_behaviour_60_safe_mode_has_one_holder(router: SimulatedRouter, client: Client) -> None:
    second = Client(router, "second")
    client("POST", "/safe-mode/take", {})
    assert client.detail("POST", "/safe-mode/take") == "Safe Mode is already active"
    taken = "Safe Mode is taken by another user (admin). Action aborted."
    for path in ("take", "release", "unroll", "toggle"):
        assert second.detail("POST", f"/safe-mode/{path}") == taken
    client("POST", "/system/identity/set", {"name": "x"})
    assert second("POST", "/safe-mode/take", {"on-error": "unroll"}).body == []
    assert client.get("/system/identity")["name"] != "x"
    assert client.get("/safe-mode")["user"] == "second"
    assert client.get("/safe-mode")["current"] == "false"
    assert client("POST", "/safe-mode/take", {"on-error": "release"}).body == []
    assert client.get("/safe-mode")["user"] == "admin"


def test_behaviour_60_too_many_changes_end_safe_mode_and_nothing_is_undone(
    router: SimulatedRouter, client: Client
) -> None:
    client("POST", "/safe-mode/take", {})
    for number in range(101):
        client("POST", "/system/identity/set", {"name": f"n{number}"})
    assert client.get("/safe-mode")["enabled"] == "false"
    router.device.clock.advance(601)
    assert client.get("/system/identity")["name"] == "n100"


def test_behaviour_60_safe_mode_came_with_7_18() -> None:
    router = SimulatedRouter("lab", version="7.16.2", users=USERS)
    with run_in_thread([router]):
        client = Client(router)
        assert client.detail("POST", "/safe-mode/take") == "no such command or directory (safe-mode)"
        assert client("POST", "/system/identity/set", {"name": "x"}).status == 200
        assert client("POST", "/undo").status == 200
