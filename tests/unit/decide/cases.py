"""The cases of tests/cases/diff: read, run and judged; their keys stand in tests/cases/diff/README.md."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from reconciler.decide.diff import diff_menu
from reconciler.decide.order import number
from reconciler.decide.plan import Judging, plan_device
from schemas.catalogue.load import open_catalogue
from schemas.desired import Desired
from schemas.device import Device, Fleet, Limits, Mode, Tls
from schemas.observed import Applied, DeviceFacts, Observed, ObservedMenu
from schemas.path import MenuPath
from tests.unit.decide import builders

CASES = Path(__file__).parents[2] / "cases" / "diff"
TODAY = datetime.date(2026, 11, 23)
VERSION = "7.18.2"
ENGINES_OWN = ("place", "order")
"""What the engine refuses; what guards refuse stands in their own tests."""
NOTICES = ("unmanaged", "unverified", "ignored")

_NOW = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
_DEVICE = Device("edge", ("https://192.0.2.1",), Tls(insecure=True), "ro", "rw", environment="lab", mode=Mode.MANAGE)
_LIMITS = Limits(removes=1000, remove_share=1.0)


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every case with its name: file and words."""
    for file in sorted(CASES.glob("*.yaml")):
        for case in yaml.safe_load(file.read_text()):
            yield f"{file.stem}: {case['name']}", case


def pains(case: Mapping[str, Any]) -> list[str]:
    """The ids of the pain cases that a case answers."""
    named = case.get("pain", [])
    return [named] if isinstance(named, str) else list(named)


def judge(case: Mapping[str, Any]) -> None:
    """Raises AssertionError where the engine does something else than the case says."""
    if "menus" in case:
        _judge_plan(case)
    else:
        _judge_menu(case)


def _judge_menu(case: Mapping[str, Any]) -> None:
    menu = builders.menu_of(open_catalogue().schema(case.get("version", VERSION)), case["menu"])
    wanted = builders.desired(case["menu"], case)
    assert {name for entry in wanted.entries for name in entry.fields} <= menu.fields.keys()
    applied = builders.applied(case.get("applied", ()))
    seen = builders.observed(case["observed"])
    result = diff_menu(menu, wanted, seen, applied, secrets=_secrets(case), today=TODAY)

    changes = number(result.steps, [menu])
    assert [builders.told(change) for change in changes] == case["changes"]
    for kind in NOTICES:
        assert len(getattr(result, kind)) == case.get(kind, 0), getattr(result, kind)
    assert [rule for rule, _ in result.refusals] == case.get("refused", [])
    assert len(result.problems) == case.get("problems", 0), result.problems
    if "cause" in case:
        assert {change.cause.value for change in changes} == {case["cause"]}


def _judge_plan(case: Mapping[str, Any]) -> None:
    version = case.get("version", VERSION)
    menus = {MenuPath(path): given for path, given in case["menus"].items()}
    facts = DeviceFacts("HE1", "CHR", version)
    wanted = {path: builders.desired(path, given) for path, given in menus.items() if "desired" in given}
    seen = {path: _seen(given["observed"]) for path, given in menus.items()}
    confirmed = {path: builders.applied(given["applied"]) for path, given in menus.items() if "applied" in given}
    result = plan_device(
        _DEVICE,
        Desired(_DEVICE, Fleet(), "0" * 40, wanted),
        Observed("edge", facts, seen, _NOW),
        Applied("edge", "0" * 40, "HE1", version, confirmed) if confirmed else None,
        open_catalogue().schema(version).menu,
        Judging(_LIMITS, (), frozenset(), TODAY, _secrets(case)),
        schema_version=version,
    )
    plan = result.plan
    assert [{"at": change.path, **builders.told(change)} for change in plan.changes] == case["changes"]
    for kind in (*NOTICES, "released", "drift"):
        assert kind not in case or len(getattr(plan, kind)) == case[kind], getattr(plan, kind)
    refused = [finding.rule for finding in result.findings if finding.rule in ENGINES_OWN]
    assert refused == case.get("refused", []), result.findings
    assert len(result.problems) == case.get("problems", 0), result.problems


def _seen(rows: Any) -> ObservedMenu:
    return ObservedMenu((), False) if rows == "absent" else builders.observed(rows)


def _secrets(case: Mapping[str, Any]) -> Any:
    """``written-secrets``: whether the secrets that Git names are the ones last written."""
    known = case.get("written-secrets")
    return lambda _identity, _field, _secret: known
