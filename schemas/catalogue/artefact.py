"""Builds the fast artefact from facts and knowledge.

python -m schemas.catalogue.artefact
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from schemas.catalogue.artefact_knowledge import Knowledge, MenuKnowledge, read_knowledge
from schemas.catalogue.facts import FieldFacts, MenuFacts, read
from schemas.catalogue.load import ARTEFACT, HERE, source_files, source_sizes
from schemas.catalogue.load_records import FORMAT, Artefact, FieldView, MenuRecord, MenuView
from schemas.catalogue.model import Kind, Unset
from schemas.catalogue.secrecy import is_secret
from schemas.errors import InputError

View = TypeVar("View", MenuView, FieldView)

_MENU_DEFAULTS: Mapping[str, object] = msgspec.structs.asdict(MenuView(Kind.LIST, known=True))
_REFERENCE = re.compile(r"ref\((/[a-z0-9/-]+)\)")


def build(file: Path = ARTEFACT) -> Artefact:
    """Builds the artefact of this installation and writes it to a file, where that is allowed.

    Raises InputError with every problem of the knowledge.
    """
    newest = max(stat.st_mtime_ns for stat in source_files().values())
    artefact = merge(HERE / "facts", HERE / "knowledge")
    with contextlib.suppress(OSError):  # a read-only installation builds in memory
        _write(file, msgspec.msgpack.encode(artefact), newest)
    return artefact


def merge(facts: Path, knowledge: Path) -> Artefact:
    """The artefact of two folders of sources."""
    sources = source_sizes()
    versions, menus = read(facts)
    known = read_knowledge(knowledge, versions, menus)
    if known.problems:
        raise InputError(known.problems)
    whole = {path: as_known(menu, known, versions) for path, menu in (menus | known.added).items()}
    index = {path: (menu.mask, encoded(menu, known, versions)) for path, menu in whole.items()}
    return Artefact(FORMAT, _digest(facts, knowledge), versions, sources, index)


def _digest(*folders: Path) -> str:
    state = hashlib.sha256()
    for folder in folders:
        for file in sorted((*folder.glob("*.facts"), *folder.glob("*.txt"), *folder.glob("*.yaml"))):
            state.update(f"{file.name}\0".encode() + file.read_bytes() + b"\0")
    state.update((HERE / "secrecy.py").read_bytes())
    return state.hexdigest()[:16]


def _write(file: Path, content: bytes, time: int) -> None:
    """As old as its sources, so that one that changes meanwhile counts as newer."""
    temporary = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    temporary.write_bytes(content)
    os.utime(temporary, ns=(time, time))
    temporary.replace(file)


def as_known(menu: MenuFacts, known: Knowledge, versions: tuple[str, ...]) -> MenuFacts:
    """The menu with the versions that knowledge gives it besides: they have what the nearest later one has."""
    knowledge = known.menus.get(menu.path)
    also = knowledge.also(versions) & ~menu.mask if knowledge else 0
    if not also:
        return menu
    nearest = next(1 << index for index in range(len(versions)) if menu.mask >> index & 1)

    def more(masks: Mapping[str, int]) -> dict[str, int]:
        return {word: mask | also if mask & nearest else mask for word, mask in masks.items()}

    fields = {name: FieldFacts(name, more(item.access), item.types) for name, item in menu.fields.items()}
    return MenuFacts(menu.path, more(menu.kinds), more(menu.commands), fields)


def encoded(menu: MenuFacts, known: Knowledge, versions: tuple[str, ...]) -> msgspec.Raw:
    """A menu in all versions, facts and knowledge merged."""
    knowledge = known.menus.get(menu.path)
    commands = [(mask, name) for name, mask in sorted(menu.commands.items())]
    if knowledge is None:
        views = [(mask, MenuView(Kind(kind))) for kind, mask in menu.kinds.items()]
        fields = [pair for item in menu.fields.values() for pair in _plain_fields(menu.path, item)]
    else:
        bits = [1 << index for index in range(len(versions)) if menu.mask >> index & 1]
        views = _merged((bit, _menu_view(menu, knowledge, bit)) for bit in bits)
        fields = _merged((bit, view) for bit in bits for view in _field_views(menu, knowledge, bit))
    fields.sort(key=lambda pair: pair[1].name)
    return msgspec.Raw(msgspec.msgpack.encode(MenuRecord(views, commands, fields)))


def _merged(pairs: Iterable[tuple[int, View]]) -> list[tuple[int, View]]:
    """Equal views become one, with the versions of all."""
    masks: dict[bytes, tuple[int, View]] = {}
    for bit, view in pairs:
        key = msgspec.msgpack.encode(view)
        masks[key] = (masks.get(key, (0, view))[0] | bit, view)
    return list(masks.values())


def _plain_fields(path: str, item: FieldFacts) -> Iterable[tuple[int, FieldView]]:
    for access, mask in item.access.items():
        expression = item.types[access]
        secret = is_secret(path, item.name, expression)
        yield mask, FieldView(item.name, item.name, expression, writable=access != "r", secret=secret)


def _menu_view(menu: MenuFacts, knowledge: MenuKnowledge, bit: int) -> MenuView:
    kind = next(kind for kind, mask in menu.kinds.items() if mask & bit)
    given: dict[str, object] = {"kind": kind} | knowledge.menu_values(bit)
    values = {key.replace("-", "_"): value for key, value in given.items()}
    return msgspec.convert([values.get(name, default) for name, default in _MENU_DEFAULTS.items()], MenuView)


def _field_views(menu: MenuFacts, knowledge: MenuKnowledge, bit: int) -> Iterable[FieldView]:
    """The fields of one version. A field that was renamed takes the place of its former name."""
    wires = {name: knowledge.wire(name, bit) for name in menu.fields.keys() | knowledge.fields.keys()}
    taken = {wire for name, wire in wires.items() if wire != name}
    for name, wire in wires.items():
        if name == wire and name in taken:
            continue
        facts = menu.fields.get(wire)
        access = next((word for word, mask in facts.access.items() if mask & bit), None) if facts else None
        given = knowledge.field_values(name, bit)
        new = facts is None and bool(given.get("added", given.get("readonly")))
        if access is None and not new:
            continue
        type_ = str(given.get("type", facts.types[access] if facts and access else "text"))
        secret = is_secret(menu.path, name, type_) or is_secret(menu.path, wire, type_)
        facts_say = {"type": type_, "writable": new or access != "r", "secret": secret, "free": "type" in given}
        yield _field_view(name, wire, facts_say | given)


def _field_view(name: str, wire: str, given: Mapping[str, object]) -> FieldView:
    expression = str(given["type"])
    reference = _REFERENCE.search(expression)
    default = given.get("default")
    return FieldView(
        name=name,
        wire=wire,
        type=expression,
        writable=not given["readonly"] if "readonly" in given else bool(given["writable"]),
        default=None if default is None else str(default),
        unset=Unset(str(given.get("unset", Unset.UNSET))),
        secret=bool(given.get("secret")),
        write_only=bool(given.get("write-only")),
        computed=bool(given.get("computed")),
        volatile=bool(given.get("volatile")),
        reference=reference[1] if reference else None,
        required=bool(given.get("required")),
        phase=int(str(given.get("phase", 0))),
        free=bool(given.get("free")),
        completed_by=msgspec.convert(given.get("completed-by", {}), dict[str, str]),
    )


if __name__ == "__main__":
    built = build()
    sys.stdout.write(f"{len(built.menus)} menus of {len(built.versions)} versions, digest {built.digest}\n")
