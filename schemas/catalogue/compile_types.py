"""From what a router says of an argument to a type expression (see ``schemas.values``).

When in doubt the answer is ``text``: it never refuses and never calls unequal texts equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Self, cast

from schemas.catalogue.compile_grammar import Line, meaning, syntax_type

_HINT = re.compile(r"\s+\([^()]*\)$")
_WORD_LIST = re.compile(r"([A-Za-z0-9.|_-]+)\[,[A-Za-z0-9]+\*\]")
_WORD = re.compile(r"[a-z0-9][A-Za-z0-9.+_-]*")
_OBJECT = re.compile(r"ether\d+|lo|admin|main|default.*|\*[0-9A-F]+|pcie?.*|.*qemu.*|serial\d+|usb\d+", re.IGNORECASE)
"""Names of things that stood on the machine that was asked: these words are no vocabulary."""

_VOCABULARY = 2
"""Fewer words than this are what is left of a vocabulary of names and numbers."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One argument as a router described it: words it completes, and its grammar by depth."""

    kind: str
    words: frozenset[str]
    syntax: tuple[Line, ...]
    """(depth, symbol, text), as listed."""

    @classmethod
    def from_item(cls, item: dict[str, object]) -> Self:
        lines = cast("list[dict[str, object]]", item.get("syntax", []))
        return cls(
            kind=str(item["kind"]),
            words=frozenset(cast("list[str]", item.get("values", []))),
            syntax=tuple(
                (int(str(line["depth"])), str(line.get("symbol", "")), str(line.get("text", ""))) for line in lines
            ),
        )


@dataclass(slots=True)
class Evidence:
    """All that is known of one field: the syntax texts, newest last, words, and probes."""

    syntax: list[str] = field(default_factory=list)
    words: frozenset[str] = frozenset()
    probe: Probe | None = None
    read_probe: Probe | None = None


def derive(evidence: Evidence, *, readonly: bool = False) -> str:
    """The type expression of a field.

    ``text`` when the evidence does not suffice, ``loose`` where it may be incomplete: syntax texts
    leave words out, vocabularies do not tell lists from single words, and what can be asked of a field
    that can only be read is not how it is shown.
    """
    lists = list(filter(None, (_word_list(text) for text in evidence.syntax)))
    if lists and not readonly:
        return f"set(enum({'|'.join(dict.fromkeys(word for words in reversed(lists) for word in words))}))"
    probe = evidence.read_probe if readonly else evidence.probe
    if probe is not None and probe.kind != "unknown":
        expression = _from_probe(probe)
        return _loose(expression) if readonly else expression
    if evidence.syntax:
        return _loose(syntax_type(evidence.syntax[-1]) or "text")
    return "bool" if evidence.words == {"yes", "no"} else "text"


def _loose(expression: str) -> str:
    certain = expression in ("bool", "!text", "mac") or expression.startswith("text") or "loose" in expression
    return expression if certain else f"loose({expression})"


def _from_probe(probe: Probe) -> str:
    negated = "!" in probe.words or (bool(probe.syntax) and probe.syntax[0][2].startswith("[!]"))
    words = {word for word in probe.words if not word.startswith("!")}
    mark = "!" if negated else ""
    if not probe.syntax:
        return mark + _vocabulary(words)
    found = meaning(probe.syntax)
    words |= found.words
    if len(found.types) != 1 or found.types == {"text"} or _objects(words):
        return mark + "text"
    only = next(iter(found.types))
    if words and "list(text)" in only:  # Words that are among the items, or stand for all of them.
        return mark + "text"
    return mark + (f"or({'|'.join(sorted(words))},{only})" if words else only)


def _vocabulary(words: set[str]) -> str:
    """A set of words that were offered. Only with yes and no among them can it be no list."""
    if words == {"yes", "no"}:
        return "bool"
    if len(words) < _VOCABULARY or _objects(words):
        return "text"
    enum = f"enum({'|'.join(sorted(words))})"
    return enum if {"yes", "no"} <= words else f"loose({enum})"


def _objects(words: set[str]) -> bool:
    return any(_OBJECT.fullmatch(word) or not _WORD.fullmatch(word) for word in words)


def _word_list(syntax: str) -> list[str]:
    """The words of ``a|b|c[,X*]``; none when a syntax text is no such list."""
    match = _WORD_LIST.fullmatch(_HINT.sub("", syntax.strip()))
    return match[1].split("|") if match else []
