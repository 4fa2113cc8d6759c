"""Which rows a command is for: ids, positions, names, and ``[ find … ]`` in its simple forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.catalogue.model import Kind
from simulator.codec import text_of
from simulator.forms import BadValue
from simulator.schema import FieldTable
from simulator.script.words import Form, Word, words_of
from simulator.state import Device, Row, Table

_SWITCHED = {"yes": "true", "no": "false", "true": "yes", "false": "no"}
_NEGATED = {"yes": "no", "no": "yes"}
_KEYS = {"/disk": "slot", "/caps-man/manager/interface": "interface", "/queue/interface": "interface"}
_FIRST_OWN = {"/queue/type": 5}
"""So many rows of the router's own come before those that people added."""


@dataclass(frozen=True, slots=True)
class Condition:
    """``name=text``, or ``name!=text`` when ``equal`` is False."""

    name: str
    text: str
    equal: bool = True


def conditions(word: Word) -> tuple[Condition, ...] | None:
    """What a ``[ find … ]`` asks for, all of it at once; None when it is no find in a form that is understood."""
    inside = words_of(word.text.strip("[] \t\r\n"))
    if word.form is not Form.EXPRESSION or not inside or inside[0].name is not None:
        return None
    if inside[0].text.rpartition("/")[2] != "find":
        return None
    asked: list[Condition] = []
    for part in inside[1:]:
        if part.name is None and part.text in ("where", "and", "&&"):
            continue
        condition = _condition(part)
        if condition is None:
            return None
        asked.append(condition)
    return tuple(asked)


def _condition(part: Word) -> Condition | None:
    name, text = part.name, part.text
    if part.form is Form.EXPRESSION or (name is None and (part.form is not Form.PLAIN or set(text) & set("~<>()="))):
        return None
    if name is None:
        flag = text.removeprefix("!")
        return None if flag in ("or", "||", "in") else Condition(flag, "no" if text.startswith("!") else "yes")
    if set(name) & set("~<>"):
        return None
    return Condition(name.removesuffix("!"), text, not name.endswith("!"))


def matching(table: Table, asked: Sequence[Condition]) -> list[Row]:
    """The rows of a table for which every condition holds."""
    readers = [(condition, _readings(table, condition)) for condition in asked]
    return [row for row in table.rows if all(_holds(row, condition, good) for condition, good in readers)]


def _readings(table: Table, condition: Condition) -> frozenset[str]:
    """Every text that means the same as the one asked for."""
    good = {condition.text, _SWITCHED.get(condition.text, condition.text)}
    known = table.menu.fields.get(condition.name)
    if known is not None:
        good.add(_read_back(table.device, known, condition.text))
    return frozenset(good)


def _read_back(device: Device, known: FieldTable, text: str) -> str:
    try:
        value = known.read(text, device)
    except BadValue:
        return text
    return "" if value is None else text_of(value)


def _holds(row: Row, condition: Condition, good: frozenset[str]) -> bool:
    name = condition.name
    text = row.id if name == ".id" else row.config.get(name, row.facts.get(name))
    if text is None:
        text = row.table.menu.effective.get(name, "false" if condition.text in _NEGATED else "")
    return (text in good) is condition.equal


def key_of(table: Table) -> str:
    """The field by which the console names rows of a menu, '' for menus whose rows have only numbers."""
    if table.path in _KEYS:
        return _KEYS[table.path]
    menu = table.menu
    return "name" if "name" in menu.fields or not menu.fields or menu.kind is Kind.FIXED else ""


def named(table: Table, word: str, *, quoted: bool = False) -> Row | None:
    """The row a word names: an id, a position, or a name, which a quoted word always is."""
    if word.startswith("*"):
        number = number_of(word)
        return None if number is None else table.ids.get(f"*{number:X}")
    if not quoted and word.isdecimal() and word.isascii() and len(word) < 10:
        at = int(word)
        rows = _as_printed(table)
        return rows[at] if at < len(rows) else None
    key = key_of(table)
    if not key:
        return next((row for row in table.rows if row.config.get("comment") == word), None)
    return next((row for row in table.rows if _field(row, key) == word), None)


def _as_printed(table: Table) -> Sequence[Row]:
    """The order in which the console counts rows: some menus have rows of the router's own behind all others."""
    first = _FIRST_OWN.get(table.path)
    if first is None:
        return table.rows
    own = [row for row in table.rows if row.builtin]
    return [*own[:first], *(row for row in table.rows if not row.builtin), *own[first:]]


def number_of(word: str) -> int | None:
    """The number of an id such as ``*0A``; None for what is none."""
    try:
        return int(word[1:], 16) if word.startswith("*") and len(word) < 32 else None
    except ValueError:
        return None


def _field(row: Row, name: str) -> str | None:
    return row.config.get(name, row.facts.get(name))
