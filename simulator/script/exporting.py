"""The present state as statements, to judge whether two states are the same: complete and repeatable, not pretty.

Each line can be imported again. Ids, dynamic rows, derived fields and what every such router has by itself are left
out, and so are the passwords of logins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from simulator.derived import is_own
from simulator.schema import INTERFACE
from simulator.state import Device, Row, Table

_IDENTITY = ("default-name", "name", "slot", "default", "interface")
_BARE = re.compile(r"[A-Za-z0-9_.:/,*@%+-]+")
_SPECIAL = re.compile(r'["\\$?\x00-\x1f\x7f]')
_NAMED = {'"': '\\"', "\\": "\\\\", "$": "\\$", "?": "\\?", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def export(device: Device, *, any_order: bool = False) -> list[str]:
    """One statement a row, menus in alphabetical order and rows in the router's order.

    With ``any_order`` what means the same is told the same: rows and items come sorted where their order means
    nothing, and what is empty is left out. MAC addresses follow from the serial number, so that only routers of one
    serial number compare.
    """
    fresh = Device(device.schema, device.rules, device.hardware)
    lines: list[str] = []
    for path, table in sorted(device.tables().items()):
        if path in _REPORTS:
            continue
        usual = fresh.table(path) if fresh.menu(path) is not None else None
        known = frozenset(_lines(usual, None, any_order)) if usual else frozenset()
        told = [line for line in _lines(table, usual, any_order) if line not in known]
        lines.extend(sorted(told) if any_order and not table.menu.ordered else told)
    return lines


def _lines(table: Table, usual: Table | None, any_order: bool) -> Iterator[str]:
    """Statements for a table; ``usual`` is the same one of a router nobody configured."""
    for statement in statements(table, usual, alike=any_order):
        yield f"{table.path} {statement.head} {_text(statement.fields)}".rstrip()


@dataclass(frozen=True, slots=True)
class Made:
    """What makes one row: ``add`` or ``set`` and how the row is found, and the fields."""

    row: Row
    head: str
    fields: dict[str, str | None]


def statements(table: Table, usual: Table | None, *, alike: bool = False) -> Iterator[Made]:
    """One for every row that somebody may have configured; ``alike`` ones are the same where they mean the same."""
    for number, row in enumerate(table.rows):
        if row.table is not table or row.facts.get("dynamic") == "true" or (is_own(row) and not row.builtin):
            continue
        fields = _alike(row, _fields(row)) if alike else _fields(row)
        if row.builtin and table.menu.listed:
            chosen = _chosen(table, row, number, fields)
            yield Made(row, f"set {chosen}", fields | _gone(row, usual))
        elif table.menu.listed:
            yield Made(row, "add", fields)
        elif fields:
            yield Made(row, "set", fields)


def _chosen(table: Table, row: Row, number: int, fields: dict[str, str | None]) -> str:
    """How a row of the router's own is found; what finds it leaves the fields."""
    own = row.config | row.facts
    name = next((name for name in _IDENTITY if own.get(name)), "")
    if not name or sum((other.config | other.facts).get(name) == own[name] for other in table.rows) > 1:
        return str(number)
    fields.pop(name, None)
    return f"[ find {name}={quoted(own[name])} ]"


def _alike(row: Row, fields: dict[str, str | None]) -> dict[str, str | None]:
    """What is written and what follows from it, in one form."""
    menu = row.table.menu
    for name, known in menu.fields.items():
        if (row.table.path, name) in _MOVING:
            fields.pop(name, None)
        elif (row.table.path, name) in _MADE_UP and name not in row.config:
            continue
        elif known.writable and name not in fields and row.shown.get(name) and name not in row.config:
            fields[name] = row.shown[name]
        text = fields.get(name)
        if text and known.unordered:
            fields[name] = ",".join(sorted(text.split(",")))
    return {name: text for name, text in sorted(fields.items()) if text != ""}


_REPORTS = frozenset({"/log", "/system/history", "/user/active"})
"""What happened, which no script can say."""
_MADE_UP = frozenset({("/interface/wireguard", "private-key")})
"""What a router makes up where nobody says it, other each time."""
_MOVING = frozenset({("/system/clock", "date"), ("/system/clock", "time")})


def _gone(row: Row, usual: Table | None) -> dict[str, str | None]:
    """What a row of the router's own once had."""
    before = usual.named(row.label) if usual else None
    return dict.fromkeys(sorted(before.config.keys() - row.config.keys())) if before else {}


def _fields(row: Row) -> dict[str, str | None]:
    """What was written, in read-back form; None for what is gone although the menu has a default for it."""
    menu = row.table.menu
    usual = {**menu.effective, **menu.defaults}
    fields: dict[str, str | None] = {name: text for name, text in row.config.items() if text != usual.get(name)}
    fields |= dict.fromkeys(menu.defaults.keys() - row.config.keys())
    fields |= {
        name: text
        for name, text in row.facts.items()
        if not menu.fields or (name not in menu.fields and name not in _DERIVED)
    }
    if row.table.path == INTERFACE and "type" in row.facts:
        fields["type"] = row.facts["type"]
    if row.table.path != "/user":
        fields |= {
            name: text for name, text in row.hidden.items() if name not in _DERIVED and not name.startswith(_MARK)
        }
    return dict(sorted(fields.items()))


_DERIVED = frozenset({"dynamic", "invalid", "inactive", "slave", "running", "status", "type"})
_MARK = "seeded-"
"""What begins like this only remembers what a seed held."""


def _text(fields: dict[str, str | None]) -> str:
    return " ".join(f"!{name}" if text is None else f"{name}={quoted(text)}" for name, text in fields.items())


def quoted(text: str) -> str:
    """A value as a statement writes it: bare where that is safe, with escapes otherwise."""
    if _BARE.fullmatch(text):
        return text
    return '"' + _SPECIAL.sub(lambda found: _NAMED.get(found[0], f"\\{ord(found[0]):02X}"), text) + '"'
