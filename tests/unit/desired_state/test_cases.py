"""Runs tests/cases/documents: files in, problems or rendered rows out."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from desired_state.load import Source, source_of
from schemas.desired import DesiredEntry, DesiredMenu, SecretRef
from schemas.errors import EmptySource, InputError, PlumblineError

FOLDER = Path(__file__).parents[2] / "cases" / "documents"
HEADS = {
    "devices": "apiVersion: plumbline/v1\nkind: Device\naddress: https://192.0.2.1\ntls: {ca: lab}\n"
    "credentials: {read: r, write: w}\nenvironment: lab\n",
    "groups": "apiVersion: plumbline/v1\nkind: Group\n",
}
FLEET = "apiVersion: plumbline/v1\nkind: Fleet\nenvironments: {lab: {lab: true}}\n"


def cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['name']}")
        for path in sorted(FOLDER.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text())
    ]


def test_there_are_cases() -> None:
    assert len(cases()) > 40


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any]) -> None:
    assert ("problems" in case) != ("menus" in case)
    if "menus" in case:
        desired = render(source_of("c" * 40, files_of(case)), case)
        assert {path: shown(menu, case["menus"].get(path)) for path, menu in desired.menus.items()} == case["menus"]
        return
    with pytest.raises(PlumblineError) as caught:
        everything(case)
    error = caught.value
    told = [str(problem) for problem in error.problems] if isinstance(error, InputError) else [str(error)]
    assert isinstance(error, EmptySource) is case.get("empty", False)
    assert len(told) == len(case["problems"]), told
    for problem, start in zip(told, case["problems"], strict=True):
        assert problem.startswith(start), problem


def everything(case: dict[str, Any]) -> None:
    source = source_of("c" * 40, files_of(case))
    if problems := source.validate():
        raise InputError(problems)
    render(source, case)


def files_of(case: dict[str, Any]) -> dict[str, bytes]:
    files = {"fleet.yaml": FLEET, **case["files"]}
    if case.get("bare"):
        return {path: text.encode() for path, text in case["files"].items()}
    made = {}
    for path, text in files.items():
        head = HEADS.get(path.partition("/")[0], "") if "apiVersion" not in text else ""
        made[path] = (head + text).encode()
    return made


def render(source: Source, case: dict[str, Any]) -> Any:
    today = datetime.date.fromisoformat(str(case.get("today", "2026-11-23")))
    return source.render(case.get("device", "r1"), case.get("version", "7.18.2"), case.get("model", ""), today=today)


def shown(menu: DesiredMenu, like: Any) -> Any:
    rows = [row(entry) for entry in menu.entries]
    if not isinstance(like, dict):
        return rows
    scopes = [f"{scope.match}: {scope.prune}" for scope in menu.scopes]
    place = f"{menu.place.side} {menu.place.match}" if menu.place else None
    told = {"rows": rows, "scopes": scopes, "place": place, "written": menu.written_only}
    told["ignores"] = [f"{ignore.match}: {','.join(sorted(ignore.fields))}" for ignore in menu.ignores]
    return {key: told[key] for key in like}


def row(entry: DesiredEntry) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: f"secret {value.name}" if isinstance(value, SecretRef) else value for name, value in entry.fields.items()
    }
    words = {
        "$id": entry.label,
        "$match": str(entry.match) if entry.match else None,
        "$absent": entry.absent or None,
        "$initial": sorted(entry.initial) or None,
        "$omit": sorted(entry.omit) or None,
        "$renamed-from": dict(entry.renamed_from) or None,
    }
    return told | {word: value for word, value in words.items() if value is not None}
