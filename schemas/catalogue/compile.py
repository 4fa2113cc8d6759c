"""Compiles RouterOS's inspect trees into the committed facts.

    python -m schemas.catalogue.compile DATA_FOLDER

``DATA_FOLDER`` holds ``inspect/VERSION.json.gz`` (the command tree of each version),
``inspect/VERSION-with-completions.json.gz`` (the same with vocabularies) and
``probed/arg-types.json.gz`` (what a router said of every argument). The same input gives the same
bytes. Only names, types, words and bounds are taken, never descriptions.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from schemas.catalogue.compile_types import Evidence, Probe, derive
from schemas.catalogue.facts import FOLDER, FieldFacts, MenuFacts, render
from schemas.version import parse_version

Tree = Mapping[str, "Tree | str"]
"""A node of an inspect tree: ``_type`` is dir, path, cmd or arg; ``desc`` is syntax text."""

NOISE = frozenset(
    {"numbers", "number", "copy-from", "place-before", "value-name", "where", ".proplist", ".id", ".nextid"}
)
"""Arguments of add and set that are no fields."""

_UNINTERESTING = frozenset({"edit", "export"})
_COMPLETIONS = "-with-completions"


@dataclass(slots=True)
class Gathered:
    """What all trees together say, before it is judged, by (path, field): ``adds``, ``sets`` and
    ``reads`` hold the versions that were seen to have it."""

    versions: tuple[str, ...]
    menus: dict[str, MenuFacts] = field(default_factory=dict)
    adds: dict[tuple[str, str], int] = field(default_factory=dict)
    sets: dict[tuple[str, str], int] = field(default_factory=dict)
    reads: dict[tuple[str, str], int] = field(default_factory=dict)
    evidence: dict[tuple[str, str], Evidence] = field(default_factory=dict)


def compile_facts(data: Path) -> dict[str, str]:
    """File name to text of every facts file."""
    files = sorted((data / "inspect").glob("*.json.gz"))
    names = {file: file.name.removesuffix(".json.gz") for file in files}
    plain = sorted((file for file in files if _COMPLETIONS not in names[file]), key=lambda file: _key(names[file]))
    gathered = Gathered(tuple(names[file] for file in plain))
    for index, file in enumerate(plain):
        _gather(gathered, _load(file), 1 << index)
    for file in files:
        if _COMPLETIONS in names[file]:
            bit = _nearest(gathered.versions, names[file].removesuffix(_COMPLETIONS))
            _gather_words(gathered, _load(file), bit)
    _gather_probes(gathered, _load(data / "probed" / "arg-types.json.gz"))
    _settle(gathered)
    return render(gathered.menus.values(), gathered.versions)


def compile_tree(tree: Tree, version: str) -> dict[str, str]:
    """The facts of one version alone, from a router's own tree."""
    gathered = Gathered((version,))
    _gather(gathered, tree, 1)
    _gather_words(gathered, tree, 1)
    _settle(gathered)
    return render(gathered.menus.values(), gathered.versions)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("Usage: python -m schemas.catalogue.compile DATA_FOLDER\n")
        return 1
    texts = compile_facts(Path(arguments[0]))
    for stale in FOLDER.glob("*.facts"):
        if stale.name not in texts:
            stale.unlink()
    for name, text in texts.items():
        (FOLDER / name).write_text(text, "utf-8")
    sys.stdout.write(f"{len(texts)} files in {FOLDER}\n")
    return 0


def _key(name: str) -> tuple[int, ...]:
    return parse_version(name)


def _load(file: Path) -> Tree:
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        return cast(Tree, json.load(stream))


def _walk(node: Tree, path: str = "") -> Iterator[tuple[str, dict[str, Tree]]]:
    """Every folder of a tree with its commands."""
    commands: dict[str, Tree] = {}
    for name, child in sorted(node.items()):
        if isinstance(child, str) or name.startswith("_"):
            continue
        if child.get("_type") == "cmd":
            commands[name] = child
        elif child.get("_type") in ("dir", "path"):
            yield from _walk(child, f"{path}/{name}")
    if path:
        yield path, commands


def _arguments(command: Tree | None) -> Iterator[tuple[str, Tree]]:
    for name, child in (command or {}).items():
        if not isinstance(child, str) and child.get("_type") == "arg" and name not in NOISE:
            yield name, child


def _gather(gathered: Gathered, tree: Tree, bit: int) -> None:
    for path, commands in _walk(tree):
        kind = _kind(commands)
        if kind is None:
            continue
        menu = gathered.menus.setdefault(path, MenuFacts(path))
        menu.kinds[kind] = menu.kinds.get(kind, 0) | bit
        traits = {"place-before"} if "place-before" in commands.get("add", {}) else set()
        for word in (commands.keys() - _UNINTERESTING) | traits:
            menu.commands[word] = menu.commands.get(word, 0) | bit
        for word, seen in (("add", gathered.adds), ("set", gathered.sets)):
            for name, argument in _arguments(commands.get(word)):
                _saw(seen, (path, name), bit)
                syntax = argument.get("desc")
                if isinstance(syntax, str) and syntax:
                    _note(gathered.evidence.setdefault((path, name), Evidence()), syntax)


def _note(evidence: Evidence, syntax: str) -> None:
    if not evidence.syntax or evidence.syntax[-1] != syntax:
        evidence.syntax.append(syntax)


def _kind(commands: Mapping[str, Tree]) -> str | None:
    """list, singleton, fixed or readonly; None when the folder holds nothing of its own."""
    if not commands.keys() & {"get", "print", "set", "add", "find"}:
        return None
    rows = "number" in commands.get("get", {}) or "numbers" in commands.get("set", {}) or "find" in commands
    if any(_arguments(commands.get("add"))):
        return "list"
    if any(_arguments(commands.get("set"))):
        return "fixed" if rows else "singleton"
    return "readonly"


def _nearest(versions: tuple[str, ...], version: str) -> int:
    """The bit of the version with the same minor number; the newest when there is none."""
    wanted = parse_version(version)[:2]
    same = [index for index, known in enumerate(versions) if parse_version(known)[:2] == wanted]
    return 1 << (same[-1] if same else len(versions) - 1)


def _gather_words(gathered: Gathered, tree: Tree, bit: int) -> None:
    """Vocabularies, and the names of fields that can only be read."""
    for path, commands in _walk(tree):
        if path not in gathered.menus:
            continue
        for word in ("set", "add"):
            for name, argument in _arguments(commands.get(word)):
                words = _words(argument)
                if words:
                    gathered.evidence.setdefault((path, name), Evidence()).words |= words
        names = commands.get("get", {}).get("value-name")
        if names is not None and not isinstance(names, str):
            for name in _words(names) - NOISE:
                _saw(gathered.reads, (path, name), bit)


def _words(argument: Tree) -> frozenset[str]:
    words = argument.get("_completion")
    return frozenset(words) if words is not None and not isinstance(words, str) else frozenset()


def _saw(seen: dict[tuple[str, str], int], key: tuple[str, str], bit: int) -> None:
    seen[key] = seen.get(key, 0) | bit


def _gather_probes(gathered: Gathered, document: Tree) -> None:
    bit = _nearest(gathered.versions, str(document["routeros_version"]))
    for item in cast("list[dict[str, object]]", document["args"]):
        path, name = f"/{item['path']}", str(item["arg"])
        if path not in gathered.menus or name in NOISE:
            continue
        evidence = gathered.evidence.setdefault((path, name), Evidence())
        if item["access"] == "read-only":
            _saw(gathered.reads, (path, name), bit)
            evidence.read_probe = Probe.from_item(item)
        elif evidence.probe is None or item["command"] == "set":
            evidence.probe = Probe.from_item(item)


def _settle(gathered: Gathered) -> None:
    """Judges access, versions and type of every field."""
    for path, name in sorted(gathered.adds.keys() | gathered.sets.keys() | gathered.reads.keys()):
        menu = gathered.menus[path]
        add, change = gathered.adds.get((path, name), 0), gathered.sets.get((path, name), 0)
        item = menu.fields[name] = FieldFacts(name)
        read = _read_only(menu.mask, add | change, gathered.reads.get((path, name), 0))
        evidence = gathered.evidence.get((path, name), Evidence())
        for access, mask in (("a", add & ~change), ("as", add & change), ("r", read), ("s", change & ~add)):
            if mask:
                item.access[access] = mask
                item.types[access] = derive(evidence, readonly=access == "r")


def _read_only(menu: int, written: int, seen: int) -> int:
    """The versions in which a field can only be read.

    Few trees list what can only be read. A field never written is taken to be as old as its menu; one
    that was written is read-only from where it was seen and not written, not before it existed.
    """
    if not written:
        return menu if seen else 0
    alone = seen & ~written
    return menu & ~written & -(alone & -alone) if alone else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
