"""Addresses: the network each is in, the interface it is really on, and those that interfaces have by themselves.

Which fields an IPv6 row carries beyond those of the facts, that ``global`` and ``link-local`` show only where they are
true, and the loopback's ``::1/128`` are unproven.
"""

from __future__ import annotations

import functools
import ipaddress
import re

from simulator import derived, vrfs
from simulator.derived import Wanted
from simulator.interfaces import bridges, interface_of, kind_of, mac_of, runs
from simulator.schema import INTERFACE
from simulator.state import Row, Table

IPV4, IPV6 = "/ip/address", "/ipv6/address"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_LINK_LOCAL = ipaddress.ip_network("fe80::/10")
_MAC = re.compile("([0-9A-F]{2}:){5}[0-9A-F]{2}")
_OWN = "own"
_USUAL = {"advertise": "false", "disabled": "false", "eui-64": "false", "from-pool": "", "no-dad": "false"}
_WITHOUT_LINK_LOCAL = frozenset({"loopback", "vrf"})


def shape(row: Row, shown: dict[str, str]) -> None:
    """``network`` follows the address unless it was written; ``actual-interface`` is the bridge of a port."""
    own, fields = address_of(row), row.table.menu.fields
    if "network" in fields and "network" not in row.config and own is not None:
        shown["network"] = str(own.network.network_address)
    interface = interface_of(row)
    bridge = bridges(row.table.device).get(interface) if interface else None
    shown["invalid"] = "false" if interface else "true"
    if interface:
        shown["actual-interface"] = (bridge or interface).label
    if "slave" in fields:
        shown["slave"] = "true" if bridge else "false"
    if "vrf" in fields:
        shown["vrf"] = vrfs.vrf_of(row.table.device, bridge or interface)


def shape_ipv6(row: Row, shown: dict[str, str]) -> None:
    """With ``eui-64`` the lower half is made of the interface's address. An address without its length stays as it was
    written (unproven), and so does one from a pool."""
    shape(row, shown)
    own, interface = address_of(row), interface_of(row)
    for name in ("global", "link-local", "deprecated", "preferred", "valid"):
        shown.pop(name, None)
    if own is None:
        return
    whole = "/" in row.config.get("address", "") and not row.config.get("from-pool")
    derives = whole and row.config.get("eui-64") in ("true", "yes")
    if derives and interface is not None and _MAC.fullmatch(mac_of(interface)):
        shown["address"] = f"{_joined(own.network, mac_of(interface))}/{own.network.prefixlen}"
    if not own.is_loopback:
        shown["link-local" if own.ip in _LINK_LOCAL else "global"] = "true"


def look(table: Table) -> None:
    """Every running interface that is no port has an address of its own link, unless IPv6 is off."""
    device, ports = table.device, bridges(table.device)
    wanted: dict[str, Wanted] = {}
    settings = device.tables().get("/ipv6/settings")
    off = settings is not None and settings.rows[0].shown.get("disable-ipv6") in ("true", "yes")
    for interface in () if off else device.table(INTERFACE).rows:
        if interface in ports or not runs(interface):
            continue
        loops, mac = kind_of(interface) == "loopback", mac_of(interface)
        if not loops and (not _MAC.fullmatch(mac) or kind_of(interface) in _WITHOUT_LINK_LOCAL):
            continue
        text = "::1/128" if loops else f"{_joined(ipaddress.ip_network('fe80::/64'), mac)}/64"
        own = {**_USUAL, "address": text}
        wanted[f"{interface.id} {text}"] = Wanted({**own, "interface": (interface,)}, {"dynamic": "true"})
    derived.keep(table, _OWN, wanted)


def address_of(row: Row) -> ipaddress.IPv4Interface | ipaddress.IPv6Interface | None:
    """The address of a row; None for what a seed gave that is none."""
    return _address(row.config.get("address", ""))


def network_of(row: Row) -> Network | None:
    """The network that an address is in, as the row shows it."""
    length = row.config.get("address", "").partition("/")[2]
    start = row.shown.get("network") or row.shown.get("address", "").partition("/")[0]
    return _network(f"{start}/{length}")


def is_up(row: Row) -> bool:
    """Whether an address counts: enabled, on an interface that runs."""
    interface = interface_of(row)
    return row.enabled and interface is not None and runs(interface) and address_of(row) is not None


@functools.lru_cache(maxsize=4096)
def _address(text: str) -> ipaddress.IPv4Interface | ipaddress.IPv6Interface | None:
    try:
        return ipaddress.ip_interface(text)
    except ValueError:
        return None


@functools.lru_cache(maxsize=4096)
def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _joined(network: Network, mac: str) -> ipaddress.IPv6Address:
    """The address that EUI-64 makes of a network and an interface's address."""
    raw = bytes.fromhex(mac.replace(":", ""))
    low = bytes((raw[0] ^ 2, *raw[1:3], 0xFF, 0xFE, *raw[3:]))
    return ipaddress.IPv6Address(int(network.network_address) | int.from_bytes(low, "big"))
