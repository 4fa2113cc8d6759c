"""What interfaces say of themselves: which run, whose port they are, which address they have, and how ``/interface``
shows them.

A router's ports are plugged in unless they were told not to be. That what dials or tunnels finds its far end is
unproven, as is the address of what has no port.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from simulator import times
from simulator.forms import is_number
from simulator.schema import INTERFACE, INTERFACE_TYPES
from simulator.state import Device, Row

PORTS = "/interface/bridge/port"
BONDS = "/interface/bonding"
ETHERNET = "/interface/ethernet"
LINKED = ("last-link-up-time", "last-link-down-time", "link-downs")
"""What follows from when a link came and went."""

_RESTS_ON: dict[str, str] = {
    **dict.fromkeys(("/interface/vlan", "/interface/macvlan", "/interface/macsec", "/interface/vrrp"), "interface"),
    "/interface/pppoe-client": "interface",
    "/interface/bonding": "slaves",
    "/interface/wifi": "master-interface",
    "/interface/wireless": "master-interface",
}
"""The field that names what an interface needs to run."""
_SHARES: dict[str, str] = {"/interface/vlan": "interface", "/interface/bonding": "slaves"}
"""The field that names the interface whose address it has."""
_DEEPEST = 8
_FOUND_UP = 4.0
"""Seconds after a boot at which ports are found plugged in."""

COUNTED = {
    f"{way}-{what}": f"{way}-{kind}" for way in ("rx", "tx") for what, kind in (("byte", "byte"), ("packet", "packet"))
} | {f"fp-{way}-{what}": f"{way}-{what}" for way in ("rx", "tx") for what in ("byte", "packet")}
"""What ``/interface`` counts, and which of a row's counters it is: all traffic takes the fast path."""
_NEVER_COUNTED = ("rx-drop", "rx-error", "tx-drop", "tx-error", "tx-queue-drop")
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


def kind_of(row: Row) -> str:
    """The ``type`` that ``/interface`` shows."""
    return INTERFACE_TYPES.get(row.table.path) or row.facts.get("type") or guessed_type(row.config.get("name", ""))


def named_in(row: Row, name: str) -> Iterator[Row]:
    """The rows a field points at, as far as they are still there."""
    return (piece for piece in row.links.get(name, ()) if isinstance(piece, Row) and piece.alive)


def interface_of(row: Row, name: str = "interface") -> Row | None:
    """The interface a row is for, None when it is gone."""
    return next(named_in(row, name), None)


def runs(row: Row, met: set[Row] | None = None) -> bool:
    """Whether an interface is enabled, plugged in, and what it rests on runs; those that rest on each other do not."""
    if not row.enabled or row.table.device.unplugged & {row.config.get("name"), row.facts.get("default-name")}:
        return False
    rests = _RESTS_ON.get(row.table.path)
    if rests is None or row.config.get(rests, "none") in ("", "none"):
        return True
    met = set() if met is None else met
    met.add(row)  # what was met before is above it, or was found not to run
    return any(below not in met and runs(below, met) for below in named_in(row, rests))


def bridges(device: Device) -> dict[Row, Row]:
    """Which interface is a port of which bridge."""
    found: dict[Row, Row] = {}
    for row in device.table(PORTS).rows:
        bridge, port = interface_of(row, "bridge"), interface_of(row)
        if row.enabled and port is not None and bridge is not None:
            found[port] = bridge
    return found


def slaves(device: Device) -> set[Row]:
    """The interfaces that have a master: a bridge or a bond."""
    bonds = (bond for bond in device.table(BONDS).rows if bond.enabled)
    return set(bridges(device)) | {slave for bond in bonds for slave in named_in(bond, "slaves")}


def mac_of(row: Row, depth: int = 0) -> str:
    """The address of an interface, '' for one that has none."""
    device, path = row.table.device, row.table.path
    own = row.config.get("mac-address") or row.facts.get("mac-address") or row.facts.get("orig-mac-address")
    if own:
        return own
    below = _SHARES.get(path)
    if below and depth <= _DEEPEST and (parent := interface_of(row, below)) is not None:
        return mac_of(parent, depth + 1)
    if path == "/interface/bridge" and depth <= _DEEPEST:
        ports = (interface_of(port) for port in device.table(PORTS).rows if interface_of(port, "bridge") is row)
        chosen = row.config.get("admin-mac") if row.config.get("auto-mac") == "false" else ""
        first = next((mac for port in ports if port is not None and (mac := mac_of(port, depth + 1))), "")
        if chosen or first:
            return chosen or first
    if path == INTERFACE or "mac-address" not in row.table.menu.fields:
        return ""
    return device.hardware.made_up(row.id)


def shape(row: Row, shown: dict[str, str]) -> None:
    """``running``, the address, and whether it is a port."""
    fields = row.table.menu.fields
    if "running" in fields:
        shown["running"] = "true" if runs(row) else "false"
    if "mac-address" in fields and not shown.get("mac-address") and (mac := mac_of(row)):
        shown["mac-address"] = mac


def summary(row: Row) -> dict[str, str]:
    """An interface of any kind as ``/interface`` shows it."""
    config, memory, kind = row.config, row.memory, kind_of(row)
    mtu = row.shown.get("mtu", "65536" if kind == "loopback" else "1500")
    shown = {
        ".id": row.id,
        "actual-mtu": mtu if is_number(mtu) else "1500",
        "disabled": config.get("disabled", "false"),
        "link-downs": memory.get("link-downs", "0"),
        "mtu": mtu,
        "name": row.label,
        "running": "true" if runs(row) else "false",
        "type": kind,
        **{name: memory.get(counter, "0") for name, counter in COUNTED.items()},
        **dict.fromkeys(_NEVER_COUNTED, "0"),
    }
    for name in ("default-name", "mac-address", "l2mtu", "comment", "dynamic"):
        if text := row.shown.get(name):
            shown[name] = text
    for name in ("last-link-up-time", "last-link-down-time"):
        if name in memory:
            shown[name] = memory[name]
    if row.facts.get("slave") == "true":
        shown["slave"] = "true"
    return shown


def follow(device: Device) -> list[tuple[Row, bool]]:
    """Let every interface be what the configuration makes it; the links that came or went."""
    owned, changed = slaves(device), []
    for row in device.table(INTERFACE).rows:
        if (row.facts.get("slave") == "true") != (row in owned):
            row.facts.pop("slave", None)
            if row in owned:
                row.facts["slave"] = "true"
        up = runs(row)
        if _note_link(row, up=up):
            changed.append((row, up))
        row.table.refresh(row)
    return changed


def plug(device: Device, port: str, *, plugged: bool) -> None:
    """Put a cable in or pull it out. Raises ValueError for what is no port of this router."""
    if all(port not in (row.label, row.facts.get("default-name")) for row in device.table(ETHERNET).rows):
        raise ValueError(f"{port} is no port of this router.")
    (device.unplugged.discard if plugged else device.unplugged.add)(port)
    device.rules.settle(device, "", "changed")


def _note_link(row: Row, *, up: bool) -> bool:
    """Remember since when a link is up or down; whether it changed just now."""
    memory, device = row.memory, row.table.device
    before = memory.get("link")
    memory["link"] = "up" if up else "down"
    if before == memory["link"] or kind_of(row) == "loopback":
        return False
    if up:
        memory["last-link-up-time"] = _first_stamp(row) if before is None else times.stamp(device)
    elif before is not None:
        memory["last-link-down-time"] = times.stamp(device)
        memory["link-downs"] = str(int(memory.get("link-downs", "0")) + 1)
    return before is not None


def _first_stamp(row: Row) -> str:
    """When a link first came up: at the boot for what was there then."""
    device = row.table.device
    if row.born > device.planted:
        return times.stamp(device)
    ago = max(0.0, times.uptime(device) - _FOUND_UP)
    moment = times.local(device) - datetime.timedelta(seconds=ago)
    return f"{times.date(device, moment)} {moment:%H:%M:%S}"
