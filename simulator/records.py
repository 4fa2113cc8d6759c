"""Writes what an action does into the history, with the two commands that the history tells of it.

The form of those commands, and ``filter rule added``, are the manual's; that one
command is one entry, and how many rows of it are told is unproven.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from simulator.codec import Value
from simulator.history import Change, Fields, Places, Presence, Step, Words
from simulator.script.exporting import quoted
from simulator.state import Row, Table

_TOLD = 10
"""How many rows of one command are told."""
_SWITCHED = {"true": "yes", "false": "no"}


def added(row: Row) -> None:
    """A row came."""
    if row.table.device.history.records(row.table):
        steps = [Presence([row], going=False)]
        _write(row.table, "added", [row], steps, partial(_removals, row.table, [row.id]), _additions([row]))


def changing(table: Table, rows: Sequence[Row], written: Sequence[Mapping[str, Value]]) -> Callable[[], None]:
    """Rows are about to be changed; what this returns is called when they are."""
    if not table.device.history.records(table):
        return lambda: None
    names = [tuple(fields) for fields in written]
    steps = [Fields(row, listed) for row, listed in zip(rows, names, strict=True)]
    undo = _settings(rows, names)
    return lambda: _write(table, "changed", rows, steps, undo, _settings(rows, names))


def removing(table: Table, rows: Sequence[Row]) -> None:
    """Rows are about to go."""
    if rows and table.device.history.records(table):
        redo = partial(_removals, table, [row.id for row in rows[:_TOLD]])
        _write(table, "removed", rows, [Presence(rows, going=True)], _additions(rows), redo)


def moving(table: Table, rows: Sequence[Row], target: Row | None) -> None:
    """Rows are about to move."""
    if rows and table.device.history.records(table):
        places = Places(table, rows)
        back = [_move([row], following) for _, row, following in places.told[:_TOLD]]
        _write(table, "moved", rows, [places], partial("\n".join, back), partial(_move, rows[:_TOLD], target))


def _write(table: Table, how: str, rows: Sequence[Row], steps: Sequence[Step], undo: Words, redo: Words) -> None:
    history = table.device.history
    by = history.session.user if history.session else ""
    history.record(Change(0, table, tuple(rows), how, by, table.device.clock.now(), tuple(steps), undo, redo))


def _additions(rows: Sequence[Row]) -> Words:
    """The commands that make rows as they are now, in words when somebody wants to read them."""
    told = [(row.table, dict(row.config)) for row in rows[:_TOLD]]
    return lambda: "\n".join(f"{_console(table)} add{_words(table, fields)}" for table, fields in told)


def _settings(rows: Sequence[Row], names: Sequence[Sequence[str]]) -> Words:
    """The same for some of their fields."""
    told = [
        (row.table, row.id, {name: row.config.get(name, "") for name in listed})
        for row, listed in zip(rows[:_TOLD], names, strict=False)
    ]
    return lambda: "\n".join(
        f"{_console(table)} set{f' {number}' if table.menu.listed else ''}{_words(table, fields)}"
        for table, number, fields in told
    )


def _removals(table: Table, ids: Sequence[str]) -> str:
    return "\n".join(f"{_console(table)} remove {number}" for number in ids)


def _console(table: Table) -> str:
    return "/" + table.path[1:].replace("/", " ")


def _move(rows: Sequence[Row], target: Row | None) -> str:
    place = f" destination={target.id}" if target is not None else ""
    return f"{_console(rows[0].table)} move {','.join(row.id for row in rows)}{place}"


def _words(table: Table, fields: Mapping[str, str]) -> str:
    """Secrets are in nobody's history (unproven)."""
    told = sorted(table.menu.masked(fields).items())
    return "".join(f" {name}={quoted(_SWITCHED.get(text, text))}" for name, text in told)
