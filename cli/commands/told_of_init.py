"""How what ``init`` made is told, and what to do with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reconciler.operations.initialising import SetUp, SetUpRequest, TakenIn
from reconciler.views.clean import clean
from reconciler.views.codec import Json
from reconciler.views.documents import Document
from reconciler.views.style import Style


def text(path: Path, done: SetUp, keys: Path, style: Style) -> str:
    persons = ", ".join(person.name for person in done.persons)
    lines = [
        style.title(f"The fleet {path.absolute()} is at commit {done.commit[:8]}."),
        f"Persons: {persons}. Their keys: {keys}",
    ]
    return "\n".join([*lines, *routers(done.routers, style)])


def routers(read: Sequence[TakenIn], style: Style) -> list[str]:
    """What became of live routers, for people."""
    lines = []
    for router in read:
        what = clean(f"{router.facts.model} RouterOS {router.facts.version}".strip())
        state = style.warning(clean(router.message, 500)) if router.message else "plans to nothing."
        lines.append(f"{router.device} {router.address} ({what}): {state}")
        if router.pin:
            lines.append(style.muted(f"  its certificate: {router.pin}"))
    return lines


def document(path: Path, done: SetUp) -> Document:
    return {
        "format": "plumbline.init/v1",
        "path": str(path.absolute()),
        "commit": done.commit,
        "persons": [{"name": person.name, "emails": list(person.emails)} for person in done.persons],
        "routers": router_documents(done.routers),
    }


def router_documents(read: Sequence[TakenIn]) -> list[Json]:
    """What became of live routers, for programs."""
    return [
        {
            "device": router.device,
            "address": router.address,
            "pin": router.pin,
            "serial": router.facts.serial,
            "model": router.facts.model,
            "version": router.facts.version,
            "changes": router.changes,
            "message": router.message,
        }
        for router in read
    ]


def what_now(path: Path, request: SetUpRequest) -> str:
    go = f"cd {path} && " if path.absolute() != Path.cwd() else ""
    if request.routers:
        steps = {
            f"{go}plumbline plan": "must say that there is nothing to do",
            "edit devices/*.yaml": "with mode: manage and capabilities: [advanced-writes] it may be written to",
            "git commit -a && plumbline plan": "shows what would change",
            f"plumbline credential set {request.write_credential}": "gives writing a router user of its own",
        }
    else:
        steps = {
            f"{go}plumbline init --from ADDRESS --user USER": "reads a router that runs already",
            "edit devices/*.yaml": "or describe one yourself, and commit it",
            "plumbline plan": "shows what would change; it changes nothing",
            "plumbline --help": "names the rest",
        }
    width = max(map(len, steps))
    return "\n".join(["What now:", *(f"  {step.ljust(width)}   {what}" for step, what in steps.items())])
