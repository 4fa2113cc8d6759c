"""Behaviour 61: what changed with which RouterOS version, asked of the version before and of the one that has it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.conftest import USERS
from tests.unit.simulator.plain import Client

KEY = base64.b64encode(b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + bytes(32)).decode()
SERVICES = {"connection", "dynamic"}
NO_MENU = "no such command"


@contextmanager
def of(version: str, seed: Mapping[str, object] | None = None) -> Iterator[Client]:
    """A client of a router of that version."""
    router = SimulatedRouter("lab", seed or {}, version=version, users=USERS)
    with run_in_thread([router]):
        yield Client(router)


def has(client: Client, path: str) -> bool:
    """Whether a router answers a GET of a menu with what stands there."""
    reply = client("GET", path)
    assert reply.status == 200 or reply.body["detail"].startswith(NO_MENU), reply.raw
    return reply.status == 200


def words_below(client: Client, path: str) -> set[str]:
    """The commands and directories of a menu, as inspect tells them."""
    rows = client("POST", "/console/inspect", {"request": "child", "path": path}).body
    return {row["name"] for row in rows if row["type"] == "child"}


@pytest.mark.parametrize(("version", "form"), [("7.9", r"[a-z]{3}/\d\d/\d{4}"), ("7.10", r"\d{4}-\d\d-\d\d")])
def test_behaviour_61_dates_became_iso_with_7_10(version: str, form: str) -> None:
    with of(version) as client:
        assert re.fullmatch(form, client.get("/system/clock")["date"])
        assert re.fullmatch(form + r" \d\d:\d\d:\d\d", client.get("/log")[0]["time"])


@pytest.mark.parametrize(("version", "there"), [("7.12.2", False), ("7.13.5", True)])
def test_behaviour_61_file_read_came_with_7_13(version: str, there: bool) -> None:
    with of(version) as client:
        reason = client.detail("POST", "/file/read", {})
        assert (reason != "no such command or directory (read)") is there


@pytest.mark.parametrize(
    ("version", "model", "wifi", "wireless", "packages"),
    [
        ("7.12.2", "RB952Ui-5ac2nD", False, True, {"routeros"}),
        ("7.13.5", "RB952Ui-5ac2nD", True, True, {"routeros", "wireless"}),
        ("7.12.2", "C52iG-5HaxD2HaxD", False, True, {"routeros", "wifiwave2"}),
        ("7.13.5", "C52iG-5HaxD2HaxD", True, False, {"routeros", "wifi-qcom"}),
        ("7.12.2", "RB750Gr3", False, True, {"routeros"}),
        ("7.13.5", "RB750Gr3", True, False, {"routeros"}),
    ],
)
def test_behaviour_61_wifi_came_and_wireless_became_a_package_with_7_13(
    version: str, model: str, wifi: bool, wireless: bool, packages: set[str]
) -> None:
    with of(version, {"model": model}) as client:
        assert has(client, "/interface/wifi") is wifi
        assert has(client, "/interface/wireless") is wireless
        assert has(client, "/caps-man/manager") is wireless
        assert has(client, "/interface/wifiwave2") is ("wifiwave2" in packages)
        assert {row["name"] for row in client.get("/system/package")} == packages


@pytest.mark.parametrize(
    ("version", "fields"),
    [
        ("7.14.3", {"RSA": "false", "key-owner": "me@host"}),
        ("7.15.3", {"bits": "256", "key-owner": "me@host", "key-type": "ed25519"}),
        ("7.20.8", {"bits": "256", "key-owner": "me@host", "key-type": "ed25519"}),
        ("7.21.5", {"bits": "256", "info": "me@host", "key-type": "ed25519"}),
    ],
)
def test_behaviour_61_fields_of_ssh_keys_changed_with_7_15_and_7_21(version: str, fields: Mapping[str, str]) -> None:
    with of(version) as client:
        row = client.add("/user/ssh-keys", user="admin", key=f"ssh-ed25519 {KEY} me@host")
        assert {name: text for name, text in row.items() if name not in (".id", "key", "user")} == fields
        assert client.get("/user/ssh-keys") == [row]


@pytest.mark.parametrize(("version", "shown"), [("7.15.3", None), ("7.16.2", "20")])
def test_behaviour_61_max_sessions_came_with_7_16(version: str, shown: str | None) -> None:
    with of(version) as client:
        service = client.get("/ip/service/www")
        assert service.get("max-sessions") == shown
        reply = client("PATCH", f"/ip/service/{service['.id']}", {"max-sessions": "30"})
        assert reply.status == (200 if shown else 400)


@pytest.mark.parametrize(("version", "told"), [("7.15.3", "creation-time"), ("7.16.2", "last-modified")])
def test_behaviour_61_files_say_when_they_were_changed_since_7_16(version: str, told: str) -> None:
    with of(version) as client:
        assert client("POST", "/system/backup/save", {"name": "before"}).status == 200
        (row,) = client.get("/file?name=before.backup")
        assert {"creation-time", "last-modified"} & set(row) == {told}
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row[told])


@pytest.mark.parametrize(
    ("version", "field", "other"),
    [("7.16.2", "is-responder", "responder"), ("7.17", "responder", "is-responder")],
)
def test_behaviour_61_wireguard_responders_were_renamed_with_7_17(version: str, field: str, other: str) -> None:
    with of(version, {"menus": {"/interface/wireguard": [{"name": "wg1"}]}}) as client:
        peer = {"interface": "wg1", "public-key": base64.b64encode(bytes(32)).decode()}
        assert client("PUT", "/interface/wireguard/peers", {**peer, field: "yes"}).body[field] == "true"
        reason = client.detail("PUT", "/interface/wireguard/peers", {**peer, other: "yes"})
        assert reason == f"unknown parameter {other}"


@pytest.mark.parametrize(("version", "there"), [("7.16.2", False), ("7.17", False), ("7.18.2", True)])
def test_behaviour_61_safe_mode_and_apply_changes_came_with_7_18(version: str, there: bool) -> None:
    with of(version) as client:
        assert has(client, "/safe-mode") is there
        assert ("safe-mode" in words_below(client, "")) is there
        assert ("apply-changes" in words_below(client, "system,package")) is there


@pytest.mark.parametrize(("version", "shown"), [("7.18.2", set()), ("7.19.4", SERVICES)])
def test_behaviour_61_services_are_dynamic_since_7_19(version: str, shown: set[str]) -> None:
    with of(version) as client:
        assert {name for row in client.get("/ip/service") for name in row} & SERVICES == shown


@pytest.mark.parametrize(("version", "field"), [("7.18.2", "address-families"), ("7.19.4", "afi")])
@pytest.mark.parametrize("menu", ["/routing/bgp/connection", "/routing/bgp/template"])
def test_behaviour_61_address_families_of_bgp_are_called_afi_since_7_19(version: str, field: str, menu: str) -> None:
    with of(version) as client:
        word = menu.rpartition("/")[2]
        arguments = client("POST", "/console/inspect", {"request": "child", "path": f"routing,bgp,{word},add"}).body
        assert {"address-families", "afi"} & {row["name"] for row in arguments} == {field}


@pytest.mark.parametrize(("version", "needed"), [("7.19.4", False), ("7.20.8", True)])
def test_behaviour_61_a_bgp_connection_needs_an_instance_since_7_20(version: str, needed: bool) -> None:
    with of(version) as client:
        peer = {"name": "up", "remote.address": "192.0.2.1", "local.role": "ebgp", "as": "65000"}
        reply = client("PUT", "/routing/bgp/connection", peer)
        assert (reply.status == 400 and reply.body["detail"] == "missing =instance=") is needed, reply.raw


@pytest.mark.parametrize(("version", "field", "other"), [("7.19.4", "vrf", "vtep-vrf"), ("7.20.8", "vtep-vrf", "vrf")])
def test_behaviour_61_the_vrf_of_a_vxlan_is_its_vteps_since_7_20(version: str, field: str, other: str) -> None:
    with of(version) as client:
        assert client("PUT", "/interface/vxlan", {"name": "vx1", "vni": "10", field: "main"}).body[field] == "main"
        reason = client.detail("PUT", "/interface/vxlan", {"name": "vx2", "vni": "11", other: "main"})
        assert reason == f"unknown parameter {other}"


@pytest.mark.parametrize(
    ("version", "webserver", "field"),
    [("7.20.8", False, "always-allow-password-login"), ("7.21.5", True, "password-authentication")],
)
def test_behaviour_61_webserver_and_password_authentication_came_with_7_21(
    version: str, webserver: bool, field: str
) -> None:
    with of(version) as client:
        assert ("webserver" in words_below(client, "ip,service")) is webserver
        assert (client("POST", "/ip/service/webserver/set", {"rest-plain": "yes"}).status == 200) is webserver
        fields = {"always-allow-password-login", "password-authentication"}
        assert client.get("/ip/ssh").keys() & fields <= {field}
        for name in sorted(fields):
            assert (client("POST", "/ip/ssh/set", {name: "no"}).status == 200) is (name == field)


@pytest.mark.parametrize(("version", "told"), [("7.22.3", True), ("7.23.2", False)])
def test_behaviour_61_ping_left_the_root_of_the_tree_with_7_23_and_is_answered_there_still(
    version: str, told: bool
) -> None:
    with of(version) as client:
        assert ("ping" in words_below(client, "")) is told
        assert client("POST", "/ping", {"address": "127.0.0.1", "count": "1", "interval": "10ms"}).status == 200
        assert client("POST", "/tool/ping", {"address": "127.0.0.1", "count": "1", "interval": "10ms"}).status == 200


@pytest.mark.parametrize(("version", "there"), [("7.23.3", False), ("7.24", True)])
def test_behaviour_61_available_from_came_with_7_24(version: str, there: bool) -> None:
    with of(version) as client:
        reply = client("PATCH", "/ip/service/telnet", {"available-from": "192.0.2.0/24"})
        assert (reply.status == 200) is there
        if there:
            assert client.get("/ip/service/telnet")["available-from"] == "192.0.2.0/24"
