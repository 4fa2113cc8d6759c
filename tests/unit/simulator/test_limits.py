"""Behaviours 8 and 9: commands outlive their clients, and sixty seconds are the end of everything."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from simulator.faults import Do, Event
from simulator.fleet import SimulatedRouter
from tests.unit.simulator.plain import Client, Reply

CLOSED = '{"detail":"Session closed","error":400,"message":"Bad Request"}'


class Later:
    """A request of a thread of its own."""

    def __init__(self, ask: Callable[[], Reply]) -> None:
        self.reply: Reply | None = None
        self._thread = threading.Thread(target=self._run, args=(ask,))
        self._thread.start()

    def _run(self, ask: Callable[[], Reply]) -> None:
        self.reply = ask()

    def wait(self, seconds: float = 10.0) -> Reply | None:
        self._thread.join(seconds)
        return self.reply


def arrived(router: SimulatedRouter, count: int) -> None:
    """Wait until the router has so many requests."""
    deadline = time.monotonic() + 5
    while router.requests < count and time.monotonic() < deadline:
        time.sleep(0.005)
    assert router.requests >= count


def is_cut_after_a_minute(router: SimulatedRouter, ask: Callable[[], Reply]) -> bool:
    """Whether a request is answered when a minute of the router's time has passed, not before, and how."""
    before, asked = router.requests, Later(ask)
    arrived(router, before + 1)
    router.device.clock.advance(59)
    early = asked.wait(0.1)
    router.device.clock.advance(1)
    reply = asked.wait()
    return early is None and reply is not None and (reply.status, reply.raw) == (400, CLOSED)


@pytest.mark.parametrize("path", ["/log/listen", "/interface/list/print"])
def test_behaviour_09_a_command_without_an_end_is_cut(router: SimulatedRouter, client: Client, path: str) -> None:
    body = {"interval": "1s"} if path.endswith("print") else {}
    assert is_cut_after_a_minute(router, lambda: client("POST", path, body))


def test_behaviour_09_the_limit_can_be_set(router: SimulatedRouter, client: Client) -> None:
    router.faults.limit = 0.1
    assert client("POST", "/log/print", {"follow-only": ""}).raw == CLOSED
    router.latency = 5.0
    assert client("PUT", "/interface/list", {"name": "x"}).raw == CLOSED
    router.latency, router.faults.limit = 0.0, 60.0
    assert client.get("/interface/list?name=x") == []


def test_behaviour_08_a_command_goes_on_without_its_client(router: SimulatedRouter, client: Client) -> None:
    router.faults.events.append(Event(do=Do.HANG, method="PUT"))
    impatient = Client(router, timeout=0.2)
    with pytest.raises(TimeoutError):
        impatient("PUT", "/interface/list", {"name": "x"})
    router.device.clock.advance(30)
    behind = Later(lambda: client("GET", "/system/identity"))
    arrived(router, 2)
    assert Client(router, "second").get("/system/identity")
    assert behind.wait(0.2) is None
    router.device.clock.advance(31)
    reply = behind.wait()
    assert reply is not None
    assert reply.status == 200


def test_behaviour_08_what_waits_as_long_is_cut_too(router: SimulatedRouter, client: Client) -> None:
    router.faults.events.append(Event(do=Do.HANG))
    first = Later(lambda: client("GET", "/system/identity"))
    arrived(router, 1)
    second = Later(lambda: client("GET", "/system/identity"))
    arrived(router, 2)
    router.device.clock.advance(61)
    for asked in (first, second):
        reply = asked.wait()
        assert reply is not None
        assert reply.raw == CLOSED


def test_a_write_that_is_cut_may_have_been_done(router: SimulatedRouter, client: Client) -> None:
    router.faults.events.append(Event(do=Do.HANG, method="PUT", applied=True))
    router.faults.limit = 0.1
    assert client("PUT", "/interface/list", {"name": "x"}).raw == CLOSED
    router.faults.limit = 60.0
    assert len(client.get("/interface/list?name=x")) == 1


def test_rows_take_their_time(router: SimulatedRouter, client: Client) -> None:
    for number in range(10):
        client.add("/interface/list", name=f"l{number}")
    router.faults.row_latency = 0.03
    begun = time.monotonic()
    assert len(client.get("/interface/list")) >= 10
    assert time.monotonic() - begun >= 0.3
