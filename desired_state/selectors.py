"""Selectors as written: a mapping of field to value, list or glob; ``not`` once."""

from __future__ import annotations

import re
from collections.abc import Collection

from desired_state.report import Report, nearest, shown
from desired_state.yaml_reader import Map, Node, Seq
from schemas.catalogue.model import Menu
from schemas.selector import Selector
from schemas.values import parse_type

ROW_FLAGS = frozenset({"dynamic", "default", "builtin", "disabled", "invalid", "active", "running", "inactive"})
"""What rows of many menus say of themselves, whether or not the catalogue lists it for this menu."""

_GLOB = re.compile(r"[*?\[]")
_Tests = tuple[tuple[str, tuple[str, ...]], ...]


def read_selector(report: Report, node: Node, line: int, menu: Menu, *, beside: Collection[str] = ()) -> Selector:
    """A selector of rows of a menu; ``beside`` are keys of the mapping that are no fields."""
    if not isinstance(node, Map):
        report.add(line, f"A selector is a mapping of fields to values, not {shown(node)}.", "Write {chain: input}.")
        return Selector()
    tests = _tests(report, node, menu, {*beside, "not"})
    unless: _Tests = ()
    if "not" in node:
        inner = node["not"]
        if isinstance(inner, Map) and "not" not in inner:
            unless = _tests(report, inner, menu, set())
        else:
            report.add(node.lines["not"], "'not' takes a mapping of fields to values.", "Write not: {chain: input}.")
    return Selector(tests, unless)


def _tests(report: Report, node: Map, menu: Menu, beside: Collection[str]) -> _Tests:
    found = []
    for name, value in node.items():
        if name in beside:
            continue
        line = node.lines[name]
        if name not in menu.fields and name not in ROW_FLAGS:
            hint = unknown_field_hint(menu, name)
            report.add(line, f"{menu.path} has no field {name!r}.", hint)
            continue
        options = value if isinstance(value, Seq) else [value]
        texts = [_option(report, menu, name, option, line) for option in options]
        found.append((name, tuple(text for text in texts if text is not None)))
    return tuple(found)


def unknown_field_hint(menu: Menu, name: str) -> str:
    """What to write instead of a field name that a menu lacks."""
    newer = menu.renamed.get(name)
    return f'It is called "{newer}".' if newer else nearest(name, menu.fields)


def _option(report: Report, menu: Menu, name: str, value: Node, line: int) -> str | None:
    if isinstance(value, Map | Seq):
        report.add(line, f"{name!r} in a selector is a value or a list of values, not {shown(value)}.")
        return None
    if value is None:
        return ""
    field = menu.fields.get(name)
    if isinstance(value, str) and (_GLOB.search(value) or field is None):
        return value
    if field is None:
        return str(value).lower()
    try:
        return parse_type(field.type).text(value)
    except ValueError as error:
        report.add(line, f"{menu.path} {name}: {error}")
        return None
