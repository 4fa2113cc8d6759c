"""What a person at a terminal sees and is asked."""

import fcntl
import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
INTERRUPT = "\x03"


def at_a_terminal(
    *arguments: str, cwd: Path, answers: list[tuple[str, str]] | None = None, **environment: str
) -> tuple[int, str]:
    """Exit code and everything shown. ``answers`` are typed in order, each when what is shown ends with its
    question."""
    leader, follower = pty.openpty()
    settled = {name: text for name, text in os.environ.items() if name != "NO_COLOR"}
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", *arguments],
        cwd=cwd,
        env={**settled, "PYTHONPATH": str(ROOT), "TERM": "xterm", **environment},
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  # no threads are started before
    )
    os.close(follower)
    shown = ""
    left = list(answers or [])
    while True:
        try:
            data = os.read(leader, 4096)
        except OSError:  # nobody holds the other end any more
            break
        shown += data.decode()
        if left and shown.endswith(left[0][0]):
            _, answer = left.pop(0)
            os.write(leader, answer.encode() + (b"" if answer == INTERRUPT else b"\n"))
    os.close(leader)
    return process.wait(timeout=60), shown


def test_colours_where_somebody_looks(fleet):
    assert at_a_terminal("validate", cwd=fleet)[1].startswith("\x1b[1mCommit ")


@pytest.mark.parametrize("wish", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "dumb"])
def test_no_colours_where_nobody_wants_them(fleet, wish):
    assert "\x1b" not in at_a_terminal("validate", cwd=fleet, **wish)[1]


def test_init_asks_for_each_passphrase_twice_and_shows_none(tmp_path):
    questions = [
        ("Passphrase of your signing key: ", "number one"),
        ("The same again: ", "number one"),
        ("Passphrase of the second person's signing key: ", "number two"),
        ("The same again: ", "number two"),
    ]
    code, shown = at_a_terminal("init", "fleet", cwd=tmp_path, answers=questions)
    assert code == 0
    assert "number" not in shown
    assert "Persons: reviewer, tess." in shown


def test_passphrases_that_differ_make_nothing(tmp_path):
    questions = [("signing key: ", "one"), ("The same again: ", "another")]
    code, shown = at_a_terminal("init", "fleet", cwd=tmp_path, answers=questions, NO_COLOR="1")
    assert (code, shown.splitlines()[-1]) == (1, "The two passphrases differ.")
    assert not (tmp_path / "fleet").exists()


def test_an_interrupt_at_a_question_ends_it(tmp_path):
    code, shown = at_a_terminal("init", "fleet", cwd=tmp_path, answers=[("signing key: ", INTERRUPT)])
    assert code == 130
    assert shown.endswith("Interrupted.\r\n")
    assert not (tmp_path / "fleet").exists()
