"""The published JSON Schema and the loader: both accept and refuse the same documents.

A case whose problem only the loader can see says ``editor: accepts``.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from desired_state.editors import documents_schema
from schemas.catalogue.load import open_catalogue
from tests.unit.desired_state.test_cases import cases, files_of

EXAMPLES = Path(__file__).parents[3] / "examples"


class _Editor(yaml.SafeLoader):
    """YAML 1.2 as editors read it: ``no`` is a text, ``0x80`` a number."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  # as the library has it


for tag, pattern, first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    ("float", r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$", "-+.0123456789"),
):
    _Editor.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


@functools.cache
def validator(version: str) -> jsonschema.protocols.Validator:
    catalogue = open_catalogue()
    return jsonschema.Draft202012Validator(documents_schema(catalogue, catalogue.schema(version)))


def refused(version: str, text: bytes) -> str:
    """What an editor would mark first, '' for nothing."""
    try:
        documents = list(yaml.load_all(text, Loader=_Editor))  # it is a SafeLoader
    except (yaml.YAMLError, ValueError) as unreadable:
        return str(unreadable)
    errors = (error for each in documents for error in validator(version).iter_errors(each))
    error = jsonschema.exceptions.best_match(errors)
    return f"{error.json_path}: {error.message[:300]}" if error else ""


def is_document(path: str) -> bool:
    return path == "fleet.yaml" or (path.startswith(("devices/", "groups/")) and path.endswith(".yaml"))


@pytest.mark.parametrize("case", cases())
def test_an_editor_says_what_the_loader_says(case: dict[str, Any]) -> None:
    version = case.get("version", "7.18.2")
    told = {path: refused(version, text) for path, text in files_of(case).items() if is_document(path)}
    wrong = {path: text for path, text in told.items() if text}
    if "menus" in case:
        assert not wrong
    else:
        assert bool(wrong) != (case.get("editor") == "accepts"), wrong


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("fleet-small/**/*.yaml")), ids=lambda path: path.name)
@pytest.mark.parametrize("version", ["7.12.2", "7.24"])
def test_the_examples_are_accepted(path: Path, version: str) -> None:
    assert refused(version, path.read_bytes()) == ""


def test_it_is_a_json_schema() -> None:
    """Of the hundreds of alike definitions every twentieth is looked at: all of them take half a minute."""
    schema = dict(validator("7.24").schema)
    alike = [name for name in schema["$defs"] if "." in name]
    schema["$defs"] = {
        name: each for name, each in schema["$defs"].items() if name not in set(alike) - set(alike[::10])
    }
    menus = schema["$defs"]["menus"]["properties"]
    schema["$defs"]["menus"] = {"properties": {path: menus[path] for path in list(menus)[::20]}}
    jsonschema.Draft202012Validator.check_schema(schema)


def test_what_one_version_lacks_is_refused_there_unless_it_is_for_another() -> None:
    head = b"apiVersion: plumbline/v1\nkind: Group\nmenus:\n  /ip/service:\n"
    text = head + b"    - {$match: {name: www}, max-sessions: 5%s}\n"
    assert refused("7.24", text % b"") == ""
    assert refused("7.12.2", text % b"").startswith("$.menus")
    assert refused("7.12.2", text % b', $when: {routeros: ">=7.16"}') == ""
