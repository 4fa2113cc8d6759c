"""The one selector grammar: a mapping of field to value, list (any of) or glob, ANDed; ``not`` once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import translate
from functools import cache

_GLOB = re.compile(r"[*?\[]")

Canonical = Callable[[str, str], str]
"""(field, text) -> canonical text."""


@dataclass(frozen=True, slots=True)
class Selector:
    """``tests`` are (field, any-of texts) pairs, all of which must hold; ``unless`` must not hold.

    A row that lacks a field matches only the text ``""``.
    """

    tests: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unless: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())

    def matches(self, row: Mapping[str, str], canonical: Canonical = lambda _field, text: text) -> bool:
        if not all(_any(row.get(name, ""), name, options, canonical) for name, options in self.tests):
            return False
        return not self.unless or not all(
            _any(row.get(name, ""), name, options, canonical) for name, options in self.unless
        )

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.tests + self.unless)

    def __str__(self) -> str:
        words = [f"{name}={'|'.join(options)}" for name, options in self.tests]
        words += [f"not {name}={'|'.join(options)}" for name, options in self.unless]
        return " ".join(words) or "everything"


def _any(value: str, name: str, options: tuple[str, ...], canonical: Canonical) -> bool:
    actual = canonical(name, value)
    return any(
        _glob(option)(value) is not None if _GLOB.search(option) else canonical(name, option) == actual
        for option in options
    )


@cache
def _glob(pattern: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(translate(pattern)).match
