"""Routes: the connected ones, those that DHCP brings, which gateways are reached, and which route is the best.

What is known is known of ``/ip/route``; that ``/ipv6/route`` says the same is unproven, as is what a route that is not
the best says of itself beyond lacking ``active``.
"""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict

from simulator import addresses, derived, dhcp, interfaces, vrfs
from simulator.appearance import PORT_STATE
from simulator.derived import Wanted
from simulator.forms import is_number
from simulator.interfaces import PORTS, interface_of
from simulator.schema import INTERFACE
from simulator.state import Device, Row, Table

FAMILIES = {"/ip/route": addresses.IPV4, "/ipv6/route": addresses.IPV6}
WATCHED = frozenset({INTERFACE, PORTS, vrfs.PATH, dhcp.CLIENT, "/ipv6/settings", *FAMILIES, *FAMILIES.values()})

_CONNECTED, _BY_DHCP = "connected", "dhcp"
_FIRST_CONNECTED = 0x20180000
_DEFAULTS = {"distance": "1", "scope": "30", "target-scope": "10", "routing-table": "main"}
_DISABLED = frozenset({"dst-address", "gateway", "blackhole", "comment", ".id"})
_WORST = 255


def shape_port(row: Row, shown: dict[str, str]) -> None:
    """A port that is disabled, or whose interface is gone or down, has no place in its bridge."""
    interface = interface_of(row)
    inactive = not row.enabled or interface is None or not interfaces.runs(interface)
    shown["inactive"] = "true" if inactive else "false"
    shown["status"] = "inactive" if inactive else "in-bridge"
    for name in PORT_STATE if inactive else ():
        shown.pop(name, None)
    bridge = interface_of(row, "bridge")
    if not inactive and "port-id" in shown:
        _number_port(row, shown)
    if not inactive and bridge is not None and "designated-bridge-id" in shown:
        shown["designated-bridge-id"] = f"{bridge.config.get('priority', '0x8000')}.{interfaces.mac_of(bridge)}"


def _number_port(row: Row, shown: dict[str, str]) -> None:
    """Ports of one bridge are numbered from 1, by their place in the table (that it is the place is unproven)."""
    bridge = interface_of(row, "bridge")
    ports = [port for port in row.table.rows if interface_of(port, "bridge") is bridge]
    number, priority = ports.index(row) + 1, row.config.get("priority", "0x80")
    shown["port-id"] = shown["designated-port-id"] = f"{priority}.{number:x}"
    if "debug-info" in shown:
        shown["debug-info"] = shown["debug-info"].replace("prio 0x80 num 1", f"prio {priority} num {number}")


def shape(row: Row, shown: dict[str, str]) -> None:
    """The shapes of static routes: enabled, disabled, blackhole; those the router made are all facts."""
    if derived.is_own(row):
        return
    if not row.enabled:
        for name in shown.keys() - _DISABLED:
            del shown[name]
        shown |= {"disabled": "true", "inactive": "false", "static": "true"}
        return
    for name, text in (("disabled", "false"), ("suppress-hw-offload", "false"), ("check-gateway", "none")):
        if shown.get(name) == text:
            del shown[name]
    shown |= {"dynamic": "false", "static": "true", "inactive": "false"}
    for name, text in _DEFAULTS.items():
        shown.setdefault(name, text)
    if "blackhole" in shown:
        for name in ("gateway", "scope", "target-scope"):
            shown.pop(name, None)
        near = ["blackhole"]
    else:
        gateways = row.config.get("gateway", "").split(",")
        vrf = vrfs.vrf_named(row.table.device, shown["routing-table"])
        near = [found for gateway in gateways if (found := _reach(row.table, gateway, vrf))]
        shown["immediate-gw"] = ",".join(near)
    if not near:
        shown["inactive"] = "true"
    elif row.memory.get("beaten") != "true":
        shown["active"] = "true"
        if len(near) > 1 or row.memory.get("equal") == "true":
            shown["ecmp"] = "true"


def settle(device: Device) -> list[tuple[Row, bool]]:
    """Interfaces, bridge ports, addresses and routes, after any of them changed; the links that came or went."""
    vrfs.settle(device)
    links = interfaces.follow(device)
    for path in (PORTS, *FAMILIES.values()):
        table = device.tables().get(path)
        for row in table.rows if table else ():
            row.table.refresh(row)
    dhcp.settle(device)
    for path, source in FAMILIES.items():
        if path in device.tables() or source == addresses.IPV4:
            settle_family(device.table(path))
    return links


def settle_family(table: Table) -> None:
    """All routes of one family."""
    _connect(table)
    for row in table.rows:
        table.refresh(row)
    _choose(table)


def look_ipv6(table: Table) -> None:
    """The routes to addresses that interfaces have by themselves are there once somebody looks."""
    addresses.look(table.device.table(addresses.IPV6))
    settle_family(table)


def _connect(table: Table) -> None:
    """A connected route for each address that is up, its id kept while it lives, and a default route by DHCP."""
    device = table.device
    up = {row.id: row for row in device.table(FAMILIES[table.path]).rows if addresses.is_up(row)}
    number = {key: _FIRST_CONNECTED + int(key[1:], 16) for key in up}
    derived.keep(table, _CONNECTED, {key: Wanted({}, _connected(row), number[key]) for key, row in up.items()})
    if table.path == "/ip/route":
        leases = dhcp.bound(device).items()
        derived.keep(table, _BY_DHCP, {key: Wanted({}, _by_dhcp(row)) for key, row in leases if dhcp.brings_route(row)})


def _connected(address: Row) -> dict[str, str]:
    own, _, length = address.shown["address"].partition("/")
    interface, network = address.shown.get("actual-interface", ""), addresses.network_of(address)
    vrf = address.shown.get("vrf", vrfs.MAIN)
    there = f"{network.network_address}/{length}" if network is not None else ""
    local = ipaddress.ip_address(own).is_link_local and ":" in own
    return {
        "active": "true",
        "connect": "true",
        "distance": "0",
        "dst-address": f"fe80::%{interface}/{length}" if local else there,
        "dynamic": "true",
        "gateway": f"{interface}{vrfs.at(vrf)}",
        "immediate-gw": interface,
        "inactive": "false",
        "local-address": f"{own}%{interface}{vrfs.at(vrf)}",
        "routing-table": vrf,
        "scope": "10",
        "target-scope": "5",
    }


def _by_dhcp(client: Row) -> dict[str, str]:
    gateway, interface = client.facts.get("gateway", ""), interface_of(client)
    near = f"{gateway}%{interface.label if interface else ''}"
    vrf = vrfs.vrf_of(client.table.device, interface)
    return {
        "active": "true",
        "dhcp": "true",
        "distance": client.config.get("default-route-distance", "1"),
        "dst-address": "0.0.0.0/0",
        "dynamic": "true",
        "gateway": f"{gateway}{vrfs.at(vrf)}",
        "immediate-gw": near,
        "inactive": "false",
        "routing-table": vrf,
        "scope": "30",
        "target-scope": "10",
        "vrf-interface": interface.label if interface else "",
    }


def _choose(table: Table) -> None:
    """Of the routes to one place the nearest is active, and all that are equally near."""
    ways: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in table.rows:
        if row.enabled and row.shown.get("inactive") == "false":
            ways[row.shown.get("dst-address", ""), row.shown.get("routing-table", "main")].append(row)
    for rows in ways.values():
        nearest = min(_distance(row) for row in rows)
        equal = sum(_distance(row) == nearest for row in rows) > 1
        for row in rows:
            _rank(row, beaten=_distance(row) > nearest, equal=equal)


def _rank(row: Row, *, beaten: bool, equal: bool) -> None:
    if derived.is_own(row):
        told = {} if beaten else {"active": "true", **({"ecmp": "true"} if equal else {})}
        facts = {name: text for name, text in row.facts.items() if name not in ("active", "ecmp")} | told
        if facts != row.facts:
            row.facts = facts
            row.table.refresh(row)
        return
    rank = {"beaten": "true" if beaten else "false", "equal": "true" if equal else "false"}
    if {name: row.memory.get(name, "false") for name in rank} != rank:
        row.memory |= rank
        row.table.refresh(row)


def _distance(row: Row) -> int:
    text = row.shown.get("distance", "")
    return int(text) if is_number(text) else _WORST


def _reach(table: Table, gateway: str, vrf: str) -> str:
    """How a gateway is reached at once: ``address%interface``, the interface alone, or '' for not at all.

    It is looked for in the VRF that stands behind its ``@``, or else in that of the route.
    """
    vrf = gateway.partition("@")[2] or vrf
    device, name = table.device, re.split("[%@]", gateway)[0]
    interface = device.table(INTERFACE).named(gateway.partition("@")[0])
    if interface is not None:
        return interface.label if interfaces.runs(interface) else ""
    try:
        target = ipaddress.ip_address(name)
    except ValueError:
        return ""
    if target.is_link_local and "%" in gateway:
        interface = device.table(INTERFACE).named(re.split("[%@]", gateway)[1])
        return f"{name}%{interface.label}" if interface is not None and interfaces.runs(interface) else ""
    for row in device.table(FAMILIES[table.path]).rows:
        network = addresses.network_of(row)
        if network is None or row.shown.get("vrf", vrfs.MAIN) != vrf:
            continue
        if target in network and addresses.is_up(row):
            return f"{name}%{row.shown.get('actual-interface', '')}"
    return ""
