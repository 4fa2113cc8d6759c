"""CPU of observing and planning a fleet, against fetching and decoding the same bytes and nothing else."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import msgspec
import uvloop

from desired_state.applied import read_applied
from reconciler.decide.plan import assemble
from reconciler.operations.context import Context
from reconciler.operations.known import load_known
from reconciler.operations.planning import PlanRequest, load_sources, make_plan
from reconciler.operations.reading import limits, read_devices
from reconciler.wiring import Settings, opened
from routeros.codec import decode_rows
from routeros.session import Reply, Request, Session
from tests.bench.routers import MENUS
from tests.fleet.fleet_tools import USER, FleetFolder, fleet_folder

_ROWS = msgspec.json.Decoder(list[dict[str, str]])
_ROW = msgspec.json.Decoder(dict[str, str])


VERSION, MODEL = "7.18.2", "RB5009UG+S+"
"""What the simulated routers say of themselves, so that rendering for them can come first."""


@dataclass(frozen=True)
class Observing:
    """Seconds of CPU, medians over the rounds. ``git`` is loading and rendering the documents and reading Applied."""

    devices: int
    rows: tuple[float, float, int]
    bytes: int
    requests: int
    planning: float
    bare: float
    kept_planning: float
    kept_bare: float
    load: float
    render: float
    applied: float

    @property
    def ratio(self) -> float:
        return self.planning / self.bare

    @property
    def kept_ratio(self) -> float:
        return self.kept_planning / self.kept_bare


class _Recording(Session):
    """A session that keeps what was asked and answered."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Request, Reply]] = []

    async def send(self, request: Request) -> Reply:
        reply = await super().send(request)
        self.asked.append((request, reply))
        return reply


def measure(devices: int, rows: int, rounds: int) -> Observing:
    """Serve routers elsewhere, read them into a fleet here, and plan it again and again."""
    with _routers(devices, rows) as addresses, tempfile.TemporaryDirectory() as folder:
        fleet = fleet_folder(Path(folder))
        sources = [word for name, address in addresses.items() for word in ("--from", f"{name}={address}")]
        done = fleet.init((), *sources, "--user", USER, "--password-stdin")
        assert done.code == 0, done
        return uvloop.run(_measure(fleet, rounds))


@contextmanager
def _routers(devices: int, rows: int) -> Iterator[dict[str, str]]:
    words = [sys.executable, "-m", "tests.bench.routers", str(devices), str(rows)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.stdin.close()
            process.wait(timeout=20)


async def _measure(fleet: FleetFolder, rounds: int) -> Observing:
    environ = {**os.environ, **fleet.settings}
    async with opened(Settings(fleet.path, environ=environ)) as context:
        began = time.process_time()
        load_sources(context, "HEAD", None)
        load = time.process_time() - began
        async with _Recording() as session:
            made = await make_plan(replace(context, session=session), PlanRequest())
            asked = list(session.asked)
        assert not made.plan.changed
        assert not [part for part in made.plan.devices if part.unknown]
        fresh = [(await _plan_cpu(context), await _bare_cpu(asked)) for _ in range(rounds)]
        git = [_git(context) for _ in range(rounds)]
        async with _warm(context, asked) as (warm, http):
            await _planned(warm)
            kept = [(await _planned(warm), await _timed_fetch(http, asked)) for _ in range(rounds)]
    counts = [len(decode_rows(reply.body)) for request, reply in asked if _menu_of(request) in MENUS]
    assert len(counts) == len(MENUS) * len(made.plan.devices)
    render, applied = (statistics.median(each) for each in zip(*git, strict=True))
    return Observing(
        devices=len(made.plan.devices),
        rows=(statistics.median(counts), statistics.mean(counts), max(counts)),
        bytes=sum(len(reply.body) for _, reply in asked),
        requests=len(asked),
        planning=statistics.median(plan for plan, _ in fresh) - applied,
        bare=statistics.median(bare for _, bare in fresh),
        kept_planning=statistics.median(plan for plan, _ in kept) - applied,
        kept_bare=statistics.median(bare for _, bare in kept),
        load=load,
        render=render,
        applied=applied,
    )


def _menu_of(request: Request) -> str:
    return request.url.path.removeprefix("/rest").removesuffix("/print")


def _git(context: Context) -> tuple[float, float]:
    """CPU of rendering every device, and of reading what was applied."""
    sources = load_sources(context, "HEAD", None)
    began = time.process_time()
    for name in sources.planned.devices:
        sources.planned.render(name, VERSION, MODEL)
    rendered = time.process_time()
    for name in sources.planned.devices:
        read_applied(context.repository, name)
    return rendered - began, time.process_time() - rendered


async def _plan_cpu(context: Context) -> float:
    """CPU of observing and planning every device over new connections, closed again."""
    began = time.process_time()
    async with Session() as fresh:
        left_out = time.process_time()
        spent = await _planned(replace(context, session=fresh))
        ended = time.process_time()
    return spent + (left_out - began) + (time.process_time() - ended)


async def _planned(context: Context) -> float:
    """CPU of observing and planning every device, Git's documents being parsed and rendered already."""
    sources = load_sources(context, "HEAD", None)
    for name in sources.planned.devices:
        sources.planned.render(name, VERSION, MODEL)
    began = time.process_time()
    readings = await read_devices(context, await load_known(context), sources, sorted(sources.planned.devices))
    assemble(
        [reading.result for reading in readings],
        devices=list(sources.planned.devices.values()),
        commit=sources.planned.commit,
        catalogue=context.catalogue.digest,
        limits=limits(sources),
        sizes=("1", "rest"),
        created=context.now(),
    )
    return time.process_time() - began


async def _bare_cpu(asked: Sequence[tuple[Request, Reply]]) -> float:
    began = time.process_time()
    async with _http() as http:
        await _fetch(http, asked)
    return time.process_time() - began


async def _timed_fetch(http: aiohttp.ClientSession, asked: Sequence[tuple[Request, Reply]]) -> float:
    began = time.process_time()
    await _fetch(http, asked)
    return time.process_time() - began


@asynccontextmanager
async def _warm(
    context: Context, asked: Sequence[tuple[Request, Reply]]
) -> AsyncIterator[tuple[Context, aiohttp.ClientSession]]:
    """Both kinds of session with their connections open."""
    async with Session() as session, _http() as http:
        await _fetch(http, asked)
        yield replace(context, session=session), http


def _http() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=60.0),
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("Accept-Encoding", "Content-Type", "User-Agent"),
    )


async def _fetch(http: aiohttp.ClientSession, asked: Sequence[tuple[Request, Reply]]) -> None:
    by_device: dict[str, list[tuple[str, Request]]] = {}
    for request, _ in asked:
        by_device.setdefault(request.device, []).append((str(request.url), request))
    await asyncio.gather(*(_one_by_one(http, requests) for requests in by_device.values()))


async def _one_by_one(http: aiohttp.ClientSession, requests: Sequence[tuple[str, Request]]) -> None:
    """Addresses are texts, as anybody writes them; a URL object used twice would have been taken apart before."""
    for url, request in requests:
        async with http.request(
            request.method, url, data=request.body, headers=request.headers, ssl=request.ssl
        ) as response:
            body = await response.read()
        decoder = _ROWS if body.startswith(b"[") else _ROW
        decoder.decode(body)
