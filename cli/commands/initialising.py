"""init: a fleet repository, its persons, and routers that run already."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TypedDict, Unpack

from cli import asking
from cli.commands import told_of_init as told
from cli.shell import Face, Shell
from reconciler.operations import initialising
from reconciler.operations.initialising import Author, RouterSource, SetUpRequest, TakenIn
from reconciler.wiring import opened
from schemas.errors import Exit, InputError, strongest
from schemas.login import Login

_ROUTER = re.compile(r"(?:(?P<name>[a-z0-9][a-z0-9._-]*)=)?(?P<address>[^=\s]+)")
_LAB = "lab"


class Asked(TypedDict):
    """What was said on the command line; see ``cli.usage``."""

    path: Path
    routers: tuple[str, ...]
    user: str | None
    password_stdin: bool
    passphrase_fd: int | None
    read_credential: str
    write_credential: str
    environment: str
    insecure: bool
    pin: str


async def init(shell: Shell, **asked: Unpack[Asked]) -> Exit:
    """Exit 2 when a router's own document would change it, 8 when one could not be confirmed."""
    path = shell.options.repo or asked["path"]
    request = _request(path, asked)
    if not (path / ".git").exists():
        request = replace(request, passphrases=_passphrases(asked["passphrase_fd"]))
        lab, example = request.environment == _LAB, not request.routers
        initialising.create(path, request.author, environment=request.environment, lab=lab, example=example)
    async with opened(shell.settings(repository=path, make_store=True)) as context:
        if request.passphrases is None and not await context.controller.persons.all():
            request = replace(request, passphrases=_passphrases(asked["passphrase_fd"]))
        with shell.busy("Reading routers"):
            done = await initialising.set_up(context, request)
        keys = context.data_home / "keys"
    shell.show(
        Face(text=lambda _width, style: told.text(path, done, keys, style), document=lambda: told.document(path, done))
    )
    shell.note(told.what_now(path, request))
    return strongest(exit_of(router) for router in done.routers)


def _request(path: Path, asked: Asked) -> SetUpRequest:
    routers = sources_of(asked["routers"])
    if asked["pin"] and len(routers) > 1:
        raise InputError("--pin fits one router; run plumbline init once for each router that has a pin.")
    return SetUpRequest(
        author=author_of(path),
        passphrases=None,
        routers=routers,
        login=login_of(asked["user"], asked["password_stdin"], asked["read_credential"]) if routers else None,
        read_credential=asked["read_credential"],
        write_credential=asked["write_credential"],
        environment=asked["environment"],
        insecure=asked["insecure"],
        pin=asked["pin"],
    )


def sources_of(routers: tuple[str, ...]) -> tuple[RouterSource, ...]:
    """Live routers, written as ADDRESS or NAME=ADDRESS. Raises InputError."""
    found = []
    for text in routers:
        match = _ROUTER.fullmatch(text)
        if match is None:
            raise InputError(
                f"--from {text}: write a router as ADDRESS or NAME=ADDRESS, such as edge-1=https://10.0.0.1."
            )
        address = match["address"]
        found.append(RouterSource(address if "://" in address else f"https://{address}", match["name"] or ""))
    return tuple(found)


def login_of(user: str | None, from_stdin: bool, credential: str = "router-ro") -> Login | None:
    """The router user that reads; None leaves it to the environment."""
    variable = "PLUMBLINE_CREDENTIAL_" + credential.upper().replace("-", "_")
    if user is None and not from_stdin and variable in os.environ:
        return None
    name = user or "admin"
    return Login(name, asking.password(name, from_stdin=from_stdin))


def _passphrases(descriptor: int | None) -> tuple[str, str]:
    """Of the two first persons: two lines of the descriptor."""
    mine = asking.passphrase("your signing key", descriptor, new=True)
    return mine, asking.passphrase("the second person's signing key", descriptor, new=True)


def author_of(path: Path) -> Author:
    """Who commits: by the environment, else as Git has it configured."""
    name = os.environ.get("GIT_AUTHOR_NAME") or _git_config(path, "user.name")
    email = os.environ.get("GIT_AUTHOR_EMAIL") or _git_config(path, "user.email")
    return Author(name or email, email)


def _git_config(path: Path, key: str) -> str:
    """Asked of Git itself, because there is no repository yet whose configuration could be read."""
    folder = next(place for place in (path.absolute(), *path.absolute().parents) if place.is_dir())
    try:
        done = subprocess.run(  # noqa: S603  # a fixed command
            ["git", "config", "--get", key],  # noqa: S607  # Git stands where the user has it
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip()


def exit_of(router: TakenIn) -> Exit:
    """What reading a router in says for the exit code."""
    if router.changes:
        return Exit.CHANGES
    return Exit.UNKNOWN if router.message else Exit.OK
