"""What a router has before anybody configures it: its ports, and single rows that the router itself makes.

Rows that every router of a version has are the catalogue's, and come by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from simulator.hardware import ports_in
from simulator.menus import facts_of
from simulator.models import MODELS
from simulator.schema import MenuTable
from simulator.script.find import conditions
from simulator.script.reader import Command
from simulator.script.words import Form
from simulator.state import Device, Row, Table
from simulator.writing import Placeholders, write

ETHERNET = "/interface/ethernet"
_USUAL_PORTS = tuple(f"ether{number}" for number in range(1, 6))


def make(table: Table, names: Placeholders, given: Mapping[str, str], *, number: int | None = None) -> Row:
    """Add a row as the router makes it: fields that cannot be written are its own, and it cannot be removed."""
    row = table.create(number=number)
    row.builtin = True
    row.facts.update(facts_of(table))
    for name, text in given.items():
        write(names, row, name, text, lambda _trouble, _note: None)
    _name_in_both(table.menu, row)
    return row


def _name_in_both(menu: MenuTable, row: Row) -> None:
    """A name that cannot be written is found like any other."""
    if "name" in row.facts:
        row.put("name", row.facts["name"])
    if menu.interface_type and "name" not in row.config and "default-name" in row.facts:
        row.put("name", row.facts["default-name"])


def make_ports(device: Device, commands: Iterable[Command], model: str | None) -> None:
    """The Ethernet ports of a model, and those that a script names; without a model only those, if there are any."""
    given, words = _named_ports(commands)
    named = ports_in([*given, *words])
    own = MODELS[model].ports if model in MODELS and model != "CHR" else ()
    add_ports(device, [*own, *named, *given] or _USUAL_PORTS)


def add_ports(device: Device, ports: Iterable[str]) -> list[Row]:
    """Ethernet ports with these default names and their burnt-in addresses, where they are not there yet."""
    table = device.table(ETHERNET)
    there = {row.facts.get("default-name") for row in table.rows}
    return [_port(table, name) for name in dict.fromkeys(ports) if name not in there]


def _port(table: Table, name: str) -> Row:
    mac = table.device.hardware.mac(len(table.rows))
    row = table.create()
    row.builtin = True
    row.facts.update(facts_of(table))
    row.facts["default-name"] = name
    row.put("name", name)
    for field in ("mac-address", "orig-mac-address"):
        if field in table.menu.fields:
            row.put(field, mac)
    return row


def _named_ports(commands: Iterable[Command]) -> tuple[list[str], set[str]]:
    """Default names that are asked for in the menu of ports, and every word of a value that may name a port."""
    given: list[str] = []
    words: set[str] = set()
    for command in commands:
        if command.path == ETHERNET:
            given.extend(
                asked.text
                for word in command.selector
                if word.form is Form.EXPRESSION
                for asked in conditions(word) or ()
                if asked.name == "default-name" and asked.equal
            )
            continue
        for name, text in command.arguments:
            if text and len(text) < 1000 and name not in ("name", "comment", "default-name"):
                words.update(text.replace("!", "").split(","))
    return given, words
