"""Since when and until when the catalogue knows something, and what one version changed from another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from schemas.catalogue.load import Catalogue, Schema
from schemas.catalogue.model import Field, Menu
from schemas.path import MenuPath

NOT_KNOWN = "unknown"
"""A default nobody knows, for people."""


@dataclass(frozen=True, slots=True)
class Span:
    """Versions that have something: ``since`` "" for the oldest known or before, ``until`` "" for the newest. ``gaps``
    are versions between that lack it."""

    since: str = ""
    until: str = ""
    gaps: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.since and not self.until:
            return ""
        return f"{self.since}..{self.until}"


class What(StrEnum):
    """What of a menu or a field is another in another version. The words are those of messages."""

    MENU_ADDED = "menu added"
    MENU_REMOVED = "menu removed"
    FIELD_ADDED = "field added"
    FIELD_REMOVED = "field removed"
    RENAMED = "renamed"
    TYPE = "type"
    DEFAULT = "default"
    WRITABLE = "writable"
    REQUIRED = "required"
    KIND = "kind"
    IDENTITY = "identity"
    ORDER = "order"
    COMMANDS = "commands"


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One difference of a menu, or of a field of it; ``before`` and ``after`` are "" where there is nothing."""

    path: MenuPath
    what: What
    field: str = ""
    before: str = ""
    after: str = ""


def span_of_menu(catalogue: Catalogue, path: str) -> Span:
    """The versions that have a menu."""
    record = catalogue.record(path)
    return _span(catalogue, sum(mask for mask, _ in record.views) if record else 0)


def span_of_field(catalogue: Catalogue, path: str, name: str) -> Span:
    """The versions that have a field (by its documents' name), judged among those that have the menu."""
    record = catalogue.record(path)
    if record is None:
        return Span()
    menu = sum(mask for mask, _ in record.views)
    return _span(catalogue, sum(mask for mask, item in record.fields if item.name == name), menu)


def changes_between(old: Schema, new: Schema) -> tuple[SchemaChange, ...]:
    """Everything that differs between two versions, by path; of a menu that came or went only that."""
    return tuple(_changes(old, new))


def _changes(old: Schema, new: Schema) -> Iterator[SchemaChange]:
    for path in sorted({*old.paths, *new.paths}):
        before, after = old.menu(path), new.menu(path)
        if before is None or after is None:
            yield SchemaChange(path, What.MENU_ADDED if before is None else What.MENU_REMOVED)
        else:
            yield from _of_menu(before, after)
            for name in sorted({*before.fields, *after.fields}):
                yield from _of_field(path, name, before.fields.get(name), after.fields.get(name))


def _of_menu(before: Menu, after: Menu) -> Iterator[SchemaChange]:
    told = (
        (What.KIND, before.kind.value, after.kind.value),
        (What.IDENTITY, _identity(before), _identity(after)),
        (What.ORDER, before.order.value, after.order.value),
        (What.COMMANDS, *_only_different(before.commands, after.commands)),
    )
    for what, was, becomes in told:
        if was != becomes:
            yield SchemaChange(before.path, what, "", was, becomes)


def _of_field(path: MenuPath, name: str, before: Field | None, after: Field | None) -> Iterator[SchemaChange]:
    if before is None or after is None:
        there = after or before
        assert there is not None, "a name comes from one of the two"
        what = What.FIELD_ADDED if before is None else What.FIELD_REMOVED
        sides = ("", _summary(there)) if before is None else (_summary(there), "")
        yield SchemaChange(path, what, name, *sides)
        return
    told = (
        (What.RENAMED, before.wire, after.wire),
        (What.TYPE, before.type, after.type),
        (What.DEFAULT, default_text(before), default_text(after)),
        (What.WRITABLE, _yes(before.writable), _yes(after.writable)),
        (What.REQUIRED, _yes(before.required), _yes(after.required)),
    )
    for what, was, becomes in told:
        if was != becomes:
            yield SchemaChange(path, what, name, was, becomes)


def default_text(field: Field) -> str:
    """A default for people: ``NOT_KNOWN``, ``none`` for a field that is then absent, else as it reads back."""
    if field.default is None:
        return NOT_KNOWN
    return field.default or "none"


def _identity(menu: Menu) -> str:
    return f"{', '.join(menu.key)} ({menu.key_evidence})" if menu.key else "content"


def _summary(field: Field) -> str:
    return field.type if field.writable else f"{field.type}, read only"


def _only_different(before: frozenset[str], after: frozenset[str]) -> tuple[str, str]:
    return ", ".join(sorted(before - after)), ", ".join(sorted(after - before))


def _yes(whether: bool) -> str:
    return "yes" if whether else "no"


def _span(catalogue: Catalogue, mask: int, among: int = 0) -> Span:
    """``among`` are the versions that could have it; all for 0."""
    every = [version for bit, version in enumerate(catalogue.versions) if not among or among >> bit & 1]
    there = [version for bit, version in enumerate(catalogue.versions) if mask >> bit & 1]
    if not there:
        return Span()
    first, last = every.index(there[0]), every.index(there[-1])
    return Span(
        since=there[0] if first else "",
        until=there[-1] if last < len(every) - 1 else "",
        gaps=tuple(version for version in every[first:last] if version not in there),
    )
