"""Layers of one menu become one menu: groups left to right, then the device.

Rows of equal ``$id`` or key merge field by field, the later layer wins; scopes add up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from desired_state.entries import Row
from desired_state.menus import RawMenu, RawScope
from schemas.catalogue.model import Menu
from schemas.desired import DesiredEntry, DesiredMenu, Place, Prune, Scope, Value
from schemas.location import Problem
from schemas.selector import Selector
from schemas.values import parse_type

Identity = tuple[str, object]


@dataclass(frozen=True, slots=True)
class Part:
    """One layer's share of a menu, its rows rendered."""

    raw: RawMenu
    head: tuple[Row, ...] = ()
    entries: tuple[Row, ...] = ()
    tail: tuple[Row, ...] = ()


def merge(menu: Menu, parts: Sequence[Part], problems: list[Problem]) -> tuple[DesiredMenu, tuple[Row, ...]]:
    """The menu that all layers together describe, and its rows with the sources of their fields."""
    slots = _Slots(menu, problems)
    for part in parts:
        slots.add(part)
    rows = slots.in_order()
    place: Place | None = None
    written_only = False
    for part in parts:
        place = part.raw.place or place
        written_only = written_only if part.raw.written_only is None else part.raw.written_only
    merged = DesiredMenu(
        path=menu.path,
        entries=tuple(_entry(row) for row in rows),
        scopes=_scopes([scope for part in parts for scope in part.raw.own], problems),
        place=place,
        written_only=written_only,
        ignores=tuple(dict.fromkeys(ignore for part in parts for ignore in part.raw.ignores)),
        origin=parts[-1].raw.origin,
    )
    return merged, rows


def merge_singleton(menu: Menu, parts: Sequence[Part]) -> tuple[DesiredMenu, tuple[Row, ...]]:
    """A singleton's values from all layers, field by field."""
    rows = [row for part in parts for row in part.entries]
    merged = rows[:1]
    for row in rows[1:]:
        merged = [combine(merged[0], row)]
    merged = [_settled(row) for row in merged]
    entries = tuple(_entry(row) for row in merged if row.fields or row.omit)
    return DesiredMenu(menu.path, entries, origin=parts[-1].raw.origin), tuple(merged)


def identities(menu: Menu, row: Row) -> Iterable[Identity]:
    """What a row of another layer can be recognised by, the surest first."""
    if row.label is not None:
        yield "label", row.label
    if row.match is not None:
        yield "match", row.match
    elif menu.key and any(name in row.fields for name in menu.key):
        yield "key", key_of(menu, row)


def key_of(menu: Menu, row: Row) -> tuple[str, ...]:
    """The canonical texts of the key fields; a field not written counts with its default."""
    return tuple(canonical(menu, name, row.fields.get(name)) for name in menu.key)


def canonical(menu: Menu, name: str, value: Value) -> str:
    """The canonical text of a field's value; the default (or "") where there is none."""
    convert, default = _conversion(menu, name)
    return convert(value)[0] if isinstance(value, str) else default


@cache
def _conversion(menu: Menu, name: str) -> tuple[Callable[[str], tuple[str, bool]], str]:
    """A field's own conversion and its canonical default, looked up once."""
    known = menu.fields.get(name)
    kind = parse_type(known.type if known else "text")
    return kind.canonical_or_exact, kind.canonical_or_exact((known.default if known else "") or "")[0]


def combine(earlier: Row, later: Row) -> Row:
    """Both layers' words about one row; the later wins."""
    fields = {name: value for name, value in earlier.fields.items() if name not in later.omit}
    appends = dict(earlier.appends)
    for name, text in later.appends.items():
        base = fields.get(name)
        if isinstance(base, str):
            fields[name] = _joined(base, text)
        else:
            appends[name] = _joined(appends.get(name, ""), text)
    for name in later.fields:
        appends.pop(name, None)
    return replace(
        later,
        fields=fields | dict(later.fields),
        sources={**earlier.sources, **later.sources},
        appends=appends,
        label=later.label or earlier.label,
        match=later.match or earlier.match,
        initial=earlier.initial | later.initial,
        omit=earlier.omit.difference(later.fields) | later.omit,
        renamed_from=later.renamed_from or earlier.renamed_from,
    )


@dataclass(slots=True)
class _Slot:
    row: Row
    dropped: bool = False


@dataclass(slots=True)
class _Slots:
    """The rows so far. A merged row keeps the place where the earlier layer put it."""

    menu: Menu
    problems: list[Problem]
    heads: list[_Slot] = field(default_factory=list)
    entries: list[_Slot] = field(default_factory=list)
    tails: list[list[_Slot]] = field(default_factory=list)
    index: dict[Identity, list[_Slot]] = field(default_factory=dict)
    fresh: list[_Slot] = field(default_factory=list)

    def add(self, part: Part) -> None:
        """Merge a layer. Rows of one layer never merge with each other."""
        for earlier in self.fresh:
            for identity in identities(self.menu, earlier.row):
                self.index.setdefault(identity, []).append(earlier)
        tail: list[_Slot] = []
        fresh: list[_Slot] = []
        for rows, section in ((part.head, self.heads), (part.entries, self.entries), (part.tail, tail)):
            for row in rows:
                slot = self._merged(row)
                if slot is not None:
                    section.append(slot)
                    fresh.append(slot)
        self.tails.append(tail)
        self.fresh = fresh

    def in_order(self) -> tuple[Row, ...]:
        ordered = [*self.heads, *self.entries, *(slot for tail in reversed(self.tails) for slot in tail)]
        return tuple(_settled(slot.row) for slot in ordered if not slot.dropped)

    def _merged(self, row: Row) -> _Slot | None:
        """None when the row went into one that is there; else its new slot."""
        found = self._inherited(row)
        if len(found) > 1 and not row.drop:
            first, second = found[0].row.origin, found[1].row.origin
            message = f"This row of {self.menu.path} could mean the one of {first} or of {second}."
            self.problems.append(Problem(message, row.origin, "Give the rows an $id."))
            return None
        if row.drop:
            self._drop(row, found)
            return None
        if found:
            found[0].row = combine(found[0].row, row)
            return None
        return _Slot(row)

    def _inherited(self, row: Row) -> list[_Slot]:
        if not self.index:
            return []
        for identity in identities(self.menu, row):
            found = [slot for slot in self.index.get(identity, ()) if not slot.dropped]
            if found:
                return found
        return []

    def _drop(self, row: Row, found: list[_Slot]) -> None:
        if not found and row.label is None and row.match is None and row.fields:
            known = {id(slot): slot for slots in (self.heads, self.entries, *self.tails) for slot in slots}
            found = [slot for slot in known.values() if not slot.dropped and self._says_all(slot.row, row)]
        if not found:
            message = f"There is no inherited row of {self.menu.path} to drop here."
            self.problems.append(Problem(message, row.origin, "Write $absent: true to remove a row from the router."))
        for slot in found:
            slot.dropped = True

    def _says_all(self, row: Row, asked: Row) -> bool:
        return all(
            name in row.fields
            and canonical(self.menu, name, row.fields[name]) == canonical(self.menu, name, asked.fields[name])
            for name in asked.fields
        )


def _settled(row: Row) -> Row:
    """Appends that found nothing to append to are the value."""
    if not row.appends:
        return row
    return replace(row, fields={**row.appends, **row.fields}, appends={})


def _joined(first: str, second: str) -> str:
    return f"{first},{second}" if first and second else first or second


def _entry(row: Row) -> DesiredEntry:
    return DesiredEntry(
        fields=row.fields,
        origin=row.origin,
        label=row.label,
        match=row.match,
        absent=row.absent,
        initial=row.initial,
        omit=row.omit,
        renamed_from=row.renamed_from,
    )


def _scopes(raw: Sequence[RawScope], problems: list[Problem]) -> tuple[Scope, ...]:
    """Scopes add up; the whole menu where none is said."""
    said: dict[Selector, RawScope] = {}
    for scope in raw:
        before = said.get(scope.match)
        if before is None or before.prune is None:
            said[scope.match] = scope
        elif scope.prune not in (None, before.prune):
            message = f"The scope ({scope.match}) has prune: {scope.prune}, but {before.prune} at {before.origin}."
            problems.append(Problem(message, scope.origin, "Say the same in both places."))
    if not said:
        return (Scope(),)
    return tuple(Scope(match, scope.prune or Prune.APPLIED) for match, scope in said.items())
