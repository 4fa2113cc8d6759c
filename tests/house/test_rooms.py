"""The rooms: each stands in the contracts, each is shipped, and none is shadowed by something installed."""

import ast
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tests.house.sources import ROOT, own_files, rooms, settings, shown

PURE = ["reconciler/decide", "reconciler/views"]


def test_every_room_stands_in_the_contracts() -> None:
    linter = settings()["tool"]["importlinter"]
    down = next(contract for contract in linter["contracts"] if contract["name"] == "Imports point down")
    layered = {name.strip().partition(".")[0] for layer in down["layers"] for name in layer.split("|")}
    assert sorted(linter["root_packages"]) == rooms()
    assert sorted(layered) == rooms()


def test_every_room_is_checked_and_shipped() -> None:
    tools = settings()["tool"]
    assert sorted(tools["mypy"]["files"]) == sorted([*rooms(), "tests"])
    assert sorted(tools["setuptools"]["packages"]["find"]["include"]) == [f"{room}*" for room in rooms()]


def test_every_single_room_rule_names_every_other_room() -> None:
    """A contract of the form "only X" leaves out one room, so that a new room is forbidden until it is placed."""
    for contract in settings()["tool"]["importlinter"]["contracts"]:
        if not contract["name"].startswith("Only "):
            continue
        named = {source.partition(".")[0] for source in contract["source_modules"]}
        assert len(set(rooms()) - named) == 1, contract["name"]


def test_no_installed_distribution_brings_a_name_of_ours() -> None:
    ours = set(rooms())
    clashes = [
        f"{distribution.metadata['Name']} brings {name}"
        for distribution in distributions()
        if distribution.metadata["Name"] != "plumbline"
        for name in {Path(str(file)).parts[0].removesuffix(".py") for file in distribution.files or []} & ours
    ]
    assert clashes == []


@pytest.mark.parametrize("folder", PURE)
def test_pure_rooms_import_nouns_and_the_standard_library_only(folder: str) -> None:
    allowed = {*sys.stdlib_module_names, "schemas"}
    own = folder.replace("/", ".")
    foreign = [
        f"{shown(path)} imports {name}"
        for path in (ROOT / folder).rglob("*.py")
        for name in _imported(path)
        if name.partition(".")[0] not in allowed and not f"{name}.".startswith(f"{own}.")
    ]
    assert foreign == []


@pytest.mark.parametrize("folder", PURE)
def test_pure_rooms_meet_nothing_of_the_machine(folder: str) -> None:
    """No clock, file, socket, thread or chance: what is decided follows from the arguments."""
    effects = {"asyncio", "os", "pathlib", "random", "secrets", "shutil", "socket", "subprocess", "threading", "time"}
    found = [
        f"{shown(path)} imports {name}"
        for path in (ROOT / folder).rglob("*.py")
        for name in _imported(path)
        if name.partition(".")[0] in effects
    ]
    assert found == []


def test_every_folder_of_python_is_a_package() -> None:
    """A folder without ``__init__.py`` would be left out of what is shipped."""
    lone = {
        shown(path.parent)
        for path in own_files(".py")
        if shown(path).partition("/")[0] in rooms() and not (path.parent / "__init__.py").is_file()
    }
    assert lone == set()


def _imported(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names
