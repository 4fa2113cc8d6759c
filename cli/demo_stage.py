"""The demo's stage: a folder of its own, an environment of its own, and commands that are run as they are shown."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cli.demo_voice import Kept, Voice
from cli.main import main
from reconciler.views.documents import read_document
from schemas.errors import Exit, InputError, PlumblineError

ME = "ada"
"""The person who works in the demo, by the e-mail in ``ENVIRONMENT``."""

ENVIRONMENT = {
    "GIT_AUTHOR_NAME": "Ada Lind",
    "GIT_AUTHOR_EMAIL": f"{ME}@example.net",
    "GIT_COMMITTER_NAME": "Ada Lind",
    "GIT_COMMITTER_EMAIL": f"{ME}@example.net",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_PAGER": "cat",
}

_INTERRUPTED, _PIPE_CLOSED = 130, 141
_ADDRESS, _TLS = re.compile(r"(?m)^address: .*$"), re.compile(r"(?m)^tls: .*$")


class Router(Protocol):
    """What the demo needs of a simulated router."""

    name: str

    @property
    def address(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def certificate_pem(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def writes(self) -> dict[str, int]: ...


@dataclass(frozen=True, slots=True)
class Stage:
    """``folder`` holds the fleet repository, the keys and the saved plan."""

    folder: Path
    voice: Voice

    @property
    def fleet(self) -> Path:
        return self.folder / "fleet"

    def plumbline(self, line: str, *, expect: Exit = Exit.OK, typed: Sequence[str] = ()) -> None:
        """Show a command and its result. ``typed`` are passphrases.

        What a command says beside its result is shown where it fails as the story wants; else it is left out.
        """
        self.voice.command(f"plumbline {line}")
        failing = expect not in (Exit.OK, Exit.CHANGES)
        _run(line, expect, self._kept(), self._kept() if failing else Kept(), typed=typed)

    def step(self, line: str, *, stdin: str = "") -> None:
        """Show a command that has nothing to tell."""
        self.voice.command(f"plumbline {line}", apart=False)
        _run(line, Exit.OK, Kept(), Kept(), stdin)

    def document(self, line: str, expect: Exit) -> Mapping[str, Any]:
        """What a command tells a program; nothing is shown."""
        found = read_document(_run(f"{line} --output json", expect, Kept(), Kept()))
        assert isinstance(found, dict), "every document is an object"
        return found

    def approved_and_applied(self, digest: str, person: str, passphrase: str) -> None:
        """Show one pipe: a person approves a plan, and it is applied."""
        approve, apply = f"approve {digest[:8]} --as {person}", f"apply {digest[:8]} --approval -"
        self.voice.command(f"plumbline {approve} | plumbline {apply}")
        token = _run(approve, Exit.OK, Kept(), self._kept(), typed=(passphrase,))
        _run(apply, Exit.OK, self._kept(), Kept(), token)

    def _kept(self) -> Kept:
        return Kept(self.voice.stream)

    def git(self, line: str) -> None:
        """Show a Git command and what it prints."""
        self.voice.command(f"git {line}")
        colour = "always" if self.voice.colourful else "never"
        text = run_git(self.fleet, "-c", f"color.ui={colour}", *shlex.split(line)).rstrip("\n")
        if text:
            self.voice.line(text)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that stands once in a document."""
        place = self.fleet / name
        text = place.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        place.write_text(text.replace(old, new), encoding="utf-8")

    def introduce(self, router: Router) -> None:
        """Write where a router answers, and its certificate's fingerprint, into its document."""
        place = self.fleet / "devices" / f"{router.name}.yaml"
        text = _ADDRESS.sub(f"address: {router.address}", place.read_text(encoding="utf-8"))
        place.write_text(_TLS.sub(f'tls: {{pin: "{router.fingerprint}"}}', text), encoding="utf-8")


def run_git(folder: Path, *words: str) -> str:
    """What a Git command prints. Raises InputError where there is no Git, PlumblineError where it fails."""
    try:
        done = subprocess.run(  # noqa: S603  # the words are the demo's own
            ["git", "-C", str(folder), *words],  # noqa: S607  # Git stands where the user has it
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise InputError("The demo needs git; install it and try again.") from error
    if done.returncode:
        raise PlumblineError(f"git {' '.join(words)} failed: {done.stderr.strip()}")
    return done.stdout


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """An environment in which nothing of the user's own is used: another home of keys, another author."""
    before = dict(os.environ)
    for name in before:
        if name.startswith(("PLUMBLINE_", "GIT_")):
            del os.environ[name]
    os.environ.update(ENVIRONMENT, XDG_DATA_HOME=str(folder / "data"))
    fleet = folder / "fleet"
    fleet.mkdir()
    try:
        with contextlib.chdir(fleet):
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _run(line: str, expect: Exit, out: Kept, err: Kept, stdin: str = "", typed: Sequence[str] = ()) -> str:
    """Run a command line in this process. Raises PlumblineError when it ends otherwise than the story says."""
    words = shlex.split(line)
    with contextlib.ExitStack() as stack:
        if typed:
            words += ["--passphrase-fd", str(stack.enter_context(_pipe_of(typed)))]
        stack.enter_context(_standard_input(stdin))
        stack.enter_context(contextlib.redirect_stdout(out))
        stack.enter_context(contextlib.redirect_stderr(err))
        code = _code_of(words)
    if code == _INTERRUPTED:
        raise KeyboardInterrupt
    if code == _PIPE_CLOSED:
        raise BrokenPipeError
    if code != expect:
        text = f"In the demo, plumbline {line} ended with {code}, not {int(expect)}. {err.getvalue()}"
        raise PlumblineError(text.strip())
    return out.getvalue()


def _code_of(words: Sequence[str]) -> int:
    try:
        main(words)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@contextmanager
def _pipe_of(lines: Sequence[str]) -> Iterator[int]:
    reader, writer = os.pipe()
    try:
        os.write(writer, "".join(f"{line}\n" for line in lines).encode())
        os.close(writer)
        yield reader
    finally:
        os.close(reader)


@contextmanager
def _standard_input(text: str) -> Iterator[None]:
    before = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin = before
