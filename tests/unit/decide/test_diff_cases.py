"""tests/cases/diff/*.yaml: desired, observed and applied rows, and exactly what must be done."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.decide.diff import diff_menu
from reconciler.decide.order import number
from schemas.catalogue.load import open_catalogue
from tests.unit.decide import builders

CASES = Path(__file__).parents[2] / "cases" / "diff"
TODAY = datetime.date(2026, 11, 23)
VERSION = "7.18.2"


def _cases() -> list[Any]:
    found = []
    for file in sorted(CASES.glob("*.yaml")):
        found += [pytest.param(case, id=f"{file.stem}: {case['name']}") for case in yaml.safe_load(file.read_text())]
    return found


@pytest.mark.parametrize("case", _cases())
def test_diff(case: dict[str, Any]) -> None:
    menu = builders.menu_of(open_catalogue().schema(case.get("version", VERSION)), case["menu"])
    wanted = builders.desired(case["menu"], case)
    applied = builders.applied(case.get("applied", ()))
    seen = builders.observed(case["observed"])
    result = diff_menu(menu, wanted, seen, applied, today=TODAY)

    changes = number(result.steps, [menu])
    assert [builders.told(change) for change in changes] == case["changes"]
    for kind in ("unmanaged", "unverified", "ignored"):
        assert len(getattr(result, kind)) == case.get(kind, 0), getattr(result, kind)
    assert [rule for rule, _ in result.refusals] == case.get("refused", [])
    assert len(result.problems) == case.get("problems", 0), result.problems
    if "cause" in case:
        assert {change.cause.value for change in changes} == {case["cause"]}
