"""Facts that one router told of its own RouterOS, put among the committed ones.

A field that the committed facts know keeps the type they give it: it was judged with more evidence than one
tree. Words that a closed vocabulary lacks are added to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from schemas.catalogue.facts import FieldFacts, Mask, MenuFacts, read_lines
from schemas.values import parse_type
from schemas.version import parse_version

_CLOSED = re.compile(r"((?:set\()?enum\()([^()]*)(\)+)")

Menus = Mapping[str, MenuFacts]


def one_text(files: Mapping[str, str], title: str) -> str:
    """The facts files of one version as one text."""
    lines = [text for name, text in sorted(files.items()) if name.endswith(".facts")]
    return "".join((f"# {title}\n", *lines))


def read_learnt(text: str, version: str) -> dict[str, MenuFacts]:
    """The menus of one version alone, in the first bit. Raises ValueError naming the line."""
    return read_lines(text, (version,), version)


@dataclass(frozen=True, slots=True)
class Room:
    """Where a version stands among the others, as a bit; ``near`` is the nearest one that the facts know."""

    versions: tuple[str, ...]
    bit: Mask
    near: Mask


def placed(versions: tuple[str, ...], menus: Menus, version: str) -> tuple[Room, dict[str, MenuFacts]]:
    """The same facts with room for a version, oldest first; a version that is among them stays where it is."""
    if version in versions:
        bit = 1 << versions.index(version)
        return Room(versions, bit, bit), {path: _moved(menu, lambda mask: mask) for path, menu in menus.items()}
    index = sum(parse_version(known) < parse_version(version) for known in versions)
    below = (1 << index) - 1

    def shifted(mask: Mask) -> Mask:
        return mask & below | (mask & ~below) << 1

    room = Room((*versions[:index], version, *versions[index:]), 1 << index, 1 << (index - 1 if index else 1))
    return room, {path: _moved(menu, shifted) for path, menu in menus.items()}


def joined(room: Room, menus: Menus, learnt: Menus) -> dict[str, MenuFacts]:
    """All of it: in its version, the menus and fields of both. For the committed facts, which hold what
    any package and any board has; so nothing is taken away."""
    found = {path: _moved(menu, lambda mask: mask) for path, menu in menus.items()}
    _add(found, _with_read_only(room, menus, learnt), room.bit)
    return found


def replaced(room: Room, menus: Menus, learnt: Menus) -> dict[str, MenuFacts]:
    """In its version exactly what was learnt, with the types of the committed facts."""
    found = {path: _moved(menu, lambda mask: mask & ~room.bit, keep_empty=True) for path, menu in menus.items()}
    _add(found, _with_read_only(room, menus, learnt), room.bit)
    return {path: _moved(menu, lambda mask: mask) for path, menu in found.items() if menu.mask}


def _with_read_only(room: Room, menus: Menus, learnt: Menus) -> dict[str, MenuFacts]:
    """With the fields that can only be read in the nearest version: a tree may not tell of all of them, and nothing
    is written because of one too many."""
    whole: dict[str, MenuFacts] = {}
    for path, told in learnt.items():
        known = menus[path].fields if path in menus else {}
        read = {
            name: FieldFacts(name, {"r": 1}, {"r": item.types["r"]})
            for name, item in known.items()
            if item.access.get("r", 0) & room.near
        }
        whole[path] = MenuFacts(path, told.kinds, told.commands, {**read, **told.fields})
    return whole


def _add(menus: dict[str, MenuFacts], learnt: Menus, bit: Mask) -> None:
    for path, told in learnt.items():
        menu = menus.setdefault(path, MenuFacts(path))
        if not menu.mask & bit:
            for kind in told.kinds:
                menu.kinds[kind] = menu.kinds.get(kind, 0) | bit
        for word in told.commands:
            menu.commands[word] = menu.commands.get(word, 0) | bit
        for name, item in told.fields.items():
            _add_field(menu.fields.setdefault(name, FieldFacts(name)), item, bit)


def _add_field(known: FieldFacts, told: FieldFacts, bit: Mask) -> None:
    """What either side writes is written; ``r`` is for what neither does."""
    before = next((access for access, mask in known.access.items() if mask & bit), "")
    learnt = next(iter(told.access))
    access = "".join(sorted({*before, *learnt} - {"r"})) or "r"
    if before:
        known.access[before] &= ~bit
        if not known.access[before] and before != access:
            del known.access[before]
    expression = _type_of(known, access, told.types[learnt])
    known.access[access] = known.access.get(access, 0) | bit
    known.types[access] = expression


def _type_of(known: FieldFacts, access: str, learnt: str) -> str:
    """What can only be read is shown in ways that writing does not tell, so its type is no other's."""
    others = (word for word in known.types if "r" not in (word, access))
    there = next((known.types[word] for word in (access, *others) if word in known.types), None)
    return _wider(there, learnt) if there is not None else _sound(learnt)


def _wider(known: str, learnt: str) -> str:
    old, new = _CLOSED.fullmatch(known), _CLOSED.fullmatch(learnt)
    if old is None or new is None or old[1] != new[1]:
        return known
    words = dict.fromkeys(chain(old[2].split("|"), new[2].split("|")))
    return _sound(f"{old[1]}{'|'.join(words)}{old[3]}")


def _sound(expression: str) -> str:
    """A type that a router's text led to, or ``text`` when it is none."""
    try:
        parse_type(expression)
    except ValueError:
        return "text"
    return expression


def _moved(menu: MenuFacts, move: Callable[[Mask], Mask], *, keep_empty: bool = False) -> MenuFacts:
    """A copy with other masks; fields and words that no version has left fall away unless they lend their types."""

    def moved(masks: Mapping[str, Mask]) -> dict[str, Mask]:
        pairs: Iterable[tuple[str, Mask]] = ((word, move(mask)) for word, mask in masks.items())
        return {word: mask for word, mask in pairs if mask or keep_empty}

    fields = {}
    for name, item in menu.fields.items():
        access = moved(item.access)
        if access or keep_empty:
            fields[name] = FieldFacts(name, access, {word: item.types[word] for word in access} or dict(item.types))
    return MenuFacts(menu.path, moved(menu.kinds), moved(menu.commands), fields)
