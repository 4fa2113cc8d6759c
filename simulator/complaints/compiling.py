"""From what a router's console said of every argument to what it complains of: ``fields.facts``, never written by hand.

    python -m simulator.complaints.compiling DATA_FOLDER

A line is a menu and its fields, each with an expression for ``simulator.complaints.wording``. Fields whose expression
would only repeat their own name are left out.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FACTS = Path(__file__).with_name("fields.facts")
_NEVER = frozenset({"copy-from", "place-before", "numbers", "comment"})
_OF_CONFIGURATION = frozenset({"add", "set", "print", "get"})
_CASE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_TIMES = re.compile(r"\s{2,}\(max \d+ times\)$")
_SYMBOL = re.compile(r"(-?\[-\])?([A-Z]\w*)(.*)")
_BOUNDS = re.compile(r"[0-9A-F]+\.\.[0-9A-F]+")
_BESIDE_ADDRESSES = frozenset({"Hostname", "Interface", "MacAddress"})
_TIME = re.compile(r"(?:(\S+\.\.\S+) +)?\(?time interval\)?")
_OF_ADDRESS = frozenset({"IPv4 address", "IPv6 address"})
_LEAVES = (
    (re.compile(r"IP address range|^A\.B\.C\.D .*\(IP address"), "range"),
    (re.compile(r"\(MAC address\)"), "mac"),
    (re.compile(r"\(IPv?6? prefix\)|^see documentation"), "argument"),
    (re.compile(r"integer number|^integer value"), "number"),
)


@dataclass
class Symbol:
    """A symbol of the grammar, what it is made of, and the symbols named there."""

    name: str
    text: str
    parts: list[Symbol] = field(default_factory=list)

    def all(self) -> Iterator[Symbol]:
        yield self
        for part in self.parts:
            yield from part.all()


def compile_facts(document: Mapping[str, Any]) -> str:
    """The lines of the facts."""
    menus: dict[str, dict[str, str]] = {}
    for said in document["args"]:
        name = said["arg"]
        wanted = said["access"] == "writable" and said["command"] in _OF_CONFIGURATION and name not in _NEVER
        told = complaint(grammar(said["syntax"])) if wanted and said.get("syntax") else ""
        told = re.sub(rf"\({re.escape(name.replace('.', '-'))}(?=[ )])", f"({name}", told)
        if told and "()" not in told and not _plain(told, name):
            menus.setdefault(f"/{said['path']}", {})[name] = told
    lines = (f"{path} {'; '.join(f'{name} {told}' for name, told in fields.items())}" for path, fields in menus.items())
    return "".join(f"{line}\n" for line in sorted(lines))


def grammar(rows: Sequence[Mapping[str, Any]]) -> Symbol:
    """The tree of symbols, from rows that tell their depth."""
    above: list[Symbol] = []
    for row in rows:
        symbol = Symbol(row.get("symbol") or "", _TIMES.sub("", (row.get("text") or "").strip()).removeprefix("[!]"))
        del above[row["depth"] :]
        if above:
            above[-1].parts.append(symbol)
        above.append(symbol)
    return above[0]


def complaint(symbol: Symbol) -> str:
    """What is said of a text that a symbol does not take, '' when it takes every text."""
    text, noun = symbol.text, _CASE.sub("-", symbol.name).lower()
    if any(part.text in _OF_ADDRESS for part in symbol.all()):
        alone = all(part.name and part.name not in _BESIDE_ADDRESSES for part in symbol.all())
        return f"base({noun})" if alone else "base"
    if found := _TIME.fullmatch(text):
        return f"time({noun} {found[1]})" if found[1] else f"time({noun})"
    for pattern, kind in _LEAVES:
        if pattern.search(text):
            return f"{kind}({noun})"
    if _BOUNDS.fullmatch(text):
        return f"number({noun})"
    if "string value" in text:
        return ""
    if not text or any(not part.name for part in symbol.parts):
        return f"match({noun})"
    parts = {part.name: part for part in symbol.parts}
    words = text.split(" | ")
    if len(words) > 1:
        return _union(noun, words, parts)
    return _single(symbol, noun, parts)


def _union(noun: str, words: Sequence[str], parts: Mapping[str, Symbol]) -> str:
    named = [_SYMBOL.fullmatch(word) for word in words]
    if not all(named):
        return f"match({noun})"
    names = [found[2] for found in named if found]
    told = [complaint(parts[name] if name in parts else Symbol(name, "")) for name in names]
    if "" in told:
        return ""
    alone = all(each.rstrip(")").partition("(")[2].partition(" ")[0] == noun for each in told)
    return told[0] if alone else f"union({noun} {' '.join(told)})"


def _single(symbol: Symbol, noun: str, parts: Mapping[str, Symbol]) -> str:
    found = _SYMBOL.fullmatch(symbol.text)
    if found is None:
        return ""
    if found[2] not in parts:
        return f"match({noun})"
    if found[2] == "Num" and not found[3]:
        return f"number({noun})"
    inner = complaint(parts[found[2]])
    if found[3].startswith(("/Netmask", "[/Netmask")):
        return f"{'network' if found[3].startswith('/') else 'prefix'}({noun} {inner})"
    return inner


def _plain(told: str, name: str) -> bool:
    return told in (f"match({name})", f"number({name})", f"time({name})", f"mac({name})")


def main(arguments: Sequence[str]) -> int:
    """Write the facts anew."""
    with gzip.open(Path(arguments[0]) / "probed" / "arg-types.json.gz", "rt", encoding="utf-8") as file:
        FACTS.write_text(compile_facts(json.load(file)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
