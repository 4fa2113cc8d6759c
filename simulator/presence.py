"""Whether a router is there: its listeners close together, and come back together after a while."""

from __future__ import annotations

import asyncio

from simulator.clock import Clock
from simulator.server import Listener


class Presence:
    """To be called in the loop's thread. ``listeners`` are those of one router; each serves only if it is wanted."""

    def __init__(self, *listeners: Listener) -> None:
        self._listeners = list(listeners)
        self._here = True
        self._returning: asyncio.Task[None] | None = None

    def add(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def leave(self) -> None:
        """Refuse connections and cut those that are open."""
        self._stay()
        self._here = False
        for listener in self._listeners:
            listener.stop()

    def come_back(self) -> None:
        """Serve on the same addresses as before."""
        self._stay()
        self._here = True
        for listener in self._listeners:
            listener.again()

    def follow(self) -> None:
        """Have each listener serve if it is wanted by now, unless the router is away."""
        if self._here:
            for listener in self._listeners:
                listener.follow()

    def away(self, clock: Clock, seconds: float) -> None:
        """Leave and come back when so much of the router's time has passed; for 0 somebody has to call it back."""
        self.leave()
        if seconds > 0:
            self._returning = asyncio.get_running_loop().create_task(self._return(clock, seconds))

    async def _return(self, clock: Clock, seconds: float) -> None:
        await clock.sleep(seconds)
        self._returning = None
        self.come_back()

    def _stay(self) -> None:
        if self._returning is not None:
            self._returning.cancel()
            self._returning = None
