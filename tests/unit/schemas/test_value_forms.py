"""Runs tests/cases/values: what is written, what reads back, what is refused, and what the catalogue says of fields."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.decide.normalise import Normaliser, is_compared, normaliser
from schemas.catalogue.load import open_catalogue
from schemas.catalogue.model import Field, Menu
from schemas.path import MenuPath
from schemas.values import parse_type

FOLDER = Path(__file__).parents[2] / "cases" / "values"
KEYS = {
    "id",
    "what",
    "at",
    "version",
    "with",
    "written",
    "reads",
    "sends",
    "differ",
    "refused",
    "is",
    "evidence",
    "unproven",
}


def cases() -> list[Any]:
    files = sorted(FOLDER.glob("*.yaml"))
    return [pytest.param(case, id=case["id"]) for file in files for case in yaml.safe_load(file.read_text("utf-8"))]


def test_ids_are_unique_and_keys_are_known() -> None:
    found = [parameter.values[0] for parameter in cases()]
    assert len({case["id"] for case in found}) == len(found) > 100
    for case in found:
        assert case.keys() <= KEYS, case["id"]
        assert case["at"], case["id"]
        assert case["evidence"], case["id"]
        assert {"written", "refused", "is"} & case.keys(), case["id"]
        assert ("written" in case) == ("reads" in case), case["id"]


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    wrong = list(problems(case))
    if not case.get("unproven"):
        assert not wrong, "\n".join(wrong)
        return
    with capsys.disabled():
        verdict = f"does not hold: {'; '.join(wrong)}" if wrong else "holds here"
        print(f"\nunproven: {case['id']} ({case['evidence']}) {verdict}", end="")


def problems(case: dict[str, Any]) -> Iterator[str]:
    """Everything of a case that does not hold. A place that does not exist is never a matter of proof."""
    schema = open_catalogue().schema(str(case.get("version", open_catalogue().newest)))
    for path, names in case["at"].items():
        menu = schema.menu(MenuPath(path))
        assert menu is not None, f"{path} is no menu of {schema.version}"
        for name in names:
            assert name in menu.fields, f"{path} has no field {name} in {schema.version}"
            for problem in judged(case, menu, menu.fields[name]):
                yield f"{path} {name}: {problem}"


def judged(case: dict[str, Any], menu: Menu, field: Field) -> Iterator[str]:
    norm = normaliser(menu)
    kind = parse_type(field.type)
    beside = case.get("with", {})
    row = beside if case.get("reads") is None else {field.name: case["reads"], **beside}
    for native in case.get("written", ()):
        yield from written(case, norm, field, native, row)
    for text in case.get("differ", ()):
        if norm.reads_as({field.name: text, **beside}, row, whole=False):
            yield f"{text!r} counts as {case['reads']!r}, as a value of {field.type}"
    for native in case.get("refused", ()):
        try:
            text = kind.text(native)
        except ValueError:
            continue
        yield f"{native!r} is taken for {text!r}, as a value of {field.type}"
    for key, value in case.get("is", {}).items():
        if getattr(field, key) != value:
            yield f"{key} is {getattr(field, key)!r}, not {value!r}"


def written(case: dict[str, Any], norm: Normaliser, field: Field, native: object, row: dict[str, str]) -> Iterator[str]:
    """Whether a value means what is read back, and is sent as it should be."""
    if not is_compared(field):
        yield "it is never compared"
        return
    try:
        text = parse_type(field.type).text(native)
    except ValueError as problem:
        yield f"{native!r} is refused: {problem}"
        return
    if not norm.reads_as({field.name: text, **case.get("with", {})}, row, whole=False):
        yield f"{native!r} does not count as {case['reads']!r}, as a value of {field.type}"
    wanted = text if case.get("sends") == "written" else case.get("sends", case["reads"])
    sent = norm.sent(field.name, text)
    if wanted is not None and sent != wanted:
        yield f"{native!r} is sent as {sent!r}, not {wanted!r}"
