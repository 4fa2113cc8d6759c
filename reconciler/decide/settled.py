"""The common case, told at once: a menu that is as Git says and as it was confirmed.

Most menus of most devices need nothing, and matching rows to find that out costs several times what
reading them did. This looks rows up by the texts themselves and gives up, in favour of the whole
comparison, wherever anything is not plain: it may only ever say "settled" of what that would call settled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from itertools import pairwise
from operator import itemgetter

from reconciler.decide.normalise import Normaliser
from reconciler.decide.steps import made_by_router
from schemas.catalogue.model import Kind, Order
from schemas.desired import DesiredEntry, DesiredMenu
from schemas.observed import AppliedEntry, ObservedMenu, Row

_Names = tuple[str, ...]


def is_settled(desired: DesiredMenu, observed: ObservedMenu, applied: Sequence[AppliedEntry], norm: Normaliser) -> bool:
    """Whether every declared row reads as declared and as confirmed, in order, and there are no others."""
    menu, entries = norm.menu, desired.entries
    scope = desired.scopes[0]
    if menu.singleton or len(applied) != len(entries) or len(desired.scopes) != 1 or desired.ignores:
        return False
    if scope.match.tests or scope.match.unless:
        return False
    rows: Sequence[Row] = [row for row in observed.rows if row.get("dynamic") != "true"]
    if menu.kind is not Kind.FIXED:
        rows = [row for row in rows if not made_by_router(row)]
        if len(rows) != len(entries):
            return False
    ordered = menu.order is Order.EVALUATED
    placed, confirmed = rows, rows
    if menu.key:
        table = _Table(rows, menu.key)
        named = [entry.fields if entry.match is None else _selected(entry) for entry in entries]
        placed = table.rows(named, ascending=ordered)
        confirmed = table.rows([entry.fields for entry in applied], ascending=ordered)
    elif any(entry.match is not None for entry in entries):
        return False
    judge = _Judge(norm, whole=menu.kind is Kind.LIST and not desired.written_only)
    return (
        len(placed) == len(confirmed) == len(entries)
        and all(_is_as_confirmed(entry, row) for entry, row in zip(applied, confirmed, strict=True))
        and all(judge.reads_as(entry, row) for entry, row in zip(entries, placed, strict=True))
    )


def _is_as_confirmed(entry: AppliedEntry, row: Row) -> bool:
    return entry.fields.items() <= row.items()


class _Judge:
    """Whether plain entries are what rows show. Rows of one menu mostly have few shapes and, beside what is written,
    few different values, so that what was judged once need not be looked at again."""

    def __init__(self, norm: Normaliser, *, whole: bool) -> None:
        self.norm = norm
        self.whole = whole
        self.shapes = _shapes(norm)

    def reads_as(self, entry: DesiredEntry, row: Row) -> bool:
        if entry.absent or entry.omit or entry.initial or entry.renamed_from:
            return False
        fields = entry.fields
        names = (*fields, "", *row)
        shape = self.shapes.get(names)
        if shape is None:
            shape = self.shapes[names] = _Shape(tuple(fields), tuple(row), self.norm)
        if shape.missing or shape.written(row) != (*fields.values(),):
            if any(type(text) is not str for text in fields.values()):
                return False
            return self.norm.reads_as(fields, row, whole=self.whole)
        return not self.whole or shape.rest(row) in shape.silent or shape.judge(fields, row, self.norm)


@cache
def _shapes(_norm: Normaliser) -> dict[_Names, _Shape]:
    """By the names an entry writes, and those of the row; shared by all devices that have the menu."""
    return {}


class _Shape:
    """The names an entry writes and a row has. ``silent`` are values of the row's other fields that mean nothing."""

    __slots__ = ("missing", "rest", "silent", "written")

    def __init__(self, fields: _Names, row: _Names, norm: Normaliser) -> None:
        self.missing = not {*fields} <= {*row}
        self.written = _several(fields)
        self.rest = _several(tuple(name for name in row if norm.is_held(name) and name not in fields))
        self.silent: set[object] = set()

    def judge(self, fields: Mapping[str, object], row: Row, norm: Normaliser) -> bool:
        if not norm.reads_as(fields, row, whole=True):
            return False
        if len(self.silent) < _MOST_SILENT:
            self.silent.add(self.rest(row))
        return True


_MOST_SILENT = 1 << 10


def _several(names: _Names) -> Callable[[Row], object]:
    """The values under these names, as a tuple."""
    if len(names) > 1:
        return itemgetter(*names)
    if names:
        only = names[0]
        return lambda row: (row[only],)
    return lambda row: ()


def _selected(entry: DesiredEntry) -> Mapping[str, object]:
    """What ``$match`` names, where it is no more than one text for each field."""
    match = entry.match
    if match is None or match.unless or any(len(options) != 1 for _, options in match.tests):
        return {}
    return {name: options[0] for name, options in match.tests}


class _Table:
    """Rows by the texts of their key, just as they are."""

    def __init__(self, rows: Sequence[Row], key: _Names) -> None:
        first = rows[0] if rows else {}
        self._key = _several(tuple(name for name in key if name in first))
        self._absent = tuple(name for name in key if name not in first)
        self._rows = rows
        self._places: dict[object, int] = {}
        with suppress(KeyError):
            if self._are_alike(rows):
                self._places = {texts: place for place, texts in enumerate(map(self._key, rows))}

    def _are_alike(self, named: Sequence[Mapping[str, object]]) -> bool:
        """Whether none has a part of the key that the first row lacks."""
        return not any(name in fields for name in self._absent for fields in named)

    def rows(self, named: Sequence[Mapping[str, object]], *, ascending: bool) -> Sequence[Row]:
        """The row of each, empty unless each has exactly one of its own (in the order of the table, if asked)."""
        if len(self._places) != len(self._rows) or not self._are_alike(named):
            return ()
        try:
            places = [self._places[self._key(fields)] for fields in named]  # type: ignore[arg-type]
        except KeyError:
            return ()
        if len({*places}) != len(places) or (ascending and any(b <= a for a, b in pairwise(places))):
            return ()
        return [self._rows[place] for place in places]
