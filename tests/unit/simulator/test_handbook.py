"""docs/simulator.md: its commands run, its tests pass, and its table says what is shown by a test and what is not."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.house.sources import ROOT

PAGE = (ROOT / "docs" / "simulator.md").read_text()
TESTS = Path(__file__).parent
ABSENT = "not simulated"


def test_every_command_of_the_page(tmp_path: Path) -> None:
    (seed,) = _blocks("json")
    (tmp_path / "edge.json").write_text(seed)
    serve, *commands = [line.removeprefix("$ ") for block in _blocks("console") for line in block.splitlines()]
    assert len(commands) > 10
    ports = {"8443": _free_port(), "8080": _free_port()}
    with _served(_on(serve, ports).split(), tmp_path):
        told = [_ran(_on(command, ports), tmp_path) for command in commands]
    assert "192.0.2.1/24" in told[0]
    assert '"network":"198.51.100.0"' in told[1]
    assert told[2] == "[]"
    assert "failure: simulated" in told[5], "the request after the event is the one that suffers"
    assert [word in told[8] for word in ("row-latency", '"reset"', '"edit"')] == [True] * 3
    assert set(told[3:5] + told[9:]) == {""}


def test_the_tests_of_the_page_pass(tmp_path: Path) -> None:
    for block in _blocks("python"):
        (tmp_path / block.splitlines()[0].removeprefix("# ")).write_text(block)
    assert {path.name for path in tmp_path.iterdir()} == {"conftest.py", "test_automation.py"}
    ran = _run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], tmp_path)
    assert ran.returncode == 0, ran.stdout
    assert re.search(r"^3 passed", ran.stdout, re.MULTILINE)


def test_the_table_tells_what_tests_show() -> None:
    table = {int(number): evidence for number, evidence in re.findall(r"(?m)^\| (\d+) \|.*\| ([^|]*) \|$", PAGE)}
    assert list(table) == list(range(1, 63))
    shown = {
        int(number)
        for path in TESTS.glob("*.py")
        for number in re.findall(r"(?m)^def test_behaviour_(\d+)_", path.read_text())
    }
    told = {number for number, evidence in table.items() if evidence != ABSENT}
    assert sorted(shown - told) == [], "now simulated: say in the table of docs/simulator.md on what evidence"
    assert sorted(told - shown) == [], "no test shows what the table of docs/simulator.md tells"
    words = re.compile(r"measured|documented|inferred|unproven|captured|one measurement")
    assert [number for number in shown if not words.search(table[number])] == []


def _blocks(language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```", PAGE)


def _on(command: str, ports: dict[str, int]) -> str:
    return re.sub("8443|8080", lambda found: str(ports[found[0]]), command)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def _ran(command: str, folder: Path) -> str:
    ran = _run(["/bin/sh", "-c", command], folder)
    assert ran.returncode == 0, f"{command}\n{ran.stderr}"
    return ran.stdout


@contextmanager
def _served(command: list[str], folder: Path) -> Iterator[None]:
    """``plumbline simulate`` as it stands on the page, ended as the page says."""
    assert command[:2] == ["plumbline", "simulate"]
    whole = [sys.executable, "-m", "cli.main", *command[1:]]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(whole, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            while "Serving" not in (line := process.stderr.readline()):
                assert line, "it ended before it served"
            yield
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 0
        finally:
            process.kill()
