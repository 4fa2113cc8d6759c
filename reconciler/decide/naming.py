"""How rows are named for people and in digests: by their key, by ``$id``, else by what they say.

A rule reads ``forward drop "no guests" src-address=10.9.0.0/16``: what tells it apart soonest comes first.
"""

from __future__ import annotations

from collections.abc import Mapping

from schemas.catalogue.model import Menu
from schemas.desired import DesiredEntry, Value

_FIRST = ("chain", "action")
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
        return " ".join(str(values[name]) for name in menu.key if values.get(name))
    named = {
        name: str(value)
        for name, value in values.items()
        if value and name not in _LEFT_OUT and name in menu.fields and menu.fields[name].writable
    }
    words = [named.pop(name) for name in _FIRST if name in named]
    comment = values.get("comment")
    words += [f'"{comment}"'] if comment else []
    return " ".join([*words, *(f"{name}={named[name]}" for name in sorted(named))])
