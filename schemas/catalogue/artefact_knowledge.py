"""Reads the knowledge files: what inspect trees cannot tell, written by network engineers.

Every scalar stays the text that was written (``no`` is "no", ``0x80`` is "0x80"). Wherever a value may
differ between versions it may be a mapping of ranges to values; the first range that holds counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec
import yaml

from schemas.catalogue.facts import Mask, MenuFacts
from schemas.catalogue.model import Kind, Management, Order, Shown, Unset
from schemas.location import Location, Problem
from schemas.path import MenuPath
from schemas.values import parse_type
from schemas.version import in_range

_Words = tuple[str, ...]
_MENU_KEYS: Mapping[str, object] = {
    "added": bool,
    "also": str,
    "commands": _Words,
    "kind": Kind,
    "key": _Words,
    "key-evidence": str,
    "unique": tuple[_Words, ...],
    "order": Order,
    "order-scope": str,
    "management": Management,
    "capability": str,
    "after": _Words,
    "shown": Shown,
    "hidden-unless": dict[str, dict[str, _Words]],
    "builtin": tuple[dict[str, str], ...],
    "imported": bool,
}
_FIELD_KEYS: Mapping[str, object] = {
    "added": bool,
    "type": str,
    "default": str,
    "unset": Unset,
    "secret": bool,
    "write-only": bool,
    "computed": bool,
    "volatile": bool,
    "readonly": bool,
    "required": bool,
    "phase": int,
    "renamed": str,
    "completed-by": dict[str, Literal["host", "network"]],
}
_ADDING_KEYS = ("added", "commands")
_NAMING_KEYS = {"key", "unique", "order-scope", "hidden-unless"}
_EVIDENCE = ("enforced", "convention", "none")

Given = tuple[tuple[Mask, object], ...]
"""A value by version; the masks do not overlap."""


@dataclass(slots=True)
class MenuKnowledge:
    """One menu's knowledge, and where it stands. Keys are as in the files."""

    path: str
    place: Location
    menu: dict[str, Given] = field(default_factory=dict)
    fields: dict[str, dict[str, Given]] = field(default_factory=dict)

    def menu_values(self, bit: Mask) -> dict[str, object]:
        """What holds of the menu in one version."""
        return _at(self.menu, bit)

    def field_values(self, name: str, bit: Mask) -> dict[str, object]:
        """What holds of a field in one version."""
        return _at(self.fields.get(name, {}), bit)

    def also(self, versions: Sequence[str]) -> Mask:
        """Versions that have the menu although their trees, of other packages, do not show it."""
        ranges = [str(value) for _, value in self.menu.get("also", ())]
        return sum(1 << index for index, version in enumerate(versions) if any(in_range(version, r) for r in ranges))

    def wire(self, name: str, bit: Mask) -> str:
        """A field's name on the wire in one version."""
        return str(self.field_values(name, bit).get("renamed", name))


@dataclass(slots=True)
class Knowledge:
    """All of it by path, the menus that it adds to the facts, and everything that is wrong with it."""

    versions: Sequence[str]
    menus: dict[str, MenuKnowledge] = field(default_factory=dict)
    added: dict[str, MenuFacts] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, message: str, place: Location, hint: str = "") -> None:
        self.problems.append(Problem(message, place, hint))


def read_knowledge(folder: Path, versions: Sequence[str], facts: Mapping[str, MenuFacts]) -> Knowledge:
    """Reads ``*.yaml`` of a folder and judges it by the facts. Problems are collected, not raised."""
    known = Knowledge(versions)
    for file in sorted(folder.glob("*.yaml")):
        try:
            root = yaml.compose(file.read_bytes(), Loader=yaml.CBaseLoader)
        except yaml.YAMLError as problem:
            known.problem(f"This is not YAML: {problem}.", Location(f"knowledge/{file.name}"))
            continue
        for path, node, place in _pairs(known, root, Location(f"knowledge/{file.name}", 1)):
            _read_menu(known, path, node, place, facts)
    menus = {**facts, **known.added}
    for menu in known.menus.values():
        _judge(known, menu, menus)
    return known


def _at(values: Mapping[str, Given], bit: Mask) -> dict[str, object]:
    return {key: value for key, given in values.items() for mask, value in given if mask & bit}


def _pairs(known: Knowledge, node: yaml.Node | None, place: Location) -> Iterator[tuple[str, yaml.Node, Location]]:
    """Key, value and place of each entry of a mapping; told when it is none or a key comes twice."""
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        known.problem("A mapping is wanted here.", place)
        return
    seen: set[str] = set()
    for key, value in node.value:
        here = Location(place.file, key.start_mark.line + 1)
        name = str(key.value)
        if name in seen:
            known.problem(f"{name} is given twice.", here)
        seen.add(name)
        yield name, value, here


def _read_menu(known: Knowledge, path: str, node: yaml.Node, place: Location, facts: Mapping[str, MenuFacts]) -> None:
    if path in known.menus:
        known.problem(f"{path} is described twice, here and at {known.menus[path].place}.", place)
        return
    menu = MenuKnowledge(path, place)
    pairs = list(_pairs(known, node, place))
    for key, value, here in pairs:
        if key in _ADDING_KEYS and path in facts:
            known.problem(f"{path} stands in the facts, which say {key} themselves.", here)
        elif key in _MENU_KEYS:
            menu.menu[key] = _given(known, value, _MENU_KEYS[key], here)
        elif key != "fields":
            known.problem(f"{key} is not known of a menu.", here, f"Known are {', '.join(sorted(_MENU_KEYS))}.")
    if path not in facts and not _add_menu(known, menu):
        return
    known.menus[path] = menu
    for fields, here in [(value, here) for key, value, here in pairs if key == "fields"]:
        for name, inner, there in _pairs(known, fields, here):
            _read_field(known, menu, name, inner, there, facts.get(path))


def _add_menu(known: Knowledge, menu: MenuKnowledge) -> bool:
    """Makes facts of a menu that no inspect tree has; False when nothing says that there is one."""
    whole = sum(mask for mask, holds in menu.menu.get("added", ()) if holds)
    if not whole:
        known.problem(f"No version has the menu {menu.path}.", menu.place, "added: true adds one.")
        return False
    facts = known.added[menu.path] = MenuFacts(menu.path)
    for mask, kind in menu.menu.get("kind", ()):
        facts.kinds[str(kind)] = facts.kinds.get(str(kind), 0) | mask & whole
    for mask, words in menu.menu.get("commands", ()):
        for word in words if isinstance(words, tuple) else ():
            facts.commands[word] = facts.commands.get(word, 0) | mask & whole
    if facts.mask != whole or not facts.commands:
        known.problem(f"{menu.path} is added, so that its kind and commands are wanted.", menu.place)
    return True


def _read_field(
    known: Knowledge, menu: MenuKnowledge, name: str, node: yaml.Node, place: Location, facts: MenuFacts | None
) -> None:
    """``facts`` are None in a menu that is added, where every field is."""
    values = menu.fields[name] = {} if facts else {"added": menu.menu["added"]}
    for key, value, here in _pairs(known, node, place):
        if key == "added" and facts and name in facts.fields:
            known.problem(f"{name} of {menu.path} stands in the facts.", here)
        elif key in _FIELD_KEYS:
            values[key] = _given(known, value, _FIELD_KEYS[key], here, _check_type if key == "type" else None)
        else:
            known.problem(f"{key} is not known of a field.", here, f"Known are {', '.join(sorted(_FIELD_KEYS))}.")
    if "added" in values and "type" not in values:
        known.problem(f"{name} of {menu.path} is added, so that its type is wanted.", place)


def _given(
    known: Knowledge,
    node: yaml.Node,
    wanted: object,
    place: Location,
    check: Callable[[object], None] | None = None,
) -> Given:
    """A value of the wanted Python type, by version when the node maps ranges to values."""
    plain = _plain(known, node, place)
    branches = plain if _is_versioned(plain) and isinstance(plain, dict) else {"*": plain}
    found: list[tuple[Mask, object]] = []
    taken = 0
    for condition, value in branches.items():
        try:
            mask = _mask(known.versions, condition) & ~taken
            taken |= mask
            converted = msgspec.convert(value, wanted, strict=False)
            if check is not None:
                check(converted)
            found.append((mask, converted))
        except (msgspec.ValidationError, ValueError) as problem:
            known.problem(f"{value!r} does not fit: {str(problem).rstrip('.')}.", place)
    return tuple(found)


def _check_type(expression: object) -> None:
    parse_type(str(expression))


def _is_versioned(plain: object) -> bool:
    return isinstance(plain, dict) and bool(plain) and all(key[:1] in "<>=!*" and key for key in plain)


def _mask(versions: Sequence[str], condition: str) -> Mask:
    return sum(1 << index for index, version in enumerate(versions) if in_range(version, condition))


def _plain(known: Knowledge, node: yaml.Node, place: Location) -> object:
    if isinstance(node, yaml.MappingNode):
        return {key: _plain(known, value, here) for key, value, here in _pairs(known, node, place)}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(known, item, place) for item in node.value]
    return str(node.value)


def _judge(known: Knowledge, menu: MenuKnowledge, facts: Mapping[str, MenuFacts]) -> None:
    """Whether all that is named exists."""
    real = facts[menu.path].fields
    _judge_completion(known, menu, real.keys() | menu.fields.keys())
    wires = {str(wire): name for name in menu.fields for _, wire in menu.fields[name].get("renamed", ())}
    for name, values in menu.fields.items():
        new = {"added", "readonly", "renamed"} & values.keys()
        if name not in real and not new:
            hint = "added: true adds one, readonly: true one that replies alone have."
            known.problem(f"No version of {menu.path} has the field {name}.", menu.place, hint)
    for wire, name in wires.items():
        if wire not in real and "added" not in menu.fields[name]:
            known.problem(f"No version of {menu.path} has the field {wire} that {name} is said to be.", menu.place)
    for key in _NAMING_KEYS & menu.menu.keys():
        for name in sorted(_names(menu.menu[key]) - real.keys() - menu.fields.keys()):
            known.problem(f"{key} of {menu.path} names {name}, which no version has.", menu.place)
    for _, paths in menu.menu.get("after", ()):
        for path in paths if isinstance(paths, tuple) else ():
            if path not in facts or MenuPath.parse(path) != path:
                known.problem(f"after of {menu.path} names {path}, which no version has.", menu.place)
    for _, evidence in menu.menu.get("key-evidence", ()):
        if evidence not in _EVIDENCE:
            known.problem(f"key-evidence of {menu.path} is {evidence}.", menu.place, f"Write {' or '.join(_EVIDENCE)}.")


def _judge_completion(known: Knowledge, menu: MenuKnowledge, fields: Set[str]) -> None:
    """Whether the fields exist that let the router complete others."""
    for name, values in menu.fields.items():
        for _, rules in values.get("completed-by", ()):
            for ruler in sorted(rules.keys() - fields) if isinstance(rules, dict) else ():
                known.problem(f"{name} of {menu.path} is completed by {ruler}, which no version has.", menu.place)


def _names(given: Given) -> set[str]:
    """The field names in a key, in tuples of keys, or in what hides fields."""
    found: set[str] = set()
    for _, value in given:
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, dict):
            found |= value.keys() | {name for conditions in value.values() for name in conditions}
        elif isinstance(value, tuple):
            found |= {name for item in value for name in ((item,) if isinstance(item, str) else item)}
    return found
