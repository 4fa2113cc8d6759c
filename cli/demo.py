"""demo: the whole story on simulated routers, told with the real commands."""

from __future__ import annotations

import importlib.resources
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from cli import demo_agent, demo_story
from cli.demo_stage import ME, Stage, run_git, working_in
from cli.demo_story import ADMIN, READ, REVIEWER, WRITE, Tale
from cli.demo_voice import Voice
from cli.shell import Shell
from reconciler.views.codec import Json
from reconciler.views.documents import Document, document_text
from reconciler.wiring.simulation import Simulation, read_seed, simulated_in_thread
from schemas.errors import Exit, PlumblineError


@dataclass(frozen=True, slots=True)
class Told:
    """What came of the story, in numbers."""

    devices: int
    changes_planned: int
    changes_applied: int
    second_plan_changes: int
    drift_found: int
    drift_after: int
    proposals: int

    def document(self) -> Document:
        return {"format": "plumbline.demo/v1", **{name: getattr(self, name) for name in self.__slots__}}


def run(shell: Shell, keep: bool, hold: bool) -> Exit:
    """With ``hold`` the routers answer until standard input ends; ``keep`` leaves the folder."""
    began = time.monotonic()
    run_git(Path(), "--version")  # before anything is made in vain
    json = shell.options.output == "json"
    voice = Voice(sys.stderr if json else sys.stdout)
    logins = {ADMIN: secrets.token_urlsafe(12), READ: secrets.token_urlsafe(12), WRITE: secrets.token_urlsafe(12)}
    with _folder(voice, keep) as folder, importlib.resources.as_file(_data()) as data, working_in(folder):
        simulation = Simulation(
            seeds={path.stem: read_seed(path) for path in sorted((data / "routers").glob("*.json"))},
            users={**logins, READ: (logins[READ], "read")},
        )
        with simulated_in_thread(simulation) as simulated:
            stage = Stage(folder, voice)
            tale = Tale(stage, {router.name: router for router in simulated.routers}, logins, _passphrases())
            _repository(tale, data / "fleet")
            told = _tell(tale)
            _end(voice, told, time.monotonic() - began)
            document = told.document()
            if hold:
                document |= {"login": {"user": ADMIN, "password": logins[ADMIN]}, "routers": _addresses(tale)}
            if hold or json:
                print(document_text(document), flush=True)
            if hold:
                voice.say("The routers answer until standard input ends (Ctrl-D).")
                sys.stdin.read()
    return Exit.OK


def _tell(tale: Tale) -> Told:
    demo_story.set_up(tale)
    effect = demo_story.change(tale)
    planned, applied, again = demo_story.apply(tale, effect)
    found, left = demo_story.drift(tale)
    proposals = demo_agent.proposing(tale)
    return Told(len(tale.routers), planned, applied, again, found, left, proposals)


def _end(voice: Voice, told: Told, seconds: float) -> None:
    voice.chapter(6, "What happened")
    voice.say(
        f"{told.devices} routers: {told.changes_planned} changes planned, {told.changes_applied} applied, "
        f"{told.second_plan_changes} left; {told.drift_found} edits by hand found, {told.drift_after} left; "
        f"{told.proposals} proposal waits for review. It took {seconds:.0f} seconds."
    )
    voice.say("A fleet of your own: plumbline init my-fleet --from ADDRESS reads a router as it is.")


def _repository(tale: Tale, documents: Path) -> None:
    """The demo's documents as a Git repository, each with the address and certificate of its router."""
    stage = tale.stage
    shutil.copytree(documents, stage.fleet, dirs_exist_ok=True)
    for router in tale.routers.values():
        stage.introduce(router)
    run_git(stage.fleet, "init", "--quiet", "--initial-branch=main")
    run_git(stage.fleet, "add", "--all")
    run_git(stage.fleet, "commit", "--quiet", "--message", "Four branch offices")


@contextmanager
def _folder(voice: Voice, keep: bool) -> Iterator[Path]:
    """A temporary folder. It stays when that was asked for, and to look into when the story went wrong."""
    folder = Path(tempfile.mkdtemp(prefix="plumbline-demo-"))
    stays = keep
    try:
        voice.say(f"The demo works in {folder} and touches nothing else.")
        yield folder
    except PlumblineError:
        stays = True
        raise
    finally:
        if stays:
            voice.say(f"The fleet repository stays in {folder / 'fleet'}.")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _data() -> Traversable:
    return importlib.resources.files("cli") / "demo_data"


def _passphrases() -> Mapping[str, str]:
    return {name: secrets.token_urlsafe(12) for name in (ME, REVIEWER)}


def _addresses(tale: Tale) -> list[Json]:
    return [{"name": router.name, "address": router.address} for router in tale.routers.values()]
