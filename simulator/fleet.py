"""Simulated routers to talk to: make them, serve them in a loop or a thread, look into them, break them."""

from __future__ import annotations

import asyncio
import functools
import re
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass

import uvloop

from simulator import control as controlling
from simulator import live, services
from simulator.answers import Send
from simulator.certificates import Certificate, anonymous_context, load, make_certificate, server_context
from simulator.faults import Faults, faults_of
from simulator.hardware import Hardware, serial_of
from simulator.logs import Log
from simulator.menus import Menus
from simulator.presence import Presence
from simulator.rest import Receive, RestApp, Scope
from simulator.schema import schema_of
from simulator.script.notes import Note
from simulator.script.reader import header, text_of
from simulator.seed import menus_of, packages_of, plant, script_of
from simulator.server import Listener
from simulator.sessions import admits
from simulator.state import Device

_LOOPBACK = ("127.0.0.1", "::1")
_BOARD = re.compile(r"^/ ?system[ /](routerboard|swos)", re.MULTILINE)
Users = Mapping[str, str | tuple[str, str]]
_DEFAULT_USERS: Users = {"admin": ""}


class SimulatedRouter:
    """One router. ``users`` maps a name to a password (group full) or to (password, group).

    ``seed`` is JSON (see ``simulator.seed``); its version, model, serial number and users go before the
    arguments' defaults. What a seed with a ``script`` does not say of them, the script's first lines say. Raises
    ValueError when it is no seed. ``imported`` holds the notes of that script.

    A router made ``later`` gets its device with the first look or request. ``identity`` goes before the seed's; of the
    log at least the newest ``remember`` requests are kept, all for None.
    """

    def __init__(
        self,
        name: str,
        seed: Mapping[str, object] | None = None,
        *,
        version: str | None = None,
        model: str | None = None,
        serial: str | None = None,
        users: Users = _DEFAULT_USERS,
        later: bool = False,
        identity: str = "",
        remember: int | None = None,
    ) -> None:
        given = _completed(seed or {})
        script = script_of(given)
        self.name = name
        self.hardware = Hardware(
            model=model or str(given.get("model") or "RB5009UG+S+"),
            serial=serial or str(given.get("serial") or serial_of(name)),
            version=version or str(given.get("routeros") or "7.18.2"),
            packages=packages_of(given),
        )
        filled = given.get("menus") or script is not None
        known_model = self.hardware.model if model or given.get("model") or not filled else None
        self._plant = functools.partial(plant, menus=menus_of(given), users=users, model=known_model, script=script)
        self._faults = faults_of(given.get("faults", {}))
        self._identity = identity
        self._imported: list[Note] = []
        self.log = Log(remember)
        self._certificate = make_certificate(name, _LOOPBACK)
        self._context = server_context(self._certificate)
        self._listener = self._listens("www-ssl", self._context)
        self._plain: Listener | None = None
        self._presence = Presence(self._listener)
        if not later:
            _ = self.device

    @functools.cached_property
    def device(self) -> Device:
        """The router itself, planted when first looked at."""
        device = Device(schema_of(self.hardware.version), Menus(), self.hardware)
        self._imported = self._plant(device)
        if self._identity:
            table = device.table("/system/identity")
            table.rows[0].put("name", self._identity)
            table.refresh(table.rows[0])
        device.services_changed = lambda: self._listener.soon(self._presence.follow)
        return device

    @functools.cached_property
    def _app(self) -> RestApp:
        app = RestApp(self.device, self.log, self._faults)
        app.troubles.host = self
        self.device.services_changed()
        return app

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    @property
    def made(self) -> bool:
        """Whether somebody looked at the router already, so that its device is there."""
        return "device" in self.__dict__

    @property
    def imported(self) -> list[Note]:
        """What was to be told of the seed's script."""
        _ = self.device
        return self._imported

    @property
    def address(self) -> str:
        """The base URL, once served."""
        return f"https://{self._listener.place}"

    @property
    def plain_address(self) -> str:
        """The base URL over plain HTTP, '' when it is not served."""
        return f"http://{self._plain.place}" if self._plain else ""

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
    def requests(self) -> int:
        """REST requests that came so far, answered or not."""
        return self._app.troubles.requests

    @property
    def writes(self) -> dict[str, int]:
        """Writes answered without an error, by method."""
        return dict(self.log.written)

    @property
    def faults(self) -> Faults:
        """What goes wrong; to be changed in place or replaced."""
        return self._faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._faults = self._app.troubles.faults = faults

    @property
    def latency(self) -> float:
        """Seconds each request takes."""
        return self._faults.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self._faults.latency = seconds

    def lose_answers(self, count: int, silence: float) -> None:
        """Do the next ``count`` writes and answer them only after ``silence`` seconds."""
        self._faults.lost_answers, self._faults.silence = count, silence

    @property
    def masked(self) -> bool:
        """Whether PATCH hides the reason of every refusal, not only when the row was named."""
        return self._faults.masked

    @masked.setter
    def masked(self, hide: bool) -> None:
        self._faults.masked = hide

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
        table = self.device.table(path)
        live.look(table)
        try:
            return [dict(row) for row in table.replies()]
        finally:
            services.leave(self.device)

    def state(self) -> dict[str, list[dict[str, str]]]:
        """All menus that were touched or seeded, by path, without what time alone changes."""
        return {path: live.still(table) for path, table in sorted(self.device.tables().items())}

    def stop(self) -> None:
        """Refuse connections and cut those that are open, from any thread."""
        self._listener.call(self._presence.leave)

    def start(self) -> None:
        """Serve again on the same address, from any thread."""
        self._listener.call(self._presence.come_back)

    def away(self, seconds: float) -> None:
        """Refuse connections for so long by the router's clock, for 0 until it is started; from any thread."""
        self._listener.call(lambda: self._presence.away(self.device.clock, seconds))

    def reboot(self) -> None:
        """Refuse connections for a boot, from any thread; what is only in memory is gone afterwards."""
        self._listener.call(lambda: self.go_down(lambda: None))

    def go_down(self, then: Callable[[], None], *, for_good: bool = False) -> None:
        """Reboot, or shut down for good; ``then`` changes the state meanwhile. In the loop's thread."""
        self._presence.away(self.device.clock, 0 if for_good else self._faults.boot)
        then()
        self._app.booted()
        self.hardware = self.device.hardware

    def replace_certificate(self) -> None:
        """Present another certificate from the next handshake on."""
        self._use(make_certificate(self.name, _LOOPBACK))

    async def listen(self, host: str, port: int) -> None:
        """Begin to serve in the running loop."""
        if host not in _LOOPBACK:
            self._use(make_certificate(self.name, (host,)))
        await self._listener.start(host, port)
        self._follow_services()

    async def listen_plainly(self, host: str) -> None:
        """Serve over plain HTTP too, on a free port."""
        self._plain = self._listens("www", None)
        self._presence.add(self._plain)
        await self._plain.start(host)
        self._follow_services()

    def _follow_services(self) -> None:
        """Close what the seed has disabled, once somebody has looked at the router."""
        if self.made:
            self._presence.follow()

    def _listens(self, service: str, context: ssl.SSLContext | None) -> Listener:
        """What listens for a service of ``/ip/service`` and goes by what stands there."""
        return Listener(
            self._ask,
            context,
            lambda peer, connections: admits(self.device, service, peer, connections),
            lambda: services.enabled(self.device, service),
            lambda: anonymous_context() if context and services.anonymous(self.device) else None,
        )

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


class NoControl(OSError):
    """The control application cannot listen where it should."""


@asynccontextmanager
async def serve(
    routers: Sequence[SimulatedRouter],
    *,
    host: str = "127.0.0.1",
    hosts: Sequence[str] | None = None,
    ports: Sequence[int] | None = None,
    control: bool = False,
    control_port: int = 0,
    plain: bool = False,
) -> AsyncIterator[Fleet]:
    """Serve routers in the running loop, each on its port (free ones for None) of the host or of its own of the
    ``hosts``. Raises OSError."""
    async with AsyncExitStack() as stack:
        places = zip(routers, hosts or [host] * len(routers), ports or [0] * len(routers), strict=True)
        for router, own, port in places:
            await router.listen(own, port)
            stack.callback(router.stop)
            if plain:
                await router.listen_plainly(own)
        where = ""
        if control:
            listener = Listener(controlling.ControlApp(routers), None)
            try:
                await listener.start("127.0.0.1", control_port)
            except OSError as error:
                raise NoControl(error.errno, error.strerror) from error
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
    plain: bool = False,
) -> Iterator[Fleet]:
    """Serve routers in a thread of their own, for callers without a loop. Raises OSError."""
    loop = uvloop.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="simulated-routers", daemon=True)
    thread.start()
    serving = serve(routers, host=host, ports=ports, control=control, plain=plain)
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
