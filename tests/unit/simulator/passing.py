"""Time that passes on the router while a request waits for its answer."""

from __future__ import annotations

import time
from collections.abc import Callable

from simulator.fleet import SimulatedRouter
from tests.unit.simulator.plain import Reply
from tests.unit.simulator.test_limits import Later


def answered(router: SimulatedRouter, ask: Callable[[], Reply], step: float = 1.0) -> Reply:
    """The answer to a request, the router's time going on in steps until it is there."""
    asked = Later(ask)
    for _ in range(500):
        reply = asked.wait(0.02)
        if reply is not None:
            return reply
        router.device.clock.advance(step)
    raise AssertionError("There was no answer.")


def back(router: SimulatedRouter) -> None:
    """Let a router that went down boot; its time goes on until it is there, whenever it began to wait."""
    for _ in range(500):
        if not router.refuse:
            return
        router.device.clock.advance(1)
        time.sleep(0.005)
    raise AssertionError("The router did not come back.")
