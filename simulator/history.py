"""What administrators changed, newest last, and how each change is taken back and done again.

A change keeps what differs and nothing else: the fields that were written as they were before, rows that went, places
from which rows moved. Only what is done in somebody's name is recorded; what the router does by itself and what a seed
holds are not, and files, certificates and keys never are (that none of these is in the history is unproven).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from simulator.codec import Pieces, Value
from simulator.schema import INTERFACE

if TYPE_CHECKING:
    from simulator.state import Row, Table

KEPT = 100
_NEVER = ("/file/", "/certificate/", "/user/ssh-keys/", "/log/")


Words = Callable[[], str]
"""A command, put into words when somebody wants to read it."""


class Step(Protocol):
    """A part of a change that can be turned back, and turned back again."""

    def flip(self) -> None: ...


class Fields:
    """Fields of one row as they are on the other side of a change."""

    __slots__ = ("_config", "_expires", "_facts", "_hidden", "_row")

    def __init__(self, row: Row, names: Sequence[str]) -> None:
        """Keep what ``names`` are now, before they are written."""
        self._row = row
        self._config: dict[str, Value | None] = {name: row.links.get(name, row.config.get(name)) for name in names}
        self._facts = {name: row.facts[name] for name in names if name in row.facts}
        self._hidden = {name: row.hidden[name] for name in names if name in row.hidden}
        self._expires = row.expires

    def flip(self) -> None:
        row, label = self._row, self._row.label
        if not row.alive:
            return
        now = Fields(row, tuple(self._config))
        for name, value in self._config.items():
            row.put(name, value)
            row.hidden.pop(name, None)
        row.facts.update(self._facts)
        row.hidden.update(self._hidden)
        row.expires = self._expires
        row.table.refresh(row)
        if row.label != label:
            row.table.device.relabel(row)
        self._config, self._facts, self._hidden, self._expires = now._config, now._facts, now._hidden, now._expires


class Presence:
    """Rows that came or went. A row comes back as the same one: with its id, at its place, and whoever pointed at it
    points at it again."""

    __slots__ = ("_gone", "_rows")

    def __init__(self, rows: Sequence[Row], *, going: bool) -> None:
        """Rows that are there, which are about to go when they are ``going``."""
        self._rows = tuple(rows)
        self._gone = _Gone(self._rows) if going else None

    def flip(self) -> None:
        if self._gone is not None:
            self._gone.come_back()
            self._gone = None
            return
        self._rows = tuple(row for row in self._rows if row.alive)
        self._gone = _Gone(self._rows)
        for row in self._rows:
            row.table.drop(row)


class _Gone:
    """What a row loses by going."""

    __slots__ = ("_links", "_places")

    def __init__(self, rows: Sequence[Row]) -> None:
        self._links: dict[Row, dict[str, Pieces]] = {row: dict(row.links) for row in rows}
        self._places = [Places(table, own) for table, own in _tables(rows).items()]

    def come_back(self) -> None:
        for row in self._links:
            row.alive = True
        for places in self._places:
            places.restore()
        for row, links in self._links.items():
            for name, pieces in links.items():
                row.put(name, pieces)
            row.table.refresh(row)
            row.table.device.relabel(row)


class Places:
    """Where rows of one table stand: at an index, before another row."""

    __slots__ = ("_places", "_table")

    def __init__(self, table: Table, rows: Sequence[Row]) -> None:
        self._table = table
        self._places: list[tuple[int, Row, Row | None]] = []
        at = {row: table.rows.index(row) for row in rows} if len(rows) == 1 else _indexes(table, rows)
        for row, index in sorted(at.items(), key=lambda item: item[1]):
            following = table.rows[index + 1] if index + 1 < len(table.rows) else None
            self._places.append((index, row, following))

    @property
    def told(self) -> list[tuple[int, Row, Row | None]]:
        """Index, row, and the row behind it."""
        return self._places

    def restore(self) -> None:
        """Put the rows there, from the last to the first, so that each finds the one it stood before."""
        table = self._table
        for index, row, following in reversed(self._places):
            there = following is not None and following.id in table.ids
            at = table.rows.index(following) if there and following is not None else min(index, len(table.rows))
            table.rows.insert(len(table.rows) if following is None else at, row)
            table.ids[row.id] = row
        table.reordered()

    def flip(self) -> None:
        """The same for rows that are still there."""
        self._places = [place for place in self._places if place[1].alive]
        rows = [row for _, row, _ in self._places]
        now = Places(self._table, rows)
        for row in rows:
            self._table.rows.remove(row)
        self.restore()
        self._places = now._places


def _indexes(table: Table, rows: Sequence[Row]) -> dict[Row, int]:
    wanted = set(rows)
    return {row: index for index, row in enumerate(table.rows) if row in wanted}


def _tables(rows: Sequence[Row]) -> dict[Table, list[Row]]:
    """The rows by table; those that are interfaces stand in ``/interface``, too."""
    found: dict[Table, list[Row]] = {}
    for row in rows:
        found.setdefault(row.table, []).append(row)
        if row.table.menu.interface_type:
            found.setdefault(row.table.device.table(INTERFACE), []).append(row)
    return found


@dataclass(slots=True)
class Change:
    """One command. ``floating`` is undone by itself when safe mode ends without a release."""

    number: int
    table: Table
    rows: tuple[Row, ...]
    how: str
    by: str
    time: datetime.datetime
    steps: tuple[Step, ...]
    undo: Words
    redo: Words
    floating: bool = False
    undone: bool = False

    def flip(self) -> None:
        """Take it back, or do it again."""
        for step in self.steps if self.undone else reversed(self.steps):
            step.flip()
        how = self.how if self.undone else _OPPOSITE.get(self.how, self.how)
        self.undone = not self.undone
        for table in {self.table, *(row.table for row in self.rows)}:
            table.device.settle(table.path, how)


_OPPOSITE = {"added": "removed", "removed": "added"}


class Session(Protocol):
    """A login: whoever is logged in by it, and until when on the router's clock."""

    @property
    def user(self) -> str: ...

    @property
    def ends(self) -> float: ...


class InTheNameOf:
    """A ``with`` in which what is done is done by a session."""

    __slots__ = ("_before", "_history", "_session")

    def __init__(self, history: History, session: Session) -> None:
        self._history, self._session = history, session
        self._before: Session | None = None

    def __enter__(self) -> None:
        self._before, self._history.session = self._history.session, self._session

    def __exit__(self, *_: object) -> None:
        self._history.session = self._before


@dataclass(slots=True)
class History:
    """The changes of one router, and who holds its safe mode."""

    changes: list[Change] = field(default_factory=list)
    session: Session | None = None
    holder: Session | None = None
    _count: int = 0

    def by(self, session: Session, now: float) -> InTheNameOf:
        """Record what is done meanwhile in the name of a session. A safe mode whose session is over by now ends
        before: the rest of what it held is undone."""
        if self.holder is not None and now >= self.holder.ends:
            self.unroll()
        return InTheNameOf(self, session)

    def records(self, table: Table) -> bool:
        """Whether what happens to a menu now will be in the history."""
        return self.session is not None and not f"{table.path}/".startswith(_NEVER)

    def record(self, change: Change) -> None:
        """Somebody changed something; what was undone before cannot be done again."""
        self._count += 1
        change.number, change.floating = self._count, self.holder is not None
        while self.changes and self.changes[-1].undone:  # the newest are undone first
            self.changes.pop()
        self.changes.append(change)
        if len(self.changes) > KEPT:
            if self.changes[0].floating:
                self.release()
            del self.changes[0]

    def undo(self) -> bool:
        """Take the last change of anybody back; False when there is none."""
        change = next((change for change in reversed(self.changes) if not change.undone), None)
        if change is not None:
            change.flip()
        return change is not None

    def redo(self) -> bool:
        """Do what was undone last again; False when there is none."""
        change = next((change for change in self.changes if change.undone), None)
        if change is not None:
            change.flip()
        return change is not None

    def release(self) -> None:
        """End safe mode and keep what was changed."""
        self.holder = None
        for change in self.changes:
            change.floating = False

    def unroll(self) -> None:
        """End safe mode and undo whatever anybody changed in it."""
        self.holder = None
        for change in [change for change in reversed(self.changes) if change.floating]:
            if not change.undone:
                change.flip()
            self.changes.remove(change)

    def forget(self) -> None:
        """Know nothing any more, as after a boot (that the history is gone then is unproven)."""
        self.changes.clear()
        self.holder = None
