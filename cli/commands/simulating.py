"""simulate: routers that are not there, until interrupted."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from cli import asking
from cli.shell import Face, Shell
from reconciler.views.clean import clean
from reconciler.views.documents import Document
from reconciler.wiring.simulation import Simulation, read_seed, simulated
from schemas.errors import Exit, InputError

_LAST_PORT = 65535


class Router(Protocol):
    """What there is to tell of a simulated router."""

    name: str

    @property
    def address(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def serial(self) -> str: ...

    @property
    def notes(self) -> list[str]: ...


async def simulate(shell: Shell, sources: tuple[Path, ...], host: str, port: int, users: tuple[str, ...]) -> Exit:
    """Prints every address and certificate once they are served; an interrupt is how it ends well."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wish in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wish, ended.set)
    async with simulated(_simulation(sources, host, port, users)) as fleet:
        shell.show(Face(text=lambda _width, _style: _text(fleet.routers), document=lambda: _document(fleet.routers)))
        for router in fleet.routers:
            for note in router.notes:
                shell.note(f"{clean(router.name)}: {clean(note)}")
        shell.note("Serving; Ctrl-C ends it.")
        await ended.wait()
    return Exit.OK


def _simulation(sources: tuple[Path, ...], host: str, port: int, users: tuple[str, ...]) -> Simulation:
    """A router is called what its file is called."""
    if port + len(sources) - 1 > _LAST_PORT:
        raise InputError(f"There are not enough ports from {port} on for {len(sources)} routers.")
    names = [path.stem for path in sources]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"Two files would make a router called {', '.join(twice)}; rename one.")
    simulation = Simulation(
        seeds={path.stem: read_seed(path) for path in sources},
        host=host,
        ports=tuple(range(port, port + len(sources))) if port else (),
    )
    logins = [asking.parsed_login(text, "--user") for text in users]
    return replace(simulation, users={login.user: login.password for login in logins}) if logins else simulation


def _text(routers: Sequence[Router]) -> str:
    return "\n".join(
        f"{clean(router.name)}  {router.address}  {router.fingerprint}  RouterOS {clean(router.version)}"
        for router in routers
    )


def _document(routers: Sequence[Router]) -> Document:
    return {
        "format": "plumbline.simulated/v1",
        "routers": [
            {
                "name": router.name,
                "address": router.address,
                "pin": router.fingerprint,
                "version": router.version,
                "serial": router.serial,
                "notes": list(router.notes),
            }
            for router in routers
        ],
    }
