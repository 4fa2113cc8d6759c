"""Every ordered menu of the newest version: rows are moved, never taken out, and new ones go to their place at once."""

from __future__ import annotations

import datetime

import pytest

from reconciler.decide.diff import diff_menu
from reconciler.decide.order import number
from schemas.catalogue.load import open_catalogue
from schemas.catalogue.model import Menu, Order
from schemas.path import MenuPath
from tests.unit.decide import builders

CATALOGUE = open_catalogue()
TODAY = datetime.date(2026, 11, 23)
FIRST_MATCH = (
    *(f"/{family}/firewall/{table}" for family in ("ip", "ipv6") for table in ("filter", "nat", "mangle", "raw")),
    *("/interface/bridge/filter", "/interface/bridge/nat", "/interface/wifi/access-list"),
    *("/interface/wifi/provisioning", "/ip/dns/static", "/ip/ipsec/policy", "/queue/simple", "/radius"),
    *("/routing/filter/rule", "/routing/rule"),
)
"""Menus in which the router takes the first row that fits."""


def _ordered() -> list[Menu]:
    schema = CATALOGUE.schema(CATALOGUE.newest)
    menus = [schema.menu(MenuPath(path)) for path in CATALOGUE.paths(CATALOGUE.newest)]
    return [menu for menu in menus if menu is not None and menu.order is not Order.NONE and menu.addable]


@pytest.mark.parametrize("path", FIRST_MATCH)
@pytest.mark.parametrize("version", CATALOGUE.versions)
def test_where_the_first_row_wins_order_is_evaluated(path: str, version: str) -> None:
    menu = CATALOGUE.schema(version).menu(MenuPath(path))
    assert menu is None or menu.order is Order.EVALUATED


@pytest.mark.parametrize("menu", _ordered(), ids=lambda menu: str(menu.path))
def test_rows_turned_round_are_moved_where_order_means_something(menu: Menu) -> None:
    rows = [_row(menu, n) for n in range(4)]
    turned = [rows[3], *rows[:3]]
    told = _changes(menu, rows, turned, rows)
    assert told == ([{"move": 1, "before": "end"}] if menu.order is Order.EVALUATED else [])
    assert _changes(menu, rows, rows, rows) == []


@pytest.mark.parametrize("menu", _ordered(), ids=lambda menu: str(menu.path))
def test_a_new_row_goes_to_its_place_at_once(menu: Menu) -> None:
    rows = [_row(menu, n) for n in range(4)]
    [added] = _changes(menu, rows, [rows[0], rows[2], rows[3]], [rows[0], rows[2], rows[3]])
    assert "add" in added
    assert added.get("before") == (2 if menu.order is Order.EVALUATED else None)


def _row(menu: Menu, number_: int) -> dict[str, str]:
    """A row that differs from its like; of one order scope."""
    row = {name: f"10.0.{number_}.0/24" if "address" in name else f"{name}-{number_}" for name in menu.key}
    if menu.order_scope:
        row[menu.order_scope] = "one"
    return row if menu.key else {**row, "comment": f"row {number_}"}


def _changes(
    menu: Menu, wanted: list[dict[str, str]], seen: list[dict[str, str]], applied: list[dict[str, str]]
) -> list[dict[str, object]]:
    desired = builders.desired(menu.path, {"desired": wanted})
    result = diff_menu(menu, desired, builders.observed(seen), builders.applied(applied), today=TODAY)
    assert result.problems == []
    assert result.refusals == []
    return [builders.told(change) for change in number(result.steps, [menu])]
