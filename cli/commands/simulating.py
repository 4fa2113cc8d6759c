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
from reconciler.views.codec import Json
from reconciler.views.documents import Document
from reconciler.wiring.simulation import Simulation, read_seed, simulated
from schemas.errors import Exit, InputError

_LAST_PORT = 65535
_FIRST_ADDRESS, _SHARED_PORT = "127.1.0.1", 8729


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

    @property
    def made(self) -> bool: ...


async def simulate(
    shell: Shell,
    sources: tuple[Path, ...],
    host: str | None,
    port: int,
    users: tuple[str, ...],
    count: int | None,
    control_port: int | None,
) -> Exit:
    """Prints every address and certificate once they are served; an interrupt is how it ends well."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wish in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wish, ended.set)
    simulation = _simulation(sources, host, port, users, count or 0)
    if control_port is not None:
        simulation = replace(simulation, control=True, control_port=control_port)
    async with simulated(simulation) as fleet:
        shell.show(
            Face(
                text=lambda _width, _style: _text(fleet.routers),
                document=lambda: _document(fleet.routers, fleet.control),
            )
        )
        for router in fleet.routers:
            for note in _notes(router):
                shell.note(f"{clean(router.name)}: {clean(note)}")
        if fleet.control:
            shell.note(f"A page to look into them: {fleet.control}/")
        shell.note("Serving; Ctrl-C ends it.")
        await ended.wait()
    return Exit.OK


def _notes(router: Router) -> list[str]:
    """What the seed said that cannot be understood, told once for the routers that are made of one seed."""
    return router.notes if router.made else []


def _simulation(
    sources: tuple[Path, ...], host: str | None, port: int, users: tuple[str, ...], count: int
) -> Simulation:
    """A router is called what its file is called."""
    if not count and port + len(sources) - 1 > _LAST_PORT:
        raise InputError(f"There are not enough ports from {port} on for {len(sources)} routers.")
    names = [path.stem for path in sources]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"Two files would make a router called {', '.join(twice)}; rename one.")
    simulation = Simulation(
        seeds={path.stem: read_seed(path) for path in sources},
        host=host or (_FIRST_ADDRESS if count else "127.0.0.1"),
        ports=(port or _SHARED_PORT,) * count if count else tuple(range(port, port + len(sources))) if port else (),
        count=count,
    )
    logins = [asking.parsed_login(text, "--user") for text in users]
    return replace(simulation, users={login.user: login.password for login in logins}) if logins else simulation


def _text(routers: Sequence[Router]) -> str:
    return "\n".join(
        f"{clean(router.name)}  {router.address}  {router.fingerprint}  RouterOS {clean(router.version)}"
        for router in routers
    )


def _document(routers: Sequence[Router], control: str) -> Document:
    return {
        "format": "plumbline.simulated/v1",
        "control": control,
        "routers": [
            {
                "name": router.name,
                "address": router.address,
                "pin": router.fingerprint,
                "version": router.version,
                "serial": router.serial,
                "notes": list[Json](_notes(router)),
            }
            for router in routers
        ],
    }
