"""``plumbline --help`` must be quick, so it may load none of the heavy libraries."""

import subprocess
import sys

import pytest

from tests.house.sources import ROOT

HEAVY = {
    "aiohttp", "alembic", "cryptography", "dulwich", "jinja2", "joserfc", "mcp", "msgspec", "pydantic", "rich",
    "sqlalchemy", "sqlmodel", "uvicorn", "uvloop", "yaml",
}  # fmt: skip

_PROGRAM = """
import sys
from cli.main import main
sys.argv = ["plumbline", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
finally:
    print("\\nLOADED", *sorted({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["plan", "--help"]], ids=" ".join)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    text, _, loaded = run.stdout.rpartition("LOADED")
    assert "plumbline" in text
    assert "cli" in loaded.split()
    assert HEAVY & set(loaded.split()) == set()
