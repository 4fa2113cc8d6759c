"""One row written down: which fields are worth a word, in which order, and how each value is spelled."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping

from desired_state.templates import MAX_SOURCE, has_template
from desired_state.yaml_reader import Node
from desired_state.yaml_writer import writable
from schemas.catalogue.model import Field, Menu
from schemas.observed import Row
from schemas.values import canonical_or_exact, parse_type

ALWAYS = ("action",)
"""Fields that people look for even where they are at their default."""
_LAST = ("comment", "disabled")
_DIGITS = re.compile(r"(\d+)")


def written_fields(menu: Menu, row: Row, made: Row) -> dict[str, Node]:
    """The fields worth writing. ``made`` are the values of a row that the router made itself."""
    values: dict[str, Node] = {}
    omitted: list[str] = []
    for name in ordered(menu, row):
        field = menu.fields[name]
        if not field.writable or field.secret or field.write_only or field.volatile:
            continue
        if field.computed and derived(menu, name, row) in (None, row[name]):
            continue
        default = made.get(name, field.default)
        if default is None and (not menu.addable or row[name] == ""):
            continue
        if default is not None and name not in (*menu.key, *ALWAYS) and is_same(field, row[name], default):
            continue
        if (written := written_value(field, row[name])) is None:
            omitted.append(name)
        else:
            values[name] = written
    return values | {"$omit": omitted} if omitted else values


def derived(menu: Menu, name: str, row: Mapping[str, str | None]) -> str | None:
    """What a computed field follows to be from the others; None where that is not known."""
    if (menu.path, name) != ("/ip/address", "network"):
        return None
    try:
        return str(ipaddress.ip_interface(row.get("address") or "").network.network_address)
    except ValueError:
        return None


def ordered(menu: Menu, row: Iterable[str]) -> list[str]:
    """The key, the order scope and the action first, comment and disabled last."""
    scope = (menu.order_scope,) if menu.order_scope else ()
    first = [name for name in (*menu.key, *scope, *ALWAYS) if name in row and name in menu.fields]
    rest = sorted(name for name in row if name in menu.fields and name not in _LAST)
    return list(dict.fromkeys([*first, *rest, *(name for name in _LAST if name in row and name in menu.fields)]))


def written_value(field: Field, text: str) -> Node:
    """How a text is written down; None where the reader would not give the same back."""
    kind = parse_type(field.type)
    if not writable(text) or not kind.canonical_or_exact(text)[1]:
        return None
    if has_template(text):
        raw = f"{{% raw %}}{text}{{% endraw %}}"
        return raw if "endraw" not in text and len(raw) <= MAX_SOURCE else None
    if "," in text and text[0] != "!" and ("list(" in field.type or "set(" in field.type):
        items = text.split(",")
        return items if kind.text(items) == text else text
    return text


def is_same(field: Field, text: str, default: str) -> bool:
    kind = parse_type(field.type)
    return canonical_or_exact(kind, text)[0] == (canonical_or_exact(kind, default)[0] if default else default)


def natural(text: str) -> list[tuple[int, str]]:
    """ether2 before ether10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _DIGITS.split(text) if part]
