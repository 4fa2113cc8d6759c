"""Each import contract breaks when it is broken, and only then."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT, settings

_PARTS = ["wiring", "operations", "act", "decide", "views", "vault", "outbound"]
# contract → (module of ours, what it imports against the rule); None where the module itself is one too many
_VIOLATIONS: dict[str, tuple[str, str | None]] = {
    "Imports point down": ("schemas.bad", "store"),
    "Every part of the reconciler has its floor": ("reconciler.unplaced", None),
    "Deciding and rendering know nouns only": ("reconciler.decide.bad", "msgspec"),
    "Acting is handed its plan; it reads no Git, tells no forge, knows no simulator": (
        "reconciler.act.bad",
        "desired_state",
    ),
    "Operations do not know the simulator": ("reconciler.operations.bad", "simulator"),
    "Doors know operations, views, wiring and nouns": ("cli.bad", "store"),
    "The simulator has its own codec": ("simulator.bad", "schemas.values"),
    "Only routeros talks to devices": ("service.bad", "aiohttp"),
    "Only the store speaks SQL": ("reconciler.wiring.bad", "sqlite3"),
    "Only desired_state speaks Git": ("mcp_server.bad", "dulwich"),
    "Only the vault has keys": ("reconciler.act.keys", "cryptography"),
    "Signatures are the vault's, not the simulator's": ("simulator.signs", "joserfc"),
    "Only mcp_server speaks MCP": ("cli.clients", "mcp"),
    "Only the command line draws on terminals": ("reconciler.views.bad", "rich"),
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """An empty house with our contracts: every room, every part of the reconciler, nothing in them."""
    rooms = settings()["tool"]["importlinter"]["root_packages"]
    for name in [*rooms, "schemas/values", *(f"reconciler/{part}" for part in _PARTS)]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_tried() -> None:
    assert [contract["name"] for contract in settings()["tool"]["importlinter"]["contracts"]] == list(_VIOLATIONS)


def test_an_empty_house_keeps_every_contract(house: Path) -> None:
    assert _verdicts(house) == dict.fromkeys(_VIOLATIONS, "KEPT")


def test_each_contract_breaks(house: Path) -> None:
    for module, imported in _VIOLATIONS.values():
        text = f"import {imported}\n" if imported else ""
        (house / module.replace(".", "/")).with_suffix(".py").write_text(text)
    assert _verdicts(house) == dict.fromkeys(_VIOLATIONS, "BROKEN")


def _verdicts(house: Path) -> dict[str, str]:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", "pyproject.toml"],
        cwd=house,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "500", "PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
    )
    return dict(re.findall(r"^(.+?) (KEPT|BROKEN)\b", run.stdout, re.MULTILINE))
