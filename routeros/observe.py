"""Menus to ``Observed``. Observing never writes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from routeros.client import Client, Rows
from schemas.catalogue.model import Kind, Menu, Order
from schemas.catalogue.secrecy import is_secret
from schemas.errors import DeviceRefused
from schemas.observed import DeviceFacts, Observed, ObservedMenu
from schemas.path import MenuPath

# `?dynamic=false` would lose the rows that lack the key; "not dynamic=true" keeps them.
_NOT_DYNAMIC = ("dynamic=true", "#!")
_LISTS = frozenset({Kind.LIST, Kind.FIXED})
_NO_MENU = ("no such command or directory", "no such command prefix")
"""What a router says to a GET of a menu it lacks; the second where it takes the last word for the name of a row."""


@dataclass(frozen=True, slots=True)
class MenuRead:
    """What to read of a menu. ``fields`` None is everything, as managed menus need it; a tuple of documents'
    field names is enough where rows are only referred to (``.id`` always comes along)."""

    menu: Menu
    fields: tuple[str, ...] | None = None


async def observe(client: Client, facts: DeviceFacts, menus: Sequence[MenuRead]) -> Observed:
    """One list read per menu, one after another, with documents' field names.

    Managed lists without order come without dynamic rows; ordered ones keep them, flagged ``dynamic``, since
    they take part in the order. A menu that the device lacks is ``present=False``. Secrets never leave this
    room: fields that hold them are left out of the rows, and so are unknown fields that sound like them.
    Raises what the client raises.
    """
    at = datetime.datetime.now(datetime.UTC)
    found: dict[MenuPath, ObservedMenu] = {}
    for read in menus:
        found[read.menu.path] = await _menu(client, read)
    return Observed(client.device, facts, found, at, client.address, client.user)


async def _menu(client: Client, read: MenuRead) -> ObservedMenu:
    try:
        rows = await _rows(client, read)
    except DeviceRefused as error:
        if error.status == 400 and error.detail.startswith(_NO_MENU):
            return ObservedMenu((), present=False)
        raise
    _check_shape(client, read.menu, rows)
    told, unknown = _wires(read.menu).told(rows)
    return ObservedMenu(tuple(told), unknown=unknown)


async def _rows(client: Client, read: MenuRead) -> Rows:
    menu = read.menu
    if read.fields is not None:
        return await client.rows(menu.path, _wire_names(menu, read.fields))
    if menu.kind not in _LISTS or menu.order is not Order.NONE or "move" in menu.commands:
        return await client.rows(menu.path)
    return [row for row in await _without_dynamic(client, menu) if row.get("dynamic") != "true"]


async def _without_dynamic(client: Client, menu: Menu) -> Rows:
    """Let the router leave them out where it may have many; a plain read is cheaper for both where it has none."""
    if "dynamic" not in menu.fields:
        return await client.rows(menu.path)
    try:
        return await client.print(menu.path, _NOT_DYNAMIC)
    except DeviceRefused as error:
        if error.detail != "no such command or directory (print)":
            raise
        return await client.rows(menu.path)


def _check_shape(client: Client, menu: Menu, rows: Rows) -> None:
    """Right after boot a router may answer with another menu's body. One row tells; a body is of one menu."""
    one = menu.kind is not Kind.SINGLETON or len(rows) == 1
    listed = menu.kind not in _LISTS or not rows or ".id" in rows[0]
    if not (one and listed):
        text = f"The answer to {menu.path} has not the shape of that menu; the router may still be starting."
        raise DeviceRefused(text, status=200, device=client.device)


def _wire_names(menu: Menu, fields: Sequence[str]) -> list[str]:
    return [menu.fields[name].wire if name in menu.fields else name for name in fields]


class _Wires:
    """What the names on the wire of one menu mean."""

    def __init__(self, menu: Menu) -> None:
        self._path = menu.path
        self._renamed = menu.renamed
        self._secret = menu.secrets
        self._known = frozenset({".id"}.union(item.wire for item in menu.fields.values()))

    def told(self, rows: Rows) -> tuple[Rows, frozenset[str]]:
        """The rows with documents' names and without secrets; and the names in them that nothing is known of."""
        found: set[str] = set().union(*rows)
        unknown = found - self._known
        secret = (found & self._secret) | {name for name in unknown if is_secret(self._path, name)}
        renamed = self._renamed
        if secret or not found.isdisjoint(renamed):
            rows = [{renamed.get(name, name): row[name] for name in row if name not in secret} for row in rows]
        return rows, frozenset(name for name in unknown if not name.startswith("."))


@cache
def _wires(menu: Menu) -> _Wires:
    """Remembered per menu, which lives as long as the catalogue; it spares a walk over all fields per device."""
    return _Wires(menu)
