"""How the faults of a router befall its requests: each request meets its own, before, during and after its work."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Protocol

from simulator import commands, errors
from simulator.errors import Refusal
from simulator.faults import Damage, Do, Event, Faults
from simulator.state import Device

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class Cut(Exception):
    """The connection ends here, without an answer."""


class Instead(Exception):
    """Another body is sent than the one that belongs here."""

    def __init__(self, body: object) -> None:
        super().__init__()
        self.body = body


class Host(Protocol):
    """The box around the web server."""

    def go_down(self, then: Callable[[], None], *, for_good: bool = False) -> None:
        """Reboot; ``then`` is done to the state meanwhile. For good, somebody has to start the router again."""

    def away(self, seconds: float) -> None:
        """Refuse connections for so long; for 0 until somebody starts the router again."""

    def replace_certificate(self) -> None: ...


class Troubles:
    """The faults of one router and how far they have come."""

    def __init__(self, device: Device, faults: Faults) -> None:
        self.device = device
        self.faults = faults
        self.host: Host | None = None
        self.requests = 0
        self.wrong = 0
        self.damage = Damage()

    def meet(self, method: str, path: str) -> Trouble:
        """What a request will go through. Raises Cut when the router goes away instead of answering."""
        self.requests += 1
        began = self.device.clock.monotonic()
        trouble = Trouble(self, began, self.faults.due(self.requests, method, path))
        for event in trouble.events:
            happening = _HAPPENINGS.get(event.do)
            if happening:
                happening(self, event)
        return trouble

    def booted(self) -> None:
        """Begin anew after a boot."""
        self.wrong = self.faults.wrong_after_boot
        self.damage = Damage()


class Trouble:
    """One request's troubles; ``began`` is when it arrived, from which its time limit is counted."""

    def __init__(self, troubles: Troubles, began: float, events: list[Event]) -> None:
        self.events = events
        self._troubles = troubles
        self._began = began

    @property
    def calm(self) -> bool:
        """Whether nothing befalls the request and it takes no time of its own."""
        faults = self._troubles.faults
        late = faults.latency or faults.row_latency or faults.fragile
        return not (self.events or late or self._troubles.wrong) and faults.limit > 0

    async def before(self) -> None:
        """Let the request take its time and suffer before it is carried out. Raises Refusal, Cut or Instead."""
        if self._troubles.faults.fragile:
            self._strike()
        await self.spend(self._troubles.faults.latency)
        for event in self.events:
            if not event.applied:
                await self._suffer(event)

    def _strike(self) -> None:
        struck = self._troubles.damage.strikes(self._troubles.device.clock.monotonic())
        if struck is Do.RESET:
            raise Cut
        if struck is Do.STATUS:
            raise Refusal(None, 401)

    async def after(self, rows: int, seconds: float) -> None:
        """Let an answer of so many rows, which took so long to find, suffer. Raises Refusal, Cut or Instead."""
        seconds += rows * self._troubles.faults.row_latency
        if seconds > 0:
            await self.spend(seconds)
        for event in self.events:
            if event.applied:
                await self._suffer(event)
        if self._troubles.wrong > 0:
            self._troubles.wrong -= 1
            raise Instead(_another_body(self._troubles.device))

    async def spend(self, seconds: float = math.inf) -> None:
        """Work for so long. Raises Refusal where the router cuts a request.

        That the time a request waited for its turn counts too is unproven.
        """
        clock = self._troubles.device.clock
        left = self._began + self._troubles.faults.limit - clock.monotonic()
        if seconds > 0 or left <= 0:
            await clock.sleep(min(seconds, left))
        if seconds >= left:
            raise Refusal(errors.SESSION_CLOSED)

    async def _suffer(self, event: Event) -> None:
        if event.do is Do.HANG:
            await self.spend()
        elif event.do is Do.RESET:
            raise Cut
        elif event.do is Do.STATUS:
            raise Refusal(event.detail or None, event.status)
        elif event.do is Do.GARBAGE:
            raise Instead(event.body.encode("latin-1", "replace"))
        elif event.do is Do.WRONG_BODY:
            raise Instead(_another_body(self._troubles.device))


class Watch:
    """Notices a client that goes away before its answer."""

    def __init__(self, troubles: Troubles, receive: Receive) -> None:
        self._troubles = troubles
        self._receive = receive
        self._watching: asyncio.Task[None] | None = None

    def __enter__(self) -> None:
        if self._troubles.faults.fragile:
            self._watching = asyncio.get_running_loop().create_task(self._watch())

    def __exit__(self, *_error: object) -> None:
        if self._watching is not None and not self._watching.done():
            self._watching.cancel()
            self._troubles.damage.complete()

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        now = self._troubles.device.clock.monotonic()
        self._troubles.damage.abort(now, self._troubles.faults.healing)


async def cut(scope: Scope, receive: Receive) -> None:
    """Reset the connection a request came over, and let that sink in."""
    scope["extensions"]["reset"]["now"]()
    while (await receive())["type"] != "http.disconnect":
        pass


def _another_body(device: Device) -> object:
    return device.table("/system/identity").rows[0].shown


def _edit(troubles: Troubles, event: Event) -> None:
    """Another administrator changes something, past all counting and logging of requests."""
    table = troubles.device.table(event.menu)
    commands.run(table, event.command, dict(event.fields), lambda _table, shown: shown)


def _refuse(troubles: Troubles, event: Event) -> None:
    if troubles.host is not None:
        troubles.host.away(event.seconds)
    raise Cut


def _reboot(troubles: Troubles, _event: Event) -> None:
    if troubles.host is not None:
        troubles.host.go_down(lambda: None)
    raise Cut


def _certificate(troubles: Troubles, _event: Event) -> None:
    if troubles.host is not None:
        troubles.host.replace_certificate()


_HAPPENINGS: Mapping[Do, Callable[[Troubles, Event], None]] = {
    Do.EDIT: _edit,
    Do.REFUSE: _refuse,
    Do.REBOOT: _reboot,
    Do.CERTIFICATE: _certificate,
    Do.ADVANCE: lambda troubles, event: troubles.device.clock.advance(event.seconds),
    Do.JUMP: lambda troubles, event: troubles.device.clock.jump(event.seconds),
}
