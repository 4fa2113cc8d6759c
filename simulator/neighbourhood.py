"""What a router knows of hosts around it: ARP, the hosts of its bridges, cached names, what pools have given out.

Hosts follow from what is there: gateways in use, leases that are bound, a router's own ports. Others, and neighbours,
are declared in a seed with the fields of their rows. Which of them a real router would still remember is unproven.
"""

from __future__ import annotations

import contextlib
import ipaddress

from simulator import derived
from simulator.derived import Wanted
from simulator.dhcp import LEASES
from simulator.forms import BadValue, seconds
from simulator.interfaces import PORTS, interface_of, mac_of, runs
from simulator.schema import INTERFACE
from simulator.state import Device, Row, Table
from simulator.times import span

ARP, HOSTS, NEIGHBOURS, POOLS, CACHE = "/ip/arp", "/interface/bridge/host", "/ip/neighbor", "/ip/pool", "/ip/dns/cache"
_ADVERTISED = 30
"""Seconds after which neighbours are heard of again."""
_VALUES = {"A": "address", "AAAA": "address", "CNAME": "cname", "TXT": "text", "NS": "ns", "MX": "mx-exchange"}


def look_arp(table: Table) -> None:
    """Gateways in use and clients that have a lease, where they can be reached at once."""
    device = table.device
    wanted: dict[str, Wanted] = {}
    for row in device.table("/ip/route").rows:
        for near in row.shown.get("immediate-gw", "").split(",") if row.shown.get("active") == "true" else ():
            address, _, name = near.partition("%")
            if name:
                wanted[f"{address} {name}"] = _met(device, address, name, device.hardware.made_up(address))
    for row in _bound(device):
        server = next((piece for piece in row.links.get("server", ()) if isinstance(piece, Row)), None)
        interface = interface_of(server) if server is not None else None
        if interface is not None:
            address, mac = row.shown["active-address"], row.shown.get("active-mac-address", "")
            wanted[f"{address} {interface.label}"] = _met(device, address, interface.label, mac)
    derived.keep(table, "met", wanted)


def shape_arp(row: Row, shown: dict[str, str]) -> None:
    """The flag of DHCP is written in capitals; a row is complete with its address."""
    shown.pop("dhcp", None)
    shown.setdefault("DHCP", "false")
    shown["complete"] = "true" if shown.get("mac-address") else "false"
    shown["invalid"] = "true" if interface_of(row) is None else "false"


def look_hosts(table: Table) -> None:
    """A bridge knows its own ports; what it learnt is declared."""
    device = table.device
    wanted: dict[str, Wanted] = {}
    for port in device.table(PORTS).rows:
        bridge, interface = interface_of(port, "bridge"), interface_of(port)
        if port.enabled and bridge is not None and interface is not None and runs(interface):
            wanted[f"{port.id} {mac_of(interface)}"] = _local(bridge, interface)
    for bridge in device.table("/interface/bridge").rows:
        if runs(bridge):
            wanted[f"bridge {bridge.id} {mac_of(bridge)}"] = _local(bridge, bridge)
    derived.keep(table, "local", wanted)


def look_neighbours(table: Table) -> None:
    """Neighbours are heard of again and again, and their uptime grows."""
    for row in table.rows:
        passed = row.table.device.clock.monotonic() - row.born
        for name in ("age", "uptime"):
            given = row.memory.setdefault(f"given-{name}", row.facts.get(name, ""))
            with contextlib.suppress(BadValue):
                if given:
                    now = seconds(given) + passed
                    row.facts[name] = span(now % _ADVERTISED if name == "age" and now >= _ADVERTISED else now)
        table.refresh(row)


def look_pools(table: Table) -> None:
    for row in table.rows:
        table.refresh(row)


def shape_pool(row: Row, shown: dict[str, str]) -> None:
    """``next-pool`` is absent when there is none; what is given out is counted where the version tells it."""
    if shown.get("next-pool") in ("", "none"):
        del shown["next-pool"]
    if "total" not in row.table.menu.fields:
        return
    ranges = [_bounds(part) for part in shown.get("ranges", "").split(",")]
    total = sum(last - first + 1 for first, last in ranges)
    taken = {lease.shown["active-address"] for lease in _bound(row.table.device)}
    used = sum(any(first <= _number(address) <= last for first, last in ranges) for address in taken)
    shown |= {"total": str(total), "used": str(used), "available": str(total - used)}


def look_cache(table: Table) -> None:
    """Static names are in the cache too."""
    static = table.device.tables().get("/ip/dns/static")
    wanted = {
        row.id: Wanted(
            {},
            {
                "name": row.config["name"],
                "type": kind,
                "data": data,
                "static": "true",
                "ttl": row.shown.get("ttl", "1d"),
            },
        )
        for row in (static.rows if static else ())
        if row.enabled and row.config.get("name")
        for kind in (row.shown.get("type", "A"),)
        if (data := row.shown.get(_VALUES.get(kind, ""), ""))
    }
    derived.keep(table, "static", wanted)


def _bound(device: Device) -> list[Row]:
    table = device.tables().get(LEASES)
    rows = table.rows if table else []
    return [row for row in rows if row.enabled and row.shown.get("active-address")]


def _met(device: Device, address: str, interface: str, mac: str) -> Wanted:
    found = device.table(INTERFACE).named(interface)
    config = {"address": address, "mac-address": mac, "disabled": "false", "published": "false"}
    facts = {"DHCP": "false", "dynamic": "true"}
    if "status" in device.table(ARP).menu.fields:
        facts["status"] = "reachable"
    return Wanted({**config, "interface": (found,) if found is not None else interface}, facts)


def _local(bridge: Row, interface: Row) -> Wanted:
    own = {"disabled": "false", "mac-address": mac_of(interface)}
    facts = {"dynamic": "true", "external": "false", "invalid": "false", "local": "true"}
    return Wanted({**own, "bridge": (bridge,), "interface": (interface,)}, {**facts, "on-interface": interface.label})


def _bounds(part: str) -> tuple[int, int]:
    first, _, last = part.partition("-")
    if "/" in first:
        with contextlib.suppress(ValueError):
            network = ipaddress.ip_network(first, strict=False)
            return int(network.network_address), int(network.broadcast_address)
    return (_number(first), _number(last or first)) if _number(first) >= 0 else (0, -1)


def _number(address: str) -> int:
    try:
        return int(ipaddress.ip_address(address))
    except ValueError:
        return -1
