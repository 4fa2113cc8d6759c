"""The demo as people run it, and what its routers hold at the end, read by the standard library alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.fleet.fleet_tools import REPOSITORY, Administrator

GOLDEN = json.loads((Path(__file__).parent / "golden" / "demo.json").read_text())
STORY = {
    "format": "plumbline.demo/v1",
    "devices": 4,
    "changes_planned": 11,
    "changes_applied": 11,
    "second_plan_changes": 0,
    "drift_found": 3,
    "drift_after": 0,
    "proposals": 1,
}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What the demo told at its end; its routers are still there."""
    with _demo(tmp_path_factory.mktemp("demo"), "--hold", "--output", "json") as process:
        yield _document(process)


def test_the_story_in_numbers(held: dict[str, Any]) -> None:
    assert {name: held[name] for name in STORY} == STORY
    assert held.keys() - STORY.keys() == {"login", "routers"}


@pytest.mark.parametrize("name", GOLDEN["routers"])
def test_a_router_holds_what_git_and_the_edits_say(held: dict[str, Any], name: str) -> None:
    address = next(router["address"] for router in held["routers"] if router["name"] == name)
    expected = {**GOLDEN["everywhere"], **GOLDEN["routers"][name]}
    assert expected.keys() == GOLDEN["unwritten"].keys()
    with Administrator(address, held["login"]["user"], held["login"]["password"]) as administrator:
        found = {path: administrator.rows(path) for path in expected}
    for path, rows in expected.items():
        wanted = [rows] if isinstance(rows, dict) else rows
        assert [_written(path, row) for row in found[path] if not _connected(path, row)] == wanted, path


def test_nothing_is_left_behind_unless_it_is_asked_for(tmp_path: Path) -> None:
    with _demo(tmp_path, "--output", "json") as process:
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert json.loads(out) == STORY
    assert [place.name for place in tmp_path.iterdir() if place.name.startswith("plumbline-demo-")] == []


def test_the_narration_shows_commands_and_keeps_the_folder(tmp_path: Path) -> None:
    with _demo(tmp_path, "--keep") as process:
        out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, b"")
    told = out.decode()
    order = [
        "$ plumbline plan\nNothing to do: 4 devices are as Git says.",
        "$ git diff --unified=1",
        "Plan: 2 to add, 4 to set, 1 to remove, 4 to move on 4 devices.",
        "ada wrote or asked for this change; another person must approve it.",
        " --as reviewer | plumbline apply ",
        "Nothing to do: 4 devices are as Git says.",
        "Drift: 1 added, 1 changed, 1 removed, 0 moved on 2 devices.",
        "No drift: 4 devices are as last confirmed.",
        "proposal_create",
        "awaiting approval; a person runs: plumbline approve",
        "Proposed-by: demo-agent",
        "the routers have counted 0 writes",
    ]
    places = [told.find(text) for text in order]
    assert -1 not in places, order[places.index(-1)]
    assert [told.find(text, before) for text, before in zip(order[1:], places, strict=False)].count(-1) == 0
    (folder,) = [place for place in tmp_path.iterdir() if place.name.startswith("plumbline-demo-")]
    assert (folder / "fleet" / "groups" / "branch.yaml").is_file()
    assert "\x1b" not in told


def _written(path: str, row: Mapping[str, str]) -> dict[str, str]:
    """A row without what the router made up and without what nobody wrote."""
    unwritten = GOLDEN["unwritten"][path]
    kept = {name: text for name, text in row.items() if name not in GOLDEN["router_made"]}
    return {name: text for name, text in kept.items() if unwritten.get(name) != text}


def _connected(path: str, row: Mapping[str, str]) -> bool:
    return path in ("/ip/route", "/ip/service") and row.get("dynamic") == "true"


@contextmanager
def _demo(folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """The demo as a process; its standard input ends with the block, and with that the demo."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "demo", *words],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder), "PYTHONPATH": str(REPOSITORY)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if "--hold" not in words else subprocess.DEVNULL,
    )
    with process:
        yield process
        if process.stdin is not None and not process.stdin.closed:
            process.stdin.close()
        assert process.wait(timeout=60) == 0


def _document(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """The object on standard output, without waiting for its end."""
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line.decode()
        if line == b"}\n":
            found: dict[str, Any] = json.loads(text)
            return found
    raise AssertionError(f"the demo ended early: {text}")
