"""Packages beside ``routeros``: which a router has, and that it has the menus of no others."""

from __future__ import annotations

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from simulator.packages import EVERY
from tests.unit.simulator.conftest import USERS
from tests.unit.simulator.plain import Client

ABSENT = ("app", "caps-man", "container", "dude", "iot", "openflow", "tr069-client", "user-manager", "zerotier")


def packages(client: Client) -> list[str]:
    return [row["name"] for row in client.get("/system/package")]


@pytest.mark.parametrize("word", ABSENT)
def test_menus_of_packages_that_are_not_there_lead_nowhere(client: Client, word: str) -> None:
    below = client("POST", "/console/inspect", {"request": "child", "path": ""}).body
    assert word not in {row["name"] for row in below}
    assert client.detail("GET", f"/{word}") == f"no such command or directory ({word})"
    assert client.detail("POST", f"/{word}/print", {}) == f"no such command or directory ({word})"


def test_below_a_menu_of_the_base_package_only_the_package_is_missing(client: Client) -> None:
    assert client.get("/disk") == []
    assert client.detail("GET", "/disk/btrfs/filesystem") == "no such command or directory (btrfs)"
    assert client.detail("GET", "/interface/wireless/security-profiles") == "no such command or directory (wireless)"
    assert client("PUT", "/interface/veth", {"name": "v"}).status == 400
    assert client.get("/interface/wifi") == []
    assert packages(client) == ["routeros"]


def test_a_seed_can_have_packages() -> None:
    router = SimulatedRouter("lab", {"packages": sorted(EVERY)}, version="7.22.3", users=USERS)
    with run_in_thread([router]):
        client = Client(router)
        for word in ABSENT:
            below = client("POST", "/console/inspect", {"request": "child", "path": word}).body
            assert below, word
        assert client.add("/interface/veth", name="v", address="192.0.2.2/24", gateway="192.0.2.1")["name"] == "v"
        rows = client.get("/system/package")
        assert {row["name"] for row in rows} == {"routeros", *EVERY}
        assert {row["version"] for row in rows} == {"7.22.3"}
        assert len({tuple(row) for row in rows}) == 1


def test_a_menu_in_a_seed_brings_its_package() -> None:
    menus = {"/interface/wireless": [{"name": "wlan1"}], "/container/config": {"ram-high": "0"}}
    router = SimulatedRouter("lab", {"menus": menus}, users=USERS)
    with run_in_thread([router]):
        client = Client(router)
        assert packages(client) == ["routeros", "container", "wireless"]
        assert [row["name"] for row in client.get("/interface/wireless")] == ["wlan1"]
        assert client.get("/container") == []
        assert client("GET", "/zerotier").status == 400


def test_a_menu_in_a_script_brings_its_package_and_a_reset_keeps_it() -> None:
    script = "/interface veth\nadd address=192.0.2.2/24 gateway=192.0.2.1 name=veth1\n/zerotier\nset zt1 comment=x\n"
    router = SimulatedRouter("lab", {"script": script}, users=USERS)
    with run_in_thread([router]):
        client = Client(router)
        assert packages(client) == ["routeros", "container", "zerotier"]
        router.faults.boot = 0.01
        with pytest.raises((ConnectionError, OSError)):
            client("POST", "/system/reset-configuration", {"keep-users": "yes"})
        router.start()
        assert packages(client) == ["routeros", "container", "zerotier"]
        assert client.get("/interface/veth") == []


def test_packages_that_a_seed_lists_are_there() -> None:
    listed = [{"name": "routeros"}, {"name": "user-manager"}, {"name": "dude", "disabled": "true"}]
    router = SimulatedRouter("lab", {"menus": {"/system/package": listed}}, users=USERS)
    with run_in_thread([router]):
        client = Client(router)
        assert client.get("/user-manager/user") == []
        assert client("GET", "/dude").status == 400


def test_packages_are_names() -> None:
    with pytest.raises(ValueError, match="packages in a seed must be a list of names"):
        SimulatedRouter("lab", {"packages": "container"})
