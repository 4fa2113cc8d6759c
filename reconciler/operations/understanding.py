"""How much of an export was understood, statement by statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from desired_state.row_writer import derived
from reconciler.decide.normalise import canonical_of, default_of
from reconciler.operations.exports import TakenExport
from schemas.catalogue.model import Field, Menu
from schemas.desired import DesiredEntry, SecretRef
from schemas.exported import ExportedRow
from schemas.path import MenuPath
from schemas.values import parse_type
from schemas.values.scalars import Text

_TEXT = ("text", "!text")
_ALWAYS_FREE = ("comment", "name")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a statement does not count as understood."""

    line: int
    path: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """``entries`` are the statements that say something; ``values`` all their values, ``free`` those that are free
    text by the knowledge's word."""

    entries: int = 0
    understood: int = 0
    values: int = 0
    free: int = 0
    doubts: tuple[Doubt, ...] = ()
    menus: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Entries and understood ones by menu."""


def understanding_of(taken: TakenExport) -> Understanding:
    """A statement is understood when its menu and all its fields are known, each value is read by a type that is
    not plain text unless somebody said that it is free text, and what it renders to says the same again."""
    doubts = [Doubt(item.line, item.path, "", item.message) for item in taken.left_out]
    values = free = 0
    rendered = _rendered(taken)
    for path, rows in taken.exported.menus.items():
        menu = taken.schema.menu(path)
        if menu is None:
            continue
        for row in rows:
            values += len(row.fields)
            free += sum(_is_text(menu.fields[name]) for name in row.fields)
            doubts += _doubts(menu, row, rendered.get((path, row.lines[0])))
    statements = [(item.line, str(item.path)) for item in taken.script.statements]
    doubted = {doubt.line for doubt in doubts}
    entries = Counter(path for _, path in statements)
    good = Counter(path for line, path in statements if line not in doubted)
    return Understanding(
        entries=len(statements),
        understood=good.total(),
        values=values,
        free=free,
        doubts=tuple(sorted(doubts, key=lambda doubt: doubt.line)),
        menus={path: (count, good[path]) for path, count in entries.items()},
    )


def _rendered(taken: TakenExport) -> dict[tuple[MenuPath, int], DesiredEntry]:
    """What each row became, by menu and first line."""
    document, found = f"devices/{taken.device.name}.yaml", {}
    for path, menu in taken.desired.menus.items():
        count: Counter[int] = Counter()
        for entry in menu.entries:
            line = entry.origin.line
            places = taken.imported.places.get(line, ()) if entry.origin.file == document else ()
            if count[line] < len(places):
                found[path, places[count[line]]] = entry
            count[line] += 1
    return found


def _doubts(menu: Menu, row: ExportedRow, entry: DesiredEntry | None) -> Iterable[Doubt]:
    line, path = row.lines[0], str(menu.path)
    for name, text in row.fields.items():
        known = menu.fields[name]
        if _is_text(known) and not known.free and name not in _ALWAYS_FREE:
            yield Doubt(line, path, name, "nothing is known of its values.")
        elif text and not parse_type(known.type).canonical_or_exact(text)[1]:
            yield Doubt(line, path, name, f"{text[:60]!r} is no value of {known.type}.")
        elif not _is_own(menu, row, known, text) and not _says_again(menu, row, known, entry):
            yield Doubt(line, path, name, "it does not render back.")


def _is_own(menu: Menu, row: ExportedRow, known: Field, text: str | None) -> bool:
    """Whether a value is the router's own: what selects the row, the name of a port, what follows from other values,
    a state, a flag that is not up."""
    if known.volatile or (not known.writable and text in (None, "", "no")):
        return True
    if text is not None and text == derived(menu, known.name, row.fields):
        return True
    return text in (row.match.get(known.name), row.match.get("default-name") if known.name == "name" else None)


def _is_text(known: Field) -> bool:
    return isinstance(parse_type(known.type), Text) and "ref(" not in known.type and known.type in _TEXT


def _says_again(menu: Menu, row: ExportedRow, known: Field, entry: DesiredEntry | None) -> bool:
    """Whether what was rendered says the same, by a value or by leaving it at what it is anyway."""
    canonical, default = canonical_of(known), default_of(known)
    text = row.fields[known.name]
    nothing = text is None or (text == "" and not parse_type(known.type).holds_empty)
    was = default or "" if nothing else canonical(text or "") if text else ""
    if entry is not None and known.name in entry.fields:
        value = entry.fields[known.name]
        return known.secret if isinstance(value, SecretRef) else (canonical(value) if value else value or "") == was
    made = menu.builtin if row.match else ()
    return was == (default or "") or any(canonical(built.get(known.name, "")) == was for built in made)
