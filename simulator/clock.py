"""The time of a simulated router: the machine's own, set off by whatever was advanced. Nobody sleeps for it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import time
from collections.abc import Callable


class Clock:
    """``now`` is what the router says the time is, aware UTC; ``monotonic`` are seconds since it was made. ``watch``
    registers what has to happen when time was advanced (rows that expire, timers that fire)."""

    def __init__(self, start: datetime.datetime | None = None) -> None:
        self._began = time.monotonic()
        self._start = start or datetime.datetime.now(datetime.UTC)
        self._advanced = 0.0
        self._jumped = 0.0
        self._watchers: list[Callable[[], None]] = []

    def monotonic(self) -> float:
        return time.monotonic() - self._began + self._advanced

    def now(self) -> datetime.datetime:
        return self._start + datetime.timedelta(seconds=self.monotonic() + self._jumped)

    def advance(self, seconds: float) -> None:
        """Let time pass at once. Raises ValueError when it would run backwards."""
        if seconds < 0:
            raise ValueError("Time does not run backwards; a clock that was set is a jump.")
        self._advanced += seconds
        for watcher in tuple(self._watchers):
            watcher()

    def jump(self, seconds: float) -> None:
        """Set the clock forwards or back, as NTP or an administrator does; no time passes."""
        self._jumped += seconds

    def watch(self, watcher: Callable[[], None]) -> None:
        self._watchers.append(watcher)

    async def sleep(self, seconds: float) -> None:
        """Wait until so much of this clock's time has passed, by itself or because it was advanced."""
        end = self.monotonic() + seconds
        loop, told = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(told.set)

        self._watchers.append(wake)
        try:
            while (left := end - self.monotonic()) > 0:
                told.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(left):  # wait_for of Python 3.11 may swallow a cancellation
                        await told.wait()
        finally:
            self._watchers.remove(wake)
