"""From the statements of an export to rows by menu, with documents' field names.

A later ``set`` of a row that an earlier statement made goes into that row. What names no row for certain, or
nothing that the catalogue knows, is left out and told with its line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from routeros.script import Find, Script, Statement
from schemas.catalogue.load import Schema
from schemas.catalogue.model import Field, Kind, Menu
from schemas.exported import Exported, ExportedRow, LeftOut
from schemas.observed import DeviceFacts
from schemas.path import MenuPath
from schemas.values import canonical_or_exact, parse_type

_SWITCHES = {"enable": "false", "disable": "true"}
_SHOWN = 60
_LONGEST = 1_000_000
"""Characters of a value; the memory of a router ends long before."""
_LAST_ROW = "*FFFFFFFE"
"""The id of the second row that /ppp/profile has from the beginning."""
_FIRST_BUILTIN = {"/queue/type": 5}
"""So many rows of the router's own come before those that people added, in menus where the others stand behind."""


def exported(script: Script, schema: Schema) -> Exported:
    """The rows of a script in the terms of one version. Never raises; see ``Exported.left_out``."""
    reader = _Reader(schema)
    for statement in script.statements:
        reader.take(statement)
    findings = [LeftOut(item.line, "", item.message) for item in script.findings if not item.remark]
    header = script.header
    return Exported(
        facts=DeviceFacts(serial=header.serial, model=header.model, version=header.version or schema.version),
        schema_version=schema.version,
        menus={path: tuple(row.frozen() for row in rows) for path, rows in reader.menus.items()},
        left_out=tuple(sorted([*reader.left_out, *findings], key=lambda item: item.line)),
        statements=len(script.statements),
        remarks=tuple(LeftOut(item.line, "", item.message) for item in script.findings if item.remark),
    )


@dataclass(slots=True)
class _Growing:
    fields: dict[str, str | None]
    lines: list[int]
    match: dict[str, str] = field(default_factory=dict)
    note: str = ""

    def frozen(self) -> ExportedRow:
        """A selector that the statement itself makes untrue is told as it is true afterwards."""
        match = {name: self.fields.get(name) or text for name, text in self.match.items()}
        return ExportedRow(self.fields, tuple(self.lines), match, self.note)

    def is_like(self, wanted: Mapping[str, str]) -> bool:
        """Whether it is the row that a selector means: it was added so, selected so, or called so since."""
        return all(wanted[name] in (self.fields.get(name), self.match.get(name)) for name in wanted)


class _Reader:
    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.menus: dict[MenuPath, list[_Growing]] = {}
        self.left_out: list[LeftOut] = []

    def take(self, statement: Statement) -> None:
        menu = self.schema.menu(statement.path)
        if menu is None:
            self._leave(statement, self._no_menu(statement.path))
        elif menu.kind is Kind.READONLY:
            self._leave(statement, "it can be read but not set.")
        elif statement.verb in _VERBS:
            _VERBS[statement.verb](self, menu, statement)
        else:
            self._leave(statement, f"{statement.verb} says nothing of how a router is to be.")

    def add(self, menu: Menu, statement: Statement) -> None:
        if not menu.addable:
            self._leave(statement, "rows cannot be added here.")
            return
        values = dict(statement.values)
        if len(values) < len(set(statement.values)):
            self._leave(statement, "a value is given twice; a line may be missing here.")
            return
        place = values.pop("place-before", None)
        if "copy-from" in values:
            self._leave(statement, "copy-from is not followed.")
            return
        made = _Growing(self._fields(menu, statement, values), [statement.line], note=statement.comment)
        rows = self.menus.setdefault(menu.path, [])
        rows.insert(self._place(menu, statement, place, rows), made)

    def set(self, menu: Menu, statement: Statement) -> None:
        self._change(menu, statement, self._fields(menu, statement, dict(statement.values)))

    def switch(self, menu: Menu, statement: Statement) -> None:
        self._change(menu, statement, {"disabled": _SWITCHES[statement.verb]})

    def unset(self, menu: Menu, statement: Statement) -> None:
        names = ",".join(text for name, text in statement.values if name in ("value-name", "") and text)
        fields = self._fields(menu, statement, dict.fromkeys(names.split(","))) if names else {}
        self._change(menu, statement, fields)

    def comment(self, menu: Menu, statement: Statement) -> None:
        self._change(menu, statement, {"comment": dict(statement.values).get("comment", "")})

    def _change(self, menu: Menu, statement: Statement, fields: Mapping[str, str | None]) -> None:
        numbered = statement.find is not None and statement.find.number is not None
        if numbered and _is_hardware(menu) and menu.path not in self.menus and _is_as_made(menu, fields):
            return
        rows = self.menus.setdefault(menu.path, [])
        row = self._selected(menu, statement, rows)
        if row is None:
            if not rows:
                del self.menus[menu.path]
            return
        row.fields.update(fields)
        row.lines.append(statement.line)
        row.note = "\n".join(filter(None, (row.note, statement.comment)))

    def _selected(self, menu: Menu, statement: Statement, rows: list[_Growing]) -> _Growing | None:
        """The row that a statement is about, new where the router made it; None when that cannot be known."""
        wanted = {} if menu.singleton else self._wanted(menu, statement.find, rows)
        if wanted is None:
            self._leave(statement, "which row it means cannot be told from the export alone.")
            return None
        if unknown := [name for name in wanted if name not in menu.fields]:
            self._leave(statement, f"it selects by {unknown[0]}, which is not known.")
            return None
        found = [row for row in rows if row.is_like(wanted)] if wanted or menu.singleton else rows
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            self._leave(statement, "it means several rows.")
            return None
        rows.append(_Growing({}, [], match=wanted))
        return rows[-1]

    def _wanted(self, menu: Menu, find: Find | None, rows: Sequence[_Growing]) -> dict[str, str] | None:
        if find is None or find.expression:
            return {} if find is not None and len(rows) == 1 and not find.expression else None
        if find.number is not None:
            return _by_number(menu, find.number, rows)
        if find.word is not None:
            return _by_word(menu, find.word)
        return {menu.renamed.get(name, name): text for name, text in find.tests} or None

    def _fields(self, menu: Menu, statement: Statement, values: Mapping[str, str | None]) -> dict[str, str | None]:
        fields: dict[str, str | None] = {}
        for given, text in values.items():
            name = menu.renamed.get(given, given)
            if text is not None and len(text) > _LONGEST:
                self._leave(statement, f"{given} is longer than any value of a router.")
            elif name in menu.fields:
                fields[name] = text
            else:
                versions = self.schema.known_elsewhere(menu.path, name)
                where = f"RouterOS {versions[0]} to {versions[-1]} have it" if versions else "no version is known to"
                self._leave(statement, f"{given} is not known in RouterOS {self.schema.version}; {where}.")
        return fields

    def _place(self, menu: Menu, statement: Statement, place: str | None, rows: Sequence[_Growing]) -> int:
        if place is None:
            return len(rows)
        if place.isdecimal() and int(place) <= len(rows):
            return int(place)
        named = [number for number, row in enumerate(rows) if menu.key and row.fields.get(menu.key[0]) == place]
        if len(named) == 1:
            return named[0]
        self._leave(statement, f"place-before={place[:_SHOWN]} cannot be followed; the row stands last.")
        return len(rows)

    def _leave(self, statement: Statement, why: str) -> None:
        self.left_out.append(LeftOut(statement.line, str(statement.path), f"{statement.verb}: {why}"))

    def _no_menu(self, path: MenuPath) -> str:
        versions = self.schema.known_elsewhere(path)
        where = f"RouterOS {versions[0]} to {versions[-1]} have it" if versions else "no version is known to have it"
        return f"RouterOS {self.schema.version} has no such menu; {where}."


def _is_hardware(menu: Menu) -> bool:
    """Whether nobody knows which rows there are, and which number each has."""
    return menu.kind is Kind.FIXED and not menu.builtin


def _is_as_made(menu: Menu, fields: Mapping[str, str | None]) -> bool:
    """Whether it says nothing but what such a row is anyway, as verbose exports do: whichever row it means is so."""
    return all(text is None or _is_default(menu.fields[name], text) for name, text in fields.items())


def _is_default(known: Field, text: str) -> bool:
    type_ = parse_type(known.type)
    default = known.default
    return default is not None and canonical_or_exact(type_, text) == canonical_or_exact(type_, default)


def _by_number(menu: Menu, number: int, rows: Sequence[_Growing]) -> dict[str, str] | None:
    """The row at a place of the table: first come those that the router made."""
    first = _FIRST_BUILTIN.get(str(menu.path), len(menu.builtin))
    own = [row.fields for row in rows if not row.match]
    table = [*menu.builtin[:first], *own, *menu.builtin[first:]]
    return _key_of(menu, table[number]) if number < len(table) else None


def _key_of(menu: Menu, fields: Mapping[str, str | None]) -> dict[str, str] | None:
    names = menu.key or tuple(name for name in ("name",) if name in fields)
    found = {name: text for name in names if (text := fields.get(name))}
    return found or None


def _by_word(menu: Menu, word: str) -> dict[str, str] | None:
    if word.startswith("*"):
        number = 1 if word == _LAST_ROW else int(word[1:], 16) if word[1:].isalnum() and word[1:].isascii() else -1
        return _by_number(menu, number, ()) if 0 <= number < len(menu.builtin) else None
    for name in (*menu.key[:1], "name"):
        if name in menu.fields:
            return {name: word}
    return None


_VERBS: Mapping[str, Callable[[_Reader, Menu, Statement], None]] = {
    "add": _Reader.add,
    "set": _Reader.set,
    "enable": _Reader.switch,
    "disable": _Reader.switch,
    "unset": _Reader.unset,
    "comment": _Reader.comment,
}
