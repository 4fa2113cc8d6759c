"""What goes back to who asked: status, headers, and JSON or other bytes."""

from __future__ import annotations

import email.utils
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

import msgspec

from simulator.bytewise import encoded
from simulator.clock import Clock
from simulator.errors import Refusal

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]

JSON = (b"content-type", b"application/json")
HTML = (b"content-type", b"text/html")
_COMMON = ((b"cache-control", b"no-cache"), (b"x-frame-options", b"sameorigin"), (b"expires", b"0"))
_ALIVE = (b"connection", b"Keep-Alive")
"""That a router answers with headers of these names is known; what ``Expires`` says is unproven."""


class Answer(msgspec.Struct):
    """``body`` is JSON to be encoded, or bytes as they are; ``seconds`` of the router's time went by over it."""

    body: object
    status: int = 200
    headers: tuple[Header, ...] = ()
    seconds: float = 0.0


def refused(refusal: Refusal) -> Answer:
    """The answer that a refusal is."""
    headers = ((b"www-authenticate", b'Basic realm="RouterOS"'),) if refusal.status == HTTPStatus.UNAUTHORIZED else ()
    return Answer(refusal.body, refusal.status, headers)


class Heads:
    """The headers of every answer, made once in a second of the router's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._second = -1
        self._closing: tuple[Header, ...] = ()
        self._staying: tuple[Header, ...] = ()

    def of(self, connection: bytes, version: str) -> tuple[Header, ...]:
        """For a request with this ``Connection`` header over this version of HTTP."""
        second = int(self._clock.monotonic())
        if second != self._second:
            date = email.utils.format_datetime(self._clock.now(), usegmt=True)
            self._second, self._closing = second, (*_COMMON, (b"date", date.encode()))
            self._staying = (*self._closing, _ALIVE)
        closes = version == "1.0" or (connection and connection.lower() == b"close")
        return self._closing if closes else self._staying


async def sent(send: Send, answer: Answer, common: tuple[Header, ...], *, raw_control: bool) -> None:
    """Send an answer."""
    headers, body = [*common, *answer.headers], answer.body
    if not isinstance(body, bytes):
        body = encoded(body, raw_control=raw_control)
        headers.append(JSON)
    if answer.status != HTTPStatus.NO_CONTENT:
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
