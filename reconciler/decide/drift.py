"""Drift: what happened on the router since it was last confirmed. Found by the same diff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from schemas.change import Action, Change
from schemas.desired import DesiredEntry, DesiredMenu, Scope
from schemas.location import Location
from schemas.observed import Applied, AppliedEntry
from schemas.path import MenuPath
from schemas.selector import Selector

_OPPOSITE = {Action.ADD: Action.REMOVE, Action.REMOVE: Action.ADD, Action.SET: Action.SET, Action.MOVE: Action.MOVE}


def as_desired(
    applied: Applied, menus: Mapping[MenuPath, DesiredMenu], quiet: frozenset[MenuPath] = frozenset()
) -> dict[MenuPath, DesiredMenu]:
    """What was confirmed, as if Git said it; scopes and ignores are those of the present commit.

    ``quiet`` menus are left out: nothing can have drifted there.
    """
    result = {}
    for path, entries in applied.menus.items():
        if path in quiet:
            continue
        now = menus.get(path)
        origin = Location(f"applied {applied.commit[:8]}")
        declared = tuple(_entry(entry, origin) for entry in entries)
        if now is None:
            result[path] = DesiredMenu(path, declared, scopes=(Scope(),), origin=origin)
        else:
            result[path] = replace(now, entries=declared, place=None)
    return result


def _entry(entry: AppliedEntry, origin: Location) -> DesiredEntry:
    match = Selector(tuple((name, (text,)) for name, text in entry.match.items())) if entry.match else None
    return DesiredEntry(fields=entry.fields, origin=origin, label=entry.label, omit=entry.omit, match=match)


def as_drift(change: Change) -> Change:
    """A change that would put the router right, told as what happened on it."""
    action = _OPPOSITE[change.action]
    return replace(
        change,
        action=action,
        neighbours=None if action is Action.REMOVE else change.neighbours,
        before={name: value if isinstance(value, str) else None for name, value in change.after.items()},
        after=dict(change.before),
        reason="",
    )
