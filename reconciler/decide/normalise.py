"""Rows in canonical form, so that comparing is nothing but ``==``.

A row's *content* is the canonical text of each compared field that is not at its default. Fields that
move by themselves or are never shown are not compared. A field whose default is not known, or that the
router computes from others, is kept apart as ``loose``: it counts only where somebody wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

from schemas.catalogue.model import Field, Menu
from schemas.desired import DesiredEntry, SecretRef
from schemas.observed import Row
from schemas.values import canonical_or_exact, parse_type
from schemas.values.addresses import without
from schemas.values.scalars import Text

_CACHED_TEXTS = 1 << 16
"""Per field. A menu with more distinct texts than that is read again and again; below it each is parsed once."""
_ABSENT = ""
_NOTHING: dict[str, str] = {}
"""Shared by all rows without loose fields; nobody writes to a content."""


class Content(NamedTuple):
    """``firm`` and ``loose`` map field to canonical text; ``loose`` are those of unknown default."""

    firm: dict[str, str]
    loose: dict[str, str]

    def value(self, name: str) -> str | None:
        found = self.firm.get(name)
        return self.loose.get(name) if found is None else found


class _Texts(dict[str, str | None]):
    """Raw text to canonical text, None for the default; computed once for each text.

    Where the empty text is no value of the type, a router that shows it shows nothing: the default.
    """

    def __init__(self, field: Field, *, loose: bool = False) -> None:
        super().__init__()
        self.canonical: Callable[[str], str] = canonical_of(field)
        self.fallback = default_of(field) or _ABSENT
        kind = parse_type(field.type)
        self.empty = _ABSENT if kind.holds_empty else self.fallback
        self.as_written = kind.as_written
        self.loose = loose

    def __missing__(self, text: str) -> str | None:
        canonical = self.canonical(text) or self.empty
        result = None if canonical == self.fallback else canonical
        if len(self) >= _CACHED_TEXTS:
            self.clear()
        self[text] = result
        return result


class Normaliser:
    """Turns rows of one menu into content. One object per menu and version, shared by all devices."""

    def __init__(self, menu: Menu) -> None:
        self.menu = menu
        compared = {name: field for name, field in menu.fields.items() if is_compared(field)}
        self.defaults = {n: None if f.computed else default_of(f) for n, f in compared.items()}
        self.computed = frozenset(name for name, field in compared.items() if field.computed)
        self._tables = {n: _Texts(f, loose=self.defaults[n] is None) for n, f in compared.items()}
        self._completed = {name: field.completed_by for name, field in compared.items() if field.completed_by}
        self._keys = tuple((name, self._table(name)) for name in menu.key)

    def _table(self, name: str) -> _Texts | None:
        field = self.menu.fields.get(name)
        known = self._tables.get(name)
        return known if known is not None else _Texts(field) if field is not None else None

    def content(self, row: Row) -> Content:
        """Content of a row as read."""
        firm: dict[str, str] = {}
        loose: dict[str, str] = {}
        tables = self._tables
        for name, text in row.items():
            table = tables.get(name)
            if table is not None:
                canonical = table[text]
                if canonical is not None:
                    (loose if table.loose else firm)[name] = canonical
        for name in self._completed:
            for texts in (firm, loose):
                if name in texts:
                    texts[name] = self._own(name, texts[name], row)
        return Content(firm, loose or _NOTHING)

    def wanted(self, entry: DesiredEntry) -> dict[str, str]:
        """Canonical text of every compared field an entry writes; ``""`` where it is to be absent."""
        result = {}
        tables, initial = self._tables, entry.initial
        for name, value in entry.fields.items():
            table = tables.get(name)
            if table is None or name in initial or isinstance(value, SecretRef):
                continue
            if value is None:
                result[name] = self.defaults[name] or _ABSENT
            else:
                canonical = table[value]
                result[name] = table.fallback if canonical is None else canonical
        for name in self._completed.keys() & result.keys():
            result[name] = self._own(name, result[name], entry.fields)
        return result

    def _own(self, name: str, canonical: str, values: Mapping[str, object]) -> str:
        """The part of a canonical text that the router does not complete, given a row's or an entry's fields."""
        rules = self._completed.get(name, {})
        given = ((part, values.get(ruler), ruler) for ruler, part in rules.items())
        parts = {part for part, text, ruler in given if isinstance(text, str) and self._is_set(ruler, text)}
        return without(canonical, parts) if parts and canonical else canonical

    def _is_set(self, name: str, text: str) -> bool:
        return self.canonical(name, text) not in ("", "false")

    def target(self, name: str, value: str | None) -> str:
        """Canonical text a value ends up as; None goes to the default, or to absent."""
        if value is None:
            return self.defaults[name] or _ABSENT
        table = self._tables[name]
        canonical = table[value]
        return table.fallback if canonical is None else canonical

    def sent(self, name: str, value: str) -> str:
        """The text to write to a router for a value."""
        return value if value and self._tables[name].as_written else self.target(name, value)

    def reads_as(self, fields: Mapping[str, object], row: Row, *, whole: bool) -> bool:
        """Whether a row holds what ``fields`` (texts) write, and if ``whole`` every other field is at its default."""
        tables = self._tables
        for name, text in fields.items():
            seen = row.get(name)
            if seen != text:
                table = tables.get(name)
                if table is None or table[str(text)] == (None if seen is None else table[seen]):
                    continue
                if name not in self._completed or seen is None:
                    return False
                written, shown = (self._own(name, self.target(name, str(t)), {**row, **fields}) for t in (text, seen))
                if written != shown:
                    return False
        if whole:
            for name, seen in row.items():
                table = tables.get(name)
                if table is not None and name not in fields and table[seen] is not None and name not in self.computed:
                    return False
        return True

    def is_held(self, name: str) -> bool:
        """Whether a field is compared and, unwritten, has to be at its default."""
        return name in self._tables and name not in self.computed

    def canonical(self, name: str, text: str) -> str:
        """Canonical text of any field of the menu; unknown fields stay as they are."""
        field = self.menu.fields.get(name)
        if field is None:
            return text
        return canonical_of(field)(text) if text else (default_of(field) or _ABSENT)

    def actual(self, content: Content, name: str) -> str:
        """Canonical text a row has for a compared field; "" when absent."""
        found = content.value(name)
        return (self.defaults[name] or _ABSENT) if found is None else found

    def hidden(self, row: Row) -> frozenset[str]:
        """Fields that this row does not show whatever they are; self-ruled fields are simply at their default."""
        return frozenset(
            name
            for name, tests in self.menu.hidden_unless.items()
            if name not in row
            and any(
                ruler != name and self.canonical(ruler, row.get(ruler, "")) not in shown
                for ruler, shown in tests.items()
            )
        )

    def rulers(self, name: str) -> frozenset[str]:
        """The fields that decide whether ``name`` is shown."""
        return frozenset(self.menu.hidden_unless.get(name, ())) - {name}

    def key(self, values: Mapping[str, str | SecretRef | None]) -> tuple[str | None, ...]:
        """The canonical key of a row or entry; None for a field at its default."""
        found: list[str | None] = []
        for name, table in self._keys:
            text = values.get(name)
            if not isinstance(text, str) or not text:
                found.append(None)
            else:
                canonical = text if table is None else table[text]
                owned = name in self._completed and canonical is not None
                found.append(self._own(name, str(canonical), values) if owned else canonical)
        return tuple(found)


@cache
def normaliser(menu: Menu) -> Normaliser:
    """The shared normaliser of a menu."""
    return Normaliser(menu)


def is_compared(field: Field) -> bool:
    """Whether a field's value can be held at all: written by us, and shown by the router."""
    return field.writable and not (field.volatile or field.write_only or field.secret)


def canonical_of(field: Field) -> Callable[[str], str]:
    kind = parse_type(field.type)
    if isinstance(kind, Text):
        return str  # every text is its own canonical form
    return lambda text: canonical_or_exact(kind, text)[0]


def default_of(field: Field) -> str | None:
    """Canonical default; "" when the field is absent by default, None when it is not known."""
    return canonical_of(field)(field.default) if field.default else field.default
