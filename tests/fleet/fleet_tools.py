"""What tests of whole fleets stand on: simulated routers, a repository, the command line, a plain client.

Everything here is what a user has: the command line as a process, Git as a process, HTTPS by the standard library.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from simulator.edits.administrator import Administrator as AnyAdministrator
from simulator.fleet import SimulatedRouter

REPOSITORY = Path(__file__).resolve().parents[2]
USER, PASSWORD = "ops", "secret"
"""The login of everything here; each router has the user ``admin`` besides, under the same password."""
REAL = ("ccr2004-7.18", "hap-ax3-7.21.2", "rb5009-7.2.3")
"""The names of the real routers' files, without the ending."""


def real_router(corpus: Path, file: str) -> SimulatedRouter:
    """A simulated router that holds a real one's configuration; it is called what the board is."""
    seed = json.loads((corpus / "routers" / f"{file}.json").read_text())
    return router(file.rpartition("-")[0], seed)


def router(name: str, seed: Mapping[str, object]) -> SimulatedRouter:
    """A simulated router with the administrators that the tests use."""
    return SimulatedRouter(name, seed, users={"admin": PASSWORD, USER: PASSWORD})


class Administrator(AnyAdministrator):
    """Another administrator, under the login of everything here."""

    def __init__(self, address: str, user: str = USER, password: str = PASSWORD, seconds: float = 20.0) -> None:
        super().__init__(address, user, password, seconds)


@dataclass(frozen=True)
class Done:
    """A command that ended. ``out`` is the result, ``err`` what was said beside it."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    def __str__(self) -> str:
        return f"exit {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"


@dataclass(frozen=True)
class FleetFolder:
    """A fleet repository in a folder, worked on as a person does. ``home`` holds the persons' keys.

    The passphrases of the two first persons are ``one`` (``tess``, who commits) and ``two`` (``reviewer``).
    """

    path: Path
    home: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    def plumbline(
        self,
        *words: str,
        stdin: str | bytes = "",
        passphrases: Sequence[str] = (),
        environ: Mapping[str, str] | None = None,
    ) -> Done:
        """Run a command of this fleet and wait for it."""
        process = self.start(*words, passphrases=passphrases, environ=environ)
        text = stdin.encode() if isinstance(stdin, str) else stdin
        out, err = process.communicate(text, timeout=120)
        return Done(process.returncode, out.decode(), err.decode())

    def start(
        self, *words: str, passphrases: Sequence[str] = (), environ: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a command of this fleet."""
        kept: tuple[int, ...] = ()
        given = list(words)
        if passphrases:
            reader, writer = os.pipe()
            os.write(writer, "".join(f"{text}\n" for text in passphrases).encode())
            os.close(writer)
            kept, given = (reader,), [*given, "--passphrase-fd", str(reader)]
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "--repo", str(self.path), *given],
            cwd=REPOSITORY,
            env=self._environment(environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=kept,
        )
        for descriptor in kept:
            os.close(descriptor)
        return process

    def init(self, routers: Sequence[SimulatedRouter] = (), *words: str) -> Done:
        """``plumbline init``, with ``--from`` each router, under its own name."""
        sources = [word for each in routers for word in ("--from", f"{each.name}={each.address}")]
        login = ("--user", USER, "--password-stdin") if routers else ()
        return self.plumbline("init", *sources, *login, *words, stdin=PASSWORD, passphrases=("one", "two"))

    def plan(self, *words: str) -> Done:
        """``plumbline plan`` as JSON."""
        return self.plumbline("plan", "--output", "json", *words)

    def approve(self, plan: Any, *words: str, person: str = "reviewer", passphrase: str = "two") -> Done:
        """Somebody's yes to a plan's document (or its digest); the token is the output."""
        digest = plan if isinstance(plan, str) else plan["digest"]
        return self.plumbline("approve", digest, "--as", person, *words, passphrases=(passphrase,))

    def apply(self, plan: Any, token: str, *words: str) -> Done:
        """``plumbline apply`` as JSON, with the token on standard input."""
        digest = plan if isinstance(plan, str) else plan["digest"]
        return self.plumbline("apply", digest, "--approval", "-", "--output", "json", *words, stdin=token)

    def git(self, *words: str) -> str:
        """Git in the repository; its output."""
        done = subprocess.run(
            ["git", "-C", str(self.path), *words],
            env=self._environment(None),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str | bytes], message: str = "A change") -> str:
        """Write files, commit everything, and give the commit."""
        for name, content in files.items():
            place = self.path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def read(self, name: str) -> str:
        """A file of the working tree."""
        return (self.path / name).read_text()

    def document(self, device: str) -> Any:
        """A device's document, every value as text."""
        return yaml.load(self.read(f"devices/{device}.yaml"), yaml.BaseLoader)  # makes texts only

    def replace(self, name: str, old: str, new: str, message: str = "A change") -> str:
        """Replace a text that stands once in a file, and commit."""
        text = self.read(name)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        return self.commit({name: text.replace(old, new)}, message)

    def _environment(self, extra: Mapping[str, str] | None) -> dict[str, str]:
        return {**os.environ, **self.settings, **self.environ, **(extra or {})}

    @property
    def settings(self) -> dict[str, str]:
        """What makes every process of this fleet the same person's, in a home of its own."""
        return {
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.home / "data"),
            "PYTHONPATH": str(REPOSITORY),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "Tess Tester",
            "GIT_AUTHOR_EMAIL": "tess@example.net",
            "GIT_COMMITTER_NAME": "Tess Tester",
            "GIT_COMMITTER_EMAIL": "tess@example.net",
        }


def fleet_folder(folder: Path) -> FleetFolder:
    """A place for a fleet repository in a temporary folder, not made yet."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    return FleetFolder(folder / "fleet", home)


def managed(fleet: FleetFolder, device: str, *capabilities: str) -> str:
    """Let a device be written to, with these capabilities besides advanced-writes; gives the commit."""
    words = ", ".join(("advanced-writes", *capabilities))
    return fleet.replace(
        f"devices/{device}.yaml",
        "mode: observe\n",
        f"mode: manage\ncapabilities: [{words}]\n",
        f"{device} may be written to",
    )


def changes_of(plan: Any, device: str) -> list[dict[str, Any]]:
    """The changes of one device in a plan's document."""
    return next(part["changes"] for part in plan["devices"] if part["device"] == device)
