"""What nobody has said yet of menus that can be set: where identity, types or defaults are not known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.catalogue.load import Schema
from schemas.catalogue.model import Field, Kind, Menu
from schemas.path import MenuPath


@dataclass(frozen=True, slots=True)
class Gaps:
    """One menu. ``fields`` counts what can be written; ``untyped`` are those whose type nobody knows or judged,
    ``undefaulted`` those for which it is not known what they are when nobody wrote them."""

    path: MenuPath
    described: bool
    addable: bool
    fields: int
    untyped: tuple[str, ...]
    undefaulted: tuple[str, ...]

    @property
    def missing(self) -> int:
        return len(self.untyped) + len(self.undefaulted) + (not self.described)


@dataclass(frozen=True, slots=True)
class Score:
    """Shares from 0 to 1, of settable menus and of fields that can be written."""

    described: float
    addable_described: float
    typed: float
    defaulted: float


def gaps_of(schema: Schema, paths: Iterable[MenuPath] | None = None) -> list[Gaps]:
    """Every settable menu (of those asked for), by path."""
    found = []
    for path in sorted(schema.paths if paths is None else paths):
        menu = schema.menu(path)
        if menu is not None and menu.kind is not Kind.READONLY:
            found.append(_gaps(menu))
    return found


def score(gaps: Iterable[Gaps]) -> Score:
    """How much is known; 1 where there is nothing to know."""
    all_of = list(gaps)
    addable = [each for each in all_of if each.addable]
    fields = sum(each.fields for each in all_of)
    return Score(
        described=_share(sum(each.described for each in all_of), len(all_of)),
        addable_described=_share(sum(each.described for each in addable), len(addable)),
        typed=_share(fields - sum(len(each.untyped) for each in all_of), fields),
        defaulted=_share(fields - sum(len(each.undefaulted) for each in all_of), fields),
    )


def _gaps(menu: Menu) -> Gaps:
    written = sorted((field for field in menu.fields.values() if field.writable), key=lambda field: field.name)
    return Gaps(
        path=menu.path,
        described=menu.known,
        addable=menu.addable,
        fields=len(written),
        untyped=tuple(field.name for field in written if field.type in ("text", "!text") and not field.free),
        undefaulted=tuple(field.name for field in written if not _has_default(menu, field)),
    )


def _has_default(menu: Menu, field: Field) -> bool:
    """Whether it is known what the field is when nobody wrote it; some fields have no such state."""
    always = field.required or field.name in menu.key or field.computed or field.volatile or field.write_only
    return always or field.default is not None


def _share(some: int, all_of: int) -> float:
    return some / all_of if all_of else 1.0
