"""What the page shows of simulated routers: a list to search, and one router with the rows of a menu.

Secrets are masked as for a login without ``sensitive``, whoever looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol

import msgspec

from simulator.faults import Faults
from simulator.hardware import Hardware
from simulator.logs import Log
from simulator.schema import MASK, MenuTable
from simulator.state import Device

_ROUTERS, _ROWS, _NEWEST = 50, 100, 50
"""How many routers and rows make a page, and how many requests are shown."""
_FLAGS = {"disabled": "X", "dynamic": "D", "invalid": "I", "inactive": "I", "active": "A", "running": "R", "slave": "S"}
_LEGEND = "Flags: X disabled, D dynamic, I invalid or inactive, A active, R running, S slave"
_FIRST = (".id", "name", "chain", "action", "list", "address", "dst-address", "interface", "gateway")
_LAST = ("comment", ".about", ".nextid")


class Seen(Protocol):
    """What is shown of a router."""

    name: str
    log: Log
    hardware: Hardware
    faults: Faults

    @property
    def address(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def connections(self) -> int: ...

    @property
    def device(self) -> Device: ...

    @property
    def refuse(self) -> bool: ...

    def rows(self, path: str) -> list[dict[str, str]]: ...


def card(router: Seen) -> dict[str, object]:
    """What can be told of a router without making its device."""
    return {
        "name": router.name,
        "address": router.address,
        "fingerprint": router.fingerprint,
        "serial": router.hardware.serial,
        "version": router.hardware.version,
        "model": router.hardware.model,
        "away": router.refuse,
        "connections": router.connections,
        "requests": router.log.total,
    }


def many(routers: Sequence[Seen], find: str, start: int) -> dict[str, object]:
    """The cards of one page of the routers whose name, address, version, model or state have every word."""
    words = find.casefold().split()
    found = [router for router in routers if all(word in _searched(router) for word in words)] if words else routers
    start = _page(start, len(found), _ROUTERS)
    shown = [card(router) for router in found[start : start + _ROUTERS]]
    return {"of": len(routers), "found": len(found), "from": start, "routers": shown}


def one(router: Seen, menu: str, start: int) -> dict[str, object]:
    """A router and the rows of a menu, which is made, as by a GET, when nobody asked for it yet."""
    device = router.device
    identity = router.rows("/system/identity")[0].get("name", "")
    shown = _menu(router, menu, start) if menu else None
    return {
        "router": card(router),
        "identity": identity,
        "clock": f"{device.clock.now():%Y-%m-%d %H:%M:%S} UTC",
        "uptime": str(timedelta(seconds=int(device.clock.monotonic() - device.booted))),
        "menus": [{"path": path, "rows": len(table.rows)} for path, table in sorted(device.tables().items())],
        "menu": shown,
        "requests": [msgspec.to_builtins(item) for item in reversed(router.log[-_NEWEST:])],
        "faults": _faults(router),
    }


def _searched(router: Seen) -> str:
    hardware = router.hardware
    state = "away" if router.refuse else "up"
    return f"{router.name} {router.address} {hardware.version} {hardware.model} {state}".casefold()


def _page(start: int, total: int, size: int) -> int:
    """Where a page begins: the last one when there is none so far on."""
    return max(0, min(start, (total - 1) // size * size))


def _menu(router: Seen, path: str, start: int) -> dict[str, object]:
    menu = router.device.menu(path)
    if menu is None:
        return {"path": path, "known": False}
    rows = router.rows(path)
    start = _page(start, len(rows), _ROWS)
    shown = rows[start : start + _ROWS]
    return {
        "path": path,
        "known": True,
        "listed": menu.listed,
        "total": len(rows),
        "from": start,
        "legend": _LEGEND,
        "columns": _columns(shown, flagged=menu.listed),
        "rows": [{"flags": _flags(row), "fields": menu.masked(row)} for row in shown],
    }


def _columns(rows: Sequence[Mapping[str, str]], *, flagged: bool) -> list[str]:
    """The fields that any of the rows has, what tells rows apart first."""
    names = {name for row in rows for name in row} - (set(_FLAGS) if flagged else set())
    first, last = ([name for name in some if name in names] for some in (_FIRST, _LAST))
    return [*first, *sorted(names - {*first, *last}), *last]


def _flags(row: Mapping[str, str]) -> str:
    return "".join(letter for name, letter in _FLAGS.items() if row.get(name) == "true")


def _masked(menu: MenuTable | None, fields: Mapping[str, str]) -> dict[str, str]:
    """Fields without their secrets; of a menu that is not known every field may be one."""
    return menu.masked(fields) if menu else {name: text and MASK for name, text in fields.items()}


def _faults(router: Seen) -> dict[str, object]:
    """What is not as usual. Edits and normalised values may hold secrets."""
    usual = msgspec.to_builtins(Faults())
    faults = msgspec.to_builtins(router.faults)
    for event in faults["events"]:
        if "fields" in event:
            event["fields"] = _masked(router.device.menu(event.get("menu", "")), event["fields"])
    for rule in faults["normalise"]:
        menu = router.device.menu(rule["menu"])
        if menu is None or menu.is_secret(rule["field"]):
            rule.update({name: MASK for name in ("to", "given") if name in rule})
    return {name: value for name, value in faults.items() if value != usual[name]}
