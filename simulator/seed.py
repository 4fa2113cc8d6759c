"""Fills a router's state from JSON: export spellings are completed, and what is only named gets a placeholder.

``{"routeros": "7.18", "menus": {path: [rows] or {fields}}, "model": …, "serial": …}``. Nothing is refused: what a
real router would not take is kept as it is written, with a note. ``"script"`` is the text of a console script, such
as an export: it is imported on a router fresh from the factory, before ``menus`` are filled in. ``"packages"`` names
packages beside ``routeros`` and those of the model; whoever names a menu gets the package it comes with.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from simulator import packages
from simulator.hardware import ports_in
from simulator.menus import POLICIES, facts_of, policy_text
from simulator.models import MODELS
from simulator.schema import INTERFACE, INTERFACE_TYPES, unknown_menu
from simulator.script import factory, importing
from simulator.script.notes import Matter, Note
from simulator.script.reader import read
from simulator.sessions import let_in
from simulator.state import Device, Row, Table
from simulator.writing import Placeholders, Trouble, write

Fields = Mapping[str, str]
Menus = Mapping[str, "Fields | Sequence[Fields]"]
Users = Mapping[str, "str | tuple[str, str]"]

_USUAL_PORTS = tuple(f"ether{number}" for number in range(1, 6))


def plant(
    device: Device, menus: Menus, users: Users, model: str | None, script: str | bytes | None = None
) -> list[Note]:
    """Fill a fresh device. ``users`` are name to password, or to (password, group); without a group: full.

    The notes are those of the script; as texts they are among those of the device.
    """
    device.seeding(True)
    for path in device.hardware.own_menus:
        if device.menu(path) is None:
            device.keep(unknown_menu(path, listed=False))
    commands = [] if script is None else read(script, device.leads)
    _install(device, menus, (command.path for command in commands))
    if script is None:
        _make_ports(device, menus, model)
        _make_radios(device, model)
    else:
        factory.make_ports(device, commands, model)
    _make_loopback(device)
    _enable_https(device)
    told: list[Note] = []
    if script is not None:
        told = importing.carry_out(device, commands) + _keep_access(device, users)
        device.notes.extend(str(note) for note in told)
    _fill(device, menus)
    _make_users(device, users)
    let_in(device)
    device.seeding(False)
    return told


def _install(device: Device, menus: Menus, scripted: Iterable[str]) -> None:
    """The packages of the box, those that are listed, and those whose menus are named."""
    version = device.hardware.version
    listed = {row.get("name", "") for row in _listed(menus, packages.PATH) if row.get("disabled") != "true"}
    named = packages.implied([*menus, *scripted], version)
    radios = packages.for_radios((menu for menu, _ in device.hardware.kind.radios), version)
    packages.install(device, {*device.hardware.packages, *filter(None, listed), *named, *radios})


def _fill(device: Device, menus: Menus) -> None:
    """Make the rows of all menus, then write their fields."""

    def tell(_trouble: Trouble, text: str) -> None:
        device.notes.append(text)

    pending = [item for path in sorted(menus, key=_interfaces_first) for item in _rows(device, path, menus[path])]
    names = Placeholders(device, tell)
    for row, fields in pending:
        for name, text in fields.items():
            if not name.startswith("."):
                write(names, row, name, text, tell)


def _make_loopback(device: Device) -> None:
    loopback = device.table(INTERFACE).create()
    loopback.builtin = True
    loopback.facts["type"] = "loopback"
    loopback.put("name", "lo")


def _keep_access(device: Device, users: Users) -> list[Note]:
    """Undo what a script did to the way in: HTTPS, and the logins of the given users."""
    told = []
    service = device.table("/ip/service").named("www-ssl")
    if service is not None and not service.enabled:
        service.put("disabled", "false")
        told.append("/ip/service: www-ssl stays enabled, since the router answers over it")
    full = device.table("/user/group").named("full")
    if full is not None and "!" in policy_text(full.config.get("policy", "")):
        full.put("policy", policy_text(",".join(POLICIES)))
        told.append("/user/group: full keeps every policy, to log in with")
    for name, given in users.items():
        row = device.table("/user").named(name)
        if row is None:
            continue
        if not row.enabled or (isinstance(given, str) and row.config.get("group", "full") != "full"):
            told.append(f"/user: {name} stays enabled and in its group, to log in with")
        row.put("disabled", "false")
        if isinstance(given, str):
            row.put("group", (full,) if full else "full")
    return [Note(0, text, Matter.FAILED) for text in told]


def _interfaces_first(path: str) -> tuple[bool, bool]:
    return path not in INTERFACE_TYPES, not path.startswith("/interface")


def _make_ports(device: Device, menus: Menus, model: str | None) -> None:
    given = [row["default-name"] for row in _listed(menus, factory.ETHERNET) if "default-name" in row]
    named = ports_in([*given, *_words(menus)])
    usual = MODELS[model].ports if model in MODELS else _USUAL_PORTS
    ports = named if given else [*usual, *named]
    factory.add_ports(device, [*ports, *given])


def _make_radios(device: Device, model: str | None) -> None:
    """The wireless interfaces a model is built with, as far as the version has their menu."""
    for path, name in MODELS[model].radios if model in MODELS else ():
        if device.menu(path) is None:
            continue
        table = device.table(path)
        mac = device.hardware.mac(0x40 + len(table.rows))
        row = table.create()
        row.builtin = True
        row.facts |= facts_of(table) | {"default-name": name, "mac-address": mac, "radio-mac": mac}
        row.put("name", name)


def _enable_https(device: Device) -> None:
    """A router that answers over HTTPS has the service enabled, unless the seed says otherwise."""
    row = device.table("/ip/service").named("www-ssl")
    if row is not None:
        row.put("disabled", "false")


def _words(menus: Menus) -> Iterable[str]:
    """Every word of every value that may name an interface."""
    for path, value in menus.items():
        if path != factory.ETHERNET:
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
    key = "default-name" if table.path == factory.ETHERNET else "name"
    row = None
    if key in fields and (table.menu.named or table.path == factory.ETHERNET):
        row = next((row for row in table.rows if (row.facts | row.config).get(key) == fields[key]), None)
    if row is None:
        row = table.create()
        row.facts.update(facts_of(table))
    if "name" in fields:
        row.put("name", fields["name"])
    return row


def _make_users(device: Device, users: Users) -> None:
    table = device.table("/user")
    names = Placeholders(device, lambda _, text: device.notes.append(text))
    for name, given in users.items():
        password, group = given if isinstance(given, tuple) else (given, "full")
        row = table.named(name)
        if row is None:
            row = table.create()
            row.facts.update(facts_of(table))
            row.put("name", name)
        if isinstance(given, tuple) or "group" not in row.config:
            row.put("group", table.menu.fields["group"].read(group, names))
        row.hidden["password"] = password
    for row in table.rows:
        row.hidden.setdefault("password", secrets.token_hex(16))


def script_of(document: Mapping[str, object]) -> str | bytes | None:
    """The ``script`` of a seed. Raises ValueError when it is no text."""
    script = document.get("script")
    if script is None or isinstance(script, str | bytes):
        return script
    raise ValueError("script in a seed must be a text")


def packages_of(document: Mapping[str, object]) -> tuple[str, ...]:
    """The ``packages`` of a seed. Raises ValueError when they are not names."""
    names = document.get("packages", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError("packages in a seed must be a list of names")
    return tuple(names)


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
