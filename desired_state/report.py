"""Collects everything wrong with a document while its parts are taken out, typed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import TypeVar

from desired_state.yaml_reader import Map, Node, Seq
from schemas.location import Location, Problem

_TOO_LONG = 60
_NUMBER = re.compile(r"\d+(\.\d+)?")
_Choice = TypeVar("_Choice", bound=str)


def nearest(word: str, words: Iterable[str]) -> str:
    """``Did you mean "X"?``, or '' when nothing is near."""
    found = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f'Did you mean "{found[0]}"?' if found else ""


def shown(value: Node) -> str:
    """A value as a person would recognise it, short."""
    if isinstance(value, Map):
        return "a mapping"
    if isinstance(value, Seq | list):
        return "a list"
    if value is None:
        return "nothing"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return repr(text if len(text) <= _TOO_LONG else text[:_TOO_LONG] + "…")


class Report:
    """Problems of one file. Getters note what is wrong and return None or nothing."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems

    def at(self, line: int) -> Location:
        return Location(self.file, line)

    def add(self, line: int, message: str, hint: str = "") -> None:
        self.problems.append(Problem(message, Location(self.file, line), hint))

    def keys(self, node: Map, allowed: Iterable[str], what: str) -> None:
        """Every key that is none of ``allowed`` is a problem; ``what`` names the mapping."""
        known = list(allowed)
        for key in node:
            if key not in known:
                hint = nearest(key, known) or f"It takes {', '.join(known)}."
                self.add(node.lines[key], f"{what} has no {key!r}.", hint)

    def text(self, node: Map, key: str, *, required: str = "") -> str | None:
        """A text; numbers and booleans count as written. ``required`` is the hint when it is missing."""
        if node.get(key) is None:
            if required:
                self.add(node.lines.get(key, node.line), f"{key!r} is missing.", required)
            return None
        return self.plain(node[key], node.lines[key], key)

    def plain(self, value: Node, line: int, key: str) -> str | None:
        """A scalar as text; a problem when it is a mapping, a list or nothing."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str | int):
            return str(value)
        self.add(line, f"{key!r} must be a text, not {shown(value)}.")
        return None

    def texts(self, node: Map, key: str) -> tuple[str, ...]:
        """A text or a list of texts."""
        value = node.get(key)
        if value is None:
            return ()
        if not isinstance(value, Seq):
            one = self.plain(value, node.lines[key], key)
            return () if one is None else (one,)
        found = (self.plain(item, line, key) for item, line in zip(value, value.lines, strict=True))
        return tuple(text for text in found if text is not None)

    def mapping(self, node: Map, key: str) -> Map:
        """A mapping; an empty one where it is missing."""
        value = node.get(key)
        if value is None:
            return Map(node.lines.get(key, node.line))
        if isinstance(value, Map):
            return value
        self.add(node.lines[key], f"{key!r} must be a mapping, not {shown(value)}.", f"Write {key}: {{name: value}}.")
        return Map(node.lines[key])

    def sequence(self, node: Map, key: str) -> Seq:
        """A list; an empty one where it is missing."""
        value = node.get(key)
        if value is None:
            return Seq(node.lines.get(key, node.line))
        if isinstance(value, Seq):
            return value
        self.add(node.lines[key], f"{key!r} must be a list, not {shown(value)}.", f"Write {key}: [...].")
        return Seq(node.lines[key])

    def flag(self, node: Map, key: str) -> bool:
        value = node.get(key)
        if isinstance(value, bool):
            return value
        if value is not None:
            self.add(node.lines[key], f"{key!r} must be true or false, not {shown(value)}.")
        return False

    def choice(self, node: Map, key: str, choices: Iterable[_Choice], default: _Choice) -> _Choice:
        value = node.get(key)
        if value is None:
            return default
        known = list(choices)
        for one in known:
            if one == value:
                return one
        hint = nearest(str(value), known) or f"It takes {', '.join(known)}."
        self.add(node.lines[key], f"{key!r} cannot be {shown(value)}.", hint)
        return default

    def count(self, node: Map, key: str, default: int) -> int:
        """A whole number, not negative."""
        value = node.get(key)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.add(node.lines[key], f"{key!r} must be a whole number, not {shown(value)}.")
        return default

    def share(self, node: Map, key: str, default: float) -> float:
        """A number from 0 to 1."""
        value = node.get(key)
        if value is None:
            return default
        if _NUMBER.fullmatch(str(value)) and float(str(value)) <= 1:
            return float(str(value))
        self.add(node.lines[key], f"{key!r} must be a number from 0 to 1, not {shown(value)}.")
        return default
