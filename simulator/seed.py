"""Fills a router's state from JSON: export spellings are completed, and what is only named gets a placeholder.

``{"routeros": "7.18", "menus": {path: [rows] or {fields}}, "model": …, "serial": …}``. Nothing is refused: what a
real router would not take is kept as it is written, with a note.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from simulator.codec import Referent
from simulator.forms import BadValue
from simulator.hardware import MODELS, ports_in
from simulator.menus import facts_of
from simulator.routes import guessed_type
from simulator.schema import INTERFACE, INTERFACE_TYPES, unknown_menu
from simulator.state import Device, Row, Table

Fields = Mapping[str, str]
Menus = Mapping[str, "Fields | Sequence[Fields]"]
Users = Mapping[str, "str | tuple[str, str]"]

ETHERNET = "/interface/ethernet"
_USUAL_PORTS = tuple(f"ether{number}" for number in range(1, 6))


def plant(device: Device, menus: Menus, users: Users, model: str | None) -> None:
    """Fill a fresh device. ``users`` are name to password, or to (password, group); without a group: full."""
    device.seeding(True)
    for path in device.hardware.own_menus:
        if device.menu(path) is None:
            device.keep(unknown_menu(path, listed=False))
    _make_ports(device, menus, model)
    loopback = device.table(INTERFACE).create()
    loopback.builtin = True
    loopback.facts["type"] = "loopback"
    loopback.put("name", "lo")
    _enable_https(device)
    pending = [item for path in sorted(menus, key=_interfaces_first) for item in _rows(device, path, menus[path])]
    names = _Placeholders(device)
    for row, fields in pending:
        for name, text in fields.items():
            if name.startswith("."):
                continue
            _write(device, names, row, name, text)
    _make_users(device, users)
    device.seeding(False)


class _Placeholders:
    """Looks references up and makes what is missing, so that a part of a configuration can stand alone."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def find(self, menu: str, name: str) -> Referent | None:
        if not name or name.startswith("*"):
            return None
        found = self._device.find(menu, name)
        if found is not None:
            return found
        known = self._device.menu(INTERFACE if menu in INTERFACE_TYPES else menu)
        if known is None or not known.named:
            return None
        table = self._device.table(str(known.path))
        row = table.create()
        row.facts.update(facts_of(table))
        if table.path == INTERFACE:
            row.facts["type"] = INTERFACE_TYPES.get(menu) or guessed_type(name)
        row.put("name", name)
        table.refresh(row)
        self._device.notes.append(f"{table.path}: {name} is only named; a placeholder stands for it")
        return row


def _interfaces_first(path: str) -> tuple[bool, bool]:
    return path not in INTERFACE_TYPES, not path.startswith("/interface")


def _make_ports(device: Device, menus: Menus, model: str | None) -> None:
    given = [row["default-name"] for row in _listed(menus, ETHERNET) if "default-name" in row]
    named = ports_in([*given, *_words(menus)])
    usual = MODELS[model].ports if model in MODELS else _USUAL_PORTS
    ports = named if given else [*usual, *named]
    table = device.table(ETHERNET)
    for number, name in enumerate(dict.fromkeys([*ports, *given])):
        row = table.create()
        row.builtin = True
        row.facts.update(facts_of(table))
        row.facts["default-name"] = name
        row.put("name", name)
        for field in ("mac-address", "orig-mac-address"):
            if field in table.menu.fields:
                row.put(field, device.hardware.mac(number))


def _enable_https(device: Device) -> None:
    """A router that answers over HTTPS has the service enabled, unless the seed says otherwise."""
    row = device.table("/ip/service").named("www-ssl")
    if row is not None:
        row.put("disabled", "false")


def _words(menus: Menus) -> Iterable[str]:
    """Every word of every value that may name an interface."""
    for path, value in menus.items():
        if path != ETHERNET:
            for row in _listed(menus, path) if not isinstance(value, Mapping) else [value]:
                for name, text in row.items():
                    if name not in ("name", "comment", "default-name"):
                        yield from text.replace("!", "").split(",")


def _listed(menus: Menus, path: str) -> Sequence[Fields]:
    value = menus.get(path, ())
    return () if isinstance(value, Mapping) else value


def _rows(device: Device, path: str, value: Fields | Sequence[Fields]) -> list[tuple[Row, Fields]]:
    """The rows of a menu, made or found but for their names still empty, each with what is to be written."""
    if device.menu(path) is None:
        device.notes.append(f"{path}: RouterOS {device.schema.version} has no such menu; kept as it is")
        device.keep(unknown_menu(path, listed=not isinstance(value, Mapping)))
    table = device.table(path)
    if isinstance(value, Mapping):
        return [(table.rows[0] if table.rows else table.create(number=0), value)]
    return [(_row(table, fields), fields) for fields in value]


def _row(table: Table, fields: Fields) -> Row:
    key = "default-name" if table.path == ETHERNET else "name"
    row = None
    if key in fields and (table.menu.named or table.path == ETHERNET):
        row = next((row for row in table.rows if (row.facts | row.config).get(key) == fields[key]), None)
    if row is None:
        row = table.create()
        row.facts.update(facts_of(table))
    if "name" in fields:
        row.put("name", fields["name"])
    return row


def _write(device: Device, names: _Placeholders, row: Row, name: str, text: str) -> None:
    known = row.table.menu.fields.get(name)
    if known is None or not known.writable:
        if known is None and row.table.menu.fields:
            device.notes.append(f"{row.table.path}: {name} is no field of RouterOS {device.schema.version}; kept")
        (row.config if name == "name" else row.facts)[name] = text
    elif known.hidden:
        row.hidden[name] = text
    else:
        try:
            row.put(name, known.read(text, names))
        except BadValue:
            row.put(name, text or None)
            if text and not text.startswith("*"):
                device.notes.append(f"{row.table.path}: {name}={text} is not what the field takes; kept")


def _make_users(device: Device, users: Users) -> None:
    table = device.table("/user")
    for name, given in users.items():
        password, group = given if isinstance(given, tuple) else (given, "full")
        row = table.named(name)
        if row is None:
            row = table.create()
            row.facts.update(facts_of(table))
            row.put("name", name)
        if isinstance(given, tuple) or "group" not in row.config:
            row.put("group", table.menu.fields["group"].read(group, _Placeholders(device)))
        row.hidden["password"] = password
    for row in table.rows:
        row.hidden.setdefault("password", secrets.token_hex(16))


def menus_of(document: Mapping[str, object]) -> Menus:
    """The ``menus`` of a seed. Raises ValueError when they are not rows of texts."""
    menus = document.get("menus", {})
    for path, value in menus.items() if isinstance(menus, Mapping) else [("what menus holds", menus)]:
        rows = [value] if isinstance(value, Mapping) else value
        if not isinstance(rows, list) or not all(_is_fields(row) for row in rows):
            raise ValueError(
                f"{path} in a seed must be a list of rows or one mapping of fields, and every value a text"
            )
    return cast(Menus, menus)


def _is_fields(row: object) -> bool:
    return isinstance(row, Mapping) and all(isinstance(text, str) for text in row.values())
