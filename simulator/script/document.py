"""The present state as ``/export`` writes it into a file: a header, and a section for every menu that has something.

What users and files hold is in no export. Menus come in an order in which references are made before they are used;
the order of a real export is unproven.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from schemas.catalogue.model import Kind
from simulator.schema import INTERFACE, INTERFACE_TYPES
from simulator.script.exporting import Made, quoted, statements
from simulator.script.find import Condition, matching
from simulator.services import PATH as SERVICES
from simulator.state import Device, Row, Table
from simulator.times import stamp

_NEVER = ("/user/", "/file/", "/certificate/", "/log/", "/system/history/", "/safe-mode/")
_WIDTH = 80
_SWITCHED = {"true": "yes", "false": "no"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported: everything ``under`` a path, or of it the rows ``where`` all conditions hold.

    ``verbose`` tells values that nobody changed; ``terse`` makes every line a whole command.
    """

    under: str = ""
    verbose: bool = False
    terse: bool = False
    sensitive: bool = False
    where: Sequence[Condition] = ()


def written(device: Device, wanted: Wanted) -> str:
    """The text of the file."""
    return "\n".join([*_header(device), *_sections(device, wanted), ""])


def _header(device: Device) -> Iterator[str]:
    box = device.hardware
    yield f"# {stamp(device)} by RouterOS {box.version}"
    if not box.kind.routerboard:
        yield "# software id = "
        yield "#"
        return
    yield f"# software id = {box.serial[:4]}-{box.serial[-4:]}"
    yield "#"
    yield f"# model = {box.model}"
    yield f"# serial number = {box.serial}"


def _sections(device: Device, wanted: Wanted) -> Iterator[str]:
    fresh = Device(device.schema, device.rules, device.hardware)
    if wanted.under and device.menu(wanted.under) is not None:
        device.table(wanted.under)
    for table in _in_order(device):
        if not f"{table.path}/".startswith(f"{wanted.under}/") or f"{table.path}/".startswith(_NEVER):
            continue
        usual = fresh.table(table.path) if fresh.menu(table.path) is not None else None
        lines = [_line(made, wanted) for made in _changed(table, usual, wanted)]
        menu = "/" + table.path[1:].replace("/", " ")
        if wanted.terse:
            yield from (f"{menu} {' '.join(words)}" for words in lines)
        elif lines:
            yield menu
            yield from (_wrapped(words) for words in lines)


def _in_order(device: Device) -> Iterator[Table]:
    """Every table after those that its rows point into, as far as they do not point at one another."""
    tables, seen = device.tables(), set[str]()

    def visit(table: Table) -> Iterator[Table]:
        if table.path in seen:
            return
        seen.add(table.path)
        targets = {piece.table for row in table.rows for pieces in row.links.values() for piece in _rows(pieces)}
        for target in sorted(targets, key=lambda other: other.path):
            yield from visit(target)
        if table.menu.kind is not Kind.READONLY:
            yield table

    first = [path for path in sorted(tables) if path in INTERFACE_TYPES or path.startswith(INTERFACE)]
    for path in [*first, *sorted(tables)]:
        yield from visit(tables[path])


def _rows(pieces: Iterable[object]) -> list[Row]:
    return [piece for piece in pieces if isinstance(piece, Row)]


def _changed(table: Table, usual: Table | None, wanted: Wanted) -> Iterator[Made]:
    """Of rows that every such router has, only what is not as it was."""
    known = dict(map(_told, statements(usual, None))) if usual else {}
    asked = set(matching(table, wanted.where)) if wanted.where else None
    for made in statements(table, usual):
        head, fields = _told(made)
        before = known.get(head, {}) if head != "add" else {}
        new = {name: text for name, text in fields.items() if name not in before or before[name] != text}
        new |= {name: made.row.config.get(name) for name in before.keys() - fields.keys()}
        if (asked is None or made.row in asked) and (new or head == "add" or wanted.verbose):
            yield Made(made.row, head, dict(sorted(new.items())))


def _told(made: Made) -> tuple[str, dict[str, str | None]]:
    """How a row is found and what can be written of it; a port is not told what it was built with."""
    row, menu, fields = made.row, made.row.table.menu, made.fields
    if menu.fields:
        fields = {
            name: text
            for name, text in fields.items()
            if (known := menu.fields.get(name)) is not None and known.writable and (text is None or _chose(row, name))
        }
    if row.config.get("action") and "/firewall/" in row.table.path:
        fields = {"action": row.config["action"], **fields}
    return f"set {row.label}" if row.table.path == SERVICES else made.head, fields


def _chose(row: Row, name: str) -> bool:
    """Whether somebody wrote a field; what the port was built with nobody did."""
    if name in row.hidden:
        return True
    own = row.config | row.facts
    return name in row.config and name != _BURNT_IN and own[name] != own.get(_BUILT.get(name, ""))


_BURNT_IN = "orig-mac-address"
_BUILT = {"name": "default-name", "mac-address": _BURNT_IN}


def _line(made: Made, wanted: Wanted) -> list[str]:
    menu = made.row.table.menu
    fields = made.fields
    if wanted.verbose:
        found_by = made.head.partition("find ")[2].partition("=")[0]
        all_of_it = {**menu.effective, **made.row.config, **fields}
        fields = {
            name: text
            for name, text in sorted(all_of_it.items())
            if name != found_by and (known := menu.fields.get(name)) is not None and known.writable
        }
    words = [made.head]
    for name, text in fields.items():
        known = menu.fields.get(name)
        if not wanted.sensitive and (name in menu.secrets or (known is not None and known.hidden)):
            continue
        words.append(f"!{name}" if text is None else f"{name}={quoted(_SWITCHED.get(text, text))}")
    return words


def _wrapped(words: Sequence[str]) -> str:
    lines, line = list[str](), ""
    for word in words:
        if line and len(line) + len(word) + 3 > _WIDTH:
            lines.append(f"{line} \\")
            line = f"    {word}"
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*lines, line])
