"""Order inside one table: the least moves, and where new rows go.

Rows of ours stand in the order written, inside each order scope. Rows that are not ours are never
moved and dynamic rows are never anchors. New rows are placed before moves happen, directly after the
nearest earlier row that stays; so every added row lands where it belongs at once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from schemas.desired import Side


@dataclass(frozen=True, slots=True)
class Slot:
    """A row of the table before the plan, ``token`` unique in it."""

    token: Hashable
    scope: str
    dynamic: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """``token`` goes directly before ``before`` (None: the end of the table)."""

    token: Hashable
    before: Hashable | None
    new: bool
    neighbours: tuple[Hashable | None, Hashable | None]


def longest_increasing(values: Sequence[int]) -> list[int]:
    """Positions of one longest strictly increasing subsequence, in order."""
    tails: list[int] = []
    tail_at: list[int] = []
    previous = [-1] * len(values)
    for position, value in enumerate(values):
        rank = bisect_left(tails, value)
        if rank == len(tails):
            tails.append(value)
            tail_at.append(position)
        else:
            tails[rank], tail_at[rank] = value, position
        previous[position] = tail_at[rank - 1] if rank else -1
    chain = []
    position = tail_at[-1] if tail_at else -1
    while position >= 0:
        chain.append(position)
        position = previous[position]
    return chain[::-1]


def place(
    table: Sequence[Slot],
    wanted: Sequence[tuple[Hashable, str]],
    *,
    side: Side | None = None,
    beside: Hashable | None = None,
) -> list[Placement]:
    """Steps that bring ``wanted`` (token, scope; in the order of Git) into order: adds, then moves.

    Tokens that are not in the table are new. ``side`` and ``beside`` say where the first row of ours goes
    among rows that are not ours: first or last of its scope, or directly before or after ``beside``.
    """
    current = _Table(table)
    adds: list[Placement] = []
    added: set[Hashable] = set()
    moves: list[Placement] = []
    by_scope: dict[str, list[Hashable]] = {}
    for token, scope in wanted:
        by_scope.setdefault(scope, []).append(token)
    for scope, tokens in by_scope.items():
        stay = _staying(current, tokens)
        ours = frozenset(tokens)
        anchor: Hashable | None = None
        for rank, token in enumerate(tokens):
            if token in stay:
                anchor = token
            elif token not in current:
                before = current.after(anchor) if anchor is not None else current.start(scope, ours, side, beside)
                current.insert(token, before, scope)
                adds.append(Placement(token, before, True, _neighbours(tokens, rank)))
                added.add(token)
                anchor = token
        anchor = None
        for rank, token in enumerate(tokens):
            if token not in stay and token not in added:
                current.take(token)
                before = current.after(anchor) if anchor is not None else current.start(scope, ours, side, beside)
                current.insert(token, before, scope)
                moves.append(Placement(token, before, False, _neighbours(tokens, rank)))
            anchor = token
    return adds + moves


def _staying(table: _Table, tokens: Sequence[Hashable]) -> frozenset[Hashable]:
    present = [token for token in tokens if token in table]
    places = [table.place(token) for token in present]
    return frozenset(present[position] for position in longest_increasing(places))


def _neighbours(tokens: Sequence[Hashable], rank: int) -> tuple[Hashable | None, Hashable | None]:
    return (tokens[rank - 1] if rank else None, tokens[rank + 1] if rank + 1 < len(tokens) else None)


class _Table:
    """The table as it will be after each step."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self._slots = list(slots)
        self._index = {slot.token: place for place, slot in enumerate(self._slots)}

    def __contains__(self, token: Hashable) -> bool:
        return token in self._index

    def place(self, token: Hashable) -> int:
        return self._index[token]

    def after(self, token: Hashable) -> Hashable | None:
        """The next row that can be an anchor, of whatever scope."""
        return self._anchor(self._index[token] + 1)

    def start(
        self, scope: str, ours: frozenset[Hashable], side: Side | None, beside: Hashable | None
    ) -> Hashable | None:
        """Where a first row of ours goes: the row it stands before."""
        if side is Side.BEFORE and beside is not None:
            return beside
        if side is Side.AFTER and beside is not None:
            return self.after(beside)
        rows = [i for i, slot in enumerate(self._slots) if slot.scope == scope and not slot.dynamic]
        if not rows:
            return None
        if side is Side.LAST and not any(self._slots[i].token in ours for i in rows):
            return self._anchor(rows[-1] + 1)
        own = [i for i in rows if self._slots[i].token in ours]
        return self._slots[own[0] if own and side is not Side.FIRST else rows[0]].token

    def take(self, token: Hashable) -> None:
        del self._slots[self._index[token]]
        self._renumber()

    def insert(self, token: Hashable, before: Hashable | None, scope: str) -> None:
        self._slots.insert(len(self._slots) if before is None else self._index[before], Slot(token, scope))
        self._renumber()

    def _renumber(self) -> None:
        self._index = {slot.token: place for place, slot in enumerate(self._slots)}

    def _anchor(self, place: int) -> Hashable | None:
        return next((slot.token for slot in self._slots[place:] if not slot.dynamic), None)
