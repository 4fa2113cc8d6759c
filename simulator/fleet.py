"""Simulated routers to talk to: make them, serve them in a loop or a thread, look into them, break them."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass

import uvloop

from simulator import control as controlling
from simulator.certificates import Certificate, load, make_certificate, server_context
from simulator.hardware import Hardware, serial_of
from simulator.menus import Menus
from simulator.rest import Access, RestApp
from simulator.schema import schema_of
from simulator.script.reader import header, text_of
from simulator.seed import menus_of, plant, script_of
from simulator.server import Listener
from simulator.state import Device

_LOOPBACK = ("127.0.0.1", "::1")
_BOARD = re.compile(r"^/ ?system[ /](routerboard|swos)", re.MULTILINE)
_DEFAULT_USERS: Mapping[str, str | tuple[str, str]] = {"admin": ""}


class SimulatedRouter:
    """One router. ``users`` maps a name to a password (group full) or to (password, group).

    ``seed`` is JSON (see ``simulator.seed``); its version, model, serial number and users go before the
    arguments' defaults. What a seed with a ``script`` does not say of them, the script's first lines say. Raises
    ValueError when it is no seed. ``imported`` holds the notes of that script.
    """

    def __init__(
        self,
        name: str,
        seed: Mapping[str, object] | None = None,
        *,
        version: str | None = None,
        model: str | None = None,
        serial: str | None = None,
        users: Mapping[str, str | tuple[str, str]] = _DEFAULT_USERS,
    ) -> None:
        given = _completed(seed or {})
        script = script_of(given)
        self.name = name
        self.hardware = Hardware(
            model=model or str(given.get("model") or "RB5009UG+S+"),
            serial=serial or str(given.get("serial") or serial_of(name)),
            version=version or str(given.get("routeros") or "7.18.2"),
        )
        self.device = Device(schema_of(self.hardware.version), Menus(), self.hardware)
        filled = given.get("menus") or script is not None
        known_model = self.hardware.model if model or given.get("model") or not filled else None
        self.imported = plant(self.device, menus_of(given), users, known_model, script)
        self.log: list[Access] = []
        self._app = RestApp(self.device, self.log)
        self._certificate = make_certificate(name, _LOOPBACK)
        self._context = server_context(self._certificate)
        self._listener = Listener(self._app, self._context)

    @property
    def address(self) -> str:
        """The base URL, once served."""
        host = f"[{self._listener.host}]" if ":" in self._listener.host else self._listener.host
        return f"https://{host}:{self._listener.port}"

    @property
    def fingerprint(self) -> str:
        """``sha256:`` and the hex digest of the certificate's DER."""
        return self._certificate.fingerprint

    @property
    def certificate_pem(self) -> str:
        return self._certificate.pem

    @property
    def serial(self) -> str:
        return self.hardware.serial

    @property
    def version(self) -> str:
        return self.hardware.version

    @property
    def notes(self) -> list[str]:
        """What the seed said that this version does not know."""
        return self.device.notes

    @property
    def connections(self) -> int:
        """TCP connections accepted so far."""
        return self._listener.accepted

    @property
    def writes(self) -> dict[str, int]:
        """Writes answered without an error, by method."""
        return controlling.counts(self.log)

    @property
    def latency(self) -> float:
        """Seconds each request takes."""
        return self._app.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self._app.latency = seconds

    def lose_answers(self, count: int, silence: float) -> None:
        """Do the next ``count`` writes and answer them only after ``silence`` seconds."""
        self._app.lost_answers, self._app.silence = count, silence

    @property
    def masked(self) -> bool:
        """Whether PATCH hides the reason of every refusal, not only when the row was named."""
        return self._app.masked

    @masked.setter
    def masked(self, hide: bool) -> None:
        self._app.masked = hide

    @property
    def refuse(self) -> bool:
        """Whether connections are refused."""
        return not self._listener.open

    @refuse.setter
    def refuse(self, closed: bool) -> None:
        if closed:
            self.stop()
        else:
            self.start()

    def rows(self, path: str) -> list[dict[str, str]]:
        """The rows of a menu as a GET by an administrator shows them; one for a menu without rows."""
        return [dict(row) for row in self.device.table(path).replies()]

    def state(self) -> dict[str, list[dict[str, str]]]:
        """All menus that were touched or seeded, by path."""
        return {path: table.replies() for path, table in sorted(self.device.tables().items())}

    def stop(self) -> None:
        """Refuse connections and cut those that are open, from any thread."""
        self._listener.call(self._listener.stop)

    def start(self) -> None:
        """Serve again on the same address, from any thread."""
        self._listener.call(self._listener.again)

    def replace_certificate(self) -> None:
        """Present another certificate from the next handshake on."""
        self._use(make_certificate(self.name, _LOOPBACK))

    async def listen(self, host: str, port: int) -> None:
        """Begin to serve in the running loop."""
        if host not in _LOOPBACK:
            self._use(make_certificate(self.name, (host,)))
        await self._listener.start(host, port)

    def _use(self, certificate: Certificate) -> None:
        self._certificate = certificate
        load(self._context, certificate)


def _completed(seed: Mapping[str, object]) -> Mapping[str, object]:
    """A seed with what the header of its script says of the router.

    A header without a model is a virtual machine's, unless the script speaks of the board.
    """
    script = script_of(seed)
    if script is None or not (said := header(script)).given:
        return seed
    found = {"routeros": said.version}
    model = said.model.removeprefix("RouterBOARD ") or ("" if _BOARD.search(text_of(script)) else "CHR")
    if model:
        found["model"] = model
    if re.fullmatch("[0-9A-Z]{8,}", said.serial):
        found["serial"] = said.serial
    return {**found, **{name: value for name, value in seed.items() if value}}


@dataclass(frozen=True, slots=True)
class Fleet:
    """Routers being served. ``control`` is the base URL of the control application, '' without one."""

    routers: tuple[SimulatedRouter, ...]
    control: str = ""

    def __getitem__(self, name: str) -> SimulatedRouter:
        return next(router for router in self.routers if router.name == name)


@asynccontextmanager
async def serve(
    routers: Sequence[SimulatedRouter],
    *,
    host: str = "127.0.0.1",
    ports: Sequence[int] | None = None,
    control: bool = False,
    control_port: int = 0,
) -> AsyncIterator[Fleet]:
    """Serve routers in the running loop, each on its port (free ones for None). Raises OSError."""
    async with AsyncExitStack() as stack:
        for router, port in zip(routers, ports or [0] * len(routers), strict=True):
            await router.listen(host, port)
            stack.callback(router.stop)
        where = ""
        if control:
            listener = Listener(controlling.ControlApp(routers), None)
            await listener.start("127.0.0.1", control_port)
            stack.callback(listener.stop)
            where = f"http://127.0.0.1:{listener.port}"
        yield Fleet(tuple(routers), where)


@contextmanager
def run_in_thread(
    routers: Sequence[SimulatedRouter],
    *,
    host: str = "127.0.0.1",
    ports: Sequence[int] | None = None,
    control: bool = False,
) -> Iterator[Fleet]:
    """Serve routers in a thread of their own, for callers without a loop. Raises OSError."""
    loop = uvloop.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="simulated-routers", daemon=True)
    thread.start()
    serving = serve(routers, host=host, ports=ports, control=control)
    try:
        fleet = asyncio.run_coroutine_threadsafe(serving.__aenter__(), loop).result(timeout=60)
        try:
            yield fleet
        finally:
            asyncio.run_coroutine_threadsafe(_leave(serving), loop).result(timeout=60)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)
        loop.close()


async def _leave(serving: object) -> None:
    await serving.__aexit__(None, None, None)  # type: ignore[attr-defined]
    await asyncio.sleep(0)
