"""Running the command line in this process, and a small fleet in a real Git repository."""

import io
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.main import main

FLEET = """\
apiVersion: plumbline/v1
kind: Fleet
branches: {protected: main}
environments:
  lab: {lab: true, approval: self}
"""
DEVICE = """\
apiVersion: plumbline/v1
kind: Device
address: [https://127.0.0.1:1]
tls: {insecure: true}
credentials: {read: edge-ro, write: edge-rw}
environment: lab
mode: manage
menus:
  /system/identity: {name: edge-1}
"""


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run("plan", "--output", "json")`` and what came of it. ``stdin`` is what is piped in."""

    def call(*arguments: str, stdin: str = "") -> Ran:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        told = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Ran(ended.value.code, told.out, told.err)

    return call


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """One device that nothing listens for, committed on main."""
    folder = tmp_path / "fleet"
    write(folder, {"fleet.yaml": FLEET, "devices/edge-1.yaml": DEVICE})
    git(folder, "init", "-q", "-b", "main")
    commit(folder)
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "a change")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True)
