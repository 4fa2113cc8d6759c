"""Starts simulated routers for doors, which may not know the simulator. Apart, since it loads a web server."""

from __future__ import annotations

import resource
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from reconciler.operations.exports import why_none
from routeros.script import read_script
from schemas.errors import InputError
from simulator.fleet import Fleet, NoControl, SimulatedRouter, run_in_thread, serve
from simulator.numbered import addresses, numbered

_OPEN_BESIDES = 100
"""Files that are open beside the routers' sockets."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """What to simulate. ``seeds`` maps a router's name to its JSON seed; ``ports`` are free ones when empty;
    ``count`` makes so many routers of the seeds in turn, each on an address of its own from ``host`` on, all on one
    port;
    ``users`` are ``name: password``, each in the group full, or ``name: (password, group)``."""

    seeds: Mapping[str, Mapping[str, object]]
    host: str = "127.0.0.1"
    ports: tuple[int, ...] = ()
    users: Mapping[str, str | tuple[str, str]] = field(default_factory=lambda: {"admin": ""})
    control: bool = False
    control_port: int = 0
    count: int = 0


def read_seed(path: Path) -> Mapping[str, object]:
    """A seed file: JSON, or an export when its name ends in ``.rsc``. Raises InputError when it is neither."""
    try:
        content = path.read_bytes()
        document = {"script": content} if path.suffix == ".rsc" else msgspec.json.decode(content)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not JSON: {error}.") from error
    if path.suffix == ".rsc" and (why := why_none(read_script(content))):
        raise InputError(f"{path}: {why}")
    if not isinstance(document, dict) or not ("script" in document or isinstance(document.get("menus"), dict)):
        raise InputError(f'{path} is not a seed; write {{"routeros": "7.18.2", "menus": {{"/ip/address": [...]}}}}.')
    return document


@asynccontextmanager
async def simulated(simulation: Simulation) -> AsyncIterator[Fleet]:
    """Simulated routers, served in this loop until the block is left. Raises InputError on a bad seed or port, or when
    this process may not open enough files."""
    _make_room(simulation.count or len(simulation.seeds))
    routers = _made(simulation)
    async with AsyncExitStack() as stack:
        try:
            serving = serve(
                routers,
                host=simulation.host,
                hosts=_hosts(simulation) if simulation.count else None,
                ports=simulation.ports or None,
                control=simulation.control,
                control_port=simulation.control_port,
            )
            fleet = await stack.enter_async_context(serving)
        except OSError as error:
            raise _cannot_listen(simulation, error) from error
        yield fleet


@contextmanager
def simulated_in_thread(simulation: Simulation) -> Iterator[Fleet]:
    """The same, served by a thread of its own while the caller goes about its work."""
    routers = _made(simulation)
    with ExitStack() as stack:
        try:
            serving = run_in_thread(routers, host=simulation.host, ports=simulation.ports or None)
            fleet = stack.enter_context(serving)
        except OSError as error:
            raise _cannot_listen(simulation, error) from error
        yield fleet


def _make_room(count: int) -> None:
    """Let this process open as many files as it may when it needs more: a socket to listen on for each router, and one
    for a connection to it. Raises InputError when that is not enough."""
    needed = 2 * count + _OPEN_BESIDES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    if hard != resource.RLIM_INFINITY and hard < needed:
        fits = max((hard - _OPEN_BESIDES) // 2, 0)
        raise InputError(
            f"{count} simulated routers need {needed} open files, and this process may have {hard}. Raise the limit "
            f"(as root: ulimit -n {needed}; in a service: LimitNOFILE={needed}), or simulate at most {fits}."
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed if hard == resource.RLIM_INFINITY else hard, hard))


def _made(simulation: Simulation) -> list[SimulatedRouter]:
    try:
        if simulation.count:
            return numbered(simulation.seeds, simulation.count, simulation.users)
        return [SimulatedRouter(name, seed, users=simulation.users) for name, seed in simulation.seeds.items()]
    except ValueError as error:
        raise InputError(f"A seed cannot be used: {error}") from error


def _hosts(simulation: Simulation) -> list[str]:
    try:
        return addresses(simulation.host, simulation.count)
    except ValueError as error:
        raise InputError(f"The simulated routers cannot have addresses of their own: {error}.") from error


def _cannot_listen(simulation: Simulation, error: OSError) -> InputError:
    if isinstance(error, NoControl):
        return InputError(f"The control cannot listen on port {simulation.control_port}: {error.strerror}.")
    return InputError(f"The simulated routers cannot listen on {simulation.host}: {error.strerror}.")
