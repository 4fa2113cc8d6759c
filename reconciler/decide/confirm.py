"""Applied: what a device was just confirmed to be, of what Git declares."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.decide.diff import pair_rows
from schemas.catalogue.model import Menu
from schemas.desired import Desired, DesiredEntry, SecretRef
from schemas.observed import Applied, AppliedEntry, Observed, Row
from schemas.path import MenuPath


def applied_from(desired: Desired, observed: Observed, menu_of: Callable[[MenuPath], Menu | None]) -> Applied:
    """The declared rows as they were read. Call it only when the plan against ``observed`` is empty."""
    menus = {}
    for path, wanted in desired.menus.items():
        menu, seen = menu_of(path), observed.menus.get(path)
        if menu is not None and seen is not None and seen.present:
            pairs = pair_rows(menu, wanted, seen)
            menus[path] = tuple(_confirmed(menu, entry, row) for entry, row in pairs)
    return Applied(
        device=desired.device.name,
        commit=desired.commit,
        serial=observed.facts.serial,
        version=observed.facts.version,
        menus=menus,
    )


def _confirmed(menu: Menu, entry: DesiredEntry, row: Row) -> AppliedEntry:
    tests = entry.match.tests if entry.match is not None else ()
    match = {name: row.get(name, "") for name, _ in tests}
    return AppliedEntry(_declared(menu, entry, row), entry.label, entry.omit | entry.initial, match)


def _declared(menu: Menu, entry: DesiredEntry, row: Row) -> dict[str, str]:
    """The fields an entry writes, and its key, as read; secrets never."""
    names = {*entry.fields, *menu.key} - entry.initial
    return {
        name: row[name] for name in sorted(names) if name in row and not isinstance(entry.fields.get(name), SecretRef)
    }
