"""tests/cases/diff/*.yaml: desired, observed and applied rows, and exactly what must be done."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.decide.cases import cases, judge


def _params() -> list[Any]:
    return [
        pytest.param(
            case,
            id=name,
            marks=[pytest.mark.xfail(reason=case["xfail"], strict=True, raises=AssertionError)]
            if "xfail" in case
            else [],
        )
        for name, case in cases()
    ]


@pytest.mark.parametrize("case", _params())
def test_diff(case: dict[str, Any]) -> None:
    judge(case)
