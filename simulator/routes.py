"""What follows from interfaces and addresses: running, slaves, networks, connected routes, gateways."""

from __future__ import annotations

import ipaddress
import re

from simulator.appearance import PORT_STATE
from simulator.schema import INTERFACE, INTERFACE_TYPES
from simulator.state import Device, Row

WATCHED = frozenset({INTERFACE, "/ip/address", "/ip/route", "/interface/bridge/port"})

_COUNTERS = (
    *("fp-rx-byte", "fp-rx-packet", "fp-tx-byte", "fp-tx-packet", "tx-queue-drop"),
    *(f"{way}-{what}" for way in ("rx", "tx") for what in ("byte", "drop", "error", "packet")),
)
_FIRST_CONNECTED = 0x20180000
_ROUTE_DEFAULTS = {"distance": "1", "scope": "30", "target-scope": "10", "routing-table": "main"}
_DISABLED_ROUTE = frozenset({"dst-address", "gateway", "blackhole", "comment", ".id"})
_PLACEHOLDERS = {
    "vrrp": "vrrp",
    "veth": "veth",
    "wifi": "wifi",
    "wlan": "wlan",
    "cap": "cap",
    "zerotier": "zerotier",
    "zt": "zerotier",
    "wg": "wg",
    "wireguard": "wg",
    "bond": "bond",
    "lte": "lte",
    "pppoe": "pppoe-out",
    "l2tp": "l2tp-out",
    "sstp": "sstp-out",
    "ovpn": "ovpn-out",
    "gre": "gre-tunnel",
    "eoip": "eoip-tunnel",
    "ipip": "ipip-tunnel",
    "sit": "6to4-tunnel",
    "6to4": "6to4-tunnel",
    "vxlan": "vxlan",
    "vlan": "vlan",
    "bridge": "bridge",
    "br": "bridge",
    "lo": "loopback",
}


def guessed_type(name: str) -> str:
    """The kind of an interface that is only named, from the beginning of its name."""
    return next((kind for start, kind in _PLACEHOLDERS.items() if name.lower().startswith(start)), "ether")


def interface_summary(row: Row) -> dict[str, str]:
    """An interface of any kind as ``/interface`` shows it."""
    config = row.config
    kind = INTERFACE_TYPES.get(row.table.path) or row.facts.get("type") or guessed_type(config.get("name", ""))
    mtu = config.get("mtu", "65536" if kind == "loopback" else "1500")
    shown = {
        ".id": row.id,
        "actual-mtu": mtu if mtu.isdigit() else "1500",
        "disabled": config.get("disabled", "false"),
        "link-downs": "0",
        "mtu": mtu,
        "name": row.label,
        "running": _running(row),
        "type": kind,
        **dict.fromkeys(_COUNTERS, "0"),
    }
    for name in ("default-name", "mac-address", "l2mtu", "comment"):
        text = row.shown.get(name)
        if text:
            shown[name] = text
    if "dynamic" in row.shown:
        shown["dynamic"] = row.shown["dynamic"]
    if row.facts.get("slave") == "true":
        shown["slave"] = "true"
    return shown


def shape_interface(row: Row, shown: dict[str, str]) -> None:
    """``running`` is true for what is enabled; ports and bridges have their own MAC address."""
    shown["running"] = _running(row)
    if row.table.path == "/interface/ethernet":
        shown.setdefault("mac-address", row.facts.get("orig-mac-address", ""))
    elif "mac-address" not in shown:
        shown["mac-address"] = shown.get("admin-mac") or row.table.device.hardware.mac(int(row.id[1:], 16))


def shape_port(row: Row, shown: dict[str, str]) -> None:
    """A disabled port has no place in its bridge."""
    inactive = not row.enabled or "interface" not in row.links
    shown["inactive"] = "true" if inactive else "false"
    shown["status"] = "inactive" if inactive else "in-bridge"
    for name in PORT_STATE if inactive else ():
        shown.pop(name, None)


def shape_address(row: Row, shown: dict[str, str]) -> None:
    """``network`` follows the address unless it was written; ``actual-interface`` is the bridge of a port."""
    own = _own(row)
    if "network" not in row.config and own is not None:
        shown["network"] = str(own.network.network_address)
    interface = _interface_of(row)
    bridge = _bridges(row.table.device).get(interface) if interface else None
    shown["invalid"] = "false" if interface else "true"
    if interface:
        shown["actual-interface"] = (bridge or interface).label
    readable = row.table.menu.fields
    if "slave" in readable:
        shown["slave"] = "true" if bridge else "false"
    if "vrf" in readable:
        shown.setdefault("vrf", "main")


def shape_route(row: Row, shown: dict[str, str]) -> None:
    """The shapes of static routes: enabled, disabled, blackhole; connected ones are all facts."""
    if "connect" in row.facts:
        return
    if not row.enabled:
        for name in shown.keys() - _DISABLED_ROUTE:
            del shown[name]
        shown |= {"disabled": "true", "inactive": "false", "static": "true"}
        return
    for name, text in (("disabled", "false"), ("suppress-hw-offload", "false"), ("check-gateway", "none")):
        if shown.get(name) == text:
            del shown[name]
    shown |= {"dynamic": "false", "static": "true", "inactive": "false"}
    for name, text in _ROUTE_DEFAULTS.items():
        shown.setdefault(name, text)
    if "blackhole" in shown:
        shown["active"] = "true"
        for name in ("gateway", "scope", "target-scope"):
            shown.pop(name, None)
        return
    near = [
        found for gateway in row.config.get("gateway", "").split(",") if (found := _reach(row.table.device, gateway))
    ]
    shown["immediate-gw"] = ",".join(near)
    shown["active" if near else "inactive"] = "true"
    if len(near) > 1:
        shown["ecmp"] = "true"


def settle(device: Device) -> None:
    """Bridge ports, addresses, connected routes and gateways, after any of them changed."""
    bridges = _bridges(device)
    for row in device.table(INTERFACE).rows:
        was = row.facts.get("slave") == "true"
        if was != (row in bridges):
            row.facts.pop("slave", None)
            if not was:
                row.facts["slave"] = "true"
        row.table.refresh(row)
    for path in ("/interface/bridge/port", "/ip/address"):
        table = device.table(path)
        for row in table.rows:
            table.refresh(row)
    _connect(device)
    table = device.table("/ip/route")
    for row in table.rows:
        table.refresh(row)


def _connect(device: Device) -> None:
    """One connected route for each enabled address of an enabled interface, its id kept while it lives."""
    table = device.table("/ip/route")
    there = {row.hidden["address"]: row for row in table.rows if "connect" in row.facts}
    wanted = {row.id: row for row in device.table("/ip/address").rows if _up(row)}
    for key in there.keys() - wanted.keys():
        table.drop(there[key])
    for key, address in wanted.items():
        row = there.get(key)
        if row is None:
            row = table.create(number=_FIRST_CONNECTED + int(key[1:], 16))
            row.config.clear()
            row.hidden["address"] = key
        row.facts = _connected(address)


def _connected(address: Row) -> dict[str, str]:
    own, _, length = address.config["address"].partition("/")
    interface = address.shown.get("actual-interface", "")
    return {
        "active": "true",
        "connect": "true",
        "distance": "0",
        "dst-address": f"{address.shown['network']}/{length}",
        "dynamic": "true",
        "gateway": interface,
        "immediate-gw": interface,
        "inactive": "false",
        "local-address": f"{own}%{interface}",
        "routing-table": "main",
        "scope": "10",
        "target-scope": "5",
    }


def _reach(device: Device, gateway: str) -> str:
    """How a gateway is reached at once: ``address%interface``, the interface alone, or '' for not at all."""
    name = re.split("[%@]", gateway)[0]
    interface = device.table(INTERFACE).named(gateway.partition("@")[0])
    if interface is not None:
        return interface.label if interface.enabled else ""
    try:
        target = ipaddress.ip_address(name)
    except ValueError:
        return ""
    for row in device.table("/ip/address").rows:
        network = _network(row)
        if network is not None and _up(row) and target in network:
            return f"{name}%{row.shown.get('actual-interface', '')}"
    return ""


def _own(address: Row) -> ipaddress.IPv4Interface | ipaddress.IPv6Interface | None:
    """The address of a row; None for what a seed gave that is none."""
    try:
        return ipaddress.ip_interface(address.config.get("address", ""))
    except ValueError:
        return None


def _network(address: Row) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    length = address.config.get("address", "").partition("/")[2]
    try:
        return ipaddress.ip_network(f"{address.shown.get('network')}/{length}", strict=False)
    except ValueError:
        return None


def _up(address: Row) -> bool:
    interface = _interface_of(address)
    return address.enabled and interface is not None and interface.enabled and _own(address) is not None


def _interface_of(row: Row) -> Row | None:
    found = next((piece for piece in row.links.get("interface", ()) if isinstance(piece, Row)), None)
    return found if found is not None and found.alive else None


def _bridges(device: Device) -> dict[Row, Row]:
    """Which interface is a port of which bridge."""
    found: dict[Row, Row] = {}
    for row in device.table("/interface/bridge/port").rows:
        bridge = next((piece for piece in row.links.get("bridge", ()) if isinstance(piece, Row)), None)
        port = _interface_of(row)
        if row.enabled and port is not None and bridge is not None and bridge.alive:
            found[port] = bridge
    return found


def _running(row: Row) -> str:
    return "true" if row.enabled else "false"
