"""The common case, told at once: a menu that is as Git says and as it was confirmed.

Most menus of most devices need nothing, and matching rows to find that out costs several times what
reading them did. This looks rows up by the texts themselves and gives up, in favour of the whole
comparison, wherever anything is not plain: it may only ever say "settled" of what that would call settled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from reconciler.decide.normalise import Normaliser
from reconciler.decide.steps import made_by_router
from schemas.catalogue.model import Kind, Order
from schemas.desired import DesiredEntry, DesiredMenu
from schemas.observed import AppliedEntry, ObservedMenu, Row

_Place = tuple[int, Row]
_TEXTS = {str}


def is_settled(desired: DesiredMenu, observed: ObservedMenu, applied: Sequence[AppliedEntry], norm: Normaliser) -> bool:
    """Whether every declared row reads as declared and as confirmed, in order, and there are no others."""
    menu, entries = norm.menu, desired.entries
    scope = desired.scopes[0]
    if menu.singleton or len(applied) != len(entries) or len(desired.scopes) != 1 or desired.ignores:
        return False
    if scope.match.tests or scope.match.unless or not all(map(_is_plain, entries)):
        return False
    rows = [row for row in observed.rows if row.get("dynamic") != "true"]
    if menu.kind is not Kind.FIXED:
        rows = [row for row in rows if not made_by_router(row)]
        if len(rows) != len(entries):
            return False
    whole = menu.kind is Kind.LIST and not desired.written_only
    places = _by_key(entries, rows, menu.key) if menu.key else list(enumerate(rows))
    if places is None or (menu.order is Order.EVALUATED and not _ascending(places)):
        return False
    return all(
        norm.reads_as(entry.fields, row, whole=whole) for entry, (_, row) in zip(entries, places, strict=True)
    ) and _confirmed(applied, rows, menu.key, ordered=menu.order is Order.EVALUATED)


def _is_plain(entry: DesiredEntry) -> bool:
    if entry.absent or entry.omit or entry.initial or entry.renamed_from:
        return False
    return {*map(type, entry.fields.values())} == _TEXTS


def _by_key(entries: Sequence[DesiredEntry], rows: Sequence[Row], key: Sequence[str]) -> list[_Place] | None:
    """The row of each entry, None unless each has exactly one, by the texts as they are."""
    table = _table(rows, key)
    if table is None:
        return None
    found = []
    for entry in entries:
        named = _selected(entry) if entry.match is not None else entry.fields
        place = table.get(tuple([named.get(name, "") for name in key]))
        if place is None or len(named) < len(key):
            return None
        found.append(place)
    return found


def _selected(entry: DesiredEntry) -> Mapping[str, object]:
    """What ``$match`` names, where it is no more than one text for each field."""
    match = entry.match
    if match is None or match.unless or any(len(options) != 1 for _, options in match.tests):
        return {}
    return {name: options[0] for name, options in match.tests}


def _table(rows: Sequence[Row], key: Sequence[str]) -> dict[tuple[object, ...], _Place] | None:
    table: dict[tuple[object, ...], _Place] = {
        tuple([row.get(name, "") for name in key]): (place, row) for place, row in enumerate(rows)
    }
    return table if len(table) == len(rows) else None


def _ascending(places: Sequence[_Place]) -> bool:
    return all(here < there for (here, _), (there, _) in pairwise(places))


def _confirmed(applied: Sequence[AppliedEntry], rows: Sequence[Row], key: Sequence[str], *, ordered: bool) -> bool:
    if not key:
        return all(entry.fields.items() <= row.items() for entry, row in zip(applied, rows, strict=True))
    table = _table(rows, key) or {}
    last = -1
    for entry in applied:
        place = table.get(tuple([entry.fields.get(name, "") for name in key]))
        if place is None or not entry.fields.items() <= place[1].items() or (ordered and place[0] < last):
            return False
        last = place[0]
    return True
