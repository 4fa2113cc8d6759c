"""Requests a second of a simulated router, against a bare application that answers the same bytes on the same server.

Both are served alike, each by a process of its own (``python -m tests.bench.serving``): the same listener, TLS and
certificate's kind, the same client on as many connections. The mix is the 16 menus of ``routers`` read in turn, and
one write in ten requests, after which nothing that was answered before may be answered again unseen.
"""

from __future__ import annotations

import asyncio
import base64
import gc
import itertools
import json
import ssl
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import uvloop

from simulator.answers import Send
from simulator.certificates import make_certificate, server_context
from simulator.fleet import SimulatedRouter, serve
from simulator.rest import Receive, Scope, read_all
from simulator.server import Listener
from tests.bench.routers import MENUS, seed
from tests.fleet.fleet_tools import PASSWORD, USER

CONNECTIONS = 8
REQUESTS = 2_000
_LOGIN = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
_READS_A_WRITE = 9


@dataclass(frozen=True)
class Serving:
    """Requests a second by the clock, and seconds of the server's CPU a request; medians over the rounds. The ratios
    are medians of those of single rounds, in which both ran one after the other, so that noise cancels."""

    requests: int
    bytes: int
    simulated: float
    bare: float
    simulated_cpu: float
    bare_cpu: float
    ratio: float
    cpu_ratio: float


def measure(rounds: int) -> Serving:
    """Serve one router and its double, and ask both the same in turn."""
    with ExitStack() as stack:
        simulated = stack.enter_context(_served({}))
        answers = _recorded(simulated)
        bare = stack.enter_context(_served(answers))
        found = [(_run(simulated), _run(bare)) for _ in range(rounds)]
    size = sum(len(body) for _, body in answers.values()) // len(answers)
    ours, theirs = ([pair[n] for pair in found] for n in (0, 1))
    middle = statistics.median
    return Serving(
        requests=REQUESTS,
        bytes=size,
        simulated=middle(REQUESTS / run.seconds for run in ours),
        bare=middle(REQUESTS / run.seconds for run in theirs),
        simulated_cpu=middle(run.cpu / REQUESTS for run in ours),
        bare_cpu=middle(run.cpu / REQUESTS for run in theirs),
        ratio=middle(bare.seconds / own.seconds for own, bare in found),
        cpu_ratio=middle(bare.cpu / own.cpu for own, bare in found),
    )


def asked(connection: int) -> Iterator[tuple[str, str, str]]:
    """Method, path and body of what one connection asks, without end."""
    name = f"bench{connection}"
    writes = itertools.cycle(
        [
            ("PATCH", "/ip/firewall/filter/*5", '{"comment":"one"}'),
            ("PUT", "/interface/list", json.dumps({"name": name})),
            ("POST", "/ip/dns/set", '{"servers":"192.0.2.53"}'),
            ("DELETE", f"/interface/list/{name}", ""),
        ]
    )
    reads = itertools.cycle([("GET", path, "") for path in MENUS])
    while True:
        yield from itertools.islice(reads, _READS_A_WRITE)
        yield next(writes)


@dataclass(frozen=True)
class _Served:
    """A server's address, and a way to ask for the CPU seconds it has used."""

    port: int
    process: subprocess.Popen[str]

    def cpu(self) -> float:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


@dataclass(frozen=True)
class _Run:
    seconds: float
    cpu: float


_Answers = dict[tuple[str, str], tuple[int, bytes]]


@contextmanager
def _served(answers: _Answers) -> Iterator[_Served]:
    told = [[method, path, status, body.decode("latin-1")] for (method, path), (status, body) in answers.items()]
    words = [sys.executable, "-m", "tests.bench.serving"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(json.dumps(told) + "\n")
            process.stdin.flush()
            yield _Served(int(process.stdout.readline()), process)
        finally:
            process.stdin.close()
            process.wait(timeout=20)


def _run(served: _Served) -> _Run:
    before, began = served.cpu(), time.perf_counter()
    uvloop.run(_ask_all(served.port, REQUESTS // CONNECTIONS))
    return _Run(time.perf_counter() - began, served.cpu() - before)


def _recorded(served: _Served) -> _Answers:
    """What the simulated router answers to each request of the mix, once all of it was asked before."""
    return uvloop.run(_record(served.port))


async def _record(port: int) -> _Answers:
    found: _Answers = {}
    for connection in range(CONNECTIONS):
        async with _Client(port) as client:
            for method, path, body in itertools.islice(asked(connection), 2 * 4 * (_READS_A_WRITE + 1)):
                found[method, path] = await client.ask(method, path, body)
    assert all(status < 300 for status, _ in found.values()), found
    return found


async def _ask_all(port: int, count: int) -> None:
    await asyncio.gather(*(_ask(port, connection, count) for connection in range(CONNECTIONS)))


async def _ask(port: int, connection: int, count: int) -> None:
    async with _Client(port) as client:
        for method, path, body in itertools.islice(asked(connection), count):
            await client.ask(method, path, body)


class _Client:
    """One connection that is kept; it checks no certificate, since both servers are ours."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context.check_hostname = False
        self._context.verify_mode = ssl.CERT_NONE

    async def __aenter__(self) -> _Client:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, ssl=self._context)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._writer.close()

    async def ask(self, method: str, path: str, body: str) -> tuple[int, bytes]:
        """Status and body of one request."""
        content = f"content-type: application/json\r\ncontent-length: {len(body)}\r\n" if body else ""
        head = f"{method} /rest{path} HTTP/1.1\r\nhost: r\r\nauthorization: Basic {_LOGIN}\r\n{content}\r\n"
        self._writer.write((head + body).encode())
        lines = (await self._reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        lengths = [line for line in lines if line.lower().startswith(b"content-length:")]
        length = int(lengths[0].partition(b":")[2]) if lengths else 0
        return int(lines[0].split()[1]), await self._reader.readexactly(length) if length else b""


class _Bare:
    """Answers the bytes it was given, whatever the body of the request."""

    def __init__(self, answers: Sequence[tuple[str, str, int, str]]) -> None:
        self._answers: Mapping[tuple[str, str], tuple[int, list[tuple[bytes, bytes]], bytes]] = {
            (method, f"/rest{path}"): (status, _headers(body.encode("latin-1")), body.encode("latin-1"))
            for method, path, status, body in answers
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await read_all(receive)
        status, headers, body = self._answers[scope["method"], scope["path"]]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _headers(body: bytes) -> list[tuple[bytes, bytes]]:
    """As many as a simulated router answers."""
    common = [(b"cache-control", b"no-cache"), (b"x-frame-options", b"sameorigin"), (b"expires", b"0")]
    common += [(b"date", b"Tue, 24 Nov 2026 00:00:00 GMT"), (b"connection", b"Keep-Alive")]
    length = [(b"content-length", str(len(body)).encode())] if body else []
    return [*common, (b"content-type", b"application/json"), *length]


async def _serve() -> None:
    answers = json.loads(sys.stdin.readline())
    if answers:
        listener = Listener(_Bare(answers), server_context(make_certificate("bare", ("127.0.0.1",))))
        await listener.start("127.0.0.1")
        await _tell_cpu(listener.port)
        listener.stop()
    else:
        router = SimulatedRouter("edge", seed(1, 0), users={USER: PASSWORD})
        async with serve([router]):
            await _tell_cpu(int(router.address.rpartition(":")[2]))


async def _tell_cpu(port: int) -> None:
    """The port, and then the CPU seconds used so far whenever somebody asks."""
    print(port, flush=True)
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(time.process_time(), flush=True)


if __name__ == "__main__":
    gc.set_threshold(1_000_000, 20, 100)  # as the command line does; see reconciler.wiring
    uvloop.run(_serve())
