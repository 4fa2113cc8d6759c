"""The budgets count what they say they count."""

from pathlib import Path

import pytest

from tests.house import budgets

HABITS = """
from typing import TYPE_CHECKING, Any
if TYPE_CHECKING:
    import os
def lazy(data: dict[str, Any]) -> None:
    import json
    try:
        json.dumps(data)
    except (ValueError, Exception):
        pass
    except:
        pass
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tests.house.sources.ROOT", tmp_path)
    return tmp_path


def test_sizes_and_habits_are_counted(folder: Path) -> None:
    (folder / "habits.py").write_text(HABITS)
    (folder / "long.py").write_text("def long():\n" + "    x = 1\n" * 400)
    tally = budgets.measure([folder / "habits.py", folder / "long.py"])
    assert tally.long_files == ["401 long.py"]
    assert tally.long_functions == ["401 long.py:1 long"]
    assert tally.hidden_imports == ["habits.py:3", "habits.py:6"]
    assert tally.broad_excepts == ["habits.py:9", "habits.py:11"]
    assert tally.untyped_dicts == ["habits.py:5"]


def test_repeated_lines_are_found_whatever_their_indentation(folder: Path) -> None:
    block = [f"value_{number} = {number}" for number in range(7)]
    (folder / "one.py").write_text("\n".join(["first = 1", *block]))
    indented = [f"    {line}" for line in block]
    (folder / "two.py").write_text("\n".join(["if True:", *indented, "    last = 2", "    end = 3"]))
    share, runs = budgets.repeated([folder / "one.py", folder / "two.py"])
    assert share == pytest.approx(14 / 18)
    assert runs == ["7 one.py:2", "7 two.py:2"]


def test_five_equal_lines_are_no_repetition(folder: Path) -> None:
    block = [f"value_{number} = {number}" for number in range(5)]
    for name in ("one.py", "two.py"):
        (folder / name).write_text("\n".join([*block, f"name = '{name}'"]))
    assert budgets.repeated([folder / "one.py", folder / "two.py"]) == (0.0, [])
