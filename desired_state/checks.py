"""What only shows when all layers of a device are together: rows twice, outside every scope, dangling."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from desired_state.entries import Row
from desired_state.layers import canonical, key_of
from desired_state.report import nearest
from schemas.catalogue.load import Schema
from schemas.catalogue.model import Field, Menu
from schemas.desired import DesiredMenu, Prune
from schemas.location import Location, Problem
from schemas.path import MenuPath
from schemas.selector import Selector

_WORDS = re.compile(r"or\(([^,()]*)")


def check_menu(menu: Menu, desired: DesiredMenu, rows: tuple[Row, ...], problems: list[Problem]) -> None:
    """Labels and keys given twice, missing fields, rows outside every scope."""
    if menu.singleton:
        return
    _labels_once(menu, rows, problems)
    _absent_says_which(menu, rows, problems)
    present = [row for row in rows if row.match is None]
    if menu.key and menu.key_evidence == "enforced":
        _keys(menu, present, problems)
    for names in menu.unique:
        if names != menu.key:
            _unique(menu, names, [row for row in present if not row.absent], problems)
    for row in present:
        if not row.absent and menu.addable:
            _required(menu, row, problems)
        _inside(menu, desired, row, problems)


def check_references(
    schema: Schema, menus: Mapping[MenuPath, tuple[DesiredMenu, tuple[Row, ...]]], problems: list[Problem]
) -> None:
    """A name that stands in no row of a menu that is wholly ours (``prune: all``)."""
    known = {path: names for path, (desired, rows) in menus.items() if (names := _names(schema, desired, rows))}
    for path, (_, rows) in menus.items():
        menu = schema.menu(path)
        fields = menu.fields.values() if menu else ()
        for field in (field for field in fields if field.reference in known):
            for row in rows:
                _resolves(path, field, row, known[field.reference], problems)  # type: ignore[index]


def _labels_once(menu: Menu, rows: tuple[Row, ...], problems: list[Problem]) -> None:
    seen: dict[str, Location] = {}
    for row in rows:
        if row.label is None:
            continue
        if row.label in seen:
            message = f"$id {row.label!r} is given twice in {menu.path}; it stands at {seen[row.label]} already."
            problems.append(Problem(message, row.origin, "Labels are unique in their menu."))
        seen.setdefault(row.label, row.origin)


def _absent_says_which(menu: Menu, rows: tuple[Row, ...], problems: list[Problem]) -> None:
    """``$absent`` removes every row that fits, so something must be said that not every row fits."""
    for row in rows:
        if not row.absent:
            continue
        if row.match is None:
            said = any(isinstance(value, str) for value in row.fields.values())
        else:
            said = any(not any(_fits_all(one) for one in options) for _, options in row.match.tests)
        if not said:
            hint = f"Write {{{menu.key[0] if menu.key else 'comment'}: VALUE, $absent: true}}."
            problems.append(Problem(f"$absent must say which row of {menu.path} may not exist.", row.origin, hint))


def _fits_all(glob: str) -> bool:
    return "*" in glob and not glob.strip("*?")


def _keys(menu: Menu, rows: list[Row], problems: list[Problem]) -> None:
    seen: dict[tuple[str, ...], Row] = {}
    for row in rows:
        missing = [name for name in menu.key if row.fields.get(name) is None and not menu.fields[name].default]
        if missing:
            message = f"A row of {menu.path} needs {' and '.join(missing)}."
            problems.append(Problem(message, row.origin, f"Its key is {', '.join(menu.key)}."))
            continue
        key = key_of(menu, row)
        first = seen.setdefault(key, row)
        if first is not row:
            problems.append(_twice(menu, menu.key, key, first, row))


def _unique(menu: Menu, names: tuple[str, ...], rows: list[Row], problems: list[Problem]) -> None:
    seen: dict[tuple[str, ...], Row] = {}
    for row in rows:
        if canonical(menu, "disabled", row.fields.get("disabled")) == "true":
            continue
        values = tuple(canonical(menu, name, row.fields.get(name)) for name in names)
        first = seen.setdefault(values, row)
        if first is not row:
            problems.append(_twice(menu, names, values, first, row))


def _twice(menu: Menu, names: tuple[str, ...], values: tuple[str, ...], first: Row, second: Row) -> Problem:
    shown = " ".join(f"{name}={value}" for name, value in zip(names, values, strict=True) if value)
    message = f"{menu.path} {shown} is given twice; it stands at {first.origin} already."
    return Problem(message, second.origin, "Keep one of them.")


def _required(menu: Menu, row: Row, problems: list[Problem]) -> None:
    problems.extend(
        Problem(f"A row of {menu.path} needs {name}.", row.origin)
        for name in _needed(menu)
        if row.fields.get(name) is None and name not in row.omit
    )


@cache
def _needed(menu: Menu) -> tuple[str, ...]:
    """Fields that an add must have, besides the key, which is told of by itself."""
    keyed = menu.key if menu.key_evidence == "enforced" else ()
    return tuple(name for name, field in menu.fields.items() if field.required and name not in keyed)


def _inside(menu: Menu, desired: DesiredMenu, row: Row, problems: list[Problem]) -> None:
    if any(scope.match == Selector() for scope in desired.scopes):
        return
    texts = {name: canonical(menu, name, row.fields.get(name)) for name in _scope_fields(desired)}
    if any(scope.match.matches(texts, lambda name, text: canonical(menu, name, text)) for scope in desired.scopes):
        return
    scopes = "; ".join(str(scope.match) for scope in desired.scopes)
    message = f"This row of {menu.path} is outside what is ours: {scopes}."
    problems.append(Problem(message, row.origin, "Add its scope to own, or move the row."))


def _scope_fields(desired: DesiredMenu) -> frozenset[str]:
    return frozenset(name for scope in desired.scopes for name in scope.match.fields)


def _names(schema: Schema, desired: DesiredMenu, rows: tuple[Row, ...]) -> frozenset[str]:
    """All names of a menu that is wholly ours; none where that cannot be known."""
    menu = schema.menu(desired.path)
    whole = any(scope.match == Selector() and scope.prune is Prune.ALL for scope in desired.scopes)
    if menu is None or not whole or not menu.addable or "name" not in menu.fields:
        return frozenset()
    names = [row.fields.get("name") for row in rows if not row.absent]
    if not all(isinstance(name, str) for name in names):
        return frozenset()
    built_in = [row.get("name", "") for row in menu.builtin]
    return frozenset(name for name in (*names, *built_in) if isinstance(name, str))


def _resolves(path: MenuPath, field: Field, row: Row, names: frozenset[str], problems: list[Problem]) -> None:
    value = row.fields.get(field.name)
    if not isinstance(value, str) or row.absent:
        return
    words = {word for found in _WORDS.findall(field.type) for word in found.split("|")}
    parts = value.split(",") if "list(" in field.type or "set(" in field.type else [value]
    for part in parts:
        name = part.strip().removeprefix("!").strip()
        if name and name not in names and name not in words:
            message = f"{path} {field.name}: {field.reference} has no {name!r}."
            problems.append(Problem(message, row.place(field.name), nearest(name, names)))
