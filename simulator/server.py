"""Listeners: a socket per service of a router, all in one loop, on uvicorn's protocol class (only known here)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import struct
from collections.abc import Callable
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

Application = Callable[..., Any]
_RESET = struct.pack("ii", 1, 0)
_BAD_REQUEST = b'{"error":400,"message":"Bad Request"}'
_NO_HTTP = b"\r\n".join(
    (
        b"HTTP/1.1 400 Bad Request",
        b"content-type: application/json",
        b"content-length: %d" % len(_BAD_REQUEST),
        b"connection: close",
        b"",
        _BAD_REQUEST,
    )
)
_ACCEPT_AGAIN = 0.05
"""Seconds to wait when there is no descriptor left for a connection."""


class Listener:
    """One application on one address. ``accepted`` counts TCP connections, before any handshake.

    ``admits`` judges a client's address, given the number of open connections, before the handshake; whom it turns
    away gets a reset. ``wanted`` says whether to serve at all, and ``instead`` has a context in place of the usual.
    """

    def __init__(
        self,
        app: Application,
        context: ssl.SSLContext | None,
        admits: Callable[[str, int], bool] = lambda _address, _connections: True,
        wanted: Callable[[], bool] = lambda: True,
        instead: Callable[[], ssl.SSLContext | None] = lambda: None,
    ) -> None:
        self.accepted = 0
        self._admits, self._wanted, self._instead = admits, wanted, instead
        self._config = Config(
            app, interface="asgi3", lifespan="off", log_config=None, access_log=False, http=HttpToolsProtocol,
            ws="none", server_header=False, proxy_headers=False, timeout_keep_alive=120,
        )  # fmt: skip
        self._config.load()
        self._state = ServerState()
        self._context = context
        self._accepting: asyncio.Task[None] | None = None
        self._listening: socket.socket | None = None
        self._greeting: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.host, self.port = "", 0

    @property
    def open(self) -> bool:
        return self._accepting is not None

    @property
    def place(self) -> str:
        """Host and port, as URLs have them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    async def start(self, host: str, port: int = 0) -> None:
        """Bind and serve; port 0 takes a free one. Raises OSError when the address cannot be had."""
        self._serve(self._bind(host, port))

    def stop(self) -> None:
        """Close the socket and cut every connection; to be called in the loop's thread."""
        self._deafen()
        for greeting in tuple(self._greeting):
            greeting.cancel()
        for connection in tuple(self._state.connections):
            transport = getattr(connection, "transport", None)
            if transport is not None:
                transport.abort()

    def follow(self) -> None:
        """Serve if it is wanted; else close the socket, and every connection as soon as it has its answer.

        To be called in the loop's thread.
        """
        if self._wanted():
            self.again()
        elif self.open:
            self._deafen()
            for connection in tuple(self._state.connections):
                connection.shutdown()

    def _deafen(self) -> None:
        if self._accepting is not None:
            self._accepting.cancel()
            self._accepting = None
        if self._listening is not None:
            self._listening.close()
            self._listening = None

    def again(self) -> None:
        """Serve on the same address as before, if it is wanted; the socket listens at once."""
        if not self.open and self.port and self._wanted():
            self._serve(self._bind(self.host, self.port))

    def call(self, action: Callable[[], None]) -> None:
        """Run an action in the loop's thread, from any thread, and wait for it."""
        loop = self._loop
        if loop is None or not loop.is_running() or loop is _running_loop():
            action()
            return

        async def run() -> None:
            action()

        asyncio.run_coroutine_threadsafe(run(), loop).result(timeout=10)

    def soon(self, action: Callable[[], None]) -> None:
        """Run an action in the loop's thread, from any thread, without waiting for it; not while nothing is served."""
        loop = self._loop
        if loop is _running_loop() and loop is not None:
            action()
        elif loop is not None and loop.is_running():
            loop.call_soon_threadsafe(action)

    def _bind(self, host: str, port: int) -> socket.socket:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            listening.listen(128)
        except OSError:
            listening.close()
            raise
        listening.setblocking(False)
        self.host, self.port = host, listening.getsockname()[1]
        return listening

    def _serve(self, listening: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        self._listening = listening
        self._accepting = self._loop.create_task(self._accept(self._loop, listening))

    async def _accept(self, loop: asyncio.AbstractEventLoop, listening: socket.socket) -> None:
        while listening is self._listening:
            try:
                connection, peer = await loop.sock_accept(listening)
            except OSError:
                await asyncio.sleep(_ACCEPT_AGAIN)
                continue
            self.accepted += 1
            if not self._admits(peer[0], len(self._state.connections) + len(self._greeting)):
                _reset(connection.fileno())
                connection.close()
                continue
            greeting = loop.create_task(self._greet(loop, connection))
            self._greeting.add(greeting)
            greeting.add_done_callback(self._greeting.discard)

    async def _greet(self, loop: asyncio.AbstractEventLoop, connection: socket.socket) -> None:
        """The handshake; a client that fails it is nobody's concern."""
        with contextlib.suppress(OSError, ssl.SSLError):
            await loop.connect_accepted_socket(self._protocol, connection, ssl=self._instead() or self._context)

    def _protocol(self) -> asyncio.Protocol:
        return _Protocol(self._config, self._state, {})


class _Protocol(HttpToolsProtocol):
    """Tells the application how to cut the connection a request came over."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {"reset": {"now": self._cut}}

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """What is no HTTP is answered like every bad request, and then the connection ends."""
        self.transport.write(_NO_HTTP)
        self.transport.close()

    def _cut(self) -> None:
        connection = self.transport.get_extra_info("socket")
        if connection is not None:
            _reset(connection.fileno())
        self.transport.abort()


def _reset(descriptor: int) -> None:
    """Have the next close of a socket send a reset instead of an orderly end."""
    with socket.socket(fileno=os.dup(descriptor)) as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
