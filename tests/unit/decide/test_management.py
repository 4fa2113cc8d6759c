"""What could cut the controller off, on a router as it was read."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import pytest

from reconciler.decide.management import is_risky, management_path
from schemas.catalogue.load import open_catalogue
from schemas.change import Action, Change
from schemas.device import Device, Tls
from schemas.observed import DeviceFacts, Observed, ObservedMenu
from schemas.path import MenuPath
from tests.unit.decide.builders import menu_of

SCHEMA = open_catalogue().schema("7.18.2")
DEVICE = Device("edge", ("https://192.168.88.1",), Tls(insecure=True), "ro", "rw", "lab")
MENUS: Mapping[str, tuple[dict[str, str], ...]] = {
    "/ip/address": (
        {"address": "192.168.88.1/24", "interface": "vlan-mgmt"},
        {"address": "10.0.0.1/24", "interface": "lan"},
    ),
    "/interface/vlan": ({"name": "vlan-mgmt", "interface": "bridge"},),
    "/interface/bridge/port": ({"bridge": "bridge", "interface": "ether2"}, {"bridge": "other", "interface": "ether9"}),
    "/interface": tuple(
        {"name": name, "type": kind}
        for name, kind in (("vlan-mgmt", "vlan"), ("bridge", "bridge"), ("ether2", "ether"), ("lan", "ether"))
    ),
    "/interface/list": ({"name": "LAN", "include": "STAFF", "exclude": ""}, {"name": "STAFF"}, {"name": "WAN"}),
    "/ip/firewall/filter": (
        {"chain": "input", "action": "accept", "src-address-list": "trusted"},
        {"chain": "input", "action": "jump", "jump-target": "services"},
        {"chain": "services", "action": "drop", "in-interface-list": "!LAN"},
        {"chain": "forward", "action": "accept", "src-address-list": "guests"},
    ),
}


def _observed(
    address: str = "https://192.168.88.1", leave_out: str = "", **other: tuple[dict[str, str], ...]
) -> Observed:
    given = {**MENUS, **{path.replace("_", "/"): rows for path, rows in other.items()}}
    menus = {MenuPath(path): ObservedMenu(rows) for path, rows in given.items() if path != leave_out}
    return Observed("edge", DeviceFacts(), menus, datetime.datetime.now(datetime.UTC), address)


def _change(path: str, action: str, context: dict[str, str], after: dict[str, str | None] | None = None) -> Change:
    return Change(1, MenuPath(path), Action(action), "x", after=after or {}, context=context)


def _risky(change: Change, observed: Observed | None = None, sources: tuple[str, ...] = ("198.51.100.0/28",)) -> bool:
    path = management_path(DEVICE, observed or _observed(), sources, ("plumbline",))
    return is_risky(change, menu_of(SCHEMA, change.path), path)


COLLECT = {"chain": "forward", "action": "add-src-to-address-list"}
NAT = {"chain": "dstnat", "action": "dst-nat"}
CASES = [
    (True, "/ip/firewall/filter", "add", {}, {"chain": "input", "action": "drop"}),
    (True, "/ip/firewall/filter", "move", {"chain": "services", "action": "drop"}, {}),
    (False, "/ip/firewall/filter", "add", {}, {"chain": "forward", "action": "drop"}),
    (True, "/ip/firewall/filter", "set", {"chain": "forward"}, {"chain": "input"}),
    (False, "/ip/firewall/filter", "set", {"chain": "input"}, {"comment": "only words"}),
    (True, "/ip/firewall/address-list", "remove", {"list": "trusted", "address": "10.0.0.1"}, {}),
    (False, "/ip/firewall/address-list", "remove", {"list": "guests", "address": "10.0.0.1"}, {}),
    (True, "/interface/list/member", "remove", {"list": "LAN", "interface": "bridge"}, {}),
    (True, "/interface/list/member", "remove", {"list": "STAFF", "interface": "bridge"}, {}),
    (False, "/interface/list/member", "remove", {"list": "WAN", "interface": "ether1"}, {}),
    (True, "/ip/firewall/filter", "add", {}, {**COLLECT, "address-list": "trusted"}),
    (False, "/ip/firewall/filter", "add", {}, {**COLLECT, "address-list": "seen"}),
    (True, "/ip/address", "remove", {"address": "192.168.88.1/24", "interface": "vlan-mgmt"}, {}),
    (False, "/ip/address", "remove", {"address": "10.0.0.1/24", "interface": "lan"}, {}),
    (True, "/ip/address", "add", {}, {"address": "198.51.100.1/24", "interface": "lan"}),
    (True, "/ip/address", "add", {}, {"address": "198.51.100.9/29", "interface": "lan"}),
    (False, "/ip/address", "add", {}, {"address": "10.9.0.1/24", "interface": "lan"}),
    (True, "/interface/vlan", "set", {"name": "vlan-mgmt"}, {"vlan-id": "7"}),
    (True, "/interface/bridge", "set", {"name": "bridge"}, {"vlan-filtering": "true"}),
    (True, "/interface/bridge/port", "remove", {"bridge": "bridge", "interface": "ether2"}, {}),
    (False, "/interface/bridge/port", "remove", {"bridge": "other", "interface": "ether9"}, {}),
    (False, "/interface/vlan", "add", {}, {"name": "vlan9", "interface": "lan", "vlan-id": "9"}),
    (True, "/ip/route", "add", {}, {"dst-address": "198.51.100.0/24", "gateway": "10.0.0.9"}),
    (True, "/ip/route", "set", {"dst-address": "0.0.0.0/0"}, {"distance": "5"}),
    (False, "/ip/route", "add", {}, {"dst-address": "10.77.0.0/16", "gateway": "10.0.0.9"}),
    (True, "/ip/service", "set", {"name": "www-ssl"}, {"disabled": "true"}),
    (False, "/ip/service", "set", {"name": "telnet"}, {"disabled": "true"}),
    (True, "/ip/service", "set", {"name": "www"}, {"port": "443"}),
    (True, "/user/group", "set", {"name": "full"}, {"policy": "read"}),
    (True, "/user", "set", {"name": "plumbline"}, {"group": "read"}),
    (False, "/user", "add", {}, {"name": "audit", "group": "read"}),
    (False, "/ip/dns/static", "remove", {"name": "a"}, {}),
    (
        True,
        "/ip/firewall/nat",
        "add",
        {},
        {**NAT, "protocol": "tcp", "dst-port": "400-500"},
    ),
    (True, "/ip/firewall/nat", "add", {}, {"chain": "dstnat", "action": "redirect"}),
    (
        False,
        "/ip/firewall/nat",
        "add",
        {},
        {**NAT, "protocol": "tcp", "dst-port": "8443"},
    ),
    (False, "/ip/firewall/nat", "add", {}, {**NAT, "protocol": "udp"}),
    (True, "/ip/firewall/nat", "add", {}, {**NAT, "protocol": "!udp"}),
    (True, "/ip/firewall/nat", "add", {}, {**NAT, "protocol": "6"}),
    (True, "/ip/firewall/nat", "remove", {"chain": "dstnat", "action": "accept"}, {}),
    (False, "/ip/firewall/nat", "add", {}, {"chain": "srcnat", "action": "masquerade"}),
]


@pytest.mark.parametrize(("risky", "path", "action", "context", "after"), CASES)
def test_risk(risky: bool, path: str, action: str, context: dict[str, str], after: dict[str, str | None]) -> None:
    assert _risky(_change(path, action, context, after)) is risky


def test_where_our_address_is_on_no_interface_anything_that_could_carry_it_is_risky() -> None:
    elsewhere = _observed(leave_out="/ip/address")
    for path, context in (("/interface/vlan", {"name": "any"}), ("/ip/address", {"address": "10.3.0.1/24"})):
        assert _risky(_change(path, "remove", context), elsewhere)


def test_without_known_sources_every_route_is_risky() -> None:
    route = _change("/ip/route", "add", {}, {"dst-address": "10.77.0.0/16", "gateway": "10.0.0.9"})
    assert _risky(route, sources=())


def test_a_menu_whose_risk_nobody_judged_is_risky() -> None:
    assert _risky(_change("/special-login", "set", {}, {"disabled": "true"}))
    assert not _risky(_change("/tool/calea", "set", {}, {"action": "pcap"}))


def test_what_stands_under_an_interface_of_another_kind_is_not_known() -> None:
    bonded = tuple({**row, "type": "bond" if row["name"] == "ether2" else row["type"]} for row in MENUS["/interface"])
    slave = _change("/interface/ethernet", "set", {"default-name": "ether7", "name": "ether7"}, {"disabled": "true"})
    assert not _risky(slave)
    assert _risky(slave, _observed(_interface=bonded))
