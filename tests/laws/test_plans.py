"""Plans: nothing to do where all is as Git says; carried out, nothing is left to do; and the way back leads back.

A table of rows stands for the router: changes are carried out on it by a few lines that know nothing of how they
were found.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hypothesis import given
from hypothesis import strategies as st

from reconciler.decide.diff import diff_menu
from reconciler.decide.order import number
from schemas.catalogue.load import open_catalogue
from schemas.catalogue.model import Menu
from schemas.change import Change
from schemas.desired import DesiredEntry, DesiredMenu, Place, Prune, Scope, Side
from schemas.location import Location
from schemas.observed import AppliedEntry, ObservedMenu
from schemas.path import MenuPath

HERE = Location("devices/edge.yaml", 1)
TODAY = datetime.date(2026, 11, 23)
SCHEMA = open_catalogue().schema("7.18.2")

Fields = dict[str, str]

_RULES = st.fixed_dictionaries(
    {"chain": st.sampled_from(("input", "forward")), "action": st.sampled_from(("accept", "drop"))},
    optional={"protocol": st.just("icmp"), "comment": st.sampled_from(("a", "b")), "disabled": st.just("true")},
)
_ADDRESSES = st.fixed_dictionaries(
    {"address": st.sampled_from([f"10.0.{n}.1/24" for n in range(4)]), "interface": st.sampled_from(("lan", "wan"))},
    optional={"comment": st.sampled_from(("a", "b")), "disabled": st.just("true")},
)
_RECORDS = st.fixed_dictionaries(
    {"name": st.sampled_from(("www", "mail")), "address": st.sampled_from(("192.0.2.1", "192.0.2.2", "192.0.2.3"))},
    optional={"ttl": st.sampled_from(("1h", "2h")), "comment": st.sampled_from(("a", "b"))},
)
_MENUS: dict[str, tuple[st.SearchStrategy[Fields], tuple[str, ...]]] = {
    "/ip/firewall/filter": (_RULES, ()),
    "/ip/address": (_ADDRESSES, ("address", "interface")),
    "/ip/dns/static": (_RECORDS, ("name", "address")),
}
"""Rows of a menu, and the fields that no two of them may share."""


@dataclass
class Table:
    """Rows as a router holds them; ids are never used twice."""

    rows: list[Fields] = field(default_factory=list)
    made: dict[int, str] = field(default_factory=dict)
    last: int = 0

    def add(self, fields: Fields, place: int | None = None) -> str:
        self.last += 1
        row = {".id": f"*{self.last:X}", **fields}
        self.rows.insert(len(self.rows) if place is None else place, row)
        return row[".id"]

    def carry_out(self, changes: Sequence[Change]) -> None:
        for change in changes:
            after = {name: str(value) for name, value in change.after.items() if value is not None}
            match change.action.value:
                case "add":
                    self.made[change.number] = self.add(after, self._place(change))
                case "set":
                    row = self._row(change.handle)
                    for name in change.after:
                        row.pop(name, None)
                    row.update(after)
                case "remove":
                    self.rows.remove(self._row(change.handle))
                case _:
                    row = self._row(change.handle)
                    self.rows.remove(row)
                    place = self._place(change)
                    self.rows.insert(len(self.rows) if place is None else place, row)

    def _row(self, handle: str | None) -> Fields:
        return next(row for row in self.rows if row[".id"] == handle)

    def _place(self, change: Change) -> int | None:
        anchor = change.anchor
        if anchor is None or (anchor.handle is None and anchor.change is None):
            return None
        handle = anchor.handle or self.made[anchor.change or 0]
        return self.rows.index(self._row(handle))


@dataclass(frozen=True)
class Case:
    """Rows of two commits and of somebody else, in one menu."""

    path: str
    first: list[Fields]
    second: list[Fields]
    foreign: list[Fields]

    @property
    def menu(self) -> Menu:
        menu = SCHEMA.menu(MenuPath(self.path))
        assert menu is not None
        return menu


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    path = draw(st.sampled_from(sorted(_MENUS)))
    rows, unique = _MENUS[path]
    key = (lambda row: tuple(row[name] for name in unique)) if unique else None
    first = draw(st.lists(rows, max_size=6, unique_by=key) if key else st.lists(rows, max_size=6))
    second = draw(st.lists(rows, max_size=6, unique_by=key) if key else st.lists(rows, max_size=6))
    case = Case(path, first, second, draw(st.lists(rows, max_size=1 if key else 3)))
    taken = {_named(case.menu, row) for row in (*first, *second)}
    return replace(case, foreign=[row for row in case.foreign if not key or _named(case.menu, row) not in taken])


def _named(menu: Menu, row: Fields) -> tuple[str, ...]:
    return tuple(row.get(name, "") for name in menu.key)


def _plan(case: Case, wanted: Sequence[Fields], table: Table, applied: Sequence[Fields], prune: Prune) -> list[Change]:
    desired = DesiredMenu(
        case.menu.path,
        tuple(DesiredEntry(row, HERE) for row in wanted),
        scopes=(Scope(prune=prune),),
        place=Place(Side.FIRST),
        origin=HERE,
    )
    seen = ObservedMenu(tuple(dict(row) for row in table.rows))
    result = diff_menu(case.menu, desired, seen, [AppliedEntry(row) for row in applied], today=TODAY)
    assert not result.problems
    return list(number(result.steps, [case.menu]))


def _table(rows: Sequence[Fields]) -> Table:
    table = Table()
    for row in rows:
        table.add(row)
    return table


def _contents(case: Case, table: Table) -> dict[str, list[Fields]]:
    """Rows without ids and what is at its default, in their order, by order scope."""
    found: dict[str, list[Fields]] = {}
    for row in table.rows:
        shown = {n: t for n, t in row.items() if n != ".id" and t and t != case.menu.fields[n].default}
        found.setdefault(row.get(case.menu.order_scope or "", ""), []).append(shown)
    if not case.menu.order_scope and case.menu.order.value != "evaluated":
        return {scope: sorted(rows, key=lambda row: sorted(row.items())) for scope, rows in found.items()}
    return found


@given(_cases())
def test_where_all_is_as_git_says_there_is_nothing_to_do(case: Case) -> None:
    for prune in Prune:
        assert not _plan(case, case.first, _table(case.first), case.first, prune)
        assert not _plan(case, case.first, _table(case.first), (), prune)


@given(_cases())
def test_carried_out_nothing_is_left_to_do(case: Case) -> None:
    for prune in (Prune.APPLIED, Prune.ALL):
        table = _table([*case.foreign, *case.first])
        table.carry_out(_plan(case, case.second, table, case.first, prune))
        assert not _plan(case, case.second, table, case.second, prune)


@given(_cases())
def test_rows_of_nobody_stay_as_they_are(case: Case) -> None:
    if case.menu.key:
        table = _table([*case.foreign, *case.first])
        before = table.rows[: len(case.foreign)]
        kept = [dict(row) for row in before]
        table.carry_out(_plan(case, case.second, table, case.first, Prune.APPLIED))
        assert [row for row in table.rows if row[".id"] in {each[".id"] for each in kept}] == kept


@given(_cases())
def test_the_way_back_leads_back(case: Case) -> None:
    table = _table(case.first)
    before = _contents(case, table)
    table.carry_out(_plan(case, case.second, table, case.first, Prune.ALL))
    assert _contents(case, table) == _contents(case, _table(case.second))
    table.carry_out(_plan(case, case.first, table, case.second, Prune.ALL))
    assert _contents(case, table) == before
