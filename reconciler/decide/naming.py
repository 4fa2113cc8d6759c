"""How rows are named for people and in digests: by their key, by ``$id``, else by what they say."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.catalogue.model import Menu
from schemas.desired import DesiredEntry, Value

_LONGEST = 160
_FIRST = ("chain", "action", "list", "name")
_LEFT_OUT = frozenset({".id", "disabled", "log", "log-prefix", "comment"})


def entry_name(menu: Menu, entry: DesiredEntry) -> str:
    if menu.singleton:
        return str(menu.path)
    if entry.label:
        return entry.label
    if entry.match is not None:
        return str(entry.match)
    return row_name(menu, entry.fields)


def row_name(menu: Menu, values: Mapping[str, Value]) -> str:
    if menu.singleton:
        return str(menu.path)
    if menu.key:
        return " ".join(str(values.get(name) or "") for name in menu.key).strip()
    writable = [
        name
        for name, value in values.items()
        if value and name not in _LEFT_OUT and name in menu.fields and menu.fields[name].writable
    ]
    names = [name for name in _FIRST if name in writable] + sorted(name for name in writable if name not in _FIRST)
    text = " ".join(f"{name}={values[name]}" for name in names)
    comment = values.get("comment")
    if comment:
        text += f' "{comment}"'
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
