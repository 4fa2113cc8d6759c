"""One structured edit of a document's ``menus``, made on the lines concerned and checked by reading again."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field

from yaml.nodes import MappingNode, SequenceNode

from desired_state.report import nearest
from desired_state.splices import (
    child,
    compose,
    delete_item,
    delete_pair,
    insert_item,
    insert_pair,
    replace_value,
)
from desired_state.yaml_reader import Map, Node, Seq, read_documents
from desired_state.yaml_writer import flow, rows, scalar
from schemas.catalogue.load import open_catalogue
from schemas.catalogue.model import Menu
from schemas.errors import InputError
from schemas.location import Location, Problem
from schemas.path import MenuPath
from schemas.values import canonical_or_exact, parse_type

ACTIONS = ("add", "set", "remove")
_SECTIONS = ("entries", "head", "tail")


@dataclass(frozen=True, slots=True)
class Edit:
    """``add`` an entry of ``values`` (before the one that ``before`` names, else last), ``set`` values of the
    entry that ``select`` names (or of a singleton), ``remove`` it (or a singleton's fields named in ``values``).

    ``select`` and ``before`` name one entry by fields or ``$id``.
    """

    path: MenuPath
    action: str
    values: Mapping[str, str] = field(default_factory=dict)
    select: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)


def edited(data: bytes, file: str, edit: Edit) -> bytes:
    """The document with one edit made. Raises InputError when it cannot be made there, or in these lines alone."""
    documents = read_documents(file, data)
    if len(documents) != 1 or not isinstance(documents[0].root, Map):
        raise InputError(Problem("A document that can be edited is one mapping.", Location(file)))
    _check(edit, file)
    text = data.decode("utf-8-sig")
    newline = "\r\n" if "\r\n" in text else "\n"
    editor = _Editor(text.replace("\r\n", "\n"), file, edit, documents[0].root)
    made = editor.run()
    result = (data[:3] if data.startswith(b"\xef\xbb\xbf") else b"") + made.replace("\n", newline).encode()
    if not _says(file, result, editor.wanted):
        message = "The change cannot be made in these lines alone."
        raise InputError(Problem(message, Location(file), "Edit the file by hand."))
    return result


def _says(file: str, data: bytes, wanted: Map) -> bool:
    try:
        documents = read_documents(file, data)
    except InputError:
        return False
    return len(documents) == 1 and _texts(documents[0].root) == _texts(wanted)


def _check(edit: Edit, file: str) -> None:
    problems = []
    if edit.action not in ACTIONS:
        problems.append(Problem(f"{edit.action!r} is no edit.", hint=f"There are {', '.join(ACTIONS)}."))
    if edit.action != "remove" and not edit.values:
        problems.append(Problem(f"An edit that says {edit.action} needs values."))
    if edit.action == "add" and edit.select:
        problems.append(Problem("An edit that says add selects nothing.", hint="Use before to say where."))
    if edit.action != "add" and edit.before:
        problems.append(Problem("Only an edit that says add takes before."))
    if problems:
        raise InputError(Problem(p.message, Location(file), p.hint) for p in problems)


class _Editor:
    """Makes one edit twice: on the text, and on the values, to compare with afterwards."""

    def __init__(self, text: str, file: str, edit: Edit, root: Map) -> None:
        self.text = text
        self.file = file
        self.edit = edit
        self.wanted: Map = copy.deepcopy(root)
        self.menu = _menu(edit.path, file)
        menus = self.wanted.get("menus")
        self.key = next((key for key in menus or () if _path_of(key) == edit.path), str(edit.path))

    def run(self) -> str:
        if not isinstance(self.wanted.get("menus"), Map) or self.key not in self.wanted["menus"]:
            return self._new_menu()
        body = self.wanted["menus"][self.key]
        if self.menu.singleton:
            return self._singleton(body)
        for section in self._sections(body):
            index = self._find(section, self.edit.before or self.edit.select)
            if index is not None:
                return self._on_entry(section, index)
        if self.edit.action == "add" and not self.edit.before:
            return self._append(body)
        if self.edit.action == "set" and not self.menu.addable and self.edit.select:
            return self._append(body)
        asked = self.edit.before or self.edit.select
        raise self._refusal(f"No entry of {self.key} here has {_told(asked)}.", "It may stand in another document.")

    def _refusal(self, message: str, hint: str = "") -> InputError:
        return InputError(Problem(message, Location(self.file), hint))

    def _new_menu(self) -> str:
        if self.edit.before or (self.edit.action == "remove") or (self.edit.select and self.menu.addable):
            raise self._refusal(f"{self.file} has no menu {self.edit.path}.")
        row = self._row()
        if not isinstance(self.wanted.get("menus"), Map):
            self.wanted["menus"] = Map(0)
        self.wanted["menus"][self.key] = row if self.menu.singleton else [row]
        root = compose(self.text)
        menus = child(root, "menus")
        indent = _indent(menus)
        inline = isinstance(menus, MappingNode) and menus.flow_style and menus.value
        value = "\n" + rows([row], indent + 2).rstrip("\n")
        if self.menu.singleton or inline:
            value = flow(row if self.menu.singleton else [row])
        if menus is None:
            return insert_pair(self.text, root, "menus", f"\n  {self.key}:{_lead(value)}")
        return insert_pair(self.text, menus, self.key, value, indent=indent)

    def _row(self) -> dict[str, Node]:
        """The new row; in a menu whose rows the router makes, what selects goes into ``$match``."""
        if self.edit.action == "set" and not self.menu.addable and not self.menu.singleton:
            return {"$match": dict(self.edit.select), **self.edit.values}
        return dict(self.edit.values)

    def _singleton(self, body: Node) -> str:
        if self.edit.action == "add" or self.edit.select or not isinstance(body, Map | None):
            raise self._refusal(f"{self.key} has no rows.", "Set its fields, without select.")
        if self.edit.action == "remove":
            return self._remove_fields(body or Map(0))
        return self._set_fields(["menus", self.key])

    def _remove_fields(self, body: Map) -> str:
        for name in self.edit.values:
            if name not in body:
                raise self._refusal(f"{self.key} does not say {name!r} here.", nearest(name, body))
            del body[name]
            node = self._node(["menus", self.key])
            assert isinstance(node, MappingNode)
            self.text = delete_pair(self.text, node, name)
        if not self.edit.values:
            raise self._refusal("Say which fields to remove.")
        return self.text

    def _sections(self, body: Node) -> list[list[str]]:
        """The paths of the lists of rows of the menu."""
        if isinstance(body, Seq):
            return [["menus", self.key]]
        found = [name for name in _SECTIONS if isinstance(body, Map) and isinstance(body.get(name), Seq)]
        return [["menus", self.key, name] for name in found]

    def _find(self, section: list[str], asked: Mapping[str, str]) -> int | None:
        if not asked:
            if self.edit.action != "add":
                raise self._refusal(f"Say which entry of {self.key}.", "Select it by its fields or its $id.")
            return None
        found = [index for index, row in enumerate(self._value(section)) if self._has(row, asked)]
        if len(found) > 1:
            raise self._refusal(f"{len(found)} entries of {self.key} have {_told(asked)}.", "Say more about the one.")
        return found[0] if found else None

    def _has(self, row: Node, asked: Mapping[str, str]) -> bool:
        match = row.get("$match")
        known = {**(match if isinstance(match, Map) else {}), **row}
        return all(name in known and self._text(name, known[name]) == self._text(name, asked[name]) for name in asked)

    def _text(self, name: str, value: Node) -> str:
        known = self.menu.fields.get(name)
        if known is None:
            return str(value)
        kind = parse_type(known.type)
        try:
            return canonical_or_exact(kind, kind.spell(value))[0]
        except ValueError:
            return str(value)

    def _on_entry(self, section: list[str], index: int) -> str:
        rows_here: list[Node] = self._value(section)
        node = self._node(section)
        assert isinstance(node, SequenceNode)
        if self.edit.action == "add":
            rows_here.insert(index, dict(self.edit.values))
            return insert_item(self.text, node, dict(self.edit.values), index)
        if self.edit.action == "remove":
            del rows_here[index]
            return delete_item(self.text, node, index)
        return self._set_fields([*section, index])

    def _set_fields(self, where: list[str | int]) -> str:
        """One field after the other, each in the text as it is by then."""
        row = self._value(where)
        if row is None:
            row = self.wanted["menus"][self.key] = {}
        for name, value in self.edit.values.items():
            row[name] = value
            node = self._node(where)
            held = child(node, name)
            if held is not None:
                self.text = replace_value(self.text, held, scalar(value))
            elif isinstance(node, MappingNode) and not node.value:
                self.text = replace_value(self.text, node, flow({name: value}))
            elif node is not None:
                self.text = insert_pair(self.text, node, name, scalar(value))
        return self.text

    def _append(self, body: Node) -> str:
        row = self._row()
        where: list[str | int] = ["menus", self.key]
        if isinstance(body, Map):
            if not isinstance(body.get("entries"), Seq):
                body["entries"] = [row]
                node = self._node(where)
                assert node is not None
                return insert_pair(self.text, node, "entries", flow([row]))
            where.append("entries")
        rows_here: list[Node] = self._value(where)
        rows_here.append(row)
        node = self._node(where)
        if not isinstance(node, SequenceNode):
            raise self._refusal(f"{self.key} is no list of rows here.")
        return insert_item(self.text, node, row, None)

    def _value(self, where: list[str] | list[str | int]) -> Node:
        found: Node = self.wanted
        for step in where:
            found = found[step]
        return found

    def _node(self, where: list[str] | list[str | int]) -> MappingNode | SequenceNode | None:
        found: Node = compose(self.text)
        for step in where:
            found = found.value[step] if isinstance(step, int) else child(found, step)
        return found  # type: ignore[no-any-return]


def _menu(path: MenuPath, file: str) -> Menu:
    catalogue = open_catalogue()
    schema = catalogue.schema(catalogue.newest)
    menu = schema.menu(path)
    if menu is None:
        near = schema.suggest_menu(path)
        hint = f'Did you mean "{near}"?' if near else ""
        raise InputError(Problem(f"RouterOS has no menu {path}.", Location(file), hint))
    return menu


def _path_of(key: str) -> str:
    try:
        return MenuPath.parse(key)
    except ValueError:
        return key


def _indent(menus: Node | None) -> int:
    block = isinstance(menus, MappingNode) and menus.value and not menus.flow_style
    return int(menus.value[0][0].start_mark.column) if block and menus is not None else 2


def _lead(value: str) -> str:
    return value if value.startswith("\n") else f" {value}"


def _texts(node: Node) -> Node:
    """Values as text, so that true and "true" are one: fields make no difference between them."""
    if isinstance(node, Mapping):
        return {key: _texts(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_texts(item) for item in node]
    return scalar(node) if isinstance(node, bool | int) else node


def _told(asked: Mapping[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in asked.items())
