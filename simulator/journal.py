"""What the log says of changes and links. Who changed what is in the manual's words of the console; that it reads so
for a change over REST, and the noun of each menu, is unproven."""

from __future__ import annotations

from collections.abc import Iterable

from simulator.interfaces import ETHERNET
from simulator.logbook import write_log
from simulator.schema import INTERFACE, INTERFACE_TYPES
from simulator.state import Device, Row

_NOUNS = {
    **dict.fromkeys((INTERFACE, *INTERFACE_TYPES), "device"),
    **{f"/{family}/firewall/{name}": f"{name} rule" for family in ("ip", "ipv6") for name in ("filter", "nat")},
    **{f"/{family}/firewall/{name}": f"{name} rule" for family in ("ip", "ipv6") for name in ("mangle", "raw")},
    "/interface/bridge/port": "bridge port",
    "/ip/address": "address",
    "/ip/dhcp-client": "dhcp client",
    "/ip/dhcp-server": "dhcp server",
    "/ip/dhcp-server/network": "dhcp network",
    "/ip/dns": "dns",
    "/ip/dns/static": "static dns entry",
    "/ip/firewall/address-list": "address list entry",
    "/ip/pool": "pool",
    "/ip/route": "route",
    "/ip/service": "ip service",
    "/ipv6/address": "address",
    "/ipv6/route": "route",
    "/system/identity": "system identity",
    "/system/scheduler": "schedule",
    "/system/script": "script",
    "/user": "user",
    "/user/group": "user group",
}
_UNTOLD = frozenset({"/log", "/file"})


def noun(path: str) -> str:
    """What RouterOS calls a row of a menu when it tells of it."""
    return _NOUNS.get(path, "item")


def tell(device: Device, changed: str, how: str) -> None:
    """A change somebody asked for."""
    if device.actor and changed not in _UNTOLD:
        write_log(device, "system,info", f"{noun(changed)} {how} by {device.actor} via rest-api")


def tell_links(device: Device, links: Iterable[tuple[Row, bool]]) -> None:
    """Links that came up or went down; a port tells its speed too."""
    for row, up in links:
        speed = " (speed 1G, full duplex)" if up and row.table.path == ETHERNET else ""
        write_log(device, "interface,info", f"{row.label} link {'up' if up else 'down'}{speed}")
