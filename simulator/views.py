"""Menus whose rows the router makes of others' once somebody looks: ``/queue/interface`` and ``/routing/route``.

That ``/queue/interface`` has a row for every interface is known. The queue of each kind, what ``belongs-to`` and
``afi`` say, the ids, and that a change of a row of ``/routing/route`` lasts no longer than the next look are unproven.
"""

from __future__ import annotations

from simulator import derived
from simulator.derived import Wanted
from simulator.interfaces import kind_of
from simulator.schema import INTERFACE
from simulator.state import Row, Table

QUEUES, ALL_ROUTES = "/queue/interface", "/routing/route"
_QUEUES = {"ether": "only-hardware-queue", "wlan": "wireless-default"}
_NO_QUEUE = "no-queue"
_KIND = "view"
_FAMILIES = {"/ip/route": "ip4", "/ipv6/route": "ip6"}
_ORIGINS = {"connect": "connected", "dhcp": "DHCP", "static": "static"}


def look_queues(table: Table) -> None:
    """A row for every interface, with the queue it was given or that of its kind; those of a seed stay."""
    wanted, there = {}, derived.made(table, _KIND)
    types = table.device.table("/queue/type")
    seeded = {row.shown.get("interface") for row in table.rows if not derived.is_own(row)}
    for interface in table.device.table(INTERFACE).rows:
        if interface.label in seeded:
            continue
        default = types.named(_QUEUES.get(kind_of(interface), ""))
        queue = default.label if default is not None else _NO_QUEUE
        told = {"interface": interface.label, "default-queue": queue, "queue": queue}
        if interface.id in there and "queue" in there[interface.id].config:
            del told["queue"]
        wanted[interface.id] = Wanted({}, told, int(interface.id[1:], 16))
    derived.keep(table, _KIND, wanted)
    for row in table.rows:
        row.builtin = True


def shape_queue(_row: Row, shown: dict[str, str]) -> None:
    """The queue that is written is the one that works."""
    shown["active-queue"] = shown.get("queue", _NO_QUEUE)


def look_routes(table: Table) -> None:
    """The routes of both families."""
    wanted = {}
    for path, family in _FAMILIES.items():
        routes = table.device.table(path)
        for row in routes.rows:
            told = {name: text for name, text in row.shown.items() if name in table.menu.fields}
            origin = next((name for flag, name in _ORIGINS.items() if told.get(flag) == "true"), "")
            wanted[f"{path} {row.id}"] = Wanted({}, told | {"afi": family, "belongs-to": origin})
    derived.keep(table, _KIND, wanted)
