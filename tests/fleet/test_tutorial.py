"""The tutorial's commands, taken from the page and run in their order by a shell on a terminal, as a reader does."""

from __future__ import annotations

import errno
import os
import pty
import re
import select
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fleet.fleet_tools import REPOSITORY

PAGE = REPOSITORY / "docs" / "tutorial.md"
ANSWERS = {
    r"Password of the router user admin: $": "secret",
    r"Passphrase of [^\n]*: $": "one two three",
    r"The same again: $": "one two three",
}
CHANGES = 2
EXPECTED = {
    "plumbline plan --save ../plan.json": CHANGES,
    "plumbline drift": CHANGES,
}
"""What a command ends with the first time it is run, where it is not 0."""


@pytest.mark.skipif(shutil.which("curl") is None, reason="the tutorial edits a router with curl")
def test_every_command_of_the_tutorial(tmp_path: Path) -> None:
    serve, *commands = _commands()
    port = _free_port()
    with _simulated(serve.replace("8443", str(port))):
        told = _typed([command.replace("8443", str(port)) for command in commands], tmp_path)
    codes = [int(code) for code in re.findall(r"ended with (\d+)", told)]
    assert codes == _expected(commands), told
    for text in ("Nothing to do", "10.20.0.20 → 10.20.0.21", "9.9.9.9 → 8.8.8.8", "No drift", "in sync"):
        assert text in told, told


def _commands() -> list[str]:
    blocks = re.findall(r"(?ms)^```console\n(.*?)^```", PAGE.read_text())
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


def _expected(commands: list[str]) -> list[int]:
    """Both plans that are saved show changes; the second look for drift finds none."""
    codes = [EXPECTED.get(command, 0) for command in commands]
    codes[max(place for place, command in enumerate(commands) if command == "plumbline drift")] = 0
    return codes


@contextmanager
def _simulated(command: str) -> Iterator[None]:
    """What the page leaves running in another terminal."""
    words = [sys.executable, "-m", "cli.main", *shlex.split(command)[1:]]
    with subprocess.Popen(words, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        try:
            assert b"edge-1" in process.stdout.readline()
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def _typed(commands: list[str], folder: Path) -> str:
    """What a terminal shows while a shell runs the commands and its questions are answered."""
    script = folder / "typed.sh"
    script.write_text("".join(f"{command}\necho ended with $?\n" for command in commands))
    plumbline = folder / "plumbline"
    plumbline.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m cli.main "$@"\n')
    plumbline.chmod(0o755)
    environ = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(REPOSITORY), "TERM": "dumb"}
    ours, theirs = pty.openpty()
    terminal = os.ttyname(theirs)
    # The first terminal that the leader of a session opens becomes its own: where questions are asked.
    line = f"exec <{terminal} >{terminal} 2>&1; exec bash {shlex.quote(str(script))}"
    words = ["bash", "-c", line]
    # The shell holds the other end from its first moment on: a terminal that nobody holds looks like its end.
    with subprocess.Popen(words, cwd=folder, env=environ, start_new_session=True, pass_fds=(theirs,)) as process:
        os.close(theirs)
        try:
            return _conversation(ours)
        finally:
            os.close(ours)
            process.kill()


def _conversation(terminal: int) -> str:
    told, answered, until = "", 0, time.monotonic() + 120
    while time.monotonic() < until:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            data = os.read(terminal, 65_536)
        except OSError as error:
            if error.errno == errno.EIO:  # how a terminal says that nobody is there any more
                return told
            raise
        if not data:
            return told
        told += data.decode(errors="replace").replace("\r\n", "\n")
        answer = next((text for rule, text in ANSWERS.items() if re.search(rule, told[answered:])), None)
        if answer is not None:
            answered = len(told)
            os.write(terminal, f"{answer}\n".encode())
    raise AssertionError(f"the tutorial did not end:\n{told}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
