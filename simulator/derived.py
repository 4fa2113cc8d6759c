"""Rows that a router makes by itself in a table that others may write to, kept while what they follow from is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.codec import Value
from simulator.state import Row, Table

_KEY = "derived"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row that ought to be there. ``number`` is its id, None for the next."""

    config: Mapping[str, Value] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    number: int | None = None


def keep(table: Table, kind: str, wanted: Mapping[str, Wanted]) -> None:
    """Have exactly these rows of a kind; a row keeps its id as long as its key is wanted."""
    there = made(table, kind)
    for key in there.keys() - wanted.keys():
        table.drop(there[key])
    for key, want in wanted.items():
        row = there.get(key)
        if row is None:
            row = table.create(number=want.number)
            row.config.clear()
            row.memory[_KEY] = f"{kind} {key}"
            for name, value in want.config.items():
                row.put(name, value)
        elif row.facts == want.facts:
            continue
        row.facts = dict(want.facts)
        table.refresh(row)


def made(table: Table, kind: str) -> dict[str, Row]:
    """The rows of a kind by their keys."""
    start = f"{kind} "
    return {key.removeprefix(start): row for row in table.rows if (key := row.memory.get(_KEY, "")).startswith(start)}


def adopt(row: Row, kind: str, key: str) -> None:
    """Have a row that came in another way be one of these from now on."""
    row.memory[_KEY] = f"{kind} {key}"


def is_own(row: Row) -> bool:
    """Whether a row is one of these."""
    return _KEY in row.memory
