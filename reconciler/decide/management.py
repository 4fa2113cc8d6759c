"""Which changes could cut the controller off: the management path of one device.

Judged from what was read. Where the path is not known (the address we use is on no interface, a menu
was not read) changing or removing something that could carry it counts as risky: missing data is no pass.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from schemas.catalogue.model import Management, Menu
from schemas.change import Action, Change
from schemas.device import Device
from schemas.observed import Observed, Row
from schemas.path import MenuPath

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

ADDRESSES = MenuPath("/ip/address")
VLANS = MenuPath("/interface/vlan")
PORTS = MenuPath("/interface/bridge/port")
FILTER = MenuPath("/ip/firewall/filter")
INTERFACES = MenuPath("/interface")
LISTS = MenuPath("/interface/list")
NEEDED = (ADDRESSES, VLANS, PORTS, FILTER, INTERFACES, LISTS)
"""Menus this guard reads besides those of the plan."""

_ENTRY_CHAINS = frozenset({"input", "output"})
_WATCHING = frozenset({"log", "passthrough"})
_COLLECTING = frozenset({"add-src-to-address-list", "add-dst-to-address-list"})
_FOLLOWED = frozenset({"ether", "vlan", "bridge"})
"""Interface types whose carriers are known here; another type may stand on anything."""
_HARMLESS = frozenset({"comment"})


@dataclass(frozen=True, slots=True)
class ManagementPath:
    """``interfaces`` carry our path, None when that is not known; ``lists`` are address and interface
    lists that rules on it use; ``chains`` are those its packets pass."""

    hosts: tuple[_Address, ...]
    port: int
    service: str
    sources: tuple[_Network, ...]
    logins: frozenset[str]
    interfaces: frozenset[str] | None
    chains: frozenset[str]
    lists: frozenset[str]


def management_path(
    device: Device, observed: Observed, sources: Sequence[str], logins: Iterable[str]
) -> ManagementPath:
    """What the controller stands on. ``sources`` are networks; ``logins`` router users it uses."""
    url = urlsplit(observed.address or device.addresses[0])
    rules = _rows(observed, FILTER) or ()
    chains = _chains(rules)
    return ManagementPath(
        hosts=_hosts(device, observed),
        port=url.port or (443 if url.scheme == "https" else 80),
        service="www-ssl" if url.scheme == "https" else "www",
        sources=tuple(ipaddress.ip_network(text, strict=False) for text in sources),
        logins=frozenset(logins),
        interfaces=_carrying(device, observed),
        chains=chains,
        lists=_with_included(frozenset(_lists(rules, chains)), _rows(observed, LISTS) or ()),
    )


def is_risky(change: Change, menu: Menu, path: ManagementPath) -> bool:
    """Whether a change could cut the controller off."""
    if change.action is Action.SET and change.after.keys() <= _HARMLESS:
        return False
    row = _row_of(change)
    return _JUDGES[menu.management](change, row, path)


def _row_of(change: Change) -> Mapping[str, tuple[str, ...]]:
    """Each field's values before and after; the identity stands in for key fields not touched."""
    names = {*change.before, *change.after, *change.context}
    return {
        name: tuple(
            {
                str(value)
                for source in (change.context, change.before, change.after)
                if (value := source.get(name)) is not None
            }
        )
        for name in names
    }


_Judge = Mapping[str, tuple[str, ...]]


def _interface(change: Change, row: _Judge, path: ManagementPath) -> bool:
    named = {text for name in ("name", "interface", "bridge", "default-name") for text in row.get(name, ())}
    if path.interfaces is None:
        return change.action is not Action.ADD or "bridge" in row
    return bool(named & path.interfaces)


def _address(change: Change, row: _Judge, path: ManagementPath) -> bool:
    networks = [network for text in row.get("address", ()) if (network := _network(text)) is not None]
    if any(host.version == network.version and host in network for host in path.hosts for network in networks):
        return True
    if any(each.version == network.version and each.overlaps(network) for each in path.sources for network in networks):
        return True
    if path.interfaces is None:
        return change.action is not Action.ADD
    return bool(set(row.get("interface", ())) & path.interfaces) and change.action is not Action.ADD


def _route(_change: Change, row: _Judge, path: ManagementPath) -> bool:
    networks = [_network(text) for text in row.get("dst-address", ()) or ("0.0.0.0/0",)]
    if not path.sources:
        return True
    return any(
        network is None or (network.version == source.version and network.overlaps(source))
        for network in networks
        for source in path.sources
    )


def _packet_filter(_change: Change, row: _Judge, path: ManagementPath) -> bool:
    chains = set(row.get("chain", ()))
    collects = _COLLECTING & set(row.get("action", ())) and set(row.get("address-list", ())) & path.lists
    return not chains or bool(chains & path.chains) or bool(collects)


def _destination_nat(_change: Change, row: _Judge, path: ManagementPath) -> bool:
    chains = set(row.get("chain", ()))
    if chains and chains <= {"srcnat"}:
        return False
    if set(row.get("action", ("accept",))) <= _WATCHING:
        return False
    protocols = row.get("protocol", ())
    if protocols and all(text.isalpha() and text != "tcp" for text in protocols):  # no negation, no number
        return False
    ports = row.get("dst-port", ())
    return not ports or any(_covers(text, path.port) for text in ports)


def _member(_change: Change, row: _Judge, path: ManagementPath) -> bool:
    return bool({text for name in ("list", "name") for text in row.get(name, ())} & path.lists)


def _service(_change: Change, row: _Judge, path: ManagementPath) -> bool:
    names = row.get("name", ())
    return not names or path.service in names or str(path.port) in row.get("port", ())


def _login(change: Change, row: _Judge, path: ManagementPath) -> bool:
    names = set(row.get("name", ()))
    if not path.logins or not names:
        return change.action is not Action.ADD
    return bool(names & path.logins)


_JUDGES = {
    Management.NEVER: lambda _change, _row, _path: False,
    Management.ALWAYS: lambda _change, _row, _path: True,
    Management.INTERFACE: _interface,
    Management.ADDRESS: _address,
    Management.ROUTE: _route,
    Management.PACKET_FILTER: _packet_filter,
    Management.DESTINATION_NAT: _destination_nat,
    Management.MEMBER_OF_LIST: _member,
    Management.SERVICE: _service,
    Management.LOGIN: _login,
}


def _covers(ports: str, port: int) -> bool:
    if ports.startswith("!"):
        return True
    for part in ports.split(","):
        low, _, high = part.partition("-")
        if not low.isdecimal() or (high and not high.isdecimal()) or int(low) <= port <= int(high or low):
            return True
    return False


def _chains(rules: Iterable[Row]) -> frozenset[str]:
    """input and output, and every chain they jump to."""
    jumps: dict[str, set[str]] = {}
    for rule in rules:
        if rule.get("action") == "jump":
            jumps.setdefault(rule.get("chain", ""), set()).add(rule.get("jump-target", ""))
    found = set(_ENTRY_CHAINS)
    queue = list(found)
    while queue:
        new = jumps.get(queue.pop(), set()) - found
        found |= new
        queue.extend(new)
    return frozenset(found)


def _lists(rules: Iterable[Row], chains: frozenset[str]) -> Iterable[str]:
    for rule in rules:
        if rule.get("chain") in chains:
            for name in ("src-address-list", "dst-address-list", "in-interface-list", "out-interface-list"):
                if text := rule.get(name):
                    yield text.lstrip("!")


def _with_included(lists: frozenset[str], rows: Sequence[Row]) -> frozenset[str]:
    """Lists that others include or exclude are as good as those."""
    made_of = {
        row.get("name", ""): {*row.get("include", "").split(","), *row.get("exclude", "").split(",")} for row in rows
    }
    found, queue = set(lists), list(lists)
    while queue:
        new = (made_of.get(queue.pop(), set()) - {""}) - found
        found |= new
        queue.extend(new)
    return frozenset(found)


def _hosts(device: Device, observed: Observed) -> tuple[_Address, ...]:
    """The address that is used; all of them where none answered yet."""
    used = (observed.address,) if observed.address else device.addresses
    return tuple(host for text in used if (host := _host(text)) is not None)


def _carrying(device: Device, observed: Observed) -> frozenset[str] | None:
    addresses, vlans, ports = (_rows(observed, path) for path in (ADDRESSES, VLANS, PORTS))
    hosts = _hosts(device, observed)
    types = {row.get("name", ""): row.get("type", "") for row in _rows(observed, INTERFACES) or ()}
    if addresses is None or vlans is None or ports is None or not hosts:
        return None
    found = {
        name
        for row in addresses
        if (network := _network(row.get("address", ""))) is not None
        and any(host.version == network.version and host in network for host in hosts)
        for name in (row.get("interface", ""), row.get("actual-interface", ""))
        if name
    }
    if not found:
        return None
    parents = {row.get("name", ""): row.get("interface", "") for row in vlans}
    queue = list(found)
    while queue:
        name = queue.pop()
        below = {parents[name]} if name in parents else set()
        below |= {row.get("interface", "") for row in ports if row.get("bridge") == name}
        queue.extend(below - found)
        found |= below
    return frozenset(found) if all(types.get(name) in _FOLLOWED for name in found) else None


def _rows(observed: Observed, path: MenuPath) -> Sequence[Row] | None:
    menu = observed.menus.get(path)
    return menu.rows if menu is not None else None


def _host(address: str) -> _Address | None:
    try:
        return ipaddress.ip_address(urlsplit(address).hostname or "")
    except ValueError:
        return None


def _network(text: str) -> _Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
