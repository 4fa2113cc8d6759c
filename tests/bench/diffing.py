"""CPU of comparing one large menu with what Git says, a hundredth of it changed."""

from __future__ import annotations

import datetime
import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from reconciler.decide.diff import diff_menu
from reconciler.decide.normalise import normaliser
from reconciler.decide.order import number
from schemas.catalogue.load import open_catalogue
from schemas.catalogue.model import Menu
from schemas.desired import DesiredEntry, DesiredMenu
from schemas.location import Location
from schemas.observed import AppliedEntry, ObservedMenu, Row
from schemas.path import MenuPath

_HERE = Location("devices/edge.yaml", 1)
_TODAY = datetime.date(2026, 11, 23)
_EVERY = 100


@dataclass(frozen=True)
class Case:
    """A menu to compare: its rows by number, the field that differs in every hundredth, the seconds promised."""

    path: str
    row: Callable[[int], dict[str, str]]
    field: str
    target: float | None = None


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU: of comparing, and of a bare walk that looks at every value of the same rows once. The walk
    grows by what memory that no cache holds costs on this machine."""

    compared: float
    walked: float


def _address(number: int) -> dict[str, str]:
    return {"list": f"group{number % 7}", "address": f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"}


def _rule(number: int) -> dict[str, str]:
    rule = {"chain": "forward", "action": "accept", "protocol": "tcp", "dst-port": str(number % 60000 + 1)}
    return rule | {"src-address": f"10.{number % 250}.{number // 250 % 250}.0/24", "comment": f"rule {number}"}


CASES = (
    Case("/ip/firewall/address-list", lambda n: _address(n) | {"comment": f"entry {n}"}, "comment", 1.0),
    Case("/ip/firewall/filter", _rule, "comment"),
)


def measure(case: Case, count: int, rounds: int) -> Cost:
    """Medians of comparing ``count`` rows and numbering the changes. Every round has other texts, so
    that none is known from the round before."""
    menu = open_catalogue().schema("7.18.2").menu(MenuPath(case.path))
    assert menu is not None
    costs = [_once(case, menu, count, turn * count) for turn in range(rounds)]
    return Cost(*(statistics.median(each) for each in zip(*costs, strict=True)))


def _seen(case: Case, place: int, row: Row) -> dict[str, str]:
    shown = {".id": f"*{place + 1:X}", **row, "disabled": "false", "dynamic": "false"}
    return shown if place % _EVERY else shown | {case.field: "by hand"}


def _once(case: Case, menu: Menu, count: int, first: int) -> tuple[float, float]:
    rows = [case.row(first + n) for n in range(count)]
    desired = DesiredMenu(menu.path, tuple(DesiredEntry(row, _HERE) for row in rows), origin=_HERE)
    applied = tuple(AppliedEntry(row) for row in rows)
    seen = ObservedMenu(tuple(_seen(case, n, row) for n, row in enumerate(rows)))
    normaliser.cache_clear()  # a plan is made by a process that begins with nothing known
    gc.collect()
    began = time.process_time()
    result = diff_menu(menu, desired, seen, applied, today=_TODAY)
    changes = number(result.steps, [menu])
    spent = time.process_time() - began
    assert len(changes) == count // _EVERY
    return spent, _walk(desired, seen)


def _walk(desired: DesiredMenu, seen: ObservedMenu) -> float:
    began = time.process_time()
    by_text: dict[tuple[str, ...], object] = {}
    for row in seen.rows:
        by_text[tuple(text for name, text in row.items() if name != ".id")] = row
    for entry in desired.entries:
        by_text.get(tuple(str(text) for text in entry.fields.values()))
    return time.process_time() - began
