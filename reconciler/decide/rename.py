"""Renames: a row keeps its identity under a new name, and hard references follow by themselves.

Git renames a row by ``$renamed-from``; a row that is known by something else than its name (an ethernet port)
is renamed by writing its name, also where somebody renamed it by hand.

RouterOS keeps references by id, so after a rename every referrer reads the new name. Observed rows are
therefore compared as they will read once the renames of the plan are done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reconciler.decide.references import INTERFACES
from schemas.catalogue.model import Field, Menu
from schemas.desired import DesiredEntry, DesiredMenu
from schemas.observed import ObservedMenu, Row
from schemas.path import MenuPath

Names = Mapping[str, str]
"""Old name to new name."""


def renames(
    menus: Mapping[MenuPath, DesiredMenu],
    observed: Mapping[MenuPath, ObservedMenu],
    menu_of: Callable[[MenuPath], Menu | None],
) -> Mapping[MenuPath, Names]:
    """The renames a plan will make: the former row is there, the new one is not, or its name alone differs."""
    found: dict[MenuPath, dict[str, str]] = {}
    for path, wanted in menus.items():
        menu, seen = menu_of(path), observed.get(path)
        if menu is None or seen is None or "name" not in menu.fields:
            continue
        if "name" not in menu.key:
            if back := _written_names(menu, wanted, seen):
                found[path] = back
            continue
        renamed = [entry for entry in wanted.entries if entry.renamed_from]
        present = {row.get("name", "") for row in seen.rows} if renamed else set()
        for entry in renamed:
            old, new = entry.renamed_from.get("name"), entry.fields.get("name")
            if old and isinstance(new, str) and old in present and new not in present:
                found.setdefault(path, {})[old] = new
    return found


def _written_names(menu: Menu, wanted: DesiredMenu, seen: ObservedMenu) -> dict[str, str]:
    """Names that rows have and names that Git gives them, where they differ."""
    found = {}
    for entry in wanted.entries:
        new = entry.fields.get("name")
        row = _row_of(menu, entry, seen) if isinstance(new, str) else None
        if row is not None and isinstance(new, str) and (old := row.get("name")) and old != new:
            found[old] = new
    return found


def _row_of(menu: Menu, entry: DesiredEntry, seen: ObservedMenu) -> Row | None:
    """The one row an entry selects, or the one that has its key."""
    if entry.match is not None:
        rows = [row for row in seen.rows if entry.match.matches(row)]
    else:
        key = {name: entry.fields.get(name) for name in menu.key}
        rows = [row for row in seen.rows if key and all(row.get(name) == text for name, text in key.items())]
    return rows[0] if len(rows) == 1 else None


def as_renamed(seen: ObservedMenu, menu: Menu, made: Mapping[MenuPath, Names]) -> ObservedMenu:
    """Rows as they will read once ``made`` is done: in their references, not in their own names."""
    names = {field.name: _names(field, made) for field in menu.fields.values() if field.reference}
    names = {name: old for name, old in names.items() if old}
    if not names:
        return seen
    return ObservedMenu(tuple(_renamed(row, names) for row in seen.rows), seen.present)


def _names(field: Field, made: Mapping[MenuPath, Names]) -> Names:
    if field.reference == INTERFACES:
        merged = [names for path, names in made.items() if path.startswith(INTERFACES)]
        return {old: new for names in merged for old, new in names.items()}
    return made.get(field.reference, {}) if field.reference is not None else {}


def _renamed(row: Row, names: Mapping[str, Names]) -> Row:
    changed = {}
    for name, old in names.items():
        text = row.get(name, "")
        parts = [
            ("!" if part.startswith("!") else "") + old.get(part.lstrip("!"), part.lstrip("!"))
            for part in text.split(",")
        ]
        if (new := ",".join(parts)) != text:
            changed[name] = new
    return {**row, **changed} if changed else row
