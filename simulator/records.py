"""Writes what an action does into the history, with the two commands that the history tells of it.

The form of those commands, and ``filter rule added``, are the manual's; that one
command is one entry, and how many rows of it are told is unproven.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from simulator.codec import Value
from simulator.history import Change, Fields, Places, Presence, Step
from simulator.script.exporting import quoted
from simulator.state import Row, Table

_TOLD = 10
"""How many rows of one command are told."""
_SWITCHED = {"true": "yes", "false": "no"}


def added(row: Row) -> None:
    """A row came."""
    if row.table.device.history.records(row.table):
        _write(row.table, "added", [row], [Presence([row], going=False)], _removal(row), _addition(row))


def changing(table: Table, rows: Sequence[Row], written: Sequence[Mapping[str, Value]]) -> Callable[[], None]:
    """Rows are about to be changed; what this returns is called when they are."""
    if not table.device.history.records(table):
        return lambda: None
    names = [tuple(fields) for fields in written]
    steps = [Fields(row, listed) for row, listed in zip(rows, names, strict=True)]
    undo = _told(_setting(row, listed) for row, listed in zip(rows[:_TOLD], names, strict=False))

    def done() -> None:
        redo = _told(_setting(row, listed) for row, listed in zip(rows[:_TOLD], names, strict=False))
        _write(table, "changed", rows, steps, undo, redo)

    return done


def removing(table: Table, rows: Sequence[Row]) -> None:
    """Rows are about to go."""
    if rows and table.device.history.records(table):
        undo, redo = _told(map(_addition, rows[:_TOLD])), _told(map(_removal, rows[:_TOLD]))
        _write(table, "removed", rows, [Presence(rows, going=True)], undo, redo)


def moving(table: Table, rows: Sequence[Row], target: Row | None) -> None:
    """Rows are about to move."""
    if rows and table.device.history.records(table):
        places = Places(table, rows)
        undo = _told(_move([row], following) for _, row, following in places.told[:_TOLD])
        _write(table, "moved", rows, [places], undo, _move(rows[:_TOLD], target))


def _write(table: Table, how: str, rows: Sequence[Row], steps: Sequence[Step], undo: str, redo: str) -> None:
    history = table.device.history
    by = history.session.user if history.session else ""
    history.record(Change(0, table, tuple(rows), how, by, table.device.clock.now(), tuple(steps), undo, redo))


def _told(commands: Iterable[str]) -> str:
    return "\n".join(commands)


def _console(table: Table) -> str:
    return "/" + table.path[1:].replace("/", " ")


def _addition(row: Row) -> str:
    return f"{_console(row.table)} add{_words(row.table, row.config)}"


def _removal(row: Row) -> str:
    return f"{_console(row.table)} remove {row.id}"


def _setting(row: Row, names: Sequence[str]) -> str:
    fields = {name: row.config.get(name, "") for name in names}
    return f"{_console(row.table)} set{f' {row.id}' if row.table.menu.listed else ''}{_words(row.table, fields)}"


def _move(rows: Sequence[Row], target: Row | None) -> str:
    place = f" destination={target.id}" if target is not None else ""
    return f"{_console(rows[0].table)} move {','.join(row.id for row in rows)}{place}"


def _words(table: Table, fields: Mapping[str, str]) -> str:
    """Secrets are in nobody's history (unproven)."""
    told = sorted(table.menu.masked(fields).items())
    return "".join(f" {name}={quoted(_SWITCHED.get(text, text))}" for name, text in told)
